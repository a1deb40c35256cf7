//! What every move has in common: whether it may be made, and who is told of it.

use gate::Scope;
use kernel::Moment;
use store::{Conn, Tx};

use super::{
    Flaw, Move, Reason, Refusal, Side, State,
    sql::{self, Row, Told},
    tell,
};

/// A move that a side wants to make.
#[derive(Clone, Debug)]
pub struct Step {
    /// Which.
    pub to: Move,
    /// The revision that was read.
    pub revision: i64,
    /// For how many days: of an approval, or of an extension more.
    pub days: Option<i64>,
    /// Why, of the fixed list.
    pub reason: Option<Reason>,
    /// In words, for the other side; up to 2,000 characters.
    pub words: Option<String>,
}

impl Step {
    /// With its words trimmed, and none where they are blank.
    ///
    /// # Errors
    /// If they are too long.
    pub fn read(self) -> Result<Self, Flaw> {
        let words = self.words.map(|words| words.trim().replace("\r\n", "\n"));
        let words = words.filter(|words| !words.is_empty());
        let control = |letter: char| letter.is_control() && letter != '\n';
        let fits = |it: &String| it.chars().count() <= 2_000 && !it.contains(control);
        if words.as_ref().is_some_and(|words| !fits(words)) {
            let why = "take up to 2,000 characters, without control characters";
            return Err(Flaw { field: "words", why });
        }
        Ok(Self { words, ..self })
    }
}

/// Where the move leads; none, if this very move was made just before: then it is done.
pub(super) async fn begin(
    conn: &mut Conn,
    row: &Row,
    by: Side,
    step: &Step,
) -> Result<Option<State>, Refusal> {
    if row.revision == step.revision.saturating_add(1) {
        let last = sql::events(conn, row.id).await?.pop();
        let same = |last: &sql::EventRow| {
            (last.r#move, last.side, last.state) == (step.to, by, row.state)
                && last.reason == step.reason
                && last.words == step.words
                && (step.days.is_none() || last.days == step.days)
        };
        if last.is_some_and(|last| same(&last)) {
            return Ok(None);
        }
    }
    if row.revision != step.revision {
        return Err(Refusal::Stale(row.revision));
    }
    if row.live == 0 {
        return Err(Refusal::NoPartnership);
    }
    let next = row.state.moves(by);
    let state = row.state.step(by, step.to);
    state.map(Some).ok_or(Refusal::NoMove { from: row.state, next })
}

/// Keeps the move, and tells it: the timeline, both sides' screens and people, the log.
pub(super) async fn finish(
    tx: &mut Tx,
    scope: Scope,
    (before, after): (&Row, &Row),
    by: Side,
    step: &Step,
    at: Moment,
) -> Result<(), Refusal> {
    if !sql::shift(tx, scope.organisation(), before, after, at).await? {
        return Err(Refusal::Stale(before.revision));
    }
    let told = Told {
        person: scope.actor(),
        reason: step.reason,
        words: step.words.clone(),
        days: step.days,
    };
    sql::add_event(tx, after, (step.to, by), &told, at).await?;
    let after = Row { revision: before.revision + 1, ..after.clone() };
    tell::hint(tx, &after);
    for (side, kind) in tell::notices(step.to) {
        // A draft that is thrown away was never the vendor's to know of.
        if *side == Side::Partner || after.submitted_at.is_some() {
            tell::people(tx, &after, *side, kind, step.days, at).await?;
        }
    }
    let action = format!("registration.{}", step.to.word());
    Ok(tell::entry(tx, scope, &after, &action, at).await?)
}
