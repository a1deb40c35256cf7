//! Paths, names and ranges: what a mailbox is, without a disk under it.

/// The longest name of a file, in bytes.
pub(super) const LIMIT_NAME_BYTES: usize = 200;
/// The longest path that is read, in bytes.
const LIMIT_PATH_BYTES: usize = 1024;

/// What a path leads to. There is nothing else: a mailbox is made of names in a table, so no path
/// leads out of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Place {
    /// `/`.
    Root,
    /// `/in`, where the partner puts files.
    In,
    /// `/out`, from where it fetches them.
    Out,
    /// A file in `/in`.
    Put(String),
    /// A file in `/out`.
    Fetch(String),
}

impl Place {
    /// Where a path leads; relative ones start at `/`, and `..` of `/` is `/`. None where there
    /// can be nothing.
    pub(super) fn of(path: &str) -> Option<Self> {
        if path.len() > LIMIT_PATH_BYTES {
            return None;
        }
        let mut parts: Vec<&str> = Vec::new();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => drop(parts.pop()),
                name => parts.push(name),
            }
        }
        match parts.as_slice() {
            [] => Some(Self::Root),
            ["in"] => Some(Self::In),
            ["out"] => Some(Self::Out),
            ["in", name] if is_name(name) => Some(Self::Put((*name).to_owned())),
            ["out", name] if is_name(name) => Some(Self::Fetch((*name).to_owned())),
            _ => None,
        }
    }

    /// The one way to write it.
    pub(super) fn path(&self) -> String {
        match self {
            Self::Root => "/".to_owned(),
            Self::In => "/in".to_owned(),
            Self::Out => "/out".to_owned(),
            Self::Put(name) => format!("/in/{name}"),
            Self::Fetch(name) => format!("/out/{name}"),
        }
    }
}

/// Whether a file may be called so: one line, no way to another folder, no way to hide.
pub(super) fn is_name(name: &str) -> bool {
    (1..=LIMIT_NAME_BYTES).contains(&name.len())
        && !matches!(name, "." | "..")
        && !name.chars().any(|it| it.is_control() || matches!(it, '/' | '\\'))
}

/// Whether a name says that its file is not whole yet: it counts once it is renamed.
pub(super) fn is_unfinished(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with('.')
        || [".tmp", ".part", ".filepart", ".partial"]
            .iter()
            .any(|end| name.ends_with(end))
}

/// Which bytes of a file were read, in whatever order.
#[derive(Debug)]
pub(super) struct Seen(Vec<(usize, usize)>);

impl Seen {
    /// Of which nothing was read yet.
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    /// Notes the bytes from one place to another, that one not included.
    pub(super) fn add(&mut self, from: usize, to: usize) {
        if from >= to {
            return;
        }
        let (mut from, mut to) = (from, to);
        self.0.retain(|&(begin, end)| {
            let apart = end < from || begin > to;
            if !apart {
                from = from.min(begin);
                to = to.max(end);
            }
            apart
        });
        self.0.push((from, to));
    }

    /// Whether a file of this length was read from its first byte to its last.
    pub(super) fn is_all(&self, length: usize) -> bool {
        length == 0 || self.0.iter().any(|&(from, to)| from == 0 && to >= length)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Place, Seen, is_name, is_unfinished};

    #[test]
    fn no_path_leads_out_of_a_mailbox() {
        for (path, place) in [
            ("", Place::Root),
            (".", Place::Root),
            ("/../../..", Place::Root),
            ("in", Place::In),
            ("/out/../in/", Place::In),
            ("//out//", Place::Out),
            ("/in/./a b.edi", Place::Put("a b.edi".to_owned())),
            ("../../out/x", Place::Fetch("x".to_owned())),
        ] {
            assert_eq!(Place::of(path), Some(place), "{path}");
        }
        let long = format!("/in/{}", "a".repeat(201));
        for path in
            ["/etc", "/etc/passwd", "/in/a/b", "/in/a\\b", "/in/a\nb", "/in/a\0", &long]
        {
            assert_eq!(Place::of(path), None, "{path:?}");
        }
    }

    #[test]
    fn a_file_counts_once_its_name_is_whole() {
        for name in ["a.tmp", "a.edi.PART", "a.filepart", ".a.edi"] {
            assert!(is_unfinished(name), "{name}");
        }
        for name in ["a.edi", "part", "tmp.x12", "a.part.edi"] {
            assert!(!is_unfinished(name), "{name}");
        }
    }

    proptest! {
        #[test]
        fn property_a_place_is_what_its_path_leads_to(path in "[a-z./\\\\ ]{0,40}") {
            if let Some(place) = Place::of(&path) {
                prop_assert_eq!(Place::of(&place.path()), Some(place.clone()));
                if let Place::Put(name) | Place::Fetch(name) = place {
                    prop_assert!(is_name(&name));
                }
            }
        }

        #[test]
        fn property_all_is_seen_only_once_each_byte_is(reads in prop::collection::vec((0..40_usize, 0..12_usize), 0..20)) {
            let (mut seen, mut bytes) = (Seen::new(), [false; 52]);
            for (from, length) in reads {
                seen.add(from, from + length);
                bytes[from..from + length].fill(true);
            }
            for length in 1..52 {
                prop_assert_eq!(seen.is_all(length), bytes[..length].iter().all(|it| *it));
            }
        }
    }
}
