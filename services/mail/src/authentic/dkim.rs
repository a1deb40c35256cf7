//! Our signature on what goes out (DKIM, RFC 6376): rsa-sha256 with 2,048 bits (RFC 8301 § 3),
//! relaxed canonicalization, and the headers that say who speaks to whom signed once more than
//! they stand there, so that none can be added (RFC 6376 § 5.4.2).

use std::{fs, io::Write, path::Path};

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der},
    rsa::{KeyPair, KeySize},
    signature::KeyPair as _,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use kernel::Fault;
use mail_auth::{
    common::{
        crypto::{RsaKey, Sha256},
        headers::HeaderWriter,
    },
    dkim::DkimSigner,
};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer, pem::PemObject};

/// What signs.
pub struct Signer {
    key: PrivatePkcs8KeyDer<'static>,
    domain: String,
    selector: String,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer")
            .field("domain", &self.domain)
            .field("selector", &self.selector)
            .finish_non_exhaustive()
    }
}

/// Twice: what must not be added to. The rest once.
const HEADERS: [&str; 17] = [
    "From",
    "From",
    "To",
    "To",
    "Subject",
    "Subject",
    "Reply-To",
    "Reply-To",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "MIME-Version",
    "Content-Type",
    "Auto-Submitted",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
];

impl Signer {
    /// The key in a file (PEM, PKCS #8), which is made if it is not there.
    ///
    /// # Errors
    /// If the file cannot be read or written, or holds no such key.
    pub fn at(file: &Path, domain: &str, selector: &str) -> Result<Self, Fault> {
        if !file.exists() {
            make(file)?;
        }
        let key = PrivatePkcs8KeyDer::from_pem_file(file)
            .map_err(Fault::new("reading the DKIM key file"))?;
        KeyPair::from_pkcs8(key.secret_pkcs8_der())
            .map_err(Fault::new("reading the DKIM key"))?;
        Ok(Self { key, domain: domain.to_owned(), selector: selector.to_owned() })
    }

    /// The name and the text of the TXT record that lets others check our signatures
    /// (RFC 6376 § 3.6.2).
    ///
    /// # Errors
    /// If the key is none after all.
    pub fn record(&self) -> Result<(String, String), Fault> {
        let pair = KeyPair::from_pkcs8(self.key.secret_pkcs8_der())
            .map_err(Fault::new("reading the DKIM key"))?;
        let public: PublicKeyX509Der<'_> =
            pair.public_key().as_der().map_err(Fault::new("writing the DKIM key"))?;
        let name = format!("{}._domainkey.{}", self.selector, self.domain);
        let text = format!("v=DKIM1; k=rsa; p={}", STANDARD.encode(public.as_ref()));
        Ok((name, text))
    }

    /// A mail with our signature above it.
    ///
    /// # Errors
    /// If the key refuses.
    pub fn sign(&self, mail: &[u8]) -> Result<Vec<u8>, Fault> {
        let key = PrivateKeyDer::Pkcs8(self.key.clone_key());
        let key = RsaKey::<Sha256>::from_key_der(key)
            .map_err(Fault::new("reading the DKIM key"))?;
        let signature = DkimSigner::from_key(key)
            .domain(self.domain.clone())
            .selector(self.selector.clone())
            .headers(HEADERS)
            .sign(mail)
            .map_err(Fault::new("signing a mail"))?;
        let mut signed = signature.to_header().into_bytes();
        signed.extend_from_slice(mail);
        Ok(signed)
    }
}

/// Makes a key and puts it in place whole, unless another node has.
fn make(file: &Path) -> Result<(), Fault> {
    let told = Fault::new("writing the DKIM key file");
    let pair =
        KeyPair::generate(KeySize::Rsa2048).map_err(Fault::new("making a DKIM key"))?;
    let der: Pkcs8V1Der<'_> =
        pair.as_der().map_err(Fault::new("writing the DKIM key"))?;
    let beside = file.with_extension(kernel::Id::<kernel::Node>::mint().to_string());
    let written = write_private(&beside, &pem(der.as_ref()))
        .and_then(|()| fs::hard_link(&beside, file));
    let removed = fs::remove_file(&beside);
    match written.and(removed) {
        Err(error) if !file.exists() => Err(told(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// RFC 7468 § 3: lines of 64.
fn pem(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut lines = vec!["-----BEGIN PRIVATE KEY-----"];
    let mut rest = text.as_str();
    while let Some((line, more)) = rest.split_at_checked(64) {
        lines.push(line);
        rest = more;
    }
    lines.extend(Some(rest).filter(|it| !it.is_empty()));
    lines.push("-----END PRIVATE KEY-----\n");
    lines.join("\n")
}

fn write_private(file: &Path, text: &str) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(file)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::{KeyPair, Signer, pem};
    use rustls::pki_types::{PrivatePkcs8KeyDer, pem::PemObject};

    #[test]
    fn a_key_is_made_once_and_its_record_stays() {
        let folder =
            std::env::temp_dir().join(kernel::Id::<kernel::Job>::mint().to_string());
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("dkim.pem");
        let made = Signer::at(&file, "hub.test", "s1").unwrap().record().unwrap();
        let read = Signer::at(&file, "hub.test", "s1").unwrap().record().unwrap();
        assert_eq!(made, read);
        assert_eq!(made.0, "s1._domainkey.hub.test");
        assert!(made.1.starts_with("v=DKIM1; k=rsa; p=MIIBIjAN"), "{}", made.1);
        std::fs::write(&file, "no key").unwrap();
        assert!(Signer::at(&file, "hub.test", "s1").is_err());
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_is_written_is_read() {
        for length in [1, 47, 48, 49, 96, 1_217] {
            let bytes: Vec<u8> = (0..length).map(|it: u32| (it % 251) as u8).collect();
            let read =
                PrivatePkcs8KeyDer::from_pem_slice(pem(&bytes).as_bytes()).unwrap();
            assert_eq!(read.secret_pkcs8_der(), bytes);
            assert!(KeyPair::from_pkcs8(&bytes).is_err());
        }
    }
}
