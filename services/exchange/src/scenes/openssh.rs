//! OpenSSH as the other side: its `sftp` as a partner that calls us, its `sshd` as one we call.

use std::{
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use kernel::{Id, Node};

/// A folder with the keys of a partner.
pub(super) struct Partner {
    pub(super) folder: PathBuf,
}

/// Whether OpenSSH is there; in CI it has to be.
pub(super) fn is_there() -> bool {
    let told = std::env::var_os("ENTENTE_TEST_SSHD").is_some();
    assert!(told || std::env::var_os("CI").is_none(), "ENTENTE_TEST_SSHD is needed");
    told
}

fn run(command: &mut Command) -> (bool, String) {
    let done = command.stdin(Stdio::null()).output();
    let done =
        done.unwrap_or_else(|why| panic!("{command:?} (`cargo xtask tools`): {why}"));
    let told = [done.stdout, done.stderr].concat();
    (done.status.success(), String::from_utf8_lossy(&told).into_owned())
}

impl Partner {
    pub(super) fn new() -> Self {
        let name = Id::<Node>::mint().to_string();
        let folder = std::env::temp_dir().join("entente-tests").join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let partner = Self { folder };
        partner.key("key", "ed25519");
        partner
    }

    /// Makes a key; gives its public half.
    pub(super) fn key(&self, name: &str, kind: &str) -> String {
        let file = self.folder.join(name);
        let mut make = Command::new("ssh-keygen");
        make.args(["-q", "-N", "", "-t", kind, "-f"]).arg(&file);
        let (done, told) = run(&mut make);
        assert!(done, "{told}");
        self.read(&format!("{name}.pub"))
    }

    pub(super) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.join(name)).unwrap()
    }

    pub(super) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.folder.join(name), text).unwrap();
    }

    /// Gives commands to `sftp`; whether all went well, and what it said.
    pub(super) async fn sftp(
        &self,
        (at, user, key): (SocketAddr, &str, &str),
        commands: &[&str],
    ) -> (bool, String) {
        let batch = self.folder.join("batch");
        std::fs::write(&batch, commands.join("\n")).unwrap();
        let mut sftp = Command::new("sftp");
        sftp.current_dir(&self.folder)
            .args(["-F", "none", "-b", "batch", "-i", key, "-P", &at.port().to_string()])
            .args(["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=known"])
            .args([
                "-o",
                "IdentitiesOnly=yes",
                "-o",
                "PreferredAuthentications=publickey",
            ])
            .arg(format!("{user}@127.0.0.1"));
        tokio::task::spawn_blocking(move || run(&mut sftp)).await.unwrap()
    }
}

impl Drop for Partner {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

/// A server of OpenSSH's, on a port of its own.
pub(super) struct Server {
    pub(super) at: SocketAddr,
    pub(super) user: String,
    /// The fingerprint of its key.
    pub(super) print: String,
    pub(super) partner: Partner,
    child: Child,
}

impl Server {
    /// Starts it; whoever has this key may in.
    pub(super) async fn start(public_key: &str) -> Self {
        let partner = Partner::new();
        partner.key("host", "ed25519");
        partner.write("authorized", public_key);
        for folder in ["out", "in", "done"] {
            std::fs::create_dir(partner.folder.join(folder)).unwrap();
        }
        // Where root starts it, it wants this folder; nobody else can make it, nor needs it.
        drop(std::fs::create_dir_all("/run/sshd"));
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = free.local_addr().unwrap();
        drop(free);
        let file = |name: &str| partner.folder.join(name).display().to_string();
        partner.write(
            "sshd_config",
            format!(
                "ListenAddress {at}\nHostKey {}\nAuthorizedKeysFile {}\nPidFile none\n\
                 StrictModes no\nUsePAM no\nPasswordAuthentication no\n\
                 Subsystem sftp internal-sftp\n",
                file("host"),
                file("authorized")
            ),
        );
        let sshd = std::env::var_os("ENTENTE_TEST_SSHD").unwrap();
        let log = std::fs::File::create(partner.folder.join("log")).unwrap();
        let child = Command::new(sshd)
            .args(["-D", "-e", "-f", &file("sshd_config")])
            .stderr(log)
            .spawn()
            .unwrap();
        for _ in 0..100 {
            if tokio::net::TcpStream::connect(at).await.is_ok() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        let (_, user) = run(Command::new("id").arg("-un"));
        let (_, print) =
            run(Command::new("ssh-keygen").args(["-l", "-f", &file("host.pub")]));
        let print = print.split(' ').nth(1).unwrap().to_owned();
        Self { at, user: user.trim().to_owned(), print, partner, child }
    }

    /// The names in one of its folders.
    pub(super) fn names(&self, folder: &str) -> Vec<String> {
        names(&self.partner.folder.join(folder))
    }
}

pub(super) fn names(folder: &Path) -> Vec<String> {
    let read = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        read.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
