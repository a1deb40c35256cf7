//! What the exchange asks of what is agreed with a partner.

use kernel::{Fault, Id, Organisation};
use store::Conn;

use super::{Partner, sql};
use crate::{mailing, sftp};

/// Within how many hours a receiver of an organisation's documents is to acknowledge them, if
/// it is a partner of its station, of a mailbox or by mail, and agreed to.
pub(crate) async fn acknowledges_within(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    receiver: &str,
) -> Result<Option<u16>, Fault> {
    let row = sql::partner_of(conn, organisation, receiver).await?;
    let Some(row) = row.filter(|row| !row.url.is_empty()) else {
        if sftp::trades(conn, organisation, receiver).await? {
            return sftp::acknowledges_within(conn, organisation, receiver).await;
        }
        return mailing::acknowledges_within(conn, organisation, receiver).await;
    };
    Ok(Partner::try_from(row)?.terms.acknowledge_hours)
}

/// Whether our EDIFACT documents ask a receiver for a CONTRL.
pub(crate) async fn asks_receipt(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    receiver: &str,
) -> Result<bool, Fault> {
    let row = sql::partner_of(conn, organisation, receiver).await?;
    let row = row.filter(|row| !row.url.is_empty());
    Ok(match row {
        Some(row) => Partner::try_from(row)?.terms.ask_contrl,
        None => false,
    })
}
