//! What the vendor and its partner do among themselves; and what the vendor does towards the
//! rival, which is the same in every world.

use gate::Role;
use kernel::{Account, Id, Room, Space};
use proptest::{prelude::any, strategy::Strategy};
use serde_json::{Value, json};
use suite::{Company, Hub, Person};
use tokio::sync::Mutex;

use super::Rival;
use crate::scene::{FIELDS, Scene, purchase_order};

/// Something that the partners do.
#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    /// Open a deal.
    Deal(u8),
    /// Invite the partner into the newest deal; it accepts.
    Invite,
    /// Say something in the newest deal.
    Say(u8),
    /// Move the newest deal on.
    Stage,
    /// Change the newest deal's card.
    Edit(u8),
    /// Add an account, and share it with the partner.
    Share(u8),
    /// Open a topic with an outside guest.
    Topic(u8),
    /// The partner orders by EDI.
    Order(u8),
    /// The vendor quotes in the newest deal: draft, sent, countered or accepted.
    Quote(u8),
    /// The partner registers a deal with the vendor, which may approve it.
    Register(u8),
    /// Two of them talk, and nobody else.
    Whisper(u8),
    /// The two find out what they have in common, and show it as far as the detail says.
    Map(u8),
    /// The vendor gives the partner money of a fund, which it asks for; perhaps it is approved.
    Fund(u8),
    /// The partner leaves the newest deal.
    Leave,
}

pub(super) fn act() -> impl Strategy<Value = Act> {
    (0_u8..14, any::<u8>()).prop_map(|(which, detail)| match which {
        0 => Act::Deal(detail),
        1 => Act::Invite,
        2 => Act::Say(detail),
        3 => Act::Stage,
        4 => Act::Edit(detail),
        5 => Act::Share(detail),
        6 => Act::Topic(detail),
        7 => Act::Order(detail),
        8 => Act::Quote(detail),
        9 => Act::Register(detail),
        10 => Act::Whisper(detail),
        11 => Act::Map(detail),
        12 => Act::Fund(detail),
        _ => Act::Leave,
    })
}

/// The partners, and the newest of what they made.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) vendor: Company,
    pub(super) olga: Person,
    pub(super) partner: Company,
    pub(super) bruno: Person,
    pub(super) made: Mutex<Made>,
}

/// What exists only in this world.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) deal: Option<String>,
    pub(super) party: Option<String>,
    pub(super) room: Option<String>,
    /// The room of two people.
    pub(super) direct: Option<String>,
    pub(super) account: Option<String>,
    pub(super) interchange: Option<String>,
    pub(super) quote: Option<String>,
    pub(super) registration: Option<String>,
    pub(super) lead: Option<String>,
    pub(super) offer: Option<String>,
    /// Of the two, in every world the same.
    pub(super) partnership: String,
    pub(super) population: Option<String>,
    pub(super) their_population: Option<String>,
    pub(super) ask: Option<String>,
    pub(super) fund: Option<String>,
    pub(super) allocation: Option<String>,
    pub(super) fund_request: Option<String>,
    count: u32,
}

impl Made {
    /// With an id that nobody has wherever this world has none: the rival knocks either way.
    pub(super) fn with_nobodys(mut self) -> Self {
        self.deal.get_or_insert_with(|| Id::<Space>::mint().to_string());
        self.party.get_or_insert_with(|| Id::<kernel::Party>::mint().to_string());
        self.room.get_or_insert_with(|| Id::<Room>::mint().to_string());
        self.direct.get_or_insert_with(|| Id::<Room>::mint().to_string());
        self.account.get_or_insert_with(|| Id::<Account>::mint().to_string());
        let nobodys = || Id::<kernel::Interchange>::mint().to_string();
        self.interchange.get_or_insert_with(nobodys);
        self.quote.get_or_insert_with(|| Id::<kernel::Quote>::mint().to_string());
        let nobodys = || Id::<kernel::Registration>::mint().to_string();
        self.registration.get_or_insert_with(nobodys);
        self.lead.get_or_insert_with(|| Id::<kernel::Lead>::mint().to_string());
        self.offer.get_or_insert_with(|| Id::<kernel::LeadOffer>::mint().to_string());
        let nobodys = || Id::<kernel::Population>::mint().to_string();
        self.population.get_or_insert_with(nobodys);
        self.their_population.get_or_insert_with(nobodys);
        self.ask.get_or_insert_with(|| Id::<kernel::MappingAsk>::mint().to_string());
        self.fund.get_or_insert_with(|| Id::<kernel::Fund>::mint().to_string());
        let nobodys = || Id::<kernel::FundAllocation>::mint().to_string();
        self.allocation.get_or_insert_with(nobodys);
        let nobodys = || Id::<kernel::FundRequest>::mint().to_string();
        self.fund_request.get_or_insert_with(nobodys);
        self
    }
}

