//! Values as they stand in a document, and as they stand in a segment.

use rust_decimal::{Decimal, RoundingStrategy};
use segments::{Form, Kind, Slot};

use super::moments;
use crate::codes::{self, Dialect};

/// How a value is converted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Conv {
    Text,
    Number,
    /// A day, in one place.
    Day,
    /// A moment or a time of some length, over several places.
    When,
    /// A moment of which midnight is not told.
    Start,
    /// The eighteen digits of an SSCC, before which X12 has its application identifier 00.
    Sscc,
    /// A price with what it is the price of, over two or three places.
    Basis,
    /// A word of a list.
    Code(&'static str),
}

impl Conv {
    pub(super) fn of(name: &'static str) -> Self {
        match name {
            "text" => Self::Text,
            "num" => Self::Number,
            "day" => Self::Day,
            "when" => Self::When,
            "start" => Self::Start,
            "sscc" => Self::Sscc,
            "basis" => Self::Basis,
            list => Self::Code(list),
        }
    }
}

/// A value for a place: the texts, and what reads back in place of the value where that is not
/// the same.
#[derive(Debug)]
pub(super) struct Put {
    pub(super) texts: Vec<String>,
    pub(super) changed: Option<(String, String)>,
}

/// Why a value cannot stand at a place, and what could be done.
pub(super) type Misfit = (String, String);

/// Converts a value for its places; `slots` are the slots of the places.
///
/// Numbers that have more decimals than a place takes are rounded half away from zero, as is
/// usual for money in trade, and the change is told.
pub(super) fn put(
    dialect: Dialect,
    conv: Conv,
    value: &str,
    slots: &[Option<&Slot>],
) -> Result<Put, Misfit> {
    let slot = slots.first().copied().flatten();
    let made = match conv {
        Conv::Text => {
            let text = plain(value);
            let why =
                "blanks at the ends, line ends and control characters cannot stand here";
            let changed = (text != value).then(|| (text.clone(), why.to_owned()));
            Put { texts: vec![text], changed }
        }
        Conv::Number | Conv::Basis => number(value, slot)?,
        Conv::Sscc => {
            let bare =
                value.len() == 18 && value.bytes().all(|byte| byte.is_ascii_digit());
            let lead = if bare { "00" } else { "" };
            Put { texts: vec![format!("{lead}{}", plain(value))], changed: None }
        }
        Conv::Code(list) => {
            let words = codes::list(list);
            let Some(code) = words.code(dialect, value) else {
                let (name, other) = (dialect.name(), list.replace('_', " "));
                let mend = match value.split_once(':') {
                    Some((of, _)) => format!(
                        "it is a code of {of}: give the {other} as a word, or agree on a code"
                    ),
                    None => {
                        "choose another word, or agree on a code of the dialect".into()
                    }
                };
                return Err((format!("{name} has no code for this {other}"), mend));
            };
            let back = words.word(dialect, code);
            let changed = (back != value).then(|| {
                (back, format!("{} does not tell the two apart", dialect.name()))
            });
            Put { texts: vec![code.to_owned()], changed }
        }
        Conv::Day => moments::day(value).map(|(text, changed)| Put {
            texts: vec![text],
            changed: changed.map(|day| (day, "this place takes a day only".to_owned())),
        })?,
        Conv::When if dialect == Dialect::X12 => {
            Put { texts: moments::x12(value)?, changed: None }
        }
        Conv::When => Put { texts: moments::edifact(value)?, changed: None },
        Conv::Start => {
            let (texts, changed) = moments::start(value)?;
            Put {
                texts,
                changed: changed.map(|to| (to, "midnight stands for no time".into())),
            }
        }
    };
    for (text, slot) in made.texts.iter().zip(slots) {
        if !text.is_empty() {
            fit(text, slot.as_ref().copied())?;
        }
    }
    if made.texts.iter().all(String::is_empty) {
        return Err(("there is nothing to tell".into(), String::new()));
    }
    Ok(made)
}

/// A text without control characters and without blanks at its ends.
pub(crate) fn plain(text: &str) -> String {
    let clean: String = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    clean.trim().to_owned()
}

fn number(value: &str, slot: Option<&Slot>) -> Result<Put, Misfit> {
    let Ok(exact) = value.parse::<Decimal>() else {
        return Err(("it is no number".into(), "write digits and a point".into()));
    };
    let (decimals, most) = room(slot);
    let mut told = exact;
    if let Some(decimals) = decimals {
        told = exact
            .round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
    }
    // Where there are too many digits, decimals go first.
    for scale in (0..=told.scale()).rev() {
        told = told.round_dp_with_strategy(scale, RoundingStrategy::MidpointAwayFromZero);
        let digits = text_of(told, decimals);
        let count = digits.bytes().filter(u8::is_ascii_digit).count();
        if count <= most {
            let back = told.normalize();
            let why = "it has more decimals than this place takes, and is rounded";
            let changed =
                (back != exact.normalize()).then(|| (back.to_string(), why.to_owned()));
            return Ok(Put { texts: vec![digits], changed });
        }
    }
    let mend = "state it in a larger unit".to_owned();
    Err((format!("this place takes {most} digits"), mend))
}

