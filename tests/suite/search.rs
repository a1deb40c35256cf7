//! Search in what was said (I25): it finds what a read shows, all of it, and nothing else.

use gate::Role;
use serde_json::{Value, json};
use suite::{Hub, Person, on_both_databases};

use crate::sharing::shared_deal;

async fn say(who: &Person, room: &str, cid: &str, body: &str) -> i64 {
    let form = json!({ "cid": cid, "body": body });
    let said = who.post(&format!("/api/v1/rooms/{room}/events"), form).await.expect(201);
    said["seq"].as_i64().unwrap()
}

async fn act(who: &Person, room: &str, form: Value) {
    who.post(&format!("/api/v1/rooms/{room}/acts"), form).await.expect(201);
}

/// A search as it is written in an address.
fn path(typed: &str) -> String {
    let escape = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    let typed: String = typed.bytes().map(escape).collect();
    format!("/api/v1/search/messages?q={typed}")
}

/// What somebody finds: room and seq, the newest first.
async fn found(who: &Person, typed: &str) -> Vec<(String, i64)> {
    let page = who.get(&path(typed)).await.expect(200);
    let items = page["items"].as_array().unwrap().iter();
    items
        .map(|it| {
            (it["room"]["id"].as_str().unwrap().to_owned(), it["seq"].as_i64().unwrap())
        })
        .collect()
}

async fn seqs(who: &Person, typed: &str) -> Vec<i64> {
    found(who, typed).await.into_iter().map(|(_, seq)| seq).collect()
}

/// The room of one's own notes in a deal.
async fn notes(who: &Person, deal: &str) -> String {
    let deal = who.get(deal).await.expect(200);
    let rooms = deal["rooms"].as_array().unwrap();
    let room = rooms.iter().find(|room| room["kind"] == "internal").unwrap();
    room["id"].as_str().unwrap().to_owned()
}

