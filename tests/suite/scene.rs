//! A scene with one of everything: two partners, what they share, and what each keeps.

use std::collections::BTreeMap;

use axum::{
    body::Body,
    http::{Method, Request},
};
use gate::Role;
use serde_json::{Value, json};
use suite::{Company, Hub, Person};
use tower::ServiceExt as _;

/// One of everything, by the names that paths use.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) vendor: Company,
    pub(crate) olga: Person,
    pub(crate) partner: Company,
    pub(crate) bruno: Person,
    ids: BTreeMap<&'static str, String>,
}

/// Every field of a card.
pub(crate) const FIELDS: [&str; 6] =
    ["title", "account", "amount", "stage", "close_on", "next_step"];

impl Scene {
    /// Plays it.
    pub(crate) async fn play(hub: &Hub) -> Self {
        let (vendor, olga) = hub.company("Nordwind").await;
        let (partner, bruno) = hub.company("Atelier").await;
        let partnership = hub.partners(&olga, &bruno).await;
        let member = hub.person(&vendor, Role::Seller, "Sam Seller").await;
        let mut scene = Self { vendor, olga, partner, bruno, ids: BTreeMap::new() };
        scene.keep("partnership", &partnership["id"]);
        scene.ids.insert("organisation", scene.partner.id.to_string());
        scene.ids.insert("membership", member.membership.to_string());
        scene.ids.insert("token", "none".to_owned());
        scene.own_things().await;
        scene.shared_things().await;
        scene.papers().await;
        scene.quotes().await;
        scene.follows().await;
        scene.catalogue().await;
        scene.registrations().await;
        scene.funds().await;
        scene.leads().await;
        scene.mapping(hub).await;
        scene.station(hub).await;
        scene
    }

    /// What the vendor keeps, and shares one by one.
    async fn own_things(&mut self) {
        let olga = self.olga.clone();
        let sessions = olga.get("/api/v1/sessions").await.expect(200);
        self.keep("session", &sessions["items"][0]["id"]);
        let browser = crate::push::browser(1);
        let pushed =
            olga.ask("PUT".parse().unwrap(), "/api/v1/me/push", Some(browser), &[]);
        self.keep("device", &pushed.await.expect(200)["devices"][0]["id"]);
        let form =
            json!({ "name": "Harbour", "domain": "harbour.example", "city": "Bremen" });
        let account = olga.post("/api/v1/accounts", form).await.expect(201);
        let path = format!("/api/v1/accounts/{}", account["id"].as_str().unwrap());
        self.keep("account", &account["id"]);
        let contact =
            olga.post(&format!("{path}/contacts"), json!({ "name": "Anna Berg" })).await;
        self.keep("contact", &contact.expect(201)["id"]);
        let form = json!({ "organisation": self.partner.id, "fields": ["name", "city"] });
        let grant = olga.post(&format!("{path}/grants"), form).await.expect(201);
        self.keep("grant", &grant["grant"]);
        let form = json!({ "filename": "a.csv", "csv": "Company\nMill\n", "mapping": { "name": "Company" }, "dry_run": false });
        let import = olga.post("/api/v1/accounts/imports", form).await.expect(201);
        self.keep("import", &import["id"]);
        let form = json!({ "email": "new@nordwind.example", "role": "viewer" });
        let invitation = olga.post("/api/v1/invitations", form).await.expect(201);
        self.keep("invitation", &invitation["id"]);
    }

