//! Writing an interchange.

use segments::{Marks, Release};

use crate::check::release;
use crate::{Endpoint, Interchange, Usage};

/// One element to write.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Field {
    /// A value.
    One(String),
    /// The components of a composite element.
    Parts(Vec<String>),
}

impl From<&str> for Field {
    fn from(text: &str) -> Self {
        Self::One(text.to_owned())
    }
}

impl From<String> for Field {
    fn from(text: String) -> Self {
        Self::One(text)
    }
}

impl From<&String> for Field {
    fn from(text: &String) -> Self {
        Self::One(text.clone())
    }
}

impl From<Option<&String>> for Field {
    fn from(text: Option<&String>) -> Self {
        Self::One(text.cloned().unwrap_or_default())
    }
}

/// Control numbers, drawn by the caller; each must never have been used with this partner.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Numbers {
    /// ISA13, up to nine digits.
    pub interchange: u32,
    /// GS06, up to nine digits.
    pub group: u32,
    /// ST02 of the first set; further sets count on from it.
    pub set: u32,
}

/// When something is written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Stamp {
    /// Eight digits, `YYYYMMDD`.
    pub date: String,
    /// Four digits, `HHMM`.
    pub time: String,
}

/// What stands around the sets of an interchange that is written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Envelope {
    /// ISA05 and ISA06.
    pub sender: Endpoint,
    /// ISA07 and ISA08.
    pub receiver: Endpoint,
    /// GS02.
    pub group_sender: String,
    /// GS03.
    pub group_receiver: String,
    /// ISA15.
    pub usage: Usage,
    /// GS08, such as `004010`; its first five digits are ISA12.
    pub version: String,
    /// The control numbers.
    pub numbers: Numbers,
    /// When it is written.
    pub stamp: Stamp,
}

impl Envelope {
    /// The way back: what answers an interchange goes from its receiver to its sender.
    pub fn answering(
        interchange: &Interchange<'_>,
        numbers: Numbers,
        stamp: Stamp,
    ) -> Self {
        let header = &interchange.header;
        let group = interchange.groups.first();
        let version =
            group.and_then(|group| release(&group.head.version)).map(Release::name);
        // Two to fifteen characters; what the group does not tell, ISA does.
        let fitting = |own: Option<&String>, outer: &String| -> String {
            let own = own.filter(|own| own.len() > 1).unwrap_or(outer);
            let kept: String = own.chars().take(15).collect();
            format!("{:0<2}", kept.trim_end())
        };
        let from = fitting(group.map(|group| &group.head.receiver), &header.receiver.id);
        let to = fitting(group.map(|group| &group.head.sender), &header.sender.id);
        Self {
            sender: header.receiver.clone(),
            receiver: header.sender.clone(),
            group_sender: from,
            group_receiver: to,
            usage: header.usage,
            version: version.unwrap_or("004010").to_owned(),
            numbers,
            stamp,
        }
    }
}

impl Envelope {
    /// Whether elements may repeat, from 00402 on; then ISA11 says with which mark.
    fn repeats(&self) -> bool {
        self.version.as_str() >= "00402"
    }
}

/// The segments of an interchange that is being written.
///
/// X12 has no release character: the separators are chosen so that no value holds one. Control
/// characters become blanks, as no text of X12 may hold them; until the separators are chosen three
/// of them stand in their place, so that a draft takes little more room than what is written.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    bytes: Vec<u8>,
    /// How many segments there are.
    count: usize,
    /// The bytes that values hold, one bit each.
    used: [u64; 4],
}

/// What stands for separators in a draft.
const ELEMENT: u8 = 0x1d;
const COMPONENT: u8 = 0x1f;
const SEGMENT: u8 = 0x1c;

impl Draft {
    /// Adds a segment; empty elements at its end are left out.
    #[expect(clippy::needless_pass_by_value, reason = "they are made to be written here")]
    pub fn segment(&mut self, tag: &'static str, fields: Vec<Field>) {
        self.bytes.extend_from_slice(tag.as_bytes());
        let last = fields.iter().rposition(|field| !is_empty(field));
        for field in fields.iter().take(last.map_or(0, |last| last.saturating_add(1))) {
            self.bytes.push(ELEMENT);
            self.put(field);
        }
        self.bytes.push(SEGMENT);
        self.count = self.count.saturating_add(1);
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
        if self.bytes.is_empty() {
            std::mem::swap(&mut self.bytes, &mut other.bytes);
        } else {
            self.bytes.append(&mut other.bytes);
        }
        self.count = self.count.saturating_add(other.count);
        for (own, others) in self.used.iter_mut().zip(other.used) {
            *own |= others;
        }
    }

    fn put(&mut self, field: &Field) {
        match field {
            Field::One(text) => self.text(text),
            Field::Parts(parts) => {
                let last = parts.iter().rposition(|part| !part.is_empty());
                let kept =
                    parts.iter().take(last.map_or(0, |last| last.saturating_add(1)));
                for (place, part) in kept.enumerate() {
                    if place > 0 {
                        self.bytes.push(COMPONENT);
                    }
                    self.text(part);
                }
            }
        }
    }

