//! A mapping as one side sees it, and all of them.

use gate::Scope;
use kernel::{Fault, Id, MappingAsk, Moment, Organisation, Partnership, Population};
use serde::Serialize;
use sharing::Mask;
use store::{Conn, statements};
use utoipa::ToSchema;

use super::{
    Level, Refusal, asks, compute,
    offers::{self, Pair},
    overlap::{self, CellRow},
    rules::{AskMove, AskState, Common, State},
};
use crate::OrgRef;

statements! {
    /// The live partners of an organisation, with how far the mapping with each is.
    OVERVIEW = "
        select h.id as partnership_id, o.id as partner_id, o.name as partner_name,
               (select count(*) from live_offer m where m.partnership_id = h.id and m.organisation_id = $1) as shown,
               (select count(*) from live_offer t where t.partnership_id = h.id and t.partner_id = $1) as their_shown,
               (select count(*) from live_pair l where l.partnership_id = h.id and l.computed_at is not null) as compared,
               (select count(*) from live_pair l
                join population p on p.id in (l.proposer_population_id, l.answerer_population_id)
                where l.partnership_id = h.id and p.organisation_id = $1 and p.changed_at > l.computed_at) as changed,
               (select count(*) from mapping_ask k
                where k.partnership_id = h.id and k.giver_id = $1 and k.state = 'asked') as to_answer,
               (select max(l.computed_at) from live_pair l where l.partnership_id = h.id) as compared_at
        from partnership h
        join organisation o on o.id = case when h.proposer_id = $1 then h.answerer_id else h.proposer_id end
        where (h.proposer_id = $1 or h.answerer_id = $1)
          and h.state in ('active', 'ending') and h.suspended_by is null
        order by o.name, h.id";
}

#[derive(sqlx::FromRow)]
struct OverviewRow {
    partnership_id: Id<Partnership>,
    partner_id: Id<Organisation>,
    partner_name: String,
    shown: i64,
    their_shown: i64,
    compared: i64,
    changed: i64,
    to_answer: i64,
    compared_at: Option<Moment>,
}

/// How far the mapping with one partner is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MappingItem {
    partnership: Id<Partnership>,
    partner: OrgRef,
    state: State,
    /// How many of one's own populations it is shown.
    shown: i64,
    /// How many it shows.
    their_shown: i64,
    /// How many of its wishes wait for an answer.
    to_answer: i64,
    /// When something was last compared.
    compared_at: Option<Moment>,
}

/// One's own population, and how far it goes with the partner.
#[derive(Debug, Serialize, ToSchema)]
struct OwnPopulation {
    id: Id<Population>,
    name: String,
    level: Level,
    /// The fields that it shows where both sides show customers.
    fields: Vec<String>,
}

/// A population that the partner shows.
#[derive(Debug, Serialize, ToSchema)]
struct TheirPopulation {
    id: Id<Population>,
    name: String,
    level: Level,
}

/// One's own population and one of the partner's.
#[derive(Debug, Serialize, ToSchema)]
struct MappingCellView {
    yours: Id<Population>,
    theirs: Id<Population>,
    /// The lower of the two levels.
    level: Level,
    common: Common,
    compared_at: Option<Moment>,
    /// The partner's fields that one sees of the customers in common; null where none is shown.
    fields: Option<Vec<String>>,
}

/// Who asked for names.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MappingAskSide)]
enum Side {
    /// One's own organisation.
    Yours,
    /// The partner.
    Theirs,
}

/// A wish to see the names behind a number.
#[derive(Debug, Serialize, ToSchema)]
struct MappingAskView {
    id: Id<MappingAsk>,
    asked_by: Side,
    state: AskState,
    /// One's own population.
    yours: Id<Population>,
    your_name: String,
    /// The partner's.
    theirs: Id<Population>,
    their_name: String,
    message: String,
    /// The fields that are shown.
    fields: Vec<String>,
    asked_at: Moment,
    expires_at: Moment,
    answered_at: Option<Moment>,
    /// What one may do with it.
    moves: Vec<AskMove>,
    revision: i64,
}

/// A mapping, as one side sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MappingView {
    partnership: Id<Partnership>,
    partner: OrgRef,
    /// Whether the two share now; while not, nothing of the other side is here.
    live: bool,
    state: State,
    yours: Vec<OwnPopulation>,
    theirs: Vec<TheirPopulation>,
    cells: Vec<MappingCellView>,
    asks: Vec<MappingAskView>,
    /// When something was last compared.
    compared_at: Option<Moment>,
    /// Whether a comparison is under way.
    comparing: bool,
    /// When one may ask for a comparison again; null if one may now.
    next_ask_at: Option<Moment>,
}

