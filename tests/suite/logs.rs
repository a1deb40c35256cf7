//! Many events at once are what they are one after the other.

use kernel::{Id, Organisation, Room, Space};
use serde_json::json;
use sharing::{Author, EventKind, NewEvent, Refusal, log};
use store::Tx;
use suite::{Company, Hub, Person};

use crate::sharing::shared_deal;

/// An answer, without the moment.
type Told = Result<(i64, bool), &'static str>;

fn told(answer: Result<log::Appended, Refusal>) -> Told {
    match answer {
        Ok(log::Appended { seq, duplicate, .. }) => Ok((seq, duplicate)),
        Err(Refusal::CidReused) => Err("reused"),
        Err(other) => panic!("{other}"),
    }
}

/// What people and the hub say: cids of before, of the same list, of others, and none.
fn events(olga: &Author, bruno: &Author) -> Vec<NewEvent> {
    let say = |author: &Author, cid: &str, body: &str| {
        NewEvent::saying(author.clone(), Some(cid.to_owned()), body)
    };
    vec![
        say(olga, "c1", "the first\nof two lines"),
        say(olga, "before", "said before"),
        say(olga, "before", "other words"),
        say(bruno, "c1", "the same cid, of another"),
        say(olga, "c1", "the first\nof two lines"),
        say(olga, "c1", "not the first"),
        NewEvent::telling(
            EventKind::Stage,
            Author::System,
            json!({ "to": "won", "why": "\"é\" 你" }),
        ),
        NewEvent::saying(bruno.clone(), None, "12345"),
        say(bruno, "c2", "{\"$.cid\": null} '' \\ 你好 \u{1f600}"),
        NewEvent { target: Some(1), ..say(bruno, "c3", "an answer") },
        say(bruno, "c3", "an answer"),
    ]
}

async fn topic(tx: &mut Tx, hub: &Hub, space: Id<Space>, olga: &Author) -> Id<Room> {
    let now = hub.house.clock.now();
    let room = {
        let author = sharing::Author::System;
        let topic = log::NewTopic {
            title: "A topic",
            category: "",
            author: &author,
            origin: None,
        };
        log::open_topic(tx, space, topic, now).await
    }
    .unwrap();
    let before = NewEvent::saying(olga.clone(), Some("before".to_owned()), "said before");
    log::append(tx, room, now, before).await.unwrap();
    room
}

/// The log as its reader sees it, without the room's id.
async fn read(hub: &Hub, reader: Id<Organisation>, room: Id<Room>) -> Vec<log::Event> {
    let mut conn = hub.house.db.read().await.unwrap();
    let slice = log::slice(&mut conn, reader, room, log::Range::After(0), 100).await;
    let slice = slice.unwrap().unwrap();
    let seqs: Vec<_> = slice.events.iter().map(|event| event.seq).collect();
    let dense: Vec<_> = (1..=slice.reach.head).collect();
    assert_eq!(seqs, dense, "dense, up to the head");
    let nowhere = Id::from_uuid(uuid::Uuid::nil());
    let event = |event| log::Event { room: nowhere, ..event };
    slice.events.into_iter().map(event).collect()
}

async fn companies(hub: &Hub) -> (Company, Person, Company, Person) {
    let (nordwind, olga) = hub.company("Nordwind").await;
    let (atelier, bruno) = hub.company("Atelier").await;
    (nordwind, olga, atelier, bruno)
}

suite::on_both_databases! {
    async fn many_events_at_once_are_what_they_are_one_by_one(hub: Hub) {
        let (nordwind, olga, atelier, bruno) = companies(&hub).await;
        let (deal, ..) = shared_deal(&hub, &olga, &bruno, &atelier.id.to_string()).await;
        let space: Id<Space> = deal.rsplit('/').next().unwrap().parse().unwrap();
        let author = |who: &Person, company: &Company| {
            Author::Person { person: who.id, organisation: company.id }
        };
        let (olga, bruno) = (author(&olga, &nordwind), author(&bruno, &atelier));
        let now = hub.house.clock.now();

        let mut tx = hub.house.db.write().await.unwrap();
        let together = topic(&mut tx, &hub, space, &olga).await;
        let single = topic(&mut tx, &hub, space, &olga).await;
        let at_once: Vec<Told> = log::append_all(&mut tx, together, now, events(&olga, &bruno))
            .await.unwrap().into_iter().map(told).collect();
        let mut one_by_one: Vec<Told> = Vec::new();
        for event in events(&olga, &bruno) {
            one_by_one.push(told(log::append(&mut tx, single, now, event).await));
        }
        let none = log::append_all(&mut tx, together, now, Vec::new()).await.unwrap();
        tx.commit().await.unwrap();

        assert_eq!(at_once, one_by_one);
        assert_eq!(at_once[..6], [Ok((2, false)), Ok((1, true)), Err("reused"), Ok((3, false)), Ok((2, true)), Err("reused")]);
        assert!(none.is_empty());
        assert_eq!(read(&hub, atelier.id, together).await, read(&hub, atelier.id, single).await);
    }
}
