//! What a room is called in a letter to somebody who reads it.

use kernel::{Fault, Id, Organisation, Person, Room, Space};
use sharing::{Mask, RoomKind};
use store::{Conn, statements};

statements! {
    /// A deal's title, with the mask of an organisation that takes part.
    DEAL_TITLE = "
        select d.title, v.mask
        from live_visible v
        join deal d on d.space_id = v.record_id
        where v.organisation_id = $1 and v.kind = 'deal' and v.record_id = $2";

    /// With whom somebody talks in a room of two people.
    OTHER = "
        select p.name
        from person_room r
        join direct_person d on d.room_id = r.room_id and d.person_id <> r.person_id
        join person p on p.id = d.person_id
        where r.organisation_id = $1 and r.room_id = $2 and r.person_id = $3";
}

/// What a room of somebody's is called: as the topic, the deal, or the other of two.
pub(super) async fn of(
    conn: &mut Conn,
    (organisation, person): (Id<Organisation>, Id<Person>),
    (room, space): (Id<Room>, Id<Space>),
    (kind, title): (RoomKind, &str),
) -> Result<String, Fault> {
    match kind {
        RoomKind::Topic => Ok(title.to_owned()),
        RoomKind::Direct => {
            let query = conn.run(OTHER).bind(organisation).bind(room).bind(person);
            let other: Option<(String,)> = query.optional().await?;
            Ok(other.map(|(name,)| name).unwrap_or_default())
        }
        RoomKind::Main | RoomKind::Internal => {
            let query = conn.run(DEAL_TITLE).bind(organisation).bind(space);
            let deal: Option<(String, String)> = query.optional().await?;
            let shown = deal.filter(|(_, mask)| Mask::read(mask).has("title"));
            Ok(shown.map(|(title, _)| title).unwrap_or_default())
        }
    }
}
