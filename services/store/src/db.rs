//! The database handle: one file with one writer, or a server.

use std::{
    ops::{Deref, DerefMut},
    path::Path,
    time::Duration,
};

use kernel::Fault;
use sqlx::{
    Executor, PgPool, Postgres, SqlSafeStr, Sqlite, SqlitePool, Transaction,
    migrate::Migrator,
    pool::PoolConnection,
    postgres::PgPoolOptions,
    sqlite::{
        SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
    },
};

use crate::{Bus, Hint, Query, Statement, cluster, group::Group, idempotency};

static SQLITE: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../../migrations/postgres");

/// How many readers SQLite gets beside its one writer.
const SQLITE_READERS: u32 = 4;
/// How many connections one process keeps to PostgreSQL.
const POSTGRES_POOL: u32 = 16;

/// The database, and the bus that tells others what was committed to it.
#[derive(Clone, Debug)]
pub struct Db {
    pools: Pools,
    bus: Bus,
}

#[derive(Clone, Debug)]
enum Pools {
    Sqlite {
        readers: SqlitePool,
        writer: SqlitePool,
        /// Brings the write-ahead log to the disk, for all who commit at the same moment.
        log: Group,
    },
    /// What takes leases has a connection of its own: it must not wait for the others.
    Postgres { pool: PgPool, leases: PgPool },
}

/// For the few places where the two databases part.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Dialect {
    /// One file.
    Sqlite,
    /// A server.
    Postgres,
}

/// A connection: for reading, or (inside a [`Tx`]) for writing too.
#[derive(Debug)]
pub struct Conn(Held);

