//! Files that are too long to be judged, shown or mended: they are kept, and can be fetched.

use super::{LIMIT_BYTES, rules::FaultNote};

/// Whether a file has too many bytes.
pub(super) fn is(bytes: i64) -> bool {
    usize::try_from(bytes).map_or(true, |bytes| bytes > LIMIT_BYTES)
}

/// What is said of such a file.
pub(super) fn told(bytes: i64) -> FaultNote {
    FaultNote::plain(format!(
        "it has {bytes} bytes, and what is judged here has at most {LIMIT_BYTES}; it is kept, \
         and can be fetched as it came"
    ))
}
