//! The programs that tests and builds need: found, or installed.
//!
//! What a task asks for is looked up first; whatever is missing is installed together, from
//! Debian's packages or from `PyPI`. Where that is not possible, the task goes on without it and
//! says so; on a CI machine it fails instead.

mod debian;
mod edifact;
mod node;
mod python;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

pub(crate) use debian::is_root;
pub(crate) use node::Node;

use crate::{failure::Failure, house, process};

/// Something that a step cannot do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    /// `initdb` and `postgres`.
    Postgres,
    /// `nats-server`.
    Nats,
    /// A Chromium that runs headless.
    Chromium,
    /// `swaks`, which speaks SMTP.
    Swaks,
    /// `dovecot`, a server of mailboxes.
    Dovecot,
    /// `openssl`, which makes certificates and reads S/MIME.
    Openssl,
    /// `valgrind`, which counts instructions.
    Valgrind,
    /// A Java Development Kit, with Bouncy Castle.
    Java,
    /// `sftp` and `sshd`.
    Openssh,
    /// A Python of its own, with the peers that the tests talk to.
    Python,
    /// Node.js 20.19 or later, with npm.
    Node,
    /// What the crate `edifact-rs` says of files, as a program.
    EdifactRs,
    /// `ejabberd` and `prosody`, for a benchmark alone.
    ChatServers,
}

/// All but those of one benchmark.
pub(crate) const EVERY: &[Need] = &[
    Need::Postgres,
    Need::Nats,
    Need::Chromium,
    Need::Swaks,
    Need::Dovecot,
    Need::Openssl,
    Need::Valgrind,
    Need::Java,
    Need::Openssh,
    Need::Python,
    Need::Node,
    Need::EdifactRs,
];

impl Need {
    const fn name(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL",
            Self::Nats => "nats-server",
            Self::Chromium => "Chromium",
            Self::Swaks => "swaks",
            Self::Dovecot => "dovecot",
            Self::Openssl => "openssl",
            Self::Valgrind => "valgrind",
            Self::Java => "Java with BC",
            Self::Openssh => "OpenSSH",
            Self::Python => "Python with peers",
            Self::Node => "Node.js 20.19+",
            Self::EdifactRs => "edifact-rs",
            Self::ChatServers => "ejabberd and Prosody",
        }
    }

    /// The packages of Debian's that have it; Node comes from `PyPI`, Cargo builds a crate, Python
    /// is looked at apart.
    const fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Postgres => &["postgresql"],
            Self::Nats => &["nats-server"],
            Self::Chromium => &["chromium"],
            // Without the second, swaks speaks no TLS.
            Self::Swaks => &["swaks", "libnet-ssleay-perl"],
            Self::Dovecot => &["dovecot-imapd"],
            Self::Openssl => &["openssl"],
            Self::Valgrind => &["valgrind"],
            Self::Java => &["default-jdk-headless", "libbcmail-java"],
            Self::Openssh => &["openssh-client", "openssh-server", "openssh-sftp-server"],
            Self::ChatServers => &["ejabberd", "prosody"],
            Self::Python | Self::Node | Self::EdifactRs => &[],
        }
    }

    fn find(self) -> Option<PathBuf> {
        match self {
            Self::Postgres => postgres(),
            Self::Nats => on_path("nats-server"),
            Self::Chromium => chromium(),
            Self::Swaks => swaks(),
            Self::Dovecot => on_path("dovecot"),
            Self::Openssl => on_path("openssl"),
            Self::Valgrind => on_path("valgrind"),
            Self::Java => java(),
            Self::Openssh => openssh(),
            Self::ChatServers => on_path("prosody").and_then(|_| on_path("ejabberdctl")),
            Self::Python | Self::Node | Self::EdifactRs => None,
        }
    }
}

/// Where things are; what is not here is not to be had.
#[derive(Debug, Default)]
pub(crate) struct Tools {
    /// The folder of PostgreSQL's programs.
    pub(crate) postgres: Option<PathBuf>,
    /// `nats-server`.
    pub(crate) nats: Option<PathBuf>,
    /// `chromium`.
    pub(crate) chromium: Option<PathBuf>,
    /// A Python with the peers.
    pub(crate) python: Option<PathBuf>,
    /// Node.js and npm.
    pub(crate) node: Option<Node>,
    /// What `edifact-rs` says.
    pub(crate) edifact_rs: Option<PathBuf>,
    /// What was asked for and is not to be had, each with why.
    pub(crate) missing: Vec<String>,
}

impl Tools {
    /// Finds what is needed and installs what is missing.
    ///
    /// # Errors
    /// On a CI machine, anything that is still missing afterwards.
    pub(crate) fn gather(needs: &[Need]) -> Result<Self, Failure> {
        let packages: Vec<_> = needs
            .iter()
            .filter(|need| need.find().is_none())
            .flat_map(|need| need.packages().iter().copied())
            .collect();
        let installed = debian::install(&packages);
        let mut tools = Self::default();
        for need in needs {
            if let Err(why) = tools.take(*need, &installed) {
                println!("missing: {}: {why}", need.name());
                tools.missing.push(format!("{}: {why}", need.name()));
            }
        }
        if house::is_ci() && !tools.missing.is_empty() {
            return Err(Failure::new(format!(
                "CI is set and tools are missing: {}",
                tools.missing.join("; ")
            )));
        }
        Ok(tools)
    }

