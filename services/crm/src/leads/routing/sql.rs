//! The tables `lead_routing`, `lead_rule` and `lead_rule_partner`: a vendor's own.

use std::collections::HashMap;

use kernel::{Fault, Id, Lead as LeadKind, Moment, Organisation};
use store::{Conn, Tx, statements};

use super::{
    Routing,
    rules::{Rule, Seat, Standing},
};

statements! {
    /// Whether leads of an organisation go by its rules.
    ROUTING = "
        select is_on, revision from lead_routing where organisation_id = $1";

    /// Its rules, in their order.
    RULES = "
        select place, name, countries, families
        from lead_rule where organisation_id = $1
        order by place";

    /// The partners in them, in their order.
    SEATS = "
        select rule, partner_id, most
        from lead_rule_partner where organisation_id = $1
        order by rule, place";

    /// The row with which one begins, so that there is one to change.
    BEGIN = "
        insert into lead_routing (organisation_id, is_on, revision, updated_at)
        values ($1, $2, 0, $3)
        on conflict do nothing";

    /// New rules, if they are still at the revision that was read.
    SET = "
        update lead_routing
        set is_on = $3, updated_at = $4, revision = revision + 1
        where organisation_id = $1 and revision = $2";

    /// The partners in the old ones go,
    CLEAR_SEATS = "
        delete from lead_rule_partner where organisation_id = $1";

    /// and so do they.
    CLEAR_RULES = "
        delete from lead_rule where organisation_id = $1";

    /// Keeps a rule.
    ADD_RULE = "
        insert into lead_rule (organisation_id, place, name, countries, families)
        values ($1, $2, $3, $4, $5)";

    /// Keeps a partner in a rule.
    ADD_SEAT = "
        insert into lead_rule_partner (organisation_id, rule, place, partner_id, most)
        values ($1, $2, $3, $4, $5)";

    /// Holds the rules to the end of the transaction: leads are handed out one after the other.
    TURN = "
        update lead_routing set revision = revision where organisation_id = $1";

    /// How the partners in a vendor's rules stand to it, and to one of its leads.
    STANDINGS = "
        select s.partner_id, o.name,
               (select count(*) from lead_offer f
                where f.vendor_id = $1 and f.partner_id = s.partner_id and f.state in ('offered', 'accepted')) as holds,
               (select max(f.offered_at) from lead_offer f
                where f.vendor_id = $1 and f.partner_id = s.partner_id) as last_at,
               (select count(*) from lead_offer f
                where f.lead_id = $2 and f.partner_id = s.partner_id) as had,
               (select count(*) from partnership h
                where ((h.proposer_id = $1 and h.answerer_id = s.partner_id)
                       or (h.proposer_id = s.partner_id and h.answerer_id = $1))
                  and h.state in ('active', 'ending') and h.suspended_by is null) as live
        from (select distinct partner_id from lead_rule_partner where organisation_id = $1) s
        join organisation o on o.id = s.partner_id";

    /// The leads that go by rules and are with nobody; not those that were taken back by hand.
    WAITING unscoped "the clock acts for each vendor in turn" = sqlite "
        select l.organisation_id, l.id
        from lead_routing r
        join lead l on l.organisation_id = r.organisation_id and l.state = 'qualified'
        where r.is_on = 1
          and coalesce((select e.move from lead_event e where e.lead_id = l.id order by e.seq desc limit 1), '') <> 'withdraw'
        order by l.organisation_id, l.updated_at, l.id", postgres "
        select l.organisation_id, l.id
        from lead_routing r
        join lead l on l.organisation_id = r.organisation_id and l.state = 'qualified'
        where r.is_on
          and coalesce((select e.move from lead_event e where e.lead_id = l.id order by e.seq desc limit 1), '') <> 'withdraw'
        order by l.organisation_id, l.updated_at, l.id";

    /// The last thing that became of a lead.
    LAST_MOVE unscoped "by the lead that is held" = "
        select move from lead_event where lead_id = $1 order by seq desc limit 1";
}

