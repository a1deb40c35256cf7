//! What each frame of a client does.

use std::{error::Error, sync::Arc};

use gate::{Caller, House, authenticate_token, sessions};
use kernel::{Fault, Id, Room};
use sharing::{Reach, log};
use wire::{
    Auth, Authd, Caught, ClientFrame, Close, Edit, Hello, ME, Marked, Mode, Nak, Pin,
    React, Redact, Said, ServerFrame, Sub as Follow, Subd, Unsub, Unsubd, Welcome,
};

use super::line::HEARTBEAT;
use crate::{
    Live, MarkRead, PostMessage, ReadRooms,
    calls::{self, Ask, At},
    live::{
        commit::Posting,
        conn::Conn,
        hub::Sub,
        queue::Flag,
        replay::replay,
        track::{Plan, Track, plan},
    },
    rules::{Act, Draft},
    sql,
};

/// How many rooms one socket may follow.
const MOST_ROOMS: usize = 200;
/// A client that finds the hub busy tries again after this.
const BUSY_MS: i64 = 1_000;

/// A connection, and what its frames need.
pub(super) struct Link {
    pub(super) live: Live,
    pub(super) house: House,
    pub(super) conn: Arc<Conn>,
}

impl Link {
    /// Enters somebody whose `hello` is good.
    pub(super) fn enter(live: Live, house: House, greeted: &Greeted) -> Self {
        let conn = live.enter(greeted.caller, greeted.name.clone());
        Self { live, house, conn }
    }
}

impl Drop for Link {
    /// However it ends: nothing is left of it.
    fn drop(&mut self) {
        self.conn.gone.cancel();
        self.live.forget(&self.house, &self.conn);
        self.conn.ended.cancel();
    }
}

/// How it goes on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Next {
    /// With the next frame.
    Go,
    /// Not at all.
    Close(Close),
}

/// Somebody whose `hello` is good.
pub(super) struct Greeted {
    id: Option<u64>,
    caller: Caller,
    name: String,
    cuts: u64,
}

/// Who says hello, by the token of the frame or the cookie of the upgrade.
pub(super) async fn hello(
    live: &Live,
    house: &House,
    cookie: Option<Caller>,
    hello: Hello,
) -> Result<Greeted, Close> {
    if hello.v != wire::VERSION {
        return Err(Close::Version);
    }
    let cuts = live.cuts();
    let caller = match hello.token {
        Some(token) => authenticate_token(house, &token).await.map_err(ours)?,
        None => match cookie {
            Some(caller) => renewed(house, caller).await.map_err(ours)?,
            None => None,
        },
    };
    let caller = caller.ok_or(Close::NotAuthenticated)?;
    let name = name_of(house, caller).await.map_err(ours)?;
    Ok(Greeted { id: hello.id, caller, name, cuts })
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn ours(fault: Fault) -> Close {
    tracing::error!(error = &fault as &dyn Error, "a hello failed: {fault}");
    Close::ServerError
}

/// Welcomes a connection that is known by now.
pub(super) async fn welcome(link: &Link, greeted: &Greeted) -> Result<(), Close> {
    let (live, house, conn) = (&link.live, &link.house, &link.conn);
    // A cut that came between has not found this connection.
    if live.cuts() != greeted.cuts
        && renewed(house, greeted.caller).await.map_err(ours)?.is_none()
    {
        return Err(Close::NotAuthenticated);
    }
    // Nor have those who were sent away told it.
    if !house.db.bus().lease().is_live() {
        return Err(Close::GoingAway);
    }
    conn.say(&ServerFrame::Welcome(Welcome {
        id: greeted.id,
        user: greeted.caller.person.to_string(),
        conn: conn.name(),
        hb_ms: u64::try_from(HEARTBEAT.as_millis()).unwrap_or(0),
        max_frame: wire::MAX_FRAME_BYTES,
        server_time: house.clock.now().millis(),
        resume_ttl: 0,
    }));
    Ok(())
}

async fn renewed(house: &House, caller: Caller) -> Result<Option<Caller>, Fault> {
    let mut db = house.db.read().await?;
    sessions::renew(&mut db, caller, house.clock.now()).await
}

async fn name_of(house: &House, caller: Caller) -> Result<String, Fault> {
    let mut db = house.db.read().await?;
    sql::person_name(&mut db, caller.person).await
}

/// Tells that a frame is not known here.
pub(super) fn unknown(link: &Link, t: &str, id: Option<u64>) {
    link.conn.say(&ServerFrame::Error(wire::Error {
        id,
        code: "unknown_frame".to_owned(),
        detail: format!("there is no frame `{t}` in {}", wire::SUBPROTOCOL),
    }));
}

/// Does what a frame asks for.
pub(super) async fn handle(link: &Link, frame: ClientFrame) -> Result<Next, Fault> {
    match frame {
        // Once is enough.
        ClientFrame::Hello(_) => return Ok(Next::Close(Close::Protocol)),
        ClientFrame::Sub(ask) => sub(link, ask).await?,
        ClientFrame::Unsub(ask) => unsub(link, ask),
        ClientFrame::Send(said) => send(link, said),
        ClientFrame::Edit(Edit { id, room, cid, target, body }) => {
            post(link, id, &room, &cid, Act::Edit { target, body });
        }
        ClientFrame::Redact(Redact { id, room, cid, target }) => {
            post(link, id, &room, &cid, Act::Redact { target });
        }
        ClientFrame::React(React { id, room, cid, target, emoji, on }) => {
            post(link, id, &room, &cid, Act::React { target, emoji, on });
        }
        ClientFrame::Pin(Pin { id, room, cid, target, on }) => {
            post(link, id, &room, &cid, Act::Pin { target, on });
        }
        ClientFrame::CallJoin(ask) => call(link, Ask::Join(ask)).await?,
        ClientFrame::CallLeave(ask) => call(link, Ask::Leave(ask)).await?,
        ClientFrame::CallTell(ask) => call(link, Ask::Tell(ask)).await?,
        ClientFrame::CallSignal(ask) => call(link, Ask::Signal(ask)).await?,
        ClientFrame::Read(marked) => read(link, &marked),
        ClientFrame::Typing(ask) => typing(link, &ask),
        ClientFrame::Auth(auth) => {
            return reauthenticate(link, &auth).await;
        }
        ClientFrame::Ping(number) => link.conn.say(&ServerFrame::Pong(number)),
        ClientFrame::Pong(_) => {}
    }
    Ok(Next::Go)
}

const fn at(link: &Link) -> At<'_> {
    At { live: &link.live, house: &link.house, conn: &link.conn }
}

