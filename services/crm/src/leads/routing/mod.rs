//! Which partner gets a lead, by the vendor's rules.
//!
//! A vendor writes rules in an order: leads of these countries and families go round among these
//! partners, each of which works on so many at most. A lead goes by the first rule that fits and
//! has somebody free; free is a partner that has not had this lead before, holds fewer than it may,
//! and was offered one of this vendor's the longest ago. The clock hands out what is qualified,
//! also what was declined, given back or not answered, and what waited until somebody was free;
//! what the vendor took back waits for a person. `rules.rs` decides and knows no database.
//!
//! What a partner sees of an offer is the same whoever made it: it learns of no rule and of no
//! other partner.

mod http;
mod rules;
mod sql;

use std::collections::{HashMap, hash_map::Entry};

use gate::{House, Permit, Scope};
use kernel::{Fault, Id, Lead as LeadKind, Moment, Organisation};
use serde_json::json;
use sharing::audit;
use store::{Conn, Tx};

pub(super) use http::routes;
pub use sql::ALL;

use super::{
    HandLeads, Lead, Refusal, Side, State, offers,
    sql::{hold, one},
};
use rules::{Choice, Rule, Standing};

/// The rules of a vendor.
#[derive(Clone, Debug, Default)]
struct Routing {
    /// Whether leads go by them without a person.
    is_on: bool,
    rules: Vec<Rule>,
    /// How often they were set; 0 for those that never were.
    revision: i64,
}

/// Sets the rules, all of them.
///
/// # Errors
/// [`Refusal::Flaw`]; [`Refusal::Stale`]; a partner that is none, also an organisation that does
/// not exist.
async fn set(
    tx: &mut Tx,
    permit: &Permit<HandLeads>,
    (is_on, rules, revision): (bool, Vec<Rule>, i64),
    at: Moment,
) -> Result<(), Refusal> {
    let (scope, own) = (permit.scope(), permit.scope().organisation());
    let rules = rules::read(rules)?;
    for seat in rules.iter().flat_map(|rule| &rule.partners) {
        let live = offers::partnership(tx, own, seat.organisation).await?;
        live.ok_or(sharing::Refusal::NoPartnership)?;
    }
    if !sql::set(tx, own, (is_on, revision), &rules, at).await? {
        return Err(Refusal::Stale(sql::read(tx, own).await?.revision));
    }
    let of = ("organisation", own.to_string());
    let detail = json!({ "is_on": is_on, "rules": rules });
    Ok(audit::write(tx, own, scope.actor(), "lead.routing", of, detail, at).await?)
}

/// To whom a lead would go now, and why not to others before.
async fn choice(
    conn: &mut Conn,
    vendor: Id<Organisation>,
    id: Id<LeadKind>,
    lead: &Lead,
    rules: &[Rule],
) -> Result<(Choice, HashMap<Id<Organisation>, Standing>), Fault> {
    let standings = sql::standings(conn, vendor, id).await?;
    Ok((rules::choose(rules, lead, &standings), standings))
}

/// One look of the clock: hands out what waits, and tells how many leads that were.
///
/// # Errors
/// Only ours.
pub(super) async fn look(house: &House) -> Result<usize, Refusal> {
    let now = house.clock.now();
    let mut conn = house.db.read().await?;
    let waiting = sql::waiting(&mut conn).await?;
    let mut routing: HashMap<Id<Organisation>, Routing> = HashMap::new();
    let mut ready = Vec::new();
    for (vendor, lead) in waiting {
        let rules = match routing.entry(vendor) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(sql::read(&mut conn, vendor).await?),
        };
        let Some(row) = one(&mut conn, vendor, lead).await? else { continue };
        let (choice, _) =
            choice(&mut conn, vendor, lead, &row.lead, &rules.rules).await?;
        if choice.partner.is_some() {
            ready.push((vendor, lead));
        }
    }
    drop(conn);
    let mut told = 0;
    for (vendor, lead) in ready {
        let mut tx = house.db.write().await?;
        if hand_out(&mut tx, nobody(vendor), lead, now).await? {
            tx.commit().await?;
            told += 1;
        }
    }
    Ok(told)
}

/// Whether a lead went to a partner: under its lock, everything is asked once more.
async fn hand_out(
    tx: &mut Tx,
    scope: Scope,
    id: Id<LeadKind>,
    now: Moment,
) -> Result<bool, Refusal> {
    let vendor = scope.organisation();
    // Whoever hands out two leads of a vendor at once would count the same hands as free.
    sql::take_turn(tx, vendor).await?;
    let Some(row) = hold(tx, vendor, id).await? else { return Ok(false) };
    let routing = sql::read(tx, vendor).await?;
    if !routing.is_on || row.state != State::Qualified || sql::is_kept(tx, id).await? {
        return Ok(false);
    }
    let (choice, _) = choice(tx, vendor, id, &row.lead, &routing.rules).await?;
    let Some((_, partner)) = choice.partner else { return Ok(false) };
    offers::make(tx, scope, Side::Clock, (&row, partner, None), now).await?;
    Ok(true)
}

/// Nobody acts but the clock.
#[expect(
    clippy::disallowed_methods,
    reason = "the clock acts for the vendor, by its rules; nobody does"
)]
const fn nobody(vendor: Id<Organisation>) -> Scope {
    Permit::<HandLeads>::for_system(vendor).scope()
}
