use segments::{Broken, Flaw, Sheet};

use super::read::Reader;
use super::{Interchange, marks};

/// Reads the interchanges of a file. Their bytes, put together, are the file.
///
/// Source: ISO 9735 part 1. A byte order mark, blanks and line ends before UNA or UNB and between
/// segments are no part of any value. What is wrong inside an interchange is told in the `faults`
/// of the shell that it belongs to, so a broken message leaves the messages beside it whole.
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
        match marks::marks(file, start) {
            Ok((marks, body)) => {
                let mut reader = Reader::new(
                    at,
                    body,
                    file.get(start..body).unwrap_or_default().to_vec(),
                    marks,
                );
                let stop = reader.run(Sheet::new(file, 0), body);
                let (mut read, end) = reader.finish(stop);
                read.bytes = file.get(at..end).unwrap_or_default();
                interchanges.push(read);
                at = end.max(body.saturating_add(1));
            }
            Err(broken) => {
                let Some(last) = interchanges.last_mut() else {
                    return Err(broken);
                };
                at = next_header(file, start.saturating_add(1)).unwrap_or(file.len());
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

fn opening(file: &[u8], mut at: usize) -> usize {
    loop {
        let skipped = match file.get(at..).unwrap_or_default() {
            [0xef, 0xbb, 0xbf, ..] => 3,
            [b' ' | b'\t' | b'\r' | b'\n' | 0 | 0x1a, ..] => 1,
            _ => return at,
        };
        at = at.saturating_add(skipped);
    }
}

fn next_header(file: &[u8], from: usize) -> Option<usize> {
    let rest = file.get(from..)?;
    let is_header = |bytes: &[u8]| bytes == b"UNA" || bytes == b"UNB";
    let mut places = rest.windows(3).enumerate().filter(|(_, bytes)| is_header(bytes));
    let found =
        places.find(|(place, _)| marks::marks(file, from.saturating_add(*place)).is_ok());
    found.map(|(place, _)| from.saturating_add(place))
}
