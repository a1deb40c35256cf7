//! The nodes, and the PostgreSQL and NATS of their own, all of which can be ended at any moment.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use suite::{Backing, bench};

/// How long something may take to come up.
const PATIENCE: Duration = Duration::from_mins(1);
/// The user that Debian's package makes: PostgreSQL refuses to run as root.
const USER: &str = "postgres";

/// Everything that serves.
#[derive(Debug)]
pub(crate) struct Cluster {
    folder: PathBuf,
    binary: PathBuf,
    fault: Option<String>,
    postgres: Option<Postgres>,
    nats: Option<Nats>,
    nodes: Vec<Node>,
    backing: Option<Backing>,
}

#[derive(Debug)]
struct Node {
    address: String,
    child: Option<Child>,
}

#[derive(Debug)]
struct Postgres {
    programs: PathBuf,
    cluster: PathBuf,
    port: u16,
    child: Option<Child>,
}

#[derive(Debug)]
struct Nats {
    port: u16,
    child: Option<Child>,
}

/// One that is free now; whoever is started there later is alone on this machine in wanting it.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

impl Cluster {
    /// What stands below the nodes, and an empty database.
    pub(crate) async fn found(house: &str, folder: &Path, fault: Option<&str>) -> Self {
        let count = if house == "nodes" { 2 } else { 1 };
        let nodes = (0..count)
            .map(|_| Node { address: format!("127.0.0.1:{}", free_port()), child: None })
            .collect();
        let mut cluster = Self {
            folder: folder.to_owned(),
            binary: bench::binary().expect("the hub can be built"),
            fault: fault.map(str::to_owned),
            postgres: None,
            nats: None,
            nodes,
            backing: None,
        };
        if house == "nodes" {
            let mut postgres = Postgres::make(folder);
            postgres.start();
            let url = format!("postgres://{USER}@127.0.0.1:{}", postgres.port);
            cluster.backing = Some(Backing::on_server(&url).await);
            cluster.postgres = Some(postgres);
            let mut nats = Nats { port: free_port(), child: None };
            nats.start();
            cluster.nats = Some(nats);
        } else {
            cluster.backing = Some(Backing::sqlite());
        }
        cluster
    }

    /// The database, for a while.
    pub(crate) fn lend(&mut self) -> Backing {
        self.backing.take().expect("nobody else has it")
    }

    /// The database is given back.
    pub(crate) fn give_back(&mut self, backing: Backing) {
        self.backing = Some(backing);
    }

    /// The database's address.
    pub(crate) fn database_url(&self) -> String {
        self.backing.as_ref().expect("it is here").url()
    }

    /// Where the nodes listen.
    pub(crate) fn nodes(&self) -> Vec<String> {
        self.nodes.iter().map(|node| node.address.clone()).collect()
    }

    /// Whether something may be killed beside the nodes.
    pub(crate) const fn has_servers(&self) -> bool {
        self.postgres.is_some()
    }

    /// Starts every node that is down, and waits until each serves.
    pub(crate) async fn start(&mut self) {
        for number in 0..self.nodes.len() {
            self.start_node(number).await;
        }
    }

