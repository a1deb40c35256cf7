//! AS2 stations: an organisation's name, keys and trading partners, and what they carry.
//!
//! A message that comes in (`inbound.rs`) is kept with its headers, then unwrapped; what it
//! brings is kept as interchanges in the transaction that keeps its receipt, and only then
//! is it answered. The same Message-ID gets the same receipt again. What goes out
//! (`outbound.rs`) is made once, kept as the bytes that go over the wire, and sent until a
//! receipt proves that it arrived. Private keys are sealed (`seal.rs`).

mod access;
mod agreed;
mod http;
mod inbound;
mod lane;
mod outbound;
mod partners;
mod proof;
mod raw;
pub(crate) mod reach;
pub(crate) mod seal;
mod settle;
mod sql;
mod trial;
mod unproven;
mod unwrap;
mod verdict;
mod view;
pub(crate) mod warnings;
mod wire;

use std::sync::Arc;

use gate::{House, Permit, Problem, ProblemKind};
use kernel::{As2Message, Fault, Id, Moment, Organisation, TradingPartner};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sharing::audit;
use store::Conn;
use utoipa::ToSchema;

use crate::{interchanges, names};

pub use access::{ManageStation, ReadStation};
pub(crate) use agreed::{acknowledges_within, asks_receipt};
pub use http::routes;
pub use inbound::listener_routes;
pub use lane::{LaneLook, LaneReport, LaneStep, Scenario};
pub use trial::{TrialStep, TrialView};
pub use view::{
    As2MessageView, CertificateView, StationKeyView, StationView, TradingPartnerView,
};

pub(crate) use inbound::judge_soon;
pub(crate) use outbound::{RECEIPT, carry, send_receipt};
#[cfg(test)]
pub(crate) use warnings::warn;
pub(crate) use warnings::{STATEMENTS as WARNING_STATEMENTS, watch};

/// The statements of this feature.
pub const STATEMENTS: &[store::Statement] = sql::ALL;

/// The statements that count what proves nothing.
pub const UNPROVEN_STATEMENTS: &[store::Statement] = unproven::ALL;

/// The statements of the test lane.
pub const LANE_STATEMENTS: &[store::Statement] = lane::ALL;

/// What is agreed with a partner.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Terms {
    /// Whether what goes out is signed.
    pub sign: bool,
    /// With what it is encrypted: `aes128-cbc`, `aes192-cbc`, `aes256-cbc`, `aes128-gcm`,
    /// `aes256-gcm`; null for not at all.
    pub cipher: Option<String>,
    /// Whether it is compressed, before it is signed.
    pub compress: bool,
    /// Whether the receipt of what goes out comes later, by a call of its own.
    pub later: bool,
    /// Whether a signed receipt proves delivery; else any receipt with our digest does.
    pub signed_receipt: bool,
    /// Whether what comes in must be signed.
    pub require_signed: bool,
    /// Whether it must be encrypted.
    pub require_encrypted: bool,
    /// Within how many hours the partner acknowledges our documents by 997 or 999, 1 to 720;
    /// null where it never does.
    pub acknowledge_hours: Option<u16>,
    /// Whether our EDIFACT documents ask for a CONTRL (0031 of UNB), which is then awaited as a 997 is.
    pub ask_contrl: bool,
    /// Whether SHA-1, triple DES and short RSA keys are taken from this partner.
    pub legacy: bool,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            sign: true,
            cipher: Some("aes256-cbc".to_owned()),
            compress: false,
            later: false,
            signed_receipt: true,
            require_signed: true,
            require_encrypted: true,
            acknowledge_hours: Some(24),
            ask_contrl: false,
            legacy: false,
        }
    }
}

/// Why something of a station was refused.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no station yet.
    #[error("your organisation has no AS2 station yet; give it a name first")]
    NoStation,
    /// There is no such partner or message.
    #[error("there is no such thing here")]
    NotFound,
    /// A partner has it.
    #[error("the partner has it already, and said so by its receipt")]
    Delivered,
    /// A value makes no sense.
    #[error("{why}")]
    Value {
        /// Which field.
        field: &'static str,
        /// Why, and the way out.
        why: String,
    },
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

const DELIVERED: ProblemKind =
    ProblemKind { slug: "as2-delivered", status: 409, title: "It is delivered" };

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NoStation | Refusal::NotFound => Self::not_found(),
            Refusal::Delivered => Self::new(&DELIVERED, detail),
            Refusal::Value { field, .. } => Self::refused(field, detail),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}

