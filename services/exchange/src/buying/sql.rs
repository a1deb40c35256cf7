//! Whom one's organisation may send orders to.

use kernel::{Fault, Id, Organisation};
use serde::Serialize;
use store::{Conn, statements};
use utoipa::ToSchema;

statements! {
    /// The partners that an organisation trades with by AS2, over a mailbox or by mail, once for
    /// each of their EDI names.
    PARTNERS = "
        select p.name as name, n.identifier as identifier
        from edi_name n
        join as2_partner p on p.id = n.partner_id and p.organisation_id = $1
        where n.organisation_id = $1
        union
        select p.name as name, n.identifier as identifier
        from edi_name n
        join sftp_mailbox p on p.id = n.partner_id and p.organisation_id = $1
        where n.organisation_id = $1
        union
        select p.name as name, n.identifier as identifier
        from edi_name n
        join mail_partner p on p.id = n.partner_id and p.organisation_id = $1
        where n.organisation_id = $1
        order by name, identifier";
}

/// A partner that an order may go to.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, sqlx::FromRow, ToSchema)]
pub struct OrderPartner {
    /// Its name, as it was set up.
    pub name: String,
    /// One of its names in EDI: qualifier and id, such as `ZZ:ACME`.
    pub identifier: String,
}

pub(super) async fn partners(
    conn: &mut Conn,
    organisation: Id<Organisation>,
) -> Result<Vec<OrderPartner>, Fault> {
    conn.run(PARTNERS).bind(organisation).all().await
}
