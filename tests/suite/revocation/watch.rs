//! What everybody sees after a step: no word that the model forbids, every word that it
//! promises.

use std::collections::BTreeSet;

use kernel::{Id, Letter};
use serde_json::Value;
use store::Sha256;
use suite::Answer;

use super::{
    model::{COMPANIES, Guest, Model},
    stage::{Check, Stage},
};
use crate::operations;

store::statements! {
    /// Every letter that has been written, and goes or went.
    LETTERS unscoped "the test reads all mail" = "
        select id, recipient, sha256 from letter where sha256 <> '' and state <> 'cancelled' order by id";
}

/// What is not asked: it needs a secret of a letter, or is no question.
const LEFT_OUT: [&str; 3] = [
    "/api/v1/socket",
    "/api/v1/invitations/by-token/{token}",
    "/api/v1/mail/unsubscribe/{token}",
];

/// Two states of the world: while a step is done, either may show.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span<'m> {
    pub(super) before: &'m Model,
    pub(super) after: &'m Model,
}

impl Span<'_> {
    /// Whether a text holds nothing that a company may not see.
    pub(super) fn allows(self, company: usize, what: &str, text: &str) -> Check {
        for word in Model::words_in(text) {
            let known = self.after.words.get(word).copied();
            let Some(it) = known else {
                return Err(format!("{what} makes words up: {word}"));
            };
            if !self.before.may(company, it) && !self.after.may(company, it) {
                return Err(format!(
                    "company {company} sees {word}, {it:?}, in {what}: {text}"
                ));
            }
        }
        Ok(())
    }
}

