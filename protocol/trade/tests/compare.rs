//! Documents of one trade agree, or disagree at the line and about the thing that differs.
#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

mod rich;

use proptest::prelude::*;
use rust_decimal::Decimal;
use trade::edi::Language;
use trade::{
    Amount, Charge, Confirmation, DateOf, Document, Kind, Line, Product, What, compare,
};

const LATER: [Kind; 5] = [
    Kind::OrderAnswer,
    Kind::OrderChange,
    Kind::Invoice,
    Kind::DispatchAdvice,
    Kind::Quote,
];

/// The same trade, told by a later document.
fn derived(order: &Document, kind: Kind) -> Document {
    let mut later = Document { kind, purpose: "original".into(), ..order.clone() };
    // An answer says so of every line that it takes as it is.
    if kind == Kind::OrderAnswer {
        for line in &mut later.lines {
            let status = "accepted".to_owned();
            line.confirmations = vec![Confirmation { status, ..Confirmation::default() }];
        }
    }
    later
}

fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// A change of one thing: it sets the scene in the order, then changes the later document.
fn change(what: What, order: &mut Document, kind: Kind, place: usize) -> Document {
    let wanted =
        || vec![DateOf { kind: "requested_delivery".into(), date: "2027-01-10".into() }];
    let named =
        |value: &str| vec![Product { kind: "vendor".into(), value: value.into() }];
    let total = |amount: &str| Amount { kind: "total".into(), amount: number(amount) };
    let charge = |direction: &str, amount: &str| Charge {
        direction: direction.into(),
        amount: Some(number(amount)),
        ..Charge::default()
    };
    let line = &mut order.lines[place];
    match what {
        What::Price => line.price = Some(number("12.50")),
        What::Quantity | What::Unit => line.quantity = Some(number("10")),
        What::Date => line.dates = wanted(),
        What::Product => line.products = named("A-1"),
        What::Currency => order.currency = Some("EUR".into()),
        What::Total => order.amounts = vec![total("99.50")],
        What::Charges => {
            line.charges = vec![charge("charge", "5")];
            order.charges = vec![charge("allowance", "10")];
        }
        What::LineMissing | What::LineExtra | What::LineRefused | What::Refused => {}
    }
    let mut later = derived(order, kind);
    let line = &mut later.lines[place];
    match what {
        What::Price => line.price = Some(number("12.51")),
        // By the smallest step, up and down.
        What::Quantity => {
            let told = if place.is_multiple_of(2) { "9.999" } else { "10.001" };
            line.quantity = Some(number(told));
        }
        What::Unit => line.unit = "LS".into(),
        What::Date => line.dates[0].date = "2027-01-11".into(),
        What::Product => line.products = named("A-2"),
        What::Currency => later.currency = Some("USD".into()),
        What::Total => later.amounts = vec![total("99.51")],
        What::Charges => line.charges.push(charge("charge", "0.01")),
        What::LineMissing => {
            later.lines.remove(place);
        }
        What::LineExtra => {
            let products = named("NEVER-ORDERED");
            later.lines.push(Line { number: "9999".into(), products, ..Line::default() });
        }
        What::LineRefused => line.confirmations[0].status = "rejected".into(),
        What::Refused => {
            later.lines.clear();
            later.answer = Some("rejected".into());
        }
    }
    later
}

fn order(seed: u64) -> Document {
    let mut order = rich::Draw::new(seed).document(Kind::Order);
    order.amounts.retain(|amount| amount.kind != "total");
    order.dates.retain(|date| date.kind != "requested_delivery");
    // An answer without lines speaks of the whole: a line must be left when one is taken away.
    order.lines.push(line("777", "7", "EA", "7", "ALWAYS"));
    order
}

fn one_change(seed: u64, what: What, kind: Kind) {
    let mut order = order(seed);
    let place = usize::try_from(seed).unwrap_or_default() % order.lines.len();
    let later = change(what, &mut order, kind, place);
    let number = order.lines[place].number.clone();

    let found = compare(&order, &later).differences;

    assert_eq!(found.len(), 1, "{what:?} in {kind:?}: {found:#?}");
    assert_eq!(found[0].what, what, "{kind:?}: {found:#?}");
    let of_whole = [What::Currency, What::Total, What::Refused].contains(&what);
    let line = if what == What::LineExtra { "9999".to_owned() } else { number };
    let line = (!of_whole).then_some(line);
    assert_eq!(found[0].line, line, "{kind:?}: {found:#?}");
}

