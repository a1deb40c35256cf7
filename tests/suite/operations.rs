//! Every operation that the API's document lists, with a body that each would take. A new
//! operation without a row here fails the suite.

use axum::http::Method;
use serde_json::{Value, json};
use suite::{Answer, Person};

use crate::scene::Scene;

/// An operation of the document.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Operation {
    pub(crate) path: String,
    pub(crate) method: String,
}

/// Every operation, in order.
pub(crate) fn all() -> Vec<Operation> {
    let document = serde_json::to_value(hub::app::openapi()).unwrap();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            operations
                .push(Operation { path: path.clone(), method: method.to_uppercase() });
        }
    }
    operations.sort();
    assert!(operations.len() > 60, "else the document is not whole");
    operations
}

impl Operation {
    /// Its name in the tables of tests.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Whether it changes nothing.
    pub(crate) fn reads(&self) -> bool {
        self.method == "GET"
    }

    /// The names of the ids in its path.
    pub(crate) fn parameters(&self) -> Vec<&str> {
        self.path.split('{').skip(1).filter_map(|part| part.split('}').next()).collect()
    }

    /// Its path with ids of a scene in it.
    pub(crate) fn path_in(&self, scene: &Scene) -> String {
        let mut path = self.path.clone();
        for parameter in self.parameters() {
            let id = scene.id(parameter);
            path = path.replace(&format!("{{{parameter}}}"), &id);
        }
        path
    }

    /// Somebody asks for it, with a body that it would take.
    pub(crate) async fn ask(&self, who: &Person, path: &str, scene: &Scene) -> Answer {
        if self.name() == "POST /api/v1/edi/interchanges" {
            return who.send(path, "application/edi-x12", Scene::interchange(77)).await;
        }
        if self.name() == "POST /api/v1/rooms/{room}/files" {
            let path = format!("{path}?cid={}&name=plan.pdf", uuid::Uuid::from_u128(9));
            return who.send(&path, "application/octet-stream", "%PDF").await;
        }
        if self.name() == "POST /api/v1/fund-claims/{fund_claim}/proofs" {
            let path = format!("{path}?kind=invoice&name=invoice.pdf");
            return who.send(&path, "application/octet-stream", "%PDF-1.7").await;
        }
        let method: Method = self.method.parse().unwrap();
        let headers: &[(&str, &str)] =
            if self.method == "PATCH" { &[("if-match", "\"1\"")] } else { &[] };
        who.ask(method, path, form(&self.name(), scene), headers).await
    }
}

