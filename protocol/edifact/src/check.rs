use std::sync::LazyLock;

use segments::{
    Broken, Check, Faults, Limits, Policy, Release, Rules, Segment, Shelf, Verdict, facts,
};

use crate::{Edifact, Interchange};

/// Reads the interchanges of a file, as [`segments::read()`] does.
///
/// # Errors
/// [`Flaw::HeaderMissing`](crate::Flaw::HeaderMissing) or
/// [`Flaw::AmbiguousMarks`](crate::Flaw::AmbiguousMarks) where the file does not open with an
/// interchange at all.
pub fn read(file: &[u8]) -> Result<Vec<Interchange<'_>>, Broken> {
    segments::read::<Edifact>(file)
}

/// The tables of a directory, such as `96A`, with the service segments of a syntax version.
pub fn release(directory: &str, syntax: u8) -> Option<&'static Release> {
    static SHELF: LazyLock<Shelf> =
        LazyLock::new(|| Shelf::new(facts::EDIFACT.iter().map(|(_, _, texts)| *texts)));
    let service = if syntax == 4 { 4 } else { 3 };
    let wanted =
        |(name, syntax, _): &(&str, u8, _)| *name == directory && *syntax == service;
    SHELF.release(facts::EDIFACT.iter().position(wanted)?)
}

/// Judges an interchange as the standard has it.
pub fn check(interchange: &Interchange<'_>) -> Verdict {
    check_under(interchange, Policy::default())
}

/// Judges an interchange under a partner's policy.
pub fn check_under(interchange: &Interchange<'_>, policy: Policy) -> Verdict {
    segments::check_by(interchange, Rules { policy, ..Rules::default() })
}

/// Checks the elements of UNB, UNG, UNE or UNZ.
pub(crate) fn shell(segment: &Segment<'_, '_>, version: u8) -> Vec<Broken> {
    let Some(release) = release("96A", version) else {
        return Vec::new();
    };
    let mut faults = Faults::default();
    Check::new(release, "", Limits::default()).segment(segment, &mut faults);
    for broken in &mut faults.list {
        broken.place.ordinal = 0;
    }
    faults.list
}
