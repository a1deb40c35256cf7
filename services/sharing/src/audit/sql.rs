//! The table `audit`, to be read.

use kernel::{Fault, Id, Moment, Organisation};
use store::{Conn, statements};

statements! {
    /// A page, newest first.
    PAGE = "
        select a.seq, a.at, p.name as actor, a.action, a.subject_kind, a.subject_id, a.detail
        from audit a
        left join person p on p.id = a.person_id
        where a.organisation_id = $1 and a.seq < $2
        order by a.seq desc
        limit $3";
}

#[derive(sqlx::FromRow)]
pub(super) struct PageRow {
    pub(super) seq: i64,
    pub(super) at: Moment,
    pub(super) actor: Option<String>,
    pub(super) action: String,
    pub(super) subject_kind: String,
    pub(super) subject_id: String,
    pub(super) detail: String,
}

pub(super) async fn page(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    before: i64,
    limit: i64,
) -> Result<Vec<PageRow>, Fault> {
    conn.run(PAGE).bind(organisation).bind(before).bind(limit).all().await
}
