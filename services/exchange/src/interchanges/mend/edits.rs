//! Other words in the bytes of an interchange. Pure.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::dialects::{self, Wire};

/// The most places that are mended at once.
const EDITS_LIMIT: usize = 1000;

/// What stands somewhere is to be something else.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct MendEdit {
    /// The first byte of it, from 0.
    pub at: usize,
    /// How many bytes it has; none puts the text in before `at`.
    pub length: usize,
    /// What is to stand there; empty takes it out.
    pub text: String,
}

/// Why bytes cannot be mended like that.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(super) enum WrongEdit {
    /// Nothing is changed.
    #[error("nothing is changed; say at least one place, and what is to stand there")]
    Nothing,
    /// More than are mended at once.
    #[error("more than {EDITS_LIMIT} places are changed at once")]
    TooMany,
    /// It is not in the file.
    #[error("the bytes {at} to {end} are not within the {size} bytes of the file")]
    Outside {
        /// The first of them.
        at: usize,
        /// The one after the last.
        end: usize,
        /// What the file has.
        size: usize,
    },
    /// Two are about the same bytes.
    #[error("two changes are about byte {0}")]
    Overlap(usize),
    /// The file's charset lacks it.
    #[error("the character {0:?} cannot be written in the charset of this interchange")]
    Charset(char),
    /// It is too large then.
    #[error("an interchange has at most {} bytes", super::super::LIMIT_BYTES)]
    TooLarge,
    /// It is no single interchange any more.
    #[error("{0}")]
    Unreadable(String),
    /// It became several, or none.
    #[error("the file is to hold exactly one interchange, and would hold {0}")]
    Count(usize),
    /// It says to be from, or for, somebody else, or to be another.
    #[error(
        "the {0} of an interchange may not be mended: have its sender send another one"
    )]
    Envelope(&'static str),
}

/// The file with the edits made, in whichever order they are told.
///
/// # Errors
/// [`WrongEdit`].
pub(super) fn apply(file: &[u8], mut edits: Vec<MendEdit>) -> Result<Vec<u8>, WrongEdit> {
    if edits.len() > EDITS_LIMIT {
        return Err(WrongEdit::TooMany);
    }
    edits.sort_by_key(|it| (it.at, it.length));
    let mut mended = Vec::with_capacity(file.len());
    let mut from = 0;
    for edit in &edits {
        let end = edit.at.saturating_add(edit.length);
        let outside = WrongEdit::Outside { at: edit.at, end, size: file.len() };
        if end > file.len() {
            return Err(outside);
        }
        let between = file.get(from..edit.at).ok_or(WrongEdit::Overlap(edit.at))?;
        mended.extend_from_slice(between);
        mended.extend(encode(&edit.text, file)?);
        from = end;
    }
    mended.extend_from_slice(file.get(from..).unwrap_or_default());
    if mended == file {
        return Err(WrongEdit::Nothing);
    }
    if mended.len() > super::super::LIMIT_BYTES {
        return Err(WrongEdit::TooLarge);
    }
    Ok(mended)
}

/// A text as the file writes texts: UTF-8 where the file is UTF-8, and does not say that it is
/// ISO 8859-1 (UNB 0001 `UNOC`); else one byte a character.
fn encode(text: &str, file: &[u8]) -> Result<Vec<u8>, WrongEdit> {
    let says_latin = file.windows(8).take(64).any(|it| it == b"UNB+UNOC");
    let utf8 = std::str::from_utf8(file);
    let wide = utf8.is_ok_and(|it| !it.is_ascii() || !says_latin);
    if text.is_ascii() || wide {
        return Ok(text.as_bytes().to_vec());
    }
    text.chars()
        .map(|it| u8::try_from(it).map_err(|_wide| WrongEdit::Charset(it)))
        .collect()
}

