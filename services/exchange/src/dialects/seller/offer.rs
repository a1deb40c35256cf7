//! A quote out of an 843 or a QUOTES.

use commerce::quotes::{Content, Offered, QuoteLine};
use kernel::Day;
use rust_decimal::Decimal;
use trade::{Document, Line};

use super::super::{Paper, iso_day, plain};
use crate::interchanges::{NotCarried, clean};

/// The longest terms, and words of a line, in characters.
const TERMS: usize = 2_000;
const DESCRIPTION: usize = 200;

/// For how many days a quote holds that names no last one.
const DAYS: i32 = 30;

/// A quote, as a seller sent it.
pub(crate) struct Offer {
    /// The number of the request that it answers.
    pub(crate) request: String,
    /// What it offers.
    pub(crate) offered: Offered,
    /// What it says and we do not hold but in its paper.
    pub(crate) left: Vec<NotCarried>,
}

/// The quote that a paper is.
///
/// # Errors
/// In plain words, what keeps it from being one.
pub(crate) fn offer(paper: Paper<'_, '_>, today: Day) -> Result<Offer, String> {
    let read = paper.document()?;
    let (document, what) = (read.outcome, paper.kind());
    let known = matches!(
        document.purpose.as_str(),
        "" | "original" | "duplicate" | "replacement" | "change"
    );
    if !known {
        return Err(format!(
            "this {what} takes a quote back (BQR01, or 1225 of BGM), which is not done by EDI here; \
             reject it on its page"
        ));
    }
    let number = plain(&document.number);
    if number.is_empty() {
        return Err(
            "the quote has no number (REF QR of an 843, or 1004 of BGM)".to_owned()
        );
    }
    let about = document.about.iter().chain(&document.references);
    let mut named = about.filter(|it| it.kind == "request" || it.kind.is_empty());
    let request =
        named.find_map(|it| Some(plain(&it.number)).filter(|it| !it.is_empty()));
    let request = request.ok_or_else(|| {
        format!("this {what} names no request for quote (BQR02, or RFF AHU)")
    })?;
    let currency = document.currency.as_deref().map(str::trim).unwrap_or_default();
    let currency = currency.parse().map_err(|_unknown| {
        "it does not say in what its prices are (CUR, or CUX)".to_owned()
    })?;
    let mut left: Vec<_> = read.left.iter().map(NotCarried::from).collect();
    let day = document.date.as_deref().and_then(iso_day);
    let last = document.dates.iter().find(|it| it.kind == "expiry");
    let valid_until = last.and_then(|it| iso_day(&it.date)).unwrap_or_else(|| {
        let why = format!("it names none (DTM 036, or DTM 36); {DAYS} days are held");
        left.push(NotCarried { what: "its last day".to_owned(), why });
        day.unwrap_or(today).plus_days(DAYS)
    });
    let lines = (1..).zip(&document.lines);
    let lines =
        lines.map(|(at, it)| line(at, it, &mut left)).collect::<Result<_, _>>()?;
    let notes = document.notes.iter().map(|note| plain(&note.text));
    let notes = notes.filter(|it| !it.is_empty()).collect::<Vec<_>>().join("\n");
    let terms = short("its notes", &notes, TERMS, &mut left);
    beside(&document, &mut left);
    let content = Content { currency, valid_until, terms, lines };
    Ok(Offer { request, offered: Offered { number, day, content }, left })
}

/// What of the whole is no price of a line.
fn beside(document: &Document, left: &mut Vec<NotCarried>) {
    let mut told = |what: &str, why: String| {
        left.push(NotCarried { what: what.to_owned(), why });
    };
    if document.charges.iter().any(|it| it.direction != "none") {
        let why = "what is taken off or added to the whole is in no line";
        told("its allowances and charges", why.to_owned());
    }
    if !document.taxes.is_empty() {
        told("its taxes", "a quote is held before tax".to_owned());
    }
    let sum = document.sum().total;
    if let Some(total) = document.amount("total").filter(|it| *it != sum) {
        let why = format!("it says {total}, and its lines come to {sum}");
        told("its total", why);
    }
}

/// Words, as many as are held; the rest is told of.
fn short(what: &str, text: &str, most: usize, left: &mut Vec<NotCarried>) -> String {
    let count = text.chars().count();
    if count > most {
        let why = format!("of its {count} characters, {most} are held beside the paper");
        left.push(NotCarried { what: what.to_owned(), why });
    }
    text.chars().take(most).collect()
}

fn line(
    ordinal: usize,
    line: &Line,
    left: &mut Vec<NotCarried>,
) -> Result<QuoteLine, String> {
    let what = |what: &str| format!("line {ordinal}: {what}");
    let quantity = line.quantity.unwrap_or_default().normalize();
    if quantity.is_sign_negative() || quantity.is_zero() {
        return Err(what("it offers nothing (PO102, or QTY)"));
    }
    let none = || what("it has no price (PO104, or PRI)");
    let price = line.price.ok_or_else(none)?;
    let (price, price_per) = per(line, price).ok_or_else(|| {
        what("its price is for a number of units that is not 1, 10, 100 … or 1,000,000")
    })?;
    let ours = line.products.iter().find(|product| product.kind == "vendor");
    let product = ours.or(line.products.first());
    let promised = |kind: &str| {
        matches!(
            kind,
            "promised" | "current_schedule" | "estimated_delivery" | "requested_delivery"
        )
    };
    let dates = line.dates.iter().map(|it| (&it.kind, &it.date));
    let dates = dates.chain(line.schedules.iter().map(|it| (&it.kind, &it.date)));
    let mut dates = dates.filter(|(kind, _)| promised(kind));
    let deliver_on = dates.find_map(|(_, date)| iso_day(date));
    if dates.next().is_some() {
        let why = "of several deliveries, the first day is held beside the paper";
        left.push(NotCarried { what: what("its deliveries"), why: why.to_owned() });
    }
    if line.charges.iter().any(|it| it.direction != "none") {
        let why = "its price is held as it is told";
        left.push(NotCarried { what: what("its charges"), why: why.to_owned() });
    }
    let description = plain(line.description.as_deref().unwrap_or_default());
    Ok(QuoteLine {
        product: product.map(|it| plain(&it.value)).unwrap_or_default(),
        description: short(&what("its words"), &description, DESCRIPTION, left),
        quantity: quantity.to_string(),
        unit: clean(&line.unit),
        unit_price: Some(price.to_string()),
        price_per,
        discount: None,
        deliver_on,
    })
}

/// A price, and for how many units: as it is told, where that is a power of ten, else of one.
fn per(line: &Line, price: Decimal) -> Option<(Decimal, u32)> {
    let per = line.price_per.unwrap_or(Decimal::ONE).normalize();
    let per = Some(per).filter(|_| line.price_unit.is_none());
    let round = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];
    let known = round.into_iter().find(|it| Some(Decimal::from(*it)) == per);
    let own = known.map(|per| (price.normalize(), per));
    own.or_else(|| Some((line.unit_price()?.normalize(), 1)))
}
