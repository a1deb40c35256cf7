//! Names as they are compared, and how statements take them.

use kernel::Id;

pub use kernel::text::{fold, words};

/// The first text after every text that begins with `prefix`: the end of an index range.
pub(crate) fn after_prefix(prefix: &str) -> String {
    format!("{prefix}\u{10ffff}")
}

/// Ids as a JSON list of hexadecimal texts: how a statement takes many.
pub(crate) fn id_list<K>(ids: &[Id<K>]) -> String {
    let quoted = ids.iter().map(|id| format!("\"{}\"", id.uuid().simple()));
    format!("[{}]", quoted.collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    use super::after_prefix;

    #[test]
    fn a_prefix_ends_behind_all_its_words() {
        let end = after_prefix("ac");
        assert!("ac" < end.as_str() && "acz\u{fffd}" < end.as_str());
        assert!("ad" > end.as_str());
    }
}
