use std::sync::LazyLock;

use segments::{Broken, Policy, Release, Rules, Shelf, Verdict, facts};

use crate::{Interchange, X12};

/// Reads the interchanges of a file, as [`segments::read()`] does.
///
/// # Errors
/// [`Flaw::HeaderMissing`](crate::Flaw::HeaderMissing) or
/// [`Flaw::AmbiguousMarks`](crate::Flaw::AmbiguousMarks) where the file does not open with an
/// interchange at all.
pub fn read(file: &[u8]) -> Result<Vec<Interchange<'_>>, Broken> {
    segments::read::<X12>(file)
}

/// The release whose tables a group asks for, such as `004010`; none that are not here.
pub fn release(version: &str) -> Option<&'static Release> {
    static SHELF: LazyLock<Shelf> =
        LazyLock::new(|| Shelf::new(facts::X12.iter().map(|(_, texts)| *texts)));
    let place = facts::X12.iter().position(|(name, _)| version.starts_with(name))?;
    SHELF.release(place)
}

/// Judges an interchange as the standard has it.
pub fn check(interchange: &Interchange<'_>) -> Verdict {
    check_under(interchange, Policy::default())
}

/// Judges an interchange under a partner's policy.
pub fn check_under(interchange: &Interchange<'_>, policy: Policy) -> Verdict {
    segments::check_by(interchange, Rules { policy, ..Rules::default() })
}
