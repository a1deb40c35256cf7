use super::reader::{MALFORMED_LIMIT, Reader};
use super::{Interchange, Standard};
use crate::feed::filling;
use crate::{Broken, Flaw, Sheet};

/// Reads the interchanges of a file. Their bytes, put together, are the file.
///
/// Source: ASC X12.5 and X12.6 3.3, ISO 9735 part 1. A byte order mark, blanks and line ends before
/// an interchange and between segments are no part of any value. What is wrong inside an
/// interchange is told in the `faults` of the shell that it belongs to, so a broken set leaves the
/// sets beside it whole.
///
/// Of interchanges whose shell is so broken that nothing in them can be taken, the first thousand
/// are kept. The faults of later ones stand beside those of the last of these, up to as many as a
/// list keeps, and are counted; their bytes belong to the interchange before them. So a file of
/// nothing but headers takes no more room than it is worth.
///
/// # Errors
/// [`Flaw::HeaderMissing`] or [`Flaw::AmbiguousMarks`] where the file does not open with an
/// interchange at all.
pub fn read<S: Standard>(file: &[u8]) -> Result<Vec<Interchange<'_, S>>, Broken> {
    let mut all: Vec<Interchange<'_, S>> = Vec::new();
    let (mut broken, mut at) = (Vec::new(), 0_usize);
    loop {
        let start = at.saturating_add(filling(file.get(at..).unwrap_or_default()));
        if start >= file.len() && !all.is_empty() {
            break;
        }
        match S::marks(file, start) {
            Ok((marks, body)) => {
                let lead = file.get(start..body).unwrap_or_default().to_vec();
                let mut reader = Reader::new(at, body, lead, marks);
                let stop = reader.run(Sheet::new(file, 0), body);
                let (mut read, end) = reader.finish(stop);
                read.bytes = file.get(at..end).unwrap_or_default();
                at = end.max(body.saturating_add(1));
                keep(&mut all, &mut broken, read);
            }
            Err(flaw) => {
                let Some(last) = all.last_mut() else {
                    return Err(flaw);
                };
                at = next::<S>(file, start.saturating_add(1)).unwrap_or(file.len());
                let stray = file.get(start..at).unwrap_or_default();
                last.faults.push(Broken::in_bytes(Flaw::Stray, start, stray));
            }
        }
        if let Some(last) = all.last_mut() {
            last.bytes = file.get(last.at..at).unwrap_or_default();
        }
    }
    if let Some(last) = all.last_mut() {
        last.bytes = file.get(last.at..).unwrap_or_default();
    }
    Ok(all)
}

/// Keeps an interchange, or only its faults; `broken` has the places of those that are broken.
fn keep<'a, S: Standard>(
    all: &mut Vec<Interchange<'a, S>>,
    broken: &mut Vec<usize>,
    read: Interchange<'a, S>,
) {
    if read.is_fatal() {
        if broken.len() >= MALFORMED_LIMIT {
            let kept = broken.last().and_then(|place| all.get_mut(*place));
            if let Some(kept) = kept {
                kept.faults.absorb(read.faults);
            }
            return;
        }
        broken.push(all.len());
    }
    all.push(read);
}

fn next<S: Standard>(file: &[u8], from: usize) -> Option<usize> {
    let rest = file.get(from..)?;
    let mut places =
        rest.windows(3).enumerate().filter(|(_, bytes)| S::STARTS.contains(bytes));
    let found =
        places.find(|(place, _)| S::marks(file, from.saturating_add(*place)).is_ok());
    found.map(|(place, _)| from.saturating_add(place))
}
