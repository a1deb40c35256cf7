//! The steps of partnerships, of people, and of what is written.

use std::time::Duration;

use gate::Role;
use serde_json::{Value, json};
use suite::Person;

use super::{
    ear::Ear,
    model::{Guest, Home, Model, PAIRS, Room, Tie, host},
    stage::{Check, Stage, good},
};

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl Stage {
    /// A move of a partnership.
    async fn tie(&self, pair: usize, by: usize, form: Value) -> Check {
        let (path, who) =
            (format!("/api/v1/partnerships/{}", self.ties[pair]), self.owner(by));
        let now = good("a partnership", who.get(&path).await, 200)?;
        let mut form = form;
        form["revision"] = now["revision"].clone();
        good("a move", who.post(&format!("{path}/moves"), form).await, 200).map(drop)
    }

    pub(super) async fn suspend(&mut self, pair: usize, side: bool) -> Check {
        let (one, other) = PAIRS[pair];
        let by = if side { one } else { other };
        match self.model.ties[pair] {
            Tie::Live => {
                self.tie(pair, by, json!({ "move": "suspend" })).await?;
                self.model.ties[pair] = Tie::Dark(by);
            }
            Tie::Dark(by) => {
                self.tie(pair, by, json!({ "move": "resume" })).await?;
                self.model.ties[pair] = Tie::Live;
            }
            Tie::Over => {}
        }
        Ok(())
    }

    pub(super) async fn end(&mut self, pair: usize, side: bool, notice: bool) -> Check {
        let (one, other) = PAIRS[pair];
        let by = if side { one } else { other };
        if self.model.ties[pair] == Tie::Over {
            return Ok(());
        }
        if notice {
            let until = self.hub.house.clock.now() + Duration::from_hours(1);
            let form = json!({ "move": "give_notice", "ends_at": until });
            self.tie(pair, by, form).await?;
            self.hub.wait(Duration::from_hours(2));
            let ended = sharing::handshakes::expire(&self.hub.house).await;
            if ended.map_err(|it| it.to_string())? > 1 {
                return Err("more ended than had to".to_owned());
            }
        } else {
            self.tie(pair, by, json!({ "move": "end_now" })).await?;
        }
        self.model.tie_over(pair);
        Ok(())
    }

    pub(super) async fn again(&mut self, pair: usize) -> Check {
        if self.model.ties[pair] == Tie::Over {
            let (one, other) = PAIRS[pair];
            let made = self.hub.partners(self.owner(one), self.owner(other)).await;
            self.ties[pair] = text(&made["id"]);
            self.model.ties[pair] = Tie::Live;
        }
        Ok(())
    }

    /// The place of a company's colleague among the viewers.
    fn colleague(&self, company: usize) -> usize {
        self.companies.len() + company
    }

    async fn member(&self, company: usize, form: Value) -> Check {
        let (owner, who) =
            (self.owner(company), &self.viewers[self.colleague(company)].who);
        let people = good("people", owner.get("/api/v1/people").await, 200)?;
        let id = who.membership.to_string();
        let mut people = people["items"].as_array().into_iter().flatten();
        let Some(row) = people.find(|it| it["membership"] == id.as_str()) else {
            return Err("a colleague is not among the people".to_owned());
        };
        let path = format!("/api/v1/people/{id}");
        good("a colleague", owner.patch(&path, &row["revision"], form).await, 200)
            .map(drop)
    }

    /// Another role: what it may not do is refused at once.
    pub(super) async fn role(&mut self, company: usize, role: u8) -> Check {
        let at = self.colleague(company);
        if self.viewers[at].ear.is_none() {
            return Ok(());
        }
        let role = [Role::Viewer, Role::Seller, Role::Admin][usize::from(role) % 3];
        self.member(company, json!({ "role": role })).await?;
        self.viewers[at].role = role;
        let status = self.viewers[at].who.get("/api/v1/audit").await.status;
        let governs = role == Role::Admin;
        if (status == 200) != governs {
            return Err(format!("as {role:?} the audit log answers {status}"));
        }
        let Some(room) = self.own_room(company) else { return Ok(()) };
        let form = json!({ "room": room, "t": "send", "cid": cid(), "body": "hello" });
        let Some(ear) = &mut self.viewers[at].ear else { return Ok(()) };
        let answers = ear.ask(form).await?;
        let answer = answers.last().cloned().unwrap_or_default();
        if (answer["t"] == "ack") != (role != Role::Viewer) {
            return Err(format!("as {role:?} a message is answered by {answer}"));
        }
        Ok(())
    }

    /// The main room of a deal that a company hosts.
    fn own_room(&self, company: usize) -> Option<String> {
        let mut rooms = self.model.rooms.iter();
        let own = rooms.find(|it| host(it.deal) == company && it.only.is_none());
        own.map(|it| it.id.clone())
    }

    pub(super) async fn bench(&mut self, company: usize) -> Check {
        let at = self.colleague(company);
        if let Some(ear) = self.viewers[at].ear.take() {
            self.member(company, json!({ "state": "suspended" })).await?;
            return over(&self.viewers[at].who, ear).await;
        }
        self.member(company, json!({ "state": "active" })).await?;
        let id = self.companies[company].id;
        self.viewers[at].who = self.hub.again(&self.viewers[at].who, id).await;
        self.viewers[at].ear = Some(Ear::open(&self.hub, &self.viewers[at].who).await);
        Ok(())
    }

    /// Somebody with a socket that follows what the company reads.
    async fn look_around(&self, who: &Person, company: usize) -> Result<Ear, String> {
        let mut ear = Ear::open(&self.hub, who).await;
        for room in &self.model.rooms {
            if self.model.reads(room, company) {
                ear.follow(&room.id).await?;
            }
        }
        good("before it ends", who.get("/api/v1/me").await, 200)?;
        Ok(ear)
    }

    pub(super) async fn dismiss(&mut self, company: usize) -> Check {
        self.hired += 1;
        let name = format!("Hana {}", self.hired);
        let who = self.hub.person(&self.companies[company], Role::Admin, &name).await;
        let ear = self.look_around(&who, company).await?;
        let path = format!("/api/v1/people/{}", who.membership);
        good("dismissing", self.owner(company).delete(&path).await, 204)?;
        over(&who, ear).await
    }

    pub(super) async fn sign_out(&mut self, company: usize) -> Check {
        let id = self.companies[company].id;
        let who = self.hub.again(self.owner(company), id).await;
        let ear = self.look_around(&who, company).await?;
        good("signing out", who.post("/api/v1/sign-out", json!({})).await, 204)?;
        over(&who, ear).await
    }

    pub(super) async fn token(&mut self, company: usize) -> Check {
        let owner = self.owner(company).clone();
        let form = json!({ "name": "report", "scopes": ["read", "write"] });
        let made = good("a token", owner.post("/api/v1/tokens", form).await, 201)?;
        let mut who = owner.clone();
        who.token = text(&made["token"]);
        let ear = self.look_around(&who, company).await?;
        let path = format!("/api/v1/tokens/{}", text(&made["id"]));
        good("ending a token", owner.delete(&path).await, 204)?;
        over(&who, ear).await
    }

    /// What a company notes on its own side; it is published later, or never.
    pub(super) async fn side_note(&mut self, deal: usize, company: usize) -> Check {
        let note = self.model.word(Home::Side { deal, company });
        self.side(deal, company, json!({ "notes": note })).await
    }

    async fn side(&self, deal: usize, company: usize, form: Value) -> Check {
        let path = format!("/api/v1/deals/{}", self.deals[deal]);
        let owner = self.owner(company);
        let seen = good("a deal", owner.get(&path).await, 200)?;
        let revision = &seen["side"]["revision"];
        good("a side", owner.patch(&format!("{path}/side"), revision, form).await, 200)
            .map(drop)
    }

    pub(super) async fn publish(&mut self, deal: usize, company: usize) -> Check {
        if !self.model.live(deal, company) {
            return Ok(());
        }
        let shown = !self.model.published.contains(&(deal, company));
        let published = if shown { vec!["notes"] } else { Vec::new() };
        self.side(deal, company, json!({ "published": published })).await?;
        if shown {
            self.model.published.insert((deal, company));
        } else {
            self.model.published.remove(&(deal, company));
        }
        Ok(())
    }

    pub(super) async fn note(&mut self, deal: usize, company: usize) -> Check {
        let own = |it: &Room| it.deal == deal && it.only == Some(company);
        match self.model.rooms.iter().position(own) {
            Some(room) if self.model.writes(&self.model.rooms[room], company) => {
                self.say(room, company).await.map(drop)
            }
            _ => Ok(()),
        }
    }

    /// Says a fresh word in a room.
    pub(super) async fn say(
        &mut self,
        room: usize,
        company: usize,
    ) -> Result<String, String> {
        let word = self.model.word(Home::Said { room });
        let path = format!("/api/v1/rooms/{}/events", self.model.rooms[room].id);
        let form = json!({ "cid": cid(), "body": word });
        good("a message", self.owner(company).post(&path, form).await, 201)?;
        Ok(word)
    }

    pub(super) async fn topic(&mut self, deal: usize, company: usize) -> Check {
        let main = |it: &Room| it.deal == deal && it.only.is_none();
        let main = self.model.rooms.iter().find(|it| main(it));
        if !main.is_some_and(|room| self.model.writes(room, company)) {
            return Ok(());
        }
        let email = format!("guest{}@outside.example", self.model.guests.len());
        let guest = json!({ "email": email, "name": "Gast" });
        let path = format!("/api/v1/deals/{}/topics", self.deals[deal]);
        let form = json!({ "title": "Plans", "guest": guest });
        let made = good("a topic", self.owner(company).post(&path, form).await, 201)?;
        let id = text(&made["id"]);
        let seen = self.owner(company).get(&format!("/api/v1/rooms/{id}")).await;
        let seen = good("a topic", seen, 200)?;
        let room = self.model.rooms.len();
        self.model.rooms.push(Room { id, deal, only: None });
        let id = text(&seen["guests"][0]["id"]);
        let sponsor = company;
        let guest = Guest { id, email, room, sponsor, out: None, dark: None };
        self.model.guests.push(guest);
        self.say(room, company).await.map(drop)
    }

    pub(super) async fn guest_out(&mut self, which: usize) -> Check {
        let count = self.model.guests.len().max(1);
        let Some(guest) = self.model.guests.get(which % count).cloned() else {
            return Ok(());
        };
        let room = self.model.rooms[guest.room].clone();
        if guest.out.is_some() || !self.model.live(room.deal, guest.sponsor) {
            return Ok(());
        }
        let path = format!("/api/v1/rooms/{}/guests/{}", room.id, guest.id);
        good("a guest", self.owner(guest.sponsor).delete(&path).await, 204)?;
        let now = self.model.now;
        self.model.guests[which % count].out = Some(now);
        Ok(())
    }

    pub(super) async fn card(&mut self, deal: usize, field: &'static str) -> Check {
        let path = format!("/api/v1/deals/{}", self.deals[deal]);
        let seen = good("a deal", self.owner(deal).get(&path).await, 200)?;
        let word = self.model.word(Home::Card { deal, field });
        let form = json!({ field: word });
        let set = self.owner(deal).patch(&path, &seen["revision"], form).await;
        good("a card", set, 200).map(drop)
    }

    pub(super) async fn account(&mut self, account: usize, field: &'static str) -> Check {
        let path = format!("/api/v1/accounts/{}", self.accounts[account]);
        let seen = good("an account", self.owner(account).get(&path).await, 200)?;
        let word = self.model.word(Home::Account { account, field });
        let form = json!({ field: word });
        let set = self.owner(account).patch(&path, &seen["revision"], form).await;
        good("an account", set, 200).map(drop)
    }
}

/// A client's own id for a message.
fn cid() -> String {
    uuid::Uuid::from_u128(rand::random()).to_string()
}

/// Whose right to act is over hears and reads nothing more.
async fn over(who: &Person, mut ear: Ear) -> Check {
    for path in ["/api/v1/me", "/api/v1/deals", "/api/v1/notifications"] {
        let status = who.get(path).await.status;
        if status != 401 {
            return Err(format!("after it is over, {path} answers {status}"));
        }
    }
    if ear.is_closed().await { Ok(()) } else { Err("the socket stays open".to_owned()) }
}

impl Model {
    /// The words of a text: `zq` and four digits.
    pub(super) fn words_in(text: &str) -> impl Iterator<Item = &str> {
        let pieces = text.split(|it: char| !it.is_ascii_alphanumeric());
        pieces.filter(|it| {
            let digits = it.strip_prefix("zq").unwrap_or_default();
            digits.len() == 4 && digits.bytes().all(|it| it.is_ascii_digit())
        })
    }
}
