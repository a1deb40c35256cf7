//! Typed ids: a short word and 26 digits outside, sixteen bytes inside.

use std::{cmp, fmt, hash, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use uuid::Uuid;

/// What an [`Id`] names.
pub trait Kind: 'static {
    /// The short word before the underscore, unique in the product.
    const PREFIX: &'static str;
}

/// A UUIDv7 (RFC 9562 § 5.7) that knows what it names, so that one never passes for another.
///
/// Ids sort by the moment they were minted. Outside they are the kind's prefix, an underscore
/// and 26 digits of Crockford's base 32 in lower case: `deal_01k7…`.
pub struct Id<K> {
    raw: Uuid,
    kind: PhantomData<fn() -> K>,
}

/// Why a text is no [`Id`].
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum IdError {
    /// The digits are not 26 of base 32, or exceed 128 bits.
    #[error("`{0}` is not an id")]
    Malformed(String),
    /// A good id of another kind.
    #[error("expected an id that starts with `{expected}_`, got `{found}_`")]
    WrongKind {
        /// The prefix this type has.
        expected: &'static str,
        /// The prefix the text had.
        found: String,
    },
}

const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 26;

impl<K> Id<K> {
    /// A new id, stamped with the current time.
    #[expect(clippy::disallowed_methods, reason = "the one place that mints ids")]
    pub fn mint() -> Self {
        Self::from_uuid(Uuid::now_v7())
    }

    /// The id with these bits: for ids that a peer minted, and for fixed demo data.
    pub const fn from_uuid(raw: Uuid) -> Self {
        Self { raw, kind: PhantomData }
    }

    /// Its bits.
    pub const fn uuid(self) -> Uuid {
        self.raw
    }
}

impl<K: Kind> FromStr for Id<K> {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let malformed = || IdError::Malformed(text.chars().take(64).collect());
        let (found, digits) = text.split_once('_').ok_or_else(malformed)?;
        // 26 digits hold 130 bits: the first may only be 0 to 7.
        if digits.len() != LENGTH || digits.as_bytes().first() > Some(&b'7') {
            return Err(malformed());
        }
        let mut bits: u128 = 0;
        for digit in digits.bytes() {
            let value = DIGITS.iter().position(|known| *known == digit);
            bits = bits << 5 | value.ok_or_else(malformed)? as u128;
        }
        if found != K::PREFIX {
            let found = found.chars().take(16).collect();
            return Err(IdError::WrongKind { expected: K::PREFIX, found });
        }
        Ok(Self::from_uuid(Uuid::from_u128(bits)))
    }
}

impl<K: Kind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = self.raw.as_u128();
        write!(f, "{}_", K::PREFIX)?;
        (0..LENGTH).rev().try_for_each(|place| {
            let digit = DIGITS[(bits >> (place * 5) & 31) as usize];
            write!(f, "{}", char::from(digit))
        })
    }
}

impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K> Copy for Id<K> {}

impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.raw == other.raw
    }
}

impl<K> Eq for Id<K> {}

impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> cmp::Ordering {
        self.raw.cmp(&other.raw)
    }
}

impl<K> hash::Hash for Id<K> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.raw.hash(state);
    }
}

impl<K: Kind> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de, K: Kind> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

/// Lets a type stand in statements as another one that both databases know.
#[cfg(feature = "sql")]
macro_rules! stored_as {
    ($type:ty, $as:ty, $out:expr, $in:expr) => {
        impl<D: Database> Type<D> for $type
        where
            $as: Type<D>,
        {
            fn type_info() -> D::TypeInfo {
                <$as as Type<D>>::type_info()
            }

            fn compatible(ty: &D::TypeInfo) -> bool {
                <$as as Type<D>>::compatible(ty)
            }
        }

        impl<'q, D: Database> Encode<'q, D> for $type
        where
            $as: Encode<'q, D>,
        {
            fn encode_by_ref(
                &self,
                buffer: &mut D::ArgumentBuffer,
            ) -> Result<IsNull, BoxDynError> {
                let out: fn(&$type) -> $as = $out;
                out(self).encode(buffer)
            }
        }

        impl<'r, D: Database> Decode<'r, D> for $type
        where
            $as: Decode<'r, D>,
        {
            fn decode(value: D::ValueRef<'r>) -> Result<Self, BoxDynError> {
                let read: fn($as) -> Result<$type, BoxDynError> = $in;
                read(<$as as Decode<'r, D>>::decode(value)?)
            }
        }
    };
}
#[cfg(feature = "sql")]
pub(crate) use stored_as;

#[cfg(feature = "sql")]
mod sql {
    use sqlx::{Database, Decode, Encode, Type, encode::IsNull, error::BoxDynError};

    use super::{Id, Uuid};

    impl<K, D: Database> Type<D> for Id<K>
    where
        Uuid: Type<D>,
    {
        fn type_info() -> D::TypeInfo {
            Uuid::type_info()
        }

        fn compatible(ty: &D::TypeInfo) -> bool {
            Uuid::compatible(ty)
        }
    }

    impl<'q, K, D: Database> Encode<'q, D> for Id<K>
    where
        Uuid: Encode<'q, D>,
    {
        fn encode_by_ref(
            &self,
            buffer: &mut D::ArgumentBuffer,
        ) -> Result<IsNull, BoxDynError> {
            self.raw.encode_by_ref(buffer)
        }
    }

    impl<'r, K, D: Database> Decode<'r, D> for Id<K>
    where
        Uuid: Decode<'r, D>,
    {
        fn decode(value: D::ValueRef<'r>) -> Result<Self, BoxDynError> {
            Uuid::decode(value).map(Self::from_uuid)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Id, IdError};
    use crate::{Organisation, Person};

    #[test]
    fn an_id_survives_the_trip_through_text() {
        let id = Id::<Organisation>::mint();
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.to_string().len(), "org_".len() + 26);
    }

    #[test]
    fn an_id_of_another_kind_is_refused_by_name() {
        let organisation = Id::<Organisation>::mint().to_string();
        let error = organisation.parse::<Id<Person>>().unwrap_err();
        assert!(
            matches!(error, IdError::WrongKind { expected: "per", found } if found == "org")
        );
    }

    #[test]
    fn a_first_digit_above_seven_would_not_fit() {
        assert!("org_80000000000000000000000000".parse::<Id<Organisation>>().is_err());
        assert!("org_7zzzzzzzzzzzzzzzzzzzzzzzzz".parse::<Id<Organisation>>().is_ok());
    }
}
