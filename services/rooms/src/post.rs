//! Saying something in a room: the one way in, for the socket and for REST.

use std::{
    collections::{BTreeMap, HashMap, hash_map::Entry},
    time::Duration,
};

use gate::{Caller, FORBIDDEN, Problem, ProblemKind};
use kernel::{Fault, Id, Moment, Room, Space};
use serde_json::Value;
use sharing::{NewEvent, Reach, Reader, Via, log};
use store::Tx;

use crate::{
    PostMessage, acts,
    moderation::Slow,
    news::News,
    rules::{self, Act, Draft},
    sql,
};

/// A message that stands in the log.
#[derive(Clone, Copy, Debug)]
pub struct Posted {
    /// The room's space.
    pub space: Id<Space>,
    /// Its place in the log.
    pub seq: i64,
    /// When.
    pub at: Moment,
    /// Whether it stood there before.
    pub duplicate: bool,
}

/// Why a message was refused.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such room, or it is not the caller's to know of.
    #[error("nothing of that id is yours to see")]
    NotFound,
    /// The caller may read here, but not write.
    #[error("you may read here, but not write")]
    Forbidden,
    /// The `cid` was used for another message.
    #[error("this `cid` was used for another message; take a new one")]
    CidReused,
    /// The `cid` is empty or longer than 64 bytes.
    #[error("a `cid` has 1 to 64 bytes")]
    BadCid,
    /// Nothing was said.
    #[error("say something")]
    Empty,
    /// Too much was said.
    #[error("a message has at most 8000 characters")]
    TooLong,
    /// The message that it answers does not exist.
    #[error("there is no such message to answer")]
    BadReply,
    /// There is no such message, or it was taken back.
    #[error("there is no such message, or it was taken back")]
    BadTarget,
    /// Only the host of the space decides.
    #[error(
        "only the host hides what was said: its owners, administrators and channel managers"
    )]
    NotHost,
    /// The room is slowed down.
    #[error("this room is slow: wait {} s, and send it again", seconds(*.0))]
    Slow(Duration),
    /// Somebody else said it.
    #[error("only who said it may change it or take it back")]
    NotYours,
    /// It is no emoji.
    #[error("react with one emoji")]
    BadEmoji,
    /// It calls too many.
    #[error("a message calls at most 20 people and sides; call `all` instead")]
    TooManyMentions,
    /// The message has too many different reactions.
    #[error("a message takes at most 20 different reactions")]
    TooManyReactions,
    /// The room has too many pins.
    #[error("a room has at most 100 pins; unpin something first")]
    TooManyPins,
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

const CID_REUSED: ProblemKind =
    ProblemKind { slug: "cid-reused", status: 409, title: "This id was used before" };

impl Refusal {
    /// Its word on the socket.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Forbidden => "forbidden",
            Self::CidReused => "cid_reused",
            Self::BadCid => "bad_cid",
            Self::Empty => "empty",
            Self::TooLong => "too_long",
            Self::BadReply => "bad_reply",
            Self::BadTarget => "bad_target",
            Self::NotHost => "not_host",
            Self::Slow(_) => "rate",
            Self::NotYours => "not_yours",
            Self::BadEmoji => "bad_emoji",
            Self::TooManyMentions => "too_many_mentions",
            Self::TooManyReactions => "too_many_reactions",
            Self::TooManyPins => "too_many_pins",
            Self::Fault(_) => "server_error",
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NotFound => Self::not_found(),
            Refusal::Forbidden | Refusal::NotYours | Refusal::NotHost => {
                Self::new(&FORBIDDEN, detail)
            }
            Refusal::Slow(_) => Self::new(&crate::http::RATE, detail),
            Refusal::CidReused => Self::new(&CID_REUSED, detail),
            Refusal::BadCid => Self::refused("cid", detail),
            Refusal::Empty | Refusal::TooLong | Refusal::TooManyMentions => {
                Self::refused("body", detail)
            }
            Refusal::BadTarget | Refusal::TooManyPins => Self::refused("target", detail),
            Refusal::BadEmoji | Refusal::TooManyReactions => {
                Self::refused("emoji", detail)
            }
            Refusal::BadReply => Self::refused("reply_to", detail),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}

impl Refusal {
    /// How long to wait until it may be said.
    pub(crate) fn wait(&self) -> Option<Duration> {
        if let Self::Slow(wait) = self { Some(*wait) } else { None }
    }
}

/// Whole seconds, rounded up.
pub(crate) const fn seconds(wait: Duration) -> u128 {
    wait.as_millis().div_ceil(1_000)
}

