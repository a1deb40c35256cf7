//! What the vendor does with a lead, and what every move has in common.

use gate::{Permit, Scope};
use kernel::{Id, Lead as LeadKind, Moment};
use sharing::Mask;
use store::{Conn, Tx};

use super::{
    Flaw, HandLeads, Move, Reason, Refusal, Side, State, convert, offers,
    sql::{self, Row, Told},
    tell,
};

/// A move that a side wants to make.
#[derive(Clone, Debug)]
pub struct Step {
    /// Which.
    pub to: Move,
    /// The revision that was read: of the lead, or of the offer.
    pub revision: i64,
    /// Why, of the fixed list.
    pub reason: Option<Reason>,
    /// In words; up to 2,000 characters.
    pub words: Option<String>,
}

impl Step {
    /// With its words trimmed, and none where they are blank; with a reason where one is due.
    ///
    /// # Errors
    /// If the words are too long, or the reason is missing.
    pub fn read(self) -> Result<Self, Flaw> {
        let words = self.words.map(|words| words.trim().replace("\r\n", "\n"));
        let words = words.filter(|words| !words.is_empty());
        let control = |letter: char| letter.is_control() && letter != '\n';
        let fits = |it: &String| it.chars().count() <= 2_000 && !it.contains(control);
        if words.as_ref().is_some_and(|words| !fits(words)) {
            let why = "take up to 2,000 characters, without control characters";
            return Err(Flaw { field: "words", why });
        }
        if self.to.needs_reason() && self.reason.is_none() {
            let why = "say why, with one of the reasons";
            return Err(Flaw { field: "reason", why });
        }
        if self.reason == Some(Reason::Other) && words.is_none() {
            return Err(Flaw { field: "words", why: "say it in words" });
        }
        Ok(Self { words, ..self })
    }
}

/// Moves a lead as its vendor: qualifies it, puts it away, takes it back, opens a deal with it.
/// With `fields`, the partner sees these of the deal's card.
///
/// # Errors
/// [`Refusal`], each by its name; with nothing changed.
pub async fn hand(
    tx: &mut Tx,
    permit: &Permit<HandLeads>,
    id: Id<LeadKind>,
    step: Step,
    fields: Mask,
    at: Moment,
) -> Result<(), Refusal> {
    let (scope, own) = (permit.scope(), permit.scope().organisation());
    let row = sql::hold(tx, own, id).await?.ok_or(Refusal::NotFound)?;
    let Some(state) = begin(tx, &row, Side::Vendor, &step).await? else {
        return Ok(());
    };
    if step.to == Move::Offer {
        let why = "name the partner: post it to the lead's offers";
        return Err(Flaw { field: "move", why }.into());
    }
    let mut after = Row { state, ..row.clone() };
    if step.to == Move::Convert {
        let (account, space) = convert::open(tx, permit, &row, fields, at).await?;
        (after.account_id, after.space_id) = (Some(account), Some(space));
    }
    finish(tx, scope, (&row, &after), Side::Vendor, &step, at).await
}

/// Where the move leads; none, if this very move was made just before: then it is done.
async fn begin(
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
        };
        if last.is_some_and(|last| same(&last)) {
            return Ok(None);
        }
    }
    if row.revision != step.revision {
        return Err(Refusal::Stale(row.revision));
    }
    leads_to(row, by, step.to).map(Some)
}

/// Where a move leads.
///
/// # Errors
/// [`Refusal::NoMove`], with what may be done.
pub(super) fn leads_to(row: &Row, by: Side, to: Move) -> Result<State, Refusal> {
    let next = row.state.moves(by);
    row.state.step(by, to).ok_or(Refusal::NoMove { from: row.state, next })
}

/// Keeps the move, and tells it: the offer that it ends or changes, the timeline, the screens
/// and the people of both sides, the log. `before` is held.
pub(super) async fn finish(
    tx: &mut Tx,
    scope: Scope,
    (before, after): (&Row, &Row),
    by: Side,
    step: &Step,
    at: Moment,
) -> Result<(), Refusal> {
    if !sql::shift(tx, before, after, at).await? {
        return Err(Refusal::Stale(before.revision));
    }
    let told = Told {
        step: step.to,
        side: by,
        person: scope.actor(),
        partner: after.partner_id,
        state: after.state,
        reason: step.reason,
        words: step.words.clone(),
        due: after.due_at.filter(|_| step.to == Move::Offer),
    };
    sql::add_event(tx, after.id, &told, at).await?;
    if let Some(state) = step.to.of_offer() {
        offers::answered(tx, before, state, at).await?;
    }
    tell::hint(tx, after.organisation_id, after.id, before.revision + 1);
    let (vendor, partner) = notices(step.to);
    if let Some(kind) = vendor {
        tell::vendor(tx, after, kind, at).await?;
    }
    if let Some(kind) = partner {
        tell::partner(tx, after, kind, at).await?;
    }
    let action = format!("lead.{}", step.to.word());
    tell::entry(tx, scope, after, &action, at).await?;
    Ok(())
}

/// Under which word the vendor and the partner are told.
const fn notices(step: Move) -> (Option<&'static str>, Option<&'static str>) {
    match step {
        Move::Qualify | Move::Disqualify | Move::Reopen => (None, None),
        Move::Offer => (None, Some("lead_offered")),
        Move::Withdraw => (None, Some("lead_withdrawn")),
        Move::Accept => (Some("lead_accepted"), None),
        Move::Decline => (Some("lead_declined"), None),
        Move::Return => (Some("lead_returned"), None),
        Move::Lapse => (Some("lead_lapsed"), Some("lead_missed")),
        Move::Convert => (None, Some("lead_converted")),
    }
}
