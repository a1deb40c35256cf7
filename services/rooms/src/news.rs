//! Who is told of what was said in a room.

use std::collections::HashMap;

use kernel::{Fault, Id, Moment, Organisation, Person};
use serde_json::json;
use sharing::{Reach, Reader, RoomKind, notify};
use store::{Hint, Tx};

use crate::{rules::Mention, sql};

/// How many people one message notifies at most.
const MOST_NOTIFIED: i64 = 50;

/// Who said something in a room, each with the first of it.
#[derive(Debug)]
pub(crate) struct News {
    pub(crate) reach: Reach,
    pub(crate) authors: Vec<(Id<Person>, i64)>,
    /// Who calls whom, for which organisation, and where.
    pub(crate) calls: Vec<(Id<Organisation>, Id<Person>, Mention, i64)>,
}

impl News {
    /// Tells of what was said: those who are called first, then who has no unread notice yet.
    pub(crate) async fn tell(&self, tx: &mut Tx, now: Moment) -> Result<(), Fault> {
        let room = self.reach.room;
        let word = if self.is_direct() { "direct" } else { "message" };
        let mut told = Told { news: self, titles: None };
        // A call takes the place of the room's notice, so nobody is told twice.
        for (organisation, author, mention, seq) in &self.calls {
            let by = Reader { organisation: *organisation, person: Some(*author) };
            let called = sql::called(tx, room, by, *mention, MOST_NOTIFIED).await?;
            for who in called.into_iter().filter(|(_, person, _)| person != author) {
                told.notify(tx, "mention", (*author, *seq), who, now).await?;
            }
        }
        for who in sql::to_notify(tx, room, MOST_NOTIFIED).await? {
            let others = |(author, _): &&(Id<Person>, i64)| *author != who.1;
            let Some(author) = self.authors.iter().find(others) else { continue };
            told.notify(tx, word, *author, who, now).await?;
        }
        Ok(())
    }

    fn is_direct(&self) -> bool {
        self.reach.kind == RoomKind::Direct
    }

    /// What a notice is about: the deal, or the room of two people itself.
    fn subject(&self) -> (&'static str, String) {
        if self.is_direct() {
            ("direct", self.reach.room.to_string())
        } else {
            ("deal", self.reach.space.to_string())
        }
    }

    /// The topic's title, or the deal's where an organisation may see it.
    fn title<'t>(&'t self, deal: Option<&'t String>) -> &'t str {
        let topic = Some(self.reach.title.as_str()).filter(|title| !title.is_empty());
        topic.or(deal.map(String::as_str)).unwrap_or_default()
    }
}

/// Notices of one room on their way out.
struct Told<'n> {
    news: &'n News,
    titles: Option<HashMap<Id<Organisation>, String>>,
}

impl Told<'_> {
    async fn notify(
        &mut self,
        tx: &mut Tx,
        kind: &str,
        (author, seq): (Id<Person>, i64),
        (organisation, person, party): sql::Notified,
        now: Moment,
    ) -> Result<(), Fault> {
        let Reach { room, space, .. } = self.news.reach;
        let titles = match &self.titles {
            Some(titles) => titles,
            None => self.titles.insert(sql::titles(tx, space).await?),
        };
        let mut params = json!({
            "who": sql::person_name(tx, author).await?,
            "room": room,
            "seq": seq,
            "title": self.news.title(titles.get(&organisation)),
        });
        if !self.news.reach.title.is_empty() {
            params["topic"] = json!(self.news.reach.title);
        }
        let notice = notify::Notice {
            kind,
            params,
            subject: Some(self.news.subject()),
            party: Some(party),
            fold: Some(&sql::fold_of(room)),
        };
        notify::person(tx, organisation, person, &notice, now).await?;
        tx.hint(Hint::Person { person, organisation, kind: "room".to_owned() });
        Ok(())
    }
}
