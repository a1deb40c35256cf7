//! What a change makes of the lines of an order. Pure.

use kernel::{Currency, Day};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::orders::{self, OrderState};

mod offer;
mod settle;

pub use offer::{LineOffer, LineVerdict};
pub use settle::LineSettled;
pub(super) use settle::{Countered, settle, settles, stands};

/// How far a change is.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ChangeState {
    /// It waits for the seller.
    Asked,
    /// The seller agreed to all of it.
    Accepted,
    /// The seller agreed to some of it.
    AcceptedInPart,
    /// The seller agreed to nothing of it.
    Rejected,
}

/// What is to become of a line.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is ordered otherwise.
    Changed,
    /// It is ordered no more.
    Deleted,
}

/// What is to become of one line.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeLine {
    /// The line, as the order names it; of a new line its name, at most 20 characters.
    pub line: String,
    /// What is to become of it.
    pub kind: ChangeKind,
    /// Of a new line: what, by the seller's number for it.
    #[serde(default)]
    pub product: String,
    /// Of a new line: what, in words.
    #[serde(default)]
    pub description: String,
    /// Of a new line: of what unit.
    #[serde(default)]
    pub unit: String,
    /// How much, in decimals; none where that stays.
    #[serde(default)]
    pub quantity: Option<String>,
    /// At what price a unit, in decimals; none where that stays.
    #[serde(default)]
    pub unit_price: Option<String>,
    /// By what day; none where that stays.
    #[serde(default)]
    pub requested_on: Option<Day>,
    /// Whether the seller agreed; none while it waits.
    #[serde(default)]
    pub accepted: Option<bool>,
    /// How the seller agreed, if not as it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offered: Option<LineOffer>,
}

/// A line of an order, as far as changes go.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct OrderedLine {
    /// Its name in the order.
    pub line: String,
    /// What, by the seller's number for it.
    pub product: String,
    /// What, in words.
    pub description: String,
    /// Of what unit.
    pub unit: String,
    /// How much, in decimals.
    pub quantity: String,
    /// At what price a unit, in decimals.
    pub unit_price: String,
    /// By what day.
    pub requested_on: Option<Day>,
}

/// Why a change makes no sense.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ChangeError {
    /// Nothing would be otherwise.
    #[error("the change changes nothing: the order says all of it already")]
    Nothing,
    /// Nothing is said of a counter-offer.
    #[error("say of at least one line that is offered otherwise whether you take it")]
    NothingSettled,
    /// Too much.
    #[error("a change has at most {LIMIT} lines; send several")]
    TooMany,
    /// Something of a line.
    #[error("line {0}: {1}")]
    Line(String, String),
    /// The order is too far on.
    #[error("the order is `{}`; it is changed no more", .0.word())]
    TooLate(OrderState),
    /// A line has no answer, or one that is none of the change.
    #[error("answer each line of the change once; line {0} is missing, or too much")]
    Answers(String),
}

/// The most lines that a change may have.
pub(super) const LIMIT: usize = 1_000;

fn refused(line: &ChangeLine, why: &str) -> ChangeError {
    ChangeError::Line(line.line.clone(), why.to_owned())
}

fn number(line: &ChangeLine, text: &str) -> Result<Decimal, ChangeError> {
    let why = || refused(line, &format!("`{text}` is no number such as 12.50"));
    orders::decimal(text).ok_or_else(why)
}

