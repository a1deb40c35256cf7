//! A seller's counter-offer on a line of a change: how it agrees, where not as it was asked. Pure.

use kernel::Day;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ChangeError, ChangeKind, ChangeLine, OrderedLine, number, refused};

/// What the seller offers on a line instead of what was asked; what it leaves out is as asked.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LineOffer {
    /// How much, in decimals, more than nothing.
    pub quantity: Option<String>,
    /// At what price a unit, in decimals.
    pub unit_price: Option<String>,
    /// By what day.
    pub requested_on: Option<Day>,
}

/// What the seller says of a line of a change.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LineVerdict {
    /// The line, as the change names it.
    pub line: String,
    /// Whether the seller agrees.
    pub accept: bool,
    /// How it agrees, if not as it was asked.
    pub offer: Option<LineOffer>,
}

/// A line of a change with what the seller says of it.
///
/// # Errors
/// [`ChangeError::Line`], where an offer stands beside a refusal or a deleted line, or makes no sense.
pub(super) fn judged(
    line: ChangeLine,
    verdict: LineVerdict,
) -> Result<ChangeLine, ChangeError> {
    let offered = match verdict.offer {
        None => None,
        Some(_) if !verdict.accept => {
            let why = "it is refused, so nothing else is offered; agree to it otherwise";
            return Err(refused(&line, why));
        }
        Some(_) if line.kind == ChangeKind::Deleted => {
            let why = "it is deleted or it stays; nothing else can be offered of it";
            return Err(refused(&line, why));
        }
        Some(offer) => Some(sensible(&line, offer)?),
    };
    // What is as it was asked is no offer.
    let offered = offered.filter(|it| *it != LineOffer::default());
    Ok(ChangeLine { accepted: Some(verdict.accept), offered, ..line })
}

fn sensible(line: &ChangeLine, offer: LineOffer) -> Result<LineOffer, ChangeError> {
    let other = |text: Option<String>, asked: &Option<String>| {
        let Some(text) = text else { return Ok(None) };
        let new = number(line, &text)?;
        let asked = asked.as_deref().and_then(|it| it.parse::<Decimal>().ok());
        Ok((asked != Some(new)).then(|| new.normalize().to_string()))
    };
    let quantity = other(offer.quantity, &line.quantity)?;
    if quantity.as_deref() == Some("0") {
        return Err(refused(line, "nothing of it is offered; refuse it instead"));
    }
    Ok(LineOffer {
        quantity,
        unit_price: other(offer.unit_price, &line.unit_price)?,
        requested_on: offer.requested_on.filter(|it| Some(*it) != line.requested_on),
    })
}

impl ChangeLine {
    /// How much, at what price and by what day both sides agreed; none where that stays.
    pub fn agreed(&self) -> LineOffer {
        let offered = self.offered.clone().unwrap_or_default();
        LineOffer {
            quantity: offered.quantity.or_else(|| self.quantity.clone()),
            unit_price: offered.unit_price.or_else(|| self.unit_price.clone()),
            requested_on: offered.requested_on.or(self.requested_on),
        }
    }

    /// The line of the order, once this is agreed to.
    pub(super) fn done(&self, was: &OrderedLine) -> OrderedLine {
        let agreed = self.agreed();
        OrderedLine {
            quantity: agreed.quantity.unwrap_or_else(|| was.quantity.clone()),
            unit_price: agreed.unit_price.unwrap_or_else(|| was.unit_price.clone()),
            requested_on: agreed.requested_on.or(was.requested_on),
            ..was.clone()
        }
    }
}
