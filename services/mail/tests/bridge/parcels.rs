//! A trading partner that has nothing but mail: its orders hang on mails, and so does what answers
//! them.

use std::{fmt::Write as _, sync::atomic::Ordering, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use directory::organisations::{self, Identifier, Scheme};
use mail::authentic::dkim::Signer;
use mail_parser::MimeHeaders as _;
use serde_json::{Value, json};

use crate::{
    proof::{dkimpy, letter_becomes, signed},
    scenes::{fresh_postgres, parsed},
    stage::{Relay, Stage},
};

/// An order of Dorn's for the vendor.
fn order(control: u32) -> String {
    let (from, to) = ("DORN", "VEGA");
    format!(
        "ISA*00*          *00*          *ZZ*{from:<15}*ZZ*{to:<15}*261122*1200*U*00401*{control:09}*0*P*>~\n\
         GS*PO*{from}*{to}*20261122*1200*{control}*X*004010~\nST*850*0001~\nBEG*00*SA*PO-{control}**20261120~\n\
         CUR*BY*EUR~\nN1*BY*Dorn*92*D1~\nPO1*1*3*EA*4.15**VP*A-1~\nCTT*1~\nSE*7*0001~\nGE*1*{control}~\nIEA*1*{control:09}~\n"
    )
}

/// A mail with files on it.
fn carrying(id: &str, files: &[(&str, &str, &str)]) -> String {
    let mut parts = String::new();
    for (name, kind, text) in files {
        let coded = STANDARD.encode(text);
        write!(parts, "--b\nContent-Type: {kind}\nContent-Disposition: attachment; filename=\"{name}\"\nContent-Transfer-Encoding: base64\n\n{coded}\n").unwrap();
    }
    format!(
        "From: Dorn <erp@client.test>\nTo: hub\nSubject: Orders\nMessage-ID: <{id}@client.test>\nDate: Mon, 23 Nov 2026 10:00:00 +0000\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nOur order.\n{parts}--b--\n"
    )
}

fn one(id: &str, control: u32) -> String {
    carrying(id, &[("po.x12", "application/EDI-X12", &order(control))])
}

/// The vendor trades with Dorn by mail; gives the partner.
async fn trading(stage: &Stage) -> Value {
    let mut tx = stage.house.db.write().await.unwrap();
    let isa = [Identifier::new(Scheme::Isa, "ZZ:VEGA").unwrap()];
    organisations::identify(&mut tx, stage.ana.organisation, &isa).await.unwrap();
    tx.commit().await.unwrap();
    for (_, work) in exchange::jobs(&stage.house, None) {
        tokio::spawn(work);
    }
    let form = json!({ "name": "Dorn", "identifier": "ZZ:DORN", "further": ["ZZ:DORN2"], "address": "ERP@client.test", "acknowledge_hours": 24 });
    let (status, made) = stage.ask(stage.ana, "POST", "/mailing/partners", form).await;
    assert_eq!(status, 200, "{made}");
    made
}

async fn files(stage: &Stage) -> Vec<Value> {
    let (_, page) = stage.ask(stage.ana, "GET", "/mailing/files", Value::Null).await;
    page["items"].as_array().unwrap().clone()
}

/// The newest file that stands so, once there is one.
async fn becomes(stage: &Stage, direction: &str, wanted: &str) -> Value {
    for _ in 0..150 {
        let all = files(stage).await;
        let found =
            all.iter().find(|it| it["direction"] == direction && it["state"] == wanted);
        if let Some(found) = found {
            return found.clone();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("nothing {direction} became {wanted}: {:?}", files(stage).await)
}

async fn interchanges(stage: &Stage, query: &str) -> Vec<Value> {
    let path = format!("/edi/interchanges?{query}");
    let (status, page) = stage.ask(stage.ana, "GET", &path, Value::Null).await;
    assert_eq!(status, 200, "{page}");
    page["items"].as_array().unwrap().clone()
}

async fn told(stage: &Stage, kind: &str) -> i64 {
    let mut conn = stage.house.db.read().await.unwrap();
    conn.run(NOTICES).bind(kind.to_owned()).one::<(i64,)>().await.unwrap().0
}

store::statements! {
    /// How many notices of a kind there are.
    NOTICES unscoped "the test looks for itself" = "
        select count(*) from notification where kind = $1";
}

async fn settled(stage: &Stage, count: usize) {
    for _ in 0..150 {
        if files(stage).await.len() >= count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{:?}", files(stage).await)
}

scenes! {
    an_order_comes_on_a_mail_and_its_answer_goes_on_one(stage, Relay::Checked) {
        let dorn = trading(&stage).await;
        let ours = dorn["ours"].as_str().unwrap();
        let mail = signed(&stage, &one("m1", 1));

        assert_eq!(stage.send("erp@client.test", ours, &mail).await[2], "250");

        let taken = becomes(&stage, "in", "taken").await;
        assert_eq!((&taken["name"], &taken["sender"]), (&json!("po.x12"), &json!("erp@client.test")));
        let letter = stage.relayed().await;
        let answer = parsed(&letter.bytes);
        assert_eq!(answer.from().unwrap().first().unwrap().address().unwrap(), ours);
        assert_eq!(answer.to().unwrap().first().unwrap().address().unwrap(), "erp@client.test");
        let enclosed = answer.attachment(0).unwrap();
        let kind = enclosed.content_type().unwrap();
        assert_eq!((kind.ctype(), kind.subtype()), ("application", Some("edi-x12")));
        assert!(enclosed.attachment_name().unwrap().contains(".edi"));
        let text = String::from_utf8(enclosed.contents().to_vec()).unwrap();
        assert!(text.contains("AK1*PO*1") && text.trim_end().ends_with('~'), "{text}");
        becomes(&stage, "out", "delivered").await;
        let sent = interchanges(&stage, "way=mail&direction=out").await;
        assert_eq!((sent.len(), &sent[0]["state"], &sent[0]["kind"]), (1, &json!("sent"), &json!("997")));
        let came = interchanges(&stage, "way=mail&direction=in").await;
        assert_eq!((&came[0]["state"], &came[0]["sender"]), (&json!("applied"), &json!("ZZ:DORN")));
        let file = stage.house.settings.mail.dkim_key_file.clone().unwrap();
        let (name, record) = Signer::at(&file, "hub.test", "s1").unwrap().record().unwrap();
        if let Some(verdict) = dkimpy(&name, &record, &letter.bytes) {
            assert_eq!(verdict, "pass");
        }

        // The same bytes on another mail are the same file; other servers and spellings do not matter.
        let again = signed(&stage, &one("m2", 1));
        assert_eq!(stage.send("erp@client.test", &ours.to_uppercase(), &again).await[2], "250");
        // Any name of the partner is as good as its first.
        let third = order(3).replace("*ZZ*DORN ", "*ZZ*DORN2");
        let whole = carrying("m3", &[("a.txt", "text/plain", &order(2)), ("b.edi", "application/octet-stream", &third)]);
        assert_eq!(stage.send("bounces@client.test", ours, &signed(&stage, &whole)).await[2], "250");
        settled(&stage, 6).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        let taken: Vec<Value> = files(&stage).await.into_iter().filter(|it| it["state"] == "taken").collect();
        assert_eq!(taken.len(), 3, "{taken:?}");
        let (_, seen) = stage.ask(stage.ana, "GET", "/mailing/partners", Value::Null).await;
        assert!(seen["items"][0]["seen_at"].is_string(), "{seen}");

        // An address that was changed leads nowhere, and neither does that of a partner that left.
        let path = format!("/mailing/partners/{}", dorn["id"].as_str().unwrap());
        let (_, moved) = stage.ask(stage.ana, "POST", &format!("{path}/address"), Value::Null).await;
        assert_ne!(moved["ours"], dorn["ours"]);
        assert_eq!(stage.send("erp@client.test", ours, &mail).await, ["550"]);
        assert_eq!(stage.ask(stage.rival, "DELETE", &path, Value::Null).await.0, 404);
        assert_eq!(stage.ask(stage.ana, "DELETE", &path, Value::Null).await.0, 204);
        assert_eq!(stage.send("erp@client.test", moved["ours"].as_str().unwrap(), &mail).await, ["550"]);
    }

    what_nobody_proves_waits_until_a_person_decides(stage, Relay::Checked) {
        let dorn = trading(&stage).await;
        let ours = dorn["ours"].as_str().unwrap();
        let bare = one("m1", 1).replace('\n', "\r\n");
        let changed = signed(&stage, &one("m2", 2)).replace("Subject: Orders", "Subject: Other");
        let other = signed(&stage, &one("m3", 3).replace("erp@client.test>", "eve@client.test>"));
        for mail in [&bare, &changed, &other] {
            assert_eq!(stage.send("erp@client.test", ours, mail).await[2], "250");
        }
        settled(&stage, 3).await;
        let held = files(&stage).await;

        assert!(held.iter().all(|it| it["state"] == "held"), "{held:?}");
        let why = |from: &str| held.iter().filter(|it| it["sender"] == from).map(|it| it["why"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        assert!(why("erp@client.test").iter().all(|it| it.contains("DMARC")), "{held:?}");
        assert!(why("eve@client.test")[0].contains("not among those"), "{held:?}");
        assert_eq!(told(&stage, "mailing_held").await, 3);
        assert_eq!(interchanges(&stage, "way=mail").await.len(), 0);

        // What its own sender proves later is taken, and what waited of it is settled.
        assert_eq!(stage.send("erp@client.test", ours, &signed(&stage, &one("m4", 2))).await[2], "250");
        becomes(&stage, "in", "taken").await;
        let discarded = becomes(&stage, "in", "discarded").await;
        assert!(discarded["why"].as_str().unwrap().contains("same came"), "{discarded}");

        let held: Vec<Value> = files(&stage).await.into_iter().filter(|it| it["state"] == "held").collect();
        assert_eq!(held.len(), 2);
        let eves = held.iter().find(|it| it["sender"] == "eve@client.test").unwrap();
        let erps = held.iter().find(|it| it["sender"] == "erp@client.test").unwrap();
        let path = |it: &Value| format!("/mailing/files/{}", it["id"].as_str().unwrap());
        let (release, discard) = (format!("{}/release", path(erps)), format!("{}/discard", path(eves)));
        for (method, path) in [("GET", path(erps)), ("POST", release.clone()), ("POST", discard.clone())] {
            assert_eq!(stage.ask(stage.rival, method, &path, Value::Null).await.0, 404, "{path}");
        }
        let (_, raw) = stage.ask(stage.ana, "GET", &path(erps), Value::Null).await;
        assert_eq!(raw.as_str().unwrap(), order(1));
        assert_eq!(stage.ask(stage.ana, "POST", &discard, Value::Null).await.0, 204);
        let both = tokio::join!(
            stage.ask(stage.ana, "POST", &release, Value::Null),
            stage.ask(stage.ana, "POST", &release, Value::Null),
        );
        let mut answers = [both.0.0, both.1.0];
        answers.sort_unstable();
        assert_eq!(answers, [204, 409], "{both:?}");
        for _ in 0..100 {
            if interchanges(&stage, "way=mail&direction=in&state=applied").await.len() == 2 { break; }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert_eq!(interchanges(&stage, "way=mail&direction=in&state=applied").await.len(), 2);
    }

    what_is_no_interchange_or_is_anothers_is_told_of(stage, Relay::Checked) {
        let dorn = trading(&stage).await;
        let ours = dorn["ours"].as_str().unwrap();
        let rivals = order(9).replace("*ZZ*DORN ", "*ZZ*RIVAL");
        let mixed = carrying("m1", &[("po.edi", "application/EDI-X12", &order(1)), ("terms.pdf", "application/pdf", "%PDF-1.7"), ("r.edi", "application/EDI-X12", &rivals)]);
        assert_eq!(stage.send("erp@client.test", ours, &signed(&stage, &mixed)).await[2], "250");
        settled(&stage, 3).await;
        let mut letters = vec![stage.relayed().await, stage.relayed().await];
        letters.retain(|it| parsed(&it.bytes).subject() == Some("Not taken: what you sent by EDI"));

        let refused: Vec<Value> = files(&stage).await.into_iter().filter(|it| it["state"] == "refused").collect();
        assert_eq!(refused.len(), 2, "{refused:?}");
        assert!(refused.iter().any(|it| it["why"].as_str().unwrap().ends_with("is ZZ:RIVAL; this address is for ZZ:DORN or ZZ:DORN2")), "{refused:?}");
        assert_eq!(told(&stage, "mailing_refused").await, 1);
        let text = parsed(&letters[0].bytes).body_text(0).unwrap().into_owned();
        assert!(text.contains("terms.pdf: it is no interchange") && text.contains("r.edi: its sender"), "{text}");

        // A mail without anything is answered once; a program's answer never, and nobody is told.
        let bare = "From: erp@client.test\nSubject: Hello\nMessage-ID: <m2@client.test>\n\nDid you get it?\n";
        let away = "From: erp@client.test\nSubject: Away\nMessage-ID: <m3@client.test>\nAuto-Submitted: auto-replied\n\nI am away.\n";
        for mail in [bare, away] {
            assert_eq!(stage.send("erp@client.test", ours, &signed(&stage, mail)).await[2], "250");
        }
        let answer = stage.relayed().await;
        assert!(parsed(&answer.bytes).body_text(0).unwrap().contains("no interchange hangs on it"));
        assert!(stage.nothing_relayed(Duration::from_secs(2)).await);
        assert_eq!(told(&stage, "mailing_refused").await, 2);
    }

    a_letter_that_comes_back_is_told_of_and_sent_after_all(stage, Relay::Checked) {
        let dorn = trading(&stage).await;
        let ours = dorn["ours"].as_str().unwrap();
        stage.send("erp@client.test", ours, &signed(&stage, &one("m1", 1))).await;
        let letter = stage.relayed().await;
        becomes(&stage, "out", "delivered").await;
        let bounce = letter.from.trim_start_matches("MAIL FROM:<").split('>').next().unwrap().to_owned();
        let report = "From: mailer-daemon@mx.test\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no such user\n\n--b--\n";
        stage.send("", &bounce, report).await;

        let failed = becomes(&stage, "out", "failed").await;
        assert!(failed["why"].as_str().unwrap().contains("550"), "{failed}");
        assert_eq!(told(&stage, "mailing_failed").await, 1);
        assert_eq!(interchanges(&stage, "direction=out").await[0]["state"], "built");
        let (_, list) = stage.ask(stage.ana, "GET", "/mail/suppressed", Value::Null).await;
        let off = format!("/mail/suppressed/{}", list["items"][0]["id"].as_str().unwrap());
        let letter = letter_becomes(&stage, "failed").await;
        let send = format!("/mail/outbox/{}/send", letter["id"].as_str().unwrap());
        assert_eq!(stage.ask(stage.ana, "POST", &send, Value::Null).await.0, 409);
        assert_eq!(stage.ask(stage.ana, "DELETE", &off, Value::Null).await.0, 204);
        assert_eq!(stage.ask(stage.ana, "POST", &send, Value::Null).await.0, 204);
        assert!(parsed(&stage.relayed().await.bytes).attachment(0).is_some());
        becomes(&stage, "out", "delivered").await;
        assert_eq!(interchanges(&stage, "direction=out").await[0]["state"], "sent");
    }

    the_test_tells_each_step(stage, Relay::Checked) {
        let dorn = trading(&stage).await;
        let path = format!("/mailing/partners/{}/test", dorn["id"].as_str().unwrap());
        assert_eq!(stage.ask(stage.rival, "POST", &path, Value::Null).await.0, 404);
        let steps = |told: &Value| told["steps"].as_array().unwrap().iter().map(|it| (it["step"].as_str().unwrap().to_owned(), it["ok"] == true)).collect::<Vec<_>>();
        let of = |all: [bool; 4]| ["signed", "relay", "handed", "came"].iter().zip(all).map(|(it, ok)| ((*it).to_owned(), ok)).collect::<Vec<_>>();

        let (_, told) = stage.ask(stage.ana, "POST", &path, Value::Null).await;
        assert_eq!(steps(&told), of([true, true, true, false]), "{told}");
        let test = stage.relayed().await;
        assert_eq!(parsed(&test.bytes).from().unwrap().first().unwrap().address(), dorn["ours"].as_str());
        stage.mood.store(550, Ordering::Relaxed);
        stage.send("erp@client.test", dorn["ours"].as_str().unwrap(), &signed(&stage, &one("m1", 1))).await;
        let failed = becomes(&stage, "out", "failed").await;
        assert!(failed["why"].as_str().unwrap().contains("as told"), "{failed}");
        let (_, told) = stage.ask(stage.ana, "POST", &path, Value::Null).await;
        assert_eq!(steps(&told), of([true, true, false, true]), "{told}");
    }

    without_a_relay_what_is_built_waits_and_says_why(stage, Relay::None) {
        let dorn = trading(&stage).await;
        let form = json!({ "name": "Dorn", "identifier": "ZZ:DORN", "address": "erp@client.test", "must_prove": false, "senders": ["@orders.client.test"] });
        let (status, _) = stage.ask(stage.ana, "POST", "/mailing/partners", form).await;
        assert_eq!(status, 200);
        let mail = one("m1", 1).replace("erp@client.test>", "any@orders.client.test>");
        assert_eq!(stage.send("any@orders.client.test", dorn["ours"].as_str().unwrap(), &mail).await[2], "250");

        becomes(&stage, "in", "taken").await;
        let letter = letter_becomes(&stage, "kept").await;
        let waits = becomes(&stage, "out", "waiting").await;
        assert!(waits["why"].as_str().unwrap().contains("no relay"), "{waits}");
        assert_eq!(letter["to"], "erp@client.test");
        assert_eq!(interchanges(&stage, "direction=out").await[0]["state"], "built");
        for (field, form) in [
            ("address", json!({ "name": "A", "identifier": "ZZ:A", "address": "nobody" })),
            ("senders", json!({ "name": "A", "identifier": "ZZ:A", "address": "a@b.test", "senders": ["x"] })),
            ("identifier", json!({ "name": "A", "identifier": "ZZ:DORN", "address": "a@b.test" })),
            ("name", json!({ "name": " ", "identifier": "ZZ:A", "address": "a@b.test" })),
            ("acknowledge_hours", json!({ "name": "A", "identifier": "ZZ:A", "address": "a@b.test", "acknowledge_hours": 0 })),
        ] {
            let (status, told) = stage.ask(stage.ana, "POST", "/mailing/partners", form).await;
            assert_eq!((status, told.to_string().contains(field)), (422, true), "{told}");
        }
    }
}
