//! Organisations: the tenants. Each owns one mail domain, and identifiers by which papers
//! are addressed to it.

mod access;
mod http;
mod rules;
mod sql;

use gate::{Permit, Problem, ProblemKind};
use kernel::{Fault, Id, Moment, Organisation};
use serde_json::json;
use store::{Conn, Tx};

pub use access::{EditOrganisation, SeeOrganisation};
pub use http::{OrganisationView, routes};
pub use rules::{Identifier, IdentifierError, Scheme};
pub use sql::ALL as STATEMENTS;

use crate::{
    Domain,
    audit::{self, Entry},
    words,
};

/// Why an organisation stays as it is, or does not come to be.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The name is empty, too long, or breaks the line.
    #[error("a name has 1 to 200 characters, on one line")]
    Name,
    /// An identifier has the wrong form.
    #[error(transparent)]
    Identifier(#[from] IdentifierError),
    /// There are too many.
    #[error("an organisation has at most 50 identifiers")]
    TooMany,
    /// An identifier belongs to somebody; to whom is not told.
    #[error("this value cannot be used")]
    Unusable,
    /// The domain belongs to an organisation of this hub.
    #[error("an organisation of this domain is here already")]
    DomainTaken,
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

/// What is to be another than before.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// Its name.
    pub name: Option<String>,
    /// All its identifiers.
    pub identifiers: Option<Vec<Identifier>>,
}

const LIMIT_NAME: usize = 200;
const LIMIT_IDENTIFIERS: usize = 50;

/// Makes an organisation. Proposals that wait for its domain are addressed to it from now on,
/// if the domain is proven.
///
/// # Errors
/// [`Refusal::Name`], [`Refusal::DomainTaken`], and ours.
pub async fn create(
    tx: &mut Tx,
    name: &str,
    domain: &Domain,
    verified: bool,
    at: Moment,
) -> Result<Id<Organisation>, Refusal> {
    let name = words::line(name, LIMIT_NAME).ok_or(Refusal::Name)?;
    let id = Id::mint();
    if !sql::insert(tx, id, &name, domain.as_str(), verified, at).await? {
        return Err(Refusal::DomainTaken);
    }
    let entry = Entry {
        organisation: id,
        person: None,
        action: "organisation.create",
        subject_kind: "organisation",
        subject_id: id.to_string(),
        detail: json!({ "domain_verified": verified }),
    };
    audit::write(tx, &entry, at).await?;
    if verified {
        crate::partnerships::address(tx, domain, id, at).await?;
    }
    Ok(id)
}

/// Gives an organisation's own record as it stands.
///
/// # Errors
/// Only ours.
pub async fn view(
    conn: &mut Conn,
    organisation: Id<Organisation>,
) -> Result<OrganisationView, Fault> {
    let row = sql::one(conn, organisation).await?;
    let identifiers = sql::identifiers(conn, organisation).await?;
    Ok(OrganisationView::new(row, identifiers))
}

/// Changes the acting organisation.
///
/// # Errors
/// [`Refusal`], with nothing changed.
pub async fn edit(
    tx: &mut Tx,
    permit: &Permit<EditOrganisation>,
    change: Change,
    revision: i64,
    at: Moment,
) -> Result<OrganisationView, Refusal> {
    let organisation = permit.scope().organisation();
    let named = change.name.is_some();
    let name = match change.name {
        Some(name) => Some(words::line(&name, LIMIT_NAME).ok_or(Refusal::Name)?),
        None => None,
    };
    if !sql::update(tx, organisation, name, revision).await? {
        let now = sql::one(tx, organisation).await?;
        return Err(Refusal::Stale { revision: now.revision });
    }
    let count = change.identifiers.as_ref().map(Vec::len);
    if let Some(identifiers) = change.identifiers {
        if identifiers.len() > LIMIT_IDENTIFIERS {
            return Err(Refusal::TooMany);
        }
        identify(tx, organisation, &identifiers).await?;
    }
    let entry = Entry {
        organisation,
        person: permit.scope().actor(),
        action: "organisation.edit",
        subject_kind: "organisation",
        subject_id: organisation.to_string(),
        detail: json!({ "name": named, "identifiers": count }),
    };
    audit::write(tx, &entry, at).await?;
    Ok(view(tx, organisation).await?)
}

/// Sets all identifiers of an organisation.
///
/// # Errors
/// [`Refusal::Unusable`], if one belongs to another organisation.
pub async fn identify(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    identifiers: &[Identifier],
) -> Result<(), Refusal> {
    sql::clear_identifiers(tx, organisation).await?;
    let mut sorted = identifiers.to_vec();
    sorted.sort();
    sorted.dedup();
    for it in &sorted {
        if !sql::add_identifier(tx, organisation, it.scheme().word(), it.value()).await? {
            return Err(Refusal::Unusable);
        }
    }
    Ok(())
}

/// Every organisation of the hub with its name and domain, by name: for its operator.
///
/// # Errors
/// Only ours.
pub async fn all(
    conn: &mut Conn,
) -> Result<Vec<(Id<Organisation>, String, String)>, Fault> {
    sql::all(conn).await
}

/// What an organisation is called.
///
/// # Errors
/// Only ours.
pub async fn name_of(
    conn: &mut Conn,
    organisation: Id<Organisation>,
) -> Result<Option<String>, Fault> {
    sql::name_of(conn, organisation).await
}

/// The organisation that owns a domain, in lower case.
///
/// # Errors
/// Only ours.
pub async fn by_domain(
    conn: &mut Conn,
    domain: &str,
) -> Result<Option<Id<Organisation>>, Fault> {
    sql::by_domain(conn, domain).await
}

/// The organisation that has an identifier, such as `isa` and `ZZ:ACME`.
///
/// # Errors
/// Only ours.
pub async fn by_identifier(
    conn: &mut Conn,
    scheme: &str,
    value: &str,
) -> Result<Option<Id<Organisation>>, Fault> {
    sql::by_identifier(conn, scheme, value).await
}

/// An organisation's identifiers: scheme and value.
///
/// # Errors
/// Only ours.
pub async fn identifiers(
    conn: &mut Conn,
    organisation: Id<Organisation>,
) -> Result<Vec<(String, String)>, Fault> {
    sql::identifiers(conn, organisation).await
}

const DOMAIN_TAKEN: ProblemKind = ProblemKind {
    slug: "domain-taken",
    status: 409,
    title: "An organisation of this domain is here already",
};

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::Name => Self::refused("name", detail),
            Refusal::Identifier(_) | Refusal::TooMany | Refusal::Unusable => {
                Self::refused("identifiers", detail)
            }
            Refusal::DomainTaken => Self::new(&DOMAIN_TAKEN, detail),
            Refusal::Stale { revision } => Self::stale(revision),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}
