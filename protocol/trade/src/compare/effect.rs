use rust_decimal::Decimal;

use super::pairs::conflict;
use super::{Said, What, text};
use crate::units;
use crate::{Charge, Confirmation, DateOf, Document, Kind, Line};

type Effect = (What, Option<Said>, Option<Said>);

/// Where the lines of the second document disagree with the line that they are about.
pub(super) fn effects(
    (first, own): (&Document, &Line),
    (second, others): (&Document, &[(usize, &Line)]),
) -> Vec<Effect> {
    let lines: Vec<&Line> = others.iter().map(|(_, line)| *line).collect();
    let answers = matches!(second.kind, Kind::OrderAnswer | Kind::OrderChangeAnswer);
    if answers && lines.iter().all(|line| is_refused(line)) {
        return vec![(What::LineRefused, product(own), None)];
    }
    let mut found = Vec::new();
    found.extend(products(own, &lines));
    found.extend(quantities(own, &lines));
    found.extend(lines.iter().find_map(|line| prices(own, line)));
    // Those of a line that was split cannot be told apart.
    if let [line] = lines.as_slice() {
        let worth = |line: &Line| line.worth(COINS).unwrap_or_default();
        let (one, other) =
            ((worth(own), &own.charges[..]), (worth(line), &line.charges[..]));
        found.extend(charges(one, other, second));
    }
    if second.kind != Kind::Invoice {
        found.extend(dates((first, own), (second, &lines)));
    }
    found
}

/// What a line is about: in words, or as the first name of its product.
pub(super) fn product(line: &Line) -> Option<Said> {
    let named = line.products.first().map(|product| product.value.as_str());
    line.description.as_deref().or(named).map(text)
}

const REFUSALS: [&str; 3] = ["rejected", "deleted", "unknown_item"];
const LATER: [&str; 2] = ["back_ordered", "on_hold"];

/// Whether nothing of a line was accepted.
fn is_refused(line: &Line) -> bool {
    let refuses = |own: &Confirmation| REFUSALS.contains(&own.status.as_str());
    !line.confirmations.is_empty() && line.confirmations.iter().all(refuses)
}

fn products(own: &Line, lines: &[&Line]) -> Option<Effect> {
    let replaced = lines.iter().find(|line| {
        conflict(own, line)
            || line.confirmations.iter().any(|said| said.status == "substituted")
    })?;
    // Told by the name that differs.
    let differs = own.products.iter().find_map(|name| {
        let other = replaced.products.iter().find(|other| {
            other.kind == name.kind && other.value.trim() != name.value.trim()
        })?;
        Some((text(&name.value), text(&other.value)))
    });
    let (expected, found) = match differs {
        Some((expected, found)) => (Some(expected), Some(found)),
        None => (product(own), product(replaced)),
    };
    Some((What::Product, expected, found))
}

/// How much of a line is confirmed, ordered, shipped or invoiced, and in which unit.
fn quantity(line: &Line) -> Option<(Decimal, &str)> {
    let counted: Vec<&Confirmation> =
        line.confirmations.iter().filter(|own| own.quantity.is_some()).collect();
    let Some(first) = counted.first() else {
        return Some((line.quantity?, &line.unit));
    };
    let counts = |own: &&&Confirmation| {
        let status = own.status.as_str();
        !REFUSALS.contains(&status) && !LATER.contains(&status)
    };
    let accepted = counted.iter().filter(counts).filter_map(|own| own.quantity);
    let sum =
        accepted.fold(Decimal::ZERO, |sum, one| sum.checked_add(one).unwrap_or(sum));
    Some((sum, first.unit.as_deref().unwrap_or(&line.unit)))
}

fn quantities(own: &Line, lines: &[&Line]) -> Option<Effect> {
    let (wanted, unit) = (own.quantity?, own.unit.as_str());
    let told =
        |quantity, unit: &str| Some(Said::Quantity { quantity, unit: unit.to_owned() });
    let mut all = lines.iter().filter_map(|line| quantity(line));
    let (mut sum, other) = all.next()?;
    for (more, unit) in all {
        let (small, large) = units::factors(unit, other)?;
        let more = more.checked_mul(small)?.checked_div(large)?;
        sum = sum.checked_add(more)?;
    }
    // What does not say its unit means that of the order.
    let other = if other.is_empty() { unit } else { other };
    let unit = if unit.is_empty() { other } else { unit };
    let Some((base, other_base)) = units::factors(unit, other) else {
        return Some((What::Unit, told(wanted, unit), told(sum, other)));
    };
    let same = wanted.checked_mul(base)? == sum.checked_mul(other_base)?;
    (!same).then(|| (What::Quantity, told(wanted, unit), told(sum, other)))
}

