//! Work that is done again only when what it reads has changed.

use std::{
    collections::hash_map::DefaultHasher,
    fs,
    hash::{Hash, Hasher},
    path::Path,
};

use crate::{
    failure::{Failure, While},
    house,
};

/// Runs `work` unless its last success read the very same `content`.
///
/// # Errors
/// Those of `work`, and a stamp that cannot be written.
pub(crate) fn unless_done(
    name: &str,
    content: u64,
    is_there: bool,
    work: impl FnOnce() -> Result<(), Failure>,
) -> Result<(), Failure> {
    let folder = house::tools().join("stamps");
    let stamp = folder.join(name);
    let told = format!("{content:016x}\n");
    if is_there && fs::read_to_string(&stamp).is_ok_and(|before| before == told) {
        println!("{name}: nothing changed");
        return Ok(());
    }
    work()?;
    fs::create_dir_all(&folder).while_doing(folder.display())?;
    fs::write(&stamp, told).while_doing(stamp.display())
}

/// A number that changes with any file under `top`, folders named in `except` left out.
///
/// It tells names and bytes, never times: a fresh checkout of the same files has the same
/// number.
///
/// # Errors
/// A file that cannot be read.
pub(crate) fn digest(top: &Path, except: &[&str]) -> Result<u64, Failure> {
    let mut hasher = DefaultHasher::new();
    add(top, top, except, &mut hasher)?;
    Ok(hasher.finish())
}

fn add(
    top: &Path,
    place: &Path,
    except: &[&str],
    hasher: &mut DefaultHasher,
) -> Result<(), Failure> {
    if place.is_dir() {
        let mut names = Vec::new();
        for entry in fs::read_dir(place).while_doing(place.display())? {
            names.push(entry.while_doing(place.display())?.file_name());
        }
        names.sort();
        for name in names {
            if !except.iter().any(|left_out| name == *left_out) {
                add(top, &place.join(name), except, hasher)?;
            }
        }
    } else if place.is_file() {
        place.strip_prefix(top).unwrap_or(place).hash(hasher);
        fs::read(place).while_doing(place.display())?.hash(hasher);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{env, process};

    use super::*;

    #[test]
    fn a_digest_tells_content_and_names_but_not_what_is_left_out() {
        let top = env::temp_dir().join(format!("entente-stamp-{}", process::id()));
        fs::create_dir_all(top.join("src")).unwrap();
        fs::create_dir_all(top.join("dist")).unwrap();
        fs::write(top.join("src/a.ts"), "one").unwrap();
        let first = digest(&top, &["dist"]).unwrap();

        fs::write(top.join("dist/a.js"), "built").unwrap();
        let built = digest(&top, &["dist"]).unwrap();
        fs::write(top.join("src/a.ts"), "two").unwrap();
        let edited = digest(&top, &["dist"]).unwrap();
        fs::remove_dir_all(&top).unwrap();

        assert_eq!(first, built);
        assert_ne!(first, edited);
    }
}
