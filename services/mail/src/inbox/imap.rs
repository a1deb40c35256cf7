//! A mailbox elsewhere (IMAP, RFC 3501), for those who cannot open port 25.
//!
//! All mail to our domain is delivered there by somebody else's server; it is read now and then,
//! from the last UID on. The mark moves after a mail is on disk, so a crash reads one mail twice
//! and loses none, and the same bytes are kept once. Nothing is deleted there: what was read is
//! marked as seen.

use std::{sync::Arc, time::Duration};

use async_imap::{Client, Session, error::Error};
use futures_util::TryStreamExt;
use gate::{House, Mailbox};
use kernel::Fault;
use rustls::pki_types::ServerName;
use rustls_platform_verifier::ConfigVerifierExt;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;

use super::{http::sender, sql, take};

/// A server that says nothing for so long is left.
const PATIENCE: Duration = Duration::from_mins(5);
/// So many mails are read before the mailbox is opened again.
const AT_ONCE: usize = 500;

/// Reads the mailbox, for ever.
pub(crate) async fn poll(house: House) {
    let Some(mailbox) = house.settings.mail.imap.clone() else {
        return std::future::pending().await;
    };
    let place = match Place::read(&mailbox) {
        Ok(place) => place,
        Err(why) => {
            tracing::error!("the setting `mail_imap` makes no sense: {why}");
            return std::future::pending().await;
        }
    };
    loop {
        match timeout(PATIENCE, round(&house, &place)).await {
            Ok(Ok(0)) => {}
            Ok(Ok(count)) => tracing::info!(count, "read {count} mails of the mailbox"),
            Ok(Err(fault)) => {
                let error: &dyn std::error::Error = &fault;
                tracing::warn!(error, "the mailbox could not be read: {fault}");
            }
            Err(_elapsed) => tracing::warn!("the mailbox's server says nothing"),
        }
        tokio::time::sleep(mailbox.every).await;
    }
}

/// Where a mailbox is.
#[derive(Eq, PartialEq)]
struct Place {
    tls: bool,
    host: String,
    port: u16,
    user: String,
    password: String,
    folder: String,
}

impl Place {
    fn read(mailbox: &Mailbox) -> Result<Self, &'static str> {
        let (scheme, rest) = mailbox
            .url
            .split_once("://")
            .ok_or("write it like imaps://USER:PASSWORD@HOST:PORT/FOLDER")?;
        let tls = match scheme {
            "imaps" => true,
            "imap" => false,
            _ => return Err("it begins with imaps://, or on this machine with imap://"),
        };
        let (who, place) = rest.rsplit_once('@').ok_or("no user and password")?;
        let (user, password) = who.split_once(':').ok_or("no password")?;
        let (server, folder) = place.split_once('/').unwrap_or((place, ""));
        let (host, port) = match server.rsplit_once(':') {
            Some((host, port)) => {
                (host, port.parse().map_err(|_| "the port is no number")?)
            }
            None => (server, if tls { 993 } else { 143 }),
        };
        if !tls && !matches!(host, "localhost" | "127.0.0.1") {
            return Err("a password goes to another machine under TLS alone: imaps://");
        }
        let plain = |text: &str| plain(text).ok_or("a `%` is followed by two hex digits");
        let folder = if folder.is_empty() { "INBOX" } else { folder };
        Ok(Self {
            tls,
            host: host.to_owned(),
            port,
            user: plain(user)?,
            password: plain(password)?,
            folder: plain(folder)?,
        })
    }

    /// By what the mark is kept: no secret.
    fn name(&self) -> String {
        format!("{}@{}:{}/{}", self.user, self.host, self.port, self.folder)
    }
}

fn plain(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let byte = match byte {
            b'%' => {
                let digit = |it: Option<u8>| char::from(it?).to_digit(16);
                let (high, low) = (digit(rest.next())?, digit(rest.next())?);
                u8::try_from(high * 16 + low).ok()?
            }
            byte => byte,
        };
        bytes.push(byte);
    }
    String::from_utf8(bytes).ok()
}

