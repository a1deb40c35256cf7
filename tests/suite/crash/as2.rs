//! Orders over AS2, in, and their 997s out, through deaths at every commit and every send.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
    time::Duration,
};

use as2::{
    Answer, Cipher, Compression, Demand, Digest, Disposition, Identity, KeyTransport,
    Keys, Legacy, Made, Outgoing, Policy, Profile, Proof, Receipt, Scheme,
};
use axum::{Router, body::Bytes, extract::State, http::HeaderMap, routing::post};
use mime::Fields;
use serde_json::{Value, json};
use suite::{Backing, Hub, Person};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use super::{Process, killed};
use crate::{command_line::binary, scene::purchase_order};

/// Where the process dies on the way of a message in, and of the 997 that answers it.
const PLACES: [&str; 8] = [
    "file.journalled",
    "file.kept",
    "as2.taking",
    "as2.taken",
    "as2.made",
    "as2.posting",
    "as2.posted",
    "as2.settled",
];
/// The processes live by the machine's clock, and so does the buyer.
fn today() -> i64 {
    kernel::Clock::system().now().micros() / 1_000_000
}

killed! { an_order_over_as2_is_applied_once_and_its_997_arrives }

/// The buyer's station: it takes what comes, and signs receipts.
#[derive(Clone)]
struct Globex {
    identity: Arc<Identity>,
    acme: as2::Certificate,
    /// What came, by Message-ID; the same one must bring the same bytes.
    got: Arc<Mutex<BTreeMap<String, String>>>,
}