on_both_databases! {
    async fn words_are_found_as_they_are_meant(hub: Hub) {
        let (_, olga) = hub.company("Nordwind").await;
        let (atelier, bruno) = hub.company("Atelier").await;
        let (_, room, _) = shared_deal(&hub, &olga, &bruno, &atelier.id.to_string()).await;
        let bruno = hub.person(&atelier, Role::Seller, "Bruno Petit").await;
        let first = say(&olga, &room, "1", "L’accord de **livraison** est prêt, cf. devis 2,5 t").await;
        let second = say(&bruno, &room, "2", "¿Y el año que viene? Livraisons à Évry").await;
        let third = say(&bruno, &room, "3", "Ask @[Olga](all) about OLD-77").await;

        assert_eq!(seqs(&olga, "LIVRAISON ").await, [first]);
        assert_eq!(seqs(&olga, "livrai").await, [second, first], "the newest first");
        assert_eq!(seqs(&olga, "accord pret").await, [first]);
        assert_eq!(seqs(&bruno, "\"devis 2,5\"").await, [first]);
        assert_eq!(seqs(&bruno, "\"2,5 devis\"").await, [] as [i64; 0]);
        assert_eq!(seqs(&bruno, "ano evry").await, [second]);
        assert_eq!(seqs(&bruno, "old-77").await, [third]);
        assert_eq!(seqs(&bruno, "all ").await, [] as [i64; 0], "an id is no word");
        assert_eq!(seqs(&olga, "from:me livrai").await, [first]);
        assert_eq!(seqs(&olga, "de:brun livrai").await, [second]);
        assert_eq!(seqs(&olga, "before:2020-01-01 livrai").await, [] as [i64; 0]);
        assert_eq!(seqs(&olga, "after:2020-01-01 livrai").await, [second, first]);
        assert_eq!(seqs(&olga, "").await, [] as [i64; 0]);
        let refused = olga.get(&path("livrai before:soon")).await;
        assert_eq!((refused.status, &refused.body["field"]), (422, &json!("q")), "{:?}", refused.body);
        let page = olga.get(&path("evr")).await.expect(200);
        let pieces = page["items"][0]["snippet"].as_array().unwrap();
        assert_eq!(pieces[1], json!({ "text": "Évry", "hit": true }));
    }

    async fn a_message_is_found_by_its_newest_words_and_not_at_all_once_taken_back(hub: Hub) {
        let (_, olga) = hub.company("Nordwind").await;
        let (atelier, bruno) = hub.company("Atelier").await;
        let (_, room, _) = shared_deal(&hub, &olga, &bruno, &atelier.id.to_string()).await;
        let seq = say(&olga, &room, "1", "The price is 4711").await;
        assert_eq!(seqs(&bruno, "4711").await, [seq], "else nothing could vanish");

        act(&olga, &room, json!({ "cid": "2", "act": "edit", "target": seq, "body": "The price is 4712" })).await;
        assert_eq!((seqs(&bruno, "4711").await, seqs(&bruno, "4712").await), (vec![], vec![seq]));
        let page = bruno.get(&path("4712")).await.expect(200);
        assert!(page.to_string().contains("4712"), "it is shown as it stands: {page}");
        act(&olga, &room, json!({ "cid": "3", "act": "redact", "target": seq })).await;
        assert_eq!((seqs(&bruno, "4712").await, seqs(&olga, "price").await), (vec![], vec![]));
    }

    async fn a_message_is_found_by_the_names_of_its_files_by_those_who_may_have_them(hub: Hub) {
        let (_, olga) = hub.company("Nordwind").await;
        let (atelier, bruno) = hub.company("Atelier").await;
        let (_, rita) = hub.company("Rival").await;
        let (deal, room, moves) = shared_deal(&hub, &olga, &bruno, &atelier.id.to_string()).await;
        let hang = async |room: &str, cid: &str| {
            let ask = format!("/api/v1/rooms/{room}/files?cid={cid}&name=Netzplan_Quokka-7.pdf&body=See%20it");
            olga.send(&ask, "application/octet-stream", "%PDF-1.7").await.expect(201)["seq"].as_i64().unwrap()
        };
        let seq = hang(&room, "f1").await;
        let note = notes(&olga, &deal).await;
        let own = hang(&note, "f2").await;

        for typed in ["quokka", "netzplan_quokka-7.pdf", "see quok", "\"see it\" pdf"] {
            assert_eq!(found(&bruno, typed).await, [(room.clone(), seq)], "{typed}");
        }
        assert_eq!(seqs(&bruno, "\"it netzplan\"").await, [] as [i64; 0], "a name stands apart");
        assert_eq!(found(&olga, "quokka").await, [(note, own), (room.clone(), seq)]);
        assert_eq!(found(&rita, "quokka").await, []);
        let page = bruno.get(&path("quokka")).await.expect(200);
        let pieces = json!([{ "text": "See it · Netzplan_", "hit": false }, { "text": "Quokka", "hit": true }, { "text": "-7.pdf", "hit": false }]);
        assert_eq!(page["items"][0]["snippet"], pieces);

        // Better words leave the files where they are; what is taken back takes them along.
        act(&olga, &room, json!({ "cid": "2", "act": "edit", "target": seq, "body": "Look at it" })).await;
        assert_eq!((seqs(&bruno, "quokka look").await, seqs(&bruno, "quokka see").await), (vec![seq], vec![]));
        act(&olga, &room, json!({ "cid": "3", "act": "redact", "target": seq })).await;
        assert_eq!(seqs(&bruno, "quokka").await, [] as [i64; 0]);
        hang(&room, "f3").await;
        bruno.post(&moves, json!({ "move": "leave" })).await.expect(200);
        assert_eq!(found(&bruno, "quokka").await, []);
    }

    async fn notes_masked_fields_and_what_was_before_are_found_by_nobody_else(hub: Hub) {
        let (nordwind, olga) = hub.company("Nordwind").await;
        let nina = hub.person(&nordwind, Role::Viewer, "Nina").await;
        let (atelier, bruno) = hub.company("Atelier").await;
        hub.partners(&olga, &bruno).await;
        let form = json!({ "title": "Rollout", "account": "Harbour", "amount_minor": 100, "currency": "EUR" });
        let deal = olga.post("/api/v1/deals", form).await.expect(201);
        let path = format!("/api/v1/deals/{}", deal["id"].as_str().unwrap());
        let room = deal["rooms"][0]["id"].as_str().unwrap().to_owned();
        say(&olga, &room, "1", "zebra before you came").await;
        let form = json!({ "next_step": "zebra step" });
        olga.patch(&path, &deal["revision"], form).await.expect(200);
        let form = json!({ "organisation": atelier.id, "fields": ["title"], "verbs": ["read", "comment"], "history": "from_join" });
        let party = olga.post(&format!("{path}/parties"), form).await.expect(201);
        let moves = format!("{path}/parties/{}/moves", party["id"].as_str().unwrap());
        bruno.post(&moves, json!({ "move": "accept" })).await.expect(200);
        let note = notes(&olga, &path).await;
        say(&olga, &note, "2", "zebra for us alone").await;
        let shared = say(&olga, &room, "3", "zebra for both").await;

        assert_eq!(found(&nina, "zebra").await.len(), 4, "message, card, note, message");
        assert_eq!(found(&bruno, "zebra").await, [(room.clone(), shared)]);
        let foreign = bruno.get(&format!("/api/v1/search/messages?q=zebra&room={note}")).await;
        let nobodys = bruno.get("/api/v1/search/messages?q=zebra&room=room_01arz3ndektsv4rrffq69g5fav").await;
        assert_eq!((foreign.status, &foreign.body), (404, &nobodys.body));

        bruno.post(&moves, json!({ "move": "leave" })).await.expect(200);
        assert_eq!(found(&bruno, "zebra").await, [], "a right that ended ends here too");
        assert_eq!(found(&olga, "zebra").await.len(), 4);
    }

    async fn pages_go_on_where_they_ended_and_tell_no_number(hub: Hub) {
        let (_, olga) = hub.company("Nordwind").await;
        let (atelier, bruno) = hub.company("Atelier").await;
        let (deal, room, moves) = shared_deal(&hub, &olga, &bruno, &atelier.id.to_string()).await;
        let note = notes(&olga, &deal).await;
        let mut all = Vec::new();
        for count in 0..5 {
            say(&olga, &note, &format!("n{count}"), "harbour note").await;
            all.insert(0, say(&olga, &room, &format!("m{count}"), "harbour wall").await);
        }

        let mut told = Vec::new();
        let first = format!("{}&limit=2", path("harbour"));
        let mut next = Some(first.clone());
        let mut last = String::new();
        while let Some(path) = next {
            let page = bruno.get(&path).await.expect(200);
            told.extend(page["items"].as_array().unwrap().iter().map(|it| it["seq"].as_i64().unwrap()));
            next = page["next"].as_str().map(|next| format!("{first}&after={next}"));
            if let Some(next) = &next {
                last.clone_from(next);
            }
        }
        assert_eq!(told, all);
        bruno.post(&moves, json!({ "move": "leave" })).await.expect(200);
        assert_eq!(bruno.get(&last).await.status, 422, "a place that may not be read any more");
        assert_eq!(bruno.get(&format!("{first}&after=x")).await.status, 422);
    }

    async fn property_search_finds_exactly_what_a_read_shows(hub: Hub) {
        for seed in 0..cases() {
            play_through(&hub, seed).await;
        }
    }
}

