//! Addresses, and who may write to them.

use aws_lc_rs::rand;
use directory::Email;
use kernel::Fault;
use trade::edi::Dialect;

/// How the part before the `@` begins in every address of ours for a partner.
const BEGINS: &str = "edi+";
const DIGITS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
/// So many digits of five bits: nobody guesses one.
const LENGTH: usize = 26;

/// A new part before the `@`, by chance, that survives servers which change the case of addresses.
pub(super) fn mint() -> Result<String, Fault> {
    let mut bytes = [0_u8; LENGTH];
    rand::fill(&mut bytes).map_err(|_none| {
        Fault::broken("drawing an address", "there is no chance to be had")
    })?;
    let digit = |byte: &u8| char::from(DIGITS[usize::from(*byte) % DIGITS.len()]);
    Ok(BEGINS.chars().chain(bytes.iter().map(digit)).collect())
}

/// The part before the `@` of an address that has the form of one of ours for a partner.
#[must_use]
pub fn local(address: &str, domain: &str) -> Option<String> {
    let (local, at) = address.trim().rsplit_once('@')?;
    let local = local.to_ascii_lowercase();
    let digits = local.strip_prefix(BEGINS)?;
    let is_ours = digits.len() == LENGTH
        && digits.bytes().all(|it| DIGITS.contains(&it))
        && at.eq_ignore_ascii_case(domain);
    is_ours.then_some(local)
}

/// Who may send besides the partner's own address: an address, or all of a domain as `@acme.example`.
pub(super) fn sender(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    match text.strip_prefix('@') {
        Some(domain) => {
            let whole: Result<Email, _> = format!("any@{domain}").parse();
            whole.is_ok().then_some(text)
        }
        None => text.parse::<Email>().ok().map(String::from),
    }
}

/// Whether somebody is among those who may send.
pub(super) fn may_send(allowed: &[String], from: &str) -> bool {
    let from = from.to_lowercase();
    let at = from.rsplit_once('@').map(|(_, at)| at);
    allowed.iter().any(|it| match it.strip_prefix('@') {
        Some(domain) => at == Some(domain),
        None => *it == from,
    })
}

/// Whether these bytes may be an interchange: whether they begin as one.
#[must_use]
pub fn is_interchange(bytes: &[u8]) -> bool {
    trade::edi::dialect(bytes).is_some()
}

/// The media type of an interchange.
///
/// Source: RFC 1767 § 2 and 4.
pub(super) fn media(bytes: &[u8]) -> &'static str {
    match trade::edi::dialect(bytes) {
        Some(Dialect::X12) => "application/EDI-X12",
        Some(Dialect::Edifact) => "application/EDIFACT",
        None => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::{local, may_send, media, mint, sender};

    #[test]
    fn an_address_is_known_in_any_case_and_at_our_domain_alone() {
        let one = mint().unwrap();
        assert_ne!(one, mint().unwrap());
        let read = |text: String| local(&text, "hub.test");
        assert_eq!(read(format!(" {}@HUB.test", one.to_uppercase())), Some(one.clone()));
        for bad in [
            format!("{one}@hub.test.evil.test"),
            format!("{one}a@hub.test"),
            format!("x{one}@hub.test"),
            one.replace("edi+", "reply+") + "@hub.test",
            "edi+@hub.test".to_owned(),
            one,
        ] {
            assert_eq!(read(bad.clone()), None, "{bad}");
        }
    }

    #[test]
    fn a_domain_lets_its_own_addresses_send_and_no_others() {
        let allowed = ["erp@dorn.test", "@edi.dorn.test"].map(|it| sender(it).unwrap());
        for from in ["ERP@dorn.test", "x@edi.dorn.test"] {
            assert!(may_send(&allowed, from), "{from}");
        }
        for from in [
            "x@dorn.test",
            "x@sub.edi.dorn.test",
            "x@evil-edi.dorn.test",
            "edi.dorn.test",
            "",
            "@edi.dorn.test@x.test",
        ] {
            assert!(!may_send(&allowed, from), "{from}");
        }
        for bad in ["", "dorn", "@", "@dorn", "a b@dorn.test", "@@dorn.test"] {
            assert_eq!(sender(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_interchange_goes_under_its_registered_type() {
        assert_eq!(media(b"ISA*00*"), "application/EDI-X12");
        assert_eq!(media(b"\r\nUNB+UNOC:3"), "application/EDIFACT");
        assert_eq!(media(b"hello"), "application/octet-stream");
    }
}