async fn hears(
    State(globex): State<Globex>,
    headers: HeaderMap,
    body: Bytes,
) -> ([(&'static str, String); 1], Vec<u8>) {
    let fields: Fields = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
        .collect();
    let (own, partner) = ([&*globex.identity], [&globex.acme]);
    let policy = Policy {
        signed: Demand::Required,
        encrypted: Demand::Required,
        legacy: Legacy::Refused,
        limit_bytes: 1 << 20,
    };
    let keys = Keys { own: &own, partner: &partner };
    let read = as2::receive(&fields, &body, keys, policy, Digest::Sha256).unwrap();
    let id = fields.get("Message-ID").unwrap();
    let text = String::from_utf8(read.documents[0].bytes.clone()).unwrap();
    let before = globex.got.lock().unwrap().insert(id.to_owned(), text.clone());
    assert!(before.is_none_or(|it| it == text), "{id} came with two contents");
    let receipt = Receipt {
        receiver: "GLOBEX",
        message_id: id,
        disposition: &Disposition::Processed,
        mic: Some(&read.mic),
        text: "Thanks.",
        product: "Globex",
        boundaries: ["=_a", "=_b"],
    };
    let made = receipt.make(Some((&globex.identity, Digest::Sha256)), today()).unwrap();
    ([("content-type", made.0)], made.1)
}

impl Globex {
    fn order(&self, number: usize) -> Made {
        let number = u32::try_from(number).unwrap();
        let paper = purchase_order("GLOBEX", "ACME", number, &format!("PO-{number}"));
        let message = Outgoing {
            document: paper.as_bytes(),
            content_type: "application/edi-x12",
            file_name: None,
            sign: Some((&self.identity, Digest::Sha256, Scheme::Pkcs1)),
            encrypt: Some((&self.acme, Cipher::Aes256Cbc, KeyTransport::Pkcs1)),
            compression: Compression::None,
            mic: Digest::Sha256,
            at_seconds: today(),
            boundary: "=_x",
        };
        message.make().unwrap()
    }

    /// Whether a process that was sent a message answered with the proof of it.
    async fn sent(
        &self,
        process: &Process,
        way: &str,
        (number, made): (usize, &Made),
    ) -> bool {
        let id = format!("<{number}@globex>");
        let address =
            process.as2.strip_prefix("http://").unwrap().trim_end_matches("/as2");
        let head = format!(
            "POST {way} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nAS2-From: GLOBEX\r\n\
             AS2-To: ACME\r\nMessage-ID: {id}\r\nDisposition-Notification-To: edi@globex.example\r\n\
             Disposition-Notification-Options: signed-receipt-protocol=required, pkcs7-signature; \
             signed-receipt-micalg=required, sha-256\r\nContent-Length: {}\r\n{}\r\n",
            made.content.len(),
            made.fields.lines(),
        );
        let Ok(mut stream) = TcpStream::connect(address).await else { return false };
        let whole = [head.as_bytes(), &made.content].concat();
        if stream.write_all(&whole).await.is_err() {
            return false;
        }
        let mut answer = Vec::new();
        if stream.read_to_end(&mut answer).await.is_err() || answer.is_empty() {
            return false;
        }
        let status = answer.windows(2).position(|two| two == b"\r\n").unwrap();
        assert!(
            answer.starts_with(b"HTTP/1.1 200"),
            "{}",
            String::from_utf8_lossy(&answer)
        );
        let told = mime::entity(&answer[status + 2..]).unwrap();
        let certificates = [&self.acme];
        let told =
            Answer::read(&told.fields, told.content, &certificates, Legacy::Refused);
        let proof = told.unwrap().proves(&id, &made.mic, true);
        assert_eq!(proof, Proof::Delivered);
        true
    }
}

/// Nordwind's station ACME trades with GLOBEX, whose station stays up through all deaths.
async fn trading(hub: &Hub) -> (Person, Globex, String) {
    let (_, olga) = hub.company("Nordwind").await;
    let now = olga.get("/api/v1/organisation").await.expect(200);
    let form = json!({ "identifiers": [{ "scheme": "isa", "value": "ZZ:ACME" }] });
    olga.patch("/api/v1/organisation", &now["revision"], form).await.expect(200);
    let named = Some(json!({ "name": "ACME" }));
    let station =
        olga.ask("PUT".parse().unwrap(), "/api/v1/as2/station", named, &[]).await;
    let station = station.expect(200);
    let pem = station["keys"][0]["certificate"]["pem"].as_str().unwrap();
    let acme = as2::Certificate::read_all(pem.as_bytes()).unwrap().remove(0);
    let way = station["url"].as_str().unwrap().rsplit_once('/').unwrap().1.to_owned();
    let profile = Profile {
        name: "GLOBEX",
        organisation: "Globex",
        from_seconds: today() - 86_400,
        days: 30,
    };
    let identity = Arc::new(Identity::generate(profile).unwrap());
    let globex = Globex { identity, acme, got: Arc::default() };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/as2", listener.local_addr().unwrap());
    let router = Router::new().route("/as2", post(hears)).with_state(globex.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let partner = json!({
        "name": "GLOBEX", "identifier": "ZZ:GLOBEX", "url": url,
        "certificates": globex.identity.certificate().pem(),
    });
    olga.post("/api/v1/as2/partners", partner).await.expect(200);
    (olga, globex, format!("/as2/{way}"))
}

async fn an_order_over_as2_is_applied_once_and_its_997_arrives(backing: Backing) {
    let hub = Hub::on(backing).await;
    let (mut olga, globex, way) = trading(&hub).await;
    let backing = hub.stop().await;

    let mut sent = Vec::new();
    for (at, place) in PLACES.iter().enumerate() {
        let made = globex.order(at + 1);
        let dying = Process::dying(&binary(), &backing, place, "");
        globex.sent(&dying, &way, (at + 1, &made)).await;
        dying.died(place).await;
        sent.push(made);
    }
    // The buyer sends everything again, the very same bytes, three times at once.
    let alive = Process::start(&binary(), &backing);
    for (at, made) in sent.iter().enumerate() {
        let again = || globex.sent(&alive, &way, (at + 1, made));
        let (a, b, c) = tokio::join!(again(), again(), again());
        assert!(a && b && c, "{} is receipted", at + 1);
    }
    alive.kill();

    let hub = Hub::on(backing).await;
    olga.replace_router(hub.stranger().router());
    let messages = settled(&hub, &olga).await;
    let many = |direction: &str, state: &str| {
        messages
            .iter()
            .filter(|it| it["direction"] == direction && it["state"] == state)
            .count()
    };
    assert_eq!(many("in", "taken"), PLACES.len());
    assert_eq!(many("in", "refused"), 0);
    let orders = olga.get("/api/v1/orders?limit=100").await.expect(200);
    let numbers: BTreeSet<String> = orders["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["number"].to_string())
        .collect();
    assert_eq!(numbers.len(), PLACES.len());
    assert_eq!(orders["items"].as_array().unwrap().len(), PLACES.len(), "each once");
    let got = globex.got.lock().unwrap();
    assert_eq!(got.len(), PLACES.len(), "one 997 each, however often it was sent");
    let controls: BTreeSet<&str> =
        got.values().map(|text| text.split('*').nth(13).unwrap()).collect();
    assert_eq!(controls.len(), PLACES.len(), "each under a number of its own");
}

/// The messages, once all that went out is delivered.
async fn settled(hub: &Hub, olga: &Person) -> Vec<Value> {
    let mut messages = Vec::new();
    for _ in 0..150 {
        hub.wait(Duration::from_hours(1));
        let all = olga.get("/api/v1/as2/messages?limit=100").await.expect(200);
        messages = all["items"].as_array().unwrap().clone();
        let out = messages.iter().filter(|it| it["direction"] == "out");
        let delivered = out.filter(|it| it["state"] == "delivered").count();
        if delivered == PLACES.len() {
            return messages;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("not all is delivered: {messages:#?}");
}
