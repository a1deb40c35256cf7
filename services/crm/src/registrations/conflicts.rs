//! What a registration comes into conflict with, for its vendor alone: other registrations of
//! the same customer in the same family and territory, the vendor's own deals and accounts.
//!
//! It is worked out when a registration is submitted and each time its vendor reads it. Every
//! conflict says by which rule it was found and how near it is. A key that is the same stops an
//! approval (`holds.rs`); a name that is near is only shown.

use kernel::{Account, Fault, Id, Moment, Organisation, Registration, Space};
use serde::Serialize;
use store::{Conn, statements};
use utoipa::ToSchema;

use super::{
    CustomerKey, KeyScheme, State,
    holds::stands,
    names::{Spelled, telling},
    sql::Row,
    terms::read_list,
    wanted::overlap,
};
use crate::OrgRef;

statements! {
    /// The registrations that stand with a vendor, newest first.
    STANDING unscoped "vendor_id is the organisation" = "
        select r.id, r.partner_id, p.name as partner_name, r.customer, r.city, r.key_scheme,
               r.key_value, r.families, r.territories, r.state, r.submitted_at, r.until
        from registration r
        join organisation p on p.id = r.partner_id
        where r.vendor_id = $1 and r.id <> $2 and r.submitted_at is not null
          and r.state in ('submitted', 'in_review', 'action_required', 'approved', 'extension_asked', 'converted')
        order by r.id desc
        limit 5000";

    /// The open deals in which a vendor sees who the customer is.
    DEALS = "
        select d.space_id, case when ',' || v.mask || ',' like '%,title,%' then d.title end as title,
               d.account_name, a.domain, a.vat, a.city
        from live_visible v
        join deal d on d.space_id = v.record_id
        left join deal_side m on m.organisation_id = v.organisation_id and m.space_id = d.space_id
        left join account a on a.id = m.account_id and a.organisation_id = v.organisation_id
        where v.organisation_id = $1 and v.kind = 'deal' and ',' || v.mask || ',' like '%,account,%'
          and d.stage not in ('lost', 'delivered')
        order by v.sort_at desc, d.space_id
        limit 2000";

    /// The vendor's accounts under a domain, in either of its spellings.
    BY_DOMAIN = "
        select id, name, domain, vat, city from account
        where organisation_id = $1 and domain in ($2, $3) and deleted_at is null
        order by id
        limit 20";

    /// The vendor's accounts under a VAT number, in either of its spellings.
    BY_VAT = "
        select id, name, domain, vat, city from account
        where organisation_id = $1 and vat in ($2, $3) and deleted_at is null
        order by id
        limit 20";

    /// The vendor's accounts of which a word of the name begins so.
    BY_WORD = "
        select a.id, a.name, a.domain, a.vat, a.city
        from account_word w
        join account a on a.id = w.account_id and a.organisation_id = w.organisation_id
        where w.organisation_id = $1 and w.word >= $2 and w.word < $3 and a.deleted_at is null
        order by w.word, w.account_id
        limit 200";
}

/// By which rule two are taken for one customer.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, ToSchema)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum MatchRule {
    /// They have the same key.
    SameKey {
        /// Of what kind.
        scheme: KeyScheme,
    },
    /// Their names are near, and no city speaks against it.
    NearName {
        /// How near, in percent.
        percent: u32,
        /// Whether both cities are told and are alike.
        same_city: bool,
    },
}

/// What a registration comes into conflict with.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(tag = "with", rename_all = "snake_case")]
pub enum ConflictSubject {
    /// Another registration.
    Registration {
        /// Which.
        id: Id<Registration>,
        /// Whose.
        partner: OrgRef,
        /// How far it is.
        state: State,
        /// When it was submitted.
        submitted_at: Option<Moment>,
        /// Until when it is protected.
        until: Option<Moment>,
        /// The families that both name.
        families: Vec<String>,
        /// The territories that both name.
        territories: Vec<String>,
    },
    /// A deal of the vendor's, whatever its family and territory.
    Deal {
        /// Which.
        id: Id<Space>,
        /// Its title, where the vendor may see it.
        title: Option<String>,
    },
    /// An account in the vendor's books.
    Account {
        /// Which.
        id: Id<Account>,
    },
}

