//! AS2: a partner's order comes in once, and its answers go out until a receipt proves them.

use std::sync::{Arc, Mutex};

use as2::{
    Cipher, Compression, Demand, Digest, Disposition, Identity, KeyTransport, Keys,
    Legacy, Made, Outgoing, Policy, Profile, Receipt, Scheme,
};
use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::State,
    http::{HeaderMap, Request},
    routing::post,
};
use base64::Engine as _;
use mime::Fields;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::{
    deadlines::move_to,
    stage::{Answer, Order, Stage},
};
use crate::stations::listener_routes;

const NOW: i64 = 1_795_000_000;

/// A receipt that is wanted later: its type and its content.
type Owed = (String, Vec<u8>);

/// Dorn's own AS2 station.
#[derive(Clone)]
pub(super) struct Dorn {
    pub(super) identity: Arc<Identity>,
    vega: as2::Certificate,
    pub(super) got: Arc<Mutex<Vec<String>>>,
    owed: Arc<Mutex<Vec<Owed>>>,
    pub(super) url: String,
    /// Where Vega's station is.
    way: String,
}

fn dorn() -> Identity {
    let profile =
        Profile { name: "DORN AS2", organisation: "Dorn", from_seconds: NOW, days: 365 };
    Identity::generate(profile).unwrap()
}

/// A station of Vega's, which trades with Dorn's.
pub(super) async fn trading(stage: &Stage) -> Dorn {
    trading_on(stage, json!({})).await
}

