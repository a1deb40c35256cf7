use segments::{Broken, Faults, Flaw, Level, Marks, Scanner, Segment};

use super::{Endpoint, Header, Usage};

/// The widths of ISA01 to ISA16.
///
/// Source: ASC X12.5, ISA: 16 elements of fixed width, 106 bytes with the terminator.
const WIDTHS: [u32; 16] = [2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1];

/// How far an ISA may reach, line ends and wrong widths included.
const REACH: usize = 512;

/// Finds the characters with which an interchange cuts itself into pieces.
///
/// Source: ASC X12.5, ISA. In 106 bytes the element separator stands at byte 3, ISA11
/// (repetition, from 00402 on) at 82, ISA16 (component) at 104, the terminator at 105. They are
/// found by counting 16 element separators, which gives the same places where the widths are right
/// and still finds them where somebody trimmed the blanks or wrapped the lines.
///
/// # Errors
/// [`Flaw::HeaderMissing`] where there is no ISA; [`Flaw::AmbiguousMarks`] where one character
/// was given two meanings.
pub(super) fn marks(file: &[u8], at: usize) -> Result<Marks, Broken> {
    let rest = file.get(at..).unwrap_or_default();
    let head = rest.get(..rest.len().min(REACH)).unwrap_or_default();
    let missing = |shown: usize| {
        let shown = head.get(..head.len().min(shown)).unwrap_or_default();
        Broken::in_bytes(Flaw::HeaderMissing(Level::Interchange), at, shown)
    };
    let element = match head {
        [b'I', b'S', b'A', element, ..] if !element.is_ascii_alphanumeric() => *element,
        _ => return Err(missing(16)),
    };
    let mut places = head.iter().enumerate().filter(|(_, byte)| **byte == element);
    let (last, _) = places.nth(15).ok_or_else(|| missing(106))?;
    let (before, after) =
        head.split_at_checked(last.saturating_add(1)).unwrap_or_default();
    let wrapped = before.contains(&b'\n');
    let after = match after {
        [b'\r', b'\n', rest @ ..] | [b'\n', rest @ ..] if wrapped => rest,
        _ => after,
    };
    let [component, segment, lines @ ..] = after else {
        return Err(missing(106));
    };
    let mut marks = Marks {
        element,
        component: *component,
        repetition: None,
        release: None,
        decimal: b'.',
        segment: *segment,
    };
    if matches!(segment, b'\r' | b'\n') && line_ends_with(lines, *component) {
        // ISA16 is empty: what seemed to be it is the terminator.
        marks = Marks { component: 0x1f, segment: *component, ..marks };
    }
    if let Some(isa) = Scanner::new(file, at, marks).next_segment()
        && let [repetition] = isa.text(11).as_bytes()
        && isa.text(12).as_ref() >= "00402"
        && !repetition.is_ascii_alphanumeric()
        && *repetition != b' '
    {
        marks.repetition = Some(*repetition);
    }
    if marks.is_ambiguous() {
        return Err(Broken::in_bytes(Flaw::AmbiguousMarks, at, before));
    }
    Ok(marks)
}

fn line_ends_with(lines: &[u8], mark: u8) -> bool {
    let mut lines = lines.split(|byte| matches!(byte, b'\r' | b'\n'));
    lines.find(|line| !line.is_empty()).is_some_and(|line| line.ends_with(&[mark]))
}

/// Reads ISA once its marks are known.
pub(super) fn header(isa: &Segment<'_, '_>, faults: &mut Faults) -> Header {
    for (wanted, element) in WIDTHS.into_iter().zip(1_usize..) {
        let raw = isa.element(element).unwrap_or_default();
        let filling = raw.iter().filter(|byte| matches!(byte, b'\r' | b'\n')).count();
        let found = u32::try_from(raw.len().saturating_sub(filling)).unwrap_or(u32::MAX);
        if found != wanted {
            faults.push(Broken::in_element(
                Flaw::HeaderWidth { wanted, found },
                isa,
                element,
            ));
        }
    }
    let value = |element: usize| isa.text(element).trim().to_owned();
    let control = value(13);
    if control.is_empty() || !control.bytes().all(|byte| byte.is_ascii_digit()) {
        let flaw = Flaw::ControlInvalid(Level::Interchange);
        faults.push(Broken::in_element(flaw, isa, 13));
    }
    Header {
        sender: Endpoint { qualifier: value(5), id: value(6) },
        receiver: Endpoint { qualifier: value(7), id: value(8) },
        date: value(9),
        time: value(10),
        version: value(12),
        control,
        asks_for_receipt: value(14) == "1",
        usage: match value(15).as_str() {
            "P" => Usage::Production,
            "T" => Usage::Test,
            "I" => Usage::Information,
            _ => Usage::Unknown,
        },
    }
}