fn cases() -> u64 {
    let told = std::env::var("PROPTEST_CASES").ok().and_then(|told| told.parse().ok());
    told.unwrap_or(4_u64).min(64)
}

/// Numbers that look like chance, the same for a seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// Words that begin like one another.
const WORDS: &[&str] =
    &["Preis", "preise", "Prix", "précis", "año", "ano", "net-net", "l’an"];
const SOUGHT: &[&str] = &[
    "preis ",
    "pre",
    "prec",
    "ano",
    "net",
    "\"net net\"",
    "an",
    "l'an",
    "preis ano",
    "from:olga",
    "prix from:me",
];

/// Three organisations, two deals of the first with each of the others; anybody says, changes and
/// takes back anything, and parties leave and come again. Then each finds what it reads.
async fn play_through(hub: &Hub, seed: u64) {
    let mut chance = Chance(seed);
    let (_, olga) = hub.company(&format!("Nordwind {seed}")).await;
    let (atelier, bruno) = hub.company(&format!("Atelier {seed}")).await;
    let (kestrel, carl) = hub.company(&format!("Kestrel {seed}")).await;
    let (one, _, first) = shared_deal(hub, &olga, &bruno, &atelier.id.to_string()).await;
    let (two, _, second) = shared_deal(hub, &olga, &carl, &kestrel.id.to_string()).await;
    let people = [&olga, &bruno, &carl];
    for step in 0..40 {
        let who = *chance.pick(&people);
        let deal = chance.pick(&[&one, &two]).to_owned();
        let rooms = who.get(&format!("{deal}/rooms")).await;
        let Some(rooms) = rooms.body["items"].as_array().filter(|all| !all.is_empty())
        else {
            continue;
        };
        let room = chance.pick(rooms)["id"].as_str().unwrap().to_owned();
        let body = format!("{} {}", chance.pick(WORDS), chance.pick(WORDS));
        let cid = format!("c{step}");
        let target = chance.below(9) + 1;
        let path = format!("/api/v1/rooms/{room}");
        match chance.below(10) {
            0 => drop(
                who.post(
                    &format!("{path}/acts"),
                    json!({ "cid": cid, "act": "redact", "target": target }),
                )
                .await,
            ),
            1 | 2 => drop(
                who.post(
                    &format!("{path}/acts"),
                    json!({ "cid": cid, "act": "edit", "target": target, "body": body }),
                )
                .await,
            ),
            3 => {
                let now = who.get(deal).await.expect(200);
                drop(
                    who.patch(deal, &now["revision"], json!({ "next_step": body })).await,
                );
            }
            4 if step > 20 => {
                let (leaver, moves) = *chance.pick(&[(&bruno, &first), (&carl, &second)]);
                drop(leaver.post(moves, json!({ "move": "leave" })).await);
            }
            // Some are refused: who left may say nothing, nor who says too much at once.
            _ => drop(
                who.post(&format!("{path}/events"), json!({ "cid": cid, "body": body }))
                    .await,
            ),
        }
    }
    for who in people {
        let shown = shown(who, &[&one, &two]).await;
        assert!(who.id != olga.id || shown.len() > 10, "else there is little to find");
        for sought in SOUGHT {
            let mut found: Vec<_> = found(who, sought).await;
            let count = found.len();
            found.sort();
            found.dedup();
            assert_eq!(count, found.len(), "nothing is found twice");
            let mut meant: Vec<_> = shown
                .iter()
                .filter(|it| means(it, sought, who))
                .map(|it| (it.room.clone(), it.seq))
                .collect();
            meant.sort();
            assert_eq!(found, meant, "seed {seed}, {sought}, {}", who.email);
        }
    }
}

