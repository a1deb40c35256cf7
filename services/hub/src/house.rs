//! Opening what the settings name: the key, the files, the bus, the database.

use std::{
    fs,
    io::{ErrorKind, Write},
    path::Path,
    sync::Arc,
    time::Duration,
};

use gate::{CallSettings, House, MailDns, MailSettings, Mailbox, Settings, TurnSecret};
use kernel::{Clock, Fault};
use store::{Bus, Db, Files};

use crate::Config;

/// Opens everything, and brings the database's schema up to date.
///
/// # Errors
/// If the disk, the database or the bus refuses.
pub async fn house(
    config: &Config,
    (public_url, as2_url, sftp_address): (&str, &str, &str),
    clock: Clock,
) -> Result<House, Fault> {
    fs::create_dir_all(&config.data_dir).map_err(Fault::new("making the data folder"))?;
    let bus = match &config.nats_url {
        Some(url) => Bus::nats(url).await?,
        None => Bus::local(),
    };
    let db = Db::open(&config.database(), bus).await?;
    db.migrate().await?;
    let settings = Settings {
        public_url: public_url.trim_end_matches('/').to_owned(),
        as2_url: as2_url.to_owned(),
        sftp_address: sftp_address.to_owned(),
        as2_private_networks: config.as2_private_networks,
        mail_domain: config.mail_domain.clone(),
        smtp_relay: config.smtp_relay.clone(),
        session_days: config.session_days,
        mail_limit_bytes: config.mail_limit_bytes,
        secret: secret(config)?,
        mail: mail(config)?,
        calls: calls(config)?,
    };
    Ok(House {
        db,
        files: Files::at(config.data_dir.join("files")),
        clock,
        settings: Arc::new(settings),
        actions: crate::actions().leak(),
    })
}

/// A hub that is called `localhost` is tried out: it asks nobody about its mail.
fn mail(config: &Config) -> Result<MailSettings, Fault> {
    let dns = match config.mail_dns.as_deref() {
        Some(told) => {
            told.parse().map_err(Fault::new("reading the setting `mail_dns`"))?
        }
        None if config.mail_domain == "localhost" => MailDns::Off,
        None => MailDns::System,
    };
    let file = config.dkim_key_file.clone();
    Ok(MailSettings {
        dkim_key_file: Some(file.unwrap_or_else(|| config.data_dir.join("dkim.pem"))),
        dkim_selector: config.dkim_selector.clone(),
        dns,
        imap: config.mail_imap.clone().map(|url| Mailbox {
            url,
            every: Duration::from_secs(config.mail_imap_every_s.max(5)),
        }),
    })
}

/// Calls: addresses of the right kind, and for TURN the secret that is shared with it.
pub(crate) fn calls(config: &Config) -> Result<CallSettings, Fault> {
    let told = &config.calls;
    let doing = "reading the settings `[calls]`";
    let are = |urls: &[String], kinds: [&str; 2]| {
        urls.iter().all(|url| kinds.iter().any(|kind| url.starts_with(kind)))
    };
    if !are(&told.stun, ["stun:", "stuns:"]) {
        return Err(Fault::broken(doing, "`stun` takes addresses like `stun:HOST:3478`"));
    }
    if !are(&told.turn, ["turn:", "turns:"]) {
        return Err(Fault::broken(doing, "`turn` takes addresses like `turn:HOST:3478`"));
    }
    let turn_secret = match &told.turn_secret_file {
        Some(file) => {
            let doing = format!("reading `{}`", file.display());
            let text = fs::read_to_string(file).map_err(Fault::new(doing.clone()))?;
            if text.trim().is_empty() {
                return Err(Fault::broken(doing, "there is no secret in it"));
            }
            Some(TurnSecret::new(text.trim().as_bytes().to_vec()))
        }
        None => None,
    };
    if !told.turn.is_empty() && turn_secret.is_none() {
        return Err(Fault::broken(doing, "`turn` needs `turn_secret_file`"));
    }
    Ok(CallSettings {
        enabled: told.enabled,
        stun: told.stun.clone(),
        turn: told.turn.clone(),
        turn_secret,
        turn_ttl: Duration::from_secs(told.turn_ttl_s.max(60)),
    })
}

/// The key, made at the first start.
fn secret(config: &Config) -> Result<[u8; 32], Fault> {
    let fallback = config.data_dir.join("secret");
    let file = config.secret_file.as_deref().unwrap_or(&fallback);
    if !file.exists() {
        publish(file, &rand::random()).map_err(Fault::new("writing the secret file"))?;
    }
    let bytes = fs::read(file).map_err(Fault::new("reading the secret file"))?;
    bytes.try_into().map_err(|_other_length| {
        Fault::broken(format!("reading `{}`", file.display()), "it is not 32 bytes long")
    })
}

/// Puts a whole key in place, unless another node that starts at this moment has.
fn publish(file: &Path, key: &[u8; 32]) -> std::io::Result<()> {
    let beside = file.with_extension(kernel::Id::<kernel::Node>::mint().to_string());
    write_private(&beside, key)?;
    let linked = fs::hard_link(&beside, file);
    fs::remove_file(&beside)?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

#[cfg(unix)]
fn write_private(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = fs::OpenOptions::new();
    let mut file = options.write(true).create_new(true).mode(0o600).open(file)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(not(unix))]
fn write_private(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = fs::File::create_new(file)?;
    file.write_all(bytes)?;
    file.sync_all()
}