fn value(field: &'static str, why: &(impl ToString + ?Sized)) -> Refusal {
    Refusal::Value { field, why: why.to_string() }
}

/// The keys and certificates of the last messages: opening them costs as much as using them.
static OPENED: as2::Ring = as2::Ring::new(64);

/// A station with its keys open.
struct Station {
    name: as2::Name,
    url: String,
    identities: Vec<Arc<as2::Identity>>,
}

/// A partner with its certificates read.
struct Partner {
    id: Id<TradingPartner>,
    name: as2::Name,
    identifier: String,
    further: Vec<String>,
    url: String,
    certificates: Arc<[as2::Certificate]>,
    terms: Terms,
}

/// Where partners of an organisation post to. Each organisation has an address of its own, so
/// that nobody can take another's AS2 name, nor learn that it has one.
fn address(house: &House, organisation: Id<Organisation>) -> String {
    format!("{}/{organisation}", house.settings.as2_url)
}

fn stored(broken: as2::Broken) -> Fault {
    Fault::new("reading what an AS2 station stored")(broken)
}

async fn station(
    house: &House,
    conn: &mut Conn,
    organisation: Id<Organisation>,
) -> Result<Option<Station>, Fault> {
    let Some(name) = sql::station(conn, organisation).await? else { return Ok(None) };
    named(house, conn, organisation, &name).await.map(Some)
}

/// The station of this name, with its keys.
async fn named(
    house: &House,
    conn: &mut Conn,
    organisation: Id<Organisation>,
    name: &str,
) -> Result<Station, Fault> {
    let mut identities = Vec::new();
    for key in sql::keys(conn, organisation).await? {
        let of = organisation.to_string();
        let parts = [of.as_bytes(), key.sealed.as_bytes(), key.certificate.as_bytes()];
        identities.push(OPENED.identity(&parts, || {
            let pkcs8 = seal::open(&house.settings.secret, organisation, &key.sealed)?;
            as2::Identity::new(&pkcs8, own(&key.certificate)?).map_err(stored)
        })?);
    }
    let name = as2::Name::new(name).map_err(stored)?;
    let url = address(house, organisation);
    Ok(Station { name, url, identities })
}

fn own(pem: &str) -> Result<as2::Certificate, Fault> {
    let mut all = as2::Certificate::read_all(pem.as_bytes()).map_err(stored)?;
    all.pop().ok_or_else(|| stored(as2::Broken::Certificate("there is none")))
}

impl Partner {
    /// Whether an EDI name is one of its own.
    fn bears(&self, name: &str) -> bool {
        self.identifier == name || self.further.iter().any(|it| it == name)
    }
}

impl TryFrom<sql::PartnerRow> for Partner {
    type Error = Fault;

    fn try_from(row: sql::PartnerRow) -> Result<Self, Fault> {
        let certificates = row.certificates.as_bytes();
        Ok(Self {
            id: row.id,
            name: as2::Name::new(&row.name).map_err(stored)?,
            identifier: row.identifier,
            further: names::further(&row.further)?,
            url: row.url,
            certificates: OPENED.certificates(certificates).map_err(stored)?,
            terms: serde_json::from_str(&row.terms)
                .map_err(Fault::new("reading terms"))?,
        })
    }
}

/// One's station; without a name while there is none.
async fn view(
    house: &House,
    conn: &mut Conn,
    organisation: Id<Organisation>,
) -> Result<StationView, Refusal> {
    let name = sql::station(conn, organisation).await?;
    let mut keys = Vec::new();
    for key in sql::keys(conn, organisation).await? {
        let certificate = CertificateView::from(&own(&key.certificate)?);
        keys.push(StationKeyView { id: key.id, certificate, created_at: key.created_at });
    }
    let url = address(house, organisation);
    Ok(StationView { name, url, keys })
}

/// Names one's station, and gives it its first key.
///
/// # Errors
/// [`Refusal::Value`].
async fn set_up(
    house: &House,
    permit: &Permit<ManageStation>,
    name: &str,
) -> Result<StationView, Refusal> {
    let organisation = permit.scope().organisation();
    let name = as2::Name::new(name).map_err(|_bad| {
        value("name", "an AS2 name has 1 to 128 letters, digits and signs of ASCII")
    })?;
    let (now, made) = (house.clock.now(), new_key(house, organisation, &name).await?);
    let mut tx = house.db.write().await?;
    sql::set_station(&mut tx, organisation, name.as_str(), now).await?;
    if sql::keys(&mut tx, organisation).await?.is_empty() {
        sql::add_key(&mut tx, organisation, made).await?;
    }
    let view = view(house, &mut tx, organisation).await?;
    note(&mut tx, permit, "as2.station", json!({}), now).await?;
    tx.commit().await?;
    Ok(view)
}