/// What one transaction says, in one room or several.
///
/// The rights that it reads hold to its end: each was read while its party was held, so that
/// who takes it away comes after.
#[derive(Debug, Default)]
pub(crate) struct Round {
    rights: HashMap<(Reader, Id<Room>), Option<Reach>>,
    news: BTreeMap<Id<Room>, News>,
    /// In rooms that are slowed down: what each who writes said last.
    slow: Slow,
}

impl Round {
    /// Holds the parties of those who write, before any room is locked: whoever takes a right
    /// away locks in that order too.
    pub(crate) async fn hold(
        &mut self,
        tx: &mut Tx,
        drafts: &[(&Caller, &Draft)],
    ) -> Result<(), Fault> {
        for (caller, draft) in drafts {
            let (side, room) = (Reader::from(caller.organisation), draft.room);
            if let Entry::Vacant(vacant) = self.rights.entry((side, room)) {
                sql::hold_party(tx, caller.organisation, room).await?;
                vacant.insert(log::reach(tx, side, room).await?);
            }
            // It may be a room of two people: each has a right of one's own.
            let one = Reader::from(*caller);
            if self.rights.get(&(side, room)).is_none_or(Option::is_none)
                && let Entry::Vacant(vacant) = self.rights.entry((one, room))
            {
                vacant.insert(log::reach(tx, one, room).await?);
            }
            if let Some(Some(reach)) = self.rights.get(&self.key(caller, draft)) {
                self.slow.look(tx, caller, reach).await?;
            }
        }
        Ok(())
    }

    /// Appends messages to their rooms, in their order, under rights that are held; an answer
    /// for each. Those of one room that stand together are appended together.
    ///
    /// # Errors
    /// If the database fails; then the transaction must not be committed. What is refused is
    /// in the answers, writes nothing, and does not keep the others out.
    pub(crate) async fn post(
        &mut self,
        tx: &mut Tx,
        drafts: &[(&Caller, &Draft)],
        now: Moment,
    ) -> Result<Vec<Result<Posted, Refusal>>, Fault> {
        let mut answers = Vec::with_capacity(drafts.len());
        for drafts in drafts.chunk_by(|(_, one), (_, next)| one.room == next.room) {
            let mut waiting = Vec::with_capacity(drafts.len());
            for &(caller, draft) in drafts {
                let mut said = self.may_say(caller, draft, now);
                // It may be about what still waits: then that is said first.
                let is_said = matches!(draft.act, Act::Say { .. });
                let is_early = matches!(said, Err(Refusal::BadReply));
                if (is_early || !is_said) && !waiting.is_empty() {
                    self.say(tx, std::mem::take(&mut waiting), now, &mut answers).await?;
                    said = self.may_say(caller, draft, now);
                }
                if is_said || said.is_err() {
                    waiting.push(said.map(|()| (caller, draft)));
                    continue;
                }
                let reach = self.right(caller, draft)?;
                match acts::post(tx, caller, reach, draft, now).await {
                    Err(Refusal::Fault(fault)) => return Err(fault),
                    answer => answers.push(answer),
                }
            }
            self.say(tx, waiting, now, &mut answers).await?;
        }
        Ok(answers)
    }

    /// Appends a message with more than words, under a right that is held.
    ///
    /// # Errors
    /// A [`Refusal`] writes nothing.
    pub(crate) async fn post_with(
        &mut self,
        tx: &mut Tx,
        (caller, draft): (&Caller, &Draft),
        (detail, via): (Value, Option<Via>),
        now: Moment,
    ) -> Result<Posted, Refusal> {
        self.may_say(caller, draft, now)?;
        let event = NewEvent { detail: Some(detail), via, ..acts::event(draft, caller) };
        let appended = log::append(tx, draft.room, now, event).await.map_err(refusal)?;
        Ok(self.note(caller, draft, appended)?)
    }

    /// Whether a message may be said, or something done to one, now.
    fn may_say(
        &self,
        caller: &Caller,
        draft: &Draft,
        now: Moment,
    ) -> Result<(), Refusal> {
        if caller.permit::<PostMessage>().is_err() {
            return Err(Refusal::Forbidden);
        }
        let reach = self.rights.get(&self.key(caller, draft));
        let reach = reach.and_then(Option::as_ref).ok_or(Refusal::NotFound)?;
        let is_hide = matches!(draft.act, Act::Hide { .. });
        // Order is kept in a locked room too.
        if !(reach.may_write || reach.locked && is_hide) {
            return Err(Refusal::Forbidden);
        }
        let answered = match &draft.act {
            Act::Say { reply_to, .. } => *reply_to,
            Act::Edit { .. }
            | Act::Redact { .. }
            | Act::React { .. }
            | Act::Pin { .. }
            | Act::Hide { .. } => return Ok(()),
        };
        self.slow.may_say(caller, draft, reach, now)?;
        if answered.is_some_and(|seq| seq > reach.head || seq < reach.first) {
            return Err(Refusal::BadReply);
        }
        Ok(())
    }

