//! An answer to an order, or to a change of one, line by line.

use commerce::{
    changes::{ChangeKind, ChangeLine, LineOffer, LineVerdict, OrderedLine},
    orders::{Answer, Decision, LineAnswer, OrderLineView},
};
use rust_decimal::Decimal;
use trade::{Document, Line};

use super::{Known, note};
use crate::dialects::{iso_day, plain};

/// How long a word to the buyer is, in characters, as in the browser.
const NOTE: usize = 264;

/// What becomes of a line by the words of its statuses.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Word {
    /// As it says: its quantity, price and day are compared with the order.
    Taken,
    Refused,
}

/// The answer that a document gives to an order.
///
/// A line that is accepted with another quantity, price or day is one that changes. An answer to the
/// whole, without lines, is one to each line.
///
/// # Errors
/// In plain words, what keeps it from being an answer.
pub(crate) fn answer(document: &Document, known: &Known<'_>) -> Result<Answer, String> {
    let order = known.order;
    let mut lines: Vec<LineAnswer> = Vec::with_capacity(order.lines.len());
    for (ordinal, line) in (1..).zip(&document.lines) {
        let place = known.find((ordinal, line))?;
        let Some(own) = order.lines.get(place) else { continue };
        if lines.iter().any(|it| it.line == own.line) {
            return Err(format!("line {} of the order is answered twice", own.line));
        }
        lines.push(of_line((ordinal, line), own, document.answer.as_deref())?);
    }
    if document.lines.is_empty() {
        let decision = match document.answer.as_deref() {
            Some("accepted") => Decision::Accept,
            Some("rejected") => Decision::Reject,
            Some(_) | None => {
                return Err(
                    "it neither accepts nor rejects the order, and has no lines \
                            (BAK02, or 4343 of BGM)"
                        .to_owned(),
                );
            }
        };
        lines.extend(order.lines.iter().map(|it| bare(it, decision)));
    }
    let note = note(document, NOTE);
    let note = Some(note).filter(|it| !it.is_empty());
    Ok(Answer { revision: order.summary.revision, note, lines })
}

fn bare(line: &OrderLineView, decision: Decision) -> LineAnswer {
    let (quantity, unit_price, requested_on) = (None, None, None);
    LineAnswer { line: line.line.clone(), decision, quantity, unit_price, requested_on }
}

fn of_line(
    (ordinal, line): (usize, &Line),
    own: &OrderLineView,
    whole: Option<&str>,
) -> Result<LineAnswer, String> {
    let mut words = Vec::new();
    for status in line.confirmations.iter().map(|it| it.status.as_str()) {
        words.extend(word(ordinal, status)?);
    }
    let told = line.confirmations.iter().filter_map(|it| it.quantity);
    let confirmed = told.reduce(Decimal::saturating_add);
    if words.is_empty() && whole == Some("rejected")
        || words.contains(&Word::Refused)
        || words.is_empty() && confirmed.is_some_and(|it| it.is_zero())
    {
        if words.contains(&Word::Taken) {
            return Err(format!(
                "line {ordinal} is taken and refused in part; say by its quantity how much comes"
            ));
        }
        return Ok(bare(own, Decision::Reject));
    }
    let ordered: Option<Decimal> = own.quantity.parse().ok();
    let quantity = confirmed.or(line.quantity).filter(|it| Some(*it) != ordered);
    let unit_price = match line.price {
        None => None,
        Some(_) => Some(line.unit_price().ok_or_else(|| {
            format!(
                "line {ordinal}: its price is of another unit; state the price of one"
            )
        })?),
    };
    let agreed: Option<Decimal> = own.unit_price.parse().ok();
    let unit_price = unit_price.filter(|it| Some(*it) != agreed);
    let requested_on = promised(line).filter(|it| Some(*it) != own.requested_on);
    let same = quantity.is_none() && unit_price.is_none() && requested_on.is_none();
    Ok(LineAnswer {
        decision: if same { Decision::Accept } else { Decision::Change },
        quantity: quantity.map(|it| it.normalize()),
        unit_price: unit_price.map(|it| it.normalize()),
        requested_on,
        ..bare(own, Decision::Accept)
    })
}

