//! Servers that help two browsers to find each other, with names that hold for a time.
//!
//! Source: draft-uberti-behave-turn-rest-00, section 2.2: the name is a time in seconds since
//! 1970, a colon and a word; the credential is the HMAC-SHA-1 of the name under a secret that
//! is shared with the server, in Base64. coturn calls it `use-auth-secret`.

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::STANDARD};
use gate::CallSettings;
use kernel::{Id, Moment, Seat};
use wire::IceServer;

/// The servers for one seat. Its name tells nothing of its person.
pub(super) fn servers(
    settings: &CallSettings,
    seat: Id<Seat>,
    now: Moment,
) -> Vec<IceServer> {
    let mut servers = Vec::new();
    if !settings.stun.is_empty() {
        let urls = settings.stun.clone();
        servers.push(IceServer { urls, ..IceServer::default() });
    }
    if let (false, Some(secret)) = (settings.turn.is_empty(), &settings.turn_secret) {
        let until = (now + settings.turn_ttl).millis().div_euclid(1_000);
        let username = format!("{until}:{seat}");
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret.bytes());
        let credential = STANDARD.encode(hmac::sign(&key, username.as_bytes()));
        servers.push(IceServer {
            urls: settings.turn.clone(),
            username: Some(username),
            credential: Some(credential),
        });
    }
    servers
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use gate::TurnSecret;

    use super::*;

    #[test]
    fn without_servers_browsers_are_told_of_none() {
        let now = Moment::from_micros(0);
        assert_eq!(servers(&CallSettings::default(), Id::mint(), now), []);
    }

    #[test]
    fn a_turn_server_gets_a_name_that_ends_and_the_secret_stays_here() {
        let settings = CallSettings {
            stun: vec!["stun:stun.example:3478".to_owned()],
            turn: vec!["turn:turn.example:3478".to_owned()],
            turn_secret: Some(TurnSecret::new(b"north".to_vec())),
            turn_ttl: Duration::from_hours(1),
            ..CallSettings::default()
        };
        let seat: Id<Seat> = Id::from_uuid(uuid::Uuid::from_u128(7));
        let told = servers(&settings, seat, Moment::from_micros(1_000_000_000));
        assert_eq!(told.len(), 2);
        assert_eq!(told[0].username, None);
        let name = "4600:seat_00000000000000000000000007";
        assert_eq!(told[1].username.as_deref(), Some(name));
        // By `printf '%s' NAME | openssl dgst -sha1 -hmac north -binary | base64`.
        assert_eq!(told[1].credential.as_deref(), Some("Scld0X2xQLljJNsRX/g26zyX5Co="));
        assert!(!format!("{settings:?}").contains("north"));
    }
}