impl Made {
    /// With the room of two people in the place of the deal's.
    pub(super) fn between_two(&self) -> Self {
        Self { room: self.direct.clone(), ..self.clone() }
    }
}

impl Stage {
    /// The same in every world: three companies, two partnerships, a deal with the rival.
    pub(super) async fn set(hub: &Hub) -> (Self, Rival) {
        let (vendor, olga) = hub.company("Nordwind").await;
        let (partner, bruno) = hub.company("Atelier").await;
        let (kestrel, carl) = hub.company("Kestrel").await;
        let seller = hub.person(&kestrel, Role::Seller, "Kit Seller").await;
        let partnership = hub.partners(&olga, &bruno).await;
        hub.partners(&olga, &carl).await;
        for (who, isa) in
            [(&olga, "ZZ:NORDWIND"), (&bruno, "ZZ:ATELIER"), (&carl, "ZZ:KESTREL")]
        {
            let now = who.get("/api/v1/organisation").await.expect(200);
            let form = json!({ "identifiers": [{ "scheme": "isa", "value": isa }] });
            who.patch("/api/v1/organisation", &now["revision"], form).await.expect(200);
        }
        let terms = Some(Scene::registration_terms());
        let path = "/api/v1/registration-terms";
        olga.ask(axum::http::Method::PUT, path, terms, &[]).await.expect(200);
        let form = json!({ "title": "Depot", "account": "Tennant", "amount_minor": 500, "currency": "GBP" });
        let deal = olga.post("/api/v1/deals", form).await.expect(201);
        let path = format!("/api/v1/deals/{}", deal["id"].as_str().unwrap());
        let form = json!({ "organisation": kestrel.id, "fields": FIELDS, "verbs": ["read", "comment"], "history": "all" });
        let party = olga.post(&format!("{path}/parties"), form).await.expect(201);
        let moves = format!("{path}/parties/{}/moves", party["id"].as_str().unwrap());
        carl.post(&moves, json!({ "move": "accept" })).await.expect(200);
        let made = Made {
            deal: None,
            party: None,
            room: None,
            direct: None,
            account: None,
            interchange: None,
            quote: None,
            registration: None,
            lead: None,
            offer: None,
            partnership: text(&partnership["id"]).unwrap(),
            population: None,
            their_population: None,
            ask: None,
            fund: None,
            allocation: None,
            fund_request: None,
            count: 0,
        };
        let rival =
            Rival::listen(hub, kestrel, carl, seller, deal["id"].as_str().unwrap()).await;
        (Self { vendor, olga, partner, bruno, made: Mutex::new(made) }, rival)
    }

    /// Plays one act. What cannot be done now is left out.
    pub(super) async fn play(&self, hub: &Hub, act: Act) {
        let mut made = self.made.lock().await;
        made.count += 1;
        match act {
            Act::Deal(detail) => self.deal(&mut made, detail).await,
            Act::Share(detail) => self.share(&mut made, detail).await,
            Act::Order(detail) => self.order(&mut made, detail).await,
            Act::Register(detail) => self.register(&mut made, detail).await,
            Act::Map(detail) => self.map(hub, &mut made, detail).await,
            Act::Fund(detail) => self.fund(&mut made, detail).await,
            Act::Invite
            | Act::Say(_)
            | Act::Stage
            | Act::Edit(_)
            | Act::Topic(_)
            | Act::Quote(_)
            | Act::Whisper(_)
            | Act::Leave => {
                if let Some(deal) = made.deal.clone() {
                    self.in_deal(&mut made, &format!("/api/v1/deals/{deal}"), act).await;
                }
            }
        }
    }