/// A body that an operation would take.
fn form(operation: &str, scene: &Scene) -> Option<Value> {
    let organisation = scene.id("organisation");
    let form = match operation {
        "POST /api/v1/sign-in" => {
            json!({ "email": "who@nowhere.example", "password": "wrong password" })
        }
        "POST /api/v1/switch" => json!({ "organisation": organisation }),
        "POST /api/v1/tokens" => json!({ "name": "report", "scopes": ["read"] }),
        "PATCH /api/v1/me" => json!({ "locale": "en" }),
        "PATCH /api/v1/organisation" => json!({ "name": "Renamed" }),
        "PATCH /api/v1/people/{membership}" => json!({ "role": "seller" }),
        "POST /api/v1/invitations" => {
            json!({ "email": "new@somewhere.example", "role": "seller" })
        }
        "POST /api/v1/invitations/accept" => {
            json!({ "token": "none", "name": "Nobody", "password": "correct horse" })
        }
        "PUT /api/v1/as2/station" => json!({ "name": "SOMEBODY" }),
        "POST /api/v1/as2/station/keys/import" => json!({ "file": "bm9uZQ==" }),
        "POST /api/v1/as2/partners" => {
            json!({ "name": "A", "identifier": "ZZ:A", "certificates": "none" })
        }
        "POST /api/v1/sftp/mailboxes" => {
            json!({ "name": "A", "identifier": "ZZ:A", "place": { "side": "ours", "keys": ["none"] } })
        }
        "POST /api/v1/mailing/partners" => {
            json!({ "name": "A", "identifier": "ZZ:A", "address": "nobody" })
        }
        "POST /api/v1/notifications/read" => json!({ "all": true }),
        "POST /api/v1/partnerships" => {
            json!({ "domain": "somewhere.example", "email": "boss@somewhere.example" })
        }
        "POST /api/v1/partnerships/{partnership}/moves" => {
            json!({ "move": "end_now", "revision": 1 })
        }
        "POST /api/v1/accounts" => json!({ "name": "Harbour" }),
        "PATCH /api/v1/accounts/{account}" => json!({ "city": "Lyon" }),
        "POST /api/v1/accounts/{account}/grants" => {
            json!({ "organisation": organisation, "fields": ["name"] })
        }
        "POST /api/v1/accounts/{account}/contacts"
        | "PATCH /api/v1/contacts/{contact}" => {
            json!({ "name": "Anna Berg" })
        }
        "POST /api/v1/accounts/imports" => {
            json!({ "filename": "a.csv", "csv": "Company\nMill\n", "mapping": { "name": "Company" }, "dry_run": true })
        }
        "POST /api/v1/deals" => {
            json!({ "title": "Rollout", "account": "Harbour", "amount_minor": 100, "currency": "EUR" })
        }
        "PATCH /api/v1/deals/{deal}" => json!({ "next_step": "Call" }),
        "PATCH /api/v1/deals/{deal}/side" => json!({ "notes": "Ours" }),
        "POST /api/v1/deals/{deal}/stage" => {
            json!({ "stage": "qualified", "revision": 1 })
        }
        "POST /api/v1/deals/{deal}/parties" => {
            json!({ "organisation": organisation, "fields": ["title"] })
        }
        "PATCH /api/v1/deals/{deal}/parties/{party}" => json!({ "fields": ["title"] }),
        "POST /api/v1/deals/{deal}/parties/{party}/moves" => json!({ "move": "leave" }),
        "POST /api/v1/deals/{deal}/topics" => {
            json!({ "title": "Plans", "guest": { "email": "x@outside.example", "name": "X" } })
        }
        "POST /api/v1/edi/interchanges/{interchange}/mend"
        | "POST /api/v1/edi/interchanges/{interchange}/mend/preview"
        | "POST /api/v1/edi/interchanges/{interchange}/discard" => {
            json!({ "sha256": "0".repeat(64), "edits": [], "reason": "As agreed" })
        }
        "POST /api/v1/as2/lane" => json!({ "scenario": "good_order" }),
        "POST /api/v1/edi/views" => json!({ "name": "To mend", "filter": {} }),
        "POST /api/v1/orders" => json!({
            "seller": { "name": "Away", "identifier": "ZZ:AWAY" }, "number": "PO-1", "currency": "EUR",
            "lines": [{ "product": "A-1", "quantity": "1", "unit": "EA", "unit_price": "1" }],
        }),
        "POST /api/v1/rfqs" => json!({
            "seller": { "name": "Away", "identifier": "ZZ:AWAY" }, "number": "RFQ-1",
            "lines": [{ "product": "A-1", "quantity": "1", "unit": "EA" }],
        }),
        "POST /api/v1/orders/{order}/deal" | "POST /api/v1/rfqs/{rfq}/deal" => {
            json!({ "deal": scene.id("deal") })
        }
        _ => return form_of_rooms(operation, scene, &organisation),
    };
    Some(form)
}

/// The same, of what people say to each other.
fn form_of_rooms(operation: &str, scene: &Scene, organisation: &str) -> Option<Value> {
    let form = match operation {
        "PATCH /api/v1/rooms/{room}/topic" => json!({ "category": "Prices" }),
        "POST /api/v1/rooms/{room}/guests" => {
            json!({ "email": "y@outside.example", "name": "Y" })
        }
        "POST /api/v1/mail/suppressed" => json!({ "email": "z@outside.example" }),
        "POST /api/v1/rooms/{room}/events" => {
            json!({ "cid": uuid::Uuid::from_u128(7).to_string(), "body": "Hello" })
        }
        "POST /api/v1/rooms/{room}/acts" => {
            json!({ "cid": uuid::Uuid::from_u128(8).to_string(), "act": "react", "target": 1, "emoji": "👍" })
        }
        "PATCH /api/v1/rooms/{room}/own" => {
            json!({ "draft": "Not sent yet", "level": "mentions" })
        }
        "PUT /api/v1/me/mail" => {
            json!({ "pace": "off", "hour": 9, "zone": "Europe/Paris" })
        }
        "PUT /api/v1/rooms/{room}/mail" => json!({ "pace": "off" }),
        "POST /api/v1/rooms/{room}/read" => json!({ "seq": 1 }),
        "PATCH /api/v1/rooms/{room}/rules" => json!({ "slow_s": 5 }),
        "POST /api/v1/rooms/{room}/reports" => json!({ "target": 1, "reason": "Rude" }),
        "PATCH /api/v1/reports/{report}" => json!({ "settled": true }),
        "POST /api/v1/directs" => {
            json!({ "person": scene.bruno.id, "organisation": organisation })
        }
        _ => return form_of_records(operation, scene, organisation),
    };
    Some(form)
}

