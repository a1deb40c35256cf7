//! The companies on a hub of their own; each step is done there and told to the model.

use axum::http::Method;
use gate::Role;
use serde_json::{Value, json};
use suite::{Answer, Company, Hub, Person};

use super::{
    act::Act,
    ear::Ear,
    model::{ACCOUNT, CARD, COMPANIES, Home, Model, PAIRS, Part, Room, Tie, host},
    whisper::Whisper,
};

/// What went wrong, in words.
pub(super) type Check = Result<(), String>;

/// Somebody who looks.
#[derive(Debug)]
pub(super) struct Viewer {
    pub(super) who: Person,
    pub(super) company: usize,
    pub(super) role: Role,
    /// None while they are suspended.
    pub(super) ear: Option<Ear>,
}

/// Everything that takes part in one history.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) hub: Hub,
    pub(super) companies: Vec<Company>,
    /// An owner of each company, then a colleague of each.
    pub(super) viewers: Vec<Viewer>,
    pub(super) deals: Vec<String>,
    pub(super) accounts: Vec<String>,
    pub(super) ties: Vec<String>,
    pub(super) model: Model,
    /// The letters that were looked at.
    pub(super) letters: Vec<String>,
    pub(super) hired: u32,
    /// The rooms of two owners.
    pub(super) whispers: Vec<Whisper>,
}