    fn take(
        &mut self,
        need: Need,
        installed: &Result<(), Failure>,
    ) -> Result<(), String> {
        match need {
            Need::Python => {
                self.python = Some(python::ready().map_err(|why| why.to_string())?);
                return Ok(());
            }
            Need::Node => {
                self.node = Some(node::ready().map_err(|why| why.to_string())?);
                return Ok(());
            }
            Need::EdifactRs => {
                let built = edifact::ready().map_err(|why| why.to_string())?;
                self.edifact_rs = Some(built);
                return Ok(());
            }
            Need::Postgres
            | Need::Nats
            | Need::Chromium
            | Need::Swaks
            | Need::Dovecot
            | Need::Openssl
            | Need::Valgrind
            | Need::Java
            | Need::Openssh
            | Need::ChatServers => {}
        }
        let Some(found) = need.find() else {
            return Err(installed.as_ref().err().map_or_else(
                || "not found, even after its package was installed".into(),
                ToString::to_string,
            ));
        };
        match need {
            Need::Postgres => self.postgres = Some(found),
            Need::Nats => self.nats = Some(found),
            Need::Chromium => self.chromium = Some(found),
            Need::Swaks
            | Need::Dovecot
            | Need::Openssl
            | Need::Valgrind
            | Need::Java
            | Need::Openssh
            | Need::Python
            | Need::Node
            | Need::EdifactRs
            | Need::ChatServers => {}
        }
        Ok(())
    }

    /// Node, where a task is pointless without it.
    ///
    /// # Errors
    /// It was not to be had.
    pub(crate) fn node(&self) -> Result<&Node, Failure> {
        self.node
            .as_ref()
            .ok_or_else(|| Failure::new("Node.js 20.19 or later is missing"))
    }

    /// Prints each tool with its version, or that it is missing.
    pub(crate) fn print(&self, needs: &[Need]) {
        for need in needs {
            let (place, told) = match need {
                Need::Postgres => {
                    let program =
                        self.postgres.as_ref().map(|folder| folder.join("postgres"));
                    (program.clone(), said(program, "--version"))
                }
                Need::Nats => (self.nats.clone(), said(self.nats.clone(), "--version")),
                Need::Chromium => {
                    (self.chromium.clone(), said(self.chromium.clone(), "--version"))
                }
                Need::Python => {
                    (self.python.clone(), said(self.python.clone(), "--version"))
                }
                Need::Node => {
                    let program = self.node.as_ref().map(Node::program);
                    (program.clone(), said(program, "--version"))
                }
                Need::EdifactRs => (self.edifact_rs.clone(), None),
                Need::Swaks | Need::Valgrind | Need::Java => {
                    (need.find(), said(need.find(), "--version"))
                }
                // It tells its version to none of its flags in all versions.
                Need::Openssh | Need::ChatServers => (need.find(), None),
                Need::Dovecot => (need.find(), said(need.find(), "--version")),
                Need::Openssl => (need.find(), said(need.find(), "version")),
            };
            let place = place
                .map_or_else(|| "missing".into(), |place| place.display().to_string());
            println!("  {:<18} {place}  {}", need.name(), told.unwrap_or_default());
        }
    }
}

/// Installs everything and tells where it is.
///
/// # Errors
/// A word on the command line, or on a CI machine a tool that is missing.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    if !arguments.is_empty() {
        return Err(Failure::usage("tools takes no arguments"));
    }
    let tools = Tools::gather(EVERY)?;
    tools.print(EVERY);
    Ok(())
}

fn said(program: Option<PathBuf>, flag: &str) -> Option<String> {
    process::version(Command::new(program?).arg(flag))
}

/// A program on the path, or where Debian puts servers.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let more = ["/usr/local/sbin", "/usr/sbin"].map(PathBuf::from);
    env::split_paths(&path)
        .chain(more)
        .map(|folder| folder.join(name))
        .find(|it| it.is_file())
}

/// `java`, if it compiles and Bouncy Castle is where Debian puts it.
fn java() -> Option<PathBuf> {
    on_path("javac")?;
    Path::new("/usr/share/java/bcmail.jar").is_file().then_some(())?;
    on_path("java")
}

/// `sshd`, if `sftp` and its server are there too.
fn openssh() -> Option<PathBuf> {
    on_path("sftp")?;
    Path::new("/usr/lib/openssh/sftp-server").is_file().then_some(())?;
    on_path("sshd")
}

/// `swaks`, if it speaks TLS.
fn swaks() -> Option<PathBuf> {
    let found = on_path("swaks")?;
    let told = Command::new(&found).arg("--support").output().ok()?;
    String::from_utf8_lossy(&told.stdout).contains("=== TLS supported").then_some(found)
}

fn chromium() -> Option<PathBuf> {
    let named =
        env::var_os("ENTENTE_CHROMIUM").map(PathBuf::from).filter(|it| it.is_file());
    named.or_else(|| {
        ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(on_path)
    })
}

/// The folder with the newest server that Debian has, or the one on the path.
fn postgres() -> Option<PathBuf> {
    let has_server = |folder: &Path| {
        ["initdb", "postgres", "pg_isready"]
            .iter()
            .all(|name| folder.join(name).is_file())
    };
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, folder)| has_server(folder))
        .collect();
    versions.sort();
    versions.pop().map(|(_, folder)| folder).or_else(|| {
        let folder = on_path("initdb")?.parent()?.to_path_buf();
        has_server(&folder).then_some(folder)
    })
}
