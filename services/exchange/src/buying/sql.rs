//! Whom one's organisation may send orders to.

use kernel::{Fault, Id, Organisation};
use serde::Serialize;
use store::{Conn, statements};
use utoipa::ToSchema;

statements! {
    /// The partners that an organisation trades with by AS2, over a mailbox or by mail.
    PARTNERS = "
        select name, identifier from as2_partner where organisation_id = $1 and closed_at is null
        union
        select name, identifier from sftp_mailbox where organisation_id = $1 and closed_at is null
        union
        select name, identifier from mail_partner where organisation_id = $1 and closed_at is null
        order by name, identifier";
}

/// A partner that an order may go to.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, sqlx::FromRow, ToSchema)]
pub struct OrderPartner {
    /// Its name, as it was set up.
    pub name: String,
    /// Its qualifier and id, such as `ZZ:ACME`.
    pub identifier: String,
}

pub(super) async fn partners(
    conn: &mut Conn,
    organisation: Id<Organisation>,
) -> Result<Vec<OrderPartner>, Fault> {
    conn.run(PARTNERS).bind(organisation).all().await
}
