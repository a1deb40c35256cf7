//! What an administrator sets: a file, and the environment over it.

use std::{
    fs,
    path::{Path, PathBuf},
    str::FromStr,
};

use serde::Deserialize;

/// The settings of one process. `deploy/entente.toml` documents each.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where the database is.
    pub database_url: Option<String>,
    /// Where files are kept.
    pub data_dir: PathBuf,
    /// Where the key is kept that signs reply addresses.
    pub secret_file: Option<PathBuf>,
    /// Where the web is served.
    pub listen: String,
    /// How people reach it.
    pub public_url: Option<String>,
    /// Where AS2 is served.
    pub as2_listen: String,
    /// Where partners' AS2 stations post to; the default is `http://`, the address of
    /// `as2_listen` and `/as2`.
    pub as2_public_url: Option<String>,
    /// Where mailboxes are served by SFTP.
    pub sftp_listen: String,
    /// The host and port at which partners reach them; the default is `sftp_listen`.
    pub sftp_public_address: Option<String>,
    /// Whether AS2 and SFTP call addresses that are not of the Internet, too.
    pub as2_private_networks: bool,
    /// Where mail comes in.
    pub smtp_listen: String,
    /// Where mail goes out.
    pub smtp_relay: Option<String>,
    /// The domain of reply addresses.
    pub mail_domain: String,
    /// The longest mail that is taken in, in bytes.
    pub mail_limit_bytes: usize,
    /// Who is asked whether mail comes from where it says: `system`, `off`, or addresses.
    pub mail_dns: Option<String>,
    /// A mailbox elsewhere that is read for mail to us: `imaps://USER:PASSWORD@HOST:PORT/FOLDER`.
    pub mail_imap: Option<String>,
    /// How often it is read, in seconds.
    pub mail_imap_every_s: u64,
    /// The file of the key that signs outgoing mail; beside the data unless told.
    pub dkim_key_file: Option<PathBuf>,
    /// The selector under which the DNS holds its public half.
    pub dkim_selector: String,
    /// The folder from which interchanges are taken.
    pub drop_folder: Option<PathBuf>,
    /// The bus between nodes.
    pub nats_url: Option<String>,
    /// What this process does.
    pub roles: Vec<Role>,
    /// How long a session lives without use, in days.
    pub session_days: u32,
    /// The longest request body, in bytes.
    pub body_limit_bytes: usize,
    /// How the log looks.
    pub log_format: LogFormat,
    /// Calls in rooms.
    pub calls: Calls,
}

/// Calls in rooms.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Calls {
    /// Whether people may call each other.
    pub enabled: bool,
    /// Servers that tell a browser its address.
    pub stun: Vec<String>,
    /// Servers that carry what cannot go directly.
    pub turn: Vec<String>,
    /// The file of the secret that is shared with those.
    pub turn_secret_file: Option<PathBuf>,
    /// How long a name at those holds, in seconds.
    pub turn_ttl_s: u64,
}

impl Default for Calls {
    fn default() -> Self {
        Self {
            enabled: true,
            stun: Vec::new(),
            turn: Vec::new(),
            turn_secret_file: None,
            turn_ttl_s: 43_200,
        }
    }
}

/// What a process may do.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The web and the API.
    Web,
    /// The WebSocket.
    Realtime,
    /// AS2 stations.
    As2,
    /// Mailboxes by SFTP.
    Sftp,
    /// Incoming mail.
    Mail,
    /// Jobs.
    Jobs,
}

/// How lines of the log look.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Why a setting was refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read `{file}`: {why}")]
    Unreadable {
        /// Which file.
        file: String,
        /// Why.
        why: std::io::Error,
    },
    /// The file is no good TOML, or has an unknown key.
    #[error("`{file}`: {why}")]
    Malformed {
        /// Which file.
        file: String,
        /// Where and why.
        why: Box<toml::de::Error>,
    },
    /// A variable of the environment makes no sense.
    #[error("{variable}=`{value}` makes no sense: {why}")]
    Variable {
        /// Its name.
        variable: &'static str,
        /// What it says.
        value: String,
        /// What it should say.
        why: &'static str,
    },
}

