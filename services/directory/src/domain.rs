use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A mail domain that one organisation can own, in lower case: `acme.example`.
///
/// Names outside ASCII are taken in the form that mail servers see (`xn--…`).
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Domain(String);

/// A mail address in lower case, with the domain it is at.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String")]
pub struct Email {
    text: String,
    at: usize,
}

/// Why a text is no [`Domain`].
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum DomainError {
    /// It does not have the form of a domain name.
    #[error("`{0}` is not a domain name; write it like acme.example")]
    Malformed(String),
    /// Everybody may have an address there.
    #[error("{0} gives mail addresses to everybody; ask for the company's own domain")]
    FreeMail(String),
}

/// Why a text is no [`Email`].
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is not a mail address; write it like ada@acme.example")]
pub struct EmailError(String);

/// Where anybody gets an address, so that it proves nothing about a company.
const FREE_MAIL: &[&str] = &[
    "126.com",
    "163.com",
    "aol.com",
    "bluewin.ch",
    "fastmail.com",
    "free.fr",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.fr",
    "gmx.net",
    "googlemail.com",
    "hey.com",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.de",
    "hotmail.es",
    "hotmail.fr",
    "hotmail.it",
    "icloud.com",
    "laposte.net",
    "libero.it",
    "live.co.uk",
    "live.com",
    "live.fr",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "neuf.fr",
    "orange.fr",
    "outlook.com",
    "outlook.de",
    "outlook.es",
    "outlook.fr",
    "pm.me",
    "posteo.de",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "rocketmail.com",
    "sfr.fr",
    "t-online.de",
    "telefonica.net",
    "terra.es",
    "tuta.io",
    "tutanota.com",
    "wanadoo.fr",
    "web.de",
    "yahoo.co.uk",
    "yahoo.com",
    "yahoo.de",
    "yahoo.es",
    "yahoo.fr",
    "yahoo.it",
    "yandex.com",
    "yandex.ru",
    "ymail.com",
    "zoho.com",
];

impl Domain {
    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Domain {
    type Err = DomainError;

    fn from_str(text: &str) -> Result<Self, DomainError> {
        let name = text.trim().trim_end_matches('.').to_ascii_lowercase();
        if !is_name(&name) {
            return Err(DomainError::Malformed(text.chars().take(80).collect()));
        }
        if FREE_MAIL.contains(&name.as_str()) {
            return Err(DomainError::FreeMail(name));
        }
        Ok(Self(name))
    }
}

/// RFC 1035 § 2.3.1 and RFC 1123 § 2.1, with at least two labels; addresses of machines
/// (all digits at the end) are no names.
fn is_name(name: &str) -> bool {
    let label = |it: &str| {
        (1..=63).contains(&it.len())
            && it.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !it.starts_with('-')
            && !it.ends_with('-')
    };
    let last = name.rsplit('.').next().unwrap_or_default();
    name.len() <= 253
        && name.contains('.')
        && name.split('.').all(label)
        && !last.bytes().all(|byte| byte.is_ascii_digit())
}

impl Email {
    /// As text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What stands behind the `@`.
    pub fn domain(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Whether it is at this domain, and not below it.
    pub fn is_at(&self, domain: &Domain) -> bool {
        self.domain() == domain.as_str()
    }
}

impl FromStr for Email {
    type Err = EmailError;

    fn from_str(text: &str) -> Result<Self, EmailError> {
        let refused = || EmailError(text.chars().take(80).collect());
        let address = text.trim().to_ascii_lowercase();
        let (local, domain) = address.rsplit_once('@').ok_or_else(refused)?;
        // RFC 5321 § 4.1.2, `Dot-string`: quoted local parts are history.
        let atom = |it: &str| {
            let allowed = |byte: u8| {
                byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
            };
            !it.is_empty() && it.bytes().all(allowed)
        };
        let sound = local.len() <= 64 && local.split('.').all(atom) && is_name(domain);
        let at = local.len() + 1;
        if !sound || address.len() > 254 {
            return Err(refused());
        }
        Ok(Self { text: address, at })
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.text
    }
}

impl TryFrom<String> for Email {
    type Error = EmailError;

    fn try_from(text: String) -> Result<Self, EmailError> {
        text.parse()
    }
}

impl<'de> Deserialize<'de> for Email {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Domain, DomainError, Email};

    #[test]
    fn a_domain_is_kept_in_lower_case_without_its_last_dot() {
        let domain: Domain = " ACME.Example. ".parse().unwrap();
        assert_eq!(domain.as_str(), "acme.example");
    }

    #[test]
    fn what_is_no_domain_is_refused() {
        for text in [
            "",
            "acme",
            "acme..example",
            "-a.example",
            "a-.example",
            "192.0.2.1",
            "a b.example",
            "https://acme.example",
            "acme.example/x",
            "müller.example",
            "a_b.example",
        ] {
            let refused = text.parse::<Domain>();
            assert!(matches!(refused, Err(DomainError::Malformed(_))), "{text}");
        }
    }

    #[test]
    fn a_domain_where_everybody_has_an_address_is_refused() {
        let refused = "GMail.com".parse::<Domain>().unwrap_err();
        assert_eq!(
            refused.to_string(),
            "gmail.com gives mail addresses to everybody; ask for the company's own domain"
        );
    }

    #[test]
    fn an_address_is_at_its_domain_and_not_below_it() {
        let ada: Email = "Ada.L+x@Acme.example".parse().unwrap();
        assert_eq!(ada.as_str(), "ada.l+x@acme.example");
        assert!(ada.is_at(&"acme.example".parse().unwrap()));
        assert!(!ada.is_at(&"example.example".parse().unwrap()));
        let below: Email = "ada@mail.acme.example".parse().unwrap();
        assert!(!below.is_at(&"acme.example".parse().unwrap()));
    }

    #[test]
    fn an_address_cannot_carry_a_header() {
        for text in [
            "ada@acme.example\nbcc: x@y.example",
            "a b@acme.example",
            "@acme.example",
            "ada@",
            "ada",
            "a..b@acme.example",
            "\"a\"@acme.example",
            "<ada@acme.example>",
        ] {
            assert!(text.parse::<Email>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn properties_any_text_is_taken_once_or_refused(text in "\\PC{0,80}") {
            if let Ok(domain) = text.parse::<Domain>() {
                prop_assert_eq!(domain.as_str().parse::<Domain>().unwrap(), domain);
            }
            if let Ok(email) = text.parse::<Email>() {
                prop_assert_eq!(email.as_str().parse::<Email>().unwrap(), email);
            }
        }
    }
}
