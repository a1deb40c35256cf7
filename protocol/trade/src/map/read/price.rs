//! A price and what it is the price of, from their places.

use rust_decimal::Decimal;
use segments::Broken;
use serde_json::Value;

use super::super::basis::{self, Basis};
use super::super::convert::{Conv, take};
use super::super::pointer;
use super::super::rules::{Field, Repeat, Rule, Source};
use super::super::sheet::Row;
use super::super::write::line_of;
use super::Reader;
use crate::codes::Dialect;

/// What stands at the places of a basis.
struct Read {
    basis: Basis,
    /// Whether it says more than the basis, which is told.
    says_more: bool,
}

impl Reader {
    /// Takes a price with its basis; neither where the basis cannot be resolved.
    pub(super) fn price(
        &mut self,
        rule: &Rule,
        field: &Field,
        row: &Row,
        at: &str,
        path: &str,
    ) -> Result<(), Broken> {
        let Some((first, others)) = field.spots.split_first() else {
            return Ok(());
        };
        let texts = [row.text(*first).to_owned()];
        let slot = self.slot(rule.tag, *first);
        let price = take(self.dialect, Conv::Number, &texts, slot);
        let Some(price) = price.map_err(|()| row.no_number(*first))? else {
            return Ok(());
        };
        let line = line_of(at);
        let Some(read) = self.basis(field, row, line) else {
            return Ok(());
        };
        let mut put = |pointer: String, text: String, spot| {
            row.take(spot);
            self.traces.add(&pointer, row.span(spot));
            pointer::set(&mut self.root, &pointer, text.into());
        };
        put(pointer::join(at, path), price, *first);
        if !read.says_more {
            for spot in others {
                row.take(*spot);
            }
        }
        if line != at {
            return Ok(());
        }
        let (per, unit) = (others.first(), others.last());
        if let (false, Some(spot)) = ((read.basis.per == Decimal::ONE), per) {
            put(pointer::join(line, "price_per"), read.basis.per.to_string(), *spot);
        }
        if let (Some(text), Some(spot)) = (read.basis.unit, unit) {
            put(pointer::join(line, "price_unit"), text, *spot);
        }
        if read.says_more {
            for spot in others {
                row.leave(*spot);
            }
        }
        Ok(())
    }

    /// Whether a price from a quantity on has a price, for as many units as that of its line.
    pub(super) fn knows_the_price(&self, rule: &Rule, row: &Row, base: &str) -> bool {
        let Repeat::Each("breaks") = rule.repeat else {
            return true;
        };
        let priced = rule
            .fields
            .iter()
            .find(|field| matches!(field.source, Source::Leaf(_, Conv::Basis)));
        let Some(field) = priced else {
            return true;
        };
        let has_one = field.spots.first().is_some_and(|spot| !row.text(*spot).is_empty());
        let text = |field: &str| {
            self.root.pointer(&pointer::join(base, field)).and_then(Value::as_str)
        };
        let wanted = Basis {
            per: text("price_per")
                .and_then(|per| per.parse().ok())
                .unwrap_or(Decimal::ONE),
            unit: text("price_unit").map(str::to_owned),
        };
        let has_line = text("price").is_some();
        let read = self.basis(field, row, base);
        has_one && read.is_some_and(|read| !has_line || read.basis == wanted)
    }

    fn basis(&self, field: &Field, row: &Row, line: &str) -> Option<Read> {
        let text = |place: usize| {
            field.spots.get(place).map(|spot| row.text(*spot)).unwrap_or_default()
        };
        let pointer = pointer::join(line, "unit");
        let unit = self.root.pointer(&pointer).and_then(Value::as_str);
        let unit = unit.unwrap_or_default();
        match self.dialect {
            Dialect::X12 if text(1).is_empty() => {
                Some(Read { basis: Basis::of_one(), says_more: false })
            }
            Dialect::X12 => basis::of_code(text(1), unit)
                .map(|coded| Read { basis: coded.basis, says_more: coded.is_of_a_kind }),
            Dialect::Edifact => {
                let per = match text(1) {
                    "" => Decimal::ONE,
                    per => per.replace(',', ".").parse().ok()?,
                };
                let code = [text(2).to_owned()];
                let of = take(self.dialect, Conv::Code("unit"), &code, None).ok()?;
                let of = of.filter(|of| of != unit);
                let basis = Basis { per: per.normalize(), unit: of };
                let is_some = per.is_sign_positive() && !per.is_zero();
                is_some.then_some(Read { basis, says_more: false })
            }
        }
    }
}
