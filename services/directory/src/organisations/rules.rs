//! What identifies an organisation on papers. Pure.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// By what an organisation is known on papers.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// A Global Location Number: 13 digits, the last one a check digit.
    Gln,
    /// A D-U-N-S number: 9 digits.
    Duns,
    /// A VAT number, with its country: `FR12345678901`.
    Vat,
    /// Qualifier and id as in ISA05 and ISA06: `ZZ:ACME`.
    Isa,
}

/// An identifier of an organisation, in the form in which it is kept.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Identifier {
    scheme: Scheme,
    value: String,
}

/// Why a text is no [`Identifier`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{}", .0.form())]
pub struct IdentifierError(Scheme);

impl Scheme {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Gln => "gln",
            Self::Duns => "duns",
            Self::Vat => "vat",
            Self::Isa => "isa",
        }
    }

    const fn form(self) -> &'static str {
        match self {
            Self::Gln => "a GLN has 13 digits, the last of which checks the others",
            Self::Duns => "a D-U-N-S number has 9 digits",
            Self::Vat => {
                "a VAT number is a country and 2 to 13 letters or digits, like FR12345678901"
            }
            Self::Isa => {
                "an interchange id is a qualifier and 2 to 15 characters, like ZZ:ACME"
            }
        }
    }
}

impl Identifier {
    /// Reads one; spaces and case do not matter, except inside an interchange id.
    ///
    /// # Errors
    /// [`IdentifierError`], which says how one of this scheme looks.
    pub fn new(scheme: Scheme, text: &str) -> Result<Self, IdentifierError> {
        let squeezed: String =
            text.chars().filter(|it| !matches!(it, ' ' | '-' | '.')).collect();
        let squeezed = squeezed.to_ascii_uppercase();
        let digits = squeezed.bytes().all(|byte| byte.is_ascii_digit());
        let value = match scheme {
            Scheme::Gln => {
                (squeezed.len() == 13 && digits && checks(&squeezed)).then_some(squeezed)
            }
            Scheme::Duns => (squeezed.len() == 9 && digits).then_some(squeezed),
            Scheme::Vat => is_vat(&squeezed).then_some(squeezed),
            Scheme::Isa => isa(text),
        };
        value.map(|value| Self { scheme, value }).ok_or(IdentifierError(scheme))
    }

    /// Its scheme.
    pub const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Its value, as it is kept.
    pub fn value(&self) -> &str {
        &self.value
    }
}

/// GS1 General Specifications § 7.9: weights 1 and 3 from the left, for 13 digits.
fn checks(digits: &str) -> bool {
    let weighted = digits.bytes().zip([1, 3].into_iter().cycle());
    let sum: u32 = weighted.map(|(byte, by)| u32::from(byte - b'0') * by).sum();
    sum.is_multiple_of(10)
}

fn is_vat(text: &str) -> bool {
    let bytes = text.as_bytes();
    (4..=15).contains(&bytes.len())
        && bytes.iter().take(2).all(u8::is_ascii_uppercase)
        && bytes.iter().all(u8::is_ascii_alphanumeric)
}

/// X12.5, ISA05 (two characters) and ISA06 (fifteen, filled up with spaces).
fn isa(text: &str) -> Option<String> {
    let (qualifier, id) = text.trim().split_once(':')?;
    let (qualifier, id) = (qualifier.to_ascii_uppercase(), id.trim_end());
    let known =
        qualifier.len() == 2 && qualifier.bytes().all(|it| it.is_ascii_alphanumeric());
    let fits = (2..=15).contains(&id.len())
        && !id.starts_with(' ')
        && id.bytes().all(|it| it.is_ascii_graphic() || it == b' ');
    (known && fits).then(|| format!("{qualifier}:{id}"))
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::{Identifier, Scheme};

    fn kept(scheme: Scheme, text: &str) -> Option<String> {
        Identifier::new(scheme, text).ok().map(|it| it.value().to_owned())
    }

    #[test]
    fn a_gln_is_checked_by_its_last_digit() {
        assert_eq!(kept(Scheme::Gln, "4012345 000009").as_deref(), Some("4012345000009"));
        assert_eq!(kept(Scheme::Gln, "4012345000008"), None);
        assert_eq!(kept(Scheme::Gln, "401234500000"), None);
    }

    #[test]
    fn an_interchange_id_has_a_qualifier() {
        assert_eq!(kept(Scheme::Isa, "zz:ACME   ").as_deref(), Some("ZZ:ACME"));
        assert_eq!(kept(Scheme::Isa, "01:123456789").as_deref(), Some("01:123456789"));
        for wrong in ["ACME", "Z:ACME", "ZZ:", "ZZ:ABCDEFGHIJKLMNOP", "ZZ: ACME"] {
            assert_eq!(kept(Scheme::Isa, wrong), None, "{wrong}");
        }
    }

    #[test]
    fn spaces_and_case_do_not_matter_in_a_vat_number() {
        assert_eq!(
            kept(Scheme::Vat, "fr 12 345678901").as_deref(),
            Some("FR12345678901")
        );
        assert_eq!(kept(Scheme::Vat, "12345678901"), None);
        assert_eq!(kept(Scheme::Duns, "15-048-3782").as_deref(), Some("150483782"));
    }
}
