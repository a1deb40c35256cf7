//! Which names a partner may have, and which of them a dialect can write. Pure.

use directory::organisations::{Identifier, Scheme};
use trade::edi::Dialect;

/// The most names of a partner.
const LIMIT: usize = 20;

/// The names of a partner, its first before the further ones.
///
/// # Errors
/// In plain words, with the field, what is wrong with one.
pub(super) fn checked(
    first: &str,
    further: &[String],
) -> Result<Vec<String>, (&'static str, String)> {
    if !(1..=40).contains(&first.len()) || !first.contains(':') {
        let why = "write the qualifier and id, such as `ZZ:ACME`, or `14:` and a GLN";
        return Err(("identifier", why.to_owned()));
    }
    let mut all = vec![first.to_owned()];
    for name in further.iter().map(|it| it.trim()).filter(|it| !it.is_empty()) {
        let fits = [Dialect::X12, Dialect::Edifact].map(|it| rank(it, name));
        if fits == [None, None] {
            let why = format!(
                "`{name}` is no EDI id; write the qualifier and id, such as `ZZ:ACME` in X12, \
                 `ZZZ:ACME` in EDIFACT, or `14:` and a GLN"
            );
            return Err(("further", why));
        }
        if !all.iter().any(|it| it == name) {
            all.push(name.to_owned());
        }
    }
    if all.len() > LIMIT {
        return Err(("further", format!("a partner has at most {LIMIT} EDI ids")));
    }
    Ok(all)
}

/// How well a dialect can write a name: 0 if it is meant for it, 1 if its qualifier may mean
/// something in either, none if it cannot.
///
/// Source: X12 I05 (two characters, `ZZ` is agreed) and I06 (at most 15); EDIFACT 0007 (at most
/// four, `ZZZ` is agreed, `14` is a GLN) and 0004 (at most 35).
fn rank(dialect: Dialect, name: &str) -> Option<u8> {
    let (qualifier, id) = name.split_once(':')?;
    let plain = |it: &str| it.bytes().all(|it| it.is_ascii_graphic()) && !it.is_empty();
    let quiet = |it: &str| !it.contains(['*', '~', '+', ':', '\'', '?', '>']);
    if !plain(qualifier) || !plain(id) || !quiet(id) || !quiet(qualifier) {
        return None;
    }
    let is_gln = qualifier == "14" && Identifier::new(Scheme::Gln, id).is_ok();
    let short = qualifier.len() == 2;
    let ours = qualifier == "ZZ" || qualifier.starts_with('0');
    match dialect {
        Dialect::X12 if is_gln || !short || id.len() > 15 => None,
        Dialect::X12 => Some(u8::from(!ours)),
        Dialect::Edifact if qualifier == "ZZ" => None,
        Dialect::Edifact if qualifier.len() > 4 || id.len() > 35 => None,
        Dialect::Edifact => Some(u8::from(short && !is_gln)),
    }
}

/// The name that fits a dialect best; among equals the one that was asked for, then the first.
pub(super) fn fitting<'n>(
    dialect: Dialect,
    asked: &'n str,
    names: &'n [String],
) -> Option<&'n str> {
    let all = std::iter::once(asked).chain(names.iter().map(String::as_str));
    let ranked = all.filter_map(|it| Some((rank(dialect, it)?, it)));
    ranked.min_by_key(|(rank, _)| *rank).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use trade::edi::Dialect::{Edifact, X12};

    use super::{checked, fitting};

    fn names(all: &[&str]) -> Vec<String> {
        all.iter().map(|it| (*it).to_owned()).collect()
    }

    #[test]
    fn a_dialect_takes_the_name_that_is_meant_for_it() {
        let all = names(&["ZZ:ACME", "14:4006381333931", "ZZZ:ACME"]);
        for (dialect, asked, told) in [
            (X12, "ZZ:ACME", Some("ZZ:ACME")),
            (X12, "14:4006381333931", Some("ZZ:ACME")),
            (Edifact, "ZZ:ACME", Some("14:4006381333931")),
            (Edifact, "ZZZ:ACME", Some("ZZZ:ACME")),
        ] {
            assert_eq!(fitting(dialect, asked, &all), told, "{dialect:?} {asked}");
        }
        // A DUNS number is written in both, a GLN that is no X12 qualifier only where it means one.
        let both = names(&["01:123456789", "14:4006381333931"]);
        assert_eq!(fitting(Edifact, "01:123456789", &both), Some("14:4006381333931"));
        assert_eq!(fitting(X12, "14:4006381333931", &both), Some("01:123456789"));
        assert_eq!(fitting(Edifact, "ZZ:ACME", &names(&["ZZ:ACME"])), None);
        assert_eq!(fitting(X12, "ZZZ:ACME", &names(&["ZZZ:ACME"])), None);
        assert_eq!(fitting(X12, "14:12", &names(&["14:12"])), Some("14:12"), "no GLN");
    }

    #[test]
    fn a_partner_has_each_of_its_names_once() {
        let further =
            names(&[" ZZZ:ACME ", "", "ZZ:ACME", "ZZZ:ACME", "14:4006381333931"]);
        let all = checked("ZZ:ACME", &further).unwrap();
        assert_eq!(all, names(&["ZZ:ACME", "ZZZ:ACME", "14:4006381333931"]));
        assert_eq!(checked("ACME", &[]).unwrap_err().0, "identifier");
        for bad in ["ACME", ":ACME", "ZZ:", "ZZ:A B", "ZZ:A*B", "QUALI:ACME", "ZZ:A:B"] {
            let (field, why) = checked("ZZ:ACME", &names(&[bad])).unwrap_err();
            assert_eq!(field, "further");
            assert!(why.contains(&format!("`{bad}`")), "{why}");
        }
        let many: Vec<_> = (0..20).map(|it| format!("ZZ:A{it}")).collect();
        assert_eq!(checked("ZZ:ACME", &many).unwrap_err().0, "further");
    }
}
