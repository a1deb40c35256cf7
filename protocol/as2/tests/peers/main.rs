//! AS2 against itself, `openssl cms`, pyas2lib and Bouncy Castle.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may")]

mod bouncy_castle;
mod combinations;
mod mutations;
mod openssl;
mod pyas2lib;
mod speed;

use std::sync::LazyLock;

use as2::{Certificate, Demand, Identity, Keys, Legacy, Policy, Profile};

/// 2026-11-22.
const NOW: i64 = 1_795_305_600;

static ACME: LazyLock<Identity> = LazyLock::new(|| identity("ACME"));
static GLOBEX: LazyLock<Identity> = LazyLock::new(|| identity("GLOBEX"));
static MALLORY: LazyLock<Identity> = LazyLock::new(|| identity("MALLORY"));

const LAX: Policy = Policy {
    signed: Demand::Optional,
    encrypted: Demand::Optional,
    legacy: Legacy::Taken,
    limit_bytes: 64 << 20,
};
const STRICT: Policy = Policy {
    signed: Demand::Required,
    encrypted: Demand::Required,
    legacy: Legacy::Refused,
    limit_bytes: 64 << 20,
};

fn identity(name: &str) -> Identity {
    let profile =
        Profile { name, organisation: name, from_seconds: NOW - 86_400, days: 3650 };
    Identity::generate(profile).unwrap()
}

/// What GLOBEX reads a message of ACME with.
fn keys<'a>(own: &'a [&'a Identity], partner: &'a [&'a Certificate]) -> Keys<'a> {
    Keys { own, partner }
}

fn pem(identity: &Identity) -> String {
    let key = mime::base64_lines(identity.pkcs8()).replace('\r', "");
    let key = format!("-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----\n");
    key + &identity.certificate().pem()
}

/// A folder of this test's own, gone afterwards.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder =
            std::env::temp_dir().join(format!("as2-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}
