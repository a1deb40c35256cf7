//! What a dispatch advice may say. Pure.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Day;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::sscc::{shown, sscc};
use crate::{
    fulfilment::{Excess, LineStand, Refusal},
    orders::decimal,
};

/// What goods are packed in.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum PackageKind {
    /// A pallet.
    Pallet,
    /// A carton.
    #[default]
    Carton,
    /// A box.
    Box,
    /// A case.
    Case,
    /// A crate.
    Crate,
    /// A drum.
    Drum,
    /// A bag.
    Bag,
}

impl PackageKind {
    /// Its word, as documents of `trade` have it.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Pallet => "pallet",
            Self::Carton => "carton",
            Self::Box => "box",
            Self::Case => "case",
            Self::Crate => "crate",
            Self::Drum => "drum",
            Self::Bag => "bag",
        }
    }
}

/// A package of a dispatch advice. Lines name it by its place, from 1.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct ShipmentPackage {
    /// What it is.
    #[serde(default)]
    pub kind: PackageKind,
    /// Its serial shipping container code: 18 digits, of which the last checks the others.
    pub sscc: Option<String>,
}

/// A part of a line that is under way.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct ShipmentLine {
    /// The line, as the order names it.
    pub line: String,
    /// How much, in decimals; more than nothing.
    pub quantity: String,
    /// In which of the packages, from 1; none, if it is in none of them.
    pub package: Option<u32>,
}

/// A dispatch advice, as its seller writes it.
#[derive(Clone, Debug)]
pub struct NewShipment {
    /// The revision of the order that the seller read.
    pub revision: i64,
    /// The seller's number for it; else one is given.
    pub number: Option<String>,
    /// The day on which the goods went out.
    pub sent_on: Day,
    /// The day on which they are expected.
    pub expected_on: Option<Day>,
    /// Who carries them.
    pub carrier: String,
    /// The carrier's number.
    pub tracking: String,
    /// A word to the buyer.
    pub note: String,
    /// By how many percent more than was confirmed may be sent, 0 to [`OVER_LIMIT`].
    pub over_percent: Option<String>,
    /// The packages.
    pub packages: Vec<ShipmentPackage>,
    /// The lines.
    pub lines: Vec<ShipmentLine>,
    /// What becomes of more than is open.
    pub excess: Excess,
}

/// By how many percent at most a delivery may be more than what was confirmed.
pub const OVER_LIMIT: u32 = 25;

/// How many lines, and how many packages, a dispatch advice has at most.
const LIMIT: usize = 1_000;

/// What stands between names and numbers of one line, in characters: TD505 and C040 3128 have 35,
/// REF02 of 004010 has 30.
const LINE_LIMITS: [(&str, usize); 2] = [("carrier", 35), ("tracking", 30)];

/// A line that is under way, read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Part {
    /// The place of the line in its order, from 0.
    pub(super) place: usize,
    /// How much.
    pub(super) quantity: Decimal,
    /// In which package, from 1.
    pub(super) package: Option<u32>,
}

/// Reads what a dispatch advice says against what is open.
///
/// # Errors
/// [`Refusal::Field`], with the line and what is open of it.
pub(super) fn check(
    new: &NewShipment,
    stands: &[LineStand],
) -> Result<(Vec<Part>, Vec<ShipmentPackage>), Refusal> {
    let field = |name, why: &str| Err(Refusal::Field(name, why.to_owned()));
    if new.expected_on.is_some_and(|day| day < new.sent_on) {
        return field("expected_on", "it cannot come before it is sent");
    }
    for ((name, limit), text) in
        LINE_LIMITS.into_iter().zip([&new.carrier, &new.tracking])
    {
        if text.trim().chars().count() > limit || text.contains(char::is_control) {
            let why = format!("say it in one line of at most {limit} characters");
            return Err(Refusal::Field(name, why));
        }
    }
    let packages = packages(&new.packages)?;
    if new.lines.is_empty() {
        return field("lines", "send at least one line");
    }
    if new.lines.len() > LIMIT {
        return field("lines", "at most 1,000 lines; write a second dispatch advice");
    }
    let over = over(new.over_percent.as_deref())?;
    let mut parts = Vec::with_capacity(new.lines.len());
    let mut sums: BTreeMap<usize, Decimal> = BTreeMap::new();
    for line in &new.lines {
        let part = part(line, stands, packages.len())?;
        let sum = sums.entry(part.place).or_default();
        let more = sum.checked_add(part.quantity);
        *sum = more.ok_or_else(|| Refusal::line(&line.line, "that is too much"))?;
        parts.push(part);
    }
    for (place, sum) in sums {
        if let (Some(stand), Excess::Refused) = (stands.get(place), new.excess) {
            fits(stand, sum, over)?;
        }
    }
    let used: BTreeSet<_> = parts.iter().filter_map(|it| it.package).collect();
    if let Some(empty) = (1..).zip(&packages).find(|(at, _)| !used.contains(at)) {
        let why = format!("package {} holds nothing; name it in a line", empty.0);
        return Err(Refusal::Field("packages", why));
    }
    Ok((parts, packages))
}

