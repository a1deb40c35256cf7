//! A large import costs what its rows cost, and not more for each of them.

#![expect(clippy::disallowed_methods, reason = "it asks PostgreSQL what it has read")]

use std::time::Duration;

use serde_json::json;
use sqlx::{Connection, PgConnection};
use suite::{Backing, Hub, Person};

/// Asks for the import of so many accounts, tries it first and undoes it at the end.
async fn import_and_undo(owner: &Person, rows: usize) {
    let names = (0..rows).map(|row| format!("Kunde {row} Werk,kunde{row}.example\n"));
    let csv = format!("Name,Domain\n{}", names.collect::<String>());
    let mapping = json!({ "name": "Name", "domain": "Domain" });
    let form = |dry_run| json!({ "filename": "a.csv", "csv": csv, "mapping": mapping, "dry_run": dry_run });
    let imports = "/api/v1/accounts/imports";

    let tried = owner.post(imports, form(true)).await.expect(200);
    let made = owner.post(imports, form(false)).await.expect(201);
    let again = owner.post(imports, form(true)).await.expect(200);
    let undo = format!("{imports}/{}/undo", made["id"].as_str().unwrap());
    let undone = owner.post(&undo, json!({})).await.expect(200);

    assert_eq!((&tried["created"], &made["created"]), (&json!(rows), &json!(rows)));
    assert_eq!(again["duplicates"], rows);
    assert_eq!(undone["removed"], rows);
}

/// How many blocks PostgreSQL reads and finds for an import of so many rows.
///
/// The worst case for a planner: it has counted the tables while they were small, the
/// connections keep plans from that time, and nothing is counted again in between.
async fn blocks(backing: Backing, rows: usize) -> i64 {
    let mut admin = PgConnection::connect(&backing.url()).await.unwrap();
    let hub = Hub::on(backing).await;
    let (_, owner) = hub.company("Nordwind").await;
    for batch in 0..2 {
        for number in 0..25 {
            let form = json!({ "name": format!("Early {batch} {number}") });
            owner.post("/api/v1/accounts", form).await.expect(201);
        }
        for table in ["account", "account_word", "contact", "deal_side", "record_grant"] {
            let off = format!("alter table {table} set (autovacuum_enabled = off)");
            sqlx::query(sqlx::AssertSqlSafe(off)).execute(&mut admin).await.unwrap();
        }
        sqlx::query("analyze").execute(&mut admin).await.unwrap();
    }
    let before = counted(&mut admin).await;
    import_and_undo(&owner, rows).await;
    let backing = hub.stop().await;
    let after = counted(&mut admin).await;
    drop(backing);
    after - before
}

/// The blocks of the tables of accounts, and of their indexes, that were touched, once the count
/// stands still: each connection tells what it did seconds later, or when it ends.
async fn counted(admin: &mut PgConnection) -> i64 {
    let mut last = -1;
    loop {
        let sum = "
            select cast(sum(heap_blks_hit + heap_blks_read
                            + coalesce(idx_blks_hit + idx_blks_read, 0)) as bigint)
            from pg_statio_user_tables
            where relname in ('account', 'account_word', 'contact', 'deal_side', 'record_grant')";
        let (now,): (i64,) = sqlx::query_as(sum).fetch_one(&mut *admin).await.unwrap();
        if now == last {
            return now;
        }
        last = now;
        tokio::time::sleep(Duration::from_millis(1500)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_times_the_rows_cost_four_times_the_work() {
    let (Some(some), Some(more)) = (Backing::postgres().await, Backing::postgres().await)
    else {
        return;
    };

    let (some, more) = (blocks(some, 700).await, blocks(more, 2800).await);

    assert!(some > 5000, "else nothing was counted: {some}");
    assert!(more < some * 8, "{some} blocks for 700 rows, {more} for 2800");
}

suite::on_both_databases! {
    async fn a_large_import_is_applied_known_again_and_undone(hub: Hub) {
        let (_, owner) = hub.company("Nordwind").await;
        import_and_undo(&owner, 5000).await;
        let left = owner.get("/api/v1/accounts?total=true").await.expect(200);
        assert_eq!(left["items"], json!([]));
    }
}