    async fn deal(&self, made: &mut Made, detail: u8) {
        let form = json!({ "title": format!("Secret {detail}"), "account": "Secret customer", "amount_minor": detail, "currency": "EUR" });
        let deal = self.olga.post("/api/v1/deals", form).await.expect(201);
        made.deal = text(&deal["id"]);
        made.party = None;
        let rooms = deal["rooms"].as_array().unwrap();
        made.room = rooms
            .iter()
            .find(|room| room["kind"] == "main")
            .and_then(|it| text(&it["id"]));
    }

    async fn share(&self, made: &mut Made, detail: u8) {
        let name = format!("Secret customer {detail}");
        let form = json!({ "name": name, "domain": format!("secret{detail}.example"), "city": "Lyon" });
        let account = self.olga.post("/api/v1/accounts", form).await.expect(201);
        made.account = text(&account["id"]);
        let path = format!("/api/v1/accounts/{}/grants", account["id"].as_str().unwrap());
        let form = json!({ "organisation": self.partner.id, "fields": ["name", "city"] });
        self.olga.post(&path, form).await.expect(201);
        self.lead(made, detail).await;
    }

    /// A lead of the same customer, offered to the partner, who may accept it.
    async fn lead(&self, made: &mut Made, detail: u8) {
        let form = json!({ "company": format!("Secret customer {detail}"), "contact_email": "jo@secret.example", "anyway": true });
        let lead = self.olga.post("/api/v1/leads", form).await.expect(201);
        made.lead = text(&lead["id"]);
        let path = format!("/api/v1/leads/{}", lead["id"].as_str().unwrap());
        let form = json!({ "move": "qualify", "revision": 1 });
        self.olga.post(&format!("{path}/moves"), form).await.expect(200);
        let form = json!({ "organisation": self.partner.id, "revision": 2 });
        self.olga.post(&format!("{path}/offers"), form).await.expect(201);
        let offers = self.bruno.get("/api/v1/lead-offers").await.expect(200);
        made.offer = text(&offers["items"][0]["id"]);
        if detail > 60 {
            let path =
                format!("/api/v1/lead-offers/{}/moves", made.offer.clone().unwrap());
            let form = json!({ "move": "accept", "revision": 1 });
            self.bruno.post(&path, form).await.expect(200);
        }
    }

    async fn order(&self, made: &mut Made, detail: u8) {
        let number = format!("S-{detail}-{}", made.count);
        let bytes = purchase_order("ATELIER", "NORDWIND", made.count, &number);
        let taken = self
            .bruno
            .send("/api/v1/edi/interchanges", "application/edi-x12", bytes)
            .await;
        made.interchange = text(&taken.expect(202)["items"][0]["id"]);
    }

    /// The rival's customer in two spellings, or another; as far as the detail says.
    async fn register(&self, made: &mut Made, detail: u8) {
        let mut form = Scene::registration(&self.vendor.id.to_string());
        form["customer"] = json!("Secret Customer Ltd");
        form["key"] =
            json!(format!("secret{}.example", ["", "2"][usize::from(detail % 2)]));
        let told = self.bruno.post("/api/v1/registrations", form).await;
        if told.status != 201 {
            return;
        }
        made.registration = text(&told.body["id"]);
        let path = format!(
            "/api/v1/registrations/{}/answers",
            made.registration.clone().unwrap()
        );
        if detail > 60 {
            let review = json!({ "move": "review", "revision": told.body["revision"] });
            let told = self.olga.post(&path, review).await.expect(200);
            let approve = json!({ "move": "approve", "revision": told["revision"] });
            drop(self.olga.post(&path, approve).await);
        }
    }

