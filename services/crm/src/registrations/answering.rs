//! What the vendor does: reviews, approves, refuses, asks, extends, revokes, opens the deal.

use gate::{Permit, Scope};
use kernel::{Id, Moment, Registration};
use sharing::Mask;
use store::{Conn, Tx};

use super::{
    AnswerRegistrations, Flaw, Move, Reason, Refusal, Side, convert, holds,
    moves::{self, Step},
    names::telling,
    rules::{MOST_DAYS, days_after},
    sql::{self, Row},
    tell,
    terms::{self, Terms},
};

/// How a vendor answers.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The move.
    pub step: Step,
    /// Whether the words go out even though they name another partner.
    pub anyway: Anyway,
    /// The fields of the deal's card that the partner will see, where a deal is opened.
    pub mask: Mask,
}

/// Whether a warning was read.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Anyway {
    /// No: warn.
    #[default]
    No,
    /// It was, and the words stand.
    Yes,
}

/// Moves a registration as its vendor. An approval above the limit is kept as the first of two,
/// and moves nothing until somebody else approves the same.
///
/// # Errors
/// [`Refusal`], each by its name; with nothing changed.
pub async fn answer(
    tx: &mut Tx,
    permit: &Permit<AnswerRegistrations>,
    id: Id<Registration>,
    answer: Answer,
    at: Moment,
) -> Result<(), Refusal> {
    let (scope, Answer { mut step, anyway, mask }) = (permit.scope(), answer);
    received(tx, scope, id).await?;
    let terms = terms::hold(tx, scope.organisation(), at).await?;
    let row = received(tx, scope, id).await?;
    if step.to == Move::Approve && step.days.is_none() {
        step.days = row.first_days.or(Some(terms.protect_days));
    }
    let Some(state) = moves::begin(tx, &row, Side::Vendor, &step).await? else {
        return Ok(());
    };
    said(tx, &row, &step, anyway).await?;
    let mut after = Row { state, ..row.clone() };
    match step.to {
        Move::Approve => {
            if !approve(tx, scope, (&row, &mut after), (&step, &terms), at).await? {
                return Ok(());
            }
        }
        Move::Reject | Move::AskMore => after.answered_at = Some(at),
        Move::Extend => extend(tx, &mut after, &step, at).await?,
        Move::RefuseExtension => after.wished_days = None,
        Move::Convert => {
            after.space_id = Some(convert::open(tx, permit, &row, mask, at).await?);
        }
        Move::Revoke => holds::release(tx, &row).await?,
        Move::Submit
        | Move::Withdraw
        | Move::Review
        | Move::AskExtension
        | Move::Lose
        | Move::Expire => {}
    }
    if matches!(step.to, Move::Approve | Move::Reject | Move::AskMore) {
        (after.first_by, after.first_days, after.first_at) = (None, None, None);
    }
    moves::finish(tx, scope, (&row, &after), Side::Vendor, &step, at).await
}

/// Approves, or keeps the first of two approvals: then it tells false.
async fn approve(
    tx: &mut Tx,
    scope: Scope,
    (row, after): (&Row, &mut Row),
    (step, terms): (&Step, &Terms),
    at: Moment,
) -> Result<bool, Refusal> {
    let days = step.days.filter(|days| (1..=MOST_DAYS).contains(days));
    let why = "protect for 1 to 365 days";
    let days = days.ok_or(Flaw { field: "days", why })?;
    let why = "it has no key by which a customer can be protected";
    let key = row.key().ok_or(Flaw { field: "key", why })?;
    holds::is_free(tx, row, &key, at).await?;
    let worth = row.amount_minor.zip(row.currency);
    if worth.is_some_and(|(minor, currency)| terms.needs_second(minor, currency)) {
        match row.first_by {
            None => {
                sign(tx, scope, row, days, at).await?;
                return Ok(false);
            }
            Some(first) if Some(first) == scope.actor() => {
                return Err(Refusal::SecondNeeded);
            }
            Some(_) => {
                if let Some(first) = row.first_days.filter(|first| *first != days) {
                    return Err(Refusal::OtherDays(first));
                }
            }
        }
    }
    let until = days_after(at, days);
    holds::take(tx, row, &key, until).await?;
    (after.until, after.answered_at, after.warned_days) = (Some(until), Some(at), 0);
    Ok(true)
}

