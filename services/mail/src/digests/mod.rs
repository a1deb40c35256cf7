//! Members who read by mail: what was said in their rooms and was not read in the app.
//!
//! Each says for oneself, for all rooms and for single ones, how soon mail tells of it: at once,
//! at the next quarter of an hour, once a day at an hour of their own, or never. Nobody is
//! written to who did not ask. `plan` sees that somebody is behind and plans one turn; `gather`
//! makes one letter of it, with all rooms of that pace; `write` says what stands in it, each time
//! it is about to be sent, by the right that the person has then: what was read, hidden, taken
//! back or closed to them meanwhile is not told. So a revocation stops what is queued.
//!
//! A letter gives for each room an address that is this person's alone. What is mailed there is
//! said in that room by that person: see `arrivals::member`. The address dies with the
//! membership, with the organisation's part in the space, with the right to the room, and when
//! the person gets another address.

mod access;
mod gather;
mod http;
mod plan;
mod quiet;
mod rules;
mod section;
mod sql;
mod title;
mod words;
mod write;

use gate::{Caller, Permit, Problem};
use kernel::{Fault, Id, MailSeat, Moment, Room, Space};
use serde::Serialize;
use sharing::RoomKind;
use store::{Conn, Hint, Tx};
use utoipa::ToSchema;

pub use access::{KeepOwnMail, SeeOwnMail};
pub(crate) use gather::gather;
pub use http::routes;
pub(crate) use plan::plan;
pub(crate) use quiet::{Quiet, of_link, quiet};
pub use rules::Pace;
pub use sql::ALL as STATEMENTS;
pub(crate) use sql::LiveSeat;
pub use title::ALL as TITLE_STATEMENTS;
pub(crate) use words::{quiet_button, quiet_question, quieted};
pub(crate) use write::{About, draft, written};

use crate::token::{Signer, Token};
use rules::Zone;
use sql::HabitRow;

/// Why nothing was kept.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such room, or it may not be read.
    #[error("there is no such room")]
    NotFound,
    /// The zone is none.
    #[error("there is no such time zone; name one like Europe/Paris")]
    Zone,
    /// The hour is none.
    #[error("an hour is a number from 0 to 23")]
    Hour,
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NotFound => Self::not_found(),
            Refusal::Zone => Self::refused("zone", detail),
            Refusal::Hour => Self::refused("hour", detail),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}

/// How somebody wants mail of what was said.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MailHabit)]
pub struct Habit {
    /// How soon, where a room has no pace of its own.
    pub pace: Pace,
    /// When a day's letter comes: the hour, by the clocks of the zone.
    pub hour: i8,
    /// The zone, as `Europe/Paris`.
    pub zone: String,
    /// The rooms with a pace of their own.
    pub rooms: Vec<RoomHabit>,
}

/// A room with a pace of its own.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MailRoomHabit)]
pub struct RoomHabit {
    /// Which.
    pub room: Id<Room>,
    /// What it belongs to: a deal, where it is no room of two people.
    pub space: Id<Space>,
    /// What kind of room.
    pub kind: RoomKind,
    /// The topic, the deal's title, or the other of two people.
    pub title: String,
    /// How soon.
    pub pace: Pace,
}

/// How somebody wants mail of one room.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = MailRoomPace)]
pub struct RoomPace {
    /// Its own pace; none for the usual one.
    pub pace: Option<Pace>,
    /// The usual one.
    pub usual: Pace,
}

/// What is to be kept.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    pace: Pace,
    hour: i8,
    zone: Zone,
}

/// How the caller wants mail.
///
/// # Errors
/// [`Refusal::Fault`].
pub(crate) async fn see(
    conn: &mut Conn,
    _permit: &Permit<SeeOwnMail>,
    caller: &Caller,
) -> Result<Habit, Refusal> {
    let who = (caller.organisation, caller.person);
    let kept = sql::habit(conn, who.0, who.1).await?.ok_or(Refusal::NotFound)?;
    let query = conn.run(sql::EXCEPTIONS).bind(who.0).bind(who.1);
    let exceptions: Vec<sql::Exception> = query.all().await?;
    let mut rooms = Vec::with_capacity(exceptions.len());
    for one in exceptions {
        let at = (one.room_id, one.space_id);
        let title = title::of(conn, who, at, (one.kind, &one.title)).await?;
        let (room, space) = at;
        rooms.push(RoomHabit { room, space, kind: one.kind, title, pace: one.pace });
    }
    let hour = rules::hour(kept.hour).unwrap_or_default();
    Ok(Habit { pace: kept.pace, hour, zone: kept.zone, rooms })
}

