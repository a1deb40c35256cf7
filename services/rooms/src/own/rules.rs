//! What may be kept. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Own, Refusal};
use crate::MOST_CHARS;

/// Which notices come of a room.
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
pub(crate) enum Level {
    /// Of the first message that was not read, and of mentions.
    #[default]
    All,
    /// Only of mentions.
    Mentions,
    /// None.
    Nothing,
}

/// What is to be kept; what it does not name stays.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Change {
    pub(super) level: Option<Level>,
    /// The draft; an empty one is forgotten.
    pub(super) draft: Option<String>,
}

impl Change {
    /// A change, if it is well formed.
    ///
    /// # Errors
    /// [`Refusal::TooLong`].
    pub(super) fn new(
        level: Option<Level>,
        draft: Option<String>,
    ) -> Result<Self, Refusal> {
        // PostgreSQL keeps no NUL in a text.
        let draft = draft.map(|words| words.replace('\0', ""));
        if draft.as_ref().is_some_and(|words| words.chars().nth(MOST_CHARS).is_some()) {
            return Err(Refusal::TooLong);
        }
        let draft = draft
            .map(|words| if words.trim().is_empty() { String::new() } else { words });
        Ok(Self { level, draft })
    }

    /// Whether all of it stands already.
    pub(super) fn says_nothing_new(&self, own: &Own) -> bool {
        let kept = own.draft.as_deref().unwrap_or_default();
        self.level.is_none_or(|level| level == own.level)
            && self.draft.as_deref().is_none_or(|draft| draft == kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_as_long_as_a_message_may_be_and_blanks_are_none() {
        let draft = |words: String| Change::new(None, Some(words));
        assert!(draft("é".repeat(MOST_CHARS)).is_ok());
        assert!(matches!(draft("é".repeat(MOST_CHARS + 1)), Err(Refusal::TooLong)));
        assert_eq!(draft(" \n".to_owned()).unwrap().draft.unwrap(), "");
        assert_eq!(draft("a\0b ".to_owned()).unwrap().draft.unwrap(), "ab ");
    }

    #[test]
    fn what_stands_is_not_kept_again() {
        let own = Own { draft: Some("Hello".to_owned()), ..Own::default() };
        let change = |level, draft: Option<&str>| {
            Change::new(level, draft.map(str::to_owned)).unwrap().says_nothing_new(&own)
        };
        assert!(change(None, None));
        assert!(change(Some(Level::All), Some("Hello")));
        assert!(!change(Some(Level::Mentions), None));
        assert!(!change(None, Some("")));
        assert!(
            Change::new(None, Some(" ".into()))
                .unwrap()
                .says_nothing_new(&Own::default())
        );
    }
}
