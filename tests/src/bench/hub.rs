//! The hub as a process, its database, and what both have used.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};
use tokio::runtime::Runtime;

use super::{Client, Failure, Millis};
use crate::Backing;

const PASSWORD: &str = "a long bench to sit on";
/// The kernel counts CPU time in these, on every Linux of today.
const TICKS_A_SECOND: f64 = 100.0;

/// The binary: the one that the environment names, or the release build of this tree.
///
/// # Errors
/// It cannot be built.
pub fn binary() -> Result<PathBuf, Failure> {
    if let Some(named) = std::env::var_os("ENTENTE_BENCH_BINARY") {
        return Ok(named.into());
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.current_dir(&root).args(["build", "--release", "--package", "hub"]);
    if !build.status()?.success() {
        return Err("the release binary could not be built".into());
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let target = target.unwrap_or_else(|| root.join("target"));
    Ok(target.join("release/entente"))
}

/// An empty database; it goes when it is dropped.
#[derive(Debug)]
pub struct Database {
    backing: Backing,
    /// To ask PostgreSQL for its processes.
    server: Option<(Runtime, PgConnection)>,
}

impl Database {
    /// A SQLite file.
    pub fn sqlite() -> Self {
        Self { backing: Backing::sqlite(), server: None }
    }

    /// A database of the server that `ENTENTE_TEST_POSTGRES` names; none where it names none.
    ///
    /// # Errors
    /// The server does not answer.
    pub fn postgres() -> Result<Option<Self>, Failure> {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let Some(backing) = runtime.block_on(Backing::postgres()) else {
            return Ok(None);
        };
        let server = runtime.block_on(PgConnection::connect(&backing.url()))?;
        Ok(Some(Self { backing, server: Some((runtime, server)) }))
    }

    /// What it is called.
    pub const fn name(&self) -> &'static str {
        if self.server.is_some() { "PostgreSQL" } else { "SQLite" }
    }

    /// The processes that serve this database, but for our own.
    #[expect(clippy::disallowed_methods, reason = "it asks the server for its processes")]
    fn processes(&mut self) -> Result<Vec<i32>, Failure> {
        let Some((runtime, server)) = &mut self.server else { return Ok(Vec::new()) };
        let sql = "
            select pid from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid()";
        let found: Vec<(i32,)> =
            runtime.block_on(sqlx::query_as(sql).fetch_all(server))?;
        Ok(found.into_iter().map(|(pid,)| pid).collect())
    }
}

/// A hub that runs until it is dropped.
#[derive(Debug)]
pub struct Hub {
    child: Child,
    database: Database,
    address: String,
    /// Where AS2 is listened for, such as `http://127.0.0.1:4000/as2`.
    pub as2: String,
    /// From the start of the process on an empty database to its first answer.
    pub first_answer_ms: f64,
}

impl Drop for Hub {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Hub {
    /// Starts one on an empty database, and awaits its first answer.
    ///
    /// # Errors
    /// It does not start.
    pub fn start(binary: &Path, database: Database) -> Result<Self, Failure> {
        let start = Instant::now();
        let mut child = command(binary, &database.backing)
            .args(["serve", "--print-addresses"])
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        let told = child.stdout.take().ok_or("no standard output")?;
        BufReader::new(told).read_line(&mut line)?;
        let addresses: Value = serde_json::from_str(&line)?;
        let web = addresses["web"].as_str().ok_or("no address of the web")?;
        let address = web.trim_start_matches("http://").to_owned();
        let as2 = addresses["as2"].as_str().unwrap_or_default().to_owned();
        Client::connect(&address, String::new())?.get("/healthz")?;
        let first_answer_ms = start.elapsed().as_secs_f64() * 1e3;
        Ok(Self { child, database, address, as2, first_answer_ms })
    }

    /// A company, Nordwind, and its owner signed in.
    ///
    /// # Errors
    /// It is there already.
    pub fn sign_in(&mut self) -> Result<Client, Failure> {
        let binary = fs::read_link(format!("/proc/{}/exe", self.child.id()))?;
        let mut create = command(&binary, &self.database.backing)
            .args(["org", "create", "Nordwind", "nordwind.example"])
            .args(["--owner-email", "olga@nordwind.example", "--owner-name", "Olga"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()?;
        let mut input = create.stdin.take().ok_or("no standard input")?;
        writeln!(input, "{PASSWORD}")?;
        drop(input);
        if !create.wait()?.success() {
            return Err("the company could not be made".into());
        }
        let mut client = Client::connect(&self.address, String::new())?;
        let form = json!({ "email": "olga@nordwind.example", "password": PASSWORD });
        let signed = client.post("/api/v1/sign-in", &form)?;
        let token = signed["token"].as_str().ok_or("no token")?.to_owned();
        Client::connect(&self.address, token)
    }

    /// What so many requests cost, each.
    ///
    /// # Errors
    /// A request fails.
    pub fn cost(
        &mut self,
        asks: u32,
        mut ask: impl FnMut(usize) -> Result<Value, Failure>,
    ) -> Result<Millis, Failure> {
        let before = self.used()?;
        for number in 0..asks {
            ask(number as usize)?;
        }
        let after = self.used()?;
        let each = |before: f64, after: f64| (after - before).max(0.0) / f64::from(asks);
        Ok(Millis {
            hub: each(before.hub, after.hub),
            database: each(before.database, after.database),
        })
    }

    /// The CPU time so far.
    ///
    /// # Errors
    /// A process cannot be looked at.
    pub fn used(&mut self) -> Result<Millis, Failure> {
        let hub = cpu_ms(self.child.id())?;
        let mut database = 0.0;
        for pid in self.database.processes()? {
            // One that has just ended is not there any more.
            database += cpu_ms(pid.unsigned_abs()).unwrap_or_default();
        }
        Ok(Millis { hub, database })
    }

    /// Whether the database plans by what it has counted.
    pub const fn counts_its_tables(&self) -> bool {
        self.database.server.is_some()
    }

    /// Has the database count its tables, as it does by itself within a minute or two.
    ///
    /// # Errors
    /// The database refuses.
    #[expect(clippy::disallowed_methods, reason = "a statement about tables, not rows")]
    pub fn count_tables(&mut self) -> Result<(), Failure> {
        if let Some((runtime, server)) = &mut self.database.server {
            runtime.block_on(sqlx::query("vacuum analyze").execute(server))?;
        }
        Ok(())
    }

    /// What it holds in memory.
    ///
    /// # Errors
    /// The process is gone.
    pub fn memory_mib(&self) -> Result<f64, Failure> {
        self.status_mib("VmRSS:")
    }

    /// The most that it held in memory since it was started.
    ///
    /// # Errors
    /// The process is gone.
    pub fn peak_mib(&self) -> Result<f64, Failure> {
        self.status_mib("VmHWM:")
    }

    fn status_mib(&self, what: &str) -> Result<f64, Failure> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(what));
        let kib = line.and_then(|line| line.split_whitespace().next());
        Ok(kib.ok_or("the kernel does not say")?.parse::<f64>()? / 1024.0)
    }

    /// The address of its database.
    pub fn database_url(&self) -> String {
        self.database.backing.url()
    }

    /// Ends it in good order.
    ///
    /// # Errors
    /// It does not end.
    pub fn stop(mut self) -> Result<(), Failure> {
        let ended = Command::new("kill").arg(self.child.id().to_string()).status()?;
        let patience = Instant::now() + Duration::from_secs(30);
        while ended.success() && Instant::now() < patience {
            if self.child.try_wait()?.is_some() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        Err("the hub did not end when it was asked to".into())
    }
}

fn command(binary: &Path, backing: &Backing) -> Command {
    let mut command = Command::new(binary);
    command
        .env("ENTENTE_DATABASE_URL", backing.url())
        .env("ENTENTE_DATA_DIR", backing.folder().join("data"))
        .env("ENTENTE_LISTEN", "127.0.0.1:0")
        .env("ENTENTE_AS2_LISTEN", "127.0.0.1:0")
        .env("ENTENTE_SMTP_LISTEN", "127.0.0.1:0")
        .env("ENTENTE_SFTP_LISTEN", "127.0.0.1:0")
        .env("RUST_LOG", "error");
    command
}

/// The CPU time of a process with all its threads, those that ended included.
fn cpu_ms(pid: u32) -> Result<f64, Failure> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name in parentheses may hold anything; after it come the fields from the third on.
    let (_, fields) = stat.rsplit_once(')').ok_or("an odd /proc/PID/stat")?;
    let ticks = |at: usize| -> Result<f64, Failure> {
        let field = fields.split_whitespace().nth(at).ok_or("a short /proc/PID/stat")?;
        Ok(field.parse::<f64>()?)
    };
    Ok((ticks(11)? + ticks(12)?) * 1e3 / TICKS_A_SECOND)
}