/// Keeps how the caller wants mail. Of what was said before mail was wanted, none tells.
///
/// # Errors
/// [`Refusal::Fault`].
pub(crate) async fn keep(
    tx: &mut Tx,
    _permit: &Permit<KeepOwnMail>,
    caller: &Caller,
    wish: &Wish,
    now: Moment,
) -> Result<(), Refusal> {
    let Caller { organisation, person, .. } = *caller;
    let before = sql::habit(tx, organisation, person).await?.ok_or(Refusal::NotFound)?;
    let since = if before.pace == Pace::Off { now } else { before.since };
    tx.run(sql::KEEP_HABIT)
        .bind(organisation)
        .bind(person)
        .bind(before.membership_id)
        .bind(wish.pace)
        .bind(i64::from(wish.hour))
        .bind(wish.zone.name().to_owned())
        .bind(since)
        .execute()
        .await?;
    // A day's letter that was planned for another hour is planned anew.
    plan::again(tx, &before, (wish.pace, wish.hour, &wish.zone), now).await?;
    tx.hint(Hint::Person { person, organisation, kind: "own".to_owned() });
    Ok(())
}

/// How the caller wants mail of one room.
///
/// # Errors
/// [`Refusal::NotFound`].
pub(crate) async fn see_room(
    conn: &mut Conn,
    _permit: &Permit<SeeOwnMail>,
    caller: &Caller,
    room: Id<Room>,
) -> Result<RoomPace, Refusal> {
    let who = (caller.organisation, caller.person);
    let found = sql::room_pace(conn, who, room).await?;
    let (pace, _) = found.ok_or(Refusal::NotFound)?;
    let kept = sql::habit(conn, who.0, who.1).await?.ok_or(Refusal::NotFound)?;
    Ok(RoomPace { pace, usual: kept.pace })
}

/// Keeps how the caller wants mail of one room; none for as usual.
///
/// # Errors
/// [`Refusal::NotFound`].
pub(crate) async fn keep_room(
    tx: &mut Tx,
    _permit: &Permit<KeepOwnMail>,
    caller: &Caller,
    (room, pace): (Id<Room>, Option<Pace>),
    now: Moment,
) -> Result<RoomPace, Refusal> {
    let Caller { organisation, person, .. } = *caller;
    let found = sql::room_pace(tx, (organisation, person), room).await?;
    let (own, own_since) = found.ok_or(Refusal::NotFound)?;
    let kept = sql::habit(tx, organisation, person).await?.ok_or(Refusal::NotFound)?;
    let since = match own {
        Some(Pace::Off) => now,
        Some(Pace::Instant | Pace::Quarter | Pace::Daily) => own_since.unwrap_or(now),
        None if kept.pace == Pace::Off => now,
        None => kept.since,
    };
    tx.run(sql::KEEP_SEAT)
        .bind(organisation)
        .bind(person)
        .bind(kept.membership_id)
        .bind(room)
        .bind(pace)
        .bind(since)
        .bind(Id::<MailSeat>::mint())
        .bind(secret()?)
        .execute()
        .await?;
    let HabitRow { hour, zone, .. } = &kept;
    let hour = rules::hour(*hour).unwrap_or_default();
    let wanted = pace.unwrap_or(kept.pace);
    plan::once(tx, kept.membership_id, (wanted, hour, &Zone::kept(zone)), now).await?;
    tx.hint(Hint::Person { person, organisation, kind: "own".to_owned() });
    Ok(RoomPace { pace, usual: kept.pace })
}

/// The place that a token in an address proves; none where it died.
///
/// # Errors
/// If the database fails.
pub(crate) async fn seat(
    conn: &mut Conn,
    signer: &Signer,
    token: &Token,
) -> Result<Option<LiveSeat>, Fault> {
    let query = conn.run(sql::LIVE_SEAT).bind(token.seat());
    let found: Option<LiveSeat> = query.optional().await?;
    Ok(found.filter(|seat| token.is(&signer.of_seat(seat))))
}

/// The place to which a letter of one room went.
///
/// # Errors
/// If the database fails.
pub(crate) async fn answered(
    conn: &mut Conn,
    message_id: &str,
) -> Result<Option<LiveSeat>, Fault> {
    conn.run(sql::ANSWERED).bind(message_id.to_owned()).optional().await
}

/// What makes the tokens of a place its own, whatever becomes of the ids.
fn secret() -> Result<Vec<u8>, Fault> {
    let mut secret = vec![0; 16];
    aws_lc_rs::rand::fill(&mut secret).map_err(Fault::new("drawing a place's secret"))?;
    Ok(secret)
}
