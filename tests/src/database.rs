//! A database of its own for one test: a SQLite file, or one on the PostgreSQL server that
//! `ENTENTE_TEST_POSTGRES` names.

use std::path::{Path, PathBuf};

use kernel::{Id, Node};

/// Where a test's data lies. The files go when it is dropped.
#[derive(Debug)]
pub struct Backing {
    folder: PathBuf,
    postgres: Option<String>,
    today: bool,
}

impl Backing {
    /// An empty SQLite file.
    pub fn sqlite() -> Self {
        Self { folder: fresh_folder(), postgres: None, today: false }
    }

    /// An empty database on the server that `ENTENTE_TEST_POSTGRES` names; none where it names
    /// none, which in CI is a failure.
    pub async fn postgres() -> Option<Self> {
        let Ok(server) = std::env::var("ENTENTE_TEST_POSTGRES") else {
            assert!(
                std::env::var_os("CI").is_none(),
                "CI must set ENTENTE_TEST_POSTGRES"
            );
            eprintln!("skipped on PostgreSQL: ENTENTE_TEST_POSTGRES is not set");
            return None;
        };
        Some(Self::on_server(&server).await)
    }

    /// An empty database on a PostgreSQL server, whose address names no database.
    #[expect(clippy::disallowed_methods, reason = "makes the database that a test uses")]
    pub async fn on_server(server: &str) -> Self {
        let name = Id::<Node>::mint().to_string();
        let admin = sqlx::PgPool::connect(&format!("{server}/postgres")).await;
        let admin = admin.expect("the PostgreSQL server answers");
        let make = format!("create database {name}");
        sqlx::query(sqlx::AssertSqlSafe(make))
            .execute(&admin)
            .await
            .expect("a new database");
        admin.close().await;
        let postgres = Some(format!("{server}/{name}"));
        Self { folder: fresh_folder(), postgres, today: false }
    }

    /// Its address.
    pub fn url(&self) -> String {
        let file = || format!("sqlite:{}", self.folder.join("hub.db").display());
        self.postgres.clone().unwrap_or_else(file)
    }

    /// For a hub in this process that shares it with processes, whose clock is the machine's:
    /// its clock begins today, not at the day of all tests.
    #[must_use]
    pub fn today(mut self) -> Self {
        self.today = true;
        self
    }

    pub(crate) const fn is_today(&self) -> bool {
        self.today
    }

    /// The folder for files.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

fn fresh_folder() -> PathBuf {
    let folder =
        std::env::temp_dir().join("entente-tests").join(Id::<Node>::mint().to_string());
    std::fs::create_dir_all(&folder).expect("a folder for the test");
    folder
}

impl Drop for Backing {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
    }
}