/// A conflict, and why it is taken for one.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Conflict {
    /// With what.
    #[serde(flatten)]
    subject: ConflictSubject,
    /// The customer there, as it is spelled there.
    customer: String,
    /// Why.
    matched: MatchRule,
    /// Whether it stops an approval now: the same key, protected for somebody else or submitted earlier.
    stops: bool,
}

#[derive(sqlx::FromRow)]
struct StandingRow {
    id: Id<Registration>,
    partner_id: Id<Organisation>,
    partner_name: String,
    customer: String,
    city: Option<String>,
    key_scheme: Option<KeyScheme>,
    key_value: Option<String>,
    families: String,
    territories: String,
    state: State,
    submitted_at: Option<Moment>,
    until: Option<Moment>,
}

#[derive(sqlx::FromRow)]
struct DealRow {
    space_id: Id<Space>,
    title: Option<String>,
    account_name: String,
    domain: Option<String>,
    vat: Option<String>,
    city: Option<String>,
}

#[derive(sqlx::FromRow)]
struct AccountRow {
    id: Id<Account>,
    name: String,
    domain: Option<String>,
    vat: Option<String>,
    city: Option<String>,
}

/// The customer that is looked for.
struct Sought {
    key: Option<CustomerKey>,
    name: Spelled,
}

impl Sought {
    fn of(row: &Row) -> Self {
        let name = Spelled::new(&row.customer, row.city.as_deref());
        Self { key: row.key(), name }
    }

    /// The rule by which somebody with these keys and this name is the same customer.
    fn matches(
        &self,
        keys: impl IntoIterator<Item = Option<CustomerKey>>,
        name: &str,
        city: Option<&str>,
    ) -> Option<MatchRule> {
        let same = |key: &CustomerKey| Some(key) == self.key.as_ref();
        if let Some(key) = keys.into_iter().flatten().find(same) {
            return Some(MatchRule::SameKey { scheme: key.scheme });
        }
        let near = self.name.near(&Spelled::new(name, city))?;
        let (percent, same_city) = (near.percent, near.same_city);
        Some(MatchRule::NearName { percent, same_city })
    }

    fn in_books(
        &self,
        (domain, vat): (Option<&str>, Option<&str>),
        name: &str,
        city: Option<&str>,
    ) -> Option<MatchRule> {
        let keys = [
            CustomerKey::of_books(KeyScheme::Domain, domain),
            CustomerKey::of_books(KeyScheme::Vat, vat),
        ];
        self.matches(keys, name, city)
    }
}

/// Everything that a registration comes into conflict with at this moment: what stops it
/// first, then the same keys, then the nearest names.
///
/// # Errors
/// If the database fails.
pub(super) async fn of(
    conn: &mut Conn,
    row: &Row,
    at: Moment,
) -> Result<Vec<Conflict>, Fault> {
    let sought = Sought::of(row);
    let mut found = registrations(conn, row, &sought, at).await?;
    found.extend(deals(conn, row, &sought).await?);
    found.extend(accounts(conn, row, &sought).await?);
    found.sort_by_key(|it| {
        let nearness = match it.matched {
            MatchRule::SameKey { .. } => 101,
            MatchRule::NearName { percent, .. } => percent,
        };
        std::cmp::Reverse((it.stops, nearness))
    });
    found.truncate(50);
    Ok(found)
}

