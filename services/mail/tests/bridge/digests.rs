//! Members who read and answer by mail.

use std::{sync::atomic::Ordering, time::Duration};

use directory::{Locale, people};
use gate::{Caller, Role};
use kernel::{Id, Person, Room};
use serde_json::{Value, json};
use sharing::{Event, Range, Reader, log};

use crate::{
    proof::signed,
    scenes::{fresh_postgres, parsed, reply_address},
    stage::{Relay, Relayed, Stage},
};

/// Longer than who looks at the room needs to read.
const SOON: Duration = Duration::from_secs(11);

impl Stage {
    async fn wants(&self, who: Caller, pace: &str) {
        let form = json!({ "pace": pace, "hour": 8, "zone": "Europe/Paris" });
        let (status, kept) = self.ask(who, "PUT", "/me/mail", form).await;
        assert_eq!((status, &kept["pace"]), (200, &json!(pace)), "{kept}");
    }

    /// A letter comes once the clock has gone on, and not before.
    async fn letter_after(&self, time: Duration) -> Relayed {
        // The planning gathers hints for a second.
        assert!(
            self.nothing_relayed(Duration::from_secs(3)).await,
            "not before its time"
        );
        self.wait(time);
        self.relayed().await
    }

    /// What somebody reads in a room.
    async fn read_by(&self, who: Caller, room: Id<Room>) -> Vec<Event> {
        let mut conn = self.house.db.read().await.unwrap();
        let slice = log::slice(&mut conn, Reader::from(&who), room, Range::After(0), 100);
        slice.await.unwrap().unwrap().events
    }