    /// A fund with a secret name, a part of it, and a request that may be approved.
    async fn fund(&self, made: &mut Made, detail: u8) {
        let mut form = Scene::fund();
        form["name"] = json!(format!("Secret fund {detail}"));
        let fund = self.olga.post("/api/v1/funds", form).await.expect(201);
        made.fund = text(&fund["id"]);
        let path = format!("/api/v1/funds/{}", fund["id"].as_str().unwrap());
        let open = json!({ "move": "open", "revision": 1 });
        self.olga.post(&format!("{path}/moves"), open).await.expect(200);
        let form = json!({ "partner": self.partner.id, "amount_minor": 100_000 + i64::from(detail) });
        let part = self.olga.post(&format!("{path}/allocations"), form).await;
        let Some(part) = text(&part.body["id"]) else { return };
        let asked = Scene::fund_request(&part, true);
        made.allocation = Some(part);
        let asked = self.bruno.post("/api/v1/fund-requests", asked).await.expect(201);
        made.fund_request = text(&asked["id"]);
        let path =
            format!("/api/v1/fund-requests/{}/answers", asked["id"].as_str().unwrap());
        let review = json!({ "move": "review", "revision": 2 });
        self.olga.post(&path, review).await.expect(200);
        if detail > 60 {
            let approve = json!({ "move": "approve", "revision": 3 });
            self.olga.post(&path, approve).await.expect(200);
        }
    }

    /// Both sides have the rival's own customer and eight more, show their populations, and
    /// the partner asks for names, which it may get.
    async fn map(&self, hub: &Hub, made: &mut Made, detail: u8) {
        let path = format!("/api/v1/mappings/{}", made.partnership);
        let level = ["counts", "overlapping", "all"][usize::from(detail % 3)];
        for number in 0..8 {
            for who in [&self.olga, &self.bruno] {
                let name = format!("Secret customer {number}");
                let form =
                    json!({ "name": name, "domain": format!("secret{number}.example") });
                who.post("/api/v1/accounts", form).await.expect(201);
            }
        }
        for (who, theirs) in [(&self.olga, false), (&self.bruno, true)] {
            let form = json!({ "name": format!("Secret {detail}"), "filter": {} });
            let told = who.post("/api/v1/populations", form).await;
            let Some(id) = text(&told.body["id"]) else { return };
            let kept =
                if theirs { &mut made.their_population } else { &mut made.population };
            *kept = Some(id.clone());
            let form = json!({ "level": level, "fields": ["name", "domain"] });
            let at = format!("{path}/levels/{id}");
            let put = axum::http::Method::PUT;
            who.ask(put, &at, Some(form), &[]).await.expect(200);
        }
        crm::mapping::look(&hub.house).await.unwrap();
        let wish = json!({ "yours": made.their_population, "theirs": made.population });
        let asked = self.bruno.post(&format!("{path}/asks"), wish).await;
        let Some(ask) = text(&asked.body["asks"][0]["id"]) else { return };
        if detail > 60 {
            let grant = json!({ "move": "grant", "revision": 1, "fields": ["name"] });
            drop(self.olga.post(&format!("{path}/asks/{ask}/moves"), grant).await);
        }
        made.ask = Some(ask);
    }