impl Default for Config {
    fn default() -> Self {
        Self {
            database_url: None,
            data_dir: PathBuf::from("entente-data"),
            secret_file: None,
            listen: "127.0.0.1:4200".to_owned(),
            public_url: None,
            as2_public_url: None,
            as2_private_networks: false,
            as2_listen: "127.0.0.1:4210".to_owned(),
            sftp_listen: "127.0.0.1:4220".to_owned(),
            sftp_public_address: None,
            smtp_listen: "127.0.0.1:4225".to_owned(),
            smtp_relay: None,
            mail_domain: "localhost".to_owned(),
            mail_limit_bytes: 26_214_400,
            mail_dns: None,
            mail_imap: None,
            mail_imap_every_s: 60,
            dkim_key_file: None,
            dkim_selector: "entente".to_owned(),
            drop_folder: None,
            nats_url: None,
            roles: vec![
                Role::Web,
                Role::Realtime,
                Role::As2,
                Role::Sftp,
                Role::Mail,
                Role::Jobs,
            ],
            session_days: 30,
            body_limit_bytes: 2_097_152,
            log_format: LogFormat::Text,
            calls: Calls::default(),
        }
    }
}

impl Config {
    /// From a file, if one is named, and the environment over it.
    ///
    /// # Errors
    /// [`ConfigError`], which names the file and the place, or the variable.
    pub fn read(
        file: Option<&Path>,
        variable: impl Fn(&'static str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let mut config = match file {
            None => Self::default(),
            Some(path) => {
                let file = path.display().to_string();
                let text = fs::read_to_string(path)
                    .map_err(|why| ConfigError::Unreadable { file: file.clone(), why })?;
                toml::from_str(&text)
                    .map_err(|why| ConfigError::Malformed { file, why: Box::new(why) })?
            }
        };
        config.overlay(&variable)?;
        Ok(config)
    }

