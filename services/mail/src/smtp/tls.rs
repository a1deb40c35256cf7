use std::{fmt, path::Path, sync::Arc};

use kernel::Fault;
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tokio_rustls::TlsAcceptor;

/// The certificate that the listener shows after `STARTTLS`.
#[derive(Clone)]
pub struct Tls(pub(super) TlsAcceptor);

impl Tls {
    /// One that nobody vouches for, made now: mail servers encrypt all the same (RFC 7435).
    ///
    /// # Errors
    /// If the key cannot be made.
    pub fn self_signed(domain: &str) -> Result<Self, Fault> {
        let made = rcgen::generate_simple_self_signed(vec![domain.to_owned()])
            .map_err(Fault::new("making a certificate for incoming mail"))?;
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der())
            .map_err(Fault::new("making a key for incoming mail"))?;
        Self::of(vec![made.cert.der().clone()], key)
    }

    /// The one in these PEM files.
    ///
    /// # Errors
    /// If they cannot be read, or do not belong together.
    pub fn from_files(certificates: &Path, key: &Path) -> Result<Self, Fault> {
        let chain = CertificateDer::pem_file_iter(certificates)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(Fault::new("reading the certificate for incoming mail"))?;
        let key = PrivateKeyDer::from_pem_file(key)
            .map_err(Fault::new("reading the key for incoming mail"))?;
        Self::of(chain, key)
    }

    fn of(
        chain: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
    ) -> Result<Self, Fault> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|it| it.with_no_client_auth().with_single_cert(chain, key))
            .map_err(Fault::new("setting up TLS for incoming mail"))?;
        Ok(Self(TlsAcceptor::from(Arc::new(config))))
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls")
    }
}
