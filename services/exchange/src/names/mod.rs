//! By what names a partner goes in EDI: one in X12, another in EDIFACT, a GLN. What comes in is
//! its own under any of them; what goes out bears the one that fits the dialect. A partner's row
//! has its first name and the further ones; here each stands once for an organisation, by whichever
//! way its partner is reached, and is found.

mod rules;
mod sql;

use kernel::{Fault, Id, Kind, Organisation};
use store::{Conn, Tx};
use trade::edi::Dialect;

pub(crate) use sql::ALL as STATEMENTS;

/// The names of a partner, as its form has them: the first, and the further ones.
///
/// # Errors
/// In plain words, with the field, what is wrong with one.
pub(crate) fn checked(
    first: &str,
    further: &[String],
) -> Result<Vec<String>, (&'static str, String)> {
    rules::checked(first, further)
}

/// The further names as they are kept.
///
/// # Errors
/// If they cannot be written.
pub(crate) fn written(names: &[String]) -> Result<String, Fault> {
    serde_json::to_string(names.get(1..).unwrap_or_default())
        .map_err(Fault::new("writing a partner's names"))
}

/// The further names as they were kept.
///
/// # Errors
/// If they cannot be read.
pub(crate) fn further(kept: &str) -> Result<Vec<String>, Fault> {
    serde_json::from_str(kept).map_err(Fault::new("reading a partner's names"))
}

/// All names of a partner, for a person.
pub(crate) fn listed(first: &str, further: &[String]) -> String {
    let all = std::iter::once(first).chain(further.iter().map(String::as_str));
    all.collect::<Vec<_>>().join(" or ")
}

/// A name that is another partner's already, with the field that it stands in.
///
/// # Errors
/// If the database fails.
pub(crate) async fn taken<K: Kind>(
    conn: &mut Conn,
    partner: (Id<Organisation>, Id<K>),
    names: &[String],
) -> Result<Option<(&'static str, String)>, Fault> {
    for (at, name) in names.iter().enumerate() {
        if sql::is_anothers(conn, partner, name).await? {
            let field = if at == 0 { "identifier" } else { "further" };
            let why = format!("another of your partners has the EDI id {name}");
            return Ok(Some((field, why)));
        }
    }
    Ok(None)
}

/// Writes down by what names a partner is found, in place of those that it had.
///
/// # Errors
/// If the database fails, also where a name is another partner's.
pub(crate) async fn set<K: Kind>(
    tx: &mut Tx,
    partner: (Id<Organisation>, Id<K>),
    names: &[String],
) -> Result<(), Fault> {
    sql::clear(tx, partner).await?;
    for name in names {
        sql::add(tx, partner, name).await?;
    }
    Ok(())
}

/// Every name of the partner that bears this one; that one alone if nobody does.
///
/// # Errors
/// If the database fails.
pub(crate) async fn all_of(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    name: &str,
) -> Result<Vec<String>, Fault> {
    let mut all = sql::all_of(conn, organisation, name).await?;
    // What was written under this very name is looked for first.
    all.retain(|it| it != name);
    all.insert(0, name.to_owned());
    Ok(all)
}

/// By which of its names a dialect writes to a partner that bears this one; none if no name of it
/// fits. A name that is no partner's stays.
///
/// # Errors
/// If the database fails.
pub(crate) async fn fitting(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    (dialect, name): (Dialect, &str),
) -> Result<Option<String>, Fault> {
    let all = sql::all_of(conn, organisation, name).await?;
    if all.is_empty() {
        return Ok(Some(name.to_owned()));
    }
    Ok(rules::fitting(dialect, name, &all).map(str::to_owned))
}