#[derive(Debug)]
enum Held {
    SqliteTx(Transaction<'static, Sqlite>),
    Postgres(PoolConnection<Postgres>),
    PostgresTx(Transaction<'static, Postgres>),
}

/// A transaction that may write. Dropped without [`commit`](Self::commit), it undoes itself.
#[derive(Debug)]
pub struct Tx {
    conn: Conn,
    db: Db,
    hints: Vec<Hint>,
}

/// A point of a [`Tx`] to which it may go back.
#[derive(Debug)]
#[must_use = "a step is kept or undone"]
pub struct Step {
    hints: usize,
}

const fn of_a_step(sql: &'static str) -> Statement {
    Statement { name: "STEP", sqlite: sql, postgres: sql, unscoped: Some("no rows") }
}
const BEGIN: Statement = of_a_step("savepoint step");
const UNDO: Statement = of_a_step("rollback to savepoint step");
const END: Statement = of_a_step("release savepoint step");

impl Db {
    /// Opens a SQLite file (made if it is missing), or connects to `postgres://…`.
    ///
    /// # Errors
    /// If the address makes no sense, the file cannot be opened, or the server is silent.
    pub async fn open(url: &str, bus: Bus) -> Result<Self, Fault> {
        let pools = if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let pool = PgPoolOptions::new()
                .max_connections(POSTGRES_POOL)
                .acquire_timeout(Duration::from_secs(10))
                .connect(url)
                .await
                .map_err(Fault::new("reaching PostgreSQL"))?;
            let leases = PgPoolOptions::new()
                .max_connections(1)
                .acquire_timeout(Duration::from_secs(10))
                .connect_lazy_with((*pool.connect_options()).clone());
            Pools::Postgres { pool, leases }
        } else {
            sqlite(url).await?
        };
        Ok(Self { pools, bus })
    }

    /// Applies the migrations that are missing.
    ///
    /// # Errors
    /// If one fails, or the database knows one that this build does not.
    pub async fn migrate(&self) -> Result<(), Fault> {
        match &self.pools {
            Pools::Sqlite { writer, .. } => SQLITE.run(writer).await,
            Pools::Postgres { pool, .. } => POSTGRES.run(pool).await,
        }
        .map_err(Fault::new("migrating"))
    }

    /// Which database it is.
    pub const fn dialect(&self) -> Dialect {
        match self.pools {
            Pools::Sqlite { .. } => Dialect::Sqlite,
            Pools::Postgres { .. } => Dialect::Postgres,
        }
    }

    /// The bus that this database's transactions tell.
    pub const fn bus(&self) -> &Bus {
        &self.bus
    }

    /// A connection that reads. All it reads on SQLite is of one moment.
    ///
    /// # Errors
    /// If no connection is free in time.
    pub async fn read(&self) -> Result<Conn, Fault> {
        match &self.pools {
            Pools::Sqlite { readers, .. } => readers.begin().await.map(Held::SqliteTx),
            Pools::Postgres { pool, .. } => pool.acquire().await.map(Held::Postgres),
        }
        .map(Conn)
        .map_err(Fault::new("beginning to read"))
    }

    /// The connection for what nodes tell of themselves. Each statement commits for itself.
    pub(crate) async fn lease_conn(&self) -> Result<Conn, Fault> {
        match &self.pools {
            Pools::Sqlite { .. } => self.read().await,
            Pools::Postgres { leases, .. } => leases
                .acquire()
                .await
                .map(|conn| Conn(Held::Postgres(conn)))
                .map_err(Fault::new("beginning to renew a lease")),
        }
    }

    /// A transaction that writes. On SQLite it takes the write lock at once: one that read
    /// first could not wait for it.
    ///
    /// Inside a request that carries an idempotency key, the first of them claims the key.
    ///
    /// # Errors
    /// If no connection, or no lock, is free in time; or the key was claimed before.
    pub async fn write(&self) -> Result<Tx, Fault> {
        let held = match &self.pools {
            Pools::Sqlite { writer, .. } => {
                writer.begin_with("begin immediate").await.map(Held::SqliteTx)
            }
            Pools::Postgres { pool, .. } => pool.begin().await.map(Held::PostgresTx),
        };
        let held = held.map_err(Fault::new("beginning to write"))?;
        let mut tx = Tx { conn: Conn(held), db: self.clone(), hints: Vec::new() };
        idempotency::claim(&mut tx).await?;
        Ok(tx)
    }

    /// Commits, and returns once that is on the disk.
    async fn made(&self, conn: Conn) -> Result<(), Fault> {
        conn.commit().await?;
        match &self.pools {
            Pools::Sqlite { log, .. } => {
                log.synced().await.map_err(Fault::new("bringing a commit to the disk"))
            }
            Pools::Postgres { .. } => Ok(()),
        }
    }

    /// Asks the database to prepare a statement, without running it.
    ///
    /// # Errors
    /// If the statement does not fit the schema.
    pub async fn prepare(&self, statement: Statement) -> Result<(), Fault> {
        match &self.pools {
            Pools::Sqlite { writer, .. } => {
                let sql = statement.sqlite.into_sql_str();
                writer.prepare(sql).await.map(drop)
            }
            Pools::Postgres { pool, .. } => {
                let sql = statement.postgres.into_sql_str();
                pool.prepare(sql).await.map(drop)
            }
        }
        .map_err(Fault::new(format!("preparing {}", statement.name)))
    }

    /// Copies the whole SQLite database into a new file, while it is in use. On PostgreSQL
    /// nothing is done: its own tools do that better.
    ///
    /// # Errors
    /// If the file exists or cannot be written.
    #[expect(clippy::disallowed_methods, reason = "a statement about files, not rows")]
    pub async fn copy_to(&self, file: &Path) -> Result<(), Fault> {
        if let Pools::Sqlite { readers, .. } = &self.pools {
            sqlx::query("vacuum into $1")
                .bind(file.display().to_string())
                .execute(readers)
                .await
                .map_err(Fault::new("copying the database"))?;
        }
        Ok(())
    }

    /// Closes every connection, after those in use are given back.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { readers, writer, .. } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres { pool, leases } => {
                leases.close().await;
                pool.close().await;
            }
        }
    }
}

async fn sqlite(url: &str) -> Result<Pools, Fault> {
    let options: SqliteConnectOptions =
        url.parse().map_err(Fault::new("reading the database address"))?;
    let options = options
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // The log is synced by us before a commit returns: one sync for many commits.
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true)
        .statement_cache_capacity(512)
        .busy_timeout(Duration::from_secs(10));
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(30))
        .connect_with(options.clone())
        .await
        .map_err(Fault::new("opening the SQLite file"))?;
    let readers = SqlitePoolOptions::new()
        .max_connections(SQLITE_READERS)
        .connect_with(options.clone().read_only(true))
        .await
        .map_err(Fault::new("opening the SQLite file to read"))?;
    let log =
        log(options.get_filename()).map_err(Fault::new("opening the SQLite file"))?;
    Ok(Pools::Sqlite { readers, writer, log })
}