fn packages(told: &[ShipmentPackage]) -> Result<Vec<ShipmentPackage>, Refusal> {
    let refused = |why| Refusal::Field("packages", why);
    if told.len() > LIMIT {
        return Err(refused("at most 1,000 packages".to_owned()));
    }
    let mut seen = BTreeSet::new();
    let read = |(at, one): (usize, &ShipmentPackage)| {
        let code = one.sscc.as_deref().map(str::trim).filter(|it| !it.is_empty());
        let code = code.map(sscc).transpose();
        let code = code.map_err(|why| refused(format!("package {at}: {why}")))?;
        if let Some(code) = &code
            && !seen.insert(code.clone())
        {
            return Err(refused(format!("package {at}: {code} stands on another too")));
        }
        Ok(ShipmentPackage { kind: one.kind, sscc: code })
    };
    (1..).zip(told).map(read).collect()
}

/// What may be sent of a hundred that were confirmed.
fn over(told: Option<&str>) -> Result<Decimal, Refusal> {
    let Some(told) = told.map(str::trim).filter(|it| !it.is_empty()) else {
        return Ok(Decimal::ZERO);
    };
    let percent = decimal(told).filter(|it| *it <= OVER_LIMIT.into());
    percent.ok_or_else(|| {
        let why = format!("an over-delivery is 0 to {OVER_LIMIT} percent");
        Refusal::Field("over_percent", why)
    })
}

fn part(
    line: &ShipmentLine,
    stands: &[LineStand],
    packages: usize,
) -> Result<Part, Refusal> {
    let name = &line.line;
    let place = stands.iter().position(|it| it.line == *name);
    let place = place.ok_or_else(|| Refusal::line(name, "the order has no such line"))?;
    let quantity = decimal(line.quantity.trim()).filter(|it| !it.is_zero());
    let quantity = quantity.ok_or_else(|| {
        Refusal::line(name, format!("`{}` is no quantity", shown(&line.quantity)))
    })?;
    let there = line
        .package
        .is_none_or(|at| at > 0 && usize::try_from(at).is_ok_and(|at| at <= packages));
    if !there {
        return Err(Refusal::line(name, "there is no package of that number"));
    }
    Ok(Part { place, quantity, package: line.package })
}

