use proptest::prelude::*;
use rust_decimal::Decimal;

use super::{CreditAmount, CreditLine, Left, NewCredit, reckon};
use crate::{
    fulfilment::InvoiceBasis,
    invoices::{
        rules::{
            ChargeDirection, ChargeService, Content, InvoiceCharge, InvoiceLine, TaxKind,
            Untaxed,
        },
        sums::{self, Sums},
    },
};

const EUR: &str = "EUR";

fn net(line: &InvoiceLine, quantity: Decimal) -> Option<i64> {
    crate::orders::amount(quantity, line.unit_price.parse().ok()?, EUR.parse().ok()?)
}

fn line(name: &str, quantity: u32, price: &str, rate: Option<&str>) -> InvoiceLine {
    let mut line = InvoiceLine {
        line: name.to_owned(),
        quantity: quantity.to_string(),
        unit: "EA".to_owned(),
        unit_price: price.to_owned(),
        product: String::new(),
        description: None,
        net_minor: 0,
        tax_percent: rate.map(str::to_owned),
    };
    line.net_minor = net(&line, quantity.into()).unwrap();
    line
}

fn invoice(lines: Vec<InvoiceLine>, charges: Vec<InvoiceCharge>) -> (Content, Sums) {
    let (sums, taxes) = sums::reckon(&lines, &charges, EUR.parse().unwrap()).unwrap();
    let content = Content {
        basis: InvoiceBasis::Ordered,
        tax_kind: TaxKind::Vat,
        untaxed: Untaxed::Exempt,
        terms: String::new(),
        note: String::new(),
        lines,
        charges,
        taxes,
    };
    (content, sums)
}

fn new(lines: &[(&str, &str)], amounts: &[(&str, Option<&str>)]) -> NewCredit {
    let line = |(line, quantity): &(&str, &str)| CreditLine {
        line: (*line).to_owned(),
        quantity: (*quantity).to_owned(),
    };
    let amount = |(amount, rate): &(&str, Option<&str>)| CreditAmount {
        amount: (*amount).to_owned(),
        tax_percent: rate.map(str::to_owned),
        text: String::new(),
    };
    NewCredit {
        revision: 1,
        number: None,
        issued_on: "2026-11-26".parse().unwrap(),
        reason: "Broken".to_owned(),
        lines: lines.iter().map(line).collect(),
        amounts: amounts.iter().map(amount).collect(),
        comes_to: None,
    }
}

fn credit(
    new: &NewCredit,
    invoice: &Content,
    before: &[Content],
) -> Result<(Content, Sums), String> {
    let eur = EUR.parse().unwrap();
    let left = Left::of(invoice, before, eur).unwrap();
    reckon(new, invoice, &left, (eur, net)).map_err(|it| it.to_string())
}

#[test]
fn parts_that_were_rounded_come_to_the_whole_to_the_cent() {
    // 3 at 3.335 are 10.01; three times 3.34 would be 10.02.
    let (own, whole) = invoice(vec![line("1", 3, "3.335", Some("19"))], vec![]);
    let (mut before, mut sum) = (Vec::new(), Sums::default());
    for _ in 0..3 {
        let (content, part) = credit(&new(&[("1", "1")], &[]), &own, &before).unwrap();
        sum = Sums {
            net: sum.net + part.net,
            tax: sum.tax + part.tax,
            total: sum.total + part.total,
        };
        before.push(content);
    }
    assert_eq!(sum, whole);
    assert_eq!(before[2].charges[0].amount, "0.01");
    assert!(Left::of(&own, &before, EUR.parse().unwrap()).unwrap().is_nothing());
    let refused = credit(&new(&[("1", "1")], &[]), &own, &before).unwrap_err();
    assert_eq!(refused, "line 1: 0 are left to be credited, and not 1");
    credit(&new(&[], &[("0.01", None)]), &own, &before).unwrap_err();
}