/// A change without what it leaves as it is, checked against the order.
///
/// # Errors
/// [`ChangeError`], with the line.
pub(super) fn read(
    ordered: &[OrderedLine],
    change: Vec<ChangeLine>,
) -> Result<Vec<ChangeLine>, ChangeError> {
    if change.len() > LIMIT {
        return Err(ChangeError::TooMany);
    }
    let mut kept: Vec<ChangeLine> = Vec::with_capacity(change.len());
    for line in change {
        if kept.iter().any(|it| it.line == line.line) {
            return Err(refused(&line, "it is named twice"));
        }
        let known = ordered.iter().find(|it| it.line == line.line);
        kept.extend(match (line.kind, known) {
            (ChangeKind::Added, None) => Some(added(line)?),
            (ChangeKind::Added, Some(_)) => {
                return Err(refused(&line, "the order has a line of that name"));
            }
            (ChangeKind::Changed, Some(known)) => changed(line, known)?,
            (ChangeKind::Deleted, Some(known)) => Some(deleted(line, known)),
            (ChangeKind::Changed | ChangeKind::Deleted, None) => {
                return Err(refused(&line, "it is no line of the order"));
            }
        });
    }
    if kept.is_empty() { Err(ChangeError::Nothing) } else { Ok(kept) }
}

fn added(line: ChangeLine) -> Result<ChangeLine, ChangeError> {
    let named = (1..=20).contains(&line.line.chars().count())
        && !line.line.contains(char::is_control);
    if !named {
        return Err(refused(&line, "a new line has a name of at most 20 characters"));
    }
    let fits = |text: &str, most| {
        text.chars().count() <= most && !text.contains(char::is_control)
    };
    if !fits(&line.product, 80) || !fits(&line.description, 500) || !fits(&line.unit, 10)
    {
        return Err(refused(&line, "its words are too long, or of several lines"));
    }
    if line.product.trim().is_empty() && line.description.trim().is_empty() {
        return Err(refused(&line, "say what is ordered: a number, or words"));
    }
    let (Some(quantity), Some(price)) = (&line.quantity, &line.unit_price) else {
        return Err(refused(&line, "a new line has a quantity and a price"));
    };
    number(&line, price)?;
    if number(&line, quantity)?.is_zero() {
        return Err(refused(&line, "it orders nothing"));
    }
    Ok(ChangeLine { accepted: None, offered: None, ..line })
}

/// None, if nothing of the line changes.
fn changed(
    line: ChangeLine,
    known: &OrderedLine,
) -> Result<Option<ChangeLine>, ChangeError> {
    let differs = |text: &Option<String>, known: &str| -> Result<_, ChangeError> {
        let Some(text) = text else { return Ok(None) };
        let new = number(&line, text)?;
        let same = known.parse::<Decimal>().is_ok_and(|known| known == new);
        Ok((!same).then(|| new.normalize().to_string()))
    };
    let quantity = differs(&line.quantity, &known.quantity)?;
    let unit_price = differs(&line.unit_price, &known.unit_price)?;
    if quantity.as_deref() == Some("0") {
        return Ok(Some(deleted(line, known)));
    }
    let requested_on = line.requested_on.filter(|it| Some(*it) != known.requested_on);
    let nothing = quantity.is_none() && unit_price.is_none() && requested_on.is_none();
    Ok((!nothing).then(|| ChangeLine {
        quantity,
        unit_price,
        requested_on,
        ..about(line.line.clone(), ChangeKind::Changed, known)
    }))
}

fn deleted(line: ChangeLine, known: &OrderedLine) -> ChangeLine {
    about(line.line, ChangeKind::Deleted, known)
}

fn about(line: String, kind: ChangeKind, known: &OrderedLine) -> ChangeLine {
    ChangeLine {
        line,
        kind,
        product: known.product.clone(),
        description: known.description.clone(),
        unit: known.unit.clone(),
        quantity: None,
        unit_price: None,
        requested_on: None,
        accepted: None,
        offered: None,
    }
}

