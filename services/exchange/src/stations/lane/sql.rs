//! What is looked at in the hall.

use kernel::{Fault, Id, Interchange, Order, Organisation};
use store::{Conn, statements};

statements! {
    /// The newest interchange that came, and how many did.
    LANE_CAME = "
        select i.id, i.state, i.faults,
               (select count(*) from interchange_party h join interchange c on c.id = h.interchange_id
                where h.organisation_id = $1 and c.direction = 'in') as number
        from interchange_party p
        join interchange i on i.id = p.interchange_id
        where p.organisation_id = $1 and i.direction = 'in'
        order by i.at desc, i.id desc
        limit 1";

    /// The orders of the hall.
    LANE_ORDERS = "
        select id from trade_order where seller_id = $1 order by id";

    /// The newest message that went out.
    LANE_WENT = "
        select state, why
        from as2_message
        where organisation_id = $1 and direction = 'out'
        order by at desc, id desc
        limit 1";

    /// Where our newest paper of a kind stands.
    LANE_PAPER = "
        select state
        from interchange
        where organisation_id = $1 and direction = 'out' and kind = $2
        order by at desc, id desc
        limit 1";
}

/// The newest that came.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Came {
    pub(super) id: Id<Interchange>,
    pub(super) state: String,
    pub(super) faults: String,
    /// How many came.
    pub(super) number: i64,
}

pub(super) async fn came(
    conn: &mut Conn,
    organisation: Id<Organisation>,
) -> Result<Option<Came>, Fault> {
    conn.run(LANE_CAME).bind(organisation).optional().await
}

pub(super) async fn orders(
    conn: &mut Conn,
    organisation: Id<Organisation>,
) -> Result<Vec<(Id<Order>,)>, Fault> {
    conn.run(LANE_ORDERS).bind(organisation).all().await
}

pub(super) async fn went(
    conn: &mut Conn,
    organisation: Id<Organisation>,
) -> Result<Option<(String, Option<String>)>, Fault> {
    conn.run(LANE_WENT).bind(organisation).optional().await
}

pub(super) async fn paper(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    kind: &'static str,
) -> Result<Option<(String,)>, Fault> {
    conn.run(LANE_PAPER).bind(organisation).bind(kind).optional().await
}