    /// A deal with a partner in it, a topic with a guest, and talk in all rooms.
    async fn shared_things(&mut self) {
        let (olga, bruno) = (self.olga.clone(), self.bruno.clone());
        let form = json!({ "title": "Rollout", "account": "Harbour", "amount_minor": 1_840_000, "currency": "EUR", "next_step": "Call Anna" });
        let deal = olga.post("/api/v1/deals", form).await.expect(201);
        self.keep("deal", &deal["id"]);
        let path = format!("/api/v1/deals/{}", self.id("deal"));
        let form = json!({ "organisation": self.partner.id, "fields": FIELDS, "verbs": ["read", "comment", "edit"], "history": "all" });
        let party = olga.post(&format!("{path}/parties"), form).await.expect(201);
        self.keep("party", &party["id"]);
        let moves = format!("{path}/parties/{}/moves", self.id("party"));
        bruno.post(&moves, json!({ "move": "accept" })).await.expect(200);
        let rooms = olga.get(&format!("{path}/rooms")).await.expect(200);
        for room in rooms["items"].as_array().unwrap() {
            let name = if room["kind"] == "main" { "room" } else { "internal" };
            self.keep(name, &room["id"]);
            self.say(&olga, name, "Welcome to the rollout").await;
        }
        let path_of_file =
            format!("/api/v1/rooms/{}/files?cid=f1&name=plan.pdf", self.id("room"));
        olga.send(&path_of_file, "application/octet-stream", "%PDF-1.7")
            .await
            .expect(201);
        let events = format!("/api/v1/rooms/{}/events", self.id("room"));
        let events = olga.get(&events).await.expect(200);
        let last = events["items"].as_array().and_then(|all| all.last()).unwrap();
        self.keep("file", &last["detail"]["files"][0]["id"]);
        let form = json!({ "title": "Plans", "guest": { "email": "amaya@roca.example", "name": "Amaya Roca" }, "message": "May we see them?" });
        let topic = bruno.post(&format!("{path}/topics"), form).await.expect(201);
        let form = json!({ "target": 2, "reason": "Not so loud" });
        let report = format!("/api/v1/rooms/{}/reports", self.id("room"));
        bruno.post(&report, form).await.expect(204);
        let reports = olga.get("/api/v1/reports").await.expect(200);
        self.keep("report", &reports["items"][0]["id"]);
        let hold =
            json!({ "kind": "space", "subject": self.id("deal"), "reason": "Case 7" });
        let hold = olga.post("/api/v1/holds", hold).await.expect(201);
        self.keep("hold", &hold["id"]);
        let export = olga.post(&format!("{path}/exports"), json!({})).await.expect(202);
        self.keep("export", &export["id"]);
        self.keep("topic", &topic["id"]);
        let guest =
            bruno.get(&format!("/api/v1/rooms/{}", self.id("topic"))).await.expect(200);
        self.keep("guest", &guest["guests"][0]["id"]);
    }

    /// An order by EDI from the partner to the vendor, and the letters that went out.
    async fn papers(&mut self) {
        let (olga, bruno) = (self.olga.clone(), self.bruno.clone());
        for (who, isa) in [(&olga, "ZZ:NORDWIND"), (&bruno, "ZZ:ATELIER")] {
            let now = who.get("/api/v1/organisation").await.expect(200);
            let form = json!({ "identifiers": [{ "scheme": "isa", "value": isa }] });
            who.patch("/api/v1/organisation", &now["revision"], form).await.expect(200);
        }
        let bytes = Self::interchange(1);
        let taken =
            bruno.send("/api/v1/edi/interchanges", "application/edi-x12", bytes).await;
        let taken = taken.expect(202);
        self.keep("interchange", &taken["items"][0]["id"]);
        let view = json!({ "name": "To mend", "filter": { "state": "quarantined" } });
        let views = olga.post("/api/v1/edi/views", view).await.expect(200);
        self.keep("view", &views["items"][0]["id"]);
        let orders = olga.get("/api/v1/orders").await.expect(200);
        self.keep("order", &orders["items"][0]["id"]);
        let letters = olga.get("/api/v1/mail/outbox").await.expect(200);
        let letter = letters["items"].as_array().and_then(|all| all.first());
        let none = kernel::Id::<kernel::Letter>::mint().to_string();
        let letter = letter.and_then(|it| it["id"].as_str()).map_or(none, str::to_owned);
        self.ids.insert("letter", letter);
        let gone = json!({ "email": "gone@outside.example" });
        let entry = olga.post("/api/v1/mail/suppressed", gone).await.expect(201);
        self.keep("entry", &entry["id"]);
        // No mail waits in this scene: `mail` has scenes of its own for those that do.
        let mail = kernel::Id::<kernel::Arrival>::mint().to_string();
        self.ids.insert("mail", mail);
        self.ids.insert("seq", "1".to_owned());
    }