fn form_of_records(operation: &str, scene: &Scene, organisation: &str) -> Option<Value> {
    let form = match operation {
        "PUT /api/v1/retention" => json!({ "main_days": 365, "revision": 0 }),
        "POST /api/v1/holds" => {
            json!({ "kind": "person", "subject": scene.olga.id, "reason": "Case 7" })
        }
        "POST /api/v1/holds/{hold}/release" => json!({ "revision": 1 }),
        "PUT /api/v1/me/push" => crate::push::browser(7),
        "PUT /api/v1/me/quiet" => {
            json!({ "zone": "Europe/Paris", "from": "22:00", "to": "07:00", "days": ["mon"], "off_days": [] })
        }
        _ => return form_of_quotes(operation, organisation),
    };
    Some(form)
}

fn form_of_quotes(operation: &str, organisation: &str) -> Option<Value> {
    let form = match operation {
        "POST /api/v1/deals/{deal}/rfqs" => {
            json!({ "seller": organisation, "lines": [{ "product": "GATE", "quantity": "1", "unit": "EA" }] })
        }
        "POST /api/v1/rfqs/{rfq}/decline" => {
            json!({ "revision": 1, "reason": "Sold out" })
        }
        "POST /api/v1/deals/{deal}/quotes" => {
            let mut form = Scene::quote("9.50");
            form["buyer"] = json!(organisation);
            form
        }
        "PUT /api/v1/quotes/{quote}/draft" => {
            let mut form = Scene::quote("9.75");
            form["revision"] = json!(1);
            form
        }
        "POST /api/v1/quotes/{quote}/moves" => {
            json!({ "move": "withdraw", "revision": 1 })
        }
        "POST /api/v1/quotes/{quote}/approve" => json!({ "revision": 1 }),
        "POST /api/v1/quotes/{quote}/answer" => {
            json!({ "answer": "accept", "sha256": "0".repeat(64), "revision": 1 })
        }
        _ => return form_of_what_follows(operation, organisation),
    };
    Some(form)
}

fn form_of_what_follows(operation: &str, organisation: &str) -> Option<Value> {
    let form = match operation {
        "POST /api/v1/orders/{order}/answer" => {
            json!({ "revision": 1, "lines": [{ "line": "1", "decision": "accept" }] })
        }
        "POST /api/v1/orders/{order}/shipments" => {
            json!({ "revision": 1, "sent_on": "2026-11-24", "lines": [{ "line": "1", "quantity": "1" }] })
        }
        "POST /api/v1/orders/{order}/invoices" => {
            json!({ "revision": 1, "issued_on": "2026-11-24", "lines": [{ "line": "1", "quantity": "1" }] })
        }
        "POST /api/v1/orders/{order}/changes" => {
            json!({ "revision": 1, "lines": [{ "line": "1", "kind": "changed", "quantity": "2" }] })
        }
        "POST /api/v1/orders/{order}/changes/{rev}/answer" => {
            json!({ "revision": 1, "lines": [{ "line": "1", "accept": true }] })
        }
        "POST /api/v1/orders/{order}/counter-offer" => {
            json!({ "revision": 1, "lines": [{ "line": "1", "take": true }] })
        }
        "POST /api/v1/orders/{order}/close" => {
            json!({ "revision": 1, "reason": "Nothing more comes" })
        }
        "POST /api/v1/invoices/{invoice}/answer" => {
            json!({ "answer": "approve", "revision": 1 })
        }
        "POST /api/v1/invoices/{invoice}/cancel" => {
            json!({ "revision": 1, "reason": "Wrong quantity" })
        }
        "POST /api/v1/invoices/{invoice}/credit" => {
            json!({ "revision": 1, "reason": "One was broken", "lines": [{ "line": "1", "quantity": "1" }] })
        }
        "POST /api/v1/products" => Scene::product("GATE-96"),
        "PUT /api/v1/products/{product}" => {
            json!({ "revision": 1, "product": Scene::product("GATE-49") })
        }
        "PUT /api/v1/partnerships/{partnership}/price-tier" => json!({ "tier": "Gold" }),
        "POST /api/v1/price-lists" => Scene::price_list("USD"),
        "PUT /api/v1/price-lists/{price_list}" => {
            json!({ "revision": 1, "list": Scene::price_list("EUR") })
        }
        _ => return form_of_registrations(operation, organisation),
    };
    Some(form)
}