/// The mappings with all live partners.
///
/// # Errors
/// If the database fails.
pub(super) async fn list(
    conn: &mut Conn,
    scope: Scope,
) -> Result<Vec<MappingItem>, Fault> {
    let rows: Vec<OverviewRow> =
        conn.run(OVERVIEW).bind(scope.organisation()).all().await?;
    let item = |row: OverviewRow| MappingItem {
        partnership: row.partnership_id,
        partner: OrgRef { id: row.partner_id, name: row.partner_name },
        state: match (row.shown, row.their_shown, row.compared, row.changed) {
            (0, 0, ..) => State::Off,
            (0, ..) | (_, 0, ..) => State::Offered,
            (_, _, 0, _) => State::BothOn,
            (.., 0) => State::Recomputed,
            _ => State::Stale,
        },
        shown: row.shown,
        their_shown: row.their_shown,
        to_answer: row.to_answer,
        compared_at: row.compared_at,
    };
    Ok(rows.into_iter().map(item).collect())
}

/// One mapping.
///
/// # Errors
/// [`Refusal::NotFound`], unless the partnership is the acting organisation's.
pub(super) async fn one(
    conn: &mut Conn,
    scope: Scope,
    partnership: Id<Partnership>,
    now: Moment,
) -> Result<MappingView, Refusal> {
    let own = scope.organisation();
    let pair: Pair = offers::pair_of(conn, scope, partnership).await?;
    let yours = offers::own(conn, own, partnership).await?;
    let theirs = offers::theirs(conn, own, partnership).await?;
    let cells = overlap::cells(conn, own, partnership).await?;
    let asks = asks::of_partnership(conn, own, partnership).await?;
    let next_ask_at = compute::next_ask(conn, partnership, own, now).await?;
    let shown = yours.iter().filter(|it| it.level > Level::Hidden).count();
    let pairs: Vec<(Moment, Option<Moment>)> =
        cells.iter().map(|it| (it.changed_at, it.computed_at)).collect();
    let comparing = [pair.new_at, pair.full_at].into_iter().flatten().any(|at| at <= now);
    Ok(MappingView {
        partnership,
        partner: OrgRef { id: pair.partner_id, name: pair.partner_name.clone() },
        live: pair.is_live(),
        state: if pair.is_live() {
            State::of((shown, theirs.len()), &pairs)
        } else {
            State::Off
        },
        yours: yours.iter().map(OwnPopulation::from).collect(),
        theirs: theirs.into_iter().map(TheirPopulation::from).collect(),
        compared_at: cells.iter().filter_map(|it| it.computed_at).max(),
        cells: cells.iter().map(MappingCellView::from).collect(),
        asks: asks.into_iter().map(|row| MappingAskView::of(row, own)).collect(),
        comparing,
        next_ask_at,
    })
}

impl From<&offers::Row> for OwnPopulation {
    fn from(row: &offers::Row) -> Self {
        let (id, name) = (row.population_id, row.name.clone());
        Self { id, name, level: row.level, fields: row.fields() }
    }
}

impl From<offers::Row> for TheirPopulation {
    fn from(row: offers::Row) -> Self {
        Self { id: row.population_id, name: row.name, level: row.level }
    }
}

impl From<&CellRow> for MappingCellView {
    fn from(row: &CellRow) -> Self {
        Self {
            yours: row.population_id,
            theirs: row.their_population_id,
            level: row.level.with(row.their_level),
            common: Common::of(row.computed_at.and(row.counted)),
            compared_at: row.computed_at,
            fields: row.fields(),
        }
    }
}

impl MappingAskView {
    fn of(row: asks::Row, own: Id<Organisation>) -> Self {
        let asker = (row.asker_population_id, row.asker_population);
        let giver = (row.giver_population_id, row.giver_population);
        let mine = row.asker_id == own;
        let (yours, theirs) = if mine { (asker, giver) } else { (giver, asker) };
        Self {
            id: row.id,
            asked_by: if mine { Side::Yours } else { Side::Theirs },
            moves: if mine { Vec::new() } else { row.state.moves() },
            state: row.state,
            yours: yours.0,
            your_name: yours.1,
            theirs: theirs.0,
            their_name: theirs.1,
            message: row.message,
            fields: Mask::read(&row.mask).list(),
            asked_at: row.asked_at,
            expires_at: row.expires_at,
            answered_at: row.answered_at,
            revision: row.revision,
        }
    }
}
