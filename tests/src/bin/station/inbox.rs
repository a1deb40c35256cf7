//! An inbox of many documents, written by the database itself.

use sqlx::Connection;
use suite::bench::{Failure, Hub};

/// What is asked of it.
pub(crate) const ASKS: [(&str, &str); 15] = [
    ("inbox: the first page of 50", "/api/v1/edi/interchanges?limit=50"),
    (
        "inbox: the first page of what came in",
        "/api/v1/edi/interchanges?limit=50&direction=in",
    ),
    (
        "inbox: what is in quarantine",
        "/api/v1/edi/interchanges?limit=50&state=quarantined",
    ),
    ("inbox: what is overdue", "/api/v1/edi/interchanges?limit=50&overdue=true"),
    ("inbox: a partner's", "/api/v1/edi/interchanges?limit=50&partner=ZZ:P7"),
    ("inbox: acknowledgements", "/api/v1/edi/interchanges?limit=50&kind=997"),
    (
        "inbox: a partner's changes of orders",
        "/api/v1/edi/interchanges?limit=50&partner=ZZ:P3&kind=860",
    ),
    (
        "inbox: what came by SFTP, a partner's, applied",
        "/api/v1/edi/interchanges?limit=50&partner=ZZ:P9&way=sftp&state=applied",
    ),
    ("inbox: a control number", "/api/v1/edi/interchanges?limit=50&number=F77"),
    (
        "inbox: two days of a partner's orders",
        "/api/v1/edi/interchanges?limit=50&kind=850&partner=ZZ:P8&from=2023-11-14&until=2023-11-15",
    ),
    (
        "inbox: what cannot be: sent and in",
        "/api/v1/edi/interchanges?limit=50&state=sent&direction=in",
    ),
    (
        "inbox: a partner's, by a way that it never took",
        "/api/v1/edi/interchanges?limit=50&partner=ZZ:P7&way=sftp",
    ),
    (
        "inbox: a kind from a partner that never sent it",
        "/api/v1/edi/interchanges?limit=50&partner=ZZ:P7&kind=860&direction=in&state=applied",
    ),
    (
        "inbox: everything but number said, and nothing there",
        "/api/v1/edi/interchanges?limit=50&partner=ZZ:P8&kind=850&direction=in&state=applied&way=sftp&from=2023-11-14",
    ),
    ("inbox: what there is to choose from", "/api/v1/edi/facets"),
];

/// One in ten thousand waits in quarantine; each other paper has its 997. Two hundred partners; one
/// paper in fifty is a change, and one in a thousand came by SFTP.
const FILL: [&str; 6] = [
    "create table bench_fill as select i, {id} as a, {id} as b, o.id as o from {series} join organisation o on o.domain = 'nordwind.example'",
    "insert into interchange (id, organisation_id, direction, kind, state, control_number, sender, receiver, sha256, bytes, source, way, file, content, faults, at)
     select a, o, 'in', case when i % 50 = 3 then '860' else '850' end, case when i % 10000 = 7 then 'quarantined' else 'applied' end, 'F' || i, 'ZZ:P' || (i % 200), 'ZZ:ACME', {hash}, 900, 'bench', case when i % 1000 = 9 then 'sftp' else 'as2' end, {hash}, {hash}, '[]', 1700000000000000 + 2 * i from bench_fill",
    "insert into interchange (id, organisation_id, direction, kind, state, control_number, sender, receiver, sha256, bytes, source, way, file, acknowledges_id, faults, at)
     select b, o, 'out', '997', 'sent', 'F' || i, 'ZZ:ACME', 'ZZ:P' || (i % 200), {hash}, 200, 'hub', case when i % 1000 = 9 then 'sftp' else 'as2' end, {hash}, a, '[]', 1700000000000001 + 2 * i from bench_fill",
    "insert into interchange_party (organisation_id, interchange_id, direction, at, partner, kind, state, way, number) select organisation_id, id, direction, at, case when direction = 'in' then sender else receiver end, kind, state, way, control_number from interchange where control_number like 'F%'",
    "drop table bench_fill",
    "analyze",
];

/// Writes so many documents, half of them acknowledgements of the other half.
#[expect(
    clippy::disallowed_methods,
    reason = "a million documents are written by the database"
)]
pub(crate) fn fill(hub: &Hub, documents: usize) -> Result<(), Failure> {
    let url = hub.database_url();
    let half = documents / 2;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let hash = format!("'{}'", "0".repeat(64));
    runtime.block_on(async {
        if url.starts_with("sqlite") {
            let mut conn = sqlx::SqliteConnection::connect(&url).await?;
            let series = format!("(with recursive n (i) as (select 1 union all select i + 1 from n where i < {half}) select i from n) n");
            for sql in FILL {
                let sql = sql.replace("{id}", "randomblob(16)").replace("{series}", &series).replace("{hash}", &hash);
                sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut conn).await?;
            }
            conn.close().await?;
        } else {
            let mut conn = sqlx::PgConnection::connect(&url).await?;
            let series = format!("generate_series(1, {half}) n (i)");
            for sql in FILL {
                let sql = sql.replace("{id}", "gen_random_uuid()").replace("{series}", &series).replace("{hash}", &hash);
                sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut conn).await?;
            }
            conn.close().await?;
        }
        Ok(())
    })
}
