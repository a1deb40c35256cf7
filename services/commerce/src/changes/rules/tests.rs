use super::{
    ChangeError, ChangeKind, ChangeLine, ChangeState, LineOffer, LineVerdict,
    OrderedLine, answer, apply, leads_to, read,
};
use crate::orders::OrderState;

pub(super) fn ordered() -> Vec<OrderedLine> {
    let line = |line: &str| OrderedLine {
        line: line.to_owned(),
        product: "GATE".to_owned(),
        description: String::new(),
        unit: "EA".to_owned(),
        quantity: "3".to_owned(),
        unit_price: "4.15".to_owned(),
        requested_on: None,
    };
    vec![line("1"), line("2")]
}

fn change(line: &str, kind: ChangeKind, quantity: Option<&str>) -> ChangeLine {
    ChangeLine {
        line: line.to_owned(),
        kind,
        product: "POST".to_owned(),
        description: String::new(),
        unit: "EA".to_owned(),
        quantity: quantity.map(str::to_owned),
        unit_price: (kind == ChangeKind::Added).then(|| "0.125".to_owned()),
        requested_on: None,
        accepted: None,
        offered: None,
    }
}

fn says(line: &str, accept: bool) -> LineVerdict {
    LineVerdict { line: line.to_owned(), accept, offer: None }
}

fn offers(line: &str, quantity: &str, price: Option<&str>) -> LineVerdict {
    let offer = LineOffer {
        quantity: Some(quantity.to_owned()),
        unit_price: price.map(str::to_owned),
        requested_on: "2027-01-15".parse().ok(),
    };
    LineVerdict { offer: Some(offer), ..says(line, true) }
}

#[test]
fn a_change_says_only_what_is_to_be_otherwise() {
    let same = read(&ordered(), vec![change("1", ChangeKind::Changed, Some("3.00"))]);
    assert_eq!(same, Err(ChangeError::Nothing));
    let none = read(&ordered(), vec![change("1", ChangeKind::Changed, Some("0"))]);
    assert_eq!(none.unwrap()[0].kind, ChangeKind::Deleted);
    let two = [
        change("1", ChangeKind::Changed, Some("3")),
        change("2", ChangeKind::Deleted, None),
    ];
    let kept = read(&ordered(), two.to_vec()).unwrap();
    assert_eq!(kept.iter().map(|it| it.line.as_str()).collect::<Vec<_>>(), ["2"]);
    for bad in [
        change("7", ChangeKind::Changed, Some("1")),
        change("1", ChangeKind::Added, Some("1")),
        change("3", ChangeKind::Added, None),
        change("3", ChangeKind::Added, Some("0")),
        change("1", ChangeKind::Changed, Some("-1")),
    ] {
        let refused = read(&ordered(), vec![bad.clone()]);
        assert!(matches!(refused, Err(ChangeError::Line(..))), "{bad:?}");
    }
}

#[test]
fn what_is_accepted_of_a_change_is_done_and_nothing_else() {
    let all = vec![
        change("1", ChangeKind::Changed, Some("5")),
        change("2", ChangeKind::Deleted, None),
        change("3", ChangeKind::Added, Some("1")),
    ];
    let all = read(&ordered(), all).unwrap();
    let with = |one: bool, two: bool, three: bool| {
        let said = [("3", three), ("1", one), ("2", two)];
        let said = said.map(|(line, yes)| says(line, yes)).to_vec();
        let (state, lines) = answer(all.clone(), said).unwrap();
        let lines = apply(&ordered(), &lines, "EUR".parse().unwrap()).unwrap();
        (
            state,
            lines
                .iter()
                .map(|(it, worth)| (it.quantity.clone(), *worth))
                .collect::<Vec<_>>(),
        )
    };
    let told = |lines: &[(&str, i64)]| {
        lines.iter().map(|(it, worth)| ((*it).to_owned(), *worth)).collect::<Vec<_>>()
    };
    assert_eq!(
        with(true, true, true),
        (ChangeState::Accepted, told(&[("5", 2075), ("1", 13)]))
    );
    assert_eq!(
        with(true, false, false),
        (ChangeState::AcceptedInPart, told(&[("5", 2075), ("3", 1245)]))
    );
    assert_eq!(
        with(false, false, false),
        (ChangeState::Rejected, told(&[("3", 1245), ("3", 1245)]))
    );
    let short = answer(all.clone(), vec![says("1", true)]);
    assert_eq!(short, Err(ChangeError::Answers("2".to_owned())));
}

#[test]
fn a_counter_offer_is_what_the_order_becomes() {
    let all = vec![
        change("1", ChangeKind::Changed, Some("9")),
        change("2", ChangeKind::Deleted, None),
        change("3", ChangeKind::Added, Some("4")),
    ];
    let all = read(&ordered(), all).unwrap();
    let said = vec![offers("1", "5", Some("4.00")), says("2", true), says("3", true)];
    let (state, lines) = answer(all.clone(), said).unwrap();
    assert_eq!(state, ChangeState::AcceptedInPart);
    let after = apply(&ordered(), &lines, "EUR".parse().unwrap()).unwrap();
    let told: Vec<_> = after
        .iter()
        .map(|(it, worth)| (it.quantity.as_str(), it.unit_price.as_str(), *worth))
        .collect();
    assert_eq!(told, [("5", "4", 2000), ("4", "0.125", 50)]);
    assert_eq!(after[0].0.requested_on, "2027-01-15".parse().ok());
    // What is offered as it was asked is agreed to as asked.
    let same = LineVerdict {
        offer: Some(LineOffer {
            quantity: Some("9.0".to_owned()),
            ..LineOffer::default()
        }),
        ..says("1", true)
    };
    let (state, lines) =
        answer(all.clone(), vec![same, says("2", true), says("3", true)]).unwrap();
    assert_eq!((state, &lines[0].offered), (ChangeState::Accepted, &None));
    for bad in [
        offers("2", "1", None),
        offers("1", "0", None),
        offers("1", "many", None),
        LineVerdict { accept: false, ..offers("1", "5", None) },
    ] {
        let rest = ["1", "2", "3"].into_iter().filter(|it| *it != bad.line);
        let said = rest.map(|it| says(it, true)).chain([bad.clone()]).collect();
        let refused = answer(all.clone(), said);
        assert!(matches!(refused, Err(ChangeError::Line(..))), "{bad:?}");
    }
}

#[test]
fn only_what_is_not_under_way_is_changed_or_called_off() {
    assert_eq!(leads_to(OrderState::Received, true), Ok(OrderState::Received));
    assert_eq!(leads_to(OrderState::Accepted, true), Ok(OrderState::Changed));
    assert_eq!(leads_to(OrderState::Changed, false), Ok(OrderState::Cancelled));
    for late in [
        OrderState::PartShipped,
        OrderState::Shipped,
        OrderState::Invoiced,
        OrderState::Closed,
        OrderState::Rejected,
        OrderState::Cancelled,
    ] {
        assert_eq!(leads_to(late, true), Err(ChangeError::TooLate(late)));
        assert_eq!(leads_to(late, false), Err(ChangeError::TooLate(late)));
    }
}