    async fn in_deal(&self, made: &mut Made, path: &str, act: Act) {
        let deal = self.olga.get(path).await.expect(200);
        match act {
            Act::Invite => {
                let form = json!({ "organisation": self.partner.id, "fields": FIELDS, "verbs": ["read", "comment"], "history": "all" });
                let party = self.olga.post(&format!("{path}/parties"), form).await;
                if party.status == 201 {
                    made.party = text(&party.body["id"]);
                    self.step(path, made, "accept").await;
                }
            }
            Act::Leave => self.step(path, made, "leave").await,
            Act::Say(detail) => {
                let room = made.room.clone().unwrap();
                let form = json!({ "cid": uuid::Uuid::from_u128(made.count.into()).to_string(), "body": format!("Secret words {detail}") });
                self.olga
                    .post(&format!("/api/v1/rooms/{room}/events"), form)
                    .await
                    .expect(201);
            }
            Act::Stage => {
                if let Some(next) =
                    deal["next_stages"].as_array().and_then(|all| all.first())
                {
                    let form = json!({ "stage": next, "revision": deal["revision"], "reason": "Secret reason" });
                    self.olga.post(&format!("{path}/stage"), form).await.expect(200);
                }
            }
            Act::Edit(detail) => {
                let form = json!({ "next_step": format!("Secret step {detail}") });
                self.olga.patch(path, &deal["revision"], form).await.expect(200);
            }
            Act::Topic(detail) => {
                let guest = json!({ "email": format!("guest{detail}@outside.example"), "name": "Guest" });
                let form = json!({ "title": "Secret topic", "guest": guest, "message": "Secret question" });
                self.olga.post(&format!("{path}/topics"), form).await.expect(201);
            }
            Act::Quote(detail) => self.quote(made, path, detail).await,
            Act::Whisper(detail) => self.whisper(made, detail).await,
            Act::Deal(_)
            | Act::Share(_)
            | Act::Order(_)
            | Act::Register(_)
            | Act::Map(_)
            | Act::Fund(_) => {}
        }
    }

    /// Where the partner takes no part there is nobody to talk to.
    async fn whisper(&self, made: &mut Made, detail: u8) {
        let cid = |word: &str| format!("{word}{}", made.count);
        let form = json!({ "cid": cid("w"), "body": "Secretly here" });
        let main = format!("/api/v1/rooms/{}/events", made.room.clone().unwrap());
        drop(self.bruno.post(&main, form).await);
        let form = json!({ "person": self.bruno.id, "organisation": self.partner.id });
        let direct = self.olga.post("/api/v1/directs", form).await;
        let Some(room) = text(&direct.body["room"]) else { return };
        let path = format!("/api/v1/rooms/{room}");
        let form = json!({ "cid": cid("x"), "body": format!("Secret whisper {detail}") });
        drop(self.olga.post(&format!("{path}/events"), form).await);
        let form = json!({ "target": 1, "reason": "Secret reason" });
        drop(self.olga.post(&format!("{path}/reports"), form).await);
        made.direct = Some(room);
    }

    /// As far as the detail says; where the partner takes no part there is nobody to quote.
    async fn quote(&self, made: &mut Made, path: &str, detail: u8) {
        let mut form = Scene::quote(&format!("{detail}.50"));
        form["buyer"] = json!(self.partner.id);
        let quote = self.olga.post(&format!("{path}/quotes"), form).await;
        if quote.status != 201 {
            return;
        }
        made.quote = text(&quote.body["id"]);
        let quote = format!("/api/v1/quotes/{}", made.quote.clone().unwrap());
        let (moves, approve) = (format!("{quote}/moves"), format!("{quote}/approve"));
        if detail.is_multiple_of(2) {
            let priced = json!({ "move": "price", "revision": 1 });
            self.olga.post(&moves, priced).await.expect(200);
            self.olga.post(&approve, json!({ "revision": 2 })).await.expect(200);
            let to_buyer = json!({ "move": "send", "revision": 3 });
            let sent = self.olga.post(&moves, to_buyer).await.expect(200);
            let answer = if detail.is_multiple_of(4) { "accept" } else { "counter" };
            let form = json!({ "answer": answer, "sha256": sent["sha256"], "revision": 1, "note": "Secret wish" });
            self.bruno.post(&format!("{quote}/answer"), form).await.expect(200);
        }
    }

    async fn step(&self, path: &str, made: &Made, step: &str) {
        if let Some(party) = &made.party {
            let moves = format!("{path}/parties/{party}/moves");
            drop(self.bruno.post(&moves, json!({ "move": step })).await);
        }
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}
