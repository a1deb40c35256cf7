//! Asking for a CONTRL.

use crate::envelope::marks::marks;

/// The place of 0031 in UNB, from 1.
const ASKS: usize = 9;

/// The same interchange, with 0031 of its UNB set: its receiver is to answer with a CONTRL. None if
/// it does not begin with an envelope.
///
/// Source: ISO 9735 part 1, UNB, 0031.
pub fn ask_for_receipt(interchange: &[u8]) -> Option<Vec<u8>> {
    let (marks, begin) = marks(interchange, 0).ok()?;
    let head = interchange.get(begin..)?;
    // Where each element of UNB ends, and UNB with the last of them.
    let mut ends = Vec::new();
    let mut released = false;
    let mut end = None;
    for (place, byte) in head.iter().enumerate() {
        if released {
            released = false;
        } else if Some(*byte) == marks.release {
            released = true;
        } else if *byte == marks.segment {
            ends.push(place);
            end = Some(place);
            break;
        } else if *byte == marks.element {
            ends.push(place);
        }
    }
    end?;
    // `ends` begins with the end of the tag, so `ends[n]` is where element n ends.
    let mut written = interchange.get(..begin)?.to_vec();
    if let Some(from) = ends.get(ASKS.checked_sub(1)?) {
        let until = ends.get(ASKS);
        let from = if until.is_some() { from.checked_add(1)? } else { *from };
        written.extend_from_slice(head.get(..from)?);
        if until.is_none() {
            written.push(marks.element);
        }
        written.push(b'1');
        written.extend_from_slice(head.get(until.copied().unwrap_or(from)..)?);
        return Some(written);
    }
    let end = end?;
    written.extend_from_slice(head.get(..end)?);
    for _missing in ends.len()..=ASKS {
        written.push(marks.element);
    }
    written.push(b'1');
    written.extend_from_slice(head.get(end..)?);
    Some(written)
}

#[cfg(test)]
mod tests {
    use super::ask_for_receipt;

    fn asked(unb: &str) -> String {
        let whole = format!("UNA:+.? '\n{unb}\nUNZ+0+7'\n");
        let text = String::from_utf8(ask_for_receipt(whole.as_bytes()).unwrap()).unwrap();
        let read = crate::read(text.as_bytes()).unwrap();
        assert!(read[0].header.asks_for_receipt, "{text}");
        text.lines().nth(1).unwrap().to_owned()
    }

    #[test]
    fn an_interchange_asks_for_its_receipt_wherever_its_unb_ends() {
        let short = "UNB+UNOC:3+A?+?'B:ZZZ+C:ZZZ+261122:1200+7";
        assert_eq!(asked(&format!("{short}'")), format!("{short}++++1'"));
        assert_eq!(asked(&format!("{short}++ORDERS'")), format!("{short}++ORDERS++1'"));
        assert_eq!(asked(&format!("{short}+++'")), format!("{short}++++1'"));
        assert_eq!(asked(&format!("{short}++++'")), format!("{short}++++1'"));
        assert_eq!(asked(&format!("{short}++++0'")), format!("{short}++++1'"));
        assert_eq!(asked(&format!("{short}++++1'")), format!("{short}++++1'"));
        assert_eq!(asked(&format!("{short}++++++1'")), format!("{short}++++1++1'"));
    }

    #[test]
    fn what_is_no_interchange_asks_for_nothing() {
        for bytes in ["", "ISA*00*", "UNA:+.? '", "UNB+UNOC:3+A"] {
            assert!(ask_for_receipt(bytes.as_bytes()).is_none(), "{bytes}");
        }
    }
}
