//! The partner that the hub plays: its key, what it hears, and how it receipts.

use std::sync::Arc;

use as2::{
    Certificate, Demand, Digest, Disposition, Identity, Keys, Legacy, Mic, Policy,
    Profile, Receipt,
};
use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use kernel::{As2Message, Fault, Id};
use mime::Fields;
use tokio::sync::Mutex;

/// The AS2 name of the partner.
pub(super) const NAME: &str = "ENTENTE TEST LANE";

/// How the partner receipts what it gets.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Manner {
    /// As it should.
    Proper,
    /// Without a signature.
    Unsigned,
    /// With the digest of something else.
    WrongMic,
    /// Not at all.
    Silent,
    /// By a call of its own, later.
    Late,
}

/// The partner.
pub(super) struct Peer {
    pub(super) identity: Identity,
    pub(super) station: Certificate,
    pub(super) at_seconds: i64,
    manner: Manner,
    got: Mutex<Vec<String>>,
    owed: Mutex<Option<(String, Vec<u8>)>>,
}

/// A key pair that lives for a day.
pub(super) async fn identity(at_seconds: i64) -> Result<Identity, Fault> {
    let from_seconds = at_seconds.saturating_sub(3600);
    let profile = Profile { name: NAME, organisation: "Entente", from_seconds, days: 1 };
    let made = tokio::task::spawn_blocking(move || Identity::generate(profile)).await;
    let made = made.map_err(Fault::new("waiting for a key of the test lane"))?;
    made.map_err(Fault::new("making a key of the test lane"))
}

/// A boundary that nothing else has.
pub(super) fn boundary() -> String {
    format!("=_{}", Id::<As2Message>::mint())
}

impl Peer {
    pub(super) async fn new(
        station: Certificate,
        manner: Manner,
        at_seconds: i64,
    ) -> Result<Self, Fault> {
        let identity = identity(at_seconds).await?;
        let (got, owed) = (Mutex::default(), Mutex::default());
        Ok(Self { identity, station, at_seconds, manner, got, owed })
    }

    /// Where it listens.
    pub(super) fn routes(self: &Arc<Self>) -> Router {
        Router::new()
            .route("/as2", post(hear))
            .layer(DefaultBodyLimit::max(1 << 20))
            .with_state(Arc::clone(self))
    }

    /// The papers that it got so far, oldest first.
    pub(super) async fn papers(&self) -> Vec<String> {
        self.got.lock().await.clone()
    }

    /// The receipt that it still owes.
    pub(super) async fn owes(&self) -> Option<(String, Vec<u8>)> {
        self.owed.lock().await.clone()
    }

    fn receipt(
        &self,
        fields: &Fields,
        mic: &Mic,
    ) -> Result<(String, Vec<u8>), as2::Broken> {
        let other = Mic::of(Digest::Sha256, b"something else");
        let [outer, inner] = [boundary(), boundary()];
        let receipt = Receipt {
            receiver: NAME,
            message_id: fields.get("Message-ID").unwrap_or_default(),
            disposition: &Disposition::Processed,
            mic: Some(if self.manner == Manner::WrongMic { &other } else { mic }),
            text: "Taken by the test lane.",
            product: "Entente",
            boundaries: [&outer, &inner],
        };
        let by =
            (self.manner != Manner::Unsigned).then_some((&self.identity, Digest::Sha256));
        receipt.make(by, self.at_seconds)
    }

    async fn take(
        &self,
        fields: &Fields,
        body: &[u8],
    ) -> Result<(String, Vec<u8>), as2::Broken> {
        let (own, partner) = ([&self.identity], [&self.station]);
        let policy = Policy {
            signed: Demand::Required,
            encrypted: Demand::Required,
            legacy: Legacy::Refused,
            limit_bytes: 1 << 20,
        };
        let keys = Keys { own: &own, partner: &partner };
        let read = as2::receive(fields, body, keys, policy, Digest::Sha256)?;
        for document in &read.documents {
            let text = String::from_utf8_lossy(&document.bytes).into_owned();
            self.got.lock().await.push(text);
        }
        let made = self.receipt(fields, &read.mic)?;
        match self.manner {
            Manner::Proper | Manner::Unsigned | Manner::WrongMic => Ok(made),
            Manner::Silent => Ok(("text/plain".to_owned(), Vec::new())),
            Manner::Late => {
                *self.owed.lock().await = Some(made);
                Ok(("text/plain".to_owned(), Vec::new()))
            }
        }
    }
}

async fn hear(
    State(peer): State<Arc<Peer>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let fields: Fields = headers
        .iter()
        .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes())))
        .collect();
    match peer.take(&fields, &body).await {
        Ok((kind, content)) => ([("content-type", kind)], content).into_response(),
        Err(broken) => (StatusCode::BAD_REQUEST, broken.to_string()).into_response(),
    }
}