/// What stands between the words of a list.
const BETWEEN: &str = "\n";

fn list(text: &str) -> Vec<String> {
    text.split(BETWEEN).filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

pub(super) async fn read(
    conn: &mut Conn,
    vendor: Id<Organisation>,
) -> Result<Routing, Fault> {
    let row: Option<(bool, i64)> = conn.run(ROUTING).bind(vendor).optional().await?;
    let Some((is_on, revision)) = row else { return Ok(Routing::default()) };
    let rows: Vec<(i64, String, String, String)> =
        conn.run(RULES).bind(vendor).all().await?;
    let seats: Vec<(i64, Id<Organisation>, Option<i64>)> =
        conn.run(SEATS).bind(vendor).all().await?;
    let partners = |place: i64| {
        let own = seats.iter().filter(move |(rule, ..)| *rule == place);
        own.map(|&(_, organisation, most)| Seat { organisation, most }).collect()
    };
    let rule = |(place, name, countries, families): (i64, String, String, String)| Rule {
        name,
        countries: list(&countries),
        families: list(&families),
        partners: partners(place),
    };
    Ok(Routing { is_on, rules: rows.into_iter().map(rule).collect(), revision })
}

/// Whether they were set: false, if somebody was faster.
pub(super) async fn set(
    tx: &mut Tx,
    vendor: Id<Organisation>,
    (is_on, revision): (bool, i64),
    rules: &[Rule],
    at: Moment,
) -> Result<bool, Fault> {
    tx.run(BEGIN).bind(vendor).bind(is_on).bind(at).execute().await?;
    let query = tx.run(SET).bind(vendor).bind(revision).bind(is_on).bind(at);
    if query.execute().await? != 1 {
        return Ok(false);
    }
    tx.run(CLEAR_SEATS).bind(vendor).execute().await?;
    tx.run(CLEAR_RULES).bind(vendor).execute().await?;
    for (rule, place) in rules.iter().zip(0_i64..) {
        let query = tx.run(ADD_RULE).bind(vendor).bind(place).bind(rule.name.clone());
        let query = query.bind(rule.countries.join(BETWEEN));
        query.bind(rule.families.join(BETWEEN)).execute().await?;
        for (seat, at) in rule.partners.iter().zip(0_i64..) {
            let query = tx.run(ADD_SEAT).bind(vendor).bind(place).bind(at);
            query.bind(seat.organisation).bind(seat.most).execute().await?;
        }
    }
    Ok(true)
}

pub(super) async fn take_turn(
    tx: &mut Tx,
    vendor: Id<Organisation>,
) -> Result<(), Fault> {
    tx.run(TURN).bind(vendor).execute().await.map(drop)
}

/// A partner in the rules.
#[derive(sqlx::FromRow)]
struct StandingRow {
    partner_id: Id<Organisation>,
    #[sqlx(flatten)]
    standing: Standing,
}

pub(super) async fn standings(
    conn: &mut Conn,
    vendor: Id<Organisation>,
    lead: Id<LeadKind>,
) -> Result<HashMap<Id<Organisation>, Standing>, Fault> {
    let rows: Vec<StandingRow> =
        conn.run(STANDINGS).bind(vendor).bind(lead).all().await?;
    Ok(rows.into_iter().map(|row| (row.partner_id, row.standing)).collect())
}

pub(super) async fn waiting(
    conn: &mut Conn,
) -> Result<Vec<(Id<Organisation>, Id<LeadKind>)>, Fault> {
    conn.run(WAITING).all().await
}

/// Whether a lead was taken back by hand: it waits for a person.
pub(super) async fn is_kept(tx: &mut Tx, lead: Id<LeadKind>) -> Result<bool, Fault> {
    let last: Option<(String,)> = tx.run(LAST_MOVE).bind(lead).optional().await?;
    Ok(last.is_some_and(|(last,)| last == "withdraw"))
}
