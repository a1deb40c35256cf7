//! Servers that are not ours: ejabberd and Prosody (Debian's), and socket.io (npm's).

use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::{process::Server, stage::Kind};

/// How long one may take to come up.
const PATIENCE: Duration = Duration::from_secs(40);

/// Starts one in a folder of its own; none where it is not there.
pub(crate) fn start(kind: Kind, folder: &Path) -> Option<Server> {
    let port = TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
    let mut command = match kind {
        Kind::Ejabberd => ejabberd(folder, port)?,
        Kind::Prosody => prosody(folder, port)?,
        Kind::SocketIo => socket_io(port)?,
        Kind::Bare | Kind::Sqlite | Kind::Postgres | Kind::TwoNodes => return None,
    };
    let log = fs::File::create(folder.join("log")).ok()?;
    let child = command.stdout(Stdio::null()).stderr(log).spawn().ok()?;
    let server = Server::of(child, format!("http://127.0.0.1:{port}"));
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Some(server);
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    None
}

/// Without a name, so that no other Erlang process is looked for; in memory alone. Nobody is
/// held back, and nobody is told who comes and goes: what is measured is messages.
fn ejabberd(folder: &Path, port: u16) -> Option<Command> {
    let libraries = fs::read_dir("/usr/lib/x86_64-linux-gnu").ok()?.flatten();
    let folders = libraries.map(|entry| entry.path()).filter(|path| {
        path.file_name().is_some_and(|it| it.to_string_lossy().starts_with("ejabberd-"))
    });
    let ebin: PathBuf =
        folders.map(|path| path.join("ebin")).find(|path| path.exists())?;
    let settings = format!(
        "hosts: [localhost]\nloglevel: error\n\
         listen:\n  - port: {port}\n    ip: 127.0.0.1\n    module: ejabberd_http\n    backlog: 2000\n    \
         request_handlers:\n      /xmpp-websocket: ejabberd_http_ws\n\
         auth_method: [anonymous]\nanonymous_protocol: sasl_anon\nallow_multiple_connections: true\n\
         acl: {{}}\nmodules:\n  mod_muc:\n    access: all\n    access_create: all\n    max_users: 5000\n    \
         min_message_interval: 0\n    min_presence_interval: 0\n    history_size: 0\n    \
         max_room_id: infinity\n    default_room_options:\n      presence_broadcast: []\n      max_users: 5000\n\
         max_fsm_queue: 100000\n"
    );
    let place = folder.join("ejabberd.yml");
    fs::write(&place, settings).ok()?;
    let quoted = |path: &Path| format!("\"{}\"", path.display());
    let mut command = Command::new("erl");
    command.arg("-noinput").arg("-pa").arg(ebin);
    command.args(["-mnesia", "dir", &quoted(&folder.join("spool"))]);
    command.args(["-ejabberd", "config", &quoted(&place)]);
    command.args(["log_path", &quoted(&folder.join("ejabberd.log"))]);
    command.args(["+K", "true", "-s", "ejabberd"]);
    Some(command)
}

/// As ejabberd.
fn prosody(folder: &Path, port: u16) -> Option<Command> {
    let settings = format!(
        "run_as_root = true\ndata_path = \"{folder}\"\npidfile = \"{folder}/pid\"\n\
         log = {{ error = \"{folder}/prosody.log\" }}\n\
         modules_enabled = {{ \"saslauth\"; \"websocket\"; \"posix\" }}\nmodules_disabled = {{ \"s2s\" }}\nc2s_ports = {{}}\nc2s_direct_tls_ports = {{}}\n\
         http_ports = {{ {port} }}\nhttp_interfaces = {{ \"127.0.0.1\" }}\nhttps_ports = {{}}\n\
         consider_websocket_secure = true\nc2s_require_encryption = false\nstorage = \"memory\"\n\
         muc_room_locking = false\nmuc_room_default_history_length = 0\nmax_history_messages = 0\n\
         muc_room_default_presence_broadcast = {{ visitor = false; participant = false; moderator = false }}\n\
         VirtualHost \"localhost\"\n  authentication = \"anonymous\"\n\
         Component \"conference.localhost\" \"muc\"\n  restrict_room_creation = false\n",
        folder = folder.display()
    );
    let place = folder.join("prosody.cfg.lua");
    fs::write(&place, settings).ok()?;
    let mut command = Command::new("prosody");
    command.arg("-F").arg("--config").arg(place);
    Some(command)
}

/// With what `package-lock.json` pins.
fn socket_io(port: u16) -> Option<Command> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/rooms");
    if !folder.join("node_modules").exists() {
        let installed =
            Command::new("npm").args(["ci", "--silent"]).current_dir(&folder).status();
        if !installed.is_ok_and(|status| status.success()) {
            return None;
        }
    }
    let mut command = Command::new("node");
    command.arg(folder.join("server.js")).arg(port.to_string());
    Some(command)
}
