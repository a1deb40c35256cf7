use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A currency by its ISO 4217 code: three capital letters.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Currency([u8; 3]);

/// Why a text is no [`Currency`].
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is not a currency; use three letters of ISO 4217, such as EUR")]
pub struct CurrencyError(String);

/// An amount in minor units (cents, for most) of one currency.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Money {
    /// How many minor units; negative for what is owed.
    pub minor: i64,
    /// Of what.
    pub currency: Currency,
}

/// The currencies of ISO 4217 that are not two digits deep, with their digits.
const DIGITS: &[(&[u8; 3], u32)] = &[
    (b"BHD", 3),
    (b"BIF", 0),
    (b"CLP", 0),
    (b"DJF", 0),
    (b"GNF", 0),
    (b"IQD", 3),
    (b"ISK", 0),
    (b"JOD", 3),
    (b"JPY", 0),
    (b"KMF", 0),
    (b"KRW", 0),
    (b"KWD", 3),
    (b"LYD", 3),
    (b"OMR", 3),
    (b"PYG", 0),
    (b"RWF", 0),
    (b"TND", 3),
    (b"UGX", 0),
    (b"UYI", 0),
    (b"VND", 0),
    (b"VUV", 0),
    (b"XAF", 0),
    (b"XOF", 0),
    (b"XPF", 0),
];

impl Currency {
    /// Euro: what a new organisation starts with.
    pub const EUR: Self = Self(*b"EUR");

    /// How many decimal digits its minor unit has.
    pub fn digits(self) -> u32 {
        let odd = DIGITS.iter().find(|(code, _)| **code == self.0);
        odd.map_or(2, |(_, digits)| *digits)
    }
}

impl FromStr for Currency {
    type Err = CurrencyError;

    fn from_str(text: &str) -> Result<Self, CurrencyError> {
        match text.as_bytes() {
            [a, b, c] if [a, b, c].iter().all(|letter| letter.is_ascii_uppercase()) => {
                Ok(Self([*a, *b, *c]))
            }
            _ => Err(CurrencyError(text.to_owned())),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|letter| write!(f, "{}", char::from(*letter)))
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(feature = "sql")]
mod sql {
    use sqlx::{Database, Decode, Encode, Type, encode::IsNull, error::BoxDynError};

    use super::Currency;

    crate::id::stored_as!(Currency, String, |it| it.to_string(), |text: String| Ok(
        text.parse::<Currency>()?
    ));
}

#[cfg(test)]
mod tests {
    use super::Currency;

    #[test]
    fn a_currency_is_three_capitals_and_knows_its_digits() {
        assert!(
            "eur".parse::<Currency>().is_err() && "EURO".parse::<Currency>().is_err()
        );
        let digits =
            ["EUR", "JPY", "KWD"].map(|code| code.parse::<Currency>().unwrap().digits());
        assert_eq!(digits, [2, 0, 3]);
    }
}