/// The one interchange that the mended bytes are; its envelope is that of the bytes before, where
/// these could be read.
///
/// # Errors
/// [`WrongEdit`].
pub(super) fn same<'m>(before: &[u8], mended: &'m [u8]) -> Result<Wire<'m>, WrongEdit> {
    let all = dialects::read(mended);
    let mut all = all.map_err(|broken| WrongEdit::Unreadable(broken.to_string()))?;
    let wire = match (all.len(), all.pop()) {
        (1, Some(wire)) => wire,
        (count, _) => return Err(WrongEdit::Count(count)),
    };
    let before = dialects::read(before).ok().and_then(|mut it| it.pop());
    let Some(before) = before else { return Ok(wire) };
    for (what, was, is) in [
        ("sender", before.sender(), wire.sender()),
        ("receiver", before.receiver(), wire.receiver()),
        ("control number", before.control().to_owned(), wire.control().to_owned()),
    ] {
        if was != is {
            return Err(WrongEdit::Envelope(what));
        }
    }
    Ok(wire)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{MendEdit, WrongEdit, apply, encode};

    fn edit(at: usize, length: usize, text: &str) -> MendEdit {
        MendEdit { at, length, text: text.to_owned() }
    }

    #[test]
    fn edits_are_made_at_their_places_in_any_order() {
        let file = b"PO1*3*XX~CTT*1~";
        let edits = vec![edit(9, 0, "PID*F~"), edit(6, 2, "EA"), edit(13, 1, "2")];
        assert_eq!(apply(file, edits).unwrap(), b"PO1*3*EA~PID*F~CTT*2~");
        assert_eq!(apply(file, vec![edit(0, 9, "")]).unwrap(), b"CTT*1~");
        assert_eq!(apply(file, vec![edit(15, 0, "SE~")]).unwrap(), b"PO1*3*XX~CTT*1~SE~");
    }

    #[test]
    fn what_cannot_be_made_is_refused_with_its_place() {
        let refused = |edits| apply(b"0123456789", edits).unwrap_err();
        assert_eq!(refused(vec![]), WrongEdit::Nothing);
        assert_eq!(refused(vec![edit(2, 1, "2")]), WrongEdit::Nothing);
        let outside = WrongEdit::Outside { at: 9, end: 11, size: 10 };
        assert_eq!(refused(vec![edit(9, 2, "x")]), outside);
        assert!(matches!(
            refused(vec![edit(usize::MAX, 2, "")]),
            WrongEdit::Outside { .. }
        ));
        assert_eq!(
            refused(vec![edit(2, 4, "x"), edit(5, 1, "y")]),
            WrongEdit::Overlap(5)
        );
        let many = (0..1001).map(|_| edit(0, 0, "x")).collect();
        assert_eq!(refused(many), WrongEdit::TooMany);
    }

    #[test]
    fn a_text_is_written_as_the_file_writes_texts() {
        let utf8 = "N1*BY*Café~".as_bytes();
        let latin = b"N1*BY*Caf\xe9~";
        assert_eq!(encode("é", utf8).unwrap(), "é".as_bytes());
        assert_eq!(encode("é", latin).unwrap(), b"\xe9");
        assert_eq!(encode("é", b"ISA*00~").unwrap(), "é".as_bytes());
        assert_eq!(encode("é", b"UNB+UNOC:3+A'").unwrap(), b"\xe9");
        assert_eq!(encode("é", b"UNA:+.? 'UNB+UNOY:4+A'").unwrap(), "é".as_bytes());
        assert_eq!(encode("Ω", latin).unwrap_err(), WrongEdit::Charset('Ω'));
    }

    proptest! {
        #[test]
        fn bytes_without_an_edit_stay(
            file in proptest::collection::vec(any::<u8>(), 1..200),
            at in 0_usize..200,
            length in 0_usize..20,
            text in "[a-z]{0,9}",
        ) {
            let at = at.min(file.len());
            let length = length.min(file.len() - at);
            let mended = apply(&file, vec![MendEdit { at, length, text: text.clone() }]);
            let oracle = [&file[..at], text.as_bytes(), &file[at + length..]].concat();
            match mended {
                Ok(mended) => prop_assert_eq!(mended, oracle),
                Err(why) => {
                    prop_assert_eq!(why, WrongEdit::Nothing);
                    prop_assert_eq!(oracle, file);
                }
            }
        }
    }
}