    /// A request for quote of the partner, and the quote that the vendor sent.
    async fn quotes(&mut self) {
        let (olga, bruno) = (self.olga.clone(), self.bruno.clone());
        let deal = format!("/api/v1/deals/{}", self.id("deal"));
        let form = json!({ "seller": self.vendor.id, "lines": [{ "product": "GATE-48", "quantity": "3", "unit": "EA" }] });
        let rfq = bruno.post(&format!("{deal}/rfqs"), form).await.expect(201);
        self.keep("rfq", &rfq["id"]);
        let mut form = Self::quote("18.50");
        form["buyer"] = json!(self.partner.id);
        form["rfq"] = rfq["id"].clone();
        let quote = olga.post(&format!("{deal}/quotes"), form).await.expect(201);
        self.keep("quote", &quote["id"]);
        self.ids.insert("rev", "1".to_owned());
        let path = format!("/api/v1/quotes/{}", self.id("quote"));
        let moves = format!("{path}/moves");
        let priced = json!({ "move": "price", "revision": 1 });
        olga.post(&moves, priced).await.expect(200);
        olga.post(&format!("{path}/approve"), json!({ "revision": 2 })).await.expect(200);
        olga.post(&moves, json!({ "move": "send", "revision": 3 })).await.expect(200);
    }

    /// What follows an order: a second one by EDI, which the vendor sends and invoices.
    async fn follows(&mut self) {
        let (olga, bruno) = (self.olga.clone(), self.bruno.clone());
        let paper = Self::interchange(2);
        let taken = bruno.send("/api/v1/edi/interchanges", "application/edi-x12", paper);
        let taken = taken.await.expect(202);
        let order = taken["items"][0]["order"]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/orders/{order}");
        let yes =
            json!({ "revision": 1, "lines": [{ "line": "1", "decision": "accept" }] });
        olga.post(&format!("{path}/answer"), yes).await.expect(200);
        let sent = json!({ "revision": 2, "sent_on": "2026-11-24", "lines": [{ "line": "1", "quantity": "1" }] });
        let sent = olga.post(&format!("{path}/shipments"), sent).await.expect(201);
        self.keep("shipment", &sent["id"]);
        let bill = json!({ "revision": 3, "issued_on": "2026-11-25", "lines": [{ "line": "1", "quantity": "1" }] });
        let bill = olga.post(&format!("{path}/invoices"), bill).await.expect(201);
        self.keep("invoice", &bill["id"]);
    }

    /// A product of the vendor, and what it costs.
    async fn catalogue(&mut self) {
        let olga = self.olga.clone();
        let product = olga.post("/api/v1/products", Self::product("GATE-48")).await;
        self.keep("product", &product.expect(201)["id"]);
        let mut form = Self::price_list("EUR");
        form["prices"] = json!([{ "product": self.id("product"), "from": "1", "unit_price": "19.75" }]);
        let list = olga.post("/api/v1/price-lists", form).await.expect(201);
        self.keep("price_list", &list["id"]);
    }

    /// What a product says.
    pub(crate) fn product(sku: &str) -> Value {
        json!({ "sku": sku, "names": { "en": "Gate" }, "unit": "EA" })
    }

    /// What an empty price list for all partners says.
    pub(crate) fn price_list(currency: &str) -> Value {
        json!({ "name": "Trade", "currency": currency, "valid_from": "2026-01-01", "prices": [] })
    }

    /// A deal that the partner registered with the vendor.
    async fn registrations(&mut self) {
        let terms = Some(Self::registration_terms());
        let put = self.olga.ask(Method::PUT, "/api/v1/registration-terms", terms, &[]);
        put.await.expect(200);
        let form = Self::registration(&self.vendor.id.to_string());
        let made = self.bruno.post("/api/v1/registrations", form).await.expect(201);
        self.keep("registration", &made["id"]);
    }

    /// A fund, the partner's part of it, an approved request and a claim with a proof.
    async fn funds(&mut self) {
        let (olga, bruno) = (self.olga.clone(), self.bruno.clone());
        let fund = olga.post("/api/v1/funds", Self::fund()).await.expect(201);
        self.keep("fund", &fund["id"]);
        let path = format!("/api/v1/funds/{}", self.id("fund"));
        let open = json!({ "move": "open", "revision": 1 });
        olga.post(&format!("{path}/moves"), open).await.expect(200);
        let form = json!({ "partner": self.partner.id, "amount_minor": 500_000 });
        let part = olga.post(&format!("{path}/allocations"), form).await.expect(201);
        self.keep("allocation", &part["id"]);
        let form = Self::fund_request(&self.id("allocation"), true);
        let request = bruno.post("/api/v1/fund-requests", form).await.expect(201);
        self.keep("fund_request", &request["id"]);
        let path = format!("/api/v1/fund-requests/{}", self.id("fund_request"));
        for (step, revision) in [("review", 2), ("approve", 3)] {
            let form = json!({ "move": step, "revision": revision });
            olga.post(&format!("{path}/answers"), form).await.expect(200);
        }
        let form = json!({ "cost_minor": 100_000, "asked_minor": 50_000 });
        let told = bruno.post(&format!("{path}/claims"), form).await.expect(201);
        self.keep("fund_claim", &told["claims"][0]["id"]);
        let path = format!("/api/v1/fund-claims/{}/proofs", self.id("fund_claim"));
        let path = format!("{path}?kind=invoice&name=invoice.pdf");
        let told = bruno.send(&path, "application/octet-stream", "%PDF-1.7 a").await;
        self.keep("proof", &told.expect(201)["claims"][0]["proofs"][0]["id"]);
    }

