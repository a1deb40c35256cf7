//! Dates and times: ISO 8601 in documents, digits with a format in the dialects.
//!
//! Source: X12 elements 373, 337, 1250; EDIFACT 2379.

use segments::{is_date, is_time};

use super::convert::Misfit;

/// A moment or a time of some length, as its digits.
enum Moment {
    Year(String),
    Month(String),
    Week(String),
    Day(String),
    Minute(String, String),
    Second(String, String),
    Days(String, String),
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn parse(text: &str) -> Option<Moment> {
    let shaped = |shape: &str, text: &str| {
        text.len() == shape.len()
            && text.bytes().zip(shape.bytes()).all(|(byte, shape)| match shape {
                b'9' => byte.is_ascii_digit(),
                other => byte == other,
            })
    };
    let day = |text: &str| {
        let all = digits(text);
        (shaped("9999-99-99", text) && is_date(all.as_bytes())).then_some(all)
    };
    if let Some((from, to)) = text.split_once('/') {
        return Some(Moment::Days(day(from)?, day(to)?));
    }
    if let Some((date, time)) = text.split_once('T') {
        let (date, clock) = (day(date)?, digits(time));
        let fits = is_time(clock.as_bytes());
        return match () {
            () if fits && shaped("99:99", time) => Some(Moment::Minute(date, clock)),
            () if fits && shaped("99:99:99", time) => Some(Moment::Second(date, clock)),
            () => None,
        };
    }
    if let Some(all) = day(text) {
        return Some(Moment::Day(all));
    }
    let all = digits(text);
    let month = || all.get(4..).is_some_and(|month| ("01"..="12").contains(&month));
    let week = || all.get(4..).is_some_and(|week| ("01"..="53").contains(&week));
    match () {
        () if shaped("9999", text) && text >= "1000" => Some(Moment::Year(all)),
        () if shaped("9999-99", text) && month() => Some(Moment::Month(all)),
        () if shaped("9999-W99", text) && week() => Some(Moment::Week(all)),
        () => None,
    }
}

/// Whether a text is a date as documents have it.
pub(crate) fn is_moment(text: &str) -> bool {
    parse(text).is_some()
}

fn no_date() -> Misfit {
    ("it is no date".into(), "write it as 2026-11-22 or 2026-11-22T18:30".into())
}

/// The day of a moment, and the day again where more was said.
pub(super) fn day(text: &str) -> Result<(String, Option<String>), Misfit> {
    let (date, more) = match parse(text).ok_or_else(no_date)? {
        Moment::Day(date) => (date, false),
        Moment::Minute(date, _) | Moment::Second(date, _) => (date, true),
        Moment::Year(_) | Moment::Month(_) | Moment::Week(_) | Moment::Days(..) => {
            let why = "this place takes a day only".to_owned();
            return Err((why, "name a day".into()));
        }
    };
    let again = more.then(|| read_day(&date));
    Ok((date, again))
}

/// Date and time, of which X12 demands both; the day where the time is midnight.
pub(super) fn start(text: &str) -> Result<(Vec<String>, Option<String>), Misfit> {
    let (date, _) = day(text)?;
    let clock = match parse(text).ok_or_else(no_date)? {
        Moment::Minute(_, clock) | Moment::Second(_, clock) => clock,
        Moment::Year(_)
        | Moment::Month(_)
        | Moment::Week(_)
        | Moment::Day(_)
        | Moment::Days(..) => return Ok((vec![date, "0000".into()], None)),
    };
    let changed = (clock == "0000").then(|| read_day(&date));
    Ok((vec![date, clock], changed))
}

/// Date, time, format and period: DTM02, DTM03, DTM05, DTM06.
pub(super) fn x12(text: &str) -> Result<Vec<String>, Misfit> {
    let none = String::new;
    Ok(match parse(text).ok_or_else(no_date)? {
        Moment::Day(date) => vec![date],
        Moment::Minute(date, clock) | Moment::Second(date, clock) => vec![date, clock],
        Moment::Year(year) => vec![none(), none(), "CY".into(), year],
        Moment::Month(month) => vec![none(), none(), "CM".into(), month],
        Moment::Days(from, to) => {
            vec![none(), none(), "RD8".into(), format!("{from}-{to}")]
        }
        Moment::Week(_) => {
            let why = "X12 004010 has no format for a week".to_owned();
            return Err((why, "name the first and the last day of the week".into()));
        }
    })
}

/// The digits and their format: 2380, 2379.
pub(crate) fn edifact(text: &str) -> Result<Vec<String>, Misfit> {
    let (text, format) = match parse(text).ok_or_else(no_date)? {
        Moment::Day(date) => (date, "102"),
        Moment::Minute(date, clock) => (format!("{date}{clock}"), "203"),
        Moment::Second(date, clock) => (format!("{date}{clock}"), "204"),
        Moment::Year(year) => (year, "602"),
        Moment::Month(month) => (month, "610"),
        Moment::Week(week) => (week, "616"),
        Moment::Days(from, to) => (format!("{from}{to}"), "718"),
    };
    Ok(vec![text, format.to_owned()])
}

/// A day as documents have it; other digits as they are.
pub(super) fn read_day(text: &str) -> String {
    match (text.get(..4), text.get(4..6), text.get(6..)) {
        (Some(year), Some(month), Some(day)) if is_date(text.as_bytes()) => {
            format!("{year}-{month}-{day}")
        }
        _ => text.to_owned(),
    }
}

fn read_clock(text: &str) -> Option<String> {
    let (hour, minute) = (text.get(..2)?, text.get(2..4)?);
    is_time(text.as_bytes()).then(|| match text.get(4..6) {
        Some(second) => format!("{hour}:{minute}:{second}"),
        None => format!("{hour}:{minute}"),
    })
}

fn joined(date: &str, clock: &str) -> String {
    match read_clock(clock) {
        Some(clock) => format!("{}T{clock}", read_day(date)),
        None => read_day(date),
    }
}

pub(super) fn read_x12(texts: &[String], drops_midnight: bool) -> Option<String> {
    let text = |place: usize| texts.get(place).map(String::as_str).unwrap_or_default();
    let (date, clock) = (text(0), text(1));
    if !date.is_empty() {
        let clock = if drops_midnight && clock == "0000" { "" } else { clock };
        return Some(joined(date, clock));
    }
    let period = text(3);
    Some(match text(2) {
        "RD8" => {
            let (from, to) = period.split_once('-')?;
            format!("{}/{}", read_day(from), read_day(to))
        }
        "CM" => month(period),
        _ => read_day(period),
    })
}

fn month(text: &str) -> String {
    match (text.get(..4), text.get(4..6)) {
        (Some(year), Some(month)) if text.len() == 6 => format!("{year}-{month}"),
        _ => text.to_owned(),
    }
}

pub(crate) fn read_edifact(texts: &[String]) -> Option<String> {
    let text = texts.first().filter(|text| !text.is_empty())?.as_str();
    let format = texts.get(1).map(String::as_str).unwrap_or_default();
    let cut = |at: usize| text.split_at_checked(at).unwrap_or((text, ""));
    Some(match format {
        // Years of two digits are of this century.
        "101" | "2" => read_day(&format!("20{text}")),
        "201" => {
            let (date, clock) = cut(6);
            joined(&format!("20{date}"), clock)
        }
        "203" | "204" => {
            let (date, clock) = cut(8);
            joined(date, clock)
        }
        "610" => month(text),
        "616" => {
            let (year, week) = cut(4);
            format!("{year}-W{week}")
        }
        "718" => {
            let (from, to) = cut(8);
            format!("{}/{}", read_day(from), read_day(to.trim_start_matches('-')))
        }
        _ => read_day(text),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_of_any_precision_goes_both_ways() {
        for text in [
            "2026",
            "2026-11",
            "2026-11-22",
            "2026-11-22T18:30",
            "2026-11-22T18:30:05",
            "2026-11-01/2026-11-30",
        ] {
            let there = x12(text).unwrap();
            assert_eq!(read_x12(&there, false).as_deref(), Some(text));
            let there = edifact(text).unwrap();
            assert_eq!(read_edifact(&there).as_deref(), Some(text));
        }
        assert_eq!(
            read_edifact(&edifact("2026-W47").unwrap()).as_deref(),
            Some("2026-W47")
        );
        assert!(x12("2026-W47").is_err());
        assert!(edifact("2026-02-30").is_err() && x12("soon").is_err());
    }
}
