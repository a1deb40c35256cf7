//! Notices on devices: sealed, for the browser of whoever is signed in there, and only what may be
//! read at that moment. A peer in Python is the push service, and opens what comes as a browser would.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

use gate::Role;
use serde_json::{Value, json};
use suite::{Backing, Hub, Person, on_both_databases};

use crate::sharing::shared_deal;

/// A push service with browsers, that ends with its test.
pub(crate) struct Service {
    running: Child,
    told: Receiver<Value>,
    pub(crate) devices: Vec<Value>,
}

impl Drop for Service {
    fn drop(&mut self) {
        let _gone = (self.running.kill(), self.running.wait());
    }
}

impl Service {
    /// One with a browser for each answer that it is to give: a status, or `first-STATUS`.
    pub(crate) fn start(answers: &[&str]) -> Option<Self> {
        let Some(python) = std::env::var_os("ENTENTE_TEST_PYTHON") else {
            assert!(std::env::var_os("CI").is_none(), "ENTENTE_TEST_PYTHON is needed");
            eprintln!("skipped: ENTENTE_TEST_PYTHON is not set");
            return None;
        };
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/peers/push/service.py");
        let mut command = Command::new(python);
        let command = command.arg(script).args(answers);
        let mut running =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(running.stdout.take().unwrap()).lines();
        let (tell, told) = channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                drop(tell.send(serde_json::from_str(&line).unwrap()));
            }
        });
        let first: Value = told.recv_timeout(Duration::from_secs(20)).unwrap();
        let devices = first["devices"].as_array().unwrap().clone();
        Some(Self { running, told, devices })
    }

    /// The next message, opened. Waits as a task does: the hub may run on this very thread.
    pub(crate) async fn next(&self) -> Value {
        for _ in 0..400 {
            if let Ok(came) = self.told.try_recv() {
                assert_eq!(came.get("error"), None, "{came}");
                return came;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("no message came")
    }

    /// What came besides.
    pub(crate) fn rest(&self) -> Vec<Value> {
        self.told.try_iter().collect()
    }
}

/// A browser that is nowhere: its key is a point of the curve all the same.
pub(crate) fn browser(number: u8) -> Value {
    let sender = webpush::Sender::of_secret(&[number]).unwrap();
    json!({
        "endpoint": format!("http://127.0.0.1:9/push/{number}"),
        "p256dh": sender.public(), "auth": webpush::base64url(&[number; 16]),
    })
}

async fn put(who: &Person, form: &Value) -> suite::Answer {
    who.ask("PUT".parse().unwrap(), "/api/v1/me/push", Some(form.clone()), &[]).await
}

/// Has a message sent that comes after whatever else was to come.
async fn trial(hub: &Hub, who: &Person) {
    who.post("/api/v1/me/push/test", json!({})).await.expect(204);
    hub.wait(Duration::from_secs(1));
}

async fn say(who: &Person, room: &str, body: &str) {
    let form = json!({ "cid": uuid::Uuid::from_u128(rand::random()), "body": body });
    who.post(&format!("/api/v1/rooms/{room}/events"), form).await.expect(201);
}

/// Waits until a person has an unread notice of a kind: it is made after what it tells of.
async fn unread(who: &Person, kind: &str) {
    let sought = |it: &Value| it["kind"] == kind && it["read_at"].is_null();
    for _ in 0..400 {
        let inbox = who.get("/api/v1/notifications").await.expect(200);
        if inbox["items"].as_array().unwrap().iter().any(sought) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("nobody noticed")
}

/// Waits for such a notice, and then until devices are told of it.
async fn noticed(hub: &Hub, who: &Person, kind: &str) {
    unread(who, kind).await;
    hub.wait(SOON);
}

/// Two companies with a deal, and a push service.
struct Stage {
    olga: Person,
    bruno: Person,
    atelier: suite::Company,
    room: String,
    moves: String,
    service: Service,
}

impl Stage {
    async fn new(hub: &Hub, answers: &[&str]) -> Option<Self> {
        let service = Service::start(answers)?;
        let (_, olga) = hub.company("Nordwind").await;
        let (atelier, bruno) = hub.company("Atelier").await;
        let (_, room, moves) =
            shared_deal(hub, &olga, &bruno, &atelier.id.to_string()).await;
        bruno
            .post("/api/v1/notifications/read", json!({ "all": true }))
            .await
            .expect(200);
        Some(Self { olga, bruno, atelier, room, moves, service })
    }
}

/// Longer than notices are gathered.
const SOON: Duration = Duration::from_secs(4);

on_both_databases! {
    async fn a_notice_comes_sealed_and_tells_what_the_inbox_tells(hub: Hub) {
        let Some(stage) = Stage::new(&hub, &["201"]).await else { return };
        let kept = put(&stage.bruno, &stage.service.devices[0]).await.expect(200);
        assert_eq!(kept["devices"][0]["here"], true);

        say(&stage.olga, &stage.room, "zqsecret: half price").await;
        noticed(&hub, &stage.bruno, "message").await;
        let came = stage.service.next().await;

        let inbox = stage.bruno.get("/api/v1/notifications").await.expect(200);
        let message = &came["message"];
        assert_eq!(message["notice"], inbox["items"][0]);
        assert_eq!((&message["about"], &message["locale"], &message["unread"]), (&json!("news"), &json!("en"), &json!(1)));
        assert_eq!(message["organisation"], json!(stage.atelier.id));
        assert!(!came.to_string().contains("zqsecret"), "what was said stays in the room");
        let headers = &came["headers"];
        for (name, told) in [("content-encoding", "aes128gcm"), ("ttl", "86400"), ("topic", "notices"), ("urgency", "normal")] {
            assert_eq!(headers[name], told);
        }
        let until = came["claims"]["exp"].as_i64().unwrap() - hub.house.clock.now().micros() / 1_000_000;
        assert!((3_600..=86_400).contains(&until), "{until}");
        assert_eq!(came["claims"]["sub"], "mailto:postmaster@hub.test");

        // What is told is not told again; a call by name is urgent.
        let form = json!({ "cid": "m1", "body": format!("@[Bruno]({}) look", stage.bruno.id) });
        stage.olga.post(&format!("/api/v1/rooms/{}/events", stage.room), form).await.expect(201);
        noticed(&hub, &stage.bruno, "mention").await;
        let came = stage.service.next().await;
        assert_eq!(came["message"]["notice"]["kind"], "mention", "{came}");
        assert_eq!(came["headers"]["urgency"], "high");
    }

    async fn what_was_read_meanwhile_or_may_not_be_read_any_more_is_not_told(hub: Hub) {
        let Some(stage) = Stage::new(&hub, &["201"]).await else { return };
        let Stage { olga, bruno, service, .. } = &stage;
        put(bruno, &service.devices[0]).await.expect(200);

        say(olga, &stage.room, "One").await;
        noticed(&hub, bruno, "message").await;
        assert_eq!(service.next().await["message"]["notice"]["kind"], "message");
        // One that is read before its turn.
        bruno.post("/api/v1/notifications/read", json!({ "all": true })).await.expect(200);
        say(olga, &stage.room, "One more").await;
        unread(bruno, "message").await;
        bruno.post("/api/v1/notifications/read", json!({ "all": true })).await.expect(200);
        hub.wait(SOON);
        trial(&hub, bruno).await;
        assert_eq!(service.next().await["message"]["about"], "trial");

        say(olga, &stage.room, "Two").await;
        unread(bruno, "message").await;
        olga.post(&stage.moves, json!({ "move": "remove" })).await.expect(200);
        hub.wait(SOON);
        trial(&hub, bruno).await;
        let came = service.next().await;
        // That one was removed is news, too; the message is not.
        let told = |it: &Value| it["message"]["notice"]["kind"] == "message";
        assert!(!told(&came) && !service.rest().iter().any(told), "{came}");
    }

    async fn in_quiet_hours_a_device_is_told_later(hub: Hub) {
        let Some(stage) = Stage::new(&hub, &["201"]).await else { return };
        let Stage { olga, bruno, service, .. } = &stage;
        put(bruno, &service.devices[0]).await.expect(200);
        let form = json!({ "zone": "UTC", "from": "20:00", "to": "07:00", "days": [], "off_days": [], "pause_until": "2026-11-18T13:00:00Z" });
        bruno.ask("PUT".parse().unwrap(), "/api/v1/me/quiet", Some(form), &[]).await.expect(200);

        say(olga, &stage.room, "While you rest").await;
        noticed(&hub, bruno, "message").await;
        trial(&hub, bruno).await;
        assert_eq!(service.next().await["message"]["about"], "trial", "what one asks for by hand comes");

        hub.wait(Duration::from_hours(2));
        assert_eq!(service.next().await["message"]["notice"]["kind"], "message");
    }

    async fn a_push_service_that_fails_is_asked_again_and_one_that_forgot_is_not(hub: Hub) {
        let Some(stage) = Stage::new(&hub, &["first-503", "410"]).await else { return };
        let Stage { olga, bruno, service, .. } = &stage;
        put(bruno, &service.devices[0]).await.expect(200);
        put(bruno, &service.devices[1]).await.expect(200);

        say(olga, &stage.room, "Are you there?").await;
        noticed(&hub, bruno, "message").await;
        let mut heard = vec![service.next().await, service.next().await];
        for _ in 0..100 {
            hub.wait(Duration::from_mins(10));
            heard.extend(service.rest());
            if heard.len() == 3 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }

        let of = |device: i64| heard.iter().filter(|it| it["device"] == device).count();
        assert_eq!((of(0), of(1)), (2, 1), "{heard:?}");
        let bruno = hub.again(bruno, stage.atelier.id).await;
        let left = bruno.get("/api/v1/me/push").await.expect(200);
        assert_eq!(left["devices"].as_array().unwrap().len(), 1, "{left}");
    }

    async fn whoever_signs_out_hears_nothing_there_and_a_next_person_hears_their_own(hub: Hub) {
        let Some(stage) = Stage::new(&hub, &["201", "201"]).await else { return };
        let Stage { olga, bruno, service, atelier, .. } = &stage;
        let phone = hub.again(bruno, atelier.id).await;
        put(bruno, &service.devices[0]).await.expect(200);
        let both = put(&phone, &service.devices[1]).await.expect(200);
        let here: Vec<_> = both["devices"].as_array().unwrap().iter().map(|it| it["here"].clone()).collect();
        assert_eq!(here, [true, false], "the newest first");

        phone.post("/api/v1/sign-out", json!({})).await.expect(204);
        say(olga, &stage.room, "Only on one").await;
        noticed(&hub, bruno, "message").await;
        assert_eq!(service.next().await["device"], 0);
        trial(&hub, bruno).await;
        assert_eq!(service.next().await["device"], 0);

        // The same browser, with somebody else at it.
        let ines = hub.person(atelier, Role::Viewer, "Ines").await;
        put(&ines, &service.devices[0]).await.expect(200);
        assert_eq!(bruno.get("/api/v1/me/push").await.expect(200)["devices"], json!([]));
        assert_eq!(bruno.post("/api/v1/me/push/test", json!({})).await.status, 404);
        bruno.post("/api/v1/notifications/read", json!({ "all": true })).await.expect(200);
        say(olga, &stage.room, "To whom?").await;
        noticed(&hub, bruno, "message").await;
        trial(&hub, &ines).await;
        let came: Vec<_> = std::iter::once(service.next().await).chain(service.rest()).collect();
        assert!(came.iter().all(|it| it["device"] == 0), "{came:?}");
        let device = both["devices"][1]["id"].as_str().unwrap();
        assert_eq!(bruno.delete(&format!("/api/v1/me/push/{device}")).await.status, 404, "not Bruno's any more");
        ines.delete(&format!("/api/v1/me/push/{device}")).await.expect(204);
        assert_eq!(ines.post("/api/v1/me/push/test", json!({})).await.status, 404);
    }

    async fn a_browser_that_is_none_is_refused_with_the_reason(hub: Hub) {
        let (_, olga) = hub.company("Nordwind").await;
        let good = browser(3);
        for (field, odd) in [
            ("endpoint", json!("ftp://push.example/1")),
            ("endpoint", json!("push")),
            ("endpoint", json!("https://user:pass@push.example/1")),
            ("endpoint", json!(format!("https://push.example/{}", "x".repeat(1_000)))),
            ("p256dh", json!("AAAA")),
            ("p256dh", json!(webpush::base64url(&[4; 65]))),
            ("auth", json!("AAAA")),
        ] {
            let mut form = good.clone();
            form[field] = odd;
            let refused = put(&olga, &form).await;
            assert_eq!(refused.status, 422, "{form}");
            assert!(refused.body.to_string().contains(field), "{}", refused.body);
        }
        let token = olga.post("/api/v1/tokens", json!({ "name": "report", "scopes": ["read", "write"] })).await.expect(201);
        let mut program = olga.clone();
        program.token = token["token"].as_str().unwrap().to_owned();
        assert_eq!(put(&program, &good).await.status, 403);
        for number in 20..35 {
            put(&olga, &browser(number)).await.expect(200);
        }
        let kept = olga.get("/api/v1/me/push").await.expect(200);
        assert_eq!(kept["devices"].as_array().unwrap().len(), 10, "the oldest make room");
    }
}

#[tokio::test]
async fn a_push_service_within_the_network_is_not_called() {
    let hub =
        Hub::with(Backing::sqlite(), |config| config.as2_private_networks = false).await;
    let (_, olga) = hub.company("Nordwind").await;
    let mut form = browser(3);
    for inner in ["http://push.example/1", "https://127.0.0.1/1", "https://[::1]/1"] {
        form["endpoint"] = json!(inner);
        assert_eq!(put(&olga, &form).await.status, 422, "{inner}");
    }
    form["endpoint"] = json!("https://push.example/1");
    put(&olga, &form).await.expect(200);
}
