//! Asking the DNS for what a domain publishes about its mail.

use mail_auth::{
    DnsError, Error,
    hickory_resolver::{net::NetError, proto::rr::RData},
};

use super::{Judge, PATIENCE};
use crate::setup::{Found, Kind};

impl Judge {
    /// What stands in the DNS under a name.
    pub(crate) async fn look_up(&self, kind: Kind, name: &str) -> Found {
        let Some(asks) = &self.asks else { return Found::Unasked };
        let name = format!("{name}.");
        let asking = async {
            match kind {
                Kind::Mx => asks.resolver().mx_lookup(name).await,
                Kind::Spf | Kind::Dkim | Kind::Dmarc => {
                    asks.resolver().txt_lookup(name).await
                }
            }
        };
        match tokio::time::timeout(PATIENCE, asking).await {
            Err(_elapsed) => Found::Silence,
            Ok(Err(fault)) => refused(fault),
            Ok(Ok(found)) => {
                let texts = found.answers().iter().filter_map(|it| text(&it.data));
                Found::Texts(texts.collect())
            }
        }
    }
}

fn refused(fault: NetError) -> Found {
    if matches!(Error::from(fault), Error::Dns(DnsError::RecordNotFound(_))) {
        return Found::Texts(Vec::new());
    }
    Found::Silence
}

fn text(data: &RData) -> Option<String> {
    if let RData::MX(mx) = data {
        return Some(format!("{} {}", mx.preference, mx.exchange));
    }
    let RData::TXT(txt) = data else { return None };
    let bytes: Vec<u8> = txt.txt_data.iter().flat_map(|it| it.to_vec()).collect();
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