/// What a status makes of a line; nothing where it says nothing.
fn word(ordinal: usize, status: &str) -> Result<Option<Word>, String> {
    match status {
        "" => Ok(None),
        "accepted"
        | "changed"
        | "quantity_changed"
        | "price_changed"
        | "date_changed"
        | "accepted_and_shipped" => Ok(Some(Word::Taken)),
        "rejected" | "deleted" | "unknown_item" => Ok(Some(Word::Refused)),
        other => Err(format!(
            "line {ordinal} is answered with `{}`, which is not known here; accept, change or \
             reject it",
            plain(other)
        )),
    }
}

/// The day that a line is promised for.
fn promised(line: &Line) -> Option<kernel::Day> {
    let of = |kind: &str| {
        matches!(
            kind,
            "promised" | "current_schedule" | "estimated_delivery" | "delivered"
        )
    };
    let told = line.confirmations.iter().filter_map(|it| it.date.as_deref());
    let dates = line.dates.iter().filter(|it| of(&it.kind)).map(|it| it.date.as_str());
    let planned =
        line.schedules.iter().filter(|it| of(&it.kind)).map(|it| it.date.as_str());
    told.chain(dates).chain(planned).find_map(iso_day)
}

/// The answer that a document gives to the lines of a change: which are agreed to, how, where not as
/// asked, and a word to the buyer.
///
/// # Errors
/// In plain words, what keeps it from being an answer.
pub(crate) fn change_answer(
    document: &Document,
    (asked, ordered): (&[ChangeLine], &[OrderedLine]),
) -> Result<(Vec<LineVerdict>, Option<String>), String> {
    let whole = match document.answer.as_deref() {
        Some("accepted") => Some(true),
        Some("rejected") => Some(false),
        Some(_) | None => None,
    };
    let mut lines = Vec::with_capacity(asked.len());
    for change in asked {
        let number = |it: &&Line| plain(&it.number) == change.line;
        let product = |it: &&Line| {
            let own = ordered.iter().find(|it| it.line == change.line);
            let own = own.map_or(change.product.as_str(), |it| it.product.as_str());
            !own.is_empty() && it.products.iter().any(|it| plain(&it.value) == own)
        };
        let told = document.lines.iter().find(number);
        let told = told.or_else(|| document.lines.iter().find(product));
        let agreed = match (told, whole) {
            (Some(line), _) => agrees(line, change)?.or(whole),
            (None, whole) => whole,
        };
        let agreed = agreed.ok_or_else(|| {
            format!(
                "line {} of the change has no answer; accept or reject it",
                change.line
            )
        })?;
        let offer = told.filter(|_| agreed).and_then(|it| offered(it, change));
        lines.push(LineVerdict { line: change.line.clone(), accept: agreed, offer });
    }
    let note = note(document, NOTE);
    Ok((lines, Some(note).filter(|it| !it.is_empty())))
}

/// Whether a line agrees to a change; nothing where it does not say.
fn agrees(line: &Line, change: &ChangeLine) -> Result<Option<bool>, String> {
    let deleted = change.kind == ChangeKind::Deleted;
    let mut agreed = None;
    for told in &line.confirmations {
        match told.status.as_str() {
            "" => {}
            "rejected" | "unknown_item" => return Ok(Some(false)),
            "deleted" => return Ok(Some(deleted)),
            "accepted"
            | "changed"
            | "quantity_changed"
            | "price_changed"
            | "date_changed"
            | "accepted_and_shipped" => agreed = Some(true),
            other => {
                return Err(format!(
                    "line {}: `{}` is not known here",
                    change.line,
                    plain(other)
                ));
            }
        }
    }
    Ok(agreed)
}

/// How a line agrees, where not as it was asked: the seller's counter-offer.
fn offered(line: &Line, change: &ChangeLine) -> Option<LineOffer> {
    if change.kind == ChangeKind::Deleted {
        return None;
    }
    let other = |told: Option<Decimal>, asked: &Option<String>| {
        let asked = asked.as_deref().and_then(|it| it.parse::<Decimal>().ok())?;
        let told = told.filter(|it| *it != asked)?;
        Some(told.normalize().to_string())
    };
    let told = line.confirmations.iter().filter_map(|it| it.quantity);
    let told = told.reduce(Decimal::saturating_add);
    let promised = promised(line);
    let offer = LineOffer {
        quantity: other(told, &change.quantity),
        unit_price: other(line.unit_price(), &change.unit_price),
        requested_on: promised
            .filter(|it| change.requested_on.is_some_and(|asked| asked != *it)),
    };
    Some(offer).filter(|it| *it != LineOffer::default())
}
