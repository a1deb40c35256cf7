//! A deal as lists and the board show it: only the fields of the reader's mask.

use std::collections::HashMap;

use gate::Scope;
use kernel::{Currency, Day, Fault, Id, Moment, Space};
use serde::Serialize;
use store::Conn;
use utoipa::ToSchema;

use super::{Stage, list, sql::CardRow};
use crate::{Given, OrgRef};

/// A deal, in short. A field that the reader may not see is absent.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct DealSummary {
    pub(super) id: Id<Space>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    /// Minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    amount_minor: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<Currency>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) stage: Option<Stage>,
    #[serde(skip_serializing_if = "Given::is_absent")]
    #[schema(value_type = Option<Day>)]
    close_on: Given<Day>,
    #[serde(skip_serializing_if = "Given::is_absent")]
    #[schema(value_type = Option<String>)]
    next_step: Given<String>,
    host: OrgRef,
    /// Those who take part, as far as they see each other.
    parties: Vec<OrgRef>,
    /// What the acting organisation calls the stage.
    own_stage_name: Option<String>,
    /// How many events of its rooms the acting person has not read.
    unread: i64,
    updated_at: Moment,
    pub(super) revision: i64,
    /// The fields that the reader may see.
    #[schema(schema_with = crate::words::card_fields)]
    fields: Vec<String>,
}

/// Deals, with their parties and what is unread.
pub(super) async fn many(
    conn: &mut Conn,
    scope: Scope,
    rows: Vec<CardRow>,
) -> Result<Vec<DealSummary>, Fault> {
    let ids: Vec<Id<Space>> = rows.iter().map(|row| row.space_id).collect();
    let mut parties: HashMap<Id<Space>, Vec<OrgRef>> = HashMap::new();
    for (deal, organisation) in list::parties(conn, scope, &ids).await? {
        parties.entry(deal).or_default().push(organisation);
    }
    let unread: HashMap<Id<Space>, i64> =
        list::unread(conn, scope, &ids).await?.into_iter().collect();
    let dress = |row: CardRow| {
        let its = parties.remove(&row.space_id).unwrap_or_default();
        let count = unread.get(&row.space_id).copied().unwrap_or_default();
        DealSummary::new(&row, its, count)
    };
    Ok(rows.into_iter().map(dress).collect())
}

impl DealSummary {
    fn new(row: &CardRow, parties: Vec<OrgRef>, unread: i64) -> Self {
        let (mask, card) = (row.mask(), row.card());
        let amount = mask.has("amount");
        Self {
            id: row.space_id,
            title: mask.has("title").then_some(card.title),
            account: mask.has("account").then_some(card.account),
            amount_minor: amount.then_some(card.amount_minor),
            currency: amount.then_some(card.currency),
            stage: mask.has("stage").then_some(row.stage),
            close_on: Given::shown(mask.has("close_on"), card.close_on),
            next_step: Given::shown(mask.has("next_step"), card.next_step),
            host: row.host(),
            parties,
            own_stage_name: row.own_stage_name.clone(),
            unread,
            updated_at: row.updated_at,
            revision: row.revision,
            fields: mask.list(),
        }
    }
}