impl Stage {
    fn now(&self) -> Span<'_> {
        Span { before: &self.model, after: &self.model }
    }

    /// Reads what came over the sockets up to now.
    pub(super) async fn listen(&mut self, before: &Model) -> Check {
        let span = Span { before, after: &self.model };
        for viewer in &mut self.viewers {
            let Some(ear) = &mut viewer.ear else { continue };
            let frames = ear.drain().await.map_err(|why| {
                format!("{} of company {}: {why}", viewer.who.email, viewer.company)
            })?;
            for frame in frames {
                span.allows(viewer.company, "a frame", &frame.to_string())?;
            }
            for room in &self.model.rooms {
                let reads = self.model.reads(room, viewer.company);
                if !reads && ear.follows.contains(&room.id) {
                    return Err(format!("nobody told that room {} is lost", room.id));
                }
            }
        }
        Ok(())
    }

    /// Follows what may be followed, and knocks where it may not.
    pub(super) async fn follow(&mut self, before: &Model) -> Check {
        let span = Span { before: &self.model, after: &self.model };
        for viewer in &mut self.viewers {
            let (Some(ear), company) = (&mut viewer.ear, viewer.company) else {
                continue;
            };
            for room in &self.model.rooms {
                let reads = self.model.reads(room, company);
                if reads && !ear.follows.contains(&room.id) {
                    for frame in ear.follow(&room.id).await? {
                        span.allows(company, "a replay", &frame.to_string())?;
                    }
                } else if !reads && before.reads(room, company) {
                    let ask = serde_json::json!({ "t": "sub", "room": room.id });
                    let answers = ear.ask(ask).await?;
                    let answer = answers.last().cloned().unwrap_or_default();
                    if answer["code"] != "not_found" {
                        return Err(format!("a lost room answers {answer}"));
                    }
                }
            }
        }
        Ok(())
    }

    /// Everybody who reads a room hears a word that was just said in it.
    pub(super) async fn hear(&mut self, room: usize, word: &str) -> Check {
        let (room, span) =
            (&self.model.rooms[room], Span { before: &self.model, after: &self.model });
        for viewer in &mut self.viewers {
            let Some(ear) = &mut viewer.ear else { continue };
            if !ear.follows.contains(&room.id) {
                continue;
            }
            let heard = ear.until(|it| it["t"] == "ev" && it["body"] == word).await;
            let frames = heard.map_err(|why| {
                format!("{} does not hear {word}: {why}", viewer.who.email)
            })?;
            for frame in frames {
                span.allows(viewer.company, "a frame", &frame.to_string())?;
            }
        }
        Ok(())
    }

    /// Asks for everything as the owner of each company, and as a colleague of one.
    pub(super) async fn read(&self, before: &Model) -> Check {
        for company in 0..COMPANIES {
            let mut seen = BTreeSet::new();
            for path in self.paths() {
                let answer = self.owner(company).get(&path).await;
                self.judge(company, &path, &answer)?;
                let text = String::from_utf8_lossy(&answer.bytes).into_owned();
                seen.extend(Model::words_in(&text).map(str::to_owned));
            }
            self.knock(company, before).await?;
            for (text, word) in &self.model.words {
                if self.model.must(company, *word) && !seen.contains(text) {
                    return Err(format!("company {company} misses {text}, {word:?}"));
                }
            }
        }
        Ok(())
    }

    /// Every question of the API's document, about everything that ever was.
    fn paths(&self) -> Vec<String> {
        let mut paths = Vec::new();
        for operation in operations::all() {
            if !operation.reads() || LEFT_OUT.contains(&operation.path.as_str()) {
                continue;
            }
            match operation.parameters().as_slice() {
                [] if operation.path == "/api/v1/search" => {
                    paths.push(format!("{}?q=zq&limit=50", operation.path));
                }
                [] => paths.push(format!("{}?total=true&limit=100", operation.path)),
                [one] => {
                    let all = self.ids(one);
                    let place = format!("{{{one}}}");
                    paths.extend(all.iter().map(|id| operation.path.replace(&place, id)));
                }
                _ => {}
            }
        }
        paths.push("/api/v1/accounts?view=shared&total=true".to_owned());
        paths
    }

    fn ids(&self, parameter: &str) -> Vec<String> {
        match parameter {
            "deal" => self.deals.clone(),
            "account" => self.accounts.clone(),
            "partnership" => self.ties.clone(),
            "room" => self.model.rooms.iter().map(|it| it.id.clone()).collect(),
            _ => Vec::new(),
        }
    }

    /// An answer holds no forbidden word, and is there, or not, as it must.
    fn judge(&self, company: usize, path: &str, answer: &Answer) -> Check {
        let text = String::from_utf8_lossy(&answer.bytes);
        self.now().allows(company, path, &text)?;
        let named = |id: &String| path.contains(id.as_str());
        let deal = self.deals.iter().position(named);
        let account = self.accounts.iter().position(named);
        let room = self.model.rooms.iter().find(|it| named(&it.id));
        let shown = match (deal, account, room) {
            (Some(deal), ..) => self.model.live(deal, company),
            (_, Some(account), _) => self.model.shown(account, company),
            (.., Some(room)) => self.model.reads(room, company),
            (None, None, None) => return self.count(company, path, answer),
        };
        if (answer.status == 200) == shown && (shown || answer.status == 404) {
            return Ok(());
        }
        Err(format!("to company {company} {path} answers {}: {text}", answer.status))
    }

    /// A list holds what it must, and counts no more.
    fn count(&self, company: usize, path: &str, answer: &Answer) -> Check {
        let all: Vec<usize> = (0..2).collect();
        let due = if path.starts_with("/api/v1/deals?") {
            all.iter().filter(|it| self.model.live(**it, company)).count()
        } else if path.contains("view=shared") {
            let theirs = all.iter().filter(|it| **it != company);
            theirs.filter(|it| self.model.shown(**it, company)).count()
        } else {
            return Ok(());
        };
        let items = answer.body["items"].as_array().map_or(0, Vec::len);
        if answer.body["total"] == due && items == due {
            return Ok(());
        }
        Err(format!("company {company} counts {items}, not {due}, in {path}"))
    }

    /// A word that was lost finds nothing.
    async fn knock(&self, company: usize, before: &Model) -> Check {
        let lost = self.model.words.iter().filter(|(_, word)| {
            before.may(company, **word) && !self.model.may(company, **word)
        });
        for (word, _) in lost.take(4) {
            for path in
                ["deals?total=true&q=", "accounts?total=true&view=shared&q=", "search?q="]
            {
                let answer =
                    self.owner(company).get(&format!("/api/v1/{path}{word}")).await;
                let text = String::from_utf8_lossy(&answer.bytes);
                let found = ["deal_", "acc_", "room_"].iter().any(|it| text.contains(it));
                if found || answer.body["total"].as_i64().unwrap_or(0) != 0 {
                    return Err(format!(
                        "company {company} finds {word} by {path}: {text}"
                    ));
                }
            }
        }
        Ok(())
    }

    /// What was written to guests and members since the last look.
    pub(super) async fn mail(&mut self, before: &Model) -> Check {
        let span = Span { before, after: &self.model };
        let mut conn = self.hub.house.db.read().await.map_err(|it| it.to_string())?;
        let rows: Vec<(Id<Letter>, String, String)> =
            conn.run(LETTERS).all().await.map_err(|it| it.to_string())?;
        drop(conn);
        for (id, recipient, sha256) in rows {
            let id = id.to_string();
            let guest = self.model.guests.iter().find(|it| it.email == recipient);
            let member = (0..COMPANIES).find(|it| self.owner(*it).email == recipient);
            if self.letters.contains(&id) || (guest.is_none() && member.is_none()) {
                continue;
            }
            let name: Sha256 =
                sha256.parse().map_err(|it: kernel::Fault| it.to_string())?;
            let bytes = self.hub.house.files.read(name).await;
            let bytes = bytes.map_err(|it| it.to_string())?;
            // Quoted-printable breaks lines where it likes.
            let text = String::from_utf8_lossy(&bytes).replace("=\r\n", "");
            if let Some(company) = member {
                span.allows(company, "a letter", &text)?;
            }
            if let Some(guest) = guest {
                self.letter(guest, &text)?;
            }
            self.letters.push(id);
        }
        Ok(())
    }

    fn letter(&self, guest: &Guest, text: &str) -> Check {
        for word in Model::words_in(text) {
            let known = self.model.words.get(word);
            if !known.is_some_and(|it| guest.may_get(*it)) {
                return Err(format!("{} gets {word}, {known:?}, by mail", guest.email));
            }
        }
        Ok(())
    }
}

/// The text of something that was answered while a step was done.
pub(super) fn told(answer: &Answer) -> String {
    let body: &Value = &answer.body;
    if body.is_null() {
        String::from_utf8_lossy(&answer.bytes).into_owned()
    } else {
        body.to_string()
    }
}
