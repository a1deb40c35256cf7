//! The document that an invoice is: canonical JSON of `trade`. Pure.

use kernel::{Currency, Day};
use rust_decimal::Decimal;
use trade::{Amount, Charge, Document, Kind, Line, Note, PaymentTerm, Reference, Tax};

use super::{
    rules::{
        ChargeDirection, ChargeService, Content, InvoiceCharge, InvoiceLine, InvoiceTax,
        TaxKind, Untaxed,
    },
    sums::{self, Sums},
};

/// What an invoice says besides its content.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head<'h> {
    pub(super) number: &'h str,
    pub(super) issued_on: Day,
    pub(super) due_on: Option<Day>,
    /// Number and day of the order.
    pub(super) order: (&'h str, Day),
    pub(super) currency: Currency,
    /// What it does to an invoice.
    pub(super) takes: Option<Takes<'h>>,
}

/// What a paper does to the invoice of a number.
#[derive(Clone, Copy, Debug)]
pub(super) enum Takes<'h> {
    /// It takes it back.
    All(&'h str),
    /// It credits a part.
    Part(&'h str),
}

impl Takes<'_> {
    fn reference(self) -> Reference {
        let (Self::All(number) | Self::Part(number)) = self;
        Reference { kind: "invoice".to_owned(), number: number.to_owned(), date: None }
    }
}

/// What a line comes to before tax, in minor units, at a price of one unit; by the sums of `trade`.
///
/// None, if it cannot be counted.
pub(super) fn net(
    ordered: &Line,
    (quantity, unit_price): (Decimal, Decimal),
    currency: Currency,
) -> Option<i64> {
    let line = priced(ordered, quantity, unit_price);
    sums::minor(line.worth(currency.digits())?, currency)
}

/// The line with its price: for as many units as the buyer named it, if it is the same.
fn priced(ordered: &Line, quantity: Decimal, unit_price: Decimal) -> Line {
    let same = ordered.unit_price().is_some_and(|it| it == unit_price.normalize());
    let kept = |it: Option<Decimal>| it.filter(|_| same);
    Line {
        quantity: Some(quantity),
        unit: ordered.unit.clone(),
        price: kept(ordered.price).or(Some(unit_price)),
        price_per: kept(ordered.price_per),
        price_unit: ordered.price_unit.clone().filter(|_| same),
        ..Line::default()
    }
}

/// The document: of an order that is written as `base`. `lines` are the places of its lines.
///
/// None, if its amounts do not add up to the sums.
pub(super) fn document(
    head: Head<'_>,
    base: &Document,
    (content, places): (&Content, &[usize]),
    comes_to: Sums,
) -> Option<Document> {
    let amount = |kind: &str, minor: i64| Amount {
        kind: kind.to_owned(),
        amount: sums::major(minor, head.currency),
    };
    let filled = |text: &str| Some(text.to_owned()).filter(|it| !it.is_empty());
    let reference = |kind: &str, (number, day): (&str, Day)| Reference {
        kind: kind.to_owned(),
        number: number.to_owned(),
        date: Some(day.to_string()),
    };
    let term = PaymentTerm {
        kind: "net".to_owned(),
        from: Some("invoice_date".to_owned()),
        date: head.due_on.map(|day| day.to_string()),
        text: filled(&content.terms),
        ..PaymentTerm::default()
    };
    let says = term.date.is_some() || term.text.is_some();
    let mut lines = Vec::with_capacity(content.lines.len());
    for (own, place) in content.lines.iter().zip(places) {
        lines.push(line(own, base.lines.get(*place)?, head.currency)?);
    }
    let (purpose, invoice_type) = match head.takes {
        None => ("original", None),
        Some(Takes::All(_)) => ("cancellation", None),
        Some(Takes::Part(_)) => ("original", Some("credit_note".to_owned())),
    };
    let taxes = content.taxes.iter();
    let mut charges = content.charges.clone();
    if invoice_type.is_some() {
        // An amount that is credited without a quantity is a line, since it is no charge.
        let is_amount = |it: &InvoiceCharge| it.direction == ChargeDirection::Charge;
        let (amounts, others) = charges.into_iter().partition(is_amount);
        charges = others;
        let free = (base.lines.len().saturating_add(1)..).map(|it| it.to_string());
        let mut free = free.filter(|it| content.lines.iter().all(|own| own.line != *it));
        for one in Vec::<InvoiceCharge>::from_iter(amounts) {
            lines.push(credited(free.next()?, &one, head.currency)?);
        }
    }
    let charges = charges.iter().map(charge);
    let mut document = Document {
        kind: Kind::Invoice,
        number: head.number.to_owned(),
        date: Some(head.issued_on.to_string()),
        purpose: purpose.to_owned(),
        invoice_type,
        about: Some(reference("order", head.order)),
        currency: Some(head.currency.to_string()),
        references: head.takes.map(Takes::reference).into_iter().collect(),
        parties: base.parties.clone(),
        notes: filled(&content.note)
            .map(|text| Note { text, ..Note::default() })
            .into_iter()
            .collect(),
        payment_terms: Some(term).filter(|_| says).into_iter().collect(),
        charges: charges.collect::<Option<_>>()?,
        taxes: taxes.map(|it| tax(it, content, head.currency)).collect::<Option<_>>()?,
        lines,
        amounts: vec![amount("total", comes_to.total)],
        ..Document::default()
    };
    let adds_up = document.sum();
    let whole = adds_up.is_whole && Some(adds_up.total) == document.amount("total");
    document.amounts.push(amount("taxable", comes_to.net));
    document.amounts.push(amount("taxes", comes_to.tax));
    whole.then_some(document)
}