/// What a server is spoken to over.
trait Wire: AsyncRead + AsyncWrite + Unpin + Send + std::fmt::Debug {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + std::fmt::Debug> Wire for T {}

async fn connect(place: &Place) -> Result<Box<dyn Wire>, Fault> {
    let address = (place.host.as_str(), place.port);
    let socket = TcpStream::connect(address).await;
    let socket = socket.map_err(Fault::new("reaching the mailbox's server"))?;
    if !place.tls {
        return Ok(Box::new(socket));
    }
    let broken = "beginning TLS with the mailbox's server";
    let config = rustls::ClientConfig::with_platform_verifier();
    let config = config.map_err(Fault::new(broken))?;
    let name = ServerName::try_from(place.host.clone()).map_err(Fault::new(broken))?;
    let tls = TlsConnector::from(Arc::new(config)).connect(name, socket).await;
    Ok(Box::new(tls.map_err(Fault::new(broken))?))
}

fn told(error: Error) -> Fault {
    Fault::new("speaking IMAP with the mailbox's server")(error)
}

/// Reads what is new; tells how many mails.
async fn round(house: &House, place: &Place) -> Result<usize, Fault> {
    let mut client = Client::new(connect(place).await?);
    let greeting = client.read_response().await;
    greeting.map_err(Fault::new("hearing the mailbox's server"))?;
    let login = client.login(&place.user, &place.password).await;
    let mut session = login.map_err(|(error, _client)| told(error))?;
    let mailbox = session.select(&place.folder).await.map_err(told)?;
    let validity = i64::from(mailbox.uid_validity.unwrap_or(0));
    let mut conn = house.db.read().await?;
    let read = sql::read_to(&mut conn, &place.name()).await?;
    drop(conn);
    let last = read.filter(|it| it.0 == validity).map_or(0, |it| it.1);
    let found = session.uid_search(format!("UID {}:*", last + 1)).await.map_err(told)?;
    // `*` names the last mail even where that was read before.
    let mut new: Vec<u32> =
        found.into_iter().filter(|it| i64::from(*it) > last).collect();
    new.sort_unstable();
    new.truncate(AT_ONCE);
    for uid in &new {
        one(house, &mut session, *uid).await?;
        let mut tx = house.db.write().await?;
        let mark = (validity, i64::from(*uid));
        sql::mark(&mut tx, &place.name(), mark, house.clock.now()).await?;
        store::brink("mailbox.marking");
        tx.commit().await?;
    }
    // A server that does not say goodbye has done its work all the same.
    let _said = session.logout().await;
    Ok(new.len())
}

/// Reads one mail and keeps it, if it leads anywhere.
async fn one(
    house: &House,
    session: &mut Session<Box<dyn Wire>>,
    uid: u32,
) -> Result<(), Fault> {
    let set = uid.to_string();
    let sizes: Vec<_> = session
        .uid_fetch(&set, "(UID RFC822.SIZE)")
        .await
        .map_err(told)?
        .try_collect()
        .await
        .map_err(told)?;
    let size = sizes.iter().find_map(|it| it.size).unwrap_or(0);
    if usize::try_from(size).unwrap_or(usize::MAX) > house.settings.mail_limit_bytes {
        tracing::warn!(
            uid,
            size,
            "mail {uid} of the mailbox is too large, and was left there"
        );
        return Ok(());
    }
    let fetched: Vec<_> = session
        .uid_fetch(&set, "(UID BODY.PEEK[])")
        .await
        .map_err(told)?
        .try_collect()
        .await
        .map_err(told)?;
    // It may have been deleted meanwhile.
    let Some(bytes) = fetched.iter().find_map(|it| it.body()) else { return Ok(()) };
    let (known, _new) = take(house, &[], &sender(bytes), bytes.to_vec()).await?;
    if known == 0 {
        tracing::info!(uid, "mail {uid} of the mailbox leads to no conversation");
        return Ok(());
    }
    let seen = session.uid_store(&set, "+FLAGS (\\Seen)").await.map_err(told)?;
    let _flags: Vec<_> = seen.try_collect().await.map_err(told)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use gate::Mailbox;

    use super::Place;

    fn read(url: &str) -> Result<Place, &'static str> {
        Place::read(&Mailbox { url: url.to_owned(), every: Duration::from_mins(1) })
    }

    #[test]
    fn a_mailbox_is_named_by_an_address_and_a_password_never_goes_out_in_the_clear() {
        let place = read("imaps://a%40b.test:p%3Aq@mail.test/Replies").ok().unwrap();
        assert_eq!((place.user.as_str(), place.password.as_str()), ("a@b.test", "p:q"));
        assert_eq!(
            (place.port, place.folder.as_str(), place.tls),
            (993, "Replies", true)
        );
        assert!(!place.name().contains("p:q"));
        assert!(read("imap://a:b@127.0.0.1:1430").is_ok());
        for wrong in [
            "",
            "imap://a:b@mail.test",
            "pop://a:b@c",
            "imaps://a@c",
            "imaps://a:%x@c",
            "imaps://a:b@c:x",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
