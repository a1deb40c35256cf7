//! Which interchanges stand on a page of an inbox or outbox, newest first.
//!
//! Every filter that can be alone has an index of its own. Where several are given, one index is
//! walked and the rest is looked at on the way: first the one that is likely the shortest, for a
//! few rows; where these do not fill the page, the one that is shortest, for at most [`SCAN`] rows.
//! So a page costs no more however many documents there are. One that is not full but has a `next`
//! says: nothing newer than that is missing, look on from there.

mod filter;
mod sql;

use gate::{Cursor, House, Page, PageAsk, Problem, Scope};
use kernel::{Fault, Id, Interchange, Kind, Moment, Organisation};
use serde::Serialize;
use store::{Conn, Statement};
use utoipa::ToSchema;

use super::{InterchangeState, InterchangeView};

pub use filter::{InterchangeFilter, Way};
pub(super) use sql::{follow, returned};

/// The statements of this feature.
pub(super) const ALL: &[Statement] = sql::ALL;

/// How many rows are walked over for a page at first; few in tests, so that these reach the end.
const FIRST_SCAN: i64 = if cfg!(test) { 3 } else { 200 };
/// And how many at most.
const SCAN: i64 = if cfg!(test) { 4 } else { 1000 };
/// How many partners, and kinds of documents, are offered to choose from.
const OFFERED: i64 = 500;

/// Which interchanges are asked for.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    before: (Moment, Id<Interchange>),
    from: Moment,
    filter: InterchangeFilter,
    limit: i64,
}

/// The way to what is asked for: an index.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Path {
    Overdue,
    State,
    Partner,
    Kind,
    Way,
    Time,
}

impl Path {
    const fn statement(self) -> Statement {
        match self {
            Self::Overdue => sql::OVERDUE,
            Self::State => sql::BY_STATE,
            Self::Partner => sql::BY_PARTNER,
            Self::Kind => sql::BY_KIND,
            Self::Way => sql::BY_WAY,
            Self::Time => sql::BY_TIME,
        }
    }

    /// Those that lead to what a filter names, the likeliest short one first.
    fn all(filter: &InterchangeFilter) -> Vec<Self> {
        let rare = filter.state.filter(|state| !is_usual(*state));
        let named = [
            (filter.overdue, Self::Overdue),
            (rare.is_some(), Self::State),
            (filter.partner.is_some(), Self::Partner),
            (filter.kind.is_some(), Self::Kind),
            (filter.way.is_some(), Self::Way),
            (filter.state.is_some() && rare.is_none(), Self::State),
            (true, Self::Time),
        ];
        named.into_iter().filter_map(|(is, path)| is.then_some(path)).collect()
    }

    const fn length(self, of: &sql::Lengths) -> i64 {
        match self {
            // It is short, or the partner has a problem.
            Self::Overdue => 0,
            Self::State => of.of_state,
            Self::Partner => of.of_partner,
            Self::Kind => of.of_kind,
            Self::Way => of.of_way,
            Self::Time => of.all_of_time,
        }
    }
}

/// Whether most interchanges come to stand in it.
const fn is_usual(state: InterchangeState) -> bool {
    match state {
        InterchangeState::Applied | InterchangeState::Sent => true,
        InterchangeState::Received
        | InterchangeState::Quarantined
        | InterchangeState::Rejected
        | InterchangeState::Duplicate
        | InterchangeState::Discarded
        | InterchangeState::Built => false,
    }
}

/// How many things a filter looks for, apart from time.
fn looked_for(filter: &InterchangeFilter) -> usize {
    let said = [
        filter.direction.is_some(),
        filter.state.is_some(),
        filter.overdue,
        filter.partner.is_some(),
        filter.kind.is_some(),
        filter.way.is_some(),
    ];
    said.into_iter().filter(|is| *is).count()
}

