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
/// otherwise UNOY (UTF-8), syntax 4. Until that is known control characters stand for the marks, so
/// that a draft takes little more room than what is written.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    fourth: bool,
    text: String,
    /// How many segments there are.
    count: usize,
    /// Whether there is a character that is not of ISO 8859-1.
    wide: bool,
}

const RELEASE: char = '?';

/// What stands for marks in a draft.
const COMPONENT: char = '\x1f';
const ELEMENT: char = '\x1d';
const SEGMENT: char = '\x1c';

impl Draft {
    /// Adds a segment; an element is a list of components. What is empty at the end is left out.
    #[expect(clippy::needless_pass_by_value, reason = "they are made to be written here")]
    pub fn segment(&mut self, tag: &'static str, elements: Vec<Vec<String>>) {
        self.text.push_str(tag);
        let filled = |parts: &Vec<String>| parts.iter().any(|part| !part.is_empty());
        let last = elements.iter().rposition(filled);
        for parts in elements.iter().take(last.map_or(0, |last| last.saturating_add(1))) {
            self.text.push(ELEMENT);
            let last = parts.iter().rposition(|part| !part.is_empty());
            let kept = parts.iter().take(last.map_or(0, |last| last.saturating_add(1)));
            for (place, part) in kept.enumerate() {
                if place > 0 {
                    self.text.push(COMPONENT);
                }
                self.wide |= !is_latin1(part);
                let shown = |letter: char| if letter.is_control() { ' ' } else { letter };
                self.text.extend(part.chars().map(shown));
            }
        }
        self.text.push(SEGMENT);
        self.count = self.count.saturating_add(1);
    }

    /// The same, to be written in syntax 4.
    #[must_use]
    pub fn in_syntax_4(self) -> Self {
        Self { fourth: true, ..self }
    }

    /// How many segments there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Adds the segments of another draft.
    pub fn append(&mut self, mut other: Self) {
        if self.text.is_empty() {
            std::mem::swap(&mut self.text, &mut other.text);
        } else {
            self.text.push_str(&other.text);
        }
        self.count = self.count.saturating_add(other.count);
        self.wide |= other.wide;
    }

    /// Puts UNH and UNT around the segments; `kind` is `ORDERS`, `D`, `96A`, `UN`.
    #[must_use]
    pub fn as_message(self, kind: [&str; 4], reference: &str) -> Self {
        let count = self.count.saturating_add(2).to_string();
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
        let latin = !self.wide && envelope.texts().all(is_latin1);
        let third = latin && !self.fourth;
        let una = if third { "UNA:+.? '\n" } else { "UNA:+.?*'\n" };
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
        let mut head = Self::default();
        head.segment("UNB", unb);
        let mut bytes = una.as_bytes().to_vec();
        bytes.reserve(self.text.len().saturating_add(self.count).saturating_add(128));
        for letter in head.text.chars().chain(self.text.chars()) {
            match letter {
                ELEMENT => bytes.push(b'+'),
                COMPONENT => bytes.push(b':'),
                SEGMENT => bytes.extend_from_slice(b"'\n"),
                _ => {
                    if special.contains(letter) {
                        push(&mut bytes, RELEASE, latin);
                    }
                    push(&mut bytes, letter, latin);
                }
            }
        }
        bytes
    }
}

fn push(bytes: &mut Vec<u8>, letter: char, latin: bool) {
    if latin {
        bytes.push(u8::try_from(u32::from(letter)).unwrap_or(b'?'));
    } else {
        bytes.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
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