proptest! {
    #[test]
    fn property_what_is_derived_without_a_change_agrees(seed in any::<u64>()) {
        let order = order(seed);
        for kind in LATER {
            let compared = compare(&order, &derived(&order, kind));
            prop_assert!(compared.agrees(), "{:?}: {:#?}", kind, compared.differences);
        }
        for kind in Kind::ALL {
            let own = rich::Draw::new(seed).document(kind);
            let answers = matches!(kind, Kind::OrderAnswer | Kind::OrderChangeAnswer);
            // What an answer confirms need not be what it repeats of the order.
            if !answers {
                prop_assert!(compare(&own, &own).agrees(), "{kind:?}");
            }
        }
    }

    #[test]
    fn property_each_change_is_told_once_and_where_it_is(seed in any::<u64>()) {
        let everywhere = [
            What::Price,
            What::Quantity,
            What::Unit,
            What::Product,
            What::Currency,
            What::Total,
            What::LineMissing,
            What::LineExtra,
        ];
        for what in everywhere {
            for kind in LATER {
                one_change(seed, what, kind);
            }
        }
        for kind in [Kind::OrderAnswer, Kind::OrderChange, Kind::DispatchAdvice, Kind::Quote] {
            one_change(seed, What::Date, kind);
        }
        for kind in [Kind::OrderAnswer, Kind::OrderChange, Kind::Invoice, Kind::Quote] {
            one_change(seed, What::Charges, kind);
        }
        one_change(seed, What::LineRefused, Kind::OrderAnswer);
        one_change(seed, What::Refused, Kind::OrderAnswer);
    }

    #[test]
    fn property_no_two_documents_make_it_panic(one in any::<u64>(), two in any::<u64>()) {
        for first in Kind::ALL {
            for second in Kind::ALL {
                let first = rich::Draw::new(one).document(first);
                let second = rich::Draw::new(two).document(second);
                for language in Language::ALL {
                    let compared = compare(&first, &second);
                    prop_assert_eq!(compared.tell(language).len(), compared.differences.len());
                }
            }
        }
    }
}

fn line(number: &str, quantity: &str, unit: &str, price: &str, part: &str) -> Line {
    Line {
        number: number.into(),
        quantity: quantity.parse().ok(),
        unit: unit.into(),
        price: price.parse().ok(),
        products: vec![Product { kind: "vendor".into(), value: part.into() }],
        ..Line::default()
    }
}

fn small_order() -> Document {
    Document {
        number: "PO-1".into(),
        currency: Some("EUR".into()),
        dates: vec![DateOf {
            kind: "requested_delivery".into(),
            date: "2026-12-01".into(),
        }],
        lines: vec![
            line("1", "24", "EA", "2.50", "W-1"),
            line("2", "2500", "KGM", "1.225", "S-2"),
            line("3", "5", "EA", "80", "P-3"),
        ],
        ..Document::default()
    }
}

#[test]
fn numbers_agree_across_units_that_convert_exactly() {
    let order = small_order();
    let mut invoice = derived(&order, Kind::Invoice);
    invoice.lines = vec![
        line("1", "2", "DZN", "30", "W-1"),
        Line {
            price_per: Some(number("100")),
            price_unit: Some("KGM".into()),
            ..line("2", "2.5", "TNE", "122.5", "S-2")
        },
        line("3", "5.000", "PCE", "80.00", "P-3"),
    ];
    assert_eq!(compare(&order, &invoice).differences, []);

    invoice.lines[0].price = Some(number("30.01"));
    invoice.lines[1].quantity = Some(number("2.4"));
    assert_eq!(
        compare(&order, &invoice).tell(Language::English),
        [
            "Line 1, price: purchase order 2.50 EUR, invoice 30.01 EUR",
            "Line 2, quantity: purchase order 2,500 kg, invoice 2.4 t",
        ]
    );
}

#[test]
fn an_answer_is_told_line_by_line_in_the_language_of_the_reader() {
    let order = small_order();
    let mut answer = derived(&order, Kind::OrderAnswer);
    let says = |status: &str, quantity: Option<&str>, date: Option<&str>| Confirmation {
        status: status.into(),
        quantity: quantity.map(number),
        date: date.map(str::to_owned),
        ..Confirmation::default()
    };
    answer.lines[0].confirmations = vec![
        says("accepted", Some("20"), Some("2026-12-01")),
        says("back_ordered", Some("4"), Some("2026-12-15")),
    ];
    answer.lines[1].confirmations = vec![says("price_changed", None, None)];
    answer.lines[1].price = Some(number("1.3"));
    answer.lines[2].confirmations = vec![says("rejected", Some("5"), None)];
    answer.lines.push(line("4", "1", "EA", "9.9", "GIFT"));

    let told = compare(&order, &answer);

    assert_eq!(
        told.tell(Language::English),
        [
            "Line 1, quantity: purchase order 24 each, order response 20 each",
            "Line 1, delivery date: purchase order 1 December 2026, order response 15 December 2026",
            "Line 2, price: purchase order 1.225 EUR, order response 1.30 EUR",
            "Line 3 (P-3) is refused",
            "Line 4 (GIFT) of the order response is not in the purchase order",
        ]
    );
    assert_eq!(
        told.tell(Language::French)[..2],
        [
            "Ligne 1, quantité : commande 24 pièces, réponse à la commande 20 pièces",
            "Ligne 1, date de livraison : commande 1 décembre 2026, réponse à la commande 15 décembre 2026",
        ]
    );
    assert_eq!(
        told.tell(Language::Spanish)[2..4],
        [
            "Línea 2, precio: pedido de compra 1,225 EUR, respuesta al pedido 1,30 EUR",
            "La línea 3 (P-3) está rechazada",
        ]
    );
}

