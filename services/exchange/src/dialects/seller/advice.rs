//! A dispatch advice out of an 856 or a DESADV.

use commerce::{
    fulfilment::Excess,
    shipments::{NewShipment, PackageKind, ShipmentLine, ShipmentPackage},
};
use trade::{Document, Package};

use super::{Known, note, short};
use crate::dialects::{iso_day, plain};

/// What one line holds of a carrier, of its number, and of a word to the buyer, in characters.
const CARRIER: usize = 35;
const TRACKING: usize = 30;
const NOTE: usize = 264;

/// The dispatch advice that a document is, for an order at its revision.
///
/// # Errors
/// In plain words, what keeps it from being one.
pub(crate) fn advice(
    document: &Document,
    known: &Known<'_>,
    excess: Excess,
) -> Result<NewShipment, String> {
    let number = plain(&document.number);
    if number.is_empty() {
        return Err("it has no number (BSN02, or 1004 of BGM)".to_owned());
    }
    let day = |kind: &str| {
        let found = document.dates.iter().find(|it| it.kind == kind);
        found.and_then(|it| iso_day(&it.date))
    };
    let sent_on = day("shipped").or_else(|| document.date.as_deref().and_then(iso_day));
    let sent_on = sent_on
        .ok_or("it does not say on what day the goods went out (DTM 011, or DTM 11)")?;
    let mut packages: Vec<&Package> = Vec::new();
    let mut lines = Vec::with_capacity(document.lines.len());
    for (ordinal, line) in (1..).zip(&document.lines) {
        let place = known.find((ordinal, line))?;
        let Some(own) = known.order.lines.get(place) else { continue };
        let quantity = line.quantity.ok_or_else(|| {
            format!("line {ordinal} does not say how much is sent (SN102, or QTY 12)")
        })?;
        lines.push(ShipmentLine {
            line: own.line.clone(),
            quantity: quantity.normalize().to_string(),
            package: line
                .package
                .as_deref()
                .and_then(|it| used(document, it, &mut packages)),
        });
    }
    let name = |it: &trade::Transport| it.name.clone().or_else(|| it.carrier.clone());
    let carrier = document.transport.iter().find_map(name).unwrap_or_default();
    let by = |kind: &str| document.references.iter().find(|it| it.kind == kind);
    let tracking = by("carrier_reference").or_else(|| by("bill_of_lading"));
    Ok(NewShipment {
        revision: known.order.summary.revision,
        number: Some(number),
        sent_on,
        expected_on: day("estimated_delivery").filter(|it| *it >= sent_on),
        carrier: short(&carrier, CARRIER),
        tracking: short(tracking.map_or("", |it| it.number.as_str()), TRACKING),
        note: note(document, NOTE),
        over_percent: None,
        packages: packages.into_iter().map(package).collect(),
        lines,
        excess,
    })
}

/// The place, from 1, of a package among those that lines are in.
fn used<'d>(
    document: &'d Document,
    number: &str,
    packages: &mut Vec<&'d Package>,
) -> Option<u32> {
    let package = document.packages.iter().find(|it| it.number == number)?;
    // What is neither marked nor named by its kind is no package that anybody could look for.
    if package.marks.is_empty() && package.kind.is_none() {
        return None;
    }
    let at = packages.iter().position(|it| it.number == number);
    let at = at.unwrap_or_else(|| {
        packages.push(package);
        packages.len().saturating_sub(1)
    });
    u32::try_from(at).ok()?.checked_add(1)
}

fn package(package: &Package) -> ShipmentPackage {
    let kind = match package.kind.as_deref() {
        Some("pallet") => PackageKind::Pallet,
        Some("box") => PackageKind::Box,
        Some("case") => PackageKind::Case,
        Some("crate") => PackageKind::Crate,
        Some("drum") => PackageKind::Drum,
        Some("bag") => PackageKind::Bag,
        Some(_) | None => PackageKind::Carton,
    };
    let sscc = package.marks.iter().find(|it| it.kind == "sscc");
    ShipmentPackage { kind, sscc: sscc.map(|it| plain(&it.value)) }
}
