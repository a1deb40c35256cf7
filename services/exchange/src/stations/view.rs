//! What people see of a station.

use kernel::{As2Message, Id, Interchange, Moment, StationKey, TradingPartner};
use serde::Serialize;
use utoipa::ToSchema;

use super::Terms;

/// A certificate, as a person wants to know it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CertificateView {
    /// Whose it is.
    pub subject: String,
    /// Who says so.
    pub issuer: String,
    /// Its number, in hex.
    pub serial: String,
    /// Its SHA-256, in hex.
    pub fingerprint: String,
    /// The length of its key, in bits.
    pub key_bits: usize,
    /// From when on it is good.
    pub from: Moment,
    /// Until when.
    pub until: Moment,
    /// Itself, as PEM.
    pub pem: String,
}

impl From<&as2::Certificate> for CertificateView {
    fn from(certificate: &as2::Certificate) -> Self {
        let facts = certificate.facts();
        let moment =
            |seconds: i64| Moment::from_micros(seconds.saturating_mul(1_000_000));
        Self {
            subject: facts.subject.clone(),
            issuer: facts.issuer.clone(),
            serial: facts.serial.clone(),
            fingerprint: facts.fingerprint.clone(),
            key_bits: facts.key_bits,
            from: moment(facts.from_seconds),
            until: moment(facts.until_seconds),
            pem: certificate.pem(),
        }
    }
}

/// A key of a station. The newest signs; all of them decrypt.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StationKeyView {
    /// Which.
    pub id: Id<StationKey>,
    /// Its certificate: for partners.
    pub certificate: CertificateView,
    /// When it was made.
    pub created_at: Moment,
}

/// A station.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StationView {
    /// Its AS2 name; null while there is no station yet.
    pub name: Option<String>,
    /// Where partners post to.
    pub url: String,
    /// Its keys, newest first.
    pub keys: Vec<StationKeyView>,
}

/// A trading partner.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TradingPartnerView {
    /// Which.
    pub id: Id<TradingPartner>,
    /// Its AS2 name.
    pub name: String,
    /// Its qualifier and id, such as `ZZ:ACME`.
    pub identifier: String,
    /// Its other names in EDI, such as `14:` and a GLN.
    pub further: Vec<String>,
    /// Where its station listens; empty if nothing is sent to it.
    pub url: String,
    /// Its certificates; what goes out is encrypted to the first, and all of them verify.
    pub certificates: Vec<CertificateView>,
    /// What is agreed.
    pub terms: Terms,
    /// When it was changed last.
    pub updated_at: Moment,
}

/// A message.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct As2MessageView {
    /// Which.
    pub id: Id<As2Message>,
    /// The partner's AS2 name.
    pub partner: String,
    /// `in` or `out`.
    pub direction: String,
    /// Its Message-ID.
    pub message_id: String,
    /// `taken` or `refused` (in); `waiting`, `sent`, `delivered` or `failed` (out).
    pub state: String,
    /// The interchange that it carries.
    pub interchange: Option<Id<Interchange>>,
    /// Why it was refused, failed, or waits.
    pub why: Option<String>,
    /// When it came, or was made.
    pub at: Moment,
}
