//! The two schemas are one schema: the same tables, columns, nullness, keys and indexes. Only the
//! index of words is each database's own.

#![expect(
    clippy::disallowed_methods,
    reason = "it asks each database for its own schema"
)]

use std::collections::BTreeSet;

use sqlx::Row;
use suite::Backing;

#[tokio::test]
async fn both_databases_remember_the_same_things() {
    let Some(postgres) = Backing::postgres().await else { return };
    let sqlite = Backing::sqlite();
    for backing in [&postgres, &sqlite] {
        let db = store::Db::open(&backing.url(), store::Bus::local()).await.unwrap();
        db.migrate().await.unwrap();
        db.close().await;
    }
    let (lite, pg) = (of_sqlite(&sqlite.url()).await, of_postgres(&postgres.url()).await);
    assert!(lite.len() > 150, "else nothing was read");
    let only_lite: Vec<_> = lite.difference(&pg).collect();
    let only_pg: Vec<_> = pg.difference(&lite).collect();
    assert!(
        only_lite.is_empty() && only_pg.is_empty(),
        "only SQLite: {only_lite:#?}\nonly PostgreSQL: {only_pg:#?}"
    );
}

async fn of_sqlite(url: &str) -> BTreeSet<String> {
    let pool = sqlx::SqlitePool::connect(url).await.unwrap();
    let columns = "
        select m.type || ' ' || m.name || '.' || c.name || case when m.type = 'view' then '' else
               ' ' || case lower(c.type)
                   when 'blob' then case when c.name in ('secret', 'p256dh', 'receipt', 'head', 'signature') then 'bytes' else 'id' end
                   when 'integer' then 'number' else lower(c.type) end
               || case when c.\"notnull\" = 1 or c.pk > 0 then ' not null' else '' end end
        from sqlite_master m, pragma_table_info(m.name) c
        where m.type in ('table', 'view') and m.name not like 'sqlite_%' and m.name not like '_sqlx%'
          and m.name not like 'message_word%'";
    let indexes = "
        select case when i.\"unique\" = 1 then 'unique ' else '' end || 'index ' || m.name || '.' || i.name
        from sqlite_master m, pragma_index_list(m.name) i
        where m.type = 'table' and i.origin = 'c' and m.name not like '_sqlx%' and m.name not like 'message_word%'";
    let mut told = BTreeSet::new();
    for sql in [columns, indexes] {
        for row in sqlx::query(sql).fetch_all(&pool).await.unwrap() {
            told.insert(row.get::<String, _>(0));
        }
    }
    told
}

async fn of_postgres(url: &str) -> BTreeSet<String> {
    let pool = sqlx::PgPool::connect(url).await.unwrap();
    let columns = "
        select case t.table_type when 'VIEW' then 'view ' else 'table ' end || c.table_name || '.' || c.column_name
               || case when t.table_type = 'VIEW' then '' else
               ' ' || case c.data_type when 'uuid' then 'id' when 'bytea' then 'bytes'
                   when 'bigint' then 'number' when 'boolean' then 'number' else c.data_type end
               || case when c.is_nullable = 'NO' then ' not null' else '' end end
        from information_schema.columns c
        join information_schema.tables t on t.table_name = c.table_name and t.table_schema = c.table_schema
        where c.table_schema = 'public' and c.table_name not like '\\_sqlx%' and c.table_name <> 'message_word'";
    let indexes = "
        select case when x.indisunique then 'unique ' else '' end || 'index ' || t.relname || '.' || i.relname
        from pg_index x
        join pg_class i on i.oid = x.indexrelid
        join pg_class t on t.oid = x.indrelid
        join pg_namespace n on n.oid = t.relnamespace and n.nspname = 'public'
        left join pg_constraint k on k.conindid = x.indexrelid
        where k.oid is null and t.relname not like '\\_sqlx%' and t.relname <> 'message_word'";
    let mut told = BTreeSet::new();
    for sql in [columns, indexes] {
        for row in sqlx::query(sql).fetch_all(&pool).await.unwrap() {
            told.insert(row.get::<String, _>(0));
        }
    }
    told
}