/// Something that somebody reads, with the name of who said it.
struct Shown {
    room: String,
    seq: i64,
    author: String,
    name: String,
    text: String,
}

/// Everything that has words and that somebody may read, as the logs tell it.
async fn shown(who: &Person, deals: &[&String]) -> Vec<Shown> {
    let mut all = Vec::new();
    for deal in deals {
        let rooms = who.get(&format!("{deal}/rooms")).await;
        for room in rooms.body["items"].as_array().into_iter().flatten() {
            let id = room["id"].as_str().unwrap();
            let log = who
                .get(&format!("/api/v1/rooms/{id}/events?limit=200"))
                .await
                .expect(200);
            for event in log["items"].as_array().unwrap() {
                let text = match event["kind"].as_str().unwrap() {
                    "msg" => {
                        event["now"]["body"].as_str().or_else(|| event["body"].as_str())
                    }
                    "card" => event["detail"]["to"].as_str(),
                    _ => None,
                };
                let Some(text) = text else { continue };
                all.push(Shown {
                    room: id.to_owned(),
                    seq: event["seq"].as_i64().unwrap(),
                    author: event["author"].as_str().unwrap().to_owned(),
                    name: event["name"].as_str().unwrap().to_lowercase(),
                    text: plain(text),
                });
            }
        }
    }
    all
}

/// As a person compares words: folded by hand, for the few words of this test.
fn plain(text: &str) -> String {
    let text = text.to_lowercase().replace(['é', 'è'], "e").replace('ñ', "n");
    format!(" {} ", text.replace(['-', '’', '\''], " "))
}

fn means(it: &Shown, sought: &str, who: &Person) -> bool {
    match sought {
        "preis " => it.text.contains(" preis "),
        "preis ano" => it.text.contains(" preis ") && it.text.contains(" ano"),
        "\"net net\"" => it.text.contains(" net net "),
        "l'an" => it.text.contains(" l an"),
        "from:olga" => it.name.split_whitespace().any(|word| word.starts_with("olga")),
        "prix from:me" => it.text.contains(" prix ") && it.author == who.id.to_string(),
        beginning => it.text.contains(&format!(" {beginning}")),
    }
}
