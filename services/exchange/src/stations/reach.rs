//! Who calls partners. Whoever keeps a station writes addresses, and partners name where their
//! receipts go; `gate::reach` says which of them are called.

use std::{net::SocketAddr, sync::LazyLock, time::Duration};

use gate::{
    House,
    reach::{is_public, look_at, public_only, refusal},
};
use reqwest::{Client, ClientBuilder, redirect::Policy};

/// How long a partner may take to answer; shorter than a job's lease.
const PATIENCE: Duration = Duration::from_secs(45);

type Made = Result<Client, reqwest::Error>;

static ANYWHERE: LazyLock<Made> = LazyLock::new(|| plain().build());
static PUBLIC: LazyLock<Made> = LazyLock::new(|| public_only(plain()).build());

/// Old peers want headers in title case, and fold those of their receipts.
fn plain() -> ClientBuilder {
    Client::builder()
        .http1_only()
        .http1_title_case_headers()
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .redirect(Policy::none())
        .timeout(PATIENCE)
        .user_agent("Entente")
}

/// Who calls that address; an error says why nobody does.
pub(super) fn client(house: &House, url: &str) -> Result<&'static Client, String> {
    if house.settings.as2_private_networks {
        return ANYWHERE.as_ref().map_err(ToString::to_string);
    }
    look_at(url)?;
    PUBLIC.as_ref().map_err(ToString::to_string)
}

/// Where a host of that name is, for whoever speaks another protocol than HTTP; an error says
/// why nobody calls there.
pub(crate) async fn address(
    house: &House,
    host: &str,
    port: u16,
) -> Result<SocketAddr, String> {
    let found = tokio::net::lookup_host((host, port)).await;
    let found: Vec<_> = found.map_err(|why| format!("`{host}`: {why}"))?.collect();
    let bad = found.iter().find(|it| !is_public(it.ip()));
    match bad.filter(|_| !house.settings.as2_private_networks) {
        Some(bad) => Err(refusal(host, bad.ip())),
        None => found.first().copied().ok_or_else(|| format!("`{host}` has no address")),
    }
}
