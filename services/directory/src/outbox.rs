//! Mails on their way out: a job each, which commits with the change it tells of.

use kernel::{Fault, Id, Job, Moment, Organisation};
use serde::{Deserialize, Serialize};
use store::{Tx, jobs};

/// The kind of job that carries a [`Mail`].
pub const KIND: &str = "mail.send";

/// A mail to one person.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Mail {
    /// To whom.
    pub to: String,
    /// One line.
    pub subject: String,
    /// As plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// In whose outbox an administrator sees it; none where it is for no organisation's eyes,
    /// as it carries a link that lets somebody in, or would tell who is on this hub.
    pub organisation: Option<Id<Organisation>>,
}

/// Sends a mail once the transaction has committed.
///
/// # Errors
/// Only ours.
pub async fn mail(tx: &mut Tx, mail: &Mail, at: Moment) -> Result<Id<Job>, Fault> {
    jobs::add(tx, KIND, mail, at).await
}
