//! What people read of documents, in their language, from `maps/said.txt`.

use std::collections::HashMap;
use std::sync::LazyLock;

use rust_decimal::Decimal;
use segments::Language;

use crate::codes::{self, Dialect};

type Lines = HashMap<&'static str, [&'static str; 3]>;

static LINES: LazyLock<Lines> = LazyLock::new(|| {
    let lines = include_str!("../maps/said.txt").lines();
    let cells = lines.filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut cells = line.split('|');
        let key = cells.next()?;
        Some((key, [cells.next()?, cells.next()?, cells.next()?]))
    });
    cells.collect()
});

/// Says things in a language.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Say(pub(crate) Language);

impl Say {
    /// What stands under a key.
    pub(crate) fn line(self, key: &str) -> Option<&'static str> {
        let [english, french, spanish] = LINES.get(key)?;
        Some(match self.0 {
            Language::English => english,
            Language::French => french,
            Language::Spanish => spanish,
        })
    }

    /// The sentence under a key, with its `{places}` filled; the key itself where there is none.
    pub(crate) fn say(self, key: &str, values: &[(&str, &str)]) -> String {
        let Some(mut rest) = self.line(key) else {
            return key.to_owned();
        };
        let mut said = String::new();
        while let Some((before, after)) = rest.split_once('{') {
            said.push_str(before);
            let (place, after) = after.split_once('}').unwrap_or((after, ""));
            let value = values.iter().find(|(name, _)| *name == place);
            said.push_str(value.map_or("", |(_, value)| value));
            rest = after;
        }
        said.push_str(rest);
        said
    }

    /// A word of a list; of a code that has no word, the code.
    pub(crate) fn word(self, list: &str, word: &str) -> String {
        let known = self.line(&format!("{list}.{word}")).map(str::to_owned);
        known.unwrap_or_else(|| match word.split_once(':') {
            Some((_, code)) => {
                let key = format!("unknown.{list}");
                match self.line(&key) {
                    Some(_) => self.say(&key, &[("code", code)]),
                    None => code.to_owned(),
                }
            }
            None => word.replace('_', " "),
        })
    }

    /// What a code at an element means, where the maps have a word for it.
    pub(crate) fn code(
        self,
        dialect: Dialect,
        element: &str,
        code: &str,
    ) -> Option<String> {
        let (list, word) = codes::of_element(dialect, element, code)?;
        let said = self.line(&format!("{list}.{word}"))?;
        // Of a unit the singular.
        Some(said.split('/').next().unwrap_or_default().to_owned())
    }

    /// A number with the marks of the language and at least this many decimals, no digit lost.
    pub(crate) fn number(self, number: Decimal, decimals: u32) -> String {
        let (point, group) = match self.0 {
            Language::English => ('.', ','),
            Language::French => (',', '\u{202f}'),
            Language::Spanish => (',', '.'),
        };
        let mut exact = number.normalize();
        if exact.scale() < decimals {
            exact.rescale(decimals);
        }
        let text = exact.abs().to_string();
        let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
        let mut said = String::new();
        if exact.is_sign_negative() && !exact.is_zero() {
            said.push('\u{2212}');
        }
        let count = whole.len();
        for (place, digit) in whole.chars().enumerate() {
            let ahead = count.saturating_sub(place);
            if place > 0 && ahead.is_multiple_of(3) {
                said.push(group);
            }
            said.push(digit);
        }
        if !rest.is_empty() {
            said.push(point);
            said.push_str(rest);
        }
        said
    }

    /// A date as it stands in documents: a day, month, week, moment or range. What is none of
    /// them is told as it stands.
    pub(crate) fn date(self, date: &str) -> String {
        if let Some((from, to)) = date.split_once('/') {
            return self.say(
                "date.range",
                &[("from", &self.date(from)), ("to", &self.date(to))],
            );
        }
        if let Some((day, time)) = date.split_once('T') {
            let day = self.date(day);
            return self.say("date.time", &[("day", &day), ("time", time)]);
        }
        let mut parts = date.split('-');
        let (year, second) = (parts.next().unwrap_or_default(), parts.next());
        let week = second.and_then(|second| second.strip_prefix('W'));
        if let Some(week) = week {
            let week = week.trim_start_matches('0');
            return self.say("date.week", &[("week", week), ("year", year)]);
        }
        let month = second.and_then(|month| self.line(&format!("month.{month}")));
        match (month, parts.next()) {
            (Some(month), None) => {
                self.say("date.month", &[("month", month), ("year", year)])
            }
            (Some(month), Some(day)) => {
                let day = day.trim_start_matches('0');
                self.say("date.day", &[("day", day), ("month", month), ("year", year)])
            }
            (None, _) => date.to_owned(),
        }
    }

    /// A quantity with its unit.
    pub(crate) fn quantity(self, quantity: Decimal, unit: &str) -> String {
        let number = self.number(quantity, 0);
        if unit.is_empty() {
            return number;
        }
        format!("{number} {}", self.unit(quantity, unit))
    }

    /// A unit beside a quantity: one or several. French says one of it up to two.
    pub(crate) fn unit(self, quantity: Decimal, unit: &str) -> String {
        let word = self.word("unit", unit);
        let is_one = match self.0 {
            Language::French => quantity.abs() < Decimal::TWO,
            Language::English | Language::Spanish => quantity.abs() == Decimal::ONE,
        };
        match word.split_once('/') {
            Some((one, _)) if is_one => one.to_owned(),
            Some((_, several)) => several.to_owned(),
            None => word,
        }
    }
}