#[test]
fn only_what_the_invoice_has_is_credited() {
    let lines = vec![line("1", 2, "10", Some("19")), line("2", 1, "5", None)];
    let (own, _) = invoice(lines, vec![]);
    for (lines, amounts, why) in [
        (vec![], vec![], "credit a part of a line, or an amount"),
        (vec![("3", "1")], vec![], "line 3: the invoice has no such line"),
        (vec![("1", "3")], vec![], "line 1: 2 are left to be credited, and not 3"),
        (vec![("1", "0")], vec![], "line 1: 2 are left to be credited, and not 0"),
        (vec![("1", "x")], vec![], "line 1: `x` is no quantity"),
        (vec![("1", "1"), ("1", "1")], vec![], "line 1: it is there twice"),
        (vec![], vec![("1", Some("7"))], "the invoice has nothing at 7 %"),
        (vec![], vec![("1.005", Some("19"))], "amount 1: `1.005` is no amount of EUR"),
        (
            vec![("1", "2")],
            vec![("1", Some("19"))],
            "20.00 EUR of the invoice are left to be credited at 19 %, and not 21.00",
        ),
        (
            vec![],
            vec![("5.01", None)],
            "5.00 EUR of the invoice are left to be credited untaxed, and not 5.01",
        ),
    ] {
        assert_eq!(credit(&new(&lines, &amounts), &own, &[]).unwrap_err(), why);
    }
}

proptest! {
    /// Whatever is credited of whatever invoice, no line, rate or tax is ever credited beyond
    /// what was invoiced; and what is left can be credited, after which nothing is left.
    #[test]
    fn property_no_history_of_credits_gives_back_more_than_was_invoiced(
        drawn in proptest::collection::vec((1..9_u32, 1..99_999_u32, 0..3_usize), 1..4),
        freight in 1..5_000_i64,
        steps in proptest::collection::vec((0..4_usize, 1..4_u32, 1..30_000_i64), 0..12),
    ) {
        let rates = [None, Some("7"), Some("19.6")];
        let lines = (1..).zip(drawn).map(|(at, (count, price, rate))| {
            let price = Decimal::new(price.into(), 3).to_string();
            line(&at.to_string(), count, &price, rates[rate])
        });
        let charge = InvoiceCharge {
            direction: ChargeDirection::Charge,
            service: ChargeService::Freight,
            text: String::new(),
            amount: Decimal::new(freight, 2).to_string(),
            tax_percent: Some("7".to_owned()),
        };
        let (own, whole) = invoice(lines.collect(), vec![charge]);
        let (mut before, mut sum) = (Vec::new(), Sums::default());
        let mut add = |(content, part): (Content, Sums), before: &mut Vec<Content>| {
            before.push(content);
            sum = Sums { net: sum.net + part.net, tax: sum.tax + part.tax, total: sum.total + part.total };
            assert!(sum.net <= whole.net && sum.tax <= whole.tax, "{sum:?} of {whole:?}");
            sum
        };
        for (place, count, amount) in steps {
            let (name, count) = ((place + 1).to_string(), count.to_string());
            let amount = Decimal::new(amount, 2).to_string();
            let wanted = if place == 3 {
                new(&[], &[(&amount, rates[amount.len() % 3])])
            } else {
                new(&[(&name, &count)], &[])
            };
            if let Ok(told) = credit(&wanted, &own, &before) {
                add(told, &mut before);
            }
        }
        let left = Left::of(&own, &before, EUR.parse().unwrap()).unwrap();
        let all: Vec<_> = left.view().rates.into_iter().filter(|it| it.net_minor > 0).map(|it| {
            (Decimal::new(it.net_minor, 2).to_string(), it.percent)
        }).collect();
        let all: Vec<_> = all.iter().map(|(amount, rate)| (amount.as_str(), rate.as_deref())).collect();
        if !all.is_empty() {
            let told = credit(&new(&[], &all), &own, &before);
            let whole_again = add(told.unwrap(), &mut before);
            prop_assert_eq!(whole_again, whole);
        }
        prop_assert!(Left::of(&own, &before, EUR.parse().unwrap()).unwrap().is_nothing());
    }
}
