//! A price with its basis to its places.

use rust_decimal::Decimal;
use segments::Slot;

use super::super::basis::{self, Basis};
use super::super::convert::{Conv, Misfit, Put, fit, put};
use super::super::pointer;
use super::super::rules::{Field, Rule, Source};
use super::{Claim, Writer, Written};
use crate::codes::Dialect;

/// A price as it is written: the texts of its places, the price that reads back where it is
/// another, the basis that reads back, and why.
struct Priced {
    texts: Vec<String>,
    price: Option<(String, String)>,
    basis: Basis,
    why: String,
}

/// The line that a price at `base` belongs to: a price from a quantity on is for as many units as
/// that of its line.
pub(in super::super) fn line_of(base: &str) -> &str {
    base.rsplit_once("/breaks/").map_or(base, |(line, _)| line)
}

/// Whether a price from a quantity on has no price.
pub(super) fn is_missing(rule: &Rule, base: &str, written: &Written) -> bool {
    let is_price = |field: &Field| matches!(field.source, Source::Leaf(_, Conv::Basis));
    let has_one = |claim: &Claim| claim.pointer == pointer::join(base, "price");
    line_of(base) != base
        && rule.fields.iter().any(is_price)
        && !written.claims.iter().any(has_one)
}

impl Writer<'_> {
    /// Writes a price with what it is the price of; neither where the dialect cannot say both.
    pub(super) fn price(
        &mut self,
        rule: &'static Rule,
        field: &'static Field,
        path: &str,
        base: &str,
        written: &mut Written,
    ) {
        let own = pointer::join(base, path);
        let Some(price) = self.text(&own) else {
            return;
        };
        let line = line_of(base);
        let of = |field: &str| self.text(&pointer::join(line, field));
        let (per, unit) = (of("price_per"), of("price_unit"));
        // X12 tells pieces by the unit of the line, where that stands there.
        let stands = self.dialect == Dialect::Edifact || self.has_unit(line, written);
        let counted = of("unit").filter(|_| stands);
        let basis = Basis {
            per: per.and_then(|per| per.parse().ok()).unwrap_or(Decimal::ONE),
            unit: unit.map(str::to_owned),
        };
        let slots: Vec<Option<&Slot>> =
            field.spots.iter().map(|spot| self.slot(rule.tag, *spot)).collect();
        let counted = counted.unwrap_or_default();
        let priced = match self.priced((price, &basis), counted, &slots) {
            Ok(priced) => priced,
            Err((why, mend)) => {
                let place = field.spots.first().map_or(0, |spot| spot.0);
                let why = format!("{}{place:02}: {why}", rule.tag);
                self.reasons.insert(own, (why, mend));
                return;
            }
        };
        let places = field.spots.iter().zip(&priced.texts);
        for (spot, text) in places.filter(|(_, text)| !text.is_empty()) {
            written.texts.insert(*spot, text.clone());
        }
        let element = |place: usize| field.spots.get(place).map_or(0, |spot| spot.0);
        let changed = priced.price;
        written.claims.push(Claim { element: element(0), pointer: own, changed });
        if line != base {
            return;
        }
        let told = [
            ("price_per", per, Some(priced.basis.per.to_string())),
            ("price_unit", unit, priced.basis.unit),
        ];
        for (field, own, back) in told {
            let pointer = pointer::join(base, field);
            match (own, back.filter(|back| field == "price_unit" || back != "1")) {
                (Some(own), Some(back)) => {
                    let changed = (back != own).then(|| (back, priced.why.clone()));
                    let claim = Claim { element: element(1), pointer, changed };
                    written.claims.push(claim);
                }
                (Some(_), None) => {
                    self.reasons.insert(pointer, (priced.why.clone(), String::new()));
                }
                (None, _) => {}
            }
        }
    }

    fn has_unit(&self, line: &str, written: &Written) -> bool {
        let unit = pointer::join(line, "unit");
        self.taken.contains(&unit)
            || written.claims.iter().any(|claim| claim.pointer == unit)
    }

    /// A basis goes with the price that it belongs to, and is told anew where the unit of its line
    /// has gone.
    pub(super) fn mend_price(
        &mut self,
        rule: &'static Rule,
        base: &str,
        had_unit: bool,
        written: &mut Written,
    ) {
        for field in &rule.fields {
            let (Source::Leaf(path, Conv::Basis), Some((first, others))) =
                (&field.source, field.spots.split_first())
            else {
                continue;
            };
            let stands = written.texts.contains_key(first);
            let lost_unit = had_unit && !self.has_unit(line_of(base), written);
            if stands && !lost_unit {
                continue;
            }
            for spot in others {
                written.texts.remove(spot);
            }
            let own = ["price_per", "price_unit", path];
            let own = own.map(|field| pointer::join(base, field));
            written.claims.retain(|claim| !own.contains(&claim.pointer));
            if stands {
                written.texts.remove(first);
                self.price(rule, field, path, base, written);
            }
        }
    }

    pub(super) fn counts_units(&self, base: &str, written: &Written) -> bool {
        self.has_unit(line_of(base), written)
    }

    /// As it is, or as the price of one unit where that says exactly the same.
    fn priced(
        &self,
        (price, basis): (&str, &Basis),
        line: &str,
        slots: &[Option<&Slot>],
    ) -> Result<Priced, Misfit> {
        let told = self.told_basis(basis, line, slots);
        let number = put(self.dialect, Conv::Number, price, slots);
        let misfit = match (told, number) {
            (Ok((texts, back)), Ok(Put { texts: mut price, changed })) => {
                price.extend(texts);
                let why = "X12 counts pieces of all names alike".to_owned();
                return Ok(Priced { texts: price, price: changed, basis: back, why });
            }
            (Ok(_), Err(misfit)) => return Err(misfit),
            (Err(misfit), _) => misfit,
        };
        let exact = price.parse().ok();
        let one = exact.and_then(|price| basis::of_one_unit(price, basis, line));
        let one = one.ok_or_else(|| misfit.clone())?.to_string();
        let (texts, back) = self.told_basis(&Basis::of_one(), line, slots)?;
        let Put { texts: mut made, changed } =
            put(self.dialect, Conv::Number, &one, slots)?;
        if changed.is_some() {
            return Err(misfit);
        }
        made.extend(texts);
        let why = format!("{}; it is told as the price of one unit", misfit.0);
        let price = Some((one, why.clone()));
        Ok(Priced { texts: made, price, basis: back, why })
    }

    /// The texts of the places of a basis, and what they read back as.
    fn told_basis(
        &self,
        basis: &Basis,
        line: &str,
        slots: &[Option<&Slot>],
    ) -> Result<(Vec<String>, Basis), Misfit> {
        let slot = |place: usize| slots.get(place).copied().flatten();
        let mend = || "state the price for one unit of the line".to_owned();
        match self.dialect {
            Dialect::X12 => {
                let none = || {
                    let unit = basis.unit.as_deref().unwrap_or(line);
                    let why =
                        format!("X12 has no code for a price of {} {unit}", basis.per);
                    (why, mend())
                };
                let (code, back) = basis::code(basis, line).ok_or_else(none)?;
                if !code.is_empty() {
                    fit(code, slot(1)).map_err(|_| none())?;
                }
                Ok((vec![code.to_owned()], back))
            }
            Dialect::Edifact => {
                let mut texts = vec![String::new(), String::new()];
                let mut back = basis.clone();
                if let (Some(unit), Some(text)) = (&basis.unit, texts.get_mut(1)) {
                    let code = put(self.dialect, Conv::Code("unit"), unit, &[slot(2)]);
                    let code = code.map_err(|(why, _)| (why, mend()))?;
                    back.unit = code.changed.map(|(unit, _)| unit).or(back.unit);
                    *text = code.texts.concat();
                }
                if let (true, Some(text)) =
                    (basis.unit.is_some() || basis.per != Decimal::ONE, texts.first_mut())
                {
                    let per = basis.per.normalize().to_string();
                    let per = put(self.dialect, Conv::Number, &per, &[slot(1)])?;
                    if per.changed.is_some() {
                        let why = "this place takes no such number of units".to_owned();
                        return Err((why, mend()));
                    }
                    *text = per.texts.concat();
                }
                Ok((texts, back))
            }
        }
    }
}
