//! Files on messages: from a member, from a guest's mail, to a guest's mail; and who may not
//! have them.

use serde_json::{Value, json};
use suite::{Hub, Person, on_both_databases};

use crate::{sharing::shared_deal, smtp};

/// Ten bytes and more that begin as a PNG does.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

/// A room of two companies: its path, and somebody of each.
async fn room(hub: &Hub) -> (String, Person, Person) {
    let (_, olga) = hub.company("Nordwind").await;
    let (atelier, bruno) = hub.company("Atelier").await;
    let (path, ..) = shared_deal(hub, &olga, &bruno, &atelier.id.to_string()).await;
    let rooms = olga.get(&format!("{path}/rooms")).await.expect(200);
    let main = rooms["items"].as_array().unwrap().iter().find(|it| it["kind"] == "main");
    (format!("/api/v1/rooms/{}", main.unwrap()["id"].as_str().unwrap()), olga, bruno)
}

/// The files of the last message that has any.
async fn files(who: &Person, room: &str) -> Vec<Value> {
    let seen = who.get(&format!("{room}/events")).await.expect(200);
    let items = seen["items"].as_array().unwrap().clone();
    let with =
        items.iter().rev().find_map(|it| it["detail"]["files"].as_array().cloned());
    with.unwrap_or_default()
}

on_both_databases! {
    async fn a_file_is_for_those_who_may_read_its_message(hub: Hub) {
        let (room, olga, bruno) = room(&hub).await;
        let (_, rita) = hub.company("Rival").await;
        let ask = format!("{room}/files?cid=c1&name=..%2Fplan%0d%0aX%3A%201.png&body=See%20it");

        let sent = olga.send(&ask, "application/octet-stream", PICTURE).await.expect(201);
        let again = olga.send(&ask, "application/octet-stream", PICTURE).await.expect(200);

        assert_eq!((&again["seq"], &again["dup"]), (&sent["seq"], &json!(true)));
        let told = files(&bruno, &room).await;
        assert_eq!(told.len(), 1);
        assert_eq!(
            (&told[0]["name"], &told[0]["type"], &told[0]["bytes"]),
            (&json!("planX_ 1.png"), &json!("image/png"), &json!(PICTURE.len()))
        );
        let path = format!("{room}/files/{}", told[0]["id"].as_str().unwrap());
        let got = bruno.get(&path).await;
        assert_eq!((got.status, &got.bytes[..]), (200, PICTURE));
        assert_eq!(got.headers["content-type"], "application/octet-stream");
        assert!(got.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
        let shown = bruno.get(&format!("{path}?show=true")).await;
        assert_eq!(shown.headers["content-type"], "image/png");
        assert!(shown.headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
        assert_eq!(shown.headers["cache-control"], "no-store");
        assert_eq!(rita.get(&path).await.status, 404);
        assert_eq!(rita.send(&ask, "application/octet-stream", PICTURE).await.status, 404);
        assert_eq!(olga.send(&format!("{room}/files?cid=c2&name=a"), "text/plain", "").await.status, 422);

        let back = json!({ "cid": "r1", "act": "redact", "target": sent["seq"] });
        olga.post(&format!("{room}/acts"), back).await.expect(201);
        assert_eq!(bruno.get(&path).await.status, 404, "what was taken back has no files");
        assert_eq!(olga.get(&path).await.status, 404);
    }

    async fn a_page_that_somebody_sends_is_never_a_page_of_ours(hub: Hub) {
        let (room, olga, bruno) = room(&hub).await;
        let page = "<html><script>alert(1)</script>";
        let ask = format!("{room}/files?cid=c1&name=a.html");
        olga.send(&ask, "text/html", page).await.expect(201);

        let told = files(&bruno, &room).await;
        let path = format!("{room}/files/{}?show=true", told[0]["id"].as_str().unwrap());
        let got = bruno.get(&path).await;

        assert_eq!(got.headers["content-type"], "application/octet-stream");
        assert!(got.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    }

    async fn what_hangs_on_a_mail_hangs_on_the_message_both_ways(hub: Hub) {
        let (olga, events, reply) = smtp::topic(&hub).await;
        let room = events.trim_end_matches("/events").to_owned();
        let mail = format!(
            "From: amaya@roca.example\r\nTo: {reply}\r\nSubject: Re: Plans\r\nMessage-ID: <f1@roca.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHere they are.\r\n--b\r\nContent-Type: image/png; name=\"../../plan.png\"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment\r\n\r\niVBORw0KGgoAAAANSUhEUg==\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: a@b.example\r\nSubject: older\r\n\r\nold words\r\n--b--\r\n"
        );
        smtp::deliver(&hub, "amaya@roca.example", &reply, &mail).await;
        assert!(smtp::stands(&olga, &events, "Here they are.").await);

        let told = files(&olga, &room).await;
        assert_eq!(told.len(), 2, "{told:?}");
        assert_eq!((&told[0]["name"], &told[0]["type"]), (&json!("plan.png"), &json!("image/png")));
        let got = olga.get(&format!("{room}/files/{}", told[0]["id"].as_str().unwrap())).await;
        assert_eq!(&got.bytes[..], PICTURE);

        let seen = olga.get(&events).await.expect(200);
        let last = seen["items"].as_array().unwrap().last().unwrap()["seq"].clone();
        let path = format!("{room}/mails/{last}");
        let original = olga.get(&path).await.expect(200);
        assert_eq!(original["from"], "amaya@roca.example");
        assert!(original["headers"].as_array().unwrap().iter().any(|it| it["value"] == "Re: Plans"));
        assert!(!original.to_string().contains(&reply), "the guest's address stays a secret");
        assert_eq!((&original["text"], &original["has_page"]), (&json!("Here they are."), &json!(false)));
        let (_, rita) = hub.company("Rival").await;
        for path in [path.clone(), format!("{path}/page"), format!("{room}/mails/1")] {
            assert_eq!(rita.get(&path).await.status, 404);
        }
        assert_eq!(olga.get(&format!("{room}/mails/1")).await.status, 404, "no mail is behind it");
        let page = mail.replace("<f1@", "<f2@").replace("text/plain", "text/html").replace("Here they are.", "<p>A <b>page</b><script>alert(1)</script></p>");
        smtp::deliver(&hub, "amaya@roca.example", &reply, &page).await;
        assert!(smtp::stands(&olga, &events, "A page").await);
        let seen = olga.get(&events).await.expect(200);
        let last = seen["items"].as_array().unwrap().last().unwrap()["seq"].clone();
        let got = olga.get(&format!("{room}/mails/{last}/page")).await;
        let text = String::from_utf8(got.bytes).unwrap();
        assert!(text.contains("<b>page</b>") && !text.contains("alert"), "{text}");
        assert!(got.headers["content-security-policy"].to_str().unwrap().starts_with("sandbox; default-src 'none'"));

        let ask = format!("{room}/files?cid=c1&name=price.pdf&body=The%20price");
        olga.send(&ask, "application/pdf", "%PDF-1.7 twelve").await.expect(201);
        let raw = smtp::letter_with(&olga, "price.pdf").await;
        assert!(raw.contains("The price") && raw.contains("application/pdf"), "{raw}");
        assert!(raw.contains("JVBERi0xLjcgdHdlbHZl"), "its bytes in base 64: {raw}");
    }
}