async fn call(link: &Link, ask: Ask) -> Result<(), Fault> {
    calls::handle(&at(link), ask).await
}

/// Takes a fresh token of the same person, for the same organisation.
async fn reauthenticate(link: &Link, auth: &Auth) -> Result<Next, Fault> {
    let (conn, cuts) = (&link.conn, link.live.cuts());
    let fresh = authenticate_token(&link.house, &auth.token).await?;
    let same = |fresh: &Caller| {
        fresh.person == conn.person && fresh.organisation == conn.organisation
    };
    let Some(fresh) = fresh.filter(same) else {
        return Ok(Next::Close(Close::Forbidden));
    };
    conn.set_caller(fresh);
    // A cut that came between has looked at the old one.
    if link.live.cuts() != cuts && renewed(&link.house, fresh).await?.is_none() {
        return Ok(Next::Close(Close::Forbidden));
    }
    conn.say(&ServerFrame::Authd(Authd { id: auth.id }));
    Ok(Next::Go)
}

fn refuse(link: &Link, id: Option<u64>, room: String, code: &str) {
    let (room, code) = (Some(room), code.to_owned());
    link.conn.say(&ServerFrame::Nak(Nak { id, room, code, ..Nak::default() }));
}

async fn sub(link: &Link, ask: Follow) -> Result<(), Fault> {
    let conn = &link.conn;
    if ask.room == ME {
        conn.follow_me(true);
        conn.say(&ServerFrame::Subd(Subd {
            id: ask.id,
            room: ask.room,
            epoch: String::new(),
            head: 0,
            from: 1,
            mode: Mode::Live,
        }));
        return Ok(());
    }
    let Ok(room) = ask.room.parse::<Id<Room>>() else {
        refuse(link, ask.id, ask.room, "not_found");
        return Ok(());
    };
    if conn.caller().permit::<ReadRooms>().is_err() {
        refuse(link, ask.id, ask.room, "forbidden");
        return Ok(());
    }
    if conn.sub(room).is_none() && conn.sub_count() >= MOST_ROOMS {
        refuse(link, ask.id, ask.room, "too_many");
        return Ok(());
    }
    let flag = conn.flag();
    let Some(reach) = reach(link, room, &flag).await? else {
        refuse(link, ask.id, ask.room, "not_found");
        return Ok(());
    };
    // The subscription before, if there is one, gives way: what it queued is not written.
    if let Some(old) = conn.sub(room) {
        old.end();
        conn.drop_sub(&old);
        link.live.leave(&old);
    }
    let plan =
        plan(ask.cursor.as_ref(), ask.limit, (&reach.epoch, reach.first, reach.head));
    begin(link, &ask, &reach, flag, plan);
    calls::introduce(&at(link), room).await
}

/// Reads a right under a flag that is cut if the right is taken away meanwhile.
async fn reach(link: &Link, room: Id<Room>, flag: &Flag) -> Result<Option<Reach>, Fault> {
    loop {
        let cuts = link.live.cuts();
        let mut db = link.house.db.read().await?;
        let reach = log::reach(&mut db, &link.conn.caller(), room).await?;
        drop(db);
        if let Some(reach) = &reach {
            flag.settle(reach.space);
        }
        // A cut that came between has not found the flag by its space.
        if link.live.cuts() == cuts {
            return Ok(reach.filter(|_| flag.is_live()));
        }
    }
}

