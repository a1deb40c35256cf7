use segments::{Broken, Flaw, Level, Marks};

/// What cuts an interchange without UNA.
///
/// Source: ISO 9735 part 1, service characters of level A. Level B has control characters of its
/// own, which nobody sends without the marks of level A; they are known by what follows UNB.
const LEVEL_A: Marks = Marks {
    element: b'+',
    component: b':',
    repetition: None,
    release: Some(b'?'),
    decimal: b'.',
    segment: b'\'',
};
const LEVEL_B: Marks = Marks {
    element: 0x1d,
    component: 0x1f,
    repetition: None,
    release: None,
    decimal: b'.',
    segment: 0x1c,
};

/// Finds the characters that cut an interchange, and where UNB begins.
///
/// Source: ISO 9735 part 1, UNA: nine bytes, in this order: component, element, decimal mark,
/// release (blank: none), reserved or, in syntax 4, repetition (blank: none), segment.
///
/// # Errors
/// [`Flaw::HeaderMissing`] where there is neither UNA nor UNB, [`Flaw::AmbiguousMarks`] where one
/// character was given two meanings.
pub(crate) fn marks(file: &[u8], at: usize) -> Result<(Marks, usize), Broken> {
    let rest = file.get(at..).unwrap_or_default();
    let shown = rest.get(..rest.len().min(16)).unwrap_or_default();
    let missing = || Broken::in_bytes(Flaw::HeaderMissing(Level::Interchange), at, shown);
    let (marks, length) = match rest {
        [
            b'U',
            b'N',
            b'A',
            component,
            element,
            decimal,
            release,
            reserved,
            segment,
            ..,
        ] => {
            let filled = |mark: &u8| Some(*mark).filter(|mark| *mark != b' ');
            let marks = Marks {
                element: *element,
                component: *component,
                repetition: filled(reserved),
                release: filled(release),
                decimal: *decimal,
                segment: *segment,
            };
            (marks, 9)
        }
        [b'U', b'N', b'B', b'+', ..] => (LEVEL_A, 0),
        [b'U', b'N', b'B', 0x1d, ..] => (LEVEL_B, 0),
        _ => return Err(missing()),
    };
    let body = at.saturating_add(length);
    if marks.is_ambiguous()
        || !opens_with_unb(file.get(body..).unwrap_or_default(), marks)
    {
        let flaw = if marks.is_ambiguous() {
            Flaw::AmbiguousMarks
        } else {
            Flaw::HeaderMissing(Level::Interchange)
        };
        return Err(Broken::in_bytes(flaw, at, shown));
    }
    let has_own = length > 0;
    Ok((with_repetition(file, body, marks, has_own), body))
}

fn opens_with_unb(rest: &[u8], marks: Marks) -> bool {
    let is_filling = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    let filling = rest.iter().take_while(is_filling).count();
    matches!(rest.get(filling..), Some([b'U', b'N', b'B', mark, ..]) if *mark == marks.element)
}

/// Repetition exists from syntax 4 on, by default as `*`; before, the place in UNA is reserved.
fn with_repetition(file: &[u8], body: usize, marks: Marks, has_own: bool) -> Marks {
    let mut scanner =
        segments::Scanner::new(file, body, Marks { repetition: None, ..marks });
    let version = match scanner.next_segment() {
        Some(unb) => unb.part(1, 2).into_owned(),
        None => String::new(),
    };
    let is_fourth = version == "4";
    let repetition = match marks.repetition {
        Some(mark) if is_fourth && !mark.is_ascii_alphanumeric() => Some(mark),
        None if is_fourth && !has_own => Some(b'*'),
        Some(_) | None => None,
    };
    Marks { repetition, ..marks }
}