    /// What a fund says.
    pub(crate) fn fund() -> Value {
        json!({
            "name": "Harbours together", "currency": "EUR", "starts_on": "2020-01-01", "ends_on": "2099-12-31",
            "share_percent": 50, "claim_days": 30, "words": "Events and advertising", "proofs": ["invoice"], "amount_minor": 1_000_000,
        })
    }

    /// What a partner wants to do with money of a fund.
    pub(crate) fn fund_request(allocation: &str, submit: bool) -> Value {
        json!({
            "allocation": allocation, "submit": submit, "title": "Evening at the harbour", "kind": "event",
            "starts_on": "2099-05-01", "ends_on": "2099-05-02", "cost_minor": 200_000, "asked_minor": 100_000,
        })
    }

    /// A lead of the vendor's that the partner may accept.
    async fn leads(&mut self) {
        let form = json!({ "company": "Depot", "domain": "depot.example" });
        let made = self.olga.post("/api/v1/leads", form).await.expect(201);
        self.keep("lead", &made["id"]);
        let path = format!("/api/v1/leads/{}", self.id("lead"));
        let form = json!({ "move": "qualify", "revision": 1 });
        self.olga.post(&format!("{path}/moves"), form).await.expect(200);
        let form = json!({ "organisation": self.partner.id, "revision": 2 });
        self.olga.post(&format!("{path}/offers"), form).await.expect(201);
        let offers = self.bruno.get("/api/v1/lead-offers").await.expect(200);
        self.keep("offer", &offers["items"][0]["id"]);
    }

    /// A population of each side, both shown, and the names that the partner asked for.
    async fn mapping(&mut self, hub: &Hub) {
        let (olga, bruno) = (self.olga.clone(), self.bruno.clone());
        let form = json!({ "name": "Harbours", "domain": "harbour.example" });
        bruno.post("/api/v1/accounts", form).await.expect(201);
        let path = format!("/api/v1/mappings/{}", self.id("partnership"));
        for (who, name) in [(&olga, "population"), (&bruno, "their_population")] {
            let form = json!({ "name": "All", "filter": {} });
            let made = who.post("/api/v1/populations", form).await.expect(201);
            self.keep(name, &made["id"]);
            let at = format!("{path}/levels/{}", self.id(name));
            let form = Some(json!({ "level": "counts" }));
            who.ask(Method::PUT, &at, form, &[]).await.expect(200);
        }
        crm::mapping::look(&hub.house).await.unwrap();
        let ask = json!({ "yours": self.id("their_population"), "theirs": self.id("population") });
        let asked = bruno.post(&format!("{path}/asks"), ask).await.expect(201);
        self.keep("ask", &asked["asks"][0]["id"]);
        let grant = json!({ "move": "grant", "revision": 1, "fields": ["name"] });
        let moves = format!("{path}/asks/{}/moves", self.id("ask"));
        olga.post(&moves, grant).await.expect(200);
    }

    /// The first terms of a vendor.
    pub(crate) fn registration_terms() -> Value {
        json!({ "families": ["Gates", "Pumps"], "territories": ["North"], "answer_hours": 48, "protect_days": 90, "revision": 0 })
    }

    /// A deal to be registered, whole.
    pub(crate) fn registration(vendor: &str) -> Value {
        json!({
            "vendor": vendor, "submit": true, "customer": "Harbour", "key_scheme": "domain", "key": "harbour.example",
            "families": ["Gates"], "territories": ["North"], "amount_minor": 4_000, "currency": "EUR", "close_month": "2099-12",
        })
    }

    /// What a quote of one line says.
    pub(crate) fn quote(price: &str) -> Value {
        json!({
            "currency": "EUR", "valid_until": "2099-12-31", "terms": "Free on board Bremen",
            "lines": [{ "product": "GATE-48", "description": "Gate, 48 mm", "quantity": "3", "unit": "EA", "unit_price": price, "discount": "2.5" }],
        })
    }

