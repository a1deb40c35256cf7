//! Who the caller is, and what they may do.

mod access;
mod http;
mod sql;

pub use access::{EditMe, SeeMe};
pub use http::{MeView, routes};
pub use sql::ALL as STATEMENTS;

use gate::Scope;
use kernel::Fault;
use store::Conn;

use crate::Locale;

/// The language in which the acting person reads; the first one where nobody acts.
///
/// # Errors
/// If the database fails.
pub async fn locale(conn: &mut Conn, scope: Scope) -> Result<Locale, Fault> {
    let Some(person) = scope.actor() else { return Ok(Locale::default()) };
    Ok(sql::locale(conn, person).await?.unwrap_or_default())
}