fn begin(link: &Link, ask: &Follow, reach: &Reach, flag: Arc<Flag>, plan: Plan) {
    let conn = &link.conn;
    let (from, mode, track) = match plan {
        Plan::Live { from } => (from, Mode::Live, Track::live(from)),
        Plan::Replay { from } => (from, Mode::Replay, Track::replaying(from)),
        Plan::Gap => (reach.head + 1, Mode::Gap, Track::live(reach.head + 1)),
    };
    let subd = Subd {
        id: ask.id,
        room: ask.room.clone(),
        epoch: reach.epoch.clone(),
        head: reach.head,
        from,
        mode,
    };
    conn.say_under(Some(Arc::clone(&flag)), &ServerFrame::Subd(subd));
    if plan == Plan::Gap {
        return;
    }
    let sub = Arc::new(Sub::new(Arc::clone(conn), reach, flag, track));
    if mode == Mode::Live {
        let caught = Caught { room: ask.room.clone(), seq: from - 1 };
        sub.say(&ServerFrame::Caught(caught));
    }
    conn.keep_sub(Arc::clone(&sub));
    let hub = link.live.join(&link.house, &sub);
    hub.introduce(&sub, link.house.clock.now().millis());
    Live::tell_came(&link.house, &sub);
    if !sub.flag.is_live() {
        // It was lost between the right and the room.
        conn.tell_revoked(&sub, "removed");
        link.live.leave(&sub);
        return;
    }
    if mode == Mode::Live {
        // What was appended since the right was read.
        hub.poke();
    } else {
        let (live, house) = (link.live.clone(), link.house.clone());
        tokio::spawn(replay(live, house, sub, reach.head));
    }
}

fn unsub(link: &Link, ask: Unsub) {
    if ask.room == ME {
        link.conn.follow_me(false);
    } else if let Some(sub) = ask.room.parse().ok().and_then(|room| link.conn.sub(room)) {
        sub.end();
        link.conn.drop_sub(&sub);
        link.live.leave(&sub);
        link.live.tell_left(&link.house, &sub);
    }
    link.conn.say(&ServerFrame::Unsubd(Unsubd { id: ask.id, room: ask.room }));
}

fn send(link: &Link, said: Said) {
    let Said { id, room, cid, body, reply_to, attach } = said;
    if attach.is_empty() {
        post(link, id, &room, &cid, Act::Say { body, reply_to });
    } else {
        let (cid, room, code) = (Some(cid), Some(room), "bad_attachment".to_owned());
        link.conn.say(&ServerFrame::Nak(Nak { id, cid, room, code, retry: None }));
    }
}

/// Hands what somebody does in a room to the committer.
fn post(link: &Link, id: Option<u64>, named: &str, cid: &str, act: Act) {
    let nak = |code: &str, retry: Option<i64>| {
        let (cid, room, code) =
            (Some(cid.to_owned()), Some(named.to_owned()), code.to_owned());
        link.conn.say(&ServerFrame::Nak(Nak { id, cid, room, code, retry }));
    };
    let caller = link.conn.caller();
    if caller.permit::<PostMessage>().is_err() {
        return nak("forbidden", None);
    }
    let Ok(room) = named.parse::<Id<Room>>() else { return nak("not_found", None) };
    if link.live.is_draining() {
        return nak("busy", Some(BUSY_MS));
    }
    let draft = match Draft::doing(room, cid.to_owned(), act) {
        Ok(draft) => draft,
        Err(refusal) => return nak(refusal.code(), None),
    };
    if let Err(wait) = link.live.count_send(caller.person, link.house.clock.now()) {
        return nak(
            "rate",
            Some(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX).max(1)),
        );
    }
    let (conn, flag) = (Arc::clone(&link.conn), link.conn.flag());
    if !link.live.post(Posting { caller, draft, conn, id, flag }) {
        nak("busy", Some(BUSY_MS));
    }
}

fn read(link: &Link, marked: &Marked) {
    let caller = link.conn.caller();
    let allowed = caller.permit::<MarkRead>().is_ok();
    if let (true, Ok(room)) = (allowed, marked.room.parse::<Id<Room>>()) {
        let key = (caller.organisation, caller.person, room);
        // Only of rooms that are followed: others have no mark to wait.
        if link.conn.sub(room).is_some() {
            link.live.reads().note(key, marked.seq);
        }
    }
}

fn typing(link: &Link, ask: &Unsub) {
    let caller = link.conn.caller();
    let sub = ask.room.parse().ok().and_then(|room| link.conn.sub(room));
    let may = caller.permit::<PostMessage>().is_ok();
    if let (true, Some(sub)) = (may, sub)
        && link.conn.types(sub.room, link.house.clock.now())
    {
        Live::tell_typing(&link.house, &sub);
    }
}
