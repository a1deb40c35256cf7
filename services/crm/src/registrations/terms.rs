//! On what terms a vendor takes registrations: its product families and territories, how fast
//! it answers, for how long it protects, and above what amount two people approve.

use gate::{Permit, Scope};
use kernel::{Currency, Fault, Id, Moment, Organisation};
use serde_json::json;
use sharing::audit;
use store::{Conn, Tx, statements};

use super::{Flaw, Refusal, SetTerms, rules::MOST_DAYS};
use crate::OrgRef;

statements! {
    /// The terms of a vendor.
    TERMS = "
        select families, territories, answer_hours, protect_days, second_over_minor,
               second_currency, revision
        from registration_terms where organisation_id = $1";

    /// The terms with which a vendor begins, so that there is a row to lock.
    BEGIN = "
        insert into registration_terms (organisation_id, families, territories, answer_hours, protect_days, revision, updated_at)
        values ($1, '[]', '[]', 48, 90, 0, $2)
        on conflict do nothing";

    /// Holds a vendor's terms to the end of the transaction: what is submitted to it and what
    /// it approves goes one after the other.
    LOCK = "
        update registration_terms set revision = revision where organisation_id = $1";

    /// New terms, if they are still at the revision that was read.
    SET = "
        update registration_terms
        set families = $3, territories = $4, answer_hours = $5, protect_days = $6,
            second_over_minor = $7, second_currency = $8, updated_at = $9, revision = revision + 1
        where organisation_id = $1 and revision = $2";

    /// The vendors with which an organisation may register now: its live partners that have
    /// families and territories to choose from.
    VENDORS = "
        select o.id, o.name, t.families, t.territories, t.answer_hours, t.protect_days
        from partnership h
        join organisation o on o.id = case when h.proposer_id = $1 then h.answerer_id else h.proposer_id end
        join registration_terms t on t.organisation_id = o.id
        where (h.proposer_id = $1 or h.answerer_id = $1)
          and h.state in ('active', 'ending') and h.suspended_by is null
          and t.families <> '[]' and t.territories <> '[]'
        order by o.name, o.id";
}

/// The terms of a vendor.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Terms {
    /// Its product families; up to 50 words of up to 60 characters.
    pub families: Vec<String>,
    /// Its territories, the same.
    pub territories: Vec<String>,
    /// Within how many hours it gives a first answer; 1 to 720.
    pub answer_hours: i64,
    /// For how many days it protects unless it says otherwise; 1 to 365.
    pub protect_days: i64,
    /// Above what amount a second person approves too; so does one in another currency.
    pub second_over: Option<(i64, Currency)>,
    /// How often they were set; 0 for those that were never.
    pub revision: i64,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            families: Vec::new(),
            territories: Vec::new(),
            answer_hours: 48,
            protect_days: 90,
            second_over: None,
            revision: 0,
        }
    }
}

impl Terms {
    /// These terms, if they can be.
    ///
    /// # Errors
    /// The first field that cannot.
    pub fn read(self) -> Result<Self, Flaw> {
        let within = |field, number: i64, most: i64, why| {
            if (1..=most).contains(&number) { Ok(()) } else { Err(Flaw { field, why }) }
        };
        within("answer_hours", self.answer_hours, 720, "take 1 to 720 hours")?;
        within("protect_days", self.protect_days, MOST_DAYS, "take 1 to 365 days")?;
        if self.second_over.is_some_and(|(minor, _)| minor < 0) {
            let why = "an amount is not negative";
            return Err(Flaw { field: "second_over_minor", why });
        }
        Ok(Self {
            families: clean("families", &self.families)?,
            territories: clean("territories", &self.territories)?,
            ..self
        })
    }

    /// Whether an amount takes a second person's approval. An amount in another currency than
    /// the limit's does: nothing here knows what one is worth in the other.
    pub fn needs_second(&self, minor: i64, currency: Currency) -> bool {
        self.second_over.is_some_and(|(limit, of)| currency != of || minor > limit)
    }
}

fn clean(field: &'static str, list: &[String]) -> Result<Vec<String>, Flaw> {
    let why = "take up to 50 words of 1 to 60 characters, each once";
    let words: Vec<String> = list.iter().map(|word| word.trim().to_owned()).collect();
    let odd = |word: &String| {
        word.is_empty() || word.chars().count() > 60 || word.contains(char::is_control)
    };
    let mut folded: Vec<String> = words.iter().map(|word| crate::fold(word)).collect();
    folded.sort_unstable();
    folded.dedup();
    if words.len() > 50 || words.iter().any(odd) || folded.len() < words.len() {
        return Err(Flaw { field, why });
    }
    Ok(words)
}

/// Words as the vendor spells them; each must be of its list, and there must be one.
pub(super) fn known(
    field: &'static str,
    words: &[String],
    list: &[String],
) -> Result<Vec<String>, Flaw> {
    let mut found: Vec<String> = Vec::new();
    for word in words {
        let folded = crate::fold(word);
        let own = list.iter().find(|own| crate::fold(own) == folded);
        let why = "the vendor has no such word in its list; take one of it";
        let own = own.ok_or(Flaw { field, why })?;
        if !found.contains(own) {
            found.push(own.clone());
        }
    }
    if found.is_empty() {
        return Err(Flaw { field, why: "choose at least one of the vendor's list" });
    }
    Ok(found)
}

#[derive(sqlx::FromRow)]
struct Row {
    families: String,
    territories: String,
    answer_hours: i64,
    protect_days: i64,
    second_over_minor: Option<i64>,
    second_currency: Option<Currency>,
    revision: i64,
}