/// The first of two approvals; the partner does not hear of it.
async fn sign(
    tx: &mut Tx,
    scope: Scope,
    row: &Row,
    days: i64,
    at: Moment,
) -> Result<(), Refusal> {
    if !sql::sign(tx, row, scope.actor(), days, at).await? {
        return Err(Refusal::Stale(row.revision));
    }
    tx.hint(store::Hint::Changed {
        organisation: row.vendor_id,
        kind: "registration".to_owned(),
        id: row.id.to_string(),
        revision: row.revision,
    });
    let kind = "registration_second";
    tell::people(tx, row, Side::Vendor, kind, Some(days), at).await?;
    Ok(tell::entry(tx, scope, row, "registration.approve_first", at).await?)
}

/// Grants so many days more as the vendor says, or as the partner wished; never to more than
/// 365 days from now.
async fn extend(
    tx: &mut Tx,
    after: &mut Row,
    step: &Step,
    at: Moment,
) -> Result<(), Refusal> {
    let days = step.days.or(after.wished_days);
    let days = days.filter(|days| (1..=MOST_DAYS).contains(days));
    let why = "extend by 1 to 365 days";
    let days = days.ok_or(Flaw { field: "days", why })?;
    let from = after.until.unwrap_or(at);
    if from <= at {
        let why = "the protection has run out; it can be registered anew";
        return Err(Flaw { field: "days", why }.into());
    }
    let until = days_after(from, days);
    if until > holds::furthest(at) {
        let why = "a protection lasts at most 365 days from today; extend by fewer days";
        return Err(Flaw { field: "days", why }.into());
    }
    holds::prolong(tx, after, until).await?;
    (after.until, after.wished_days, after.warned_days) = (Some(until), None, 0);
    Ok(())
}

/// Checks what is said with the move: a refusal says why, a question what is wanted, and no
/// words name another partner unless that is meant.
async fn said(
    conn: &mut Conn,
    row: &Row,
    step: &Step,
    anyway: Anyway,
) -> Result<(), Refusal> {
    let refuses = matches!(step.to, Move::Reject | Move::Revoke);
    if refuses && step.reason.is_none() {
        let why = "say why, with one of the reasons";
        return Err(Flaw { field: "reason", why }.into());
    }
    let explains = step.to == Move::AskMore || step.reason == Some(Reason::Other);
    if explains && step.words.is_none() {
        return Err(Flaw { field: "words", why: "say it in words" }.into());
    }
    let Some(words) = step.words.as_deref().filter(|_| anyway == Anyway::No) else {
        return Ok(());
    };
    let others = sql::other_partners(conn, row.vendor_id, row.partner_id).await?;
    let named = others.into_iter().find(|(name, domain)| {
        names(words, name) || words.to_lowercase().contains(domain.as_str())
    });
    named.map_or(Ok(()), |(name, _)| Err(Refusal::NamesPartner(name)))
}

/// Whether words name an organisation: its telling words stand in them, one after the other.
fn names(words: &str, name: &str) -> bool {
    let name = telling(name).join(" ");
    let folded = format!(" {} ", crate::fold(words));
    name.chars().count() > 2 && folded.contains(&format!(" {name} "))
}

/// A registration that the acting organisation is to answer.
async fn received(
    conn: &mut Conn,
    scope: Scope,
    id: Id<Registration>,
) -> Result<Row, Refusal> {
    let row = sql::one(conn, scope.organisation(), id).await?;
    row.filter(|row| row.vendor_id == scope.organisation()).ok_or(Refusal::NotFound)
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn words_name_a_partner_however_it_is_spelled() {
        assert!(names("Sorry, atelier-médoc has it.", "Atelier Médoc SARL"));
        assert!(!names("Sorry, another atelier has it.", "Atelier Médoc SARL"));
        assert!(!names("We go to market as one", "Market Force Ltd"));
        assert!(!names("as far as we see", "AS"));
    }
}