    /// Starts a node, and waits until it serves.
    pub(crate) async fn start_node(&mut self, number: usize) {
        if self.nodes[number].child.is_some() {
            return;
        }
        let patience = Instant::now() + PATIENCE;
        while Instant::now() < patience {
            let mut command = self.command(number);
            let tried = tokio::task::spawn_blocking(move || {
                let mut child = command.spawn().expect("the binary starts");
                let mut line = String::new();
                let said = child.stdout.take().expect("it says where it listens");
                let read = BufReader::new(said).read_line(&mut line);
                if read.is_ok_and(|length| length > 0) {
                    return Some(child);
                }
                // Its database may not be up yet.
                drop((child.kill(), child.wait()));
                None
            });
            if let Some(child) = tried.await.expect("no panic") {
                self.nodes[number].child = Some(child);
                return;
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        panic!("node {number} does not come up: see {}", self.folder.display());
    }

    fn command(&self, number: usize) -> Command {
        let backing = self.backing.as_ref().expect("it is here");
        let log = self.folder.join(format!("node-{number}.log"));
        let log = File::options().create(true).append(true).open(log).expect("a log");
        let mut command = Command::new(&self.binary);
        command
            .args(["serve", "--print-addresses"])
            .env("ENTENTE_DATABASE_URL", backing.url())
            .env("ENTENTE_DATA_DIR", backing.folder().join("data"))
            .env("ENTENTE_LISTEN", &self.nodes[number].address)
            .env("ENTENTE_AS2_LISTEN", "127.0.0.1:0")
            .env("ENTENTE_SMTP_LISTEN", "127.0.0.1:0")
            .env("ENTENTE_SFTP_LISTEN", "127.0.0.1:0")
            .env("RUST_LOG", "warn")
            .stdout(Stdio::piped())
            .stderr(log);
        if let Some(nats) = &self.nats {
            command.env("ENTENTE_NATS_URL", format!("nats://127.0.0.1:{}", nats.port));
        }
        if let Some(fault) = &self.fault {
            command.env("ENTENTE_FAULT", fault);
        }
        command
    }

    /// kill -9 of a node. Whether it was still there: one that has ended by itself is a fault.
    pub(crate) fn kill_node(&mut self, number: usize) -> bool {
        let Some(mut child) = self.nodes[number].child.take() else { return true };
        let was_there = matches!(child.try_wait(), Ok(None));
        end(&mut child);
        was_there
    }

    /// A signal to a node.
    pub(crate) fn signal_node(&self, number: usize, signal: &str) {
        if let Some(child) = &self.nodes[number].child {
            let pid = child.id().to_string();
            drop(Command::new("kill").args([signal, &pid]).status());
        }
    }

    /// Waits for a node that was asked to go.
    pub(crate) async fn gone(&mut self, number: usize, patience: Duration) -> bool {
        let until = Instant::now() + patience;
        while Instant::now() < until {
            let ended = |child: &mut Child| matches!(child.try_wait(), Ok(Some(_)));
            if self.nodes[number].child.as_mut().is_none_or(ended) {
                self.nodes[number].child = None;
                return true;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        false
    }

    /// kill -9 of all nodes.
    pub(crate) fn kill_all(&mut self) {
        for number in 0..self.nodes.len() {
            self.kill_node(number);
        }
    }

    /// The bus dies, and comes back after a while.
    pub(crate) async fn restart_nats(&mut self, pause: Duration) {
        if let Some(nats) = &mut self.nats {
            nats.stop();
            tokio::time::sleep(pause).await;
            nats.start();
        }
    }

    /// The database stops in this way, and comes back after a while.
    pub(crate) async fn restart_postgres(&mut self, mode: &str, pause: Duration) {
        if let Some(postgres) = &mut self.postgres {
            postgres.stop(mode);
            tokio::time::sleep(pause).await;
            postgres.start();
        }
    }

    /// Ends everything.
    pub(crate) async fn stop(&mut self) {
        for number in 0..self.nodes.len() {
            self.signal_node(number, "-TERM");
        }
        for number in 0..self.nodes.len() {
            if !self.gone(number, Duration::from_secs(10)).await {
                self.kill_node(number);
            }
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.kill_all();
        if let Some(nats) = &mut self.nats {
            nats.stop();
        }
        if let Some(postgres) = &mut self.postgres {
            postgres.stop("immediate");
        }
    }
}

impl Nats {
    fn start(&mut self) {
        // Where Debian puts it, which is not on everybody's path.
        let debian = Path::new("/usr/sbin/nats-server");
        let program = if debian.exists() { debian } else { Path::new("nats-server") };
        let mut command = Command::new(program);
        command.args(["--addr", "127.0.0.1", "--port", &self.port.to_string()]);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        self.child = Some(child.expect("nats-server is there"));
    }

    fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            end(&mut child);
        }
    }
}

impl Postgres {
    /// An empty one in a folder.
    fn make(folder: &Path) -> Self {
        let cluster = folder.join("postgres");
        let programs = programs();
        let owned =
            Command::new("install").args(["-d", "-m", "700"]).arg(&cluster).status();
        assert!(owned.expect("install is there").success());
        if is_root() {
            let owned = Command::new("chown").arg(USER).arg(&cluster).status();
            assert!(owned.expect("chown is there").success());
        }
        let mut initdb = as_user(&programs.join("initdb"));
        initdb.args(["--username=postgres", "--auth=trust", "--encoding=UTF8"]);
        initdb.args(["--locale=C.UTF-8", "--no-sync", "--no-instructions", "-D"]);
        let made = initdb.arg(&cluster).current_dir("/").stdout(Stdio::null()).status();
        assert!(made.expect("initdb is there").success());
        Self { programs, cluster, port: free_port(), child: None }
    }

    /// As safe as in earnest: it is killed, and must have what it said it has.
    fn start(&mut self) {
        let port = self.port.to_string();
        let sockets = format!("unix_socket_directories={}", self.cluster.display());
        let mut command = as_user(&self.programs.join("postgres"));
        command.arg("-D").arg(&self.cluster).args(["-p", &port, "-c", &sockets]);
        for setting in ["listen_addresses=127.0.0.1", "fsync=on", "max_connections=100"] {
            command.args(["-c", setting]);
        }
        let child =
            command.current_dir("/").stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        self.child = Some(child.expect("postgres is there"));
        let patience = Instant::now() + PATIENCE;
        while Instant::now() < patience {
            let ready = Command::new(self.programs.join("pg_isready"))
                .args(["-q", "-h", "127.0.0.1", "-p", &port])
                .status();
            if ready.is_ok_and(|status| status.success()) {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("PostgreSQL does not come up");
    }

    fn stop(&mut self, mode: &str) {
        let Some(mut child) = self.child.take() else { return };
        let mut stop = as_user(&self.programs.join("pg_ctl"));
        stop.args(["stop", "--silent", "-m", mode, "-D"]).arg(&self.cluster);
        drop(stop.current_dir("/").stderr(Stdio::null()).status());
        drop(child.wait());
    }
}

/// Where the programs of the newest PostgreSQL are: Debian does not put them on the path.
fn programs() -> PathBuf {
    let found = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let number = |path: &PathBuf| {
        path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok()).unwrap_or(0)
    };
    let newest = found.map(|entry| entry.path()).max_by_key(number);
    newest.map(|path| path.join("bin")).unwrap_or_default()
}

fn is_root() -> bool {
    let uid = Command::new("id").arg("-u").output();
    uid.is_ok_and(|output| output.stdout.starts_with(b"0"))
}

fn as_user(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid", USER, "--regid", USER, "--init-groups", "--"]).arg(program);
    command
}

fn end(child: &mut Child) {
    drop(child.kill());
    drop(child.wait());
}
