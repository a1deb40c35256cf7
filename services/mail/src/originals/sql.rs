//! The statements of originals.

use kernel::{Fault, Id, Moment, Organisation, Room};
use store::{Conn, statements};

use crate::authentic::Verdict;

statements! {
    /// The mail behind a message that an organisation may read. What a member mailed is that
    /// member's alone: it may quote other rooms.
    BEHIND = "
        select a.sha256, a.sender, a.subject, a.at, a.spf, a.dkim, a.dmarc
        from readable_room r
        join told_event e on e.room_id = r.room_id and e.seq >= r.from_seq
        join arrival a on a.room_id = e.room_id and a.seq = e.seq and a.state = 'posted'
        where r.organisation_id = $1 and r.room_id = $2 and e.seq = $3
          and e.kind = 'msg' and e.body is not null
          and a.seat_id is null
          and (e.hidden is null or e.hidden_of = $1)";
}

/// The mail behind a message.
#[derive(sqlx::FromRow)]
pub(super) struct Behind {
    pub(super) sha256: String,
    pub(super) sender: String,
    pub(super) subject: String,
    pub(super) at: Moment,
    pub(super) spf: Verdict,
    pub(super) dkim: Verdict,
    pub(super) dmarc: Verdict,
}

pub(super) async fn behind(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    room: Id<Room>,
    seq: i64,
) -> Result<Option<Behind>, Fault> {
    conn.run(BEHIND).bind(organisation).bind(room).bind(seq).optional().await
}