/// The answer's body, if the status is one that is expected.
pub(super) fn good(what: &str, answer: Answer, status: u16) -> Result<Value, String> {
    if answer.status == status {
        return Ok(answer.body);
    }
    let told = String::from_utf8_lossy(&answer.bytes).into_owned();
    Err(format!("{what}: {} instead of {status}: {told}", answer.status))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The fields that the bits of a mask name.
fn fields(known: [&'static str; 3], mask: u8) -> Vec<&'static str> {
    let each = known.into_iter().enumerate();
    each.filter(|(at, _)| mask & (1 << at) != 0).map(|(_, field)| field).collect()
}

impl Stage {
    /// Three companies that are partners; the first two have a deal and an account each.
    pub(super) async fn set(hub: Hub) -> Result<Self, String> {
        let (mut companies, mut viewers) = (Vec::new(), Vec::new());
        for name in ["Nordwind", "Atelier", "Kestrel"] {
            let (company, owner) = hub.company(name).await;
            viewers.push(Viewer {
                ear: Some(Ear::open(&hub, &owner).await),
                who: owner,
                company: companies.len(),
                role: Role::Owner,
            });
            companies.push(company);
        }
        for (at, company) in companies.iter().enumerate() {
            let who = hub.person(company, Role::Seller, "Sam Seller").await;
            let ear = Some(Ear::open(&hub, &who).await);
            viewers.push(Viewer { ear, who, company: at, role: Role::Seller });
        }
        for viewer in viewers.iter().filter(|it| it.role == Role::Owner) {
            let form = json!({ "pace": "instant", "hour": 8, "zone": "UTC" });
            let path = "/api/v1/me/mail";
            let kept = viewer.who.ask(Method::PUT, path, Some(form), &[]).await;
            good("mail", kept, 200)?;
        }
        let mut ties = Vec::new();
        for (one, other) in PAIRS {
            let made = hub.partners(&viewers[one].who, &viewers[other].who).await;
            ties.push(text(&made["id"]));
        }
        let model = Model { ties: vec![Tie::Live; 3], ..Model::default() };
        let (deals, accounts, letters) = (Vec::new(), Vec::new(), Vec::new());
        let mut stage = Self {
            hub,
            companies,
            viewers,
            deals,
            accounts,
            ties,
            model,
            letters,
            hired: 0,
            whispers: Vec::new(),
        };
        for at in 0..2 {
            stage.furnish(at).await?;
        }
        Ok(stage)
    }

    async fn furnish(&mut self, at: usize) -> Check {
        let words = CARD.map(|field| self.model.word(Home::Card { deal: at, field }));
        let [title, account, next_step] = words;
        let form = json!({ "title": title, "account": account, "next_step": next_step, "amount_minor": 1, "currency": "EUR" });
        let deal = good("a deal", self.owner(at).post("/api/v1/deals", form).await, 201)?;
        self.deals.push(text(&deal["id"]));
        for room in deal["rooms"].as_array().into_iter().flatten() {
            let only = (room["kind"] == "internal").then_some(at);
            self.model.rooms.push(Room { id: text(&room["id"]), deal: at, only });
        }
        let words =
            ACCOUNT.map(|field| self.model.word(Home::Account { account: at, field }));
        let [name, city, notes] = words;
        let form = json!({ "name": name, "city": city, "notes": notes });
        let made = self.owner(at).post("/api/v1/accounts", form).await;
        self.accounts.push(text(&good("an account", made, 201)?["id"]));
        self.side_note(at, at).await
    }

    /// The owner of a company, who stays.
    pub(super) fn owner(&self, company: usize) -> &Person {
        &self.viewers[company].who
    }

    /// Does a step, if it can be done now.
    pub(super) async fn play(&mut self, act: Act) -> Check {
        let company = |it: u8| usize::from(it) % COMPANIES;
        let of = |it: u8| usize::from(it) % 2;
        match act {
            Act::Invite { deal, company: who, mask, whole, answer } => {
                self.invite(of(deal), company(who), mask, (whole, answer)).await
            }
            Act::Accept { deal, company: who } => {
                self.accept(of(deal), company(who)).await
            }
            Act::Refuse { deal, company: who, host } => {
                self.refuse(of(deal), company(who), host).await
            }
            Act::Mask { deal, company: who, mask } => {
                self.reshape(of(deal), company(who), Some(mask)).await
            }
            Act::Hush { deal, company: who } => {
                self.reshape(of(deal), company(who), None).await
            }
            Act::Part { deal, company: who, host } => {
                self.part(of(deal), company(who), host).await
            }
            Act::Share { account, company: who, mask } => {
                self.share(of(account), company(who), mask).await
            }
            Act::Unshare { account, company: who } => {
                self.unshare(of(account), company(who)).await
            }
            Act::Suspend { pair, side } => self.suspend(company(pair), side).await,
            Act::End { pair, side, notice } => {
                self.end(company(pair), side, notice).await
            }
            Act::Again { pair } => self.again(company(pair)).await,
            Act::Role { company: who, role } => self.role(company(who), role).await,
            Act::Bench { company: who } => self.bench(company(who)).await,
            Act::Dismiss { company: who } => self.dismiss(company(who)).await,
            Act::SignOut { company: who } => self.sign_out(company(who)).await,
            Act::Token { company: who } => self.token(company(who)).await,
            Act::Publish { deal, company: who } => {
                self.publish(of(deal), company(who)).await
            }
            Act::Note { deal, company: who } => self.note(of(deal), company(who)).await,
            Act::Topic { deal, company: who } => self.topic(of(deal), company(who)).await,
            Act::Guest { which } => self.guest_out(which.into()).await,
            Act::Card { deal, field } => self.card(of(deal), CARD[company(field)]).await,
            Act::Account { account, field } => {
                self.account(of(account), ACCOUNT[company(field)]).await
            }
        }
    }

    fn deal(&self, deal: usize) -> String {
        format!("/api/v1/deals/{}", self.deals[deal])
    }

    async fn invite(
        &mut self,
        deal: usize,
        company: usize,
        mask: u8,
        (whole, answer): (bool, bool),
    ) -> Check {
        let free = !self.model.parts.contains_key(&(deal, company));
        if host(deal) == company || !free || !self.live_pair(deal, company) {
            return Ok(());
        }
        let mask = fields(CARD, mask);
        let told = [mask.as_slice(), &["stage"]].concat();
        let history = if whole { "all" } else { "from_join" };
        let form = json!({ "organisation": self.companies[company].id, "fields": told, "verbs": ["read", "comment", "export"], "history": history });
        let path = format!("{}/parties", self.deal(deal));
        let made = good("inviting", self.owner(deal).post(&path, form).await, 201)?;
        let part = Part {
            id: text(&made["id"]),
            mask: mask.into_iter().collect(),
            whole,
            invited: self.model.now,
            joined: None,
            writes: true,
        };
        self.model.parts.insert((deal, company), part);
        if answer { self.accept(deal, company).await } else { Ok(()) }
    }

    fn live_pair(&self, one: usize, other: usize) -> bool {
        one != other && self.model.ties[Model::pair(one, other)] == Tie::Live
    }

    async fn accept(&mut self, deal: usize, company: usize) -> Check {
        let waits = self.model.parts.get(&(deal, company));
        if waits.is_none_or(|it| it.joined.is_some()) || !self.live_pair(deal, company) {
            return Ok(());
        }
        self.step(deal, company, "accept", company).await?;
        let now = self.model.now;
        if let Some(part) = self.model.parts.get_mut(&(deal, company)) {
            part.joined = Some(now);
        }
        self.find_rooms(deal, company).await?;
        self.side_note(deal, company).await
    }

    /// A move of a party, by one of the two.
    async fn step(&self, deal: usize, company: usize, step: &str, by: usize) -> Check {
        let Some(part) = self.model.parts.get(&(deal, company)) else { return Ok(()) };
        let path = format!("{}/parties/{}/moves", self.deal(deal), part.id);
        let moved = self.owner(by).post(&path, json!({ "move": step })).await;
        good(step, moved, 200).map(drop)
    }

    /// A company that has come in has a room for its notes.
    async fn find_rooms(&mut self, deal: usize, company: usize) -> Check {
        let path = format!("{}/rooms", self.deal(deal));
        let rooms = good("rooms", self.owner(company).get(&path).await, 200)?;
        for room in rooms["items"].as_array().into_iter().flatten() {
            let id = text(&room["id"]);
            if self.model.rooms.iter().all(|it| it.id != id) {
                let only = (room["kind"] == "internal").then_some(company);
                self.model.rooms.push(Room { id, deal, only });
            }
        }
        Ok(())
    }

    async fn refuse(&mut self, deal: usize, company: usize, by_host: bool) -> Check {
        let waits = self.model.parts.get(&(deal, company));
        if waits.is_none_or(|it| it.joined.is_some()) || !self.live_pair(deal, company) {
            return Ok(());
        }
        let (step, by) = if by_host { ("cancel", deal) } else { ("decline", company) };
        self.step(deal, company, step, by).await?;
        self.model.part_over(deal, company);
        Ok(())
    }

    async fn part(&mut self, deal: usize, company: usize, by_host: bool) -> Check {
        if host(deal) == company || !self.model.live(deal, company) {
            return Ok(());
        }
        let (step, by) = if by_host { ("remove", deal) } else { ("leave", company) };
        self.step(deal, company, step, by).await?;
        self.model.part_over(deal, company);
        Ok(())
    }

    /// Another mask, or, without one, whether it may write.
    async fn reshape(&mut self, deal: usize, company: usize, mask: Option<u8>) -> Check {
        let Some(part) = self.model.parts.get(&(deal, company)).cloned() else {
            return Ok(());
        };
        let path = self.deal(deal);
        let seen = good("a deal", self.owner(deal).get(&path).await, 200)?;
        let mut parties = seen["party_list"].as_array().into_iter().flatten();
        let Some(row) = parties.find(|it| it["id"] == part.id.as_str()) else {
            return Ok(());
        };
        let mask = mask.map(|bits| fields(CARD, bits));
        let writes = if mask.is_some() { part.writes } else { !part.writes };
        let form = match &mask {
            Some(mask) => {
                let fields = [mask.as_slice(), &["stage"]].concat();
                json!({ "fields": fields })
            }
            None if writes => json!({ "verbs": ["read", "comment", "export"] }),
            None => json!({ "verbs": ["read", "export"] }),
        };
        let path = format!("{path}/parties/{}", part.id);
        let set = self.owner(deal).patch(&path, &row["revision"], form).await;
        good("a mask", set, 200)?;
        if let Some(part) = self.model.parts.get_mut(&(deal, company)) {
            part.writes = writes;
            if let Some(mask) = mask {
                part.mask = mask.into_iter().collect();
            }
        }
        Ok(())
    }

    async fn share(&mut self, account: usize, company: usize, mask: u8) -> Check {
        let mask = fields(ACCOUNT, mask);
        if mask.is_empty() || !self.live_pair(account, company) {
            return Ok(());
        }
        let path = format!("/api/v1/accounts/{}/grants", self.accounts[account]);
        let form = json!({ "organisation": self.companies[company].id, "fields": mask });
        let made = good("sharing", self.owner(account).post(&path, form).await, 201)?;
        let grant = (text(&made["grant"]), mask.into_iter().collect());
        self.model.grants.insert((account, company), grant);
        Ok(())
    }

    async fn unshare(&mut self, account: usize, company: usize) -> Check {
        let Some((grant, _)) = self.model.grants.get(&(account, company)) else {
            return Ok(());
        };
        let path = format!("/api/v1/accounts/{}/grants/{grant}", self.accounts[account]);
        good("unsharing", self.owner(account).delete(&path).await, 204)?;
        self.model.grants.remove(&(account, company));
        Ok(())
    }
}
