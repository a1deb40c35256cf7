use segments::{Broken, Flaw, Sheet};

use super::read::Reader;
use super::{Interchange, head};

/// Reads the interchanges of a file. Their bytes, put together, are the file.
///
/// Source: ASC X12.5 and X12.6 3.3. A byte order mark, blanks and line ends before ISA and
/// between segments are no part of any value. What is wrong inside an interchange is told in the
/// `faults` of the shell that it belongs to, so a broken set leaves the sets beside it whole.
///
/// # Errors
/// [`Flaw::HeaderMissing`] or [`Flaw::AmbiguousMarks`] where the file does not open with an
/// interchange at all.
pub fn read(file: &[u8]) -> Result<Vec<Interchange<'_>>, Broken> {
    let mut interchanges: Vec<Interchange<'_>> = Vec::new();
    let mut at = 0;
    loop {
        let start = opening(file, at);
        if start >= file.len() && !interchanges.is_empty() {
            break;
        }
        match head::marks(file, start) {
            Ok(marks) => {
                let mut reader = Reader::new(at, marks);
                let stop = reader.run(Sheet::new(file, 0), start);
                let (mut read, end) = reader.finish(stop);
                read.bytes = file.get(at..end).unwrap_or_default();
                interchanges.push(read);
                at = end.max(start.saturating_add(1));
            }
            Err(broken) => {
                let Some(last) = interchanges.last_mut() else {
                    return Err(broken);
                };
                at = next_isa(file, start.saturating_add(1)).unwrap_or(file.len());
                let stray = file.get(start..at).unwrap_or_default();
                last.faults.push(Broken::in_bytes(Flaw::Stray, start, stray));
                last.bytes = file.get(last.at..at).unwrap_or_default();
            }
        }
    }
    if let Some(last) = interchanges.last_mut() {
        last.bytes = file.get(last.at..).unwrap_or_default();
    }
    Ok(interchanges)
}

/// Where the next segment can begin: after a byte order mark, blanks and line ends.
pub(super) fn opening(file: &[u8], mut at: usize) -> usize {
    loop {
        let rest = file.get(at..).unwrap_or_default();
        let skipped = match rest {
            [0xef, 0xbb, 0xbf, ..] => 3,
            [b' ' | b'\t' | b'\r' | b'\n' | 0 | 0x1a, ..] => 1,
            _ => return at,
        };
        at = at.saturating_add(skipped);
    }
}

pub(super) fn next_isa(file: &[u8], from: usize) -> Option<usize> {
    let rest = file.get(from..)?;
    let mut places = rest.windows(3).enumerate().filter(|(_, bytes)| *bytes == b"ISA");
    let found =
        places.find(|(place, _)| head::marks(file, from.saturating_add(*place)).is_ok());
    found.map(|(place, _)| from.saturating_add(place))
}
