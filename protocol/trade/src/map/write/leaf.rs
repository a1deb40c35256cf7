//! One value to its places.

use segments::Slot;

use super::super::convert::{Conv, Put, plain, put};
use super::super::pointer;
use super::super::rules::{Field, Rule};
use super::{Claim, Writer, Written};

impl Writer<'_> {
    pub(super) fn leaf(
        &mut self,
        rule: &'static Rule,
        field: &'static Field,
        (path, conv): (&str, Conv),
        base: &str,
        written: &mut Written,
    ) {
        let pointer = pointer::join(base, path);
        let claimed = |claim: &Claim| claim.pointer == pointer;
        let is_taken =
            self.taken.contains(&pointer) || written.claims.iter().any(claimed);
        if field.also && is_taken {
            return;
        }
        let own = self.text(&pointer);
        let other =
            || self.text(&pointer::join(base, field.stand_in?.trim_start_matches('=')));
        let Some(mut value) = own.or_else(other) else {
            return;
        };
        let slots: Vec<Option<&Slot>> =
            field.spots.iter().map(|spot| self.slot(rule.tag, *spot)).collect();
        let most = self.width(rule.tag, field.spots.first().copied().unwrap_or((1, 1)));
        let demanded =
            slots.first().copied().flatten().is_some_and(|slot| slot.mandatory);
        let mut made = put(self.dialect, conv, value, &slots);
        if made.is_err() && demanded && conv == Conv::Text && value.chars().count() > most
        {
            let short: String = plain(value).chars().take(most).collect();
            let short = plain(&short);
            let why =
                format!("{} takes {most} characters, and the rest is cut off", rule.tag);
            made = Ok(Put { texts: vec![short.clone()], changed: Some((short, why)) });
        }
        let mut stands_in = own.is_none();
        if let (Err(_), Some(other)) = (&made, own.and_then(|_| other())) {
            made = put(self.dialect, conv, other, &slots);
            (value, stands_in) = (other, true);
        }
        match made {
            Ok(put) => {
                for (spot, text) in field.spots.iter().zip(&put.texts) {
                    if !text.is_empty() {
                        written.texts.insert(*spot, text.clone());
                    }
                }
                let stands_in = stands_in.then(|| {
                    let why = format!(
                        "{} demands it, and another value stands for it",
                        rule.tag
                    );
                    let to = put.changed.as_ref().map_or(value, |(to, _)| to.as_str());
                    (to.to_owned(), why)
                });
                let element = field.spots.first().map_or(0, |spot| spot.0);
                let changed = stands_in.or(put.changed);
                written.claims.push(Claim { element, pointer, changed });
            }
            Err((why, mend)) => {
                let place = field.spots.first().map_or(0, |spot| spot.0);
                let why = format!("{}{place:02}: {why}", rule.tag);
                self.reasons.insert(pointer, (why, mend));
            }
        }
    }
}
