//! What is pure about interchanges: their words, their faults, and orders out of 850s.

use commerce::orders::{Clues, Incoming, IncomingLine};
use kernel::{Currency, Day, Moment};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which way an interchange went, for who looks at it.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Direction {
    /// To them.
    In,
    /// From them.
    Out,
}

/// Where an interchange stands.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum InterchangeState {
    /// In: kept, and not judged yet.
    Received,
    /// In: all that it says was done.
    Applied,
    /// In: something of it waits for a person; what was good in it is done.
    Quarantined,
    /// In: refused as a whole. Out: refused by the partner.
    Rejected,
    /// In: the very interchange that came before.
    Duplicate,
    /// In: put away by a person, and not worked on.
    Discarded,
    /// Out: made, and not handed over yet.
    Built,
    /// Out: handed over.
    Sent,
}

/// One thing that is wrong with an interchange, in plain words, with its place.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct FaultNote {
    /// What is wrong.
    pub text: String,
    /// How to mend it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mend: Option<String>,
    /// The segment, such as `PO1`.
    pub segment: Option<String>,
    /// Its number in the file, from 1.
    pub segment_number: Option<u64>,
    /// The element, from 1.
    pub element: Option<u64>,
    /// The byte, from the start of the file.
    pub byte: Option<u64>,
    /// What stands there, escaped.
    pub value: Option<String>,
}

/// How many faults are kept with an interchange.
pub(super) const FAULTS_LIMIT: usize = 200;
/// The most lines that an order, and all orders of an interchange, may have.
pub(crate) const LINES_LIMIT: usize = 10_000;
/// The most documents that an interchange may hold: they are worked on in one transaction.
pub(super) const SETS_LIMIT: usize = 1000;
/// The most interchanges that a file may hold.
pub(super) const INTERCHANGES_LIMIT: usize = 1000;

