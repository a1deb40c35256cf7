//! Mailing: partners with which an organisation trades by e-mail, one interchange an attachment.
//!
//! Each partner has an address of ours that nobody can guess (`rules.rs`), and stands for one EDI
//! name. The crate `mail` keeps what comes there, finds out who sent it, and calls [`take`] for
//! what hangs on it: each file that is an interchange is kept, judged like any other, and counts
//! once, however often it comes. A mail that its sender does not prove, or that somebody else
//! sent, waits until a person decides (`held.rs`); what is no interchange is told of. What goes out
//! (`carry`) is a file that waits for its letter; how that ends, `mail` tells ([`told`]).

mod going;
mod held;
mod http;
mod partners;
mod rules;
mod sql;
mod take;
mod view;

use gate::{CONFLICT, Problem};
use kernel::{Fault, Id, MailPartner, Moment, Organisation};
use serde_json::json;
use sharing::notify;
use store::{Conn, Tx};

pub use going::{Errand, Outgoing, SEND, Told, came_back, lettered, outgoing, told};
pub use http::routes;
pub use rules::{is_interchange, local};
pub use take::{Coming, Enclosed, Proof, Took, door, is_full, judge_soon, keep, take};
pub use view::{MailFileView, MailPartnerView};

pub(crate) use going::carry;

use crate::stations::warnings::keeps;

/// The statements of this feature.
pub const STATEMENTS: &[store::Statement] = sql::ALL;

/// Why something of a partner by mail was refused.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such partner, or file.
    #[error("there is no such thing here")]
    NotFound,
    /// Nothing is to be decided about the file.
    #[error("this file does not wait for anybody: it is {0}")]
    Settled(String),
    /// A value makes no sense.
    #[error("{why}")]
    Value {
        /// Which field.
        field: &'static str,
        /// Why, and the way out.
        why: String,
    },
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NotFound => Self::not_found(),
            Refusal::Settled(_) => Self::new(&CONFLICT, detail),
            Refusal::Value { field, .. } => Self::refused(field, detail),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}

/// A partner and the organisation that trades with it.
type Whose = (Id<Organisation>, Id<MailPartner>);

/// What a person of an organisation needs to do to test a partner's address.
#[derive(Clone, Debug)]
pub struct Reach {
    /// Whose partner.
    pub organisation: Id<Organisation>,
    /// The part before the `@` of the address of ours.
    pub local: String,
    /// The partner's address.
    pub address: String,
    /// When a mail of the partner was taken last.
    pub seen_at: Option<Moment>,
}

/// How a partner is reached, for its organisation.
///
/// # Errors
/// Only ours.
pub async fn reach(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    partner: Id<MailPartner>,
) -> Result<Option<Reach>, Fault> {
    let row = sql::one(conn, (organisation, partner)).await?;
    Ok(row.map(|row| Reach {
        organisation,
        local: row.local,
        address: row.address,
        seen_at: row.seen_at,
    }))
}

/// Within how many hours such a partner acknowledges documents, if it agreed to.
pub(crate) async fn acknowledges_within(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    receiver: &str,
) -> Result<Option<u16>, Fault> {
    let row = sql::of(conn, organisation, receiver).await?;
    let hours = row.and_then(|row| row.acknowledge_hours);
    Ok(hours.and_then(|hours| u16::try_from(hours).ok()))
}

/// Tells those who keep the ways to partners.
async fn tell(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    (kind, partner, why): (&'static str, &str, &str),
    now: Moment,
) -> Result<(), Fault> {
    let params = json!({ "partner": partner, "why": why });
    let subject = Some(("station", organisation.to_string()));
    let notice = notify::Notice { kind, params, subject, party: None, fold: None };
    notify::all_who(tx, organisation, keeps, &notice, now).await
}
