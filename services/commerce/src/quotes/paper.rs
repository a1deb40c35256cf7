//! The document that a quote becomes when it is sent: canonical JSON of `trade`. Pure.

use kernel::{Currency, Day};
use rust_decimal::Decimal;
use trade::{Amount, DateOf, Document, Kind, Line, Note, Party, Product, Reference};

use super::lines::QuoteLine;

/// What a quote says besides its lines.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head<'h> {
    /// Its number.
    pub(super) number: &'h str,
    /// Which revision, from 1.
    pub(super) rev: i64,
    /// The day on which it is sent.
    pub(super) day: Day,
    /// Who sells.
    pub(super) seller: &'h str,
    /// Who buys.
    pub(super) buyer: &'h str,
    /// The buyer's number for what it asked, if it asked.
    pub(super) asked: Option<&'h str>,
    /// The last day on which it can be accepted.
    pub(super) valid_until: Day,
    /// In what its prices are.
    pub(super) currency: Currency,
    /// Its terms, in words.
    pub(super) terms: &'h str,
}

/// The document. A price in it is net: what was taken off stands beside it as a note.
///
/// None, if a line has no price or its amounts do not add up to the total in minor units.
pub(super) fn document(
    head: Head<'_>,
    lines: &[QuoteLine],
    total_minor: i64,
) -> Option<Document> {
    let total = Decimal::try_from_i128_with_scale(
        i128::from(total_minor),
        head.currency.digits(),
    );
    let party = |role: &str, name: &str| Party {
        role: role.to_owned(),
        name: name.to_owned(),
        ..Party::default()
    };
    let note = |text: String| Note { text, ..Note::default() };
    let about = head.asked.map(|number| Reference {
        kind: "request".to_owned(),
        number: number.to_owned(),
        date: None,
    });
    let numbered = (1_usize..).zip(lines);
    let document = Document {
        kind: Kind::Quote,
        number: head.number.to_owned(),
        date: Some(head.day.to_string()),
        purpose: if head.rev == 1 { "original" } else { "replacement" }.to_owned(),
        about,
        currency: Some(head.currency.to_string()),
        dates: vec![DateOf {
            kind: "expiry".to_owned(),
            date: head.valid_until.to_string(),
        }],
        parties: vec![party("seller", head.seller), party("buyer", head.buyer)],
        notes: Some(head.terms.trim().to_owned())
            .filter(|it| !it.is_empty())
            .into_iter()
            .map(note)
            .collect(),
        lines: numbered
            .map(|(place, it)| line(place, it, head.currency))
            .collect::<Option<_>>()?,
        amounts: vec![Amount { kind: "total".to_owned(), amount: total.ok()? }],
        ..Document::default()
    };
    let adds_up = document.sum().total == document.amount("total")?;
    adds_up.then_some(document)
}

fn line(place: usize, line: &QuoteLine, currency: Currency) -> Option<Line> {
    let worth = line.worth(currency)?;
    let product = Some(line.product.trim()).filter(|it| !it.is_empty());
    let product = product
        .map(|value| Product { kind: "vendor".to_owned(), value: value.to_owned() });
    let less = line.discount();
    let before = line.unit_price.as_deref().unwrap_or_default();
    let note = (!less.is_zero()).then(|| Note {
        text: format!("{before} - {} %", less.normalize()),
        ..Note::default()
    });
    let dates = line
        .deliver_on
        .map(|day| DateOf { kind: "promised".to_owned(), date: day.to_string() });
    Some(Line {
        number: place.to_string(),
        quantity: Some(worth.quantity),
        unit: line.unit.clone(),
        price: Some(worth.net),
        price_per: (line.price_per != 1).then(|| Decimal::from(line.price_per)),
        products: product.into_iter().collect(),
        description: Some(line.description.trim().to_owned()).filter(|it| !it.is_empty()),
        dates: dates.into_iter().collect(),
        notes: note.into_iter().collect(),
        ..Line::default()
    })
}

/// Its bytes: what is hashed, kept, and held by both parties.
pub(super) fn bytes(document: &Document) -> Result<Vec<u8>, serde_json::Error> {
    serde_json::to_vec(document)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::{super::lines, Head, bytes, document};
    use crate::quotes::QuoteLine;

    fn head(currency: &str) -> Head<'_> {
        Head {
            number: "Q-1",
            rev: 1,
            day: "2026-11-23".parse().unwrap(),
            seller: "Nordwind",
            buyer: "Atelier",
            asked: Some("RFQ-7"),
            valid_until: "2026-12-23".parse().unwrap(),
            currency: currency.parse().unwrap(),
            terms: "Free on board Bremen",
        }
    }

    /// What a line comes to, by whole numbers alone.
    fn by_hand(line: &QuoteLine, digits: u32) -> i128 {
        let number = |text: &str| text.parse::<Decimal>().unwrap();
        let price = number(line.unit_price.as_deref().unwrap());
        let quantity = number(&line.quantity);
        let less = number(line.discount.as_deref().unwrap());
        let ten = |power: u32| 10_i128.pow(power);
        let rest = 100 * ten(less.scale()) - less.mantissa();
        let exact = quantity.mantissa() * price.mantissa() * rest * ten(digits);
        let scale = quantity.scale() + price.scale() + less.scale() + 2;
        let unit = ten(scale) * i128::from(line.price_per);
        (2 * exact + unit) / (2 * unit)
    }

    fn decimal(digits: u64, scale: u32) -> String {
        Decimal::from_i128_with_scale(i128::from(digits), scale).to_string()
    }

    prop_compose! {
        fn any_line()(
            quantity in 1..1_000_000_000_u64, q in 0..=6_u32,
            price in 0..100_000_000_000_u64, p in 0..=6_u32,
            discount in 0..=10_000_u64, per in 0..=6_u32,
        ) -> QuoteLine {
            QuoteLine {
                product: "GATE".to_owned(),
                quantity: decimal(quantity, q),
                unit: "KGM".to_owned(),
                unit_price: Some(decimal(price, p)),
                price_per: 10_u32.pow(per),
                discount: Some(decimal(discount, 2)),
                ..QuoteLine::default()
            }
        }
    }

    proptest! {
        /// I20: the total is the sum of the lines after discounts, each rounded once, in exact
        /// decimals; the document says the same, and reads back as it was written.
        #[test]
        fn property_the_total_is_the_sum_of_the_lines_on_screen_and_on_paper(
            kept in proptest::collection::vec(any_line(), 1..20),
            currency in proptest::sample::select(vec!["EUR", "JPY", "KWD", "UYI", "USD"]),
        ) {
            let head = head(currency);
            let total = lines::total(&kept, head.currency);
            prop_assume!(total.is_ok(), "worth more than can be counted");
            let total = total.unwrap();
            let digits = head.currency.digits();
            let exact: i128 = kept.iter().map(|it| by_hand(it, digits)).sum();
            prop_assert_eq!(i128::from(total), exact);
            let each = kept.iter().map(|it| it.worth(head.currency).unwrap());
            prop_assert_eq!(total, each.map(|it| it.amount_minor).sum::<i64>());
            let paper = document(head, &kept, total).expect("it adds up");
            let scale = head.currency.digits();
            let minor = Decimal::from_i128_with_scale(i128::from(total), scale);
            prop_assert_eq!(paper.sum().total, minor);
            prop_assert!(document(head, &kept, total + 1).is_none());
            let written = bytes(&paper).unwrap();
            prop_assert_eq!(trade::from_json(&written).unwrap(), paper);
        }
    }
}
