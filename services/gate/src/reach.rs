//! Which addresses the hub calls. People and partners tell it addresses (stations, receipts, push
//! services); none may make it call machines of its own network, unless the operator says that
//! partners are there (`as2_private_networks`). A name is judged by what it resolves to, at the
//! moment of the call.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use reqwest::{
    ClientBuilder, Url,
    dns::{Addrs, Name, Resolve, Resolving},
};

/// A client that calls addresses of the Internet alone, where they are named.
pub fn public_only(client: ClientBuilder) -> ClientBuilder {
    client.no_proxy().dns_resolver(Arc::new(PublicOnly))
}

/// Looks at an address that is written as numbers, which nobody resolves; an error says why it
/// is not called.
///
/// # Errors
/// In words, for whoever named it.
pub fn look_at(url: &str) -> Result<(), String> {
    let url = Url::parse(url).map_err(|bad| format!("`{url}` is no address: {bad}"))?;
    match url.host_str() {
        Some(host) => match host.trim_matches(['[', ']']).parse::<IpAddr>() {
            Ok(address) if !is_public(address) => Err(refusal(host, address)),
            Ok(_) | Err(_) => Ok(()),
        },
        None => Err(format!("`{url}` names no host")),
    }
}

/// Why an address is not called.
pub fn refusal(host: &str, address: IpAddr) -> String {
    format!(
        "`{host}` leads to {address}, which is no address of the Internet; if partners are \
         reached there, the operator sets `as2_private_networks`"
    )
}

/// Resolves names as the machine does, and keeps only addresses of the Internet.
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let host = name.as_str();
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((host, 0)).await?.collect();
            if let Some(bad) = found.iter().find(|it| !is_public(it.ip())) {
                return Err(refusal(host, bad.ip()).into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is one of the Internet.
///
/// Source: the special-purpose registries of IANA (RFC 6890, with RFC 8190), as far as an
/// address in them is not global.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

const fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = match (a, b, c) {
        // "This network", private use, loopback, link-local, multicast, reserved, broadcast.
        (0 | 10 | 127 | 224..=255, _, _)
        | (169, 254, _)
        | (172, 16..=31, _)
        | (192, 168, _)
        // Shared by carriers; protocol assignments; documentation; benchmarks.
        | (100, 64..=127, _)
        | (192, 0, 0 | 2)
        | (198, 18..=19, _)
        | (198, 51, 100)
        | (203, 0, 113) => true,
        _ => false,
    };
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    // What stands for an IPv4 address is judged as that: mapped, and translated (RFC 6052).
    if let Some(inner) = address.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    let [first, second, third, ..] = address.segments();
    let bytes = address.octets();
    if first == 0x64 && second == 0xff9b && third == 0 {
        let [.., a, b, c, d] = bytes;
        return is_public_v4(Ipv4Addr::new(a, b, c, d));
    }
    // Only 2000::/3 is global unicast; of it, 2001:0000::/23 is for protocols, 2001:db8::/32
    // and 3fff::/20 for documents, and 2002::/16 wraps IPv4.
    (0x2000..=0x3fff).contains(&first)
        && !(first == 0x2001 && (second < 0x200 || second == 0xdb8))
        && !(first == 0x3fff && second < 0x1000)
        && first != 0x2002
}

#[cfg(test)]
mod tests {
    use super::is_public;

    #[test]
    fn only_addresses_of_the_internet_are_called() {
        let inner = [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "192.0.0.8",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1",
            "fc00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "64:ff9b::10.0.0.1",
            "2001:db8::1",
            "2002:7f00:1::",
        ];
        let outer = [
            "9.9.9.9",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.169.0.1",
            "223.255.255.255",
            "2620:fe::fe",
            "2001:4860::8888",
            "::ffff:9.9.9.9",
            "64:ff9b::9.9.9.9",
        ];

        for address in inner {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in outer {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }
}
