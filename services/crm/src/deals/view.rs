//! A deal as its page shows it: the card under the reader's mask, the reader's own side, what
//! others publish of theirs, who takes part, the rooms, the orders.

use std::collections::BTreeMap;

use gate::Scope;
use kernel::{Account, Fault, Id, Moment, Organisation, Party, Space};
use serde::Serialize;
use sharing::{
    Mask, Verbs,
    spaces::{self, PartyMove, PartyRole, PartyRow, PartyState, Standing},
};
use store::Conn;
use utoipa::ToSchema;

use super::{
    CARD_FIELDS, Refusal, Side, Stage,
    orders::{self, DealOrder},
    rooms::{self, RoomView},
    sql::{self, CardRow, OtherSideRow, SideRow},
    summary::{self, DealSummary},
};
use crate::OrgRef;

/// A deal.
#[derive(Debug, Serialize, ToSchema)]
pub struct DealView {
    #[serde(flatten)]
    pub(super) summary: DealSummary,
    /// The account in one's own books.
    account_id: Option<Id<Account>>,
    /// `open` or `closed`.
    #[schema(schema_with = crate::words::deal_state)]
    state: String,
    you: You,
    /// For each field that one sees oneself: who else does.
    who_sees: BTreeMap<String, Vec<OrgRef>>,
    party_list: Vec<PartyView>,
    side: SideView,
    other_sides: Vec<OtherSideView>,
    rooms: Vec<RoomView>,
    /// The stages to which it may move now; none where the stage is masked.
    next_stages: Vec<Stage>,
    orders: Vec<DealOrder>,
}

/// What the acting organisation is in a deal.
#[derive(Debug, Serialize, ToSchema)]
struct You {
    party: Id<Party>,
    role: PartyRole,
    can_edit: bool,
    can_invite: bool,
    /// Whether one's organisation may take the deal out as a file.
    can_export: bool,
}

/// A party of a deal.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PartyView {
    id: Id<Party>,
    organisation: OrgRef,
    role: PartyRole,
    state: PartyState,
    /// The fields that it sees; of a fellow party, those that one sees oneself.
    #[schema(schema_with = crate::words::card_fields)]
    fields: Vec<String>,
    /// What it may do; only of oneself, and for the host.
    #[schema(schema_with = crate::words::verbs)]
    verbs: Vec<String>,
    /// The moves that one may make now.
    moves: Vec<PartyMove>,
    pub(super) revision: i64,
}

/// One's own side of a deal.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SideView {
    stage_name: Option<String>,
    /// Basis points.
    margin_bp: Option<i64>,
    /// Minor units of the card's currency.
    forecast_minor: Option<i64>,
    notes: Option<String>,
    crm_id: Option<String>,
    /// The fields that the other parties may read.
    #[schema(schema_with = crate::words::side_fields)]
    published: Vec<String>,
    pub(super) revision: i64,
}

/// What another party publishes of its side.
#[derive(Debug, Serialize, ToSchema)]
struct OtherSideView {
    organisation: OrgRef,
    #[serde(skip_serializing_if = "Option::is_none")]
    stage_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    margin_bp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    forecast_minor: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notes: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    crm_id: Option<String>,
}

/// An invitation into a deal.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct InvitationView {
    pub(super) deal: Id<Space>,
    pub(super) party: Id<Party>,
    /// Null where the offer does not show it.
    pub(super) title: Option<String>,
    pub(super) from: OrgRef,
    #[schema(schema_with = crate::words::card_fields)]
    pub(super) fields: Vec<String>,
    #[schema(schema_with = crate::words::verbs)]
    pub(super) verbs: Vec<String>,
    pub(super) revision: i64,
    pub(super) at: Moment,
}

fn words(verbs: &str) -> Vec<String> {
    Verbs::read(verbs).words().into_iter().map(str::to_owned).collect()
}

impl PartyView {
    /// As `reader` may see it, who sees the fields of `mask` itself.
    pub(super) fn new(row: &PartyRow, reader: Id<Organisation>, mask: &Mask) -> Self {
        let host = row.role == PartyRole::Host;
        let whole = reader == row.host_id || reader == row.organisation_id;
        let own =
            if host { Mask::of(CARD_FIELDS) } else { Mask::read(&row.offered_mask) };
        let verbs =
            if host { words(&Verbs::ALL.text()) } else { words(&row.offered_verbs) };
        let fields = own.list().into_iter().filter(|field| whole || mask.has(field));
        let name = row.organisation_name.clone();
        Self {
            id: row.id,
            organisation: OrgRef { id: row.organisation_id, name },
            role: row.role,
            state: row.state,
            fields: fields.collect(),
            verbs: if whole { verbs } else { Vec::new() },
            moves: row.moves(reader),
            revision: row.revision,
        }
    }
}

