//! Writing an interchange.

use crate::{Endpoint, Interchange};

/// When something is written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Stamp {
    /// Eight digits, `YYYYMMDD`.
    pub date: String,
    /// Four digits, `HHMM`.
    pub time: String,
}

/// What stands around the messages of an interchange that is written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Envelope {
    /// S002.
    pub sender: Endpoint,
    /// S003.
    pub receiver: Endpoint,
    /// 0020, up to 14 characters; never used before with this partner.
    pub control: String,
    /// 0035.
    pub is_test: bool,
    /// When it is written.
    pub stamp: Stamp,
}

impl Envelope {
    /// The way back: what answers an interchange goes from its receiver to its sender.
    pub fn answering(interchange: &Interchange<'_>, control: &str, stamp: Stamp) -> Self {
        let header = &interchange.header;
        Self {
            sender: header.receiver.clone(),
            receiver: header.sender.clone(),
            control: control.to_owned(),
            is_test: header.is_test,
            stamp,
        }
    }
}

/// The segments of an interchange that is being written, each element as its components.
///
/// Marks inside values are released; control characters become blanks. Where every character is
/// of ISO 8859-1 the interchange is UNOC, syntax 3 unless [`Draft::in_syntax_4`] asks for 4;
/// otherwise UNOY (UTF-8), syntax 4.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    fourth: bool,
    segments: Vec<(&'static str, Vec<Vec<String>>)>,
}

const COMPONENT: char = ':';
const ELEMENT: char = '+';
const RELEASE: char = '?';
const SEGMENT: char = '\'';

impl Draft {
    /// Adds a segment; an element is a list of components.
    pub fn segment(&mut self, tag: &'static str, elements: Vec<Vec<String>>) {
        self.segments.push((tag, elements));
    }

    /// The same, to be written in syntax 4.
    #[must_use]
    pub fn in_syntax_4(self) -> Self {
        Self { fourth: true, ..self }
    }

    /// How many segments there are.
    pub fn len(&self) -> usize {
        self.segments.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// Adds the segments of another draft.
    pub fn append(&mut self, other: Self) {
        self.segments.extend(other.segments);
    }

    /// Puts UNH and UNT around the segments; `kind` is `ORDERS`, `D`, `96A`, `UN`.
    #[must_use]
    pub fn as_message(self, kind: [&str; 4], reference: &str) -> Self {
        let count = self.segments.len().saturating_add(2).to_string();
        let mut message = Self { fourth: self.fourth, ..Self::default() };
        let kind = kind.into_iter().map(str::to_owned).collect();
        message.segment("UNH", vec![vec![reference.to_owned()], kind]);
        message.append(self);
        message.segment("UNT", vec![vec![count], vec![reference.to_owned()]]);
        message
    }

    /// Puts UNA, UNB and UNZ around the messages and writes all of it.
    pub fn write(mut self, messages: usize, envelope: &Envelope) -> Vec<u8> {
        let control = envelope.control.clone();
        self.segment("UNZ", vec![vec![messages.to_string()], vec![control.clone()]]);
        let latin = self.all().chain(envelope.texts()).all(is_latin1);
        let third = latin && !self.fourth;
        let mut text =
            if third { "UNA:+.? '\n".to_owned() } else { "UNA:+.?*'\n".to_owned() };
        let date = &envelope.stamp.date;
        let short: String = date.chars().skip(2).collect();
        let syntax = if latin { "UNOC" } else { "UNOY" };
        let (version, date) = if third { ("3", short) } else { ("4", date.clone()) };
        let mut unb = vec![
            vec![syntax.to_owned(), version.to_owned()],
            envelope.sender.parts(),
            envelope.receiver.parts(),
            vec![date, envelope.stamp.time.clone()],
            vec![control],
        ];
        if envelope.is_test {
            unb.resize(10, Vec::new());
            unb.push(vec!["1".to_owned()]);
        }
        let special = if third { "+:?'" } else { "+:?'*" };
        put(&mut text, "UNB", &unb, special);
        for (tag, elements) in &self.segments {
            put(&mut text, tag, elements, special);
        }
        if latin {
            text.chars()
                .map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?'))
                .collect()
        } else {
            text.into_bytes()
        }
    }

    fn all(&self) -> impl Iterator<Item = &str> {
        let elements = self.segments.iter().flat_map(|(_, elements)| elements);
        elements.flatten().map(String::as_str)
    }
}

impl Envelope {
    fn texts(&self) -> impl Iterator<Item = &str> {
        [&self.sender.id, &self.receiver.id, &self.control]
            .into_iter()
            .map(String::as_str)
    }
}

impl Endpoint {
    fn parts(&self) -> Vec<String> {
        vec![self.id.clone(), self.qualifier.clone(), self.address.clone()]
    }
}

fn is_latin1(text: &str) -> bool {
    text.chars().all(|letter| u32::from(letter) < 0x100)
}

fn put(text: &mut String, tag: &str, elements: &[Vec<String>], special: &str) {
    text.push_str(tag);
    let filled = |parts: &Vec<String>| parts.iter().any(|part| !part.is_empty());
    let last = elements.iter().rposition(filled);
    for parts in elements.iter().take(last.map_or(0, |last| last.saturating_add(1))) {
        text.push(ELEMENT);
        let last = parts.iter().rposition(|part| !part.is_empty());
        let kept = parts.iter().take(last.map_or(0, |last| last.saturating_add(1)));
        for (place, part) in kept.enumerate() {
            if place > 0 {
                text.push(COMPONENT);
            }
            for letter in part.chars() {
                if special.contains(letter) {
                    text.push(RELEASE);
                }
                text.push(if letter.is_control() { ' ' } else { letter });
            }
        }
    }
    text.push(SEGMENT);
    text.push('\n');
}
