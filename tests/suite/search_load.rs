//! How fast what was said is found among a million messages. Not part of a run:
//! `cargo nextest run -p suite --run-ignored only measure_search` tells the times.

#![expect(
    clippy::disallowed_methods,
    reason = "a million messages are written by the database itself"
)]

use std::time::Instant;

use suite::{Backing, Hub, Person};

use crate::sharing::shared_deal;

/// Room `n` of so many; every word of `w0` … `w49999` stands in twenty messages.
const FILL_SQLITE: &[&str] = &[
    "create temp table place as select id, row_number() over (order by id) - 1 as n, count(*) over () as many from room where kind = 'main'",
    "create temp table line as with recursive n (i) as (select 0 union all select i + 1 from n where i < 999999)
     select p.id as room, 10 + i / p.many as seq, 'Message about w' || (i % 50000) || ' and the harbour price list, number ' || i as body,
            'message about w' || (i % 50000) || ' and the harbour price list number ' || i as words
     from n join place p on p.n = i % p.many",
    "insert into room_event (room_id, seq, kind, author_kind, author_name, body, at) select room, seq, 'msg', 'system', 'Olga', body, 1790000000000000 from line",
    "insert into message_text (room_id, seq, field) select room, seq, '' from line order by seq",
    "insert into message_word (rowid, room, author, words) select t.id, lower(hex(l.room)), 'olga', l.words from line l join message_text t on t.room_id = l.room and t.seq = l.seq",
    "update room set head_seq = (select max(seq) from room_event e where e.room_id = room.id) where kind = 'main'",
    "analyze",
];
const FILL_POSTGRES: &[&str] = &[
    "create table place as select id, row_number() over (order by id) - 1 as n, count(*) over () as many from room where kind = 'main'",
    "create table line as select p.id as room, 10 + i / p.many as seq, 'Message about w' || (i % 50000) || ' and the harbour price list, number ' || i as body,
            '''=' || replace(cast(p.id as text), '-', '') || ''' ''@olga'' ''message'':1 ''about'':2 ''w' || (i % 50000) || ''':3 ''and'':4 ''the'':5 ''harbour'':6 ''price'':7 ''list'':8 ''number'':9 ''' || i || ''':10' as words
     from generate_series(0, 999999) i join place p on p.n = i % p.many",
    "insert into room_event (room_id, seq, kind, author_kind, author_name, body, at) select room, seq, 'msg', 'system', 'Olga', body, 1790000000000000 from line",
    "insert into message_text (room_id, seq, field) select room, seq, '' from line order by seq",
    "insert into message_word (rowid, words) select t.id, cast(l.words as tsvector) from line l join message_text t on t.room_id = l.room and t.seq = l.seq",
    "update room set head_seq = (select max(seq) from room_event e where e.room_id = room.id) where kind = 'main'",
    "analyze",
];

async fn measure(backing: Backing) {
    let url = backing.url();
    let hub = Hub::with(backing, |_| {}).await;
    let (_, olga) = hub.company("Nordwind").await;
    let (atelier, bruno) = hub.company("Atelier").await;
    let (_, room, _) = shared_deal(&hub, &olga, &bruno, &atelier.id.to_string()).await;
    for count in 1..400 {
        let form = serde_json::json!({ "title": format!("Deal {count}"), "account": "Harbour", "amount_minor": 1, "currency": "EUR" });
        olga.post("/api/v1/deals", form).await.expect(201);
    }
    let began = Instant::now();
    if url.starts_with("sqlite") {
        let pool = sqlx::sqlite::SqlitePoolOptions::new()
            .max_connections(1)
            .connect(&url)
            .await
            .unwrap();
        for sql in FILL_SQLITE {
            sqlx::query(*sql).execute(&pool).await.unwrap();
        }
        pool.close().await;
    } else {
        let pool = sqlx::PgPool::connect(&url).await.unwrap();
        for sql in FILL_POSTGRES {
            sqlx::query(*sql).execute(&pool).await.unwrap();
        }
        pool.close().await;
    }
    println!("filled in {:?}", began.elapsed());
    let room = format!("&room={room}");
    for typed in [
        "w4711%20",
        "w47",
        "price",
        "harbour%20price%20w4711%20",
        "%22price%20harbour%22",
        "zzz",
        "w4711%20from:olga",
    ] {
        time(&olga, "reads all", typed, "").await;
        time(&bruno, "reads one of 400", typed, "").await;
        time(&olga, "in one room", typed, &room).await;
    }
}

async fn time(who: &Person, what: &str, typed: &str, within: &str) {
    let path = format!("/api/v1/search/messages?limit=30&q={typed}{within}");
    let mut took = Vec::new();
    let mut count = 0;
    for _ in 0..5 {
        let began = Instant::now();
        let page = who.get(&path).await.expect(200);
        took.push(began.elapsed());
        count = page["items"].as_array().unwrap().len();
    }
    took.sort();
    println!(
        "{what:18} {typed:28} {count:3} found, median {:?}, most {:?}",
        took[2], took[4]
    );
}

#[tokio::test]
#[ignore = "it measures, for minutes"]
async fn measure_search_on_sqlite() {
    measure(Backing::sqlite()).await;
}

#[tokio::test]
#[ignore = "it measures, for minutes"]
async fn measure_search_on_postgres() {
    if let Some(backing) = Backing::postgres().await {
        measure(backing).await;
    }
}