/// What brings the write-ahead log of this database to the disk.
///
/// SQLite itself syncs it before it copies it into the database, and when it begins it anew; so
/// what a sync of ours has covered stays (sqlite.org, "Write-Ahead Logging", 2.3). The file is
/// opened for each sync, since SQLite makes a new one when the last connection has gone.
fn log(database: &Path) -> std::io::Result<Group> {
    let mut name = database.as_os_str().to_owned();
    name.push("-wal");
    let folder = match database.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    };
    std::fs::File::open(folder)?.sync_all()?;
    Ok(Group::new(move || std::fs::File::open(&name)?.sync_data()))
}

impl Conn {
    /// Readies a statement of the catalogue.
    pub fn run(&mut self, statement: Statement) -> Query<'_> {
        match &mut self.0 {
            Held::SqliteTx(tx) => Query::sqlite(tx, statement),
            Held::Postgres(conn) => Query::postgres(conn, statement),
            Held::PostgresTx(tx) => Query::postgres(tx, statement),
        }
    }

    async fn commit(self) -> Result<(), Fault> {
        match self.0 {
            Held::SqliteTx(tx) => tx.commit().await,
            Held::PostgresTx(tx) => tx.commit().await,
            Held::Postgres(_) => Ok(()),
        }
        .map_err(Fault::new("committing"))
    }

    /// Which database it is.
    pub const fn dialect(&self) -> Dialect {
        match self.0 {
            Held::SqliteTx(_) => Dialect::Sqlite,
            Held::Postgres(_) | Held::PostgresTx(_) => Dialect::Postgres,
        }
    }
}

impl Tx {
    /// Tells the bus this, once the transaction has committed.
    pub fn hint(&mut self, hint: Hint) {
        self.hints.push(hint);
    }

    /// Begins a step: what follows may be undone by itself. Steps may stand in steps; the last one
    /// that began ends first.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn step(&mut self) -> Result<Step, Fault> {
        self.run(BEGIN).execute().await?;
        Ok(Step { hints: self.hints.len() })
    }

    /// Keeps what was done since the step began.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn keep(&mut self, _step: Step) -> Result<(), Fault> {
        self.run(END).execute().await.map(drop)
    }

    /// Undoes what was done since the step began: rows, jobs and hints.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn undo(&mut self, step: Step) -> Result<(), Fault> {
        self.run(UNDO).execute().await?;
        self.run(END).execute().await?;
        self.hints.truncate(step.hints);
        Ok(())
    }

    /// Makes it so, durably, and then tells the bus. If it takes rights away, nothing is sent
    /// under them any more, by any node, when this returns.
    ///
    /// # Errors
    /// If the database refuses; then nothing happened.
    pub async fn commit(self) -> Result<(), Fault> {
        if self.hints.iter().any(Hint::lowers) {
            // Of its own: whoever asked may have gone, and the cut is made all the same.
            let lowering = tokio::spawn(self.lower());
            lowering.await.map_err(Fault::new("committing"))??;
            idempotency::committed();
            return Ok(());
        }
        self.db.made(self.conn).await?;
        idempotency::committed();
        for hint in self.hints {
            self.db.bus.tell(hint);
        }
        Ok(())
    }

    async fn lower(mut self) -> Result<(), Fault> {
        let bus = self.db.bus.clone();
        let fence = bus.fence().write().await;
        let no = self.note_cut().await?;
        self.db.made(self.conn).await?;
        for hint in self.hints {
            if hint.lowers() {
                bus.cut(&hint).await;
                // Other nodes read of it in the database.
                bus.tell_here(hint);
            } else {
                bus.tell(hint);
            }
        }
        drop(fence);
        if let Some(no) = no {
            cluster::made_everywhere(&self.db, no).await;
        }
        Ok(())
    }

    /// Writes down what other nodes have to cut, where there may be others.
    async fn note_cut(&mut self) -> Result<Option<i64>, Fault> {
        if self.db.dialect() == Dialect::Sqlite {
            return Ok(None);
        }
        let lowers: Vec<&Hint> = self.hints.iter().filter(|it| it.lowers()).collect();
        let text =
            serde_json::to_string(&lowers).map_err(Fault::new("writing down a cut"))?;
        let node = self.db.bus.node();
        cluster::note_cut(self, node, &text).await.map(Some)
    }
}

impl Deref for Tx {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}
