use segments::{Broken, Scanner};

use super::{Dialect, dialect, unknown};

/// A set in an interchange of its own.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Piece {
    /// A name for a file, such as `000000077-1-850-0001.edi`.
    pub name: String,
    /// The interchange.
    pub bytes: Vec<u8>,
}

/// Cuts a file into interchanges of one set each. Headers and sets keep their bytes; trailers count
/// anew.
///
/// # Errors
/// The file is no interchange.
pub fn split(file: &[u8]) -> Result<Vec<Piece>, Broken> {
    let mut pieces = Vec::new();
    match dialect(file).ok_or_else(|| unknown(file))? {
        Dialect::X12 => {
            for interchange in &x12::read(file)? {
                x12_pieces(interchange, &mut pieces);
            }
        }
        Dialect::Edifact => {
            for interchange in &edifact::read(file)? {
                edifact_pieces(interchange, &mut pieces);
            }
        }
    }
    Ok(pieces)
}

fn x12_pieces(interchange: &x12::Interchange<'_>, pieces: &mut Vec<Piece>) {
    let header = &interchange.header;
    let mut isa = interchange.segments();
    let isa = isa.next_segment().map(|segment| segment.raw()).unwrap_or_default();
    for group in &interchange.groups {
        let file = interchange.bytes;
        let at = group.at.saturating_sub(interchange.at);
        let mut scanner = Scanner::new(file, at, interchange.marks);
        let gs = scanner.next_segment().map(|segment| segment.raw()).unwrap_or_default();
        for set in &group.sets {
            let marks = interchange.marks;
            let mut bytes = Vec::new();
            let mut put = |part: &[u8]| {
                bytes.extend_from_slice(part);
                bytes.push(b'\n');
            };
            put(isa);
            if !group.code.is_empty() {
                put(gs);
            }
            put(set.bytes());
            if !group.code.is_empty() {
                put(&trailer(b"GE", &group.control, marks));
            }
            put(&trailer(b"IEA", &header.control, marks));
            pieces.push(piece(
                &header.control,
                pieces.len(),
                &set.kind,
                &set.control,
                bytes,
            ));
        }
    }
}

fn edifact_pieces(interchange: &edifact::Interchange<'_>, pieces: &mut Vec<Piece>) {
    let header = &interchange.header;
    let marks = interchange.marks;
    let mut scanner = interchange.segments();
    let unb = match scanner.next_segment() {
        Some(unb) => unb.after(),
        None => return,
    };
    let opening =
        interchange.bytes.get(..unb.saturating_sub(interchange.at)).unwrap_or_default();
    for group in &interchange.groups {
        let at = group.at.saturating_sub(interchange.at);
        let mut scanner = Scanner::new(interchange.bytes, at, marks);
        let ung = scanner.next_segment().map(|segment| segment.raw()).unwrap_or_default();
        for message in &group.messages {
            let mut bytes = Vec::new();
            let mut put = |part: &[u8]| {
                bytes.extend_from_slice(part);
                bytes.push(b'\n');
            };
            put(opening);
            if group.kind.is_some() {
                put(ung);
            }
            put(message.bytes());
            if group.kind.is_some() {
                put(&trailer(b"UNE", &group.control, marks));
            }
            put(&trailer(b"UNZ", &header.control, marks));
            let name = &header.control;
            pieces.push(piece(
                name,
                pieces.len(),
                &message.kind,
                &message.control,
                bytes,
            ));
        }
    }
}

/// A trailer that counts one, with the control number of its header.
fn trailer(tag: &[u8], control: &str, marks: segments::Marks) -> Vec<u8> {
    let mut bytes = tag.to_vec();
    bytes.push(marks.element);
    bytes.push(b'1');
    bytes.push(marks.element);
    for byte in control.bytes() {
        if let Some(release) = marks.release
            && (byte == release || marks.cuts(byte))
        {
            bytes.push(release);
        }
        bytes.push(byte);
    }
    bytes.push(marks.segment);
    bytes
}

fn piece(control: &str, place: usize, kind: &str, set: &str, bytes: Vec<u8>) -> Piece {
    let plain = |text: &str| -> String {
        let letters = text.chars().filter(char::is_ascii_alphanumeric);
        letters.take(35).collect()
    };
    let number = place.saturating_add(1);
    let name = format!("{}-{number}-{}-{}.edi", plain(control), plain(kind), plain(set));
    Piece { name, bytes }
}
