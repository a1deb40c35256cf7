//! What people see of mailboxes.

use gate::House;
use kernel::{Fault, Id, Interchange, Moment, SftpFile, SftpMailbox};
use russh::keys::PublicKey;
use serde::Serialize;
use store::Conn;
use utoipa::ToSchema;

use super::{Mailbox, SftpSide, keys, sql};

/// A mailbox.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SftpMailboxView {
    /// Which; where we serve it, the partner signs in under this name.
    pub id: Id<SftpMailbox>,
    /// What the partner is called.
    pub name: String,
    /// Its qualifier and id, such as `ZZ:ACME`.
    pub identifier: String,
    /// Its other names in EDI, such as `14:` and a GLN.
    pub further: Vec<String>,
    /// Where the mailbox is.
    pub place: SftpSide,
    /// Whether a password lets in, too.
    pub has_password: bool,
    /// Within how many hours the partner acknowledges our documents; null where it never does.
    pub acknowledge_hours: Option<i64>,
    /// The host and port that the partner calls, where we serve it.
    pub address: String,
    /// The fingerprint of the key by which the partner knows us there; null while no node serves.
    pub host_key: Option<String>,
    /// The key by which we sign in at the partner's: a line for its `authorized_keys`.
    pub public_key: String,
    /// When the partner was here last, or we there.
    pub seen_at: Option<Moment>,
    /// What went wrong the last time that we were there.
    pub why: Option<String>,
    /// When it was changed last.
    pub updated_at: Moment,
}

/// A file.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SftpFileView {
    /// Which.
    pub id: Id<SftpFile>,
    /// The partner's name.
    pub mailbox: String,
    /// `in` or `out`.
    pub direction: String,
    /// Its name.
    pub name: String,
    /// Its length.
    pub bytes: i64,
    /// `taken` or `refused` (in); `waiting`, `delivered` or `failed` (out).
    pub state: String,
    /// The interchange in it.
    pub interchange: Option<Id<Interchange>>,
    /// Why it was refused, failed, or waits.
    pub why: Option<String>,
    /// When it came, or was made.
    pub at: Moment,
}

impl From<sql::ListedRow> for SftpFileView {
    fn from(row: sql::ListedRow) -> Self {
        Self {
            id: row.id,
            mailbox: row.mailbox,
            direction: row.direction,
            name: row.name,
            bytes: row.bytes,
            state: row.state,
            interchange: row.interchange_id,
            why: row.why,
            at: row.at,
        }
    }
}

/// Mailboxes, as their organisation sees them.
pub(super) async fn of(
    house: &House,
    conn: &mut Conn,
    rows: Vec<sql::MailboxRow>,
) -> Result<Vec<SftpMailboxView>, Fault> {
    let host_key = sql::host_key(conn).await?;
    let host_key = host_key
        .and_then(|(_, line)| PublicKey::from_openssh(&line).ok())
        .map(|key| keys::fingerprint(&key));
    let views = rows.into_iter().map(|row| {
        let Mailbox { id, name, identifier, further, side, row, .. } = row.try_into()?;
        Ok(SftpMailboxView {
            id,
            name,
            identifier,
            further,
            place: side,
            has_password: row.password.is_some(),
            acknowledge_hours: row.acknowledge_hours,
            address: house.settings.sftp_address.clone(),
            host_key: host_key.clone(),
            public_key: row.public_key,
            seen_at: row.seen_at,
            why: row.why,
            updated_at: row.updated_at,
        })
    });
    views.collect()
}