/// Implied decimals, and how many digits a place takes.
fn room(slot: Option<&Slot>) -> (Option<u32>, usize) {
    match slot.map(|slot| &slot.form) {
        Some(Form::Simple { kind: Kind::Whole(decimals), most, .. }) => {
            (Some(u32::from(*decimals)), usize::try_from(*most).unwrap_or(usize::MAX))
        }
        Some(
            Form::Simple { kind: Kind::Text | Kind::Code | Kind::Letters, .. }
            | Form::Composite(_),
        )
        | None => (None, 28),
        Some(Form::Simple { most, .. }) => {
            (None, usize::try_from(*most).unwrap_or(usize::MAX))
        }
    }
}

fn text_of(value: Decimal, implied: Option<u32>) -> String {
    match implied {
        None => value.normalize().to_string(),
        Some(decimals) => {
            let mut scaled = value;
            scaled.rescale(decimals);
            let digits: String =
                scaled.to_string().chars().filter(|letter| *letter != '.').collect();
            let (sign, digits) = match digits.strip_prefix('-') {
                Some(digits) => ("-", digits),
                None => ("", digits.as_str()),
            };
            let digits = digits.trim_start_matches('0');
            if digits.is_empty() { "0".to_owned() } else { format!("{sign}{digits}") }
        }
    }
}

/// Whether a text fits a place, by its length, characters and codes.
pub(super) fn fit(text: &str, slot: Option<&Slot>) -> Result<(), Misfit> {
    let Some(Slot { form: Form::Simple { kind, least, most, codes }, .. }) = slot else {
        return Ok(());
    };
    let is_text = matches!(kind, Kind::Code | Kind::Text | Kind::Letters);
    let length = if is_text {
        text.chars().count()
    } else {
        text.bytes().filter(u8::is_ascii_digit).count()
    };
    let wide = |limit: u32| usize::try_from(limit).unwrap_or(usize::MAX);
    if length > wide(*most) {
        let mend = format!("shorten it to {most} characters");
        return Err((format!("this place takes {most} characters"), mend));
    }
    if length < wide(*least) {
        let mend = format!("give at least {least} characters");
        return Err((format!("this place takes no fewer than {least} characters"), mend));
    }
    if *kind == Kind::Letters && text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Err(("this place takes letters only".into(), String::new()));
    }
    if !is_text && *kind != Kind::Time && *kind != Kind::Binary {
        let is_number = text.parse::<Decimal>().is_ok();
        if !is_number {
            return Err(("this place takes digits only".into(), String::new()));
        }
    }
    if codes.as_ref().is_some_and(|list| !list.has(text.as_bytes())) {
        let why = "the standard has no such code at this place".to_owned();
        return Err((why, "choose a code of the list".into()));
    }
    Ok(())
}

/// Reads the values of places back; none where there is nothing.
pub(super) fn take(
    dialect: Dialect,
    conv: Conv,
    texts: &[String],
    slot: Option<&Slot>,
) -> Result<Option<String>, ()> {
    let first = texts.first().map(String::as_str).unwrap_or_default();
    if texts.iter().all(String::is_empty) {
        return Ok(None);
    }
    Ok(match conv {
        Conv::Text => Some(first.to_owned()),
        Conv::Sscc => {
            let bare = first.strip_prefix("00").filter(|rest| rest.len() == 18);
            Some(bare.unwrap_or(first).to_owned())
        }
        Conv::Number | Conv::Basis => {
            let read = first.replace(',', ".").parse::<Decimal>().map_err(|_| ())?;
            let (implied, _) = room(slot);
            let scaled = match implied.filter(|decimals| *decimals > 0) {
                Some(decimals) => {
                    let unit = Decimal::try_new(1, decimals).map_err(|_| ())?;
                    read.checked_mul(unit).ok_or(())?
                }
                None => read,
            };
            Some(scaled.normalize().to_string())
        }
        Conv::Code(list) => {
            (!first.is_empty()).then(|| codes::list(list).word(dialect, first))
        }
        Conv::Day => Some(moments::read_day(first)),
        Conv::When | Conv::Start if dialect == Dialect::X12 => {
            moments::read_x12(texts, conv == Conv::Start)
        }
        Conv::When | Conv::Start => moments::read_edifact(texts),
    })
}