async fn registrations(
    conn: &mut Conn,
    row: &Row,
    sought: &Sought,
    at: Moment,
) -> Result<Vec<Conflict>, Fault> {
    let rows: Vec<StandingRow> =
        conn.run(STANDING).bind(row.vendor_id).bind(row.id).all().await?;
    let (families, territories) =
        (read_list(&row.families)?, read_list(&row.territories)?);
    let mut found = Vec::new();
    for other in rows {
        let key = other.key_scheme.zip(other.key_value);
        let key = key.map(|(scheme, value)| CustomerKey { scheme, value });
        let matched = sought.matches([key], &other.customer, other.city.as_deref());
        let Some(matched) = matched.filter(|_| stands(other.state, other.until, at))
        else {
            continue;
        };
        let families = overlap(&families, &read_list(&other.families)?);
        let territories = overlap(&territories, &read_list(&other.territories)?);
        if families.is_empty() || territories.is_empty() {
            continue;
        }
        let earlier = (other.submitted_at, other.id) < (row.submitted_at, row.id);
        let first = other.until.is_some() || (other.state.awaits_answer() && earlier);
        let waits = row.state.awaits_answer();
        let subject = ConflictSubject::Registration {
            id: other.id,
            partner: OrgRef { id: other.partner_id, name: other.partner_name },
            state: other.state,
            submitted_at: other.submitted_at,
            until: other.until,
            families,
            territories,
        };
        let stops = waits && first && matches!(matched, MatchRule::SameKey { .. });
        found.push(Conflict { subject, customer: other.customer, matched, stops });
    }
    Ok(found)
}

async fn deals(
    conn: &mut Conn,
    row: &Row,
    sought: &Sought,
) -> Result<Vec<Conflict>, Fault> {
    let rows: Vec<DealRow> = conn.run(DEALS).bind(row.vendor_id).all().await?;
    let others = rows.into_iter().filter(|deal| Some(deal.space_id) != row.space_id);
    let conflict = |deal: DealRow| {
        let keys = (deal.domain.as_deref(), deal.vat.as_deref());
        let matched = sought.in_books(keys, &deal.account_name, deal.city.as_deref())?;
        let subject = ConflictSubject::Deal { id: deal.space_id, title: deal.title };
        Some(Conflict { subject, customer: deal.account_name, matched, stops: false })
    };
    Ok(others.filter_map(conflict).collect())
}

async fn accounts(
    conn: &mut Conn,
    row: &Row,
    sought: &Sought,
) -> Result<Vec<Conflict>, Fault> {
    let mut rows = under_key(conn, row, sought).await?;
    for word in telling(&row.customer).iter().take(6) {
        let begin: String = word.chars().take(3).collect();
        let end = crate::text::after_prefix(&begin);
        let query = conn.run(BY_WORD).bind(row.vendor_id).bind(&begin).bind(end);
        rows.extend(query.all::<AccountRow>().await?);
    }
    rows.sort_by_key(|account| account.id);
    rows.dedup_by_key(|account| account.id);
    let conflict = |account: AccountRow| {
        let keys = (account.domain.as_deref(), account.vat.as_deref());
        let matched = sought.in_books(keys, &account.name, account.city.as_deref())?;
        let subject = ConflictSubject::Account { id: account.id };
        Some(Conflict { subject, customer: account.name, matched, stops: false })
    };
    Ok(rows.into_iter().filter_map(conflict).collect())
}

/// The accounts that may have the same key: books keep a domain as it was written, and a
/// Greek VAT number with either prefix.
async fn under_key(
    conn: &mut Conn,
    row: &Row,
    sought: &Sought,
) -> Result<Vec<AccountRow>, Fault> {
    let Some(key) = &sought.key else { return Ok(Vec::new()) };
    let (statement, other) = match key.scheme {
        KeyScheme::Domain => (BY_DOMAIN, idna::domain_to_unicode(&key.value).0),
        KeyScheme::Vat => {
            let greek = key.value.strip_prefix("EL").map(|rest| format!("GR{rest}"));
            (BY_VAT, greek.unwrap_or_else(|| key.value.clone()))
        }
        KeyScheme::Gln | KeyScheme::Duns => return Ok(Vec::new()),
    };
    conn.run(statement).bind(row.vendor_id).bind(&key.value).bind(other).all().await
}
