//! By what a customer is known: domain, VAT number, GLN or D-U-N-S number. Pure.

use directory::{
    Domain, DomainError,
    organisations::{Identifier, Scheme},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::accounts::{Flaw, rules};

/// What kind of key it is.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum KeyScheme {
    /// The domain of its web pages or mails.
    Domain,
    /// Its VAT number, with the country.
    Vat,
    /// Its Global Location Number.
    Gln,
    /// Its D-U-N-S number.
    Duns,
}

/// A key in the one form in which it is kept and compared.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CustomerKey {
    /// What kind.
    pub scheme: KeyScheme,
    /// The normalised value.
    pub value: String,
}

impl CustomerKey {
    /// Reads a key as people write it. Two spellings of one key become the same value.
    ///
    /// # Errors
    /// [`Flaw`] with how a key of this kind looks; a domain where anybody gets an address is
    /// none.
    pub fn read(scheme: KeyScheme, text: &str) -> Result<Self, Flaw> {
        let value = match scheme {
            KeyScheme::Domain => domain(text)?,
            KeyScheme::Vat => vat(text)?,
            KeyScheme::Gln => identifier(Scheme::Gln, text)?,
            KeyScheme::Duns => identifier(Scheme::Duns, text)?,
        };
        Ok(Self { scheme, value })
    }

    /// The same, where it may be wrong: a value out of somebody's books.
    pub fn of_books(scheme: KeyScheme, text: Option<&str>) -> Option<Self> {
        Self::read(scheme, text?).ok()
    }
}

const DOMAIN: Flaw = Flaw { field: "key", why: "write a domain such as acme.example" };
const FREE_MAIL: Flaw = Flaw {
    field: "key",
    why: "everybody gets an address there, so it names no customer; use its own domain, or \
          its VAT number, GLN or D-U-N-S number",
};

/// A domain without `www.`, in ASCII (IDNA, RFC 5891): `müller.example` and
/// `xn--mller-kva.example` are one.
fn domain(text: &str) -> Result<String, Flaw> {
    let bare = rules::domain(text).map_err(|_flaw| DOMAIN)?;
    let ascii = idna::domain_to_ascii(&bare).map_err(|_not_a_name| DOMAIN)?;
    match ascii.parse::<Domain>() {
        Ok(domain) => Ok(domain.as_str().to_owned()),
        Err(DomainError::FreeMail(_)) => Err(FREE_MAIL),
        Err(DomainError::Malformed(_)) => Err(DOMAIN),
    }
}

/// What people write before or behind a VAT number.
const LABELS: &[&str] = &[
    "USTIDNR", "USTID", "UIDNR", "UID", "VATID", "VATNO", "VATNR", "VAT", "TVA", "IVA",
    "BTW", "MWST", "NIF", "CIF",
];

/// A VAT number with its country in front. Greece writes `EL`, and is taken by `GR` as well.
fn vat(text: &str) -> Result<String, Flaw> {
    let kept: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    let mut bare = kept.to_ascii_uppercase();
    for label in LABELS {
        let digit_or_country = |rest: &&str| rest.len() >= 8;
        if let Some(rest) = bare.strip_prefix(label).filter(digit_or_country) {
            bare = rest.to_owned();
        }
    }
    if let Some(swiss) = bare.strip_prefix("CHE") {
        let digits: String = swiss.chars().take_while(char::is_ascii_digit).collect();
        bare = format!("CHE{digits}");
    }
    if let Some(greek) = bare.strip_prefix("GR") {
        bare = format!("EL{greek}");
    }
    identifier(Scheme::Vat, &bare)
}

fn identifier(scheme: Scheme, text: &str) -> Result<String, Flaw> {
    let why = match scheme {
        Scheme::Gln => "a GLN has 13 digits, the last of which checks the others",
        Scheme::Duns => "a D-U-N-S number has 9 digits",
        Scheme::Vat | Scheme::Isa => {
            "a VAT number is a country and 2 to 13 letters or digits, like FR12345678901"
        }
    };
    let read = Identifier::new(scheme, text);
    read.map(|it| it.value().to_owned()).map_err(|_odd| Flaw { field: "key", why })
}

#[cfg(test)]
mod tests {
    use super::{CustomerKey, KeyScheme};

    fn value(scheme: KeyScheme, text: &str) -> Result<String, &'static str> {
        CustomerKey::read(scheme, text).map(|it| it.value).map_err(|flaw| flaw.why)
    }

    #[test]
    fn spellings_of_a_key_are_one() {
        for text in [
            "müller.example",
            "MÜLLER.example",
            "https://www.xn--mller-kva.example/kontakt",
            "info@müller.example",
        ] {
            let read = value(KeyScheme::Domain, text);
            assert_eq!(read.as_deref(), Ok("xn--mller-kva.example"), "{text}");
        }
        for text in ["FR 12 345678901", "tva: fr-12.345.678.901", "VAT FR12345678901"] {
            let read = value(KeyScheme::Vat, text);
            assert_eq!(read.as_deref(), Ok("FR12345678901"), "{text}");
        }
        assert_eq!(value(KeyScheme::Vat, "GR 123456789").as_deref(), Ok("EL123456789"));
        let swiss = value(KeyScheme::Vat, "CHE-123.456.789 MWST");
        assert_eq!(swiss.as_deref(), Ok("CHE123456789"));
        assert_eq!(value(KeyScheme::Duns, "15-048-3782").as_deref(), Ok("150483782"));
        assert_eq!(value(KeyScheme::Gln, "4012345 000009").unwrap(), "4012345000009");
    }

    #[test]
    fn what_names_no_customer_is_no_key() {
        for text in ["gmail.com", "Jo@GMX.de", "www.orange.fr"] {
            assert!(value(KeyScheme::Domain, text).unwrap_err().contains("everybody"));
        }
        for (scheme, text) in [
            (KeyScheme::Domain, "acme"),
            (KeyScheme::Vat, "12345678901"),
            (KeyScheme::Vat, ""),
            (KeyScheme::Gln, "4012345000008"),
            (KeyScheme::Duns, "12345678"),
        ] {
            assert!(value(scheme, text).is_err(), "{text}");
        }
    }
}