fn prices(own: &Line, line: &Line) -> Option<Effect> {
    let of = |line: &Line| -> Option<(Decimal, Decimal, String)> {
        let per = line.price_per.filter(|per| !per.is_zero()).unwrap_or(Decimal::ONE);
        let unit = line.price_unit.as_ref().unwrap_or(&line.unit);
        Some((line.price?, per, unit.clone()))
    };
    let ((price, per, unit), (other_price, other_per, other_unit)) =
        (of(own)?, of(line)?);
    let other_unit = if other_unit.is_empty() { unit.clone() } else { other_unit };
    let unit = if unit.is_empty() { other_unit.clone() } else { unit };
    let same = match units::factors(&unit, &other_unit) {
        Some((base, other_base)) => {
            let one = price.checked_mul(other_per)?.checked_mul(other_base)?;
            let two = other_price.checked_mul(per)?.checked_mul(base)?;
            one == two
        }
        // Units that do not convert are told as such; the number may be that of the same price.
        None => price == other_price && per == other_per,
    };
    let told = |price, per, unit| Some(Said::Price { price, per, unit });
    let effect = || {
        (What::Price, told(price, per, unit), told(other_price, other_per, other_unit))
    };
    (!same).then(effect)
}

/// How exactly worths are taken for percentages here.
const COINS: u32 = 4;

/// Allowances and charges, each with what percentages are of.
///
/// What answers, changes and orders do not repeat stays as it was; an invoice says all of it, and
/// a dispatch advice nothing.
pub(super) fn charges(
    (base, own): (Decimal, &[Charge]),
    (other_base, others): (Decimal, &[Charge]),
    second: &Document,
) -> Option<Effect> {
    let silent = others.is_empty() && second.kind != Kind::Invoice;
    if silent || second.kind == Kind::DispatchAdvice {
        return None;
    }
    let terms = |all: &[Charge]| {
        let term = |own: &Charge| {
            (own.direction.clone(), own.amount, own.percent, own.rate, own.quantity)
        };
        let mut terms: Vec<_> = all.iter().map(term).collect();
        terms.sort();
        terms
    };
    let sum = |base: Decimal, all: &[Charge]| {
        let each = all.iter().map(|charge| charge.adds(base, COINS));
        each.fold(Decimal::ZERO, |sum, one| sum.checked_add(one).unwrap_or(sum))
            .normalize()
    };
    let (one, other) = (sum(base, own), sum(other_base, others));
    let money = |amount| Some(Said::Money { amount });
    (one != other && terms(own) != terms(others))
        .then(|| (What::Charges, money(one), money(other)))
}

/// The days on which something is wanted, and on which it is to come.
fn dates(
    (first, own): (&Document, &Line),
    (second, lines): (&Document, &[&Line]),
) -> Option<Effect> {
    let wanted = of_kind(&own.dates, &["requested_delivery"])
        .or_else(|| of_kind(&first.dates, &["requested_delivery"]))?;
    let kinds = ["promised", "current_schedule", "estimated_delivery", "delivered"];
    let known: Vec<&DateOf> = own.dates.iter().chain(&first.dates).collect();
    let is_new =
        |date: &&DateOf| kinds.contains(&date.kind.as_str()) && !known.contains(date);
    let confirmed = lines.iter().flat_map(|line| &line.confirmations);
    let confirmed = confirmed.filter_map(|own| own.date.as_deref());
    let of_lines = lines.iter().flat_map(|line| line.dates.iter().filter(is_new));
    let of_whole = second.dates.iter().filter(is_new);
    let promised = of_lines.chain(of_whole).map(|date| date.date.as_str());
    let mut told: Vec<&str> = confirmed.chain(promised).collect();
    if told.is_empty() {
        let of_line =
            lines.iter().find_map(|line| of_kind(&line.dates, &["requested_delivery"]));
        told = of_line
            .or_else(|| of_kind(&second.dates, &["requested_delivery"]))
            .unwrap_or_default();
    }
    let day = |date: &str| date.split('T').next().unwrap_or_default().to_owned();
    let late =
        told.iter().find(|date| !wanted.iter().any(|want| day(want) == day(date)))?;
    let date = |date: &str| Some(Said::Date { date: date.to_owned() });
    Some((What::Date, date(wanted.first()?), date(late)))
}

/// The dates of these kinds; none where there is none.
fn of_kind<'a>(dates: &'a [DateOf], kinds: &[&str]) -> Option<Vec<&'a str>> {
    let own = dates.iter().filter(|date| kinds.contains(&date.kind.as_str()));
    let own: Vec<&str> = own.map(|date| date.date.as_str()).collect();
    (!own.is_empty()).then_some(own)
}
