//! `/lead-routing`, and to whom one lead would go.

use std::collections::HashMap;

use axum::{Json, extract::State as Held};
use gate::{At, Form, House, Permit, Problem};
use kernel::{Fault, Id, Lead as LeadKind, Organisation};
use serde::{Deserialize, Serialize};
use store::Conn;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    rules::{Passed, Rule, Standing},
    sql,
};
use crate::{
    OrgRef,
    leads::{HandLeads, ReadLeads, Refusal, sql::one},
};

/// The routes of this feature.
pub(in crate::leads) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(read_lead_routing, set_lead_routing))
        .routes(routes!(read_routing_of_lead))
}

/// By which rules one's leads go to partners.
#[derive(Debug, Deserialize, ToSchema)]
struct LeadRoutingForm {
    /// Whether they go by them without a person, within half a minute.
    is_on: bool,
    /// In their order: the first that fits and has somebody free decides. At most 50.
    rules: Vec<Rule>,
    /// The revision that was read; 0 for rules that were never set.
    revision: i64,
}

/// By which rules one's leads go to partners.
#[derive(Debug, Serialize, ToSchema)]
struct LeadRouting {
    is_on: bool,
    rules: Vec<LeadRule>,
    /// How often they were set.
    revision: i64,
}

/// A rule: such leads go round among these partners.
#[derive(Debug, Serialize, ToSchema)]
struct LeadRule {
    name: String,
    countries: Vec<String>,
    families: Vec<String>,
    partners: Vec<LeadRuleSeat>,
}

/// A partner in a rule.
#[derive(Debug, Serialize, ToSchema)]
struct LeadRuleSeat {
    organisation: OrgRef,
    /// How many leads it has to accept or works on at most.
    most: Option<i64>,
    /// How many it has now.
    holds: i64,
}

/// To whom a lead would go now.
#[derive(Debug, Serialize, ToSchema)]
struct LeadChoice {
    /// Whether it goes there without a person.
    is_on: bool,
    /// The name of the rule that decides; none fits, or nobody is free, where there is none.
    rule: Option<String>,
    /// The partner whose turn it is.
    partner: Option<OrgRef>,
    /// Who was passed over before.
    passed: Vec<LeadPassedOver>,
}

/// A partner that does not get a lead by a rule that fits.
#[derive(Debug, Serialize, ToSchema)]
struct LeadPassedOver {
    rule: String,
    partner: OrgRef,
    why: Passed,
}

/// By which rules one's leads go to partners.
#[utoipa::path(get, path = "/api/v1/lead-routing", tag = "leads", responses((status = 200, body = LeadRouting)))]
async fn read_lead_routing(
    Held(house): Held<House>,
    permit: Permit<ReadLeads>,
) -> Result<Json<LeadRouting>, Problem> {
    let mut conn = house.db.read().await?;
    Ok(Json(view(&mut conn, permit.scope().organisation()).await?))
}

/// Set them, all at once. What is offered already stays where it is.
#[utoipa::path(put, path = "/api/v1/lead-routing", tag = "leads", responses((status = 200, body = LeadRouting), (status = 404), (status = 409), (status = 422)))]
async fn set_lead_routing(
    Held(house): Held<House>,
    permit: Permit<HandLeads>,
    Form(form): Form<LeadRoutingForm>,
) -> Result<Json<LeadRouting>, Problem> {
    let (at, mut tx) = (house.clock.now(), house.db.write().await?);
    let LeadRoutingForm { is_on, rules, revision } = form;
    super::set(&mut tx, &permit, (is_on, rules, revision), at).await?;
    let view = view(&mut tx, permit.scope().organisation()).await?;
    tx.commit().await?;
    Ok(Json(view))
}

/// To whom a lead would go by one's rules now, and who was passed over.
#[utoipa::path(get, path = "/api/v1/leads/{lead}/routing", tag = "leads", params(("lead" = Id<LeadKind>, Path)), responses((status = 200, body = LeadChoice), (status = 404)))]
async fn read_routing_of_lead(
    Held(house): Held<House>,
    permit: Permit<ReadLeads>,
    At(id): At<Id<LeadKind>>,
) -> Result<Json<LeadChoice>, Problem> {
    let own = permit.scope().organisation();
    let mut conn = house.db.read().await?;
    let row = one(&mut conn, own, id).await?.ok_or(Refusal::NotFound)?;
    let routing = sql::read(&mut conn, own).await?;
    let rules = &routing.rules;
    let (choice, standings) = super::choice(&mut conn, own, id, &row.lead, rules).await?;
    let name = |place: usize| rules.get(place).map(|rule| rule.name.clone());
    let passed = choice.passed.into_iter().map(|(place, partner, why)| LeadPassedOver {
        rule: name(place).unwrap_or_default(),
        partner: named(partner, &standings),
        why,
    });
    Ok(Json(LeadChoice {
        is_on: routing.is_on,
        rule: choice.partner.and_then(|(place, _)| name(place)),
        partner: choice.partner.map(|(_, partner)| named(partner, &standings)),
        passed: passed.collect(),
    }))
}

async fn view(conn: &mut Conn, own: Id<Organisation>) -> Result<LeadRouting, Fault> {
    let routing = sql::read(conn, own).await?;
    let standings = sql::standings(conn, own, Id::from_uuid(uuid::Uuid::nil())).await?;
    let rule = |rule: Rule| LeadRule {
        name: rule.name,
        countries: rule.countries,
        families: rule.families,
        partners: rule
            .partners
            .into_iter()
            .map(|seat| LeadRuleSeat {
                holds: standings.get(&seat.organisation).map_or(0, |it| it.holds),
                organisation: named(seat.organisation, &standings),
                most: seat.most,
            })
            .collect(),
    };
    let rules = routing.rules.into_iter().map(rule).collect();
    Ok(LeadRouting { is_on: routing.is_on, rules, revision: routing.revision })
}

fn named(
    id: Id<Organisation>,
    standings: &HashMap<Id<Organisation>, Standing>,
) -> OrgRef {
    let name = standings.get(&id).map(|it| it.name.clone()).unwrap_or_default();
    OrgRef { id, name }
}
