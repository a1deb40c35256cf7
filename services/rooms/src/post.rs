//! Saying something in a room: the one way in, for the socket and for REST.

use std::collections::{BTreeMap, HashMap, hash_map::Entry};

use gate::{Caller, FORBIDDEN, Problem, ProblemKind};
use kernel::{Fault, Id, Moment, Organisation, Person, Room, Space};
use serde_json::json;
use sharing::{Author, NewEvent, Reach, log, notify};
use store::{Hint, Tx};

use crate::{PostMessage, sql};

/// The longest message, in characters.
pub const MOST_CHARS: usize = 8_000;
/// The longest `cid`, in bytes.
const MOST_CID: usize = 64;
/// How many people one message notifies at most.
const MOST_NOTIFIED: i64 = 50;

/// A message that is well formed.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Where to.
    pub room: Id<Room>,
    /// The client's own id for it.
    pub cid: String,
    /// The words, 1 to 8,000 characters.
    body: String,
    /// The seq that it answers.
    reply_to: Option<i64>,
}

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
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

const CID_REUSED: ProblemKind =
    ProblemKind { slug: "cid-reused", status: 409, title: "This id was used before" };

impl Draft {
    /// A message, if it is well formed.
    ///
    /// # Errors
    /// [`Refusal::BadCid`], [`Refusal::Empty`], [`Refusal::TooLong`], [`Refusal::BadReply`].
    pub fn new(
        room: Id<Room>,
        cid: String,
        body: String,
        reply_to: Option<i64>,
    ) -> Result<Self, Refusal> {
        if cid.is_empty() || cid.len() > MOST_CID || cid.contains('\0') {
            return Err(Refusal::BadCid);
        }
        // PostgreSQL keeps no NUL in a text.
        let body = if body.contains('\0') { body.replace('\0', "") } else { body };
        if body.trim().is_empty() {
            return Err(Refusal::Empty);
        }
        if body.chars().nth(MOST_CHARS).is_some() {
            return Err(Refusal::TooLong);
        }
        if reply_to.is_some_and(|seq| seq < 1) {
            return Err(Refusal::BadReply);
        }
        Ok(Self { room, cid, body, reply_to })
    }

    fn event(&self, &Caller { person, organisation, .. }: &Caller) -> NewEvent {
        let author = Author::Person { person, organisation };
        let said = NewEvent::saying(author, Some(self.cid.clone()), self.body.as_str());
        NewEvent { target: self.reply_to, ..said }
    }
}

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
            Self::Fault(_) => "server_error",
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NotFound => Self::not_found(),
            Refusal::Forbidden => Self::new(&FORBIDDEN, detail),
            Refusal::CidReused => Self::new(&CID_REUSED, detail),
            Refusal::BadCid => Self::refused("cid", detail),
            Refusal::Empty | Refusal::TooLong => Self::refused("body", detail),
            Refusal::BadReply => Self::refused("reply_to", detail),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}

/// What one transaction says, in one room or several.
///
/// The rights that it reads hold to its end: each was read while its party was held, so that
/// who takes it away comes after.
#[derive(Debug, Default)]
pub(crate) struct Round {
    rights: HashMap<(Id<Organisation>, Id<Room>), Option<Reach>>,
    news: BTreeMap<Id<Room>, News>,
}

