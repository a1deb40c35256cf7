//! A partner, and the messages that it sends.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use as2::{
    Cipher, Compression, Digest, Identity, KeyTransport, Outgoing, Profile, Scheme,
};
use serde_json::{Value, json};
use suite::bench::{Client, Failure};

/// Both sides' keys.
pub(crate) struct Trade {
    pub(crate) partner: Identity,
    /// The hub's own certificate; another one on each database.
    own: Mutex<Option<Arc<as2::Certificate>>>,
    last: AtomicUsize,
}

/// What is sent.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// No EDI at all.
    Plain,
    /// No EDI, of so many MB.
    Long(usize),
    /// An order of so many lines.
    Order(usize),
}

/// A message as it goes over the wire.
pub(crate) struct Sent {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Trade {
    pub(crate) fn new() -> Result<Self, Failure> {
        let profile = Profile {
            name: "GLOBEX",
            organisation: "Globex",
            from_seconds: 1_700_000_000,
            days: 36_500,
        };
        Ok(Self {
            partner: Identity::generate(profile)?,
            own: Mutex::new(None),
            last: AtomicUsize::new(0),
        })
    }

    fn own(&self) -> Result<Arc<as2::Certificate>, Failure> {
        let own = self.own.lock().map_err(|_poisoned| "a sender panicked")?;
        Ok(Arc::clone(own.as_ref().ok_or("there is no station yet")?))
    }
}

/// Makes the station ACME, and GLOBEX its partner; gives the station's address.
pub(crate) fn settle(client: &mut Client, trade: &Trade) -> Result<String, Failure> {
    let ids = json!({ "identifiers": [{ "scheme": "isa", "value": "ZZ:ACME" }] });
    client.ask("PATCH", "/api/v1/organisation", &ids.to_string())?;
    let named = json!({ "name": "ACME" }).to_string();
    let station: Value = client.ask("PUT", "/api/v1/as2/station", &named)?;
    let text = |value: &Value| value.as_str().map(str::to_owned).ok_or("no text");
    let pem = text(&station["keys"][0]["certificate"]["pem"])?;
    let own = as2::Certificate::read_all(pem.as_bytes())?.remove(0);
    let url = text(&station["url"])?;
    *trade.own.lock().map_err(|_poisoned| "a sender panicked")? = Some(Arc::new(own));
    // What goes to it is made without keys, and nobody listens there: only what comes in counts.
    let terms = json!({ "sign": false, "cipher": null, "acknowledge_hours": null });
    let partner = json!({
        "name": "GLOBEX", "identifier": "ZZ:GLOBEX", "url": "http://127.0.0.1:9/as2",
        "certificates": trade.partner.certificate().pem(), "terms": terms,
    });
    client.post("/api/v1/as2/partners", &partner)?;
    Ok(url)
}

/// Host with port, and path.
pub(crate) fn parts(url: &str) -> Result<(String, String), Failure> {
    let rest = url.strip_prefix("http://").ok_or("no http address")?;
    let (host, path) = rest.split_once('/').ok_or("no path")?;
    Ok((host.to_owned(), format!("/{path}")))
}

/// So many messages, each with a number of its own.
pub(crate) fn make(
    trade: &Trade,
    kind: Kind,
    count: usize,
) -> Result<Vec<Sent>, Failure> {
    let own = trade.own()?;
    (0..count).map(|_| one(trade, &own, kind)).collect()
}

fn one(trade: &Trade, own: &as2::Certificate, kind: Kind) -> Result<Sent, Failure> {
    let number = 1 + trade.last.fetch_add(1, Ordering::Relaxed);
    let document = match kind {
        Kind::Plain => {
            let line = b"This line is no EDI, and there are many of it.\r\n";
            line.iter().copied().cycle().take(10 << 10).collect()
        }
        Kind::Long(megabytes) => {
            // What cannot be compressed, and repeats only where nobody looks for it.
            let mut seed = 1_u32;
            let mut byte = || {
                seed ^= seed << 13;
                seed ^= seed >> 17;
                seed ^= seed << 5;
                seed.to_le_bytes()[0]
            };
            (0..megabytes * 1_000_000).map(|_| byte()).collect()
        }
        Kind::Order(lines) => order(number, lines).into_bytes(),
    };
    let made = Outgoing {
        document: &document,
        content_type: "application/edi-x12",
        file_name: Some("order.edi"),
        sign: Some((&trade.partner, Digest::Sha256, Scheme::Pkcs1)),
        encrypt: Some((own, Cipher::Aes128Cbc, KeyTransport::Pkcs1)),
        compression: Compression::None,
        mic: Digest::Sha256,
        at_seconds: 1_795_000_000,
        boundary: "=_bench",
    }
    .make()?;
    let head = format!(
        "AS2-Version: 1.2\r\nAS2-From: GLOBEX\r\nAS2-To: ACME\r\nMessage-ID: <{number}@globex>\r\n\
         Disposition-Notification-To: edi@globex.example\r\n\
         Disposition-Notification-Options: signed-receipt-protocol=required, pkcs7-signature; signed-receipt-micalg=required, sha256\r\n\
         {}",
        made.fields.lines()
    );
    Ok(Sent { head, body: made.content })
}

/// An 850 of so many lines.
fn order(number: usize, lines: usize) -> String {
    let mut text = format!(
        "ISA*00*          *00*          *ZZ*GLOBEX         *ZZ*ACME           *261122*1200*U*00401*{number:09}*0*P*>~\n\
         GS*PO*GLOBEX*ACME*20261122*1200*{number}*X*004010~\nST*850*0001~\nBEG*00*SA*PO-{number}**20261120~\nCUR*BY*EUR~\nN1*BY*Globex*92*G1~\n"
    );
    text.extend((1..=lines).map(|line| {
        let quantity = 1 + line % 90;
        format!("PO1*{line}*{quantity}*EA*4.15**VP*A-{line}~\nPID*F****Bracket {line}~\n")
    }));
    let segments = 6 + 2 * lines;
    text + &format!(
        "CTT*{lines}~\nSE*{segments}*0001~\nGE*1*{number}~\nIEA*1*{number:09}~\n"
    )
}