    /// The words of somebody in a room, once there are so many; a moment later, still so many.
    async fn said_by(&self, who: Caller, room: Id<Room>, count: usize) -> Vec<Event> {
        let mut said = Vec::new();
        for round in 0..100 {
            let events = self.read_by(who, room).await.into_iter();
            let own = who.person.to_string();
            said = events.filter(|it| it.author == own && it.body.is_some()).collect();
            if said.len() >= count && round > 10 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        said
    }

    /// Mails in somebody's name that wait, once there are so many.
    async fn waiting_for(&self, who: Caller, count: usize) -> Vec<Value> {
        let mut items = Vec::new();
        for _ in 0..100 {
            let (_, page) = self.ask(who, "GET", "/me/mail/held", Value::Null).await;
            items = page["items"].as_array().unwrap().clone();
            if items.len() >= count {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        items
    }

    /// A colleague of somebody's, whose address is at client.test.
    async fn colleague(&self, of: Caller) -> Caller {
        let now = self.house.clock.now();
        let mut tx = self.house.db.write().await.unwrap();
        let email = "rob@client.test".parse().unwrap();
        let person: Id<Person> =
            people::create_hashed(&mut tx, &email, "Rob", "-", Locale::Fr, now)
                .await
                .unwrap();
        people::join(&mut tx, of.organisation, person, Role::Seller, now).await.unwrap();
        tx.commit().await.unwrap();
        Caller { person, role: Role::Seller, ..of }
    }

    async fn internal(&self, of: Caller) -> Id<Room> {
        let mut conn = self.house.db.read().await.unwrap();
        let room = log::internal_room(&mut conn, self.deal, of.organisation).await;
        room.unwrap().unwrap()
    }
}

fn answer(from: &str, id: &str, text: &str) -> String {
    format!(
        "From: Somebody <{from}>\nTo: post@hub.test\nSubject: Re: it\nMessage-ID: <{id}@rival.test>\n\n{text}\n"
    )
}

/// The addresses in a letter to which one answers.
fn addresses(letter: &Relayed) -> Vec<String> {
    let mail = parsed(&letter.bytes);
    let text = mail.body_text(0).unwrap();
    let words = text.split_whitespace().filter(|it| it.starts_with("room+"));
    words.map(str::to_owned).collect()
}

fn header(letter: &Relayed, name: &'static str) -> String {
    let mail = parsed(&letter.bytes);
    mail.header_raw(name).unwrap_or_default().trim().to_owned()
}

scenes! {
    what_is_not_read_comes_by_mail_and_the_answer_stands_in_the_room(stage, Relay::Up) {
        stage.partner().await;
        let rita = stage.rival;
        stage.say(stage.main, "Said before she wanted mail").await;
        stage.wants(rita, "instant").await;
        stage.say(stage.main, "Two **or** three?").await;
        stage.say_as(rita, stage.main, "Her own").await;

        let letter = stage.letter_after(SOON).await;
        let text = parsed(&letter.bytes).body_text(0).unwrap().into_owned();
        assert!(text.contains("Two or three?") && text.contains("Ana Lima (Vendor)"), "{text}");
        assert!(!text.contains("Her own") && !text.contains("Said before"), "{text}");
        assert_eq!(header(&letter, "Auto-Submitted"), "auto-generated");
        assert!(header(&letter, "To").to_lowercase().contains("rita@rival.test"));
        let to = reply_address(&letter.bytes);
        let mail = answer("Rita@rival.test", "r1", "Three.\n\n> Two or three?");
        assert_eq!(stage.send("rita@rival.test", &to, &mail).await[2], "250");
        assert_eq!(stage.send("rita@rival.test", &to, &mail).await[2], "250");

        let said = stage.said_by(rita, stage.main, 2).await;
        assert_eq!(said.len(), 2, "the same mail is said once: {said:?}");
        assert_eq!(said[1].body.as_deref(), Some("Three."));
        assert!(said[1].via.is_some() && said[1].organisation == Some(rita.organisation));
        stage.say(stage.main, "Thank you").await;
        let second = stage.letter_after(SOON).await;
        assert_eq!(header(&second, "In-Reply-To"), "<r1@rival.test>");
        assert_eq!(reply_address(&second.bytes), to);
        assert!(!addresses(&second).iter().any(|it| *it != to));
        assert!(stage.nothing_relayed(Duration::from_secs(2)).await, "nobody else wants mail");
    }

    in_quiet_hours_a_letter_waits_for_their_end(stage, Relay::Up) {
        stage.partner().await;
        let rita = stage.rival;
        stage.wants(rita, "instant").await;
        let until = stage.house.clock.now() + Duration::from_hours(2);
        let quiet = json!({
            "zone": "Europe/Paris", "from": "20:00", "to": "07:00", "days": [], "off_days": [], "pause_until": until,
        });
        let (status, kept) = stage.ask(rita, "PUT", "/me/quiet", quiet).await;
        assert_eq!((status, &kept["quiet_until"]), (200, &json!(until)), "{kept}");
        stage.say(stage.main, "While it is quiet").await;
        assert!(stage.nothing_relayed(Duration::from_secs(3)).await, "not before its time");
        stage.wait(SOON);
        assert!(stage.nothing_relayed(Duration::from_secs(3)).await, "it is quiet");

        stage.wait(Duration::from_hours(2));
        let text = parsed(&stage.relayed().await.bytes).body_text(0).unwrap().into_owned();
        assert!(text.contains("While it is quiet"), "{text}");
        assert!(stage.nothing_relayed(Duration::from_secs(2)).await, "it comes once");
    }

    what_is_forged_waits_for_the_one_whose_name_it_bears(stage, Relay::Up) {
        stage.partner().await;
        let rita = stage.rival;
        stage.wants(rita, "instant").await;
        stage.say(stage.main, "Hello").await;
        let to = reply_address(&stage.letter_after(SOON).await.bytes);
        let last = to.find('@').unwrap() - 2;
        let other = |(at, digit)| if at != last { digit } else if digit == 'q' { 'a' } else { 'q' };
        let forged: String = to.char_indices().map(other).collect();
        let as_guest = to.replace("room+", "reply+");

        assert_eq!(stage.send("rita@rival.test", &forged, "x").await, ["550"]);
        assert_eq!(stage.send("rita@rival.test", &as_guest, "x").await, ["550"]);
        let foreign = answer("mallory@else.test", "f1", "It is me, Rita");
        stage.send("mallory@else.test", &to, &foreign).await;

        let held = stage.waiting_for(rita, 1).await;
        assert_eq!(held.len(), 1);
        assert_eq!(held[0]["from"], "mallory@else.test");
        assert!(stage.waiting_for(stage.ana, 0).await.is_empty());
        for who in [stage.ana, rita] {
            let (_, page) = stage.ask(who, "GET", "/mail/quarantine", Value::Null).await;
            assert_eq!(page["items"], json!([]), "no administrator reads it");
        }
        let path = format!("/me/mail/held/{}", held[0]["id"].as_str().unwrap());
        let release = format!("{path}/release");
        assert_eq!(stage.ask(stage.ana, "POST", &release, Value::Null).await.0, 404);
        let (_, opened) = stage.ask(rita, "GET", &path, Value::Null).await;
        assert_eq!(opened["text"], "It is me, Rita");
        assert!(stage.said_by(rita, stage.main, 0).await.is_empty());
        assert_eq!(stage.ask(rita, "POST", &release, Value::Null).await.0, 204);
        assert_eq!(stage.ask(rita, "POST", &release, Value::Null).await.0, 409);
        assert_eq!(stage.said_by(rita, stage.main, 1).await.len(), 1);
        let (_, raw) = stage.ask(stage.ana, "GET", &format!("/rooms/{}/events/2/original", stage.main), Value::Null).await;
        assert!(!raw.to_string().contains("It is me"), "what a member mailed is theirs: {raw}");
    }

    a_day_is_one_letter_of_all_rooms_and_what_was_read_is_not_in_it(stage, Relay::Up) {
        stage.partner().await;
        let rita = stage.rival;
        let (topic, _) = stage.topic().await;
        let guest = stage.relayed().await;
        assert!(header(&guest, "To").contains("xavier"), "the guest's own letter");
        stage.wants(rita, "daily").await;
        stage.say(stage.main, "In the main room").await;
        stage.say(topic, "In the topic").await;
        stage.relayed().await;

        let letter = stage.letter_after(Duration::from_hours(25)).await;
        let text = parsed(&letter.bytes).body_text(0).unwrap().into_owned();
        assert!(text.contains("In the main room") && text.contains("In the topic"), "{text}");
        assert_eq!(parsed(&letter.bytes).subject(), Some("2 new messages in 2 conversations"));
        assert!(parsed(&letter.bytes).reply_to().is_none(), "nobody answers into a wrong room");
        let to = addresses(&letter);
        assert_eq!(to.len(), 2, "{text}");
        for (at, to) in to.iter().enumerate() {
            let mail = answer("rita@rival.test", &format!("d{at}"), &format!("Answer {at}"));
            assert_eq!(stage.send("rita@rival.test", to, &mail).await[2], "250");
        }
        let rooms = [stage.main, topic];
        for room in rooms {
            assert_eq!(stage.said_by(rita, room, 1).await.len(), 1, "each in its own room");
        }
        // The guest of the topic hears her.
        assert!(header(&stage.relayed().await, "To").contains("xavier"));

        stage.say(stage.main, "Read at once").await;
        let head = stage.read_by(rita, stage.main).await.last().unwrap().seq;
        let mut tx = stage.house.db.write().await.unwrap();
        log::mark_read(&mut tx, rita.organisation, rita.person, stage.main, head).await.unwrap();
        tx.commit().await.unwrap();
        stage.wait(Duration::from_hours(25));
        assert!(stage.nothing_relayed(Duration::from_secs(4)).await);
    }

    a_right_that_goes_stops_what_is_queued_and_its_address(stage, Relay::Up) {
        let party = stage.partner().await;
        let rita = stage.rival;
        stage.wants(rita, "instant").await;
        stage.say(stage.main, "First").await;
        let to = reply_address(&stage.letter_after(SOON).await.bytes);
        stage.mood.store(451, Ordering::Relaxed);
        stage.say(stage.main, "Second").await;
        tokio::time::sleep(Duration::from_secs(2)).await;
        stage.wait(SOON);
        tokio::time::sleep(Duration::from_secs(2)).await;
        let (_, outbox) = stage.ask(rita, "GET", "/mail/outbox", Value::Null).await;
        assert_eq!(outbox["items"][0]["state"], "queued", "it was tried: {outbox}");
        assert_eq!(outbox["items"][0]["subject"], "What you have not read");
        let path = format!("/mail/outbox/{}/raw", outbox["items"][0]["id"].as_str().unwrap());
        assert_eq!(stage.ask(rita, "GET", &path, Value::Null).await.0, 404, "for no administrator");

        stage.part(party).await;
        stage.mood.store(250, Ordering::Relaxed);
        stage.wait(Duration::from_mins(10));

        assert!(stage.nothing_relayed(Duration::from_secs(6)).await);
        assert_eq!(stage.send("rita@rival.test", &to, "x").await, ["550"]);
        let (_, outbox) = stage.ask(rita, "GET", "/mail/outbox", Value::Null).await;
        assert_eq!(outbox["items"][0]["state"], "cancelled", "{outbox}");
    }

    an_internal_note_stays_one(stage, Relay::Checked) {
        stage.partner().await;
        let rita = stage.rival;
        let rob = stage.colleague(rita).await;
        let notes = stage.internal(rita).await;
        for who in [rob, stage.ana] {
            stage.wants(who, "instant").await;
        }
        stage.say_as(rita, notes, "Their margin is thin").await;

        let letter = stage.letter_after(SOON).await;
        let text = parsed(&letter.bytes).body_text(0).unwrap().into_owned();
        assert!(header(&letter, "To").contains("rob@client.test"));
        assert!(text.contains("Note interne") && text.contains("Their margin"), "{text}");
        assert!(stage.nothing_relayed(Duration::from_secs(2)).await, "Ana gets none");
        let to = reply_address(&letter.bytes);
        let outside = answer("xavier@client.test", "o1", "What margin?");
        stage.send("xavier@client.test", &to, &signed(&stage, &outside)).await;
        let pretends = answer("rob@client.test", "o2", "It is Rob");
        stage.send("rob@client.test", &to, &pretends).await;
        let own = answer("rob@client.test", "o3", "I know.");
        stage.send("rob@client.test", &to, &signed(&stage, &own)).await;

        let said = stage.said_by(rob, notes, 1).await;
        assert_eq!(said.len(), 1, "{said:?}");
        assert_eq!(said[0].body.as_deref(), Some("I know."));
        assert_eq!(stage.waiting_for(rob, 2).await.len(), 2);
        for event in stage.events(stage.main).await {
            assert!(event.body.is_none(), "nothing of it in the shared room: {event:?}");
        }
    }

    one_click_ends_the_mails_of_a_room_and_only_those(stage, Relay::Up) {
        stage.partner().await;
        let rita = stage.rival;
        stage.wants(rita, "instant").await;
        stage.say(stage.main, "Hello").await;
        let letter = stage.letter_after(SOON).await;
        let path = header(&letter, "List-Unsubscribe");
        let path = path.trim_matches(['<', '>']).replace("https://hub.test/api/v1", "");
        assert_eq!(header(&letter, "List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");

        let (asked, page) = stage.ask(stage.ana, "GET", &path, Value::Null).await;
        assert!(asked == 200 && page.as_str().unwrap().contains("No more mails"), "{page}");
        let (_, before) = stage.ask(rita, "GET", "/me/mail", Value::Null).await;
        assert_eq!(before["rooms"], json!([]), "a look changes nothing");
        assert_eq!(stage.ask(stage.ana, "POST", &path, Value::Null).await.0, 200);

        let (_, habit) = stage.ask(rita, "GET", "/me/mail", Value::Null).await;
        assert_eq!(habit["pace"], "instant");
        assert_eq!(habit["rooms"][0]["pace"], "off", "{habit}");
        stage.say(stage.main, "Unheard").await;
        tokio::time::sleep(Duration::from_secs(2)).await;
        stage.wait(SOON);
        assert!(stage.nothing_relayed(Duration::from_secs(3)).await);
        let room = format!("/rooms/{}/mail", stage.main);
        assert_eq!(stage.ask(rita, "PUT", &room, json!({ "pace": null })).await.0, 200);
        stage.say(stage.main, "Heard again").await;
        let text = stage.letter_after(SOON).await;
        assert!(String::from_utf8_lossy(&text.bytes).contains("Heard again"));
        for wrong in [json!({ "pace": "daily", "hour": 24, "zone": "UTC" }), json!({ "pace": "daily", "hour": 8, "zone": "Nowhere" })] {
            assert_eq!(stage.ask(rita, "PUT", "/me/mail", wrong).await.0, 422);
        }
        let elsewhere = format!("/rooms/{}/mail", stage.internal(stage.ana).await);
        assert_eq!(stage.ask(rita, "GET", &elsewhere, Value::Null).await.0, 404);
    }
}