/// What a line comes to before tax.
fn worth(minor: i64, currency: Currency) -> Amount {
    Amount { kind: "line".to_owned(), amount: sums::major(minor, currency) }
}

fn line(own: &InvoiceLine, ordered: &Line, currency: Currency) -> Option<Line> {
    let (quantity, price) = (own.quantity.parse().ok()?, own.unit_price.parse().ok()?);
    Some(Line {
        number: own.line.clone(),
        products: ordered.products.clone(),
        description: ordered.description.clone(),
        amounts: vec![worth(own.net_minor, currency)],
        ..priced(ordered, quantity, price)
    })
}

/// An amount that is credited, as a line.
fn credited(number: String, own: &InvoiceCharge, currency: Currency) -> Option<Line> {
    let price: Decimal = own.amount.parse().ok()?;
    Some(Line {
        number,
        quantity: Some(Decimal::ONE),
        unit: "EA".to_owned(),
        price: Some(price),
        amounts: vec![worth(sums::minor(price, currency)?, currency)],
        description: Some(own.text.clone()).filter(|it| !it.is_empty()),
        ..Line::default()
    })
}

fn charge(own: &InvoiceCharge) -> Option<Charge> {
    let direction = match own.direction {
        ChargeDirection::Allowance => "allowance",
        ChargeDirection::Charge => "charge",
    };
    let service = match own.service {
        ChargeService::Freight => "freight",
        ChargeService::Discount => "discount",
        ChargeService::Packing => "packing",
        ChargeService::Handling => "handling",
        ChargeService::Insurance => "insurance",
    };
    Some(Charge {
        direction: direction.to_owned(),
        service: Some(service.to_owned()),
        amount: Some(own.amount.parse().ok()?),
        text: Some(own.text.clone()).filter(|it| !it.is_empty()),
        ..Charge::default()
    })
}

