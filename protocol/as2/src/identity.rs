//! A private key with its certificate: who we are to our partners.

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rand,
    rsa::{self, KeySize},
    signature::KeyPair as _,
};

use crate::{
    Broken, Certificate, Digest, Scheme, algorithms::signer, certificate::pem_blocks,
};

/// A key pair and its certificate. The parsed keys are kept: parsing them costs as much as
/// using them.
pub struct Identity {
    certificate: Certificate,
    pkcs8: Vec<u8>,
    signing: rsa::KeyPair,
    pub(crate) pkcs1: rsa::Pkcs1PrivateDecryptingKey,
    pub(crate) oaep: rsa::OaepPrivateDecryptingKey,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let facts = self.certificate.facts();
        f.debug_struct("Identity")
            .field("fingerprint", &facts.fingerprint)
            .finish_non_exhaustive()
    }
}

/// What a self-signed certificate says.
#[derive(Clone, Copy, Debug)]
pub struct Profile<'a> {
    /// The common name: the AS2 name of the station, as a rule.
    pub name: &'a str,
    /// The organisation.
    pub organisation: &'a str,
    /// From when on it is good, in seconds since 1970.
    pub from_seconds: i64,
    /// For how many days, 1 to 36,500.
    pub days: u16,
}

const BAD_KEY: Broken =
    Broken::Certificate("the private key cannot be used; give RSA as PKCS #8");

impl Identity {
    /// From a PKCS #8 key and its certificate.
    ///
    /// # Errors
    /// [`Broken::Certificate`] if the key is no RSA key of 2,048 bits or more, or not the one
    /// of the certificate.
    pub fn new(pkcs8: &[u8], certificate: Certificate) -> Result<Self, Broken> {
        let signing = rsa::KeyPair::from_pkcs8(pkcs8).map_err(|_bad| BAD_KEY)?;
        if signing.public_key().as_ref() != certificate.key {
            return Err(Broken::Certificate("the private key is not the certificate's"));
        }
        if certificate.facts().key_bits < 2048 {
            return Err(Broken::Certificate("a key of our own has 2,048 bits or more"));
        }
        let opening =
            rsa::PrivateDecryptingKey::from_pkcs8(pkcs8).map_err(|_bad| BAD_KEY)?;
        let pkcs1 = rsa::Pkcs1PrivateDecryptingKey::new(opening.clone())
            .map_err(|_bad| BAD_KEY)?;
        let oaep = rsa::OaepPrivateDecryptingKey::new(opening).map_err(|_bad| BAD_KEY)?;
        Ok(Self { certificate, pkcs8: pkcs8.to_vec(), signing, pkcs1, oaep })
    }

    /// A new key of 2,048 bits with a certificate that it signs itself.
    ///
    /// # Errors
    /// [`Broken::Crypto`] if the system gives no chance; [`Broken::Certificate`] for dates
    /// out of range.
    pub fn generate(profile: Profile<'_>) -> Result<Self, Broken> {
        let made = |_refused| Broken::Crypto("making a key");
        let pair = rsa::KeyPair::generate(KeySize::Rsa2048).map_err(made)?;
        let pkcs8 = AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).map_err(made)?;
        let told = |_refused| {
            Broken::Certificate("the certificate's name or dates cannot be written")
        };
        let own = rcgen::KeyPair::try_from(pkcs8.as_ref()).map_err(told)?;
        let mut params = rcgen::CertificateParams::new(Vec::new()).map_err(told)?;
        let from = time::OffsetDateTime::from_unix_timestamp(profile.from_seconds);
        params.not_before =
            from.map_err(|_range| Broken::Certificate("the date is out of range"))?;
        params.not_after = params
            .not_before
            .checked_add(time::Duration::days(i64::from(profile.days)))
            .ok_or(Broken::Certificate("the date is out of range"))?;
        let mut name = rcgen::DistinguishedName::new();
        name.push(rcgen::DnType::CommonName, profile.name);
        name.push(rcgen::DnType::OrganizationName, profile.organisation);
        params.distinguished_name = name;
        params.key_usages = vec![
            rcgen::KeyUsagePurpose::DigitalSignature,
            rcgen::KeyUsagePurpose::KeyEncipherment,
            rcgen::KeyUsagePurpose::DataEncipherment,
        ];
        let certificate = params.self_signed(&own).map_err(told)?;
        Self::new(pkcs8.as_ref(), Certificate::from_der(certificate.der())?)
    }

    /// From a PKCS #12 file (`.pfx`, `.p12`) and its password.
    ///
    /// # Errors
    /// [`Broken::Certificate`] if the password is wrong, or there is no RSA key in it.
    pub fn from_pfx(file: &[u8], password: &str) -> Result<Self, Broken> {
        let policy = p12_keystore::Pkcs12ImportPolicy::Relaxed;
        let store = p12_keystore::KeyStore::from_pkcs12(file, password, policy).map_err(
            |_bad| {
                Broken::Certificate(
                    "the PKCS #12 file cannot be opened with this password",
                )
            },
        )?;
        let (_, chain) = store
            .private_key_chain()
            .ok_or(Broken::Certificate("there is no private key in the PKCS #12 file"))?;
        let certificates =
            chain.certs().iter().map(|it| Certificate::from_der(it.as_der()));
        Self::matching(chain.key().as_der(), certificates.filter_map(Result::ok))
    }

    /// From a PEM file with a PKCS #8 key, not encrypted, and its certificate.
    ///
    /// # Errors
    /// [`Broken::Certificate`] if one of them is missing or cannot be used.
    pub fn from_pem(file: &[u8]) -> Result<Self, Broken> {
        let (keys, rest): (Vec<_>, Vec<_>) = pem_blocks(file)
            .into_iter()
            .partition(|(label, _)| label.contains("PRIVATE KEY"));
        let key = keys
            .first()
            .ok_or(Broken::Certificate("there is no private key in the file"))?;
        if key.0 != "PRIVATE KEY" {
            return Err(BAD_KEY);
        }
        let certificates = rest.iter().map(|(_, der)| Certificate::from_der(der));
        Self::matching(&key.1, certificates.filter_map(Result::ok))
    }

    fn matching(
        pkcs8: &[u8],
        certificates: impl Iterator<Item = Certificate>,
    ) -> Result<Self, Broken> {
        let pair = rsa::KeyPair::from_pkcs8(pkcs8).map_err(|_bad| BAD_KEY)?;
        let mut certificates = certificates;
        let own = certificates.find(|it| it.key == pair.public_key().as_ref());
        let missing =
            Broken::Certificate("the file has no certificate for its private key");
        Self::new(pkcs8, own.ok_or(missing)?)
    }

    /// Its certificate.
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The private key as PKCS #8: keep it encrypted.
    pub fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    pub(crate) fn sign(
        &self,
        bytes: &[u8],
        digest: Digest,
        scheme: Scheme,
    ) -> Result<Vec<u8>, Broken> {
        let with =
            signer(scheme, digest).ok_or(Broken::Crypto("SHA-1 is not signed with"))?;
        let mut signature = vec![0; self.signing.public_modulus_len()];
        self.signing
            .sign(with, &rand::SystemRandom::new(), bytes, &mut signature)
            .map_err(|_refused| Broken::Crypto("signing"))?;
        Ok(signature)
    }
}
