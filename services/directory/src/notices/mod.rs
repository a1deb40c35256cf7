//! Notifications: one row a person, kept until read; those of a kind fold into one.
//!
//! A notice that came with a part in a space shows only while that part is live, or still
//! waits for an answer: the view `live_notification` sees to that.

mod access;
mod http;
mod sql;

use gate::{Permit, Role};
use kernel::{Fault, Id, Moment, Organisation, Party, Person};
use serde_json::Value;
use store::{Conn, Hint, Tx};

pub use access::{ReadNotices, SeeNotices};
pub use http::routes;
pub use sql::ALL as STATEMENTS;

pub(crate) use http::NoticeView;
pub(crate) use sql::Row;

use crate::{people, push};

/// Something that a person should know.
#[derive(Clone, Debug)]
pub struct Notice<'n> {
    /// What kind, such as `partnership_proposed`.
    pub kind: &'n str,
    /// What its sentence is made of: an object of texts.
    pub params: Value,
    /// What it is about: a kind and an id.
    pub subject: Option<(&'n str, String)>,
    /// The part in a space without which it may not be read.
    pub party: Option<Id<Party>>,
    /// An unread notice with the same word here is replaced by this one.
    pub fold: Option<&'n str>,
}

/// Tells one person.
///
/// # Errors
/// Only ours.
pub async fn person(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    person: Id<Person>,
    notice: &Notice<'_>,
    at: Moment,
) -> Result<(), Fault> {
    sql::insert(tx, organisation, person, notice, at).await?;
    push::plan(tx, person, at).await?;
    tx.hint(Hint::Person { person, organisation, kind: "notification".to_owned() });
    Ok(())
}

/// Tells everybody of an organisation whose role is allowed.
///
/// # Errors
/// Only ours.
pub async fn all_who(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    allowed: fn(Role) -> bool,
    notice: &Notice<'_>,
    at: Moment,
) -> Result<(), Fault> {
    for who in people::with_action(tx, organisation, allowed).await? {
        person(tx, organisation, who, notice, at).await?;
    }
    Ok(())
}

/// How many notices somebody has not read.
///
/// # Errors
/// Only ours.
pub async fn unread(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    person: Id<Person>,
) -> Result<i64, Fault> {
    sql::unread(conn, organisation, person).await
}

/// Which notices to mark as read.
#[derive(Clone, Debug)]
pub enum Which {
    /// Every one.
    All,
    /// These.
    These(Vec<Id<kernel::Notification>>),
}

/// Marks notices of the caller's own as read; tells how many are left.
///
/// # Errors
/// Only ours.
pub async fn read(
    tx: &mut Tx,
    permit: &Permit<ReadNotices>,
    which: &Which,
    at: Moment,
) -> Result<i64, Fault> {
    let scope = permit.scope();
    let Some(person) = scope.actor() else { return Ok(0) };
    match which {
        Which::All => sql::read_all(tx, scope.organisation(), person, at).await?,
        Which::These(ids) => {
            for id in ids {
                sql::read_one(tx, scope.organisation(), person, *id, at).await?;
            }
        }
    }
    let organisation = scope.organisation();
    tx.hint(Hint::Person { person, organisation, kind: "notification".to_owned() });
    sql::unread(tx, organisation, person).await
}