/// Who said something in a room.
#[derive(Debug)]
struct News {
    reach: Reach,
    authors: Vec<Id<Person>>,
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
            let key = (caller.organisation, draft.room);
            if let Entry::Vacant(vacant) = self.rights.entry(key) {
                sql::hold_party(tx, caller.organisation, draft.room).await?;
                vacant.insert(log::reach(tx, caller.organisation, draft.room).await?);
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
                let mut said = self.may_say(caller, draft);
                // It may answer what still waits: then that is said first.
                if matches!(said, Err(Refusal::BadReply)) && !waiting.is_empty() {
                    self.say(tx, std::mem::take(&mut waiting), now, &mut answers).await?;
                    said = self.may_say(caller, draft);
                }
                waiting.push(said.map(|()| (caller, draft)));
            }
            self.say(tx, waiting, now, &mut answers).await?;
        }
        Ok(answers)
    }

    /// Whether a message may be said now.
    fn may_say(&self, caller: &Caller, draft: &Draft) -> Result<(), Refusal> {
        if caller.permit::<PostMessage>().is_err() {
            return Err(Refusal::Forbidden);
        }
        let reach = self.rights.get(&(caller.organisation, draft.room));
        let reach = reach.and_then(Option::as_ref).ok_or(Refusal::NotFound)?;
        if !reach.may_write {
            return Err(Refusal::Forbidden);
        }
        if draft.reply_to.is_some_and(|seq| seq > reach.head || seq < reach.first) {
            return Err(Refusal::BadReply);
        }
        Ok(())
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
            let events = said.iter().map(|(caller, draft)| draft.event(caller)).collect();
            let all = log::append_all(tx, first.room, now, events).await?;
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
        let reach = self.rights.get_mut(&(caller.organisation, draft.room));
        let reach = reach
            .and_then(Option::as_mut)
            .ok_or_else(|| Fault::broken("posting", "the right is gone"))?;
        if !duplicate {
            reach.head = seq;
            let news = self.news.entry(draft.room);
            let news = news
                .or_insert_with(|| News { reach: reach.clone(), authors: Vec::new() });
            if !news.authors.contains(&caller.person) {
                news.authors.push(caller.person);
            }
        }
        Ok(Posted { space: reach.space, seq, at, duplicate })
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

impl News {
    async fn tell(&self, tx: &mut Tx, now: Moment) -> Result<(), Fault> {
        let room = self.reach.room;
        let fold = sql::fold_of(room);
        let mut titles = None;
        let who = sql::to_notify(tx, room, MOST_NOTIFIED).await?;
        for (organisation, person, party) in who {
            let others = |author: &&Id<Person>| **author != person;
            let Some(author) = self.authors.iter().find(others) else { continue };
            let titles = match &titles {
                Some(titles) => titles,
                None => titles.insert(sql::titles(tx, self.reach.space).await?),
            };
            let mut params = json!({
                "who": sql::person_name(tx, *author).await?,
                "room": room,
                "title": self.title(titles.get(&organisation)),
            });
            if !self.reach.title.is_empty() {
                params["topic"] = json!(self.reach.title);
            }
            let notice = notify::Notice {
                kind: "message",
                params,
                subject: Some(("deal", self.reach.space.to_string())),
                party: Some(party),
                fold: Some(&fold),
            };
            notify::person(tx, organisation, person, &notice, now).await?;
            tx.hint(Hint::Person { person, organisation, kind: "room".to_owned() });
        }
        Ok(())
    }

    /// The topic's title, or the deal's where an organisation may see it.
    fn title<'t>(&'t self, deal: Option<&'t String>) -> &'t str {
        let topic = Some(self.reach.title.as_str()).filter(|title| !title.is_empty());
        topic.or(deal.map(String::as_str)).unwrap_or_default()
    }
}

fn refusal(of_log: sharing::Refusal) -> Refusal {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_one_to_eight_thousand_characters() {
        let draft =
            |body: &str| Draft::new(Id::mint(), "c1".to_owned(), body.to_owned(), None);
        assert!(draft(&"é".repeat(MOST_CHARS)).is_ok());
        assert!(matches!(draft(&"é".repeat(MOST_CHARS + 1)), Err(Refusal::TooLong)));
        assert!(matches!(draft(" \n"), Err(Refusal::Empty)));
    }

    #[test]
    fn a_cid_is_neither_empty_nor_endless() {
        let draft =
            |cid: &str| Draft::new(Id::mint(), cid.to_owned(), "hello".to_owned(), None);
        assert!(draft(&"c".repeat(64)).is_ok());
        assert!(matches!(draft(""), Err(Refusal::BadCid)));
        assert!(matches!(draft(&"c".repeat(65)), Err(Refusal::BadCid)));
    }
}
