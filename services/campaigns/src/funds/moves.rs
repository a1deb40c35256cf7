//! What every move has in common: whether it may be made, that it is kept, and who is told.

use gate::Scope;
use kernel::{Fault, FundClaim, FundRequest, Id, Moment, Person};
use store::Tx;

use super::{
    ClaimState, Flaw, Move, Refusal, RequestState, Side,
    claims::ClaimRow,
    requests::{self, RequestRow},
    run::text,
    tell,
};

/// A move that a side wants to make.
#[derive(Clone, Debug)]
pub(super) struct Said {
    /// Which.
    pub(super) to: Move,
    /// The revision that was read.
    pub(super) revision: i64,
    /// How much, of an approval.
    pub(super) minor: Option<i64>,
    /// In words, for the other side; up to 2,000 characters.
    pub(super) words: Option<String>,
}

impl Said {
    /// With its words trimmed, and none where they are blank.
    ///
    /// # Errors
    /// If they are too long.
    pub(super) fn read(self) -> Result<Self, Flaw> {
        let words = self.words.map(|it| text("words", &it, 0, 2_000)).transpose()?;
        Ok(Self { words: words.filter(|it| !it.is_empty()), ..self })
    }

    /// Refuses to say nothing where the other side must hear why.
    pub(super) fn explains(&self) -> Result<(), Flaw> {
        let why = "say why, in words";
        self.words.as_ref().map(drop).ok_or(Flaw { field: "words", why })
    }
}

/// Where the move leads a request.
pub(super) fn request(
    row: &RequestRow,
    by: Side,
    said: &Said,
) -> Result<RequestState, Refusal> {
    if row.revision != said.revision {
        return Err(Refusal::Stale(row.revision));
    }
    let next = row.state.moves(by);
    row.state.step(by, said.to).ok_or(Refusal::NoMove { from: row.state.word(), next })
}

/// Where the move leads a claim.
pub(super) fn claim(
    row: &ClaimRow,
    by: Side,
    said: &Said,
) -> Result<ClaimState, Refusal> {
    if row.revision != said.revision {
        return Err(Refusal::Stale(row.revision));
    }
    let next = row.state.moves(by);
    row.state.step(by, said.to).ok_or(Refusal::NoMove { from: row.state.word(), next })
}

/// Keeps where a request stands now; false, if somebody was faster.
pub(super) async fn keep(
    tx: &mut Tx,
    before: &RequestRow,
    after: &RequestRow,
    at: Moment,
) -> Result<bool, Fault> {
    let query = tx.run(requests::SHIFT).bind(before.id).bind(before.revision);
    let query = query.bind(before.state).bind(after.state).bind(after.submitted_at);
    let query = query.bind(after.approved_minor).bind(after.rest_minor);
    Ok(query.bind(after.use_by).bind(at).execute().await? == 1)
}

/// One line of a timeline.
#[derive(Clone, Debug)]
pub(super) struct Event<'e> {
    pub(super) request: Id<FundRequest>,
    pub(super) claim: Option<Id<FundClaim>>,
    pub(super) step: Move,
    pub(super) side: Side,
    pub(super) person: Option<Id<Person>>,
    pub(super) minor: Option<i64>,
    pub(super) words: Option<&'e str>,
}

pub(super) async fn event(tx: &mut Tx, it: Event<'_>, at: Moment) -> Result<(), Fault> {
    let query = tx.run(requests::ADD_EVENT).bind(it.request).bind(it.claim);
    let query = query.bind(it.step).bind(it.side).bind(it.person).bind(it.minor);
    query.bind(it.words.map(str::to_owned)).bind(at).execute().await.map(drop)
}

/// Keeps a move of a request, and tells it: the timeline, screens, people, the log.
pub(super) async fn shift(
    tx: &mut Tx,
    scope: Scope,
    (before, after): (&RequestRow, &RequestRow),
    (side, said): (Side, &Said),
    at: Moment,
) -> Result<(), Refusal> {
    if !keep(tx, before, after, at).await? {
        return Err(Refusal::Stale(before.revision));
    }
    // A draft that is thrown away was never the vendor's to know of; its partner reads it still.
    let line = Event {
        request: before.id,
        claim: None,
        step: said.to,
        side,
        person: scope.actor(),
        minor: after.approved_minor,
        words: said.words.as_deref(),
    };
    event(tx, line, at).await?;
    let after = RequestRow { revision: before.revision + 1, ..after.clone() };
    tell::request(tx, &after);
    tell::of_request(tx, &after, said.to, at).await?;
    let action = format!("fund_request.{}", said.to.word());
    Ok(tell::entry(tx, scope, &after, &action, at).await?)
}