impl InvitationView {
    pub(super) fn new(row: PartyRow, title: Option<String>) -> Self {
        Self {
            deal: row.space_id,
            party: row.id,
            title,
            from: OrgRef { id: row.host_id, name: row.host_name },
            fields: Mask::read(&row.offered_mask).list(),
            verbs: words(&row.offered_verbs),
            revision: row.revision,
            at: row.invited_at,
        }
    }
}

impl From<SideRow> for SideView {
    fn from(row: SideRow) -> Self {
        let Side { stage_name, margin_bp, forecast_minor, notes, crm_id, published } =
            row.side();
        let published = published.into_iter().map(str::to_owned).collect();
        let revision = row.revision;
        Self { stage_name, margin_bp, forecast_minor, notes, crm_id, published, revision }
    }
}

impl From<OtherSideRow> for OtherSideView {
    fn from(row: OtherSideRow) -> Self {
        let Side { stage_name, margin_bp, forecast_minor, notes, crm_id, published: _ } =
            row.side().shown();
        let organisation =
            OrgRef { id: row.organisation_id, name: row.organisation_name };
        Self { organisation, stage_name, margin_bp, forecast_minor, notes, crm_id }
    }
}

/// Reads a deal, as the caller may see it.
pub(super) async fn one(
    conn: &mut Conn,
    scope: Scope,
    deal: Id<Space>,
) -> Result<DealView, Refusal> {
    let standing = spaces::stands(conn, scope, deal).await?;
    let card = sql::card(conn, scope, deal).await?.ok_or(Refusal::NotFound)?;
    let who_sees = who_sees(conn, scope, &card).await?;
    let own = scope.organisation();
    let mask = card.mask();
    let parties = spaces::parties(conn, scope, deal).await?;
    let seen = parties.iter().filter(|row| sees_each_other(&card, own, row));
    let party_list = seen.map(|row| PartyView::new(row, own, &mask)).collect();
    let side = sql::side(conn, scope, deal).await?.ok_or(Refusal::NotFound)?;
    let others = sql::other_sides(conn, scope, deal).await?;
    let rooms = rooms::of_deal(conn, scope, deal).await?;
    let (open_or_closed, stage) = (card.state.clone(), card.stage);
    let summaries = summary::many(conn, scope, vec![card]).await?;
    let summary = summaries.into_iter().next().ok_or(Refusal::NotFound)?;
    let orders = orders::of_deal(conn, scope, deal, summary.title.as_deref()).await?;
    let moves = standing.verbs.edit && mask.has("stage");
    Ok(DealView {
        summary,
        account_id: side.account_id,
        state: open_or_closed,
        you: you(&standing),
        who_sees,
        party_list,
        side: side.into(),
        other_sides: others.into_iter().map(OtherSideView::from).collect(),
        rooms,
        next_stages: if moves { stage.steps() } else { Vec::new() },
        orders,
    })
}

fn you(standing: &Standing) -> You {
    You {
        party: standing.party,
        role: standing.role,
        can_edit: standing.verbs.edit && standing.open,
        can_invite: standing.role == PartyRole::Host && standing.open,
        can_export: standing.verbs.export,
    }
}

/// In a hub-and-spoke deal a party knows of the host and of itself alone.
fn sees_each_other(card: &CardRow, own: Id<Organisation>, row: &PartyRow) -> bool {
    card.visibility == "full"
        || [row.host_id, row.organisation_id].contains(&own)
        || row.role == PartyRole::Host
}

/// For each field of the reader's mask, the live parties that see it.
async fn who_sees(
    conn: &mut Conn,
    scope: Scope,
    card: &CardRow,
) -> Result<BTreeMap<String, Vec<OrgRef>>, Fault> {
    let (own, host) = (scope.organisation(), card.host().id);
    let mut seen: BTreeMap<String, Vec<OrgRef>> =
        card.mask().list().into_iter().map(|field| (field, Vec::new())).collect();
    for (id, name, mask) in spaces::masks(conn, card.space_id).await? {
        if card.visibility != "full" && own != host && ![own, host].contains(&id) {
            continue;
        }
        for (field, organisations) in &mut seen {
            if mask.has(field) {
                organisations.push(OrgRef { id, name: name.clone() });
            }
        }
    }
    Ok(seen)
}

/// Reads one's own side.
pub(super) async fn own_side(
    conn: &mut Conn,
    scope: Scope,
    deal: Id<Space>,
) -> Result<SideView, Refusal> {
    let row = sql::side(conn, scope, deal).await?.ok_or(Refusal::NotFound)?;
    Ok(row.into())
}