fn form_of_registrations(operation: &str, vendor: &str) -> Option<Value> {
    let form = match operation {
        "POST /api/v1/registrations" => Scene::registration(vendor),
        "PATCH /api/v1/registrations/{registration}" => json!({ "note": "Soon" }),
        "POST /api/v1/registrations/{registration}/moves" => {
            json!({ "move": "withdraw", "revision": 1 })
        }
        "POST /api/v1/registrations/{registration}/answers" => {
            json!({ "move": "review", "revision": 1 })
        }
        "PUT /api/v1/registration-terms" => Scene::registration_terms(),
        _ => return form_of_leads(operation, vendor),
    };
    Some(form)
}

fn form_of_funds(operation: &str, partner: &str) -> Option<Value> {
    let form = match operation {
        "POST /api/v1/funds" => Scene::fund(),
        "PATCH /api/v1/funds/{fund}" => json!({ "name": "Harbours" }),
        "POST /api/v1/funds/{fund}/moves" => json!({ "move": "close", "revision": 1 }),
        "POST /api/v1/funds/{fund}/allocations" => {
            json!({ "partner": partner, "amount_minor": 1 })
        }
        "POST /api/v1/fund-allocations/{allocation}/amount" => {
            json!({ "amount_minor": 1, "revision": 1 })
        }
        "POST /api/v1/fund-requests" => {
            Scene::fund_request("fal_01arz3ndektsv4rrffq69g5fav", false)
        }
        "PATCH /api/v1/fund-requests/{fund_request}"
        | "PATCH /api/v1/fund-claims/{fund_claim}" => json!({ "note": "Soon" }),
        "POST /api/v1/fund-requests/{fund_request}/moves"
        | "POST /api/v1/fund-claims/{fund_claim}/moves" => {
            json!({ "move": "submit", "revision": 1 })
        }
        "POST /api/v1/fund-requests/{fund_request}/answers"
        | "POST /api/v1/fund-claims/{fund_claim}/answers" => {
            json!({ "move": "review", "revision": 1 })
        }
        "POST /api/v1/fund-requests/{fund_request}/claims" => {
            json!({ "cost_minor": 100, "asked_minor": 50 })
        }
        "POST /api/v1/fund-claims/{fund_claim}/payment" => {
            json!({ "reference": "2026-7", "revision": 1 })
        }
        _ => return None,
    };
    Some(form)
}

fn form_of_leads(operation: &str, partner: &str) -> Option<Value> {
    let form = match operation {
        "POST /api/v1/leads" => json!({ "company": "Harbour", "country": "DE" }),
        "PATCH /api/v1/leads/{lead}" => json!({ "note": "Call them" }),
        "POST /api/v1/leads/{lead}/moves" => json!({ "move": "withdraw", "revision": 3 }),
        "POST /api/v1/leads/{lead}/offers" => {
            json!({ "organisation": partner, "revision": 2 })
        }
        "POST /api/v1/lead-offers/{offer}/moves" => {
            json!({ "move": "accept", "revision": 1 })
        }
        "PUT /api/v1/lead-routing" => {
            json!({ "is_on": false, "rules": [{ "name": "All", "partners": [{ "organisation": partner, "most": 5 }] }], "revision": 0 })
        }
        "PUT /api/v1/lead-terms" => {
            json!({ "accept_hours": 12, "before": ["country"], "after": ["company"], "revision": 0 })
        }
        _ => {
            return form_of_mappings(operation)
                .or_else(|| form_of_funds(operation, partner));
        }
    };
    Some(form)
}

fn form_of_mappings(operation: &str) -> Option<Value> {
    let form = match operation {
        "POST /api/v1/populations" | "PUT /api/v1/populations/{population}" => {
            json!({ "name": "Ports", "filter": { "city": "Bremen" }, "revision": 1 })
        }
        "POST /api/v1/populations/preview" => json!({ "filter": { "city": "Bremen" } }),
        "PUT /api/v1/mappings/{partnership}/levels/{population}" => {
            json!({ "level": "counts" })
        }
        "POST /api/v1/mappings/{partnership}/asks" => {
            let id =
                kernel::Id::<kernel::Population>::from_uuid(uuid::Uuid::from_u128(7));
            json!({ "yours": id, "theirs": id })
        }
        "POST /api/v1/mappings/{partnership}/asks/{ask}/moves" => {
            json!({ "move": "refuse", "revision": 1 })
        }
        _ => return None,
    };
    Some(form)
}
