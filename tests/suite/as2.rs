//! A buyer's AS2 station, played by pyas2lib: an order in, its answers out, receipts both ways.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use suite::{Hub, Person, on_both_databases};

use crate::scene::purchase_order;

/// Where pyas2lib is; without it these tests are skipped, and in CI they fail.
fn python() -> Option<std::ffi::OsString> {
    let python = std::env::var_os("ENTENTE_TEST_PYTHON");
    assert!(
        python.is_some() || std::env::var_os("CI").is_none(),
        "CI must have pyas2lib"
    );
    python
}

struct Buyer {
    child: Child,
    ask: ChildStdin,
    told: BufReader<ChildStdout>,
    url: String,
    certificate: String,
}

impl Buyer {
    /// A station GLOBEX that trades with the hub's station ACME.
    fn open(python: &std::ffi::OsStr, folder: &Path, (url, acme): (&str, &str)) -> Self {
        let file = |name: &str| folder.join(name).display().to_string();
        let (key, certificate) = (file("globex.key"), file("globex.crt"));
        let made = Command::new("openssl")
            .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30"])
            .args(["-subj", "/CN=GLOBEX", "-keyout", &key, "-out", &certificate])
            .stderr(Stdio::null())
            .status();
        assert!(made.unwrap().success());
        let certificate = std::fs::read_to_string(certificate).unwrap();
        let both = std::fs::read_to_string(&key).unwrap() + &certificate;
        std::fs::write(file("globex.pem"), both).unwrap();
        std::fs::write(file("acme.crt"), acme).unwrap();
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/peers/as2/buyer.py");
        let mut child = Command::new(python)
            .args(["-W", "ignore", script, &file("globex.pem"), &file("acme.crt")])
            .args(["GLOBEX", "ACME", url])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (ask, told) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let mut told = BufReader::new(told);
        let mut url = String::new();
        told.read_line(&mut url).unwrap();
        Self { child, ask, told, url: url.trim().to_owned(), certificate }
    }

    fn ask(&mut self, ask: &Value) -> Value {
        tokio::task::block_in_place(|| {
            writeln!(self.ask, "{ask}").unwrap();
            let mut line = String::new();
            self.told.read_line(&mut line).unwrap();
            serde_json::from_str(&line).unwrap_or_else(|why| panic!("{ask}: {why}"))
        })
    }

    fn order(&mut self, number: u32, more: &Value) -> Value {
        let paper = purchase_order("GLOBEX", "ACME", number, &format!("PO-{number}"));
        let mut ask = json!({ "do": "send", "document": STANDARD.encode(paper) });
        ask.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.ask(&ask)
    }

