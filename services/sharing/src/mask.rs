use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Refusal;

/// The fields that may be seen: an allow-list. What it does not name is invisible, so a field
/// that is added later is seen by nobody until it is granted.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Mask(BTreeSet<String>);

/// What may be done with what is seen.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each verb is given or not, apart from the others"
)]
pub struct Verbs {
    /// Write into the space's rooms.
    pub comment: bool,
    /// Change the fields of the mask.
    pub edit: bool,
    /// Bring others in.
    pub invite: bool,
    /// Take it out as a file.
    pub export: bool,
}

/// From where a party that joins may read the logs.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    Deserialize,
    Eq,
    PartialEq,
    Serialize,
    ToSchema,
    sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum History {
    /// From the beginning.
    All,
    /// From the moment it joins.
    #[default]
    FromJoin,
}

impl Mask {
    /// Of these fields.
    pub fn of<S: Into<String>>(fields: impl IntoIterator<Item = S>) -> Self {
        Self(fields.into_iter().map(Into::into).collect())
    }

    /// Of these fields, which must all be among `known`.
    ///
    /// # Errors
    /// [`Refusal::UnknownField`] for one that is not.
    pub fn among(fields: Vec<String>, known: &[&str]) -> Result<Self, Refusal> {
        match fields.iter().find(|field| !known.contains(&field.as_str())) {
            Some(unknown) => Err(Refusal::UnknownField(unknown.clone())),
            None => Ok(Self::of(fields)),
        }
    }

    /// As it is stored: its words with commas between.
    pub fn text(&self) -> String {
        self.0.iter().map(String::as_str).collect::<Vec<_>>().join(",")
    }

    /// From its stored text.
    pub fn read(text: &str) -> Self {
        Self::of(text.split(',').filter(|word| !word.is_empty()))
    }

    /// Whether a field may be seen.
    pub fn has(&self, field: &str) -> bool {
        self.0.contains(field)
    }

    /// The fields, in order.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// The fields, in order, as a list.
    pub fn list(&self) -> Vec<String> {
        self.0.iter().cloned().collect()
    }

    /// Whether everything that `other` shows is shown by this one.
    pub fn covers(&self, other: &Self) -> bool {
        other.0.is_subset(&self.0)
    }
}

impl Verbs {
    /// Everything: what a host may do.
    pub const ALL: Self = Self { comment: true, edit: true, invite: true, export: true };
    /// Reading alone.
    pub const READ: Self =
        Self { comment: false, edit: false, invite: false, export: false };

    /// From words such as `comment`; `read` is always there. Unknown words give nothing.
    pub fn of<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        words.into_iter().fold(Self::READ, |verbs, word| match word {
            "comment" => Self { comment: true, ..verbs },
            "edit" => Self { edit: true, ..verbs },
            "invite" => Self { invite: true, ..verbs },
            "export" => Self { export: true, ..verbs },
            _ => verbs,
        })
    }

    /// Its words, `read` first.
    pub fn words(self) -> Vec<&'static str> {
        let each = [
            (true, "read"),
            (self.comment, "comment"),
            (self.edit, "edit"),
            (self.invite, "invite"),
            (self.export, "export"),
        ];
        each.into_iter().filter(|(given, _)| *given).map(|(_, word)| word).collect()
    }

    /// As it is stored.
    pub fn text(self) -> String {
        self.words().join(",")
    }

    /// From its stored text.
    pub fn read(text: &str) -> Self {
        Self::of(text.split(','))
    }
}

#[cfg(test)]
mod tests {
    use super::{Mask, Verbs};

    #[test]
    fn a_mask_survives_storing_and_shows_nothing_that_it_does_not_name() {
        let mask = Mask::of(["title", "amount"]);
        assert_eq!(Mask::read(&mask.text()), mask);
        assert!(mask.has("title") && !mask.has("margin") && !Mask::read("").has(""));
        assert!(Mask::among(vec!["margin".to_owned()], &["title"]).is_err());
    }

    #[test]
    fn verbs_survive_storing() {
        let verbs = Verbs { comment: true, edit: true, ..Verbs::READ };
        assert_eq!(verbs.text(), "read,comment,edit");
        assert_eq!(Verbs::read(&verbs.text()), verbs);
    }
}