impl FaultNote {
    /// About the whole.
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

impl From<&x12::Broken> for FaultNote {
    fn from(broken: &x12::Broken) -> Self {
        let place = &broken.place;
        let some = |text: &str| (!text.is_empty()).then(|| clean(text));
        Self {
            text: clean(&broken.to_string()),
            mend: some(&broken.mend),
            segment: some(&place.segment),
            segment_number: (place.number > 0).then_some(place.number as u64),
            element: (place.element > 0).then_some(place.element as u64),
            byte: Some(place.at as u64),
            value: some(&broken.value),
        }
    }
}

/// The errors of a verdict, as notes.
pub(super) fn notes(verdict: &x12::Verdict) -> Vec<FaultNote> {
    let errors = verdict.all().filter(|broken| broken.weight == x12::Weight::Error);
    errors.map(FaultNote::from).collect()
}

/// The faults as they are stored: so many, and a word for those beyond.
pub(super) fn stored(mut faults: Vec<FaultNote>) -> String {
    let beyond = faults.len().saturating_sub(FAULTS_LIMIT);
    if beyond > 0 {
        faults.truncate(FAULTS_LIMIT);
        faults.push(FaultNote::plain(format!("and {beyond} more")));
    }
    serde_json::to_string(&faults).unwrap_or_else(|_never| "[]".to_owned())
}

/// A peer's text as both databases can hold it.
pub(crate) fn clean(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// Two parties as one word, for numbers that are theirs: own side first.
pub(super) fn pair(own: &str, partner: &str) -> String {
    format!("{own}>{partner}")
}

/// When something is written, as X12 has it.
pub(crate) fn stamp(at: Moment) -> x12::Stamp {
    let text = at.to_string();
    let digits = |from: usize, to: usize| {
        let part = text.get(from..to).unwrap_or_default();
        part.chars().filter(char::is_ascii_digit).collect()
    };
    x12::Stamp { date: digits(0, 10), time: digits(11, 16) }
}

/// A day as X12 writes it.
pub(crate) fn written(day: Day) -> String {
    day.to_string().replace('-', "")
}

fn day(text: &str) -> Option<Day> {
    let text = text.trim();
    let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = |from, to| text.get(from..to)?.parse::<i16>().ok();
    let (year, month, day) = (number(0, 4)?, number(4, 6)?, number(6, 8)?);
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    digits.then(|| Day::new(year, month, day)).flatten()
}

/// Control numbers compare as numbers: partners fill them with zeros as they like.
pub(super) fn same_number(text: &str) -> Option<u32> {
    text.trim().parse().ok()
}

/// A peer's name for itself as the name of a folder.
pub(super) fn folder_name(name: &str) -> String {
    let safe = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    name.chars().map(|letter| if safe(letter) { letter } else { '_' }).collect()
}

/// An order, out of an 850, and what it says about its deal.
///
/// # Errors
/// As [`incoming`].
pub(crate) fn incoming_850(
    set: &x12::Set<'_>,
    sender: &str,
    fallback: &str,
) -> Result<(Incoming, Clues), String> {
    let order = x12::PurchaseOrder::read(set).map_err(|broken| broken.to_string())?;
    Ok((incoming(&order, sender, fallback)?, clues(&order)))
}

/// An order, out of an 850. The buyer's `fallback` name stands in where it tells none.
///
/// # Errors
/// In plain words, what keeps the order from being one.
fn incoming(
    order: &x12::PurchaseOrder,
    sender: &str,
    fallback: &str,
) -> Result<Incoming, String> {
    let number = clean(&order.number);
    if number.is_empty() {
        return Err("the order has no number (BEG03)".to_owned());
    }
    if !matches!(order.purpose.as_str(), "00" | "07") {
        return Err(format!(
            "order {number} is no new order: its purpose (BEG01) is `{}`, and only `00` \
             is taken; send a change as 860",
            clean(&order.purpose)
        ));
    }
    if order.lines.len() > LINES_LIMIT {
        return Err(format!(
            "order {number} has more than {LINES_LIMIT} lines; split it"
        ));
    }
    let currency = order.currency.as_deref().unwrap_or(CURRENCY);
    let currency: Currency = currency.trim().parse().map_err(|_unknown| {
        format!("order {number}: `{}` is no currency (CUR02)", clean(currency))
    })?;
    let ordered_on = day(&order.date).ok_or_else(|| {
        format!("order {number}: `{}` is no day (BEG05)", clean(&order.date))
    })?;
    let name = order.buyer().map(|party| clean(&party.name));
    let lines = (1..).zip(&order.lines).map(|(ordinal, it)| line(ordinal, it, &number));
    let mut references = order.references.iter();
    let quote = references.find(|it| QUOTE.contains(&it.qualifier.as_str()));
    Ok(Incoming {
        quote: quote.map(|it| clean(it.value.trim())).filter(|it| !it.is_empty()),
        buyer: None,
        buyer_key: sender.to_owned(),
        buyer_name: name.filter(|it| !it.is_empty()).unwrap_or(fallback.to_owned()),
        ordered_on,
        currency,
        lines: lines.collect::<Result<_, _>>()?,
        number,
    })
}

/// What a reference to a quote is called: X12 element 128, price quote number and quote number.
const QUOTE: [&str; 2] = ["PR", "Q1"];

/// What the prices of an order without CUR are in: X12 is at home there.
const CURRENCY: &str = "USD";

fn line(
    ordinal: usize,
    line: &x12::OrderLine,
    number: &str,
) -> Result<IncomingLine, String> {
    let price = line.unit_price.unwrap_or_default();
    if line.quantity.is_sign_negative() || line.quantity.is_zero() {
        return Err(format!("order {number}: line {ordinal} orders nothing (PO102)"));
    }
    if price.is_sign_negative() {
        return Err(format!("order {number}: line {ordinal} has a price below zero"));
    }
    let basis = line.price_basis.as_deref();
    let unit_price = match line.unit_price {
        None => price,
        Some(price) => {
            trade::x12_unit_price(price, basis, &line.unit).ok_or_else(|| {
                format!(
                    "order {number}: line {ordinal} counts {}, and what `{}` makes of its price \
                     is not known; state the price of one unit with `UM` (PO105)",
                    clean(&line.unit),
                    clean(basis.unwrap_or_default()),
                )
            })?
        }
    };
    let products = &line.products;
    let ours = products.iter().find(|product| product.qualifier == "VP");
    let first = ours.or(products.first());
    let id = |it: &x12::Product| (clean(&it.qualifier), clean(&it.value));
    Ok(IncomingLine {
        assigned: clean(line.assigned.as_deref().unwrap_or_default().trim()),
        quantity: line.quantity,
        // As the documents of all dialects name it, so that a change or a price is about the same.
        unit: clean(&trade::x12_unit(&line.unit)),
        unit_price,
        product: first.map(|it| clean(&it.value)).unwrap_or_default(),
        product_ids: products.iter().map(id).collect(),
        description: clean(line.description.as_deref().unwrap_or_default()),
        requested_on: line.requested.as_deref().and_then(day),
    })
}

/// What an 850 says about the deal that it belongs to.
fn clues(order: &x12::PurchaseOrder) -> Clues {
    let word = |text: &str| {
        let text = clean(text.trim());
        (!text.is_empty()).then_some(text)
    };
    let told = order
        .references
        .iter()
        .flat_map(|reference| [Some(&reference.value), reference.description.as_ref()]);
    let told = told.chain([order.contract.as_ref(), order.release.as_ref()]);
    let references = told.flatten().filter_map(|text| word(text)).take(20).collect();
    let names = order.buyer().and_then(|party| word(&party.name));
    Clues { references, names: names.into_iter().collect(), domain: None }
}

#[cfg(test)]
mod tests {
    use kernel::Moment;

    use super::{FaultNote, clues, day, folder_name, incoming, stamp, stored};

    fn order() -> x12::PurchaseOrder {
        let line = x12::OrderLine {
            assigned: Some("10".into()),
            quantity: "3".parse().unwrap(),
            unit: "EA".into(),
            unit_price: "4.15".parse().ok(),
            products: [("BP", "their"), ("VP", "ours")]
                .map(|(qualifier, value)| x12::Product {
                    qualifier: qualifier.into(),
                    value: value.into(),
                })
                .into(),
            ..x12::OrderLine::default()
        };
        x12::PurchaseOrder {
            number: "4711".into(),
            date: "20261122".into(),
            purpose: "00".into(),
            currency: Some("EUR".into()),
            lines: vec![line],
            ..x12::PurchaseOrder::default()
        }
    }

    #[test]
    fn a_price_is_that_of_one_unit_or_the_order_is_refused() {
        let priced = |unit: &str, basis: &str| {
            let mut order = order();
            order.lines[0].unit = unit.into();
            order.lines[0].price_basis = Some(basis.into());
            incoming(&order, "ZZ:D", "Dorn AG")
                .map(|order| order.lines[0].unit_price.to_string())
        };
        assert_eq!(priced("EA", "PE"), Ok("4.15".into()));
        assert_eq!(priced("EA", "HP"), Ok("0.0415".into()));
        assert_eq!(priced("CA", "UM"), Ok("4.15".into()));
        let refused = priced("CA", "PE").unwrap_err();
        assert!(refused.contains("line 1 counts CA, and what `PE`"), "{refused}");
    }

    #[test]
    fn a_unit_is_named_as_in_every_dialect() {
        let mut order = order();
        order.lines[0].unit = "MR".into();
        assert_eq!(incoming(&order, "ZZ:D", "Dorn").unwrap().lines[0].unit, "MTR");
    }

    #[test]
    fn an_850_becomes_an_order_of_its_sender() {
        let order = incoming(&order(), "ZZ:D", "Dorn AG").unwrap();
        assert_eq!((order.number.as_str(), order.buyer_key.as_str()), ("4711", "ZZ:D"));
        assert_eq!(order.buyer_name, "Dorn AG");
        assert_eq!(order.ordered_on.to_string(), "2026-11-22");
        assert_eq!(order.lines[0].product, "ours");
    }

    #[test]
    fn what_is_no_new_order_is_refused_in_plain_words() {
        let refused = |change: fn(&mut x12::PurchaseOrder)| {
            let mut order = order();
            change(&mut order);
            incoming(&order, "ZZ:D", "Dorn AG").unwrap_err()
        };
        assert!(refused(|it| it.number.clear()).contains("BEG03"));
        assert!(refused(|it| it.purpose = "01".into()).contains("860"));
        assert!(refused(|it| it.date = "20261301".into()).contains("BEG05"));
        assert!(refused(|it| it.currency = Some("euro".into())).contains("CUR02"));
        let nothing = |it: &mut x12::PurchaseOrder| {
            it.lines[0].quantity = "0".parse().unwrap();
        };
        assert!(refused(nothing).contains("line 1"));
    }

    #[test]
    fn references_are_clues_whatever_their_kind() {
        let reference = x12::Reference {
            qualifier: "CT".into(),
            value: " Hall 4 ".into(),
            description: None,
        };
        let order = x12::PurchaseOrder {
            references: vec![reference],
            contract: Some("deal_x".into()),
            ..order()
        };
        assert_eq!(clues(&order).references, ["Hall 4", "deal_x"]);
    }

    #[test]
    fn times_are_written_in_utc() {
        let stamp = stamp(Moment::from_micros(1_795_000_000_123_456));
        assert_eq!((stamp.date.as_str(), stamp.time.as_str()), ("20261118", "1106"));
        assert!(day("2026112").is_none() && day("20261122").is_some());
        assert!(day("20260230").is_none() && day("2026+1+1").is_none());
    }

    #[test]
    fn no_name_of_a_partner_leads_out_of_its_folder() {
        assert_eq!(folder_name("ZZ:../../etc"), "ZZ_______etc");
        assert_eq!(folder_name("01:123-4"), "01_123-4");
    }

    #[test]
    fn endless_faults_are_cut_with_a_word() {
        let text = stored(vec![FaultNote::plain("no"); 1000]);
        let kept: Vec<FaultNote> = serde_json::from_str(&text).unwrap();
        assert_eq!(kept.len(), 201);
        assert_eq!(kept[200].text, "and 800 more");
    }
}
