//! The relay that takes our mail: the only way out.

use std::time::Duration;

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    address::Envelope,
    transport::smtp::{Error, PoolConfig, extension::ClientId},
};

/// The relay, as the settings name it.
pub(super) enum Relay {
    /// There is none: letters stay in the outbox.
    None,
    /// Its address makes no sense.
    Broken(String),
    /// It is there; a connection is made when it is needed.
    At(Box<AsyncSmtpTransport<Tokio1Executor>>),
}

/// What came of handing a letter over.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Handed {
    /// The relay has it.
    Taken,
    /// The relay will never take it.
    Refused(String),
    /// Not now.
    NotNow(String),
}

/// One letter takes no longer than this, and its claim lives longer.
pub(super) const LONGEST: Duration = Duration::from_secs(40);

impl Relay {
    /// The relay at `smtp://host:port`, `smtps://host:port` (TLS from the start) or
    /// `starttls://host:port` (TLS or nothing).
    pub(super) fn at(url: Option<&str>, domain: &str) -> Self {
        let Some(url) = url else { return Self::None };
        let url = match url.split_once("://") {
            Some(("starttls", rest)) => format!("smtp://{rest}?tls=required"),
            Some(_) | None => url.to_owned(),
        };
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url);
        match builder {
            Ok(builder) => {
                let transport = builder
                    .hello_name(ClientId::Domain(domain.to_owned()))
                    .timeout(Some(Duration::from_secs(20)))
                    .pool_config(PoolConfig::new().max_size(4))
                    .build();
                Self::At(Box::new(transport))
            }
            Err(error) => Self::Broken(told(&error)),
        }
    }
}

/// Hands a letter over.
pub(super) async fn hand_over(
    relay: &AsyncSmtpTransport<Tokio1Executor>,
    from: &str,
    to: &str,
    bytes: &[u8],
) -> Handed {
    let envelope = match (from.parse(), to.parse()) {
        (Ok(from), Ok(to)) => Envelope::new(Some(from), vec![to]),
        (Err(error), _) | (_, Err(error)) => {
            return Handed::Refused(format!("this is no address: {error}"));
        }
    };
    let envelope = match envelope {
        Ok(envelope) => envelope,
        Err(error) => return Handed::Refused(format!("this is no envelope: {error}")),
    };
    // The transport ends the last line by itself.
    let bytes = bytes.strip_suffix(b"\r\n").unwrap_or(bytes);
    match tokio::time::timeout(LONGEST, relay.send_raw(&envelope, bytes)).await {
        Ok(Ok(_)) => Handed::Taken,
        Ok(Err(error)) if error.is_permanent() => Handed::Refused(told(&error)),
        Ok(Err(error)) => Handed::NotNow(told(&error)),
        Err(_late) => Handed::NotNow("the relay is too slow".to_owned()),
    }
}

/// An error with its causes, without anybody's secrets.
fn told(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(deeper) = cause {
        let more = deeper.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = deeper.source();
    }
    crate::text::cut(&crate::token::redact(&text), 500)
}
