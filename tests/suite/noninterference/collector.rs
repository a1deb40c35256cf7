//! The rival, and everything that it can get.

use std::{collections::BTreeMap, fmt::Write, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use suite::{Answer, Company, Hub, Person, Socket};

use super::secret::{Made, Stage};
use crate::{
    operations::{self, Operation},
    scene::Scene,
};

/// A third organisation that shares one deal with the vendor, and listens.
#[derive(Debug)]
pub(super) struct Rival {
    pub(super) company: Company,
    pub(super) carl: Person,
    seller: Person,
    deal: String,
    party: String,
    socket: Socket,
}

/// Operations that the collector does not try, each for a reason.
const LEFT_OUT: &[&str] = &[
    // They would end the session with which it collects.
    "POST /api/v1/sign-out",
    "POST /api/v1/switch",
    // A frame's way: the socket is collected as a socket.
    "GET /api/v1/socket",
    // It answers everybody by a mail, never by what it finds.
    "POST /api/v1/sign-in",
];

/// Frames after which the hub closes the socket: a second hello, and a token of nobody.
const ENDING: &[&str] = &["hello", "auth"];

/// Frames that become events of a log.
const COMMITTED: &[&str] = &["send", "edit", "redact", "react", "pin"];

/// What the answers hold that is drawn by chance, and tells nothing.
const BY_CHANCE: &[&str] = &["token", "link", "x-request-id"];

impl Rival {
    /// Opens its socket before anything happens.
    pub(super) async fn listen(
        hub: &Hub,
        company: Company,
        carl: Person,
        seller: Person,
        deal: &str,
    ) -> Self {
        let mut socket = hub.socket(&seller).await;
        socket.tell(json!({ "t": "sub", "room": "me" })).await;
        let seen = carl.get(&format!("/api/v1/deals/{deal}")).await.expect(200);
        for room in seen["rooms"].as_array().unwrap() {
            socket.subscribe(room["id"].as_str().unwrap()).await;
        }
        let party = seen["you"]["party"].as_str().unwrap().to_owned();
        Self { company, carl, seller, deal: deal.to_owned(), party, socket }
    }

    /// Everything, as one text, with ids renamed in the order in which they were seen.
    pub(super) async fn collect(&mut self, hub: &Hub, stage: &Stage) -> String {
        let made = stage.made.lock().await.clone().with_nobodys();
        let mut told = String::new();
        for frame in self.socket.during(Duration::from_millis(150)).await {
            // Who is online is told when it happens; only what is stored is compared here.
            if frame["t"] != "eph" {
                writeln!(told, "frame {frame}").unwrap();
            }
        }
        let direct = made.direct.clone().unwrap();
        for kind in wire::ClientFrame::ALL {
            for room in [made.room.clone().unwrap(), direct.clone(), nobodys("room")] {
                self.say(hub, kind, &room, &mut told).await;
            }
        }
        for operation in operations::all() {
            if !LEFT_OUT.contains(&operation.name().as_str()) {
                self.visit(&operation, &made, stage, &mut told).await;
            }
        }
        self.register(stage, &mut told).await;
        self.map(hub, &mut told).await;
        self.search(&mut told).await;
        self.mail(hub, &mut told).await;
        renamed(&told)
    }

    /// Sends one frame, and tells what comes back.
    async fn say(&mut self, hub: &Hub, kind: &str, room: &str, told: &mut String) {
        let frame = frame(kind, room);
        if ENDING.contains(&kind) {
            let mut socket = hub.socket(&self.seller).await;
            socket.tell(frame).await;
            writeln!(told, "{kind} closes {}", socket.closed().await).unwrap();
            return;
        }
        let before = self.socket.seen.len();
        self.socket.tell(frame).await;
        if COMMITTED.contains(&kind) {
            // Whoever commits messages answers, in its own time.
            self.socket.until(|frame| frame["t"] == "nak").await;
        }
        self.socket.raw(json!({ "t": "ping", "n": 7 }).to_string()).await;
        self.socket.until(|frame| frame["t"] == "pong" && frame["n"] == 7).await;
        for frame in self.socket.seen.iter().skip(before) {
            if frame["t"] != "eph" {
                writeln!(told, "{kind} brings {frame}").unwrap();
            }
        }
    }

    /// Asks for an operation with its own ids where it has them, and with the partners'.
    async fn visit(
        &self,
        operation: &Operation,
        made: &Made,
        stage: &Stage,
        told: &mut String,
    ) {
        let name = operation.name();
        // It knocks with what is its own, with the partners', and with what two of them share.
        let direct = made.between_two();
        let rooms = operation.parameters().contains(&"room");
        let ids =
            [(false, Some(made)), (true, Some(made)), (true, rooms.then_some(&direct))];
        for (foreign, made) in ids {
            let Some(made) = made else { continue };
            let mut path = operation.path.clone();
            for parameter in operation.parameters() {
                let id = if foreign {
                    foreign_id(parameter, made)
                } else {
                    self.own_id(parameter)
                };
                path = path.replace(&format!("{{{parameter}}}"), &id);
            }
            if operation.reads() {
                path.push_str("?total=true&limit=3");
            }
            let answer =
                if !foreign && !operation.reads() && !operation.parameters().is_empty() {
                    // What is its own it may change, but that would only tell about itself.
                    continue;
                } else if operation.reads() {
                    self.carl.get(&path).await
                } else if name == "POST /api/v1/edi/interchanges" {
                    self.carl.send(&path, "application/edi-x12", "ISA*").await
                } else {
                    let form = form(&name, stage);
                    let headers = [("if-match", "\"1\"")];
                    let method = operation.method.parse().unwrap();
                    self.carl.ask(method, &path, Some(form), &headers).await
                };
            tell(told, &format!("{name} {path}"), &answer);
        }
    }

    /// Registers the very customer that the partner may have registered, by key and by name.
    async fn register(&self, stage: &Stage, told: &mut String) {
        for (customer, domain) in
            [("Secret customer", "other.example"), ("Other", "secret.example")]
        {
            let mut form = Scene::registration(&stage.vendor.id.to_string());
            form["customer"] = json!(customer);
            form["key"] = json!(domain);
            let made = self.seller.post("/api/v1/registrations", form).await;
            tell(told, "registering", &made);
            assert_eq!(made.status, 201, "{}", made.body);
            let path =
                format!("/api/v1/registrations/{}", made.body["id"].as_str().unwrap());
            tell(told, "registered", &self.seller.get(&path).await);
            let withdraw =
                json!({ "move": "withdraw", "revision": made.body["revision"] });
            let moves = format!("{path}/moves");
            tell(told, "withdrawn", &self.seller.post(&moves, withdraw).await);
        }
        for path in ["/api/v1/registrations", "/api/v1/registration-vendors"] {
            tell(told, path, &self.seller.get(path).await);
        }
    }

    /// Shows its own books to the vendor, who shows it nothing.
    async fn map(&self, hub: &Hub, told: &mut String) {
        let listed = self.carl.get("/api/v1/mappings").await;
        tell(told, "mappings", &listed);
        let form = json!({ "name": "Mine", "filter": {} });
        let made = self.carl.post("/api/v1/populations", form).await;
        tell(told, "population", &made);
        let partnership = listed.body["items"][0]["partnership"].as_str().unwrap();
        let path = format!("/api/v1/mappings/{partnership}");
        let level = format!("{path}/levels/{}", made.body["id"].as_str().unwrap());
        let form = Some(json!({ "level": "all", "fields": ["name"] }));
        let set = self.carl.ask(axum::http::Method::PUT, &level, form, &[]).await;
        assert_eq!(set.status, 200, "{}", set.body);
        tell(told, "level", &set);
        crm::mapping::look(&hub.house).await.unwrap();
        tell(told, "mapping", &self.carl.get(&path).await);
    }

    async fn search(&self, told: &mut String) {
        for path in [
            "/api/v1/search?q=secret",
            "/api/v1/search?q=nordwind",
            "/api/v1/search/messages?q=secret",
            "/api/v1/search/messages?q=s",
            "/api/v1/search/messages?q=from:ol&limit=1",
            "/api/v1/search/messages?q=from:me&limit=1",
            "/api/v1/accounts?view=shared&total=true",
            "/api/v1/accounts?q=secret&total=true",
            "/api/v1/deals?q=secret&total=true",
            "/api/v1/deals?limit=1&total=true",
            "/api/v1/notifications?limit=1",
            "/api/v1/deals/not-an-id",
            "/api/v1/deals/room_01arz3ndektsv4rrffq69g5fav",
        ] {
            tell(told, path, &self.seller.get(path).await);
        }
    }

    /// Whatever is on its way to an address of the rival.
    async fn mail(&self, hub: &Hub, told: &mut String) {
        let like = format!("%@{}", self.company.domain);
        for subject in super::leaks::letters_to(hub, &like).await {
            writeln!(told, "letter {subject}").unwrap();
        }
    }

    fn own_id(&self, parameter: &str) -> String {
        match parameter {
            "deal" => self.deal.clone(),
            "party" => self.party.clone(),
            "organisation" => self.company.id.to_string(),
            "membership" => self.seller.membership.to_string(),
            other => nobodys(other),
        }
    }
}

fn foreign_id(parameter: &str, made: &Made) -> String {
    match parameter {
        "deal" => made.deal.clone().unwrap(),
        "party" => made.party.clone().unwrap(),
        "room" => made.room.clone().unwrap(),
        "account" => made.account.clone().unwrap(),
        "interchange" => made.interchange.clone().unwrap(),
        "quote" => made.quote.clone().unwrap(),
        "registration" => made.registration.clone().unwrap(),
        "partnership" => made.partnership.clone(),
        "lead" => made.lead.clone().unwrap(),
        "offer" => made.offer.clone().unwrap(),
        "population" => made.population.clone().unwrap(),
        "their_population" => made.their_population.clone().unwrap(),
        "ask" => made.ask.clone().unwrap(),
        "fund" => made.fund.clone().unwrap(),
        "allocation" => made.allocation.clone().unwrap(),
        "fund_request" => made.fund_request.clone().unwrap(),
        other => nobodys(other),
    }
}

/// An id of the right kind that nobody has; always the same.
fn nobodys(parameter: &str) -> String {
    if parameter == "seq" || parameter == "rev" {
        return "1".to_owned();
    }
    let kind = match parameter {
        "account" => "acc",
        "allocation" => "fal",
        "ask" => "ask",
        "contact" => "con",
        "deal" => "deal",
        "device" => "dev",
        "export" => "exp",
        "file" => "fil",
        "fund" => "fnd",
        "fund_claim" => "fcl",
        "fund_request" => "frq",
        "grant" => "grt",
        "guest" => "gst",
        "hold" => "hld",
        "import" => "imp",
        "interchange" => "ich",
        "invitation" => "inv",
        "invoice" => "ivc",
        "entry" => "sup",
        "lead" => "lead",
        "letter" => "ltr",
        "mail" => "arr",
        "mailbox" => "sbx",
        "mail_file" => "mfl",
        "mail_partner" => "mpt",
        "membership" => "mem",
        "message" => "asm",
        "offer" => "lof",
        "order" => "ord",
        "organisation" => "org",
        "partnership" => "ptn",
        "partner" => "trp",
        "party" => "pty",
        "population" | "their_population" => "pop",
        "price_list" => "prl",
        "product" => "prd",
        "proof" => "fpr",
        "quote" => "quo",
        "report" => "rpt",
        "registration" => "reg",
        "rfq" => "rfq",
        "room" => "room",
        "session" => "ses",
        "shipment" => "shp",
        "token" => "tok",
        "view" => "svw",
        other => panic!("the collector has no id for `{other}`"),
    };
    format!("{kind}_01arz3ndektsv4rrffq69g5fav")
}

/// A frame of each kind that the protocol knows, about a room.
fn frame(kind: &str, room: &str) -> serde_json::Value {
    let cid = "019a0000-0000-7000-8000-000000000001";
    let mut frame = match kind {
        "hello" => json!({ "v": 1 }),
        "sub" | "unsub" | "typing" | "call_join" => json!({ "room": room }),
        "send" => json!({ "room": room, "cid": cid, "body": "x", "reply_to": 1 }),
        "edit" => json!({ "room": room, "cid": cid, "target": 1, "body": "x" }),
        "redact" | "pin" => json!({ "room": room, "cid": cid, "target": 1 }),
        "react" => json!({ "room": room, "cid": cid, "target": 1, "emoji": "👍" }),
        "read" => json!({ "room": room, "seq": 1 }),
        "auth" => json!({ "token": "nobody's" }),
        "call_leave" => {
            json!({ "room": room, "seat": kernel::Id::<kernel::Seat>::mint().to_string() })
        }
        "call_tell" => {
            json!({ "room": room, "seat": room, "muted": true, "sharing": true })
        }
        "call_signal" => {
            json!({ "room": room, "seat": room, "to": room, "kind": "offer", "body": "x" })
        }
        "ping" | "pong" => json!({ "n": 9 }),
        other => panic!("the collector has no frame `{other}`"),
    };
    frame["t"] = json!(kind);
    frame
}

/// A body that an operation would take, always the same.
fn form(name: &str, stage: &Stage) -> serde_json::Value {
    let partner = &stage.partner;
    match name {
        "POST /api/v1/directs" => {
            json!({ "person": stage.bruno.id, "organisation": partner.id })
        }
        "POST /api/v1/accounts" => {
            json!({ "name": "Secret customer", "domain": "secret0.example" })
        }
        "POST /api/v1/deals" => {
            json!({ "title": "Secret 0", "account": "Secret customer", "amount_minor": 1, "currency": "EUR" })
        }
        "POST /api/v1/partnerships" => json!({ "domain": partner.domain }),
        "POST /api/v1/accounts/imports" => {
            json!({ "filename": "a.csv", "csv": "Company\nSecret customer\n", "mapping": { "name": "Company" }, "dry_run": true })
        }
        "PATCH /api/v1/me" => json!({ "locale": "en" }),
        _ => json!({
            "name": "x", "title": "x", "fields": ["name"], "organisation": partner.id, "stage": "qualified",
            "revision": 1, "move": "accept", "email": "x@outside.example", "role": "seller", "seq": 1,
            "cid": "019a0000-0000-7000-8000-000000000001", "body": "x", "guest": { "email": "x@outside.example", "name": "X" },
            "act": "react", "target": 1, "emoji": "👍",
            "reason": "x", "slow_s": 5, "lines": [], "deal": nobodys("deal"), "all": true, "scopes": ["read"], "token": "none", "password": "correct horse",
        }),
    }
}

/// Blanks what is drawn by chance in a key that was made for whoever asks; says whether any was.
fn undrawn(body: &mut Value) -> bool {
    let mut any = false;
    for key in body["keys"].as_array_mut().into_iter().flatten() {
        for member in ["fingerprint", "pem", "serial"] {
            key["certificate"][member] = json!("drawn");
            any = true;
        }
    }
    any
}

fn tell(told: &mut String, what: &str, answer: &Answer) {
    let mut headers: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| !BY_CHANCE.contains(&name.as_str()))
        .map(|(name, value)| format!("{name}={}", value.to_str().unwrap_or_default()))
        .collect();
    headers.sort();
    let mut body = answer.body.clone();
    for member in BY_CHANCE {
        if let Some(object) = body.as_object_mut() {
            object.remove(*member);
        }
    }
    if undrawn(&mut body) {
        headers.retain(|header| !header.starts_with("content-length="));
    }
    // Each hub draws a key of its own, by which it signs its mail.
    for record in body["records"].as_array_mut().into_iter().flatten() {
        if record["kind"] == "dkim" {
            record["wanted"] = json!("a key");
        }
    }
    // A cursor names the last row that was shown, by an id that is renamed like any other.
    if let Some(bytes) =
        body["next"].as_str().and_then(|next| URL_SAFE_NO_PAD.decode(next).ok())
    {
        body["next"] = json!(String::from_utf8_lossy(&bytes));
    }
    let body = if body.is_null() {
        String::from_utf8_lossy(&answer.bytes).into_owned()
    } else {
        body.to_string()
    };
    writeln!(
        told,
        "{what} -> {} {} {}",
        answer.status,
        headers.join(" "),
        body.replace('\n', "\\n")
    )
    .unwrap();
}

/// The text with every id replaced by its kind and the order in which it was first seen.
fn renamed(text: &str) -> String {
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    for letter in text.chars().chain(['\n']) {
        if letter.is_ascii_alphanumeric() || letter == '_' {
            word.push(letter);
            continue;
        }
        match word.split_once('_') {
            Some((kind, digits)) if digits.len() == 26 => {
                let next = names.len();
                let number = *names.entry(word.clone()).or_insert(next);
                write!(out, "{kind}#{number}").unwrap();
            }
            _ => out.push_str(&word),
        }
        word.clear();
        out.push(letter);
    }
    out
}