/// Whether so much more of a line may be sent.
fn fits(stand: &LineStand, more: Decimal, over: Decimal) -> Result<(), Refusal> {
    let line = &stand.line;
    let shipped = stand.shipped.checked_add(more);
    let hundred = Decimal::ONE_HUNDRED.checked_add(over);
    let limit = hundred.and_then(|it| {
        it.checked_mul(stand.confirmed)?.checked_div(Decimal::ONE_HUNDRED)
    });
    let (Some(shipped), Some(limit)) = (shipped, limit) else {
        return Err(Refusal::line(line, "that is more than can be counted"));
    };
    if shipped <= limit {
        return Ok(());
    }
    let open = stand.open().normalize();
    Err(Refusal::line(
        line,
        if over.is_zero() {
            format!(
                "{} are open, and {} are to be sent; to send more, say by how many percent \
                 (over-delivery)",
                open,
                more.normalize()
            )
        } else {
            format!(
                "{} are open; with {} % more at most {} may be sent in all",
                open,
                over.normalize(),
                limit.normalize()
            )
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::{
        LineStand, NewShipment, PackageKind, Part, ShipmentLine, ShipmentPackage, check,
    };

    fn stands() -> Vec<LineStand> {
        let of = |line: &str, confirmed: u32, shipped: u32| LineStand {
            line: line.to_owned(),
            ordered: confirmed.into(),
            confirmed: confirmed.into(),
            shipped: shipped.into(),
            ..LineStand::default()
        };
        vec![of("10", 5, 2), of("20", 1, 0), of("30", 0, 0)]
    }

    fn shipment(lines: &[(&str, &str, Option<u32>)]) -> NewShipment {
        let line = |(line, quantity, package): &(&str, &str, Option<u32>)| ShipmentLine {
            line: (*line).to_owned(),
            quantity: (*quantity).to_owned(),
            package: *package,
        };
        NewShipment {
            revision: 1,
            number: None,
            sent_on: "2026-11-23".parse().unwrap(),
            expected_on: None,
            carrier: "DHL".to_owned(),
            tracking: "JD0001".to_owned(),
            note: String::new(),
            over_percent: None,
            packages: Vec::new(),
            excess: crate::fulfilment::Excess::Refused,
            lines: lines.iter().map(line).collect(),
        }
    }

    fn refused(new: &NewShipment) -> String {
        check(new, &stands()).unwrap_err().to_string()
    }

    #[test]
    fn no_more_is_sent_than_is_open_unless_it_is_said() {
        assert!(
            check(&shipment(&[("10", "3", None), ("20", "1", None)]), &stands()).is_ok()
        );
        let much = refused(&shipment(&[("10", "2", None), ("10", "1.5", None)]));
        assert!(much.starts_with("line 10: 3 are open, and 3.5"), "{much}");
        let over = |percent: &str, lines| NewShipment {
            over_percent: Some(percent.to_owned()),
            ..shipment(lines)
        };
        // Ten percent of five is a half.
        assert!(check(&over("10", &[("10", "3.5", None)]), &stands()).is_ok());
        let much = refused(&over("10", &[("10", "3.6", None)]));
        assert!(much.contains("with 10 % more at most 5.5"), "{much}");
        assert!(refused(&over("26", &[("10", "3", None)])).contains("0 to 25"));
        assert!(
            refused(&over("5", &[("30", "1", None)])).contains("line 30: 0 are open")
        );
    }

    #[test]
    fn what_makes_no_sense_is_refused_by_its_place() {
        assert!(refused(&shipment(&[])).contains("at least one line"));
        assert!(
            refused(&shipment(&[("7", "1", None)])).contains("line 7: the order has no")
        );
        assert!(refused(&shipment(&[("10", "0", None)])).contains("`0` is no quantity"));
        assert!(
            refused(&shipment(&[("10", "-1", None)])).contains("`-1` is no quantity")
        );
        assert!(refused(&shipment(&[("10", "1", Some(1))])).contains("no package"));
        let early = NewShipment {
            expected_on: Some("2026-11-22".parse().unwrap()),
            ..shipment(&[("10", "1", None)])
        };
        assert!(refused(&early).contains("before it is sent"));
        let long =
            NewShipment { tracking: "1".repeat(31), ..shipment(&[("10", "1", None)]) };
        assert!(refused(&long).contains("at most 30"));
    }

    #[test]
    fn packages_hold_something_and_no_two_have_one_code() {
        let package = |code: Option<&str>| ShipmentPackage {
            kind: PackageKind::Pallet,
            sscc: code.map(str::to_owned),
        };
        let code = Some("376104250021234569");
        let mut new = shipment(&[("10", "1", Some(1)), ("10", "2", Some(2))]);
        new.packages = vec![package(code), package(Some(" "))];
        let (parts, packages) = check(&new, &stands()).unwrap();
        assert_eq!(parts[1], Part { place: 0, quantity: 2.into(), package: Some(2) });
        assert_eq!(packages[1].sscc, None);
        new.packages[1] = package(code);
        assert!(
            refused(&new).contains("package 2: 376104250021234569 stands on another")
        );
        new.packages = vec![package(None), package(None), package(None)];
        assert!(refused(&new).contains("package 3 holds nothing"));
    }
}