/// Takes a key of one's own for one's station, with its certificate; it signs from now on.
///
/// # Errors
/// [`Refusal::NoStation`]; [`Refusal::Value`] if the file cannot be used.
async fn import_key(
    house: &House,
    permit: &Permit<ManageStation>,
    (file, password): (&[u8], &str),
) -> Result<StationView, Refusal> {
    let organisation = permit.scope().organisation();
    let read = if file.starts_with(b"-----") {
        as2::Identity::from_pem(file)
    } else {
        as2::Identity::from_pfx(file, password)
    };
    let made = read.map_err(|broken| value("file", &broken))?;
    let certificate = made.certificate().pem();
    let sealed = seal::seal(&house.settings.secret, organisation, made.pkcs8())?;
    let created_at = house.clock.now();
    let row = sql::KeyRow { id: Id::mint(), certificate, sealed, created_at };
    add(house, permit, row).await
}

async fn add(
    house: &House,
    permit: &Permit<ManageStation>,
    made: sql::KeyRow,
) -> Result<StationView, Refusal> {
    let organisation = permit.scope().organisation();
    let key = made.id;
    let mut tx = house.db.write().await?;
    if sql::station(&mut tx, organisation).await?.is_none() {
        return Err(Refusal::NoStation);
    }
    sql::add_key(&mut tx, organisation, made).await?;
    let view = view(house, &mut tx, organisation).await?;
    note(&mut tx, permit, "as2.key", json!({ "key": key }), house.clock.now()).await?;
    tx.commit().await?;
    Ok(view)
}

/// Gives one's station a new key. Old ones go on decrypting what partners still send to them.
///
/// # Errors
/// [`Refusal::NoStation`].
async fn roll_over(
    house: &House,
    permit: &Permit<ManageStation>,
) -> Result<StationView, Refusal> {
    let organisation = permit.scope().organisation();
    let mut conn = house.db.read().await?;
    let name = sql::station(&mut conn, organisation).await?.ok_or(Refusal::NoStation)?;
    drop(conn);
    let name = as2::Name::new(&name).map_err(stored)?;
    let made = new_key(house, organisation, &name).await?;
    add(house, permit, made).await
}

/// Sends a message that failed, or is still awaited, once more: the very same bytes.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Delivered`].
async fn resend(
    house: &House,
    permit: &Permit<ManageStation>,
    id: Id<As2Message>,
) -> Result<(), Refusal> {
    let (organisation, now) = (permit.scope().organisation(), house.clock.now());
    let mut tx = house.db.write().await?;
    let row = sql::message(&mut tx, organisation, id).await?;
    let row = row.filter(|row| row.direction == "out").ok_or(Refusal::NotFound)?;
    if row.state == "delivered" {
        return Err(Refusal::Delivered);
    }
    if let Some(errand) = sql::again(&mut tx, organisation, id).await? {
        interchanges::deliver(&mut tx, errand, now).await?;
    }
    note(&mut tx, permit, "as2.resend", json!({ "message": id }), now).await?;
    Ok(tx.commit().await?)
}

async fn note(
    tx: &mut store::Tx,
    permit: &Permit<ManageStation>,
    action: &str,
    what: serde_json::Value,
    at: Moment,
) -> Result<(), Fault> {
    let scope = permit.scope();
    let of = ("station", scope.organisation().to_string());
    let (organisation, person) = (scope.organisation(), scope.actor());
    audit::write(tx, organisation, person, action, of, what, at).await
}

/// Makes a key of 2,048 bits and a certificate for three years, sealed.
async fn new_key(
    house: &House,
    organisation: Id<Organisation>,
    name: &as2::Name,
) -> Result<sql::KeyRow, Fault> {
    let (now, name) = (house.clock.now(), name.clone());
    let made = tokio::task::spawn_blocking(move || {
        let from_seconds = now.micros() / 1_000_000;
        let (name, days) = (name.as_str(), 3 * 365);
        as2::Identity::generate(as2::Profile {
            name,
            organisation: name,
            from_seconds,
            days,
        })
    });
    let made = made.await.map_err(Fault::new("waiting for a key to be made"))?;
    let made = made.map_err(Fault::new("making a key"))?;
    let sealed = seal::seal(&house.settings.secret, organisation, made.pkcs8())?;
    let certificate = made.certificate().pem();
    Ok(sql::KeyRow { id: Id::mint(), certificate, sealed, created_at: now })
}