#[derive(sqlx::FromRow)]
struct VendorRow {
    id: Id<Organisation>,
    name: String,
    families: String,
    territories: String,
    answer_hours: i64,
    protect_days: i64,
}

/// A vendor with which one may register.
#[derive(Clone, Debug)]
pub struct Vendor {
    /// Which.
    pub vendor: OrgRef,
    /// Its terms; without the amount above which two approve, which is its own affair.
    pub terms: Terms,
}

pub(super) fn read_list(text: &str) -> Result<Vec<String>, Fault> {
    serde_json::from_str(text).map_err(Fault::new("reading a list of words"))
}

pub(super) fn list_text(list: &[String]) -> Result<String, Fault> {
    serde_json::to_string(list).map_err(Fault::new("writing a list of words"))
}

/// A vendor's terms; the usual ones where it never set any.
///
/// # Errors
/// If the database fails.
pub async fn of(conn: &mut Conn, vendor: Id<Organisation>) -> Result<Terms, Fault> {
    let row: Option<Row> = conn.run(TERMS).bind(vendor).optional().await?;
    let Some(row) = row else { return Ok(Terms::default()) };
    Ok(Terms {
        families: read_list(&row.families)?,
        territories: read_list(&row.territories)?,
        answer_hours: row.answer_hours,
        protect_days: row.protect_days,
        second_over: row.second_over_minor.zip(row.second_currency),
        revision: row.revision,
    })
}

/// The same, held to the end of the transaction.
pub(super) async fn hold(
    tx: &mut Tx,
    vendor: Id<Organisation>,
    at: Moment,
) -> Result<Terms, Fault> {
    tx.run(BEGIN).bind(vendor).bind(at).execute().await?;
    tx.run(LOCK).bind(vendor).execute().await?;
    of(tx, vendor).await
}

/// Sets the terms. [`Terms::revision`] is the one that was read.
///
/// # Errors
/// [`Refusal::Flaw`]; [`Refusal::Stale`].
pub async fn set(
    tx: &mut Tx,
    permit: &Permit<SetTerms>,
    terms: Terms,
    at: Moment,
) -> Result<Terms, Refusal> {
    let (scope, terms) = (permit.scope(), terms.read()?);
    let vendor = scope.organisation();
    let before = hold(tx, vendor, at).await?;
    let (minor, currency) = terms.second_over.unzip();
    let query = tx.run(SET).bind(vendor).bind(terms.revision);
    let set = query
        .bind(list_text(&terms.families)?)
        .bind(list_text(&terms.territories)?)
        .bind(terms.answer_hours)
        .bind(terms.protect_days)
        .bind(minor)
        .bind(currency)
        .bind(at)
        .execute()
        .await?;
    if set != 1 {
        return Err(Refusal::Stale(before.revision));
    }
    let of_what = ("organisation", vendor.to_string());
    let detail = json!({
        "families": terms.families, "territories": terms.territories,
        "answer_hours": terms.answer_hours, "protect_days": terms.protect_days,
        "second_over_minor": minor, "second_currency": currency,
    });
    let (actor, action) = (scope.actor(), "registration.terms");
    audit::write(tx, vendor, actor, action, of_what, detail, at).await?;
    Ok(of(tx, vendor).await?)
}

/// The vendors with which the acting organisation may register now, by name.
///
/// # Errors
/// If the database fails.
pub async fn vendors(conn: &mut Conn, scope: Scope) -> Result<Vec<Vendor>, Fault> {
    let rows: Vec<VendorRow> = conn.run(VENDORS).bind(scope.organisation()).all().await?;
    let view = |row: VendorRow| {
        let terms = Terms {
            families: read_list(&row.families)?,
            territories: read_list(&row.territories)?,
            answer_hours: row.answer_hours,
            protect_days: row.protect_days,
            ..Terms::default()
        };
        Ok(Vendor { vendor: OrgRef { id: row.id, name: row.name }, terms })
    };
    rows.into_iter().map(view).collect()
}

#[cfg(test)]
mod tests {
    use kernel::Currency;

    use super::Terms;

    #[test]
    fn a_second_person_approves_above_the_limit_and_in_other_currencies() {
        let dollar: Currency = "USD".parse().unwrap();
        let limit = Some((5_000_000, Currency::EUR));
        let terms = Terms { second_over: limit, ..Terms::default() };
        assert!(!terms.needs_second(5_000_000, Currency::EUR));
        assert!(terms.needs_second(5_000_001, Currency::EUR));
        assert!(terms.needs_second(1, dollar));
        assert!(!Terms::default().needs_second(i64::MAX, dollar));
    }

    #[test]
    fn terms_stay_within_their_bounds() {
        let list = |words: &[&str]| words.iter().map(|it| (*it).to_owned()).collect();
        let of =
            |families: &[&str]| Terms { families: list(families), ..Terms::default() };
        assert_eq!(of(&[" Pumps "]).read().unwrap().families, ["Pumps"]);
        for odd in [&["Pumps", "PUMPS"][..], &[""], &["a\u{0}"]] {
            assert_eq!(of(odd).read().unwrap_err().field, "families", "{odd:?}");
        }
        let days = Terms { protect_days: 366, ..Terms::default() };
        assert_eq!(days.read().unwrap_err().field, "protect_days");
        let hours = Terms { answer_hours: 0, ..Terms::default() };
        assert_eq!(hours.read().unwrap_err().field, "answer_hours");
    }
}
