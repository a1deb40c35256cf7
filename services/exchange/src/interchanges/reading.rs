//! The documents of an interchange as a person reads them: in sections and rows, each value with
//! the bytes that say it, beside the segments with the names of their values.

use gate::House;
use kernel::{Fault, Id, Interchange};
use serde::{Deserialize, Serialize};
use store::Conn;
use trade::edi::{self, InspectedSet, Language};
use utoipa::ToSchema;

use super::{Refusal, seen};
use crate::dialects::{self, Wire};

/// In which language, and which document.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ReadingAsk {
    /// `en`, `fr` or `es`; `en` unless told.
    language: Option<String>,
    /// Which of its documents, from 1; 1 unless told.
    document: Option<usize>,
}

/// A document as a person reads it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct PaperReading {
    /// The set or message, such as `850` or `ORDERS`.
    kind: String,
    /// What that is called.
    name: String,
    /// Its control number.
    control: String,
    /// What it is called, with the number that people know it by; empty like `sections`.
    title: String,
    /// Its parts, in order; empty where it is no document of trade, such as a 997.
    sections: Vec<PaperSection>,
    /// What of the set no part of it says.
    left: Vec<PaperLeft>,
    /// What it says in sentences, where it answers a document.
    told: Vec<String>,
    /// Its segments, in order.
    segments: Vec<PaperSegment>,
}

/// A part of a document: a table where it has columns, else labels with what they say.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct PaperSection {
    /// `heading`, `parties`, `lines`, `charges`, `totals`, `packages` or `notes`.
    key: String,
    /// What it is called; empty for the heading.
    name: String,
    /// The heads of its columns.
    columns: Vec<String>,
    /// Its rows, in order.
    rows: Vec<PaperRow>,
}

/// A row.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct PaperRow {
    /// What it is about; empty in a table.
    label: String,
    /// How many rows it stands under: 0, or more where it belongs to one before it.
    depth: usize,
    /// Its values, in order.
    cells: Vec<PaperCell>,
}

/// A value.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct PaperCell {
    /// As it is read.
    text: String,
    /// Where it stands in the file.
    spans: Vec<PaperSpan>,
}

/// Bytes of a file.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
struct PaperSpan {
    /// The first, from 0.
    at: usize,
    /// How many.
    length: usize,
}

/// Something that a document does not hold of its set.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct PaperLeft {
    /// The byte where it stands.
    at: usize,
    /// What it is.
    what: String,
    /// Why it stays behind.
    why: String,
}

/// A segment as a person reads it.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct PaperSegment {
    /// Such as `PO1`.
    tag: String,
    /// What that is; empty where there is no word for it.
    name: String,
    /// The first byte in the file.
    at: usize,
    /// How many bytes, terminator included.
    length: usize,
    /// How many loops it stands in.
    depth: usize,
    /// Its values.
    values: Vec<PaperValue>,
}

/// A value of a segment.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct PaperValue {
    /// The element, from 1.
    element: usize,
    /// What it is; empty where there is no word for it.
    name: String,
    /// What stands there.
    value: String,
    /// What a code means; empty where there is no word for it.
    meaning: String,
}

/// Reads one of the documents of an interchange that an organisation holds.
///
/// # Errors
/// [`Refusal::NotFound`], also where the interchange has no such document, or cannot be read, or is too long;
/// [`Refusal::Language`].
pub(super) async fn read(
    house: &House,
    mut conn: Conn,
    (organisation, id): (Id<kernel::Organisation>, Id<Interchange>),
    ask: ReadingAsk,
) -> Result<PaperReading, Refusal> {
    let language = match ask.language.as_deref() {
        None => Language::default(),
        Some(tag) => Language::read(tag).ok_or(Refusal::Language)?,
    };
    let row = seen::one(&mut conn, organisation, id).await?.ok_or(Refusal::NotFound)?;
    drop(conn);
    if super::long::is(row.bytes) {
        return Err(Refusal::NotFound);
    }
    let file = house.files.read(row.sha256.parse()?).await?;
    let wanted = ask.document.unwrap_or(1);
    let found = tokio::task::spawn_blocking(move || find(&file, wanted, language));
    let found = found.await.map_err(Fault::new("reading an interchange"))?;
    found.map(PaperReading::from).ok_or(Refusal::NotFound)
}

/// The document of that number; nothing is read after it.
fn find(file: &[u8], wanted: usize, language: Language) -> Option<InspectedSet> {
    let mut reading = edi::Reading::of(file);
    let mut before = 0_usize;
    while let Ok(Some(part)) = reading.part() {
        let sets = edi::inspect_part(&part, language);
        let count = sets.len();
        let place = wanted.checked_sub(before)?.checked_sub(1)?;
        if let Some(mut set) = sets.into_iter().nth(place) {
            if set.told.is_empty() && set.document.is_none() {
                set.told = acknowledged(file, language);
            }
            return Some(set);
        }
        before = before.saturating_add(count);
    }
    None
}

/// What the acknowledgements of a file say, one sentence or more each.
fn acknowledged(file: &[u8], language: Language) -> Vec<String> {
    let words = language.words();
    let all = dialects::read(file).unwrap_or_default();
    let told = all.iter().flat_map(|it| match it {
        Wire::X12(it) => {
            x12::receipts(it).iter().map(|it| it.tell(words)).collect::<Vec<_>>()
        }
        Wire::Edifact(it) => {
            edifact::receipts(it).iter().map(|it| it.tell(words)).collect()
        }
    });
    told.collect()
}

impl From<InspectedSet> for PaperReading {
    fn from(set: InspectedSet) -> Self {
        let (title, sections) =
            set.document.map(|view| (view.title.text, view.sections)).unwrap_or_default();
        let left = |it: trade::Left| PaperLeft { at: it.at, what: it.what, why: it.why };
        Self {
            kind: set.kind,
            name: set.name,
            control: set.control,
            title,
            sections: sections.into_iter().map(PaperSection::from).collect(),
            left: set.left.into_iter().map(left).collect(),
            told: set.told,
            segments: set.segments.into_iter().map(PaperSegment::from).collect(),
        }
    }
}

impl From<trade::Section> for PaperSection {
    fn from(section: trade::Section) -> Self {
        let mut rows = Vec::new();
        for row in section.rows {
            flatten(row, 0, &mut rows);
        }
        let key = section.key.to_owned();
        Self { key, name: section.name, columns: section.columns, rows }
    }
}

/// A row, and those under it after it.
fn flatten(row: trade::Row, depth: usize, into: &mut Vec<PaperRow>) {
    let cells = row.cells.into_iter().map(|cell| PaperCell {
        text: cell.text,
        spans: cell
            .spans
            .into_iter()
            .map(|it| PaperSpan { at: it.at, length: it.length })
            .collect(),
    });
    into.push(PaperRow { label: row.label, depth, cells: cells.collect() });
    for under in row.under {
        flatten(under, depth.saturating_add(1), into);
    }
}

impl From<edi::InspectedSegment> for PaperSegment {
    fn from(segment: edi::InspectedSegment) -> Self {
        let values = segment.values.into_iter().map(|it| PaperValue {
            element: it.element,
            name: it.name,
            value: it.value,
            meaning: it.meaning,
        });
        Self {
            tag: segment.tag,
            name: segment.name,
            at: segment.at,
            length: segment.length,
            depth: segment.depth,
            values: values.collect(),
        }
    }
}
