//! What `.deny.toml` says of dependencies, checked also where cargo-deny is not installed.
//!
//! cargo-deny takes minutes to compile, so no task installs it. Without it, bans and sources
//! are read from `Cargo.lock` and licences from what Cargo knows of each package: less than
//! cargo-deny sees (no advisories, no licence texts), but never nothing.

use std::{collections::BTreeSet, fs};

use super::{Scene, Verdict, plain};
use crate::{
    failure::{Failure, While},
    house, process,
    tally::Tally,
};

/// Runs cargo-deny, or the little that we can do ourselves.
pub(super) fn act(_: &mut Scene) -> Result<Verdict, Failure> {
    if process::version(&mut house::cargo(&["deny", "--version"])).is_some() {
        return plain(&mut house::cargo(&[
            "deny", "check", "bans", "licenses", "sources",
        ]));
    }
    println!(
        "no cargo-deny here: bans, sources and licences by Cargo's own word, no advisories"
    );
    let rules = read(".deny.toml")?;
    let mut faults = locked(&rules, &read("Cargo.lock")?);
    let packages = process::output(&mut house::cargo(&[
        "tree",
        "--workspace",
        "--target=x86_64-unknown-linux-gnu",
        "--edges=normal,build",
        "--prefix=none",
        "--format={p}|{l}|",
    ]))?;
    faults.extend(unlicensed(&rules, &packages));
    if faults.is_empty() {
        return Ok(Verdict::Holds(Tally::default()));
    }
    let faults: Vec<_> = faults.into_iter().collect();
    Err(Failure::new(faults.join("\n")))
}

fn read(name: &str) -> Result<String, Failure> {
    fs::read_to_string(house::root().join(name)).while_doing(name)
}

/// Packages of the lock file that are banned, or come from no registry.
fn locked(rules: &str, lock: &str) -> BTreeSet<String> {
    let named =
        |name: &str| lock.lines().any(|line| line == format!("name = \"{name}\""));
    let banned = rules
        .lines()
        .filter_map(|line| line.split_once("crate = \"")?.1.split_once('"'))
        .filter(|(name, _)| named(name))
        .map(|(name, _)| format!("{name} is banned by .deny.toml, and in Cargo.lock"));
    let strange = lock
        .lines()
        .filter_map(|line| line.strip_prefix("source = \"git+"))
        .map(|source| format!("a dependency comes from a git repository: {source}"));
    banned.chain(strange).collect()
}

/// Packages with a licence that no rule allows.
fn unlicensed(rules: &str, packages: &str) -> BTreeSet<String> {
    let allowed = quoted(rules, "allow = [");
    let is_fine = |line: &&str| {
        let licence = line.split('|').nth(1).unwrap_or_default();
        let excepted =
            line.split(' ').next().is_some_and(|name| is_excepted(rules, name, licence));
        excepted || Licence::read(licence).holds_under(&allowed)
    };
    packages
        .lines()
        .filter(|line| !line.trim().is_empty() && !is_fine(line))
        .filter_map(|line| line.split_once('|'))
        .map(|(package, rest)| {
            let licence = rest.split('|').next().unwrap_or_default();
            format!("{package}: .deny.toml does not allow its licence, {licence}")
        })
        .collect()
}

/// Whether an exception names this crate with every licence of the expression.
fn is_excepted(rules: &str, name: &str, licence: &str) -> bool {
    ["crate", "name"].iter().any(|key| {
        rules
            .lines()
            .filter(|line| line.contains(&format!("{key} = \"{name}\"")))
            .any(|line| Licence::read(licence).holds_under(&quoted(line, "allow = [")))
    })
}

/// The quoted words of the first list that opens so.
fn quoted(text: &str, opening: &str) -> Vec<String> {
    let list = text.split_once(opening).and_then(|(_, rest)| rest.split_once(']'));
    let list = list.map_or("", |(list, _)| list);
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// A licence expression, cut into words.
struct Licence {
    words: Vec<String>,
}

impl Licence {
    /// Reads SPDX, and the older way with a slash for `OR`.
    fn read(text: &str) -> Self {
        let spaced = text.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
        let mut words: Vec<String> =
            spaced.split_whitespace().map(str::to_owned).collect();
        words.reverse();
        Self { words }
    }

    fn holds_under(mut self, allowed: &[String]) -> bool {
        self.any(allowed) && self.words.is_empty()
    }

    /// One of several, of which one is enough; `AND` binds closer.
    fn any(&mut self, allowed: &[String]) -> bool {
        let mut holds = self.all(allowed);
        while self.words.pop_if(|word| word == "OR").is_some() {
            holds |= self.all(allowed);
        }
        holds
    }

    fn all(&mut self, allowed: &[String]) -> bool {
        let mut holds = self.one(allowed);
        while self.words.pop_if(|word| word == "AND").is_some() {
            holds &= self.one(allowed);
        }
        holds
    }

    fn one(&mut self, allowed: &[String]) -> bool {
        let Some(mut name) = self.words.pop() else { return false };
        if name == "(" {
            let holds = self.any(allowed);
            return self.words.pop_if(|word| word == ")").is_some() && holds;
        }
        if self.words.pop_if(|word| word == "WITH").is_some() {
            name = format!("{name} WITH {}", self.words.pop().unwrap_or_default());
        }
        allowed.contains(&name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = r#"
        allow = ["Apache-2.0", "MIT"]
        exceptions = [
          { crate = "tables", allow = ["MPL-2.0"] },
        ]
        deny = [
          { crate = "openssl-sys", reason = "rustls only" },
        ]"#;

    #[test]
    fn a_package_needs_one_licence_that_is_allowed_and_every_one_that_is_joined() {
        let packages = "one v1.0.0|MIT|\ntwo v1.0.0|Zlib/MIT| (*)\nthree v1.0.0|(BSD OR MIT) AND Apache-2.0|\n\
            tables v0.1.0|MPL-2.0|\n\
            four v1.0.0|MIT AND Zlib|\nfive v1.0.0|Apache-2.0 WITH LLVM-exception|\nsix v1.0.0||\n";

        let faults: Vec<_> = unlicensed(RULES, packages).into_iter().collect();

        let named: Vec<_> =
            faults.iter().filter_map(|fault| fault.split(' ').next()).collect();
        assert_eq!(named, ["five", "four", "six"]);
    }

    #[test]
    fn a_banned_package_and_a_git_source_are_found_in_the_lock_file() {
        let lock = "name = \"openssl-sys\"\nname = \"openssl\"\nsource = \"git+ssh://elsewhere\"\n";

        assert_eq!(locked(RULES, lock).len(), 2);
        assert!(
            locked(RULES, "name = \"rustls\"\nsource = \"registry+index\"\n").is_empty()
        );
    }
}
