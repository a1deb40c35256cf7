use std::{fmt, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use kernel::Clock;
use store::{Db, Files};

use crate::ActionRow;

/// What every handler needs: the database, the files, the clock, the settings.
#[derive(Clone, Debug)]
pub struct House {
    /// The database.
    pub db: Db,
    /// The files.
    pub files: Files,
    /// The clock.
    pub clock: Clock,
    /// The settings.
    pub settings: Arc<Settings>,
    /// Every action of the policy.
    pub actions: &'static [ActionRow],
}

/// What an administrator sets, as far as handlers need it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How people reach the hub, without a slash at the end.
    pub public_url: String,
    /// Where partners' AS2 stations post to.
    pub as2_url: String,
    /// The host and port at which partners reach their mailboxes by SFTP.
    pub sftp_address: String,
    /// Whether AS2 and SFTP call addresses that are not of the Internet, too.
    pub as2_private_networks: bool,
    /// The domain of mail addresses that lead into rooms.
    pub mail_domain: String,
    /// The relay that takes outgoing mail; none keeps it in the outbox.
    pub smtp_relay: Option<String>,
    /// How long a session lives without use, in days.
    pub session_days: u32,
    /// The largest mail that is taken in, in bytes.
    pub mail_limit_bytes: usize,
    /// The key under which reply addresses are signed.
    pub secret: [u8; 32],
    /// How mail proves where it comes from.
    pub mail: MailSettings,
    /// Calls in rooms.
    pub calls: CallSettings,
}

/// How mail proves where it comes from.
#[derive(Clone, Debug, Default)]
pub struct MailSettings {
    /// The file of the key that signs outgoing mail (DKIM, RFC 6376), made when it is first
    /// needed; none signs nothing.
    pub dkim_key_file: Option<PathBuf>,
    /// The selector under which the DNS holds that key.
    pub dkim_selector: String,
    /// Who is asked about incoming mail.
    pub dns: MailDns,
    /// A mailbox elsewhere that is read now and then; none reads none.
    pub imap: Option<Mailbox>,
}

/// Calls in rooms: whether there are any, and which servers help browsers to find each other.
#[derive(Clone, Debug)]
pub struct CallSettings {
    /// Whether people may call each other.
    pub enabled: bool,
    /// Servers that tell a browser its address (`stun:`, `stuns:`).
    pub stun: Vec<String>,
    /// Servers that carry what cannot go directly (`turn:`, `turns:`).
    pub turn: Vec<String>,
    /// The secret that is shared with those, for names that hold for a time.
    pub turn_secret: Option<TurnSecret>,
    /// How long such a name holds.
    pub turn_ttl: Duration,
}

impl Default for CallSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            stun: Vec::new(),
            turn: Vec::new(),
            turn_secret: None,
            turn_ttl: Duration::from_hours(12),
        }
    }
}

/// The secret that is shared with TURN servers. It is not printed.
#[derive(Clone)]
pub struct TurnSecret(Vec<u8>);

impl TurnSecret {
    /// A secret of these bytes.
    pub const fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for TurnSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TurnSecret")
    }
}

/// A mailbox elsewhere, with the password to it.
#[derive(Clone)]
pub struct Mailbox {
    /// `imaps://USER:PASSWORD@HOST:PORT/FOLDER`, or `imap://…` on this machine; what stands for
    /// itself nowhere in an address is written as `%XX`.
    pub url: String,
    /// How often it is read.
    pub every: Duration,
}

impl fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mailbox(every {:?})", self.every)
    }
}

/// Which DNS servers are asked whether a mail comes from where it says.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum MailDns {
    /// None: nothing is asked.
    #[default]
    Off,
    /// Those of the machine.
    System,
    /// These.
    At(Vec<SocketAddr>),
}

impl std::str::FromStr for MailDns {
    type Err = std::net::AddrParseError;

    /// `off`, `system`, or addresses with ports and commas between.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim() {
            "off" => Ok(Self::Off),
            "system" => Ok(Self::System),
            servers => servers
                .split(',')
                .map(|it| it.trim().parse())
                .collect::<Result<_, _>>()
                .map(Self::At),
        }
    }
}

impl Settings {
    /// Whether the hub is reached by TLS, so that its cookie may be bound to it.
    pub fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// The name of the session cookie.
    pub fn cookie_name(&self) -> &'static str {
        if self.is_secure() { "__Host-entente_session" } else { "entente_session" }
    }
}