    /// Under whose right a draft is posted: the side's, where there is one.
    fn key(&self, caller: &Caller, draft: &Draft) -> (Reader, Id<Room>) {
        let side = (Reader::from(caller.organisation), draft.room);
        match self.rights.get(&side) {
            Some(Some(_)) => side,
            Some(None) | None => (Reader::from(caller), draft.room),
        }
    }

    /// The right that was found for a draft.
    fn right(&mut self, caller: &Caller, draft: &Draft) -> Result<&mut Reach, Fault> {
        let key = self.key(caller, draft);
        let reach = self.rights.get_mut(&key).and_then(Option::as_mut);
        reach.ok_or_else(|| Fault::broken("posting", "the right is gone"))
    }

    /// Appends what may be said in one room, and notes it; the answers keep the order.
    async fn say(
        &mut self,
        tx: &mut Tx,
        waiting: Vec<Result<(&Caller, &Draft), Refusal>>,
        now: Moment,
        answers: &mut Vec<Result<Posted, Refusal>>,
    ) -> Result<(), Fault> {
        let said: Vec<_> = waiting.iter().filter_map(|it| it.as_ref().ok()).collect();
        let mut appended = Vec::new().into_iter();
        if let Some((_, first)) = said.first() {
            let events = said.iter().map(|(caller, draft)| acts::event(draft, caller));
            let all = log::append_all(tx, first.room, now, events.collect()).await?;
            appended = all.into_iter();
        }
        for one in waiting {
            let answer = match one {
                Err(refused) => Err(refused),
                Ok((caller, draft)) => match appended.next() {
                    Some(Ok(appended)) => Ok(self.note(caller, draft, appended)?),
                    Some(Err(sharing::Refusal::Fault(fault))) => return Err(fault),
                    Some(Err(refused)) => Err(refusal(refused)),
                    None => return Err(Fault::broken("posting", "a message got lost")),
                },
            };
            answers.push(answer);
        }
        Ok(())
    }

    /// Keeps in mind what was said, for those who are to be told.
    fn note(
        &mut self,
        caller: &Caller,
        draft: &Draft,
        appended: log::Appended,
    ) -> Result<Posted, Fault> {
        let log::Appended { seq, at, duplicate } = appended;
        let (person, organisation) = (caller.person, caller.organisation);
        let reach = self.right(caller, draft)?;
        let space = reach.space;
        if !duplicate {
            reach.head = seq;
            let reach = reach.clone();
            let news = self.news.entry(draft.room).or_insert_with(|| News {
                reach,
                authors: Vec::new(),
                calls: Vec::new(),
            });
            if !news.authors.iter().any(|(author, _)| *author == person) {
                news.authors.push((person, seq));
            }
            if let Act::Say { body, .. } = &draft.act {
                self.slow.note(caller, draft, at);
                let calls = rules::mentions(body).into_iter();
                news.calls.extend(calls.map(|call| (organisation, person, call, seq)));
            }
        }
        Ok(Posted { space, seq, at, duplicate })
    }

    /// Notifies those who have no unread notice of a room yet, of the first message there that
    /// is not their own.
    pub(crate) async fn tell(self, tx: &mut Tx, now: Moment) -> Result<(), Fault> {
        for news in self.news.values() {
            news.tell(tx, now).await?;
        }
        Ok(())
    }
}

pub(crate) fn refusal(of_log: sharing::Refusal) -> Refusal {
    match of_log {
        sharing::Refusal::Fault(fault) => Refusal::Fault(fault),
        sharing::Refusal::CidReused => Refusal::CidReused,
        sharing::Refusal::NotFound
        | sharing::Refusal::Forbidden(_)
        | sharing::Refusal::NoPartnership
        | sharing::Refusal::Exists(_)
        | sharing::Refusal::NoMove { .. }
        | sharing::Refusal::Stale(_)
        | sharing::Refusal::UnknownField(_) => Refusal::NotFound,
    }
}
