use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// A member of a merge patch (RFC 7396): absent leaves the field, null empties it. Going out
/// it is absent where the reader may not see the field, and null where it is empty.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub enum Given<T> {
    /// It was not mentioned.
    #[default]
    Absent,
    /// Null: the field shall be empty.
    Empty,
    /// A new value.
    Value(T),
}

impl<T> Given<T> {
    /// Whether the patch speaks of it.
    pub const fn is_given(&self) -> bool {
        !matches!(self, Self::Absent)
    }

    /// Whether it is not mentioned.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// A field as it goes out, if the reader may see it.
    pub(crate) fn shown(seen: bool, value: Option<T>) -> Self {
        if seen { value.map_or(Self::Empty, Self::Value) } else { Self::Absent }
    }

    /// The value after the patch, where empty is allowed.
    pub fn over(self, old: Option<T>) -> Option<T> {
        match self {
            Self::Absent => old,
            Self::Empty => None,
            Self::Value(value) => Some(value),
        }
    }

    /// With its value read more narrowly.
    ///
    /// # Errors
    /// Whatever `read` refuses.
    pub fn read<U, E>(self, read: impl FnOnce(T) -> Result<U, E>) -> Result<Given<U>, E> {
        Ok(match self {
            Self::Absent => Given::Absent,
            Self::Empty => Given::Empty,
            Self::Value(value) => Given::Value(read(value)?),
        })
    }
}

impl<T> From<Option<T>> for Given<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Self::Value)
    }
}

impl<T: Serialize> Serialize for Given<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent | Self::Empty => to.serialize_none(),
            Self::Value(value) => value.serialize(to),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let value = Option::<T>::deserialize(from).map_err(D::Error::custom)?;
        Ok(value.map_or(Self::Empty, Self::Value))
    }
}

#[cfg(test)]
mod tests {
    use super::Given;

    #[derive(serde::Deserialize)]
    struct Patch {
        #[serde(default)]
        city: Given<String>,
    }

    fn city(json: &str) -> Given<String> {
        serde_json::from_str::<Patch>(json).unwrap().city
    }

    #[test]
    fn absent_is_not_null() {
        assert_eq!(city("{}"), Given::Absent);
        assert_eq!(city(r#"{"city":null}"#), Given::Empty);
        assert_eq!(city(r#"{"city":"Lyon"}"#), Given::Value("Lyon".to_owned()));
        assert_eq!(city("{}").over(Some("Nice".to_owned())).as_deref(), Some("Nice"));
        assert_eq!(city(r#"{"city":null}"#).over(Some("Nice".to_owned())), None);
    }
}
