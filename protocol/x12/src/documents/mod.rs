//! Orders and their answers as plain values.

mod answer;
mod order;
mod party;
mod write_answer;
mod write_order;

pub use answer::{LineAnswer, OrderAnswer};
pub use order::{DateOf, OrderLine, Product, PurchaseOrder, Reference};
pub use party::{Contact, Party};
pub use write_answer::{Answering, Decision, write_855};
pub use write_order::write_850;

use rust_decimal::Decimal;
use segments::{Broken, Flaw, Segment};

/// The number at this place; none where the element is empty.
///
/// # Errors
/// [`Flaw::NotANumber`] for anything but digits, a sign and a point.
pub(crate) fn decimal(
    segment: &Segment<'_, '_>,
    element: usize,
) -> Result<Option<Decimal>, Broken> {
    let text = segment.text(element);
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let plain =
        text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'));
    let read =
        if plain { text.parse().ok() } else { Decimal::from_scientific(text).ok() };
    read.map(Some).ok_or_else(|| Broken::in_element(Flaw::NotANumber, segment, element))
}

/// A number as X12 writes it: no zeros at the end, no point without a fraction.
pub(crate) fn number(value: Decimal) -> String {
    value.normalize().to_string()
}

/// A value, unless it is empty.
pub(crate) fn filled(segment: &Segment<'_, '_>, element: usize) -> Option<String> {
    Some(segment.text(element).trim().to_owned()).filter(|text| !text.is_empty())
}