/// With its first letter as a capital.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    first.chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_maps_is_said_in_every_language() {
        let lists = codes::names()
            .into_iter()
            .filter(|name| !matches!(*name, "unit" | "per" | "settlement"));
        let mut silent = Vec::new();
        for list in lists {
            for word in codes::list(list).words() {
                // What goes without saying has no word: `information`, `net`, `general`.
                let quiet = matches!(
                    (list, word),
                    ("desk", "information")
                        | ("price_kind", "net")
                        | ("note", "general")
                        | ("place", _)
                );
                if !quiet
                    && Say(Language::English).line(&format!("{list}.{word}")).is_none()
                {
                    silent.push(format!("{list}.{word}"));
                }
            }
        }
        assert_eq!(silent, Vec::<String>::new());
        for (key, [english, french, spanish]) in LINES.iter() {
            let places = |text: &str| text.matches('{').count();
            assert!(
                !english.is_empty() && !french.is_empty() && !spanish.is_empty(),
                "{key}"
            );
            assert_eq!(places(english), places(french), "{key}");
            assert_eq!(places(english), places(spanish), "{key}");
        }
    }

    #[test]
    fn numbers_and_dates_are_those_of_the_language() {
        let number: Decimal = "-1234567.5".parse().unwrap();
        let all = |say: &dyn Fn(Say) -> String| Language::ALL.map(|own| say(Say(own)));
        assert_eq!(
            all(&|say| say.number(number, 2)),
            ["−1,234,567.50", "−1\u{202f}234\u{202f}567,50", "−1.234.567,50"]
        );
        assert_eq!(
            all(&|say| say.number("0.0125".parse().unwrap(), 2)),
            ["0.0125", "0,0125", "0,0125"]
        );
        assert_eq!(
            all(&|say| say.date("2026-11-02T18:30")),
            [
                "2 November 2026, 18:30",
                "2 novembre 2026 à 18:30",
                "2 de noviembre de 2026, 18:30"
            ]
        );
        assert_eq!(
            all(&|say| say.quantity("1.5".parse().unwrap(), "CS")),
            ["1.5 cases", "1,5 caisse", "1,5 cajas"]
        );
        assert_eq!(all(&|say| say.quantity(Decimal::ONE, "XYZ")), ["1 XYZ"; 3]);
        assert_eq!(Say(Language::French).word("reference", "x12:CN"), "Référence CN");
        assert_eq!(Say(Language::English).date("2026-W07"), "week 7 of 2026");
        assert_eq!(Say(Language::French).date("2026-11"), "novembre 2026");
        assert_eq!(
            Say(Language::Spanish).date("2026-11-01/2026-11-30"),
            "del 1 de noviembre de 2026 al 30 de noviembre de 2026"
        );
        assert_eq!(Say(Language::English).date("soon"), "soon");
    }
}