    fn overlay(
        &mut self,
        variable: &impl Fn(&'static str) -> Option<String>,
    ) -> Result<(), ConfigError> {
        let text = |name, to: &mut String| {
            if let Some(value) = variable(name) {
                *to = value;
            }
        };
        let option = |name, to: &mut Option<String>| {
            if let Some(value) = variable(name) {
                *to = Some(value).filter(|value| !value.is_empty());
            }
        };
        option("ENTENTE_DATABASE_URL", &mut self.database_url);
        option("ENTENTE_PUBLIC_URL", &mut self.public_url);
        option("ENTENTE_SMTP_RELAY", &mut self.smtp_relay);
        option("ENTENTE_NATS_URL", &mut self.nats_url);
        option("ENTENTE_MAIL_DNS", &mut self.mail_dns);
        option("ENTENTE_MAIL_IMAP", &mut self.mail_imap);
        text("ENTENTE_DKIM_SELECTOR", &mut self.dkim_selector);
        text("ENTENTE_LISTEN", &mut self.listen);
        text("ENTENTE_AS2_LISTEN", &mut self.as2_listen);
        option("ENTENTE_AS2_PUBLIC_URL", &mut self.as2_public_url);
        text("ENTENTE_SFTP_LISTEN", &mut self.sftp_listen);
        option("ENTENTE_SFTP_PUBLIC_ADDRESS", &mut self.sftp_public_address);
        text("ENTENTE_SMTP_LISTEN", &mut self.smtp_listen);
        text("ENTENTE_MAIL_DOMAIN", &mut self.mail_domain);
        if let Some(value) = variable("ENTENTE_DATA_DIR") {
            self.data_dir = value.into();
        }
        if let Some(value) = variable("ENTENTE_SECRET_FILE") {
            self.secret_file = Some(value.into());
        }
        if let Some(value) = variable("ENTENTE_DKIM_KEY_FILE") {
            self.dkim_key_file = Some(value.into());
        }
        if let Some(value) = variable("ENTENTE_DROP_FOLDER") {
            self.drop_folder = Some(value.into());
        }
        number(variable, "ENTENTE_MAIL_LIMIT_BYTES", &mut self.mail_limit_bytes)?;
        number(variable, "ENTENTE_MAIL_IMAP_EVERY_S", &mut self.mail_imap_every_s)?;
        number(variable, "ENTENTE_BODY_LIMIT_BYTES", &mut self.body_limit_bytes)?;
        number(variable, "ENTENTE_SESSION_DAYS", &mut self.session_days)?;
        self.overlay_calls(variable)?;
        self.overlay_words(variable)
    }

    fn overlay_calls(
        &mut self,
        variable: &impl Fn(&'static str) -> Option<String>,
    ) -> Result<(), ConfigError> {
        let list = |name, to: &mut Vec<String>| {
            if let Some(value) = variable(name) {
                let each = value.split(',').map(|it| it.trim().to_owned());
                *to = each.filter(|it| !it.is_empty()).collect();
            }
        };
        list("ENTENTE_CALLS_STUN", &mut self.calls.stun);
        list("ENTENTE_CALLS_TURN", &mut self.calls.turn);
        if let Some(value) = variable("ENTENTE_CALLS_TURN_SECRET_FILE") {
            self.calls.turn_secret_file = Some(value.into());
        }
        truth(variable, "ENTENTE_CALLS_ENABLED", &mut self.calls.enabled)?;
        number(variable, "ENTENTE_CALLS_TURN_TTL_S", &mut self.calls.turn_ttl_s)
    }

    fn overlay_words(
        &mut self,
        variable: &impl Fn(&'static str) -> Option<String>,
    ) -> Result<(), ConfigError> {
        if let Some(value) = variable("ENTENTE_ROLES") {
            let roles: Option<Vec<Role>> =
                value.split(',').map(|it| word(it.trim())).collect();
            let why = "name roles with commas between: web,realtime,as2,sftp,mail,jobs";
            let refused =
                || ConfigError::Variable { variable: "ENTENTE_ROLES", value, why };
            self.roles = roles.ok_or_else(refused)?;
        }
        let name = "ENTENTE_AS2_PRIVATE_NETWORKS";
        truth(variable, name, &mut self.as2_private_networks)?;
        if let Some(value) = variable("ENTENTE_LOG_FORMAT") {
            let why = "it is `text` or `json`";
            self.log_format = word(&value).ok_or(ConfigError::Variable {
                variable: "ENTENTE_LOG_FORMAT",
                value,
                why,
            })?;
        }
        Ok(())
    }

    /// Where the database is.
    pub fn database(&self) -> String {
        self.database_url.clone().unwrap_or_else(|| {
            format!("sqlite:{}", self.data_dir.join("entente.db").display())
        })
    }

    /// Whether this process does something.
    pub fn does(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

/// A word of an enum, as the file would have it.
fn word<T: for<'de> Deserialize<'de>>(text: &str) -> Option<T> {
    T::deserialize(serde::de::value::StrDeserializer::<serde::de::value::Error>::new(
        text,
    ))
    .ok()
}

fn truth(
    variable: &impl Fn(&'static str) -> Option<String>,
    name: &'static str,
    to: &mut bool,
) -> Result<(), ConfigError> {
    if let Some(value) = variable(name) {
        *to = value.parse().map_err(|_other| ConfigError::Variable {
            variable: name,
            value,
            why: "it is `true` or `false`",
        })?;
    }
    Ok(())
}

fn number<T: FromStr>(
    variable: &impl Fn(&'static str) -> Option<String>,
    name: &'static str,
    to: &mut T,
) -> Result<(), ConfigError> {
    if let Some(value) = variable(name) {
        *to = value.parse().map_err(|_not_a_number| ConfigError::Variable {
            variable: name,
            value,
            why: "it is a whole number",
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Config, Role};

    #[test]
    fn the_file_that_documents_every_setting_holds_the_defaults() {
        let text = include_str!("../../../deploy/entente.toml");
        let documented: Config = toml::from_str(text).unwrap();
        assert_eq!(format!("{documented:?}"), format!("{:?}", Config::default()));
    }

    #[test]
    fn the_environment_wins_and_nonsense_is_refused_by_name() {
        let roles = |value: &'static str| {
            move |name: &'static str| (name == "ENTENTE_ROLES").then(|| value.to_owned())
        };
        let config = Config::read(None, roles("web, jobs")).unwrap();
        assert_eq!(config.roles, [Role::Web, Role::Jobs]);
        let refused = Config::read(None, roles("web,cook")).unwrap_err();
        assert!(
            refused.to_string().starts_with("ENTENTE_ROLES=`web,cook` makes no sense")
        );
    }
}