fn tax(own: &InvoiceTax, content: &Content, currency: Currency) -> Option<Tax> {
    let kind = match content.tax_kind {
        TaxKind::Vat => "vat",
        TaxKind::GoodsAndServices => "goods_and_services",
        TaxKind::StateSales => "state_sales",
    };
    let untaxed = match content.untaxed {
        Untaxed::Exempt => "exempt",
        Untaxed::Zero => "zero",
        Untaxed::ReverseCharge => "reverse_charge",
    };
    let percent: Decimal = own.percent.parse().ok()?;
    let category = if percent.is_zero() { untaxed } else { "standard" };
    Some(Tax {
        kind: kind.to_owned(),
        amount: Some(sums::major(own.amount_minor, currency)),
        base: Some(sums::major(own.base_minor, currency)),
        percent: Some(percent),
        category: Some(category.to_owned()),
        number: None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;
    use trade::{Document, Line};

    use super::{Head, document, net};
    use crate::{
        fulfilment::InvoiceBasis,
        invoices::{
            rules::{
                ChargeDirection, ChargeService, Content, InvoiceCharge, InvoiceLine,
                TaxKind, Untaxed,
            },
            sums::{Sums, reckon},
        },
    };

    /// Digits and their scale: a number without any decimal type.
    type Digits = (u64, u32);

    fn decimal((digits, scale): Digits) -> Decimal {
        Decimal::from_i128_with_scale(i128::from(digits), scale)
    }

    /// Halves up, by whole numbers alone.
    fn rounded(value: i128, unit: i128) -> i128 {
        (2 * value + unit) / (2 * unit)
    }

    prop_compose! {
        fn any_line()(
            quantity in (1..1_000_000_u64, 0..=4_u32),
            price in (0..10_000_000_u64, 0..=5_u32),
            rate in proptest::option::of(0..=3_usize),
        ) -> (Digits, Digits, Option<usize>) {
            (quantity, price, rate)
        }
    }

    const RATES: [(&str, i128); 4] =
        [("0", 0), ("5.5", 55_000), ("7", 70_000), ("19.6", 196_000)];

    proptest! {
        /// Lines, taxes by rate and the total are what whole numbers say they are, to the cent;
        /// the document says the same, and reads back as it was written.
        #[test]
        fn property_an_invoice_comes_to_what_whole_numbers_say(
            drawn in proptest::collection::vec(any_line(), 1..15),
            freight in 1..100_000_u64,
            currency in proptest::sample::select(vec!["EUR", "JPY", "KWD", "USD"]),
        ) {
            let currency: kernel::Currency = currency.parse().unwrap();
            let digits = currency.digits();
            let ten = |power: u32| 10_i128.pow(power);
            let (mut bases, mut exact) = ([0_i128; 4], 0_i128);
            let (mut lines, mut base) = (Vec::new(), Document::default());
            for (quantity, price, at) in drawn {
                let product = i128::from(quantity.0) * i128::from(price.0) * ten(digits);
                let worth = rounded(product, ten(quantity.1 + price.1));
                exact += worth;
                if let Some(at) = at {
                    bases[at] += worth;
                }
                let ordered = Line { unit: "EA".to_owned(), ..Line::default() };
                let told = (decimal(quantity), decimal(price));
                prop_assert_eq!(net(&ordered, told, currency).map(i128::from), Some(worth));
                base.lines.push(ordered);
                lines.push(InvoiceLine {
                    line: base.lines.len().to_string(),
                    quantity: told.0.to_string(),
                    unit: "EA".to_owned(),
                    unit_price: told.1.to_string(),
                    product: String::new(),
                    description: None,
                    net_minor: i64::try_from(worth).unwrap(),
                    tax_percent: at.map(|at| RATES[at].0.to_owned()),
                });
            }
            bases[2] += i128::from(freight);
            exact += i128::from(freight);
            let charges = vec![InvoiceCharge {
                direction: ChargeDirection::Charge,
                service: ChargeService::Freight,
                text: String::new(),
                amount: decimal((freight, digits)).normalize().to_string(),
                tax_percent: Some("7".to_owned()),
            }];
            let tax: i128 = bases
                .iter()
                .zip(RATES)
                .map(|(base, (_, rate))| rounded(base * rate, 1_000_000))
                .sum();
            let (sums, taxes) = reckon(&lines, &charges, currency).unwrap();
            prop_assert_eq!(i128::from(sums.net), exact);
            prop_assert_eq!(i128::from(sums.tax), tax);
            prop_assert_eq!(i128::from(sums.total), exact + tax);
            let places: Vec<_> = (0..lines.len()).collect();
            let content = Content {
                basis: InvoiceBasis::Shipped,
                tax_kind: TaxKind::Vat,
                untaxed: Untaxed::Exempt,
                terms: "30 days net".to_owned(),
                note: String::new(),
                lines, charges, taxes,
            };
            let day = "2026-11-23".parse().unwrap();
            let head = Head {
                number: "2026-00001", issued_on: day, due_on: Some(day),
                order: ("4711", day), currency, takes: None,
            };
            let paper = document(head, &base, (&content, &places), sums);
            let paper = paper.expect("it adds up");
            let written = serde_json::to_vec(&paper).unwrap();
            prop_assert_eq!(trade::from_json(&written).unwrap(), paper);
            let wrong = Sums { total: sums.total + 1, ..sums };
            prop_assert!(document(head, &base, (&content, &places), wrong).is_none());
        }
    }
}
