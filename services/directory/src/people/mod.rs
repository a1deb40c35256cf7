//! People, and their places in organisations. A person acts for one organisation at a time,
//! as what the membership there says; an organisation always has an owner.

mod access;
mod http;
mod rules;
mod sql;

use gate::{Password, Permit, Problem, ProblemKind, Role};
use kernel::{Fault, Id, Membership, Moment, Organisation, Person};
use serde_json::json;
use store::{Conn, Hint, Tx};

pub use access::{RunPeople, SeePeople};
pub use http::{MemberView, routes};
pub use rules::{Change, MemberState, Refusal as RuleRefusal, Standing};
pub use sql::{ALL as STATEMENTS, Reader};

use crate::{
    Email, Locale,
    audit::{self, Entry},
    words,
};

/// Why something about a person stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such membership in the organisation.
    #[error("nobody of that id is here")]
    NotFound,
    /// The name is empty, too long, or breaks the line.
    #[error("a name has 1 to 200 characters, on one line")]
    Name,
    /// The address has a person.
    #[error("there is a person with this address already")]
    EmailTaken,
    /// The person is a member.
    #[error("this person is a member already")]
    AlreadyMember,
    /// The rules of memberships do not allow it.
    #[error(transparent)]
    Rule(#[from] rules::Refusal),
    /// Somebody was faster.
    #[error("it has changed since you read it")]
    Stale {
        /// Its revision now.
        revision: i64,
    },
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

pub(crate) const LIMIT_NAME: usize = 200;

/// Makes a person.
///
/// Hashing takes a while: where the database must not wait, hash first and call
/// [`create_hashed`].
///
/// # Errors
/// [`Refusal::Name`], [`Refusal::EmailTaken`], and ours.
pub async fn create(
    tx: &mut Tx,
    email: &Email,
    name: &str,
    password: &Password,
    locale: Locale,
    at: Moment,
) -> Result<Id<Person>, Refusal> {
    let hash = password.hash().await?;
    create_hashed(tx, email, name, &hash, locale, at).await
}

/// Makes a person whose password has been hashed.
///
/// # Errors
/// [`Refusal::Name`], [`Refusal::EmailTaken`], and ours.
pub async fn create_hashed(
    tx: &mut Tx,
    email: &Email,
    name: &str,
    hash: &str,
    locale: Locale,
    at: Moment,
) -> Result<Id<Person>, Refusal> {
    let name = words::line(name, LIMIT_NAME).ok_or(Refusal::Name)?;
    let id = Id::mint();
    let made = sql::insert_person(tx, id, email, &name, hash, locale, at).await?;
    made.then_some(id).ok_or(Refusal::EmailTaken)
}

/// Gives a person another password, and ends their sessions; false if nobody has the address.
///
/// # Errors
/// Only ours.
pub async fn set_password(
    tx: &mut Tx,
    email: &Email,
    password: &Password,
    at: Moment,
) -> Result<bool, Fault> {
    let Some((person, _)) = sql::by_email(tx, email.as_str()).await? else {
        return Ok(false);
    };
    sql::set_password(tx, person, &password.hash().await?).await?;
    for session in sql::end_every_session(tx, person, at).await? {
        tx.hint(Hint::SessionOver { session });
    }
    Ok(true)
}

/// Takes a person into an organisation.
///
/// # Errors
/// [`Refusal::AlreadyMember`], and ours.
pub async fn join(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    person: Id<Person>,
    role: Role,
    at: Moment,
) -> Result<Id<Membership>, Refusal> {
    let id = Id::mint();
    if !sql::join(tx, id, organisation, person, role, at).await? {
        return Err(Refusal::AlreadyMember);
    }
    let entry = Entry {
        organisation,
        person: Some(person),
        action: "membership.join",
        subject_kind: "membership",
        subject_id: id.to_string(),
        detail: json!({ "role": role }),
    };
    audit::write(tx, &entry, at).await?;
    Ok(id)
}

/// The person with an address, and the hash of their password.
///
/// # Errors
/// Only ours.
pub(crate) async fn by_email(
    conn: &mut Conn,
    email: &Email,
) -> Result<Option<(Id<Person>, String)>, Fault> {
    sql::by_email(conn, email.as_str()).await
}

/// What a person is called.
///
/// # Errors
/// Only ours.
pub async fn name_of(
    conn: &mut Conn,
    person: Id<Person>,
) -> Result<Option<String>, Fault> {
    sql::name_of(conn, person).await
}

/// The active members of an organisation, and what each is.
///
/// # Errors
/// Only ours.
pub async fn members(
    conn: &mut Conn,
    organisation: Id<Organisation>,
) -> Result<Vec<(Id<Person>, Role)>, Fault> {
    sql::members(conn, organisation).await
}

/// The active members whose role is allowed.
///
/// # Errors
/// Only ours.
pub async fn with_action(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    allowed: fn(Role) -> bool,
) -> Result<Vec<Id<Person>>, Fault> {
    let members = sql::members(conn, organisation).await?;
    let able = members.into_iter().filter(|(_, role)| allowed(*role));
    Ok(able.map(|(person, _)| person).collect())
}

/// The active members whose role is allowed, with what is needed to write to them.
///
/// # Errors
/// Only ours.
pub async fn readers(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    allowed: fn(Role) -> bool,
) -> Result<Vec<Reader>, Fault> {
    let mut readers = sql::readers(conn, organisation).await?;
    readers.retain(|reader| allowed(reader.role));
    Ok(readers)
}

/// Whether an address is that of a colleague.
///
/// # Errors
/// Only ours.
pub(crate) async fn has_email(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    email: &Email,
) -> Result<bool, Fault> {
    sql::has_email(conn, organisation, email).await
}

/// Changes the role or the state of a colleague. Their rights are read again everywhere
/// before this returns from the commit; who has left is signed out for good.
///
/// # Errors
/// [`Refusal`], with nothing changed.
pub async fn change(
    tx: &mut Tx,
    permit: &Permit<RunPeople>,
    membership: Id<Membership>,
    change: Change,
    revision: Option<i64>,
    at: Moment,
) -> Result<MemberView, Refusal> {
    let organisation = permit.scope().organisation();
    sql::hold(tx, organisation).await?;
    let found = sql::one(tx, organisation, membership).await?;
    let row = found.ok_or(Refusal::NotFound)?;
    let revision = revision.unwrap_or(row.revision);
    if row.revision != revision {
        return Err(Refusal::Stale { revision: row.revision });
    }
    let owners = sql::owners(tx, organisation).await?;
    let by = permit.caller().map(|caller| caller.role);
    let before = Standing { role: row.role, state: row.state };
    let next = before.change(change, by, owners)?;
    if !sql::update(tx, organisation, membership, next, revision).await? {
        return Err(Refusal::Stale { revision: row.revision + 1 });
    }
    if next.state == MemberState::Ended {
        sql::end_access(tx, organisation, row.person_id, at).await?;
    }
    let entry = Entry {
        organisation,
        person: permit.scope().actor(),
        action: if next.state == MemberState::Ended {
            "membership.end"
        } else {
            "membership.edit"
        },
        subject_kind: "membership",
        subject_id: membership.to_string(),
        detail: json!({
            "role": { "from": before.role, "to": next.role },
            "state": { "from": before.state, "to": next.state },
        }),
    };
    audit::write(tx, &entry, at).await?;
    tx.hint(Hint::Rights { person: row.person_id, organisation });
    let row =
        sql::Row { role: next.role, state: next.state, revision: revision + 1, ..row };
    Ok(MemberView::from(row))
}

const ALREADY_MEMBER: ProblemKind = ProblemKind {
    slug: "already-member",
    status: 409,
    title: "This person is a member already",
};
const EMAIL_TAKEN: ProblemKind = ProblemKind {
    slug: "email-taken",
    status: 409,
    title: "There is a person with this address already",
};
const LAST_OWNER: ProblemKind = ProblemKind {
    slug: "last-owner",
    status: 409,
    title: "An organisation always has an owner",
};
const ENDED: ProblemKind =
    ProblemKind { slug: "membership-ended", status: 409, title: "It has ended" };

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NotFound => Self::not_found(),
            Refusal::Name => Self::refused("name", detail),
            Refusal::EmailTaken => Self::new(&EMAIL_TAKEN, detail),
            Refusal::AlreadyMember => Self::new(&ALREADY_MEMBER, detail),
            Refusal::Rule(rules::Refusal::LastOwner) => Self::new(&LAST_OWNER, detail),
            Refusal::Rule(rules::Refusal::NotOwner) => {
                Self::new(&gate::FORBIDDEN, detail)
            }
            Refusal::Rule(rules::Refusal::Ended) => Self::new(&ENDED, detail),
            Refusal::Stale { revision } => Self::stale(revision),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}