impl Wanted {
    /// From what was asked.
    pub(super) fn new(
        ask: &PageAsk,
        filter: InterchangeFilter,
        now: Moment,
    ) -> Result<Self, Problem> {
        let refused = |(field, why): (&'static str, String)| Problem::refused(field, why);
        let filter = filter.tidy().map_err(refused)?;
        let (from, until) = filter.range(now);
        let end = (until, first());
        let after: Option<(i64, Id<Interchange>)> = ask.after()?;
        let after = after.map(|(at, id)| (Moment::from_micros(at), id));
        let before = after.map_or(end, |after| after.min(end));
        Ok(Self { before, from, filter, limit: ask.limit() })
    }
}

/// The id before every other: nothing of the moment where a list begins belongs to it.
fn first() -> Id<Interchange> {
    let text = format!("{}_00000000000000000000000000", Interchange::PREFIX);
    text.parse().unwrap_or_else(|_never| Id::mint())
}

/// A page of what an organisation holds.
pub(super) async fn page(
    conn: &mut Conn,
    scope: Scope,
    wanted: &Wanted,
) -> Result<Page<InterchangeView>, Fault> {
    let organisation = scope.organisation();
    let (ids, next) = found(conn, organisation, wanted).await?;
    let items = super::views(conn, organisation, &ids).await?;
    let next = next.map(|(at, id)| Cursor((at.micros(), id)).text());
    Ok(Page { items, next, total: None })
}

type Place = (Moment, Id<Interchange>);

async fn found(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    wanted: &Wanted,
) -> Result<(Vec<Id<Interchange>>, Option<Place>), Fault> {
    let more = wanted.limit.saturating_add(1);
    if let Some(number) = &wanted.filter.number {
        let steps = sql::by_number(conn, organisation, wanted, (number, more)).await?;
        return Ok(cut(&steps, wanted.limit, i64::MAX));
    }
    let paths = Path::all(&wanted.filter);
    let likely = paths.first().copied().unwrap_or(Path::Time);
    let alone = looked_for(&wanted.filter) <= usize::from(likely != Path::Time);
    let scan = if alone { more } else { FIRST_SCAN.max(more) };
    let walk = likely.statement();
    let steps = sql::walk(conn, walk, organisation, wanted, (scan, more)).await?;
    let (ids, next) = cut(&steps, wanted.limit, scan);
    if alone || next.is_none() || length(&ids) >= wanted.limit {
        return Ok((ids, next));
    }
    let lengths =
        sql::lengths(conn, organisation, wanted, SCAN.saturating_add(1)).await?;
    let shortest = paths.into_iter().min_by_key(|path| path.length(&lengths));
    let walk = shortest.unwrap_or(likely).statement();
    let steps = sql::walk(conn, walk, organisation, wanted, (SCAN, more)).await?;
    Ok(cut(&steps, wanted.limit, SCAN))
}

fn length<T>(all: &[T]) -> i64 {
    i64::try_from(all.len()).unwrap_or(i64::MAX)
}

/// What is shown of a walk over up to `scan` rows, and where the next begins.
fn cut(
    steps: &[sql::Step],
    limit: i64,
    scan: i64,
) -> (Vec<Id<Interchange>>, Option<Place>) {
    let ended = steps.iter().find(|step| step.walked > 0);
    let ended = ended.filter(|step| step.walked >= scan).map(|step| (step.at, step.id));
    let mut fits: Vec<Place> = steps
        .iter()
        .filter(|step| step.walked == 0)
        .map(|step| (step.at, step.id))
        .collect();
    fits.sort_unstable_by(|one, other| other.cmp(one));
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let next = if fits.len() > shown {
        fits.truncate(shown);
        fits.last().copied()
    } else {
        ended
    };
    (fits.into_iter().map(|(_, id)| id).collect(), next)
}

/// What an organisation's interchanges can be narrowed to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InterchangeFacets {
    /// The EDI names of its partners, in their order; the first 500.
    pub partners: Vec<String>,
    /// The kinds of its documents.
    pub kinds: Vec<String>,
}

/// What there is to choose from.
pub(super) async fn facets(
    house: &House,
    scope: Scope,
) -> Result<InterchangeFacets, Fault> {
    let organisation = scope.organisation();
    let mut conn = house.db.read().await?;
    let words = |rows: Vec<(String,)>| rows.into_iter().map(|(word,)| word).collect();
    let partners = sql::each(&mut conn, sql::PARTNERS, organisation, OFFERED).await?;
    let kinds = sql::each(&mut conn, sql::KINDS, organisation, OFFERED).await?;
    Ok(InterchangeFacets { partners: words(partners), kinds: words(kinds) })
}