#[test]
fn a_partner_that_numbers_lines_otherwise_is_understood_by_the_products() {
    let order = small_order();
    let mut answer = derived(&order, Kind::OrderAnswer);
    answer.lines.reverse();
    for (place, line) in answer.lines.iter_mut().enumerate() {
        line.number = format!("{:04}", place + 1);
    }
    assert_eq!(compare(&order, &answer).differences, []);
}

#[test]
fn what_is_shipped_in_several_packages_counts_together() {
    let order = small_order();
    let mut advice = derived(&order, Kind::DispatchAdvice);
    advice.lines.truncate(1);
    advice.lines[0].quantity = Some(number("10"));
    advice.lines.push(line("1", "1", "DZN", "", "W-1"));

    let found = compare(&order, &advice).tell(Language::English);

    assert_eq!(
        found,
        [
            "Line 1, quantity: purchase order 24 each, dispatch advice 22 each",
            "Line 2 (S-2) of the purchase order is missing in the dispatch advice",
            "Line 3 (P-3) of the purchase order is missing in the dispatch advice",
        ]
    );
}

#[test]
fn a_change_speaks_only_of_the_lines_that_it_names() {
    let order = small_order();
    let mut change = derived(&order, Kind::OrderChange);
    change.purpose = "change".into();
    change.lines = vec![
        Line { change: Some("deleted".into()), ..order.lines[0].clone() },
        Line { quantity: Some(number("6")), ..order.lines[2].clone() },
    ];
    let whats: Vec<What> =
        compare(&order, &change).differences.iter().map(|own| own.what).collect();
    assert_eq!(whats, [What::LineMissing, What::Quantity]);
}

#[test]
fn a_total_that_its_lines_do_not_account_for_is_told() {
    let order = small_order();
    let mut invoice = derived(&order, Kind::Invoice);
    let sum = invoice.sum().total;
    invoice.amounts = vec![Amount { kind: "total".into(), amount: sum }];
    assert_eq!(compare(&order, &invoice).differences, []);

    invoice.amounts[0].amount = sum + number("0.01");
    assert_eq!(
        compare(&order, &invoice).tell(Language::French),
        ["Total : commande 3\u{202f}522,50 EUR, facture 3\u{202f}522,51 EUR"]
    );
}

#[test]
fn an_invoice_with_freight_that_nobody_ordered_is_told() {
    let order = Document {
        charges: vec![Charge {
            direction: "allowance".into(),
            percent: Some(number("10")),
            ..Charge::default()
        }],
        ..small_order()
    };
    let mut invoice = derived(&order, Kind::Invoice);
    // Said as an amount it is the same allowance.
    invoice.charges[0].percent = None;
    invoice.charges[0].amount = Some(number("352.25"));
    assert_eq!(compare(&order, &invoice).differences, []);

    invoice.charges.push(Charge {
        direction: "charge".into(),
        service: Some("freight".into()),
        amount: Some(number("45")),
        ..Charge::default()
    });
    assert_eq!(
        compare(&order, &invoice).tell(Language::English),
        ["Charges and allowances: purchase order −352.25 EUR, invoice −307.25 EUR"]
    );
    let answer = Document { charges: Vec::new(), ..derived(&order, Kind::OrderAnswer) };
    assert!(compare(&order, &answer).agrees(), "an answer need not repeat them");
}

#[test]
fn long_documents_are_compared_line_by_line_in_any_order() {
    let mut order = small_order();
    order.lines = (1..=20_000)
        .map(|place| line(&place.to_string(), "5", "EA", "2", &format!("P-{place}")))
        .collect();
    let mut invoice = derived(&order, Kind::Invoice);
    invoice.lines.reverse();
    invoice.lines[0].quantity = Some(number("6"));

    let found = compare(&order, &invoice).differences;

    assert_eq!(found.len(), 1);
    assert_eq!(found[0].line.as_deref(), Some("20000"));
}