    /// The vendor's AS2 station, a partner of it, and a message that was refused.
    async fn station(&mut self, hub: &Hub) {
        let named = json!({ "name": "NORDWIND" });
        let put = self.olga.ask(Method::PUT, "/api/v1/as2/station", Some(named), &[]);
        let station = put.await.expect(200);
        let form = json!({
            "name": "ATELIER", "identifier": "ZZ:ATELIER",
            "certificates": station["keys"][0]["certificate"]["pem"],
        });
        let partner = self.olga.post("/api/v1/as2/partners", form).await.expect(200);
        self.keep("partner", &partner["id"]);
        let form = json!({
            "name": "Hafen", "identifier": "ZZ:HAFEN", "password": "correct horse",
            "place": { "side": "ours", "keys": [] },
        });
        let mailbox = self.olga.post("/api/v1/sftp/mailboxes", form).await.expect(200);
        self.keep("mailbox", &mailbox["id"]);
        self.mailing(hub).await;
        let way = station["url"].as_str().unwrap().rsplit_once('/').unwrap().1;
        let request = Request::post(format!("/as2/{way}"))
            .header("AS2-From", "ATELIER")
            .header("AS2-To", "NORDWIND")
            .header("Message-ID", "<1@atelier>")
            .body(Body::from("in the clear"));
        let listener = exchange::stations::listener_routes(&hub.house);
        let answer = listener.oneshot(request.unwrap()).await.unwrap();
        assert_eq!(answer.status(), 400);
        let messages = self.olga.get("/api/v1/as2/messages").await.expect(200);
        self.keep("message", &messages["items"][0]["id"]);
    }

    /// A partner by mail, and an order of its that waits for a person, as nothing proves it.
    async fn mailing(&mut self, hub: &Hub) {
        let form = json!({ "name": "Kaisen", "identifier": "ZZ:KAISEN", "address": "erp@kaisen.example" });
        let partner = self.olga.post("/api/v1/mailing/partners", form).await.expect(200);
        self.keep("mail_partner", &partner["id"]);
        let order = "ISA*00*          *00*          *ZZ*KAISEN         *ZZ*NORDWIND       *261122*1200*U*00401*000000001*0*P*>~";
        let mail = format!(
            "From: erp@kaisen.example\r\nSubject: 850\r\nMessage-ID: <1@kaisen.example>\r\n\r\n{order}\r\n"
        );
        let ours = partner["ours"].as_str().unwrap();
        crate::smtp::deliver(hub, "erp@kaisen.example", ours, &mail).await;
        for _ in 0..100 {
            let files = self.olga.get("/api/v1/mailing/files").await.expect(200);
            if files["items"][0]["id"].is_string() {
                self.keep("mail_file", &files["items"][0]["id"]);
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("the mail was not filed");
    }

    async fn say(&self, who: &Person, room: &str, body: &str) {
        let path = format!("/api/v1/rooms/{}/events", self.id(room));
        let cid = uuid::Uuid::from_u128(rand::random()).to_string();
        who.post(&path, json!({ "cid": cid, "body": body })).await.expect(201);
    }

    fn keep(&mut self, name: &'static str, id: &Value) {
        let id = id.as_str().unwrap_or_else(|| panic!("{name} has no id: {id}"));
        self.ids.insert(name, id.to_owned());
    }

    /// The id that stands for a name in a path.
    pub(crate) fn id(&self, name: &str) -> String {
        self.ids.get(name).cloned().unwrap_or_else(|| panic!("the scene has no `{name}`"))
    }

    /// An 850 from the partner to the vendor.
    pub(crate) fn interchange(control: u32) -> String {
        purchase_order("ATELIER", "NORDWIND", control, &format!("PO-{control}"))
    }
}

/// An 850 of 004010 with one line.
pub(crate) fn purchase_order(from: &str, to: &str, control: u32, number: &str) -> String {
    format!(
        "ISA*00*          *00*          *ZZ*{from:<15}*ZZ*{to:<15}*261118*0930*U*00401*{control:09}*0*T*>~GS*PO*{from}*{to}*20261118*0930*{control}*X*004010~ST*850*0001~BEG*00*SA*{number}**20261118~CUR*BY*EUR~N1*BY*Atelier*92*ATELIER~PO1*1*3*EA*18.5**VP*GATE-48~CTT*1~SE*7*0001~GE*1*{control}~IEA*1*{control:09}~"
    )
}