    /// What came to the buyer, once `enough` says so.
    async fn got(&mut self, enough: impl Fn(&[String], usize) -> bool) -> Vec<String> {
        for _ in 0..200 {
            let told = self.ask(&json!({ "do": "got" }));
            let documents = told["documents"].as_array().unwrap().iter();
            let documents: Vec<String> = documents
                .map(|it| {
                    assert_eq!(it["status"], "processed", "{it}");
                    let bytes =
                        STANDARD.decode(it["document"].as_str().unwrap()).unwrap();
                    String::from_utf8(bytes).unwrap()
                })
                .collect();
            let receipts = told["receipts"].as_array().unwrap();
            assert!(receipts.iter().all(|it| it[0] == "processed"), "{receipts:?}");
            if enough(&documents, receipts.len()) {
                return documents;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("it never came: {}", self.ask(&json!({ "do": "got" })));
    }
}

impl Drop for Buyer {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Nordwind with its station ACME, and a buyer GLOBEX that it trades with.
async fn trading(hub: &Hub, folder: &Path, terms: Value) -> Option<(Person, Buyer)> {
    let python = python()?;
    let (_, olga) = hub.company("Nordwind").await;
    let now = olga.get("/api/v1/organisation").await.expect(200);
    let form = json!({ "identifiers": [{ "scheme": "isa", "value": "ZZ:ACME" }] });
    olga.patch("/api/v1/organisation", &now["revision"], form).await.expect(200);
    let named = json!({ "name": "ACME" });
    let station =
        olga.ask("PUT".parse().unwrap(), "/api/v1/as2/station", Some(named), &[]).await;
    let station = station.expect(200);
    let url = station["url"].as_str().unwrap();
    assert!(url.starts_with(&hub.as2), "{url}");
    let acme = station["keys"][0]["certificate"]["pem"].as_str().unwrap();
    let buyer = Buyer::open(&python, folder, (url, acme));
    let partner = json!({
        "name": "GLOBEX", "identifier": "ZZ:GLOBEX", "url": buyer.url,
        "certificates": buyer.certificate, "terms": terms,
    });
    olga.post("/api/v1/as2/partners", partner).await.expect(200);
    Some((olga, buyer))
}

async fn settled(olga: &Person, many: usize) -> Vec<(String, String)> {
    let mut seen = Vec::new();
    for _ in 0..200 {
        let told = olga.get("/api/v1/as2/messages").await.expect(200);
        let word = |it: &Value, of: &str| it[of].as_str().unwrap().to_owned();
        let items = told["items"].as_array().unwrap();
        seen =
            items.iter().map(|it| (word(it, "direction"), word(it, "state"))).collect();
        let open = seen.iter().any(|(_, state)| state == "waiting" || state == "sent");
        if seen.len() == many && !open {
            seen.sort();
            return seen;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("not settled: {seen:?}");
}

fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

on_both_databases! {
    async fn pyas2lib_sends_an_order_and_gets_its_answers(hub: Hub) {
        let folder = hub.folder().to_owned();
        let Some((olga, mut buyer)) = trading(&hub, &folder, json!({})).await else { return };

        let told = buyer.order(1, &json!({}));
        assert_eq!(told["receipt"][0], "processed", "{told}");
        let documents = buyer.got(|documents, _| documents.len() == 1).await;
        assert!(documents[0].contains("AK1*PO*1"), "{}", documents[0]);
        let orders = olga.get("/api/v1/orders").await.expect(200);
        let order = &orders["items"][0];
        assert_eq!(order["number"], "PO-1");
        let form = json!({ "revision": order["revision"], "lines": [{ "line": "1", "decision": "accept" }] });
        olga.post(&format!("/api/v1/orders/{}/answer", order["id"].as_str().unwrap()), form).await.expect(200);
        let documents = buyer.got(|documents, _| documents.len() == 2).await;
        assert!(documents[1].contains("*855*") || documents[1].contains("ST*855"), "{}", documents[1]);

        // Its receipt may come later, by a call to the buyer's own station.
        let told = buyer.order(2, &json!({ "mdn": "ASYNC" }));
        assert_eq!((&told["status"], &told["receipt"]), (&json!(204), &Value::Null), "{told}");
        buyer.got(|documents, receipts| documents.len() == 3 && receipts == 1).await;
        assert_eq!(settled(&olga, 5).await, pairs(&[
            ("in", "taken"), ("in", "taken"),
            ("out", "delivered"), ("out", "delivered"), ("out", "delivered"),
        ]));
        check_proof(&olga, &folder).await;
        drop(buyer);
    }

    async fn what_goes_to_pyas2lib_is_receipted_later_and_survives_its_refusals(hub: Hub) {
        let folder = hub.folder().to_owned();
        let terms = json!({ "later": true, "compress": true });
        let Some((olga, mut buyer)) = trading(&hub, &folder, terms).await else { return };

        // It is down when the 997 goes out, twice; then it takes it, and its receipt comes.
        buyer.ask(&json!({ "do": "refuse", "times": 0 }));
        let told = buyer.order(1, &json!({}));
        assert_eq!(told["receipt"][0], "processed", "{told}");
        buyer.got(|documents, _| documents.len() == 1).await;
        assert_eq!(settled(&olga, 2).await, pairs(&[("in", "taken"), ("out", "delivered")]));
        let refused = buyer.order(1, &json!({ "sign": null }));
        assert!(refused["receipt"][0] != "processed", "{refused}");
        let refused = buyer.order(1, &json!({ "encrypt": null }));
        assert!(refused["receipt"][0] != "processed", "{refused}");
        let orders = olga.get("/api/v1/orders").await.expect(200);
        assert_eq!(orders["items"].as_array().unwrap().len(), 1);
        drop(buyer);
    }
}

/// What openssl says of the folder that proves the first message.
async fn check_proof(olga: &Person, folder: &Path) {
    let told = olga.get("/api/v1/as2/messages").await.expect(200);
    let items = told["items"].as_array().unwrap();
    let came = items.iter().rfind(|it| it["direction"] == "in").unwrap();
    let id = came["id"].as_str().unwrap();
    let tar = olga.get(&format!("/api/v1/as2/messages/{id}/proof")).await;
    assert_eq!(tar.status, 200);
    let file = folder.join("proof.tar");
    std::fs::write(&file, &tar.bytes).unwrap();
    let unpacked =
        Command::new("tar").arg("-xf").arg(&file).arg("-C").arg(folder).status();
    assert!(unpacked.unwrap().success());
    let own = folder.join(id);
    let verify = || {
        Command::new("openssl")
            .args(["cms", "-verify", "-binary", "-inform", "DER", "-in", "signature.der"])
            .args(["-content", "content.bin", "-certfile", "certificates.pem"])
            .args(["-noverify", "-out", "/dev/null"])
            .current_dir(&own)
            .output()
            .unwrap()
            .status
            .success()
    };
    assert!(verify(), "openssl confirms it");
    let mut content = std::fs::read(own.join("content.bin")).unwrap();
    content.push(b'!');
    std::fs::write(own.join("content.bin"), content).unwrap();
    assert!(!verify(), "and not what was changed");
}
