//! What a seller's paper says of an order: an answer (855, 865, ORDRSP), a dispatch advice (856,
//! DESADV), an invoice or a credit note (810,
//! INVOIC); read from the canonical document against the order. Pure.

mod advice;
mod answer;
mod bill;
mod credit;
mod offer;

use commerce::orders::OrderView;
use trade::{Document, Kind, Left, Line};

use super::{Paper, plain};
use crate::interchanges::clean;

pub(crate) use advice::advice;
pub(crate) use answer::{answer, change_answer};
pub(crate) use bill::bill;
pub(crate) use credit::credit;
pub(crate) use offer::{Offer, offer};

/// A seller's paper, read.
pub(crate) struct Said {
    /// The number of the order that it is about.
    pub(crate) order: String,
    /// What it says.
    pub(crate) document: Document,
    /// What of it has no place in the document.
    pub(crate) left: Vec<Left>,
}

/// Reads a seller's paper.
///
/// # Errors
/// In plain words, what keeps it from being one.
pub(crate) fn said(paper: Paper<'_, '_>) -> Result<Said, String> {
    let read = paper.document()?;
    let document = read.outcome;
    let what = paper.kind();
    if matches!(document.purpose.as_str(), "cancellation" | "deletion") {
        return Err(format!(
            "this {what} takes another one back, which is not done by EDI here; an invoice is \
             taken back on its page"
        ));
    }
    if document.kind == Kind::Invoice
        && let Some(other) = document.invoice_type.as_deref()
        && !matches!(other, "invoice" | "credit_note")
    {
        return Err(format!(
            "it is neither an invoice nor a credit note but `{}` (BIG07, or 1001 of BGM), which \
             is not worked on here",
            clean(other)
        ));
    }
    let about =
        document.about.iter().filter(|it| it.kind.is_empty() || it.kind == "order");
    let named = about.map(|it| it.number.as_str());
    let of_lines = document.lines.iter().filter_map(|line| line.order.as_ref());
    let named = named.chain(of_lines.map(|it| it.number.as_str()));
    let mut orders: Vec<_> = named.map(plain).filter(|it| !it.is_empty()).collect();
    orders.sort_unstable();
    orders.dedup();
    match <[String; 1]>::try_from(orders) {
        Ok([order]) => Ok(Said { order, document, left: read.left }),
        Err(none) if none.is_empty() => {
            Err(format!("this {what} names no order (BAK03, PRF01, BIG04, or RFF ON)"))
        }
        Err(many) => Err(format!(
            "this {what} is about several orders ({}); send one for each",
            many.join(", ")
        )),
    }
}

/// An order, as a seller's paper may name its lines.
pub(crate) struct Known<'o> {
    pub(crate) order: &'o OrderView,
    came: Option<&'o Document>,
}

impl<'o> Known<'o> {
    /// `came` is the document by which the order came, if it came by EDI.
    pub(crate) const fn new(order: &'o OrderView, came: Option<&'o Document>) -> Self {
        Self { order, came }
    }

    /// The line of the order by which it came, at the place of a line that is still the same.
    fn origin(&self, place: usize) -> Option<&'o Line> {
        let own = self.order.lines.get(place)?;
        let line = self.came?.lines.get(place)?;
        let same = |it: &trade::Product| clean(it.value.trim()) == own.product;
        (own.product.is_empty() || line.products.iter().any(same)).then_some(line)
    }

    /// Whether a line of the order is of one of these products.
    fn is_of(&self, place: usize, products: &[String]) -> bool {
        let own = self.order.lines.get(place).map(|it| it.product.as_str());
        let came = self.origin(place).into_iter().flat_map(|it| &it.products);
        let mut names = came.map(|it| plain(&it.value)).collect::<Vec<_>>();
        names.extend(own.map(str::to_owned));
        products.iter().any(|it| names.contains(it))
    }

    /// The place of the line of the order that a line of a paper is about: of the number that it
    /// has, if the products agree or one says none; else the only one of that product.
    ///
    /// # Errors
    /// In plain words, where there is none, or it counts in another unit.
    fn find(&self, (ordinal, line): (usize, &Line)) -> Result<usize, String> {
        let number = plain(&line.number);
        let products = line.products.iter().map(|it| plain(&it.value));
        let products: Vec<_> = products.filter(|it| !it.is_empty()).collect();
        let lines = &self.order.lines;
        let named = lines.iter().position(|it| it.line == number);
        let of_product = |place: &usize| self.is_of(*place, &products);
        let mut same = (0..lines.len()).filter(of_product);
        let agrees = |place: &usize| {
            let bare = lines.get(*place).is_some_and(|it| it.product.is_empty());
            products.is_empty() || bare || of_product(place)
        };
        let only = same.next().filter(|_| same.next().is_none());
        let Some(place) = named.filter(agrees).or(only) else {
            let of = if products.is_empty() {
                "no product".to_owned()
            } else {
                products.join(", ")
            };
            return Err(format!(
                "line {ordinal} (`{number}`, {of}) is no line of order {}",
                self.order.summary.number
            ));
        };
        self.counts_alike(ordinal, line, place)?;
        Ok(place)
    }

    fn counts_alike(
        &self,
        ordinal: usize,
        line: &Line,
        place: usize,
    ) -> Result<(), String> {
        let unit = clean(line.unit.trim());
        let own = lines_unit(self.order, place);
        let came = self.origin(place).map(|it| it.unit.as_str());
        let ones = ONES.contains(&unit.as_str()) && ONES.contains(&own);
        if unit.is_empty() || unit == own || Some(unit.as_str()) == came || ones {
            return Ok(());
        }
        Err(format!("line {ordinal} counts {unit}, and the order {own}"))
    }
}

/// Units that count single things, by whatever name: one of them is one of another.
///
/// Source: UNECE Recommendation 20 (`EA`, `C62`, `H87`, and `PCE` of earlier revisions); X12 355 (`PC`).
const ONES: [&str; 5] = ["EA", "PCE", "PC", "C62", "H87"];

fn lines_unit(order: &OrderView, place: usize) -> &str {
    order.lines.get(place).map(|it| it.unit.as_str()).unwrap_or_default()
}

/// Words of several notes in one line of so many characters.
fn note(document: &Document, most: usize) -> String {
    let notes = document.notes.iter().map(|it| plain(&it.text));
    let notes: Vec<_> = notes.filter(|it| !it.is_empty()).collect();
    short(&notes.join("; "), most)
}

fn short(text: &str, most: usize) -> String {
    plain(text).chars().take(most).collect::<String>().trim().to_owned()
}