    fn text(&mut self, text: &str) {
        self.note(text);
        let shown = |byte: u8| if byte.is_ascii_control() { b' ' } else { byte };
        self.bytes.extend(text.bytes().map(shown));
    }

    fn note(&mut self, text: &str) {
        for byte in text.bytes() {
            if let Some(word) = self.used.get_mut(usize::from(byte >> 6)) {
                *word |= 1_u64.wrapping_shl(u32::from(byte));
            }
        }
    }

    fn uses(&self, byte: u8) -> bool {
        let word = self.used.get(usize::from(byte >> 6)).copied().unwrap_or_default();
        word.wrapping_shr(u32::from(byte)) & 1 == 1
    }

    /// Puts ST and SE around the segments.
    #[must_use]
    pub fn as_set(self, kind: &'static str, control: u32) -> Self {
        let count = self.count.saturating_add(2);
        let control = format!("{control:04}");
        let mut set = Self::default();
        set.segment("ST", vec![kind.into(), (&control).into()]);
        set.append(self);
        set.segment("SE", vec![count.to_string().into(), control.into()]);
        set
    }

    /// Puts GS and GE around `sets` sets.
    #[must_use]
    pub fn as_group(self, code: &str, sets: usize, envelope: &Envelope) -> Self {
        let control = envelope.numbers.group.to_string();
        let mut group = Self::default();
        group.segment(
            "GS",
            vec![
                code.into(),
                (&envelope.group_sender).into(),
                (&envelope.group_receiver).into(),
                (&envelope.stamp.date).into(),
                (&envelope.stamp.time).into(),
                (&control).into(),
                "X".into(),
                (&envelope.version).into(),
            ],
        );
        group.append(self);
        group.segment("GE", vec![sets.to_string().into(), control.into()]);
        group
    }

    /// Puts ISA and IEA around the segments and writes all of it.
    pub fn write(mut self, groups: usize, envelope: &Envelope) -> Vec<u8> {
        let control = format!("{:09}", envelope.numbers.interchange);
        self.segment("IEA", vec![groups.to_string().into(), (&control).into()]);
        for end in [&envelope.sender, &envelope.receiver] {
            self.note(&end.qualifier);
            self.note(&end.id);
        }
        let marks = self.marks(envelope);
        let mut bytes = isa(envelope, &control, marks);
        bytes.reserve(self.bytes.len().saturating_add(self.count));
        for byte in self.bytes {
            match byte {
                ELEMENT => bytes.push(marks.element),
                COMPONENT => bytes.push(marks.component),
                SEGMENT => bytes.extend_from_slice(&[marks.segment, b'\n']),
                byte if marks.cuts(byte) => bytes.push(b' '),
                byte => bytes.push(byte),
            }
        }
        bytes
    }

    /// Separators that no value holds.
    fn marks(&self, envelope: &Envelope) -> Marks {
        let free = |wanted: &[u8]| {
            let found = wanted.iter().find(|mark| !self.uses(**mark));
            found.or(wanted.last()).copied().unwrap_or(0x1d)
        };
        Marks {
            element: free(b"*|+\x1d"),
            component: free(b">:\\<\x1f"),
            repetition: envelope.repeats().then(|| free(b"^{}\x1e")),
            release: None,
            decimal: b'.',
            segment: free(b"~'!\x1c"),
        }
    }
}

fn is_empty(field: &Field) -> bool {
    match field {
        Field::One(text) => text.is_empty(),
        Field::Parts(parts) => parts.iter().all(String::is_empty),
    }
}

/// Source: ASC X12.5, ISA: fixed widths, so that the separators stand at fixed places.
fn isa(envelope: &Envelope, control: &str, marks: Marks) -> Vec<u8> {
    let usage = match envelope.usage {
        Usage::Production => "P",
        Usage::Test | Usage::Unknown => "T",
        Usage::Information => "I",
    };
    let repetition =
        marks.repetition.map_or("U".to_owned(), |mark| char::from(mark).to_string());
    let date: String = envelope.stamp.date.chars().skip(2).collect();
    let (sender, receiver) = (&envelope.sender, &envelope.receiver);
    let elements: [(&str, usize); 15] = [
        ("00", 2),
        ("", 10),
        ("00", 2),
        ("", 10),
        (&sender.qualifier, 2),
        (&sender.id, 15),
        (&receiver.qualifier, 2),
        (&receiver.id, 15),
        (&date, 6),
        (&envelope.stamp.time, 4),
        (&repetition, 1),
        (envelope.version.get(..5).unwrap_or("00401"), 5),
        (control, 9),
        ("0", 1),
        (usage, 1),
    ];
    let mut bytes = b"ISA".to_vec();
    for (value, width) in elements {
        bytes.push(marks.element);
        let filled = value.bytes().chain(std::iter::repeat(b' ')).take(width);
        let kept = |byte: u8| byte.is_ascii_graphic() || Some(byte) == marks.repetition;
        bytes.extend(filled.map(|byte| if kept(byte) { byte } else { b' ' }));
    }
    bytes.extend_from_slice(&[marks.element, marks.component, marks.segment, b'\n']);
    bytes
}