pub(super) async fn trading_on(stage: &Stage, terms: Value) -> Dorn {
    let none = stage.get(stage.vendor, "/as2/station").await.expect(200);
    assert_eq!((&none["name"], &none["keys"]), (&Value::Null, &json!([])));
    let named = json!({ "name": "VEGA" }).to_string();
    let made = stage.ask(stage.vendor, "PUT", "/as2/station", named).await.expect(200);
    let way = made["url"].as_str().unwrap().strip_prefix("http://as2.test").unwrap();
    let pem = made["keys"][0]["certificate"]["pem"].as_str().unwrap();
    let vega = as2::Certificate::read_all(pem.as_bytes()).unwrap().remove(0);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/as2", listener.local_addr().unwrap());
    let (identity, got, owed) = (Arc::new(dorn()), Arc::default(), Arc::default());
    let dorn = Dorn { identity, vega, got, owed, url, way: way.to_owned() };
    let router = Router::new().route("/as2", post(dorn_hears)).with_state(dorn.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let partner = json!({
        "name": "DORN AS2", "identifier": "ZZ:DORN", "url": dorn.url,
        "certificates": dorn.identity.certificate().pem(), "terms": terms,
    });
    stage.post(stage.vendor, "/as2/partners", partner).await.expect(200);
    dorn
}

/// Dorn reads what Vega sends, and signs a receipt.
async fn dorn_hears(
    State(dorn): State<Dorn>,
    headers: HeaderMap,
    body: Bytes,
) -> ([(&'static str, String); 1], Vec<u8>) {
    let fields: Fields = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
        .collect();
    let (own, partner) = ([&*dorn.identity], [&dorn.vega]);
    let policy = Policy {
        signed: Demand::Required,
        encrypted: Demand::Required,
        legacy: Legacy::Refused,
        limit_bytes: 1 << 20,
    };
    let keys = Keys { own: &own, partner: &partner };
    let read = as2::receive(&fields, &body, keys, policy, Digest::Sha256).unwrap();
    let text = String::from_utf8(read.documents[0].bytes.clone()).unwrap();
    dorn.got.lock().unwrap().push(text);
    let receipt = Receipt {
        receiver: "DORN AS2",
        message_id: fields.get("Message-ID").unwrap(),
        disposition: &Disposition::Processed,
        mic: Some(&read.mic),
        text: "Thanks.",
        product: "Dorn",
        boundaries: ["=_a", "=_b"],
    };
    let made = receipt.make(Some((&dorn.identity, Digest::Sha256)), NOW).unwrap();
    if fields.get("Receipt-Delivery-Option").is_some() {
        dorn.owed.lock().unwrap().push(made);
        return ([("content-type", "text/plain".to_owned())], Vec::new());
    }
    ([("content-type", made.0)], made.1)
}

pub(super) fn message(dorn: &Dorn, document: &str, signed: bool) -> Made {
    let sign = Some((&*dorn.identity, Digest::Sha256, Scheme::Pkcs1)).filter(|_| signed);
    let message = Outgoing {
        document: document.as_bytes(),
        content_type: "application/edi-x12",
        file_name: None,
        sign,
        encrypt: Some((&dorn.vega, Cipher::Aes256Cbc, KeyTransport::Pkcs1)),
        compression: Compression::None,
        mic: Digest::Sha256,
        at_seconds: NOW,
        boundary: "=_x",
    };
    message.make().unwrap()
}

/// Posts a message to Vega's station; gives the answer and its fields.
pub(super) async fn send(
    stage: &Stage,
    dorn: &Dorn,
    from: &str,
    id: &str,
    made: &Made,
) -> (Answer, Fields) {
    let mut request = Request::post(&dorn.way)
        .header("AS2-From", from)
        .header("AS2-To", "VEGA")
        .header("Message-ID", id)
        .header("Disposition-Notification-To", "edi@dorn.example")
        .header(
            "Disposition-Notification-Options",
            "signed-receipt-protocol=required, pkcs7-signature; \
             signed-receipt-micalg=required, sha-256",
        );
    for (name, value) in made.fields.iter() {
        request = request.header(name, value);
    }
    let request = request.body(Body::from(made.content.clone())).unwrap();
    let response = listener_routes(&stage.house).oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let fields = response
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
        .collect();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (Answer { status, bytes }, fields)
}

pub(super) fn receipt(dorn: &Dorn, (answer, fields): &(Answer, Fields)) -> as2::Answer {
    let told = String::from_utf8_lossy(&answer.bytes);
    as2::Answer::read(fields, &answer.bytes, &[&dorn.vega], Legacy::Refused)
        .unwrap_or_else(|why| panic!("{why}: {told}"))
}

pub(super) async fn eventually<F: Future<Output = bool>>(mut it: impl FnMut() -> F) {
    for _ in 0..200 {
        if it().await {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("it never came to be");
}

pub(super) async fn an_order_over_as2_is_receipted_applied_once_and_answered(
    stage: Stage,
) {
    let dorn = trading(&stage).await;
    let made = message(&dorn, &Order::default().alone(1), true);

    let heard = send(&stage, &dorn, "\"DORN AS2\"", "<1@dorn>", &made).await;
    let proof = receipt(&dorn, &heard).proves("<1@dorn>", &made.mic, true);
    assert_eq!(proof, as2::Proof::Delivered);
    // Sent again, since Dorn lost the receipt: the same one, and no second order.
    let again = send(&stage, &dorn, "\"DORN AS2\"", "<1@dorn>", &made).await;
    assert_eq!(again.0.bytes, heard.0.bytes);
    eventually(|| async {
        let orders = stage.get(stage.vendor, "/orders").await.expect(200);
        orders["items"].as_array().unwrap().len() == 1
    })
    .await;
    assert_eq!(
        stage.count("select count(*) from interchange where direction = 'in'").await,
        1
    );

    let folder = stage.drop_folder();
    let (house, work) = (stage.house.clone(), folder.clone());
    let worker = tokio::spawn(async move { crate::delivering(house, work).await });
    eventually(|| async { !dorn.got.lock().unwrap().is_empty() }).await;
    let sent = dorn.got.lock().unwrap()[0].clone();
    assert!(sent.contains("AK1*PO*1"), "{sent}");
    eventually(|| async {
        let told = stage.get(stage.vendor, "/as2/messages").await.expect(200);
        told["items"][0]["state"] == "delivered"
    })
    .await;
    worker.abort();
    let told = stage.get(stage.vendor, "/as2/messages").await.expect(200);
    let states: Vec<&Value> =
        told["items"].as_array().unwrap().iter().map(|it| &it["state"]).collect();
    assert_eq!(states, ["delivered", "taken"]);
    assert!(!folder.outgoing().exists(), "it went by AS2, not by file");
    let rival = stage.get(stage.rival, "/as2/messages").await.expect(200);
    assert_eq!(rival["items"], json!([]));
}

/// Dorn's receipt arrives by a call of its own, without a Message-ID, as some peers send it.
async fn pay(stage: &Stage, dorn: &Dorn, (kind, content): (&str, Vec<u8>)) -> u16 {
    let request = Request::post(&dorn.way)
        .header("AS2-From", "\"DORN AS2\"")
        .header("AS2-To", "VEGA")
        .header("Content-Type", kind)
        .body(Body::from(content))
        .unwrap();
    let response = listener_routes(&stage.house).oneshot(request).await.unwrap();
    response.status().as_u16()
}

pub(super) async fn a_receipt_may_come_by_a_call_of_its_own(stage: Stage) {
    let dorn = trading_on(&stage, json!({ "later": true })).await;
    let made = message(&dorn, &Order::default().alone(1), true);
    send(&stage, &dorn, "\"DORN AS2\"", "<1@dorn>", &made).await;
    let (house, work) = (stage.house.clone(), stage.drop_folder());
    let worker = tokio::spawn(async move { crate::delivering(house, work).await });
    let told = || async {
        let all = stage.get(stage.vendor, "/as2/messages").await.expect(200);
        all["items"][0]["state"].as_str().unwrap().to_owned()
    };
    eventually(|| async { told().await == "sent" }).await;
    let (kind, content) = dorn.owed.lock().unwrap()[0].clone();

    // What somebody changed on the way proves nothing, and changes nothing.
    let text = String::from_utf8(content.clone()).unwrap();
    let forged = text.replace("automatic-action/MDN-sent", "automatic-action/mdn-sent");
    assert_ne!(forged, text);
    assert_eq!(pay(&stage, &dorn, (&kind, forged.into_bytes())).await, 400);
    assert_eq!(told().await, "sent");
    assert_eq!(pay(&stage, &dorn, (&kind, content.clone())).await, 204);
    assert_eq!(told().await, "delivered");
    // It comes twice.
    assert_eq!(pay(&stage, &dorn, (&kind, content)).await, 204);
    assert_eq!(told().await, "delivered");
    let sent = "select count(*) from interchange where state = 'sent'";
    assert_eq!(stage.count(sent).await, 1);
    worker.abort();
    assert_eq!(dorn.got.lock().unwrap().len(), 1, "it went once");
}

pub(super) async fn a_partner_is_tried_resent_to_and_left(stage: Stage) {
    let dorn = trading(&stage).await;
    let partners = stage.get(stage.vendor, "/as2/partners").await.expect(200);
    let id = partners["items"][0]["id"].as_str().unwrap().to_owned();

    let tried =
        stage.post(stage.vendor, &format!("/as2/partners/{id}/test"), json!({})).await;
    let tried = tried.expect(200);
    assert_eq!(tried["ok"], true, "{tried}");
    assert!(dorn.got.lock().unwrap()[0].starts_with("Entente test message"));
    // Another hub's test message is receipted, and is no interchange of ours.
    let words = dorn.got.lock().unwrap()[0].clone();
    let made = message(&dorn, &words, true);
    let heard = send(&stage, &dorn, "\"DORN AS2\"", "<t@dorn>", &made).await;
    assert_eq!(receipt(&dorn, &heard).disposition, Disposition::Processed);
    assert_eq!(stage.count("select count(*) from interchange").await, 0);

    // An address where nobody listens.
    move_to(&stage, &dorn, "http://127.0.0.1:9/as2").await;
    let tried =
        stage.post(stage.vendor, &format!("/as2/partners/{id}/test"), json!({})).await;
    let tried = tried.expect(200);
    assert_eq!((&tried["ok"], &tried["steps"][1]["ok"]), (&json!(false), &json!(false)));
    let order = message(&dorn, &Order::default().alone(1), true);
    send(&stage, &dorn, "\"DORN AS2\"", "<1@dorn>", &order).await;
    let (house, work) = (stage.house.clone(), stage.drop_folder());
    let worker = tokio::spawn(async move { crate::delivering(house, work).await });
    let newest = || async {
        let told = stage.get(stage.vendor, "/as2/messages").await.expect(200);
        told["items"][0].clone()
    };
    eventually(|| async { newest().await["why"].is_string() }).await;
    move_to(&stage, &dorn, &dorn.url).await;
    let again = format!("/as2/messages/{}/send", newest().await["id"].as_str().unwrap());
    stage.post(stage.rival, &again, json!({})).await.expect(404);
    assert_eq!(stage.post(stage.vendor, &again, json!({})).await.status, 204);
    eventually(|| async { newest().await["state"] == "delivered" }).await;
    worker.abort();
    stage.post(stage.vendor, &again, json!({})).await.expect(409);

    let close = format!("/as2/partners/{id}");
    stage.ask(stage.rival, "DELETE", &close, String::new()).await.expect(404);
    assert_eq!(
        stage.ask(stage.vendor, "DELETE", &close, String::new()).await.status,
        204
    );
    let late = message(&dorn, &Order::default().alone(2), true);
    let heard = send(&stage, &dorn, "\"DORN AS2\"", "<2@dorn>", &late).await;
    assert_eq!(heard.0.status, 404);
    let left = stage.get(stage.vendor, "/as2/partners").await.expect(200);
    assert_eq!(left["items"], json!([]));
}

pub(super) async fn a_key_of_ones_own_signs_and_what_it_proved_is_exported(stage: Stage) {
    let dorn = trading(&stage).await;
    let bytes = base64::engine::general_purpose::STANDARD.encode("no key");
    let bad = json!({ "file": bytes });
    stage.post(stage.vendor, "/as2/station/keys/import", bad).await.expect(422);
    let own = self::dorn();
    let label = |name: &str, der: &[u8]| {
        let der = base64::engine::general_purpose::STANDARD.encode(der);
        format!("-----BEGIN {name}-----\n{der}\n-----END {name}-----\n")
    };
    let pem = label("PRIVATE KEY", own.pkcs8()) + &own.certificate().pem();
    let file = base64::engine::general_purpose::STANDARD.encode(pem);
    let form = json!({ "file": file });
    let station = stage.post(stage.vendor, "/as2/station/keys/import", form).await;
    let station = station.expect(200);
    assert_eq!(station["keys"].as_array().unwrap().len(), 2);

    // Dorn still encrypts to the old one, and hears the new one.
    let made = message(&dorn, &Order::default().alone(1), true);
    let heard = send(&stage, &dorn, "\"DORN AS2\"", "<1@dorn>", &made).await;
    let newer = Dorn { vega: own.certificate().clone(), ..dorn.clone() };
    assert_eq!(receipt(&newer, &heard).disposition, Disposition::Processed);
    let told = stage.get(stage.vendor, "/as2/messages").await.expect(200);
    let path =
        format!("/as2/messages/{}/proof", told["items"][0]["id"].as_str().unwrap());
    stage.get(stage.rival, &path).await.expect(404);
    let answer = stage.get(stage.vendor, &path).await;
    assert_eq!(answer.status, 200);
    let mut tar = tar::Archive::new(answer.bytes.as_ref());
    let names: Vec<String> = tar
        .entries()
        .unwrap()
        .map(|it| it.unwrap().path().unwrap().display().to_string())
        .collect();
    for name in
        ["raw.txt", "receipt.txt", "content.bin", "signature.der", "certificates.pem"]
    {
        assert!(names.iter().any(|it| it.ends_with(name)), "{name} in {names:?}");
    }
}

store::statements! {
    /// What the trigger of PostgreSQL does.
    WOUND unscoped "a test's" = sqlite "select 1", postgres "
        create function hurt() returns trigger language plpgsql as $f$ begin raise exception 'hurt'; end $f$";

    /// From now on nothing can be judged.
    HURT unscoped "a test's" = sqlite "
        create trigger hurt before update on interchange begin select raise(abort, 'hurt'); end", postgres "
        create trigger hurt before update on interchange for each row execute function hurt()";

    /// It can be again.
    HEAL unscoped "a test's" = sqlite "drop trigger hurt", postgres "drop trigger hurt on interchange";
}

pub(super) async fn what_cannot_be_judged_at_once_is_receipted_and_judged_by_a_job(
    stage: Stage,
) {
    let dorn = trading(&stage).await;
    let run = async |statements: &[store::Statement]| {
        let mut tx = stage.house.db.write().await.unwrap();
        for it in statements {
            tx.run(*it).execute().await.unwrap();
        }
        tx.commit().await.unwrap();
    };
    run(&[WOUND, HURT]).await;
    let made = message(&dorn, &Order::default().alone(1), true);

    let heard = send(&stage, &dorn, "\"DORN AS2\"", "<1@dorn>", &made).await;

    assert_eq!(receipt(&dorn, &heard).disposition, Disposition::Processed);
    let waiting = "select count(*) from interchange where state = 'received'";
    assert_eq!(stage.count(waiting).await, 1);
    assert_eq!(stage.count("select count(*) from trade_order").await, 0);
    run(&[HEAL]).await;
    stage.clock_us.fetch_add(60_000_000, std::sync::atomic::Ordering::SeqCst);
    let worker = tokio::spawn(crate::judging(stage.house.clone()));
    eventually(|| async { stage.count("select count(*) from trade_order").await == 1 })
        .await;
    worker.abort();
    assert_eq!(stage.count(waiting).await, 0);
}

pub(super) async fn what_a_partner_may_not_send_is_refused_by_receipt(stage: Stage) {
    let dorn = trading(&stage).await;
    let refused = |heard: &(Answer, Fields)| match receipt(&dorn, heard).disposition {
        Disposition::Error(why) => why,
        other @ (Disposition::Processed
        | Disposition::Warning(_)
        | Disposition::Failure(_)) => {
            panic!("{other:?}")
        }
    };
    let from = "\"DORN AS2\"";

    let stripped = message(&dorn, &Order::default().alone(1), false);
    let heard = send(&stage, &dorn, from, "<1@dorn>", &stripped).await;
    assert_eq!(refused(&heard), "insufficient-message-security");
    let foreign = Dorn { identity: Arc::new(self::dorn()), ..dorn.clone() };
    let forged = message(&foreign, &Order::default().alone(1), true);
    let heard = send(&stage, &dorn, from, "<2@dorn>", &forged).await;
    assert_eq!(refused(&heard), "authentication-failed");
    let rival =
        super::stage::interchange("RIVAL", "VEGA", 1, "PO", &[Order::default().set()]);
    let heard =
        send(&stage, &dorn, from, "<3@dorn>", &message(&dorn, &rival, true)).await;
    assert_eq!(refused(&heard), "unexpected-processing-error");
    let good = message(&dorn, &Order::default().alone(1), true);
    let stranger = send(&stage, &dorn, "NOBODY", "<4@dorn>", &good).await;
    assert_eq!(stranger.0.status, 404);
    assert_eq!(stage.count("select count(*) from interchange").await, 0);
    // The same Message-ID is judged again where the first try was refused.
    let heard = send(&stage, &dorn, from, "<1@dorn>", &good).await;
    assert_eq!(receipt(&dorn, &heard).disposition, Disposition::Processed);
    assert_eq!(
        stage.count("select count(*) from as2_message where state = 'refused'").await,
        3
    );
}
