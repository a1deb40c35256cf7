//! What an inbox or outbox is narrowed to. The same words stand in an address and in a saved view.

use kernel::{Day, Moment};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::rules::{Direction, InterchangeState};

/// By which way an interchange came, or was handed over.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Way {
    /// A member sent it in: in the browser, or by the API.
    Api,
    /// An AS2 station.
    As2,
    /// A mailbox by SFTP.
    Sftp,
    /// A mail, as what hangs on it.
    Mail,
    /// The operator's drop folder.
    Folder,
    /// None yet: it was made here, and is not handed over.
    Hub,
}

impl Way {
    /// As it is stored.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::As2 => "as2",
            Self::Sftp => "sftp",
            Self::Mail => "mail",
            Self::Folder => "folder",
            Self::Hub => "hub",
        }
    }
}

/// What a list of interchanges is narrowed to: all that is said must hold.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InterchangeFilter {
    /// Which way they went.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// Where they stand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<InterchangeState>,
    /// Whether only those that partners should have acknowledged by now.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub overdue: bool,
    /// The other side, by its EDI name, such as `ZZ:ACME`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner: Option<String>,
    /// The set or message of the first document, such as `850` or `ORDERS`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// A control number (zeros before it do not matter), or the whole number of an order, a
    /// request for quote or a quote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The way by which it came or went.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub way: Option<Way>,
    /// The first day, in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// The last day, in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// Only the last so many days, 1 to 3,660, today among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<u16>,
}

/// The longest text that is looked for, in characters.
const LIMIT_CHARS: usize = 80;

impl InterchangeFilter {
    /// Without blanks around what was typed, and without what is empty.
    ///
    /// # Errors
    /// Which field makes no sense, and why.
    pub(crate) fn tidy(mut self) -> Result<Self, (&'static str, String)> {
        for (field, text) in [
            ("partner", &mut self.partner),
            ("kind", &mut self.kind),
            ("number", &mut self.number),
        ] {
            let typed = text.take().map(|text| text.trim().to_owned());
            *text = typed.filter(|text| !text.is_empty());
            let odd = |text: &String| {
                text.chars().count() > LIMIT_CHARS || text.contains(char::is_control)
            };
            if text.as_ref().is_some_and(odd) {
                let why = format!("write at most {LIMIT_CHARS} letters and digits");
                return Err((field, why));
            }
        }
        if self.days.is_some_and(|days| !(1..=3660).contains(&days)) {
            return Err(("days", "a range has 1 to 3660 days".to_owned()));
        }
        if let (Some(from), Some(until)) = (self.from, self.until)
            && from > until
        {
            return Err(("until", format!("{until} is before {from}")));
        }
        Ok(self)
    }

    /// The moment from which on, and the one before which.
    pub(super) fn range(&self, now: Moment) -> (Moment, Moment) {
        let last = self.days.map(|days| {
            let back = i32::from(days).saturating_sub(1);
            midnight(now.day().plus_days(back.saturating_neg()))
        });
        let from = self.from.map(midnight).max(last);
        let until = self.until.map(|day| midnight(day.plus_days(1)));
        let (start, end) = (Moment::from_micros(0), Moment::from_micros(i64::MAX));
        (from.unwrap_or(start), until.unwrap_or(end))
    }
}

fn midnight(day: Day) -> Moment {
    let text = format!("{day}T00:00:00Z");
    text.parse().unwrap_or_else(|_far| Moment::from_micros(0))
}

#[cfg(test)]
mod tests {
    use kernel::Moment;

    use super::InterchangeFilter;

    fn read(text: &str) -> InterchangeFilter {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_range_begins_at_midnight_and_ends_after_its_last_day() {
        let now: Moment = "2026-11-23T10:00:00Z".parse().unwrap();
        let range = |text: &str| {
            let (from, until) = read(text).range(now);
            (from.to_string(), until.to_string())
        };
        let (from, until) = range(r#"{"from":"2026-11-01","until":"2026-11-02"}"#);
        assert_eq!(from, "2026-11-01T00:00:00.000000Z");
        assert_eq!(until, "2026-11-03T00:00:00.000000Z");
        assert_eq!(range(r#"{"days":1}"#).0, "2026-11-23T00:00:00.000000Z");
        assert_eq!(range(r#"{"days":7}"#).0, "2026-11-17T00:00:00.000000Z");
        assert_eq!(range("{}").0, "1970-01-01T00:00:00.000000Z");
    }

    #[test]
    fn what_was_typed_is_tidied_and_what_makes_no_sense_is_refused_by_name() {
        let tidy = read(r#"{"partner":" ZZ:DORN ","number":"  "}"#).tidy().unwrap();
        assert_eq!((tidy.partner.as_deref(), tidy.number), (Some("ZZ:DORN"), None));
        let refused = |text: &str| read(text).tidy().unwrap_err().0;
        assert_eq!(refused(r#"{"from":"2026-11-02","until":"2026-11-01"}"#), "until");
        assert_eq!(refused(r#"{"days":0}"#), "days");
        let long = format!("{{\"number\":\"{}\"}}", "9".repeat(81));
        assert_eq!(refused(&long), "number");
        assert_eq!(refused("{\"kind\":\"85\\u0000\"}"), "kind");
    }

    #[test]
    fn a_filter_is_stored_as_short_as_it_is() {
        let text = r#"{"state":"quarantined","partner":"ZZ:DORN","days":7}"#;
        assert_eq!(serde_json::to_string(&read(text)).unwrap(), text);
        assert!(serde_json::from_str::<InterchangeFilter>(r#"{"stat":"x"}"#).is_err());
    }
}