/// A change with the seller's answers, and where they lead it: what is agreed to otherwise than
/// asked is agreed to in part.
///
/// # Errors
/// [`ChangeError::Answers`]; [`ChangeError::Line`], where an offer makes no sense.
pub(super) fn answer(
    change: Vec<ChangeLine>,
    mut answers: Vec<LineVerdict>,
) -> Result<(ChangeState, Vec<ChangeLine>), ChangeError> {
    let mut answered = Vec::with_capacity(change.len());
    for line in change {
        let place = answers.iter().position(|it| it.line == line.line);
        let place = place.ok_or_else(|| ChangeError::Answers(line.line.clone()))?;
        answered.push(offer::judged(line, answers.swap_remove(place))?);
    }
    if let Some(extra) = answers.into_iter().next() {
        return Err(ChangeError::Answers(extra.line));
    }
    let taken = answered.iter().filter(|it| it.accepted == Some(true)).count();
    let as_asked = answered.iter().all(|it| it.offered.is_none());
    let state = if taken == 0 {
        ChangeState::Rejected
    } else if taken == answered.len() && as_asked {
        ChangeState::Accepted
    } else {
        ChangeState::AcceptedInPart
    };
    Ok((state, answered))
}

/// The lines of an order once what was accepted of a change is done, with what each comes to.
///
/// # Errors
/// [`ChangeError`], if the order does not have those lines any more, or would be worth too much.
pub(super) fn apply(
    ordered: &[OrderedLine],
    change: &[ChangeLine],
    currency: Currency,
) -> Result<Vec<(OrderedLine, i64)>, ChangeError> {
    let taken: Vec<_> = change.iter().filter(|it| it.accepted == Some(true)).collect();
    for line in &taken {
        let known = ordered.iter().any(|it| it.line == line.line);
        if known == (line.kind == ChangeKind::Added) {
            let why = "another change was accepted in the meantime; reject this one";
            return Err(refused(line, why));
        }
    }
    let mut lines = Vec::with_capacity(ordered.len() + taken.len());
    for line in ordered {
        match taken.iter().find(|it| it.line == line.line) {
            None => lines.push(line.clone()),
            Some(change) if change.kind == ChangeKind::Deleted => {}
            Some(change) => lines.push(change.done(line)),
        }
    }
    let new = taken.iter().filter(|it| it.kind == ChangeKind::Added);
    lines.extend(new.map(|it| {
        it.done(&OrderedLine {
            line: it.line.clone(),
            product: it.product.clone(),
            description: it.description.clone(),
            unit: it.unit.clone(),
            quantity: String::new(),
            unit_price: String::new(),
            requested_on: None,
        })
    }));
    lines.into_iter().map(|line| worth(line, currency)).collect()
}

fn worth(
    line: OrderedLine,
    currency: Currency,
) -> Result<(OrderedLine, i64), ChangeError> {
    let parsed = (line.quantity.parse(), line.unit_price.parse());
    let amount = match parsed {
        (Ok(quantity), Ok(price)) => orders::amount(quantity, price, currency),
        (Err(_), _) | (_, Err(_)) => None,
    };
    let why = || "it is worth more than can be counted".to_owned();
    let amount = amount.ok_or_else(|| ChangeError::Line(line.line.clone(), why()))?;
    Ok((line, amount))
}

/// Where an order stands once a change of it was accepted, in whole or in part; `left` is whether
/// it has lines.
///
/// # Errors
/// [`ChangeError::TooLate`], if it is too far on.
pub(super) fn leads_to(from: OrderState, left: bool) -> Result<OrderState, ChangeError> {
    let to = match from {
        _ if !left => OrderState::Cancelled,
        OrderState::Received => return Ok(OrderState::Received),
        OrderState::Accepted
        | OrderState::AcceptedWithChange
        | OrderState::Rejected
        | OrderState::Changed
        | OrderState::PartShipped
        | OrderState::Shipped
        | OrderState::Invoiced
        | OrderState::Closed
        | OrderState::Cancelled => OrderState::Changed,
    };
    let may = from == OrderState::Received || from.is_agreed();
    if may && from.may_become(to) { Ok(to) } else { Err(ChangeError::TooLate(from)) }
}

#[cfg(test)]
mod tests;
