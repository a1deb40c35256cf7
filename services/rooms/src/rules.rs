//! What may be said, and whom it calls. Pure.

use std::{collections::BTreeSet, fmt};

use kernel::{Id, Organisation, Person, Room};
use serde_json::{Value, json};

use crate::post::Refusal;

/// The longest message, in characters.
pub const MOST_CHARS: usize = 8_000;
/// The longest `cid`, in bytes.
const MOST_CID: usize = 64;
/// How many different people and sides one message may call.
const MOST_MENTIONS: usize = 20;
/// The longest emoji, in characters: flags of regions are this long.
const MOST_EMOJI_CHARS: usize = 10;

/// Somebody whom a message calls: `@[their name](their id)` in its words.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Mention {
    /// A person.
    Person(Id<Person>),
    /// Everybody of an organisation.
    Side(Id<Organisation>),
    /// Everybody.
    All,
}

impl fmt::Display for Mention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(id) => id.fmt(f),
            Self::Side(id) => id.fmt(f),
            Self::All => f.write_str("all"),
        }
    }
}

/// What somebody does in a room.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Act {
    /// Says something.
    Say {
        /// The words.
        body: String,
        /// The seq that it answers.
        reply_to: Option<i64>,
    },
    /// Says it better.
    Edit {
        /// The message.
        target: i64,
        /// The words.
        body: String,
    },
    /// Takes it back.
    Redact {
        /// The message.
        target: i64,
    },
    /// Reacts to it, or takes the reaction back.
    React {
        /// The message.
        target: i64,
        /// With what.
        emoji: String,
        /// Whether it is given.
        on: bool,
    },
    /// Pins it, or unpins it.
    Pin {
        /// The message.
        target: i64,
        /// Whether it is pinned.
        on: bool,
    },
    /// Hides it from all but its author's side, or shows it again.
    Hide {
        /// The message.
        target: i64,
        /// Whether it is hidden.
        on: bool,
    },
}

/// Something to be done in a room that is well formed.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Where.
    pub room: Id<Room>,
    /// The client's own id for it.
    pub cid: String,
    /// What.
    pub(crate) act: Act,
}

impl Draft {
    /// A message, if it is well formed.
    ///
    /// # Errors
    /// [`Refusal::BadCid`], [`Refusal::Empty`], [`Refusal::TooLong`], [`Refusal::BadReply`],
    /// [`Refusal::TooManyMentions`].
    pub fn new(
        room: Id<Room>,
        cid: String,
        body: String,
        reply_to: Option<i64>,
    ) -> Result<Self, Refusal> {
        Self::doing(room, cid, Act::Say { body, reply_to })
    }

    /// Anything, if it is well formed.
    ///
    /// # Errors
    /// As [`Draft::new`]; [`Refusal::BadTarget`] for a seq that no event has, and
    /// [`Refusal::BadEmoji`].
    pub fn doing(room: Id<Room>, cid: String, act: Act) -> Result<Self, Refusal> {
        if cid.is_empty() || cid.len() > MOST_CID || cid.contains('\0') {
            return Err(Refusal::BadCid);
        }
        if act.target().is_some_and(|seq| seq < 1) {
            return Err(Refusal::BadTarget);
        }
        let act = match act {
            Act::Say { reply_to: Some(..1), .. } => return Err(Refusal::BadReply),
            Act::Say { body, reply_to } => Act::Say { body: words(body)?, reply_to },
            Act::Edit { target, body } => Act::Edit { target, body: words(body)? },
            Act::React { emoji, .. } if !is_emoji(&emoji) => {
                return Err(Refusal::BadEmoji);
            }
            other @ (Act::Redact { .. }
            | Act::React { .. }
            | Act::Pin { .. }
            | Act::Hide { .. }) => other,
        };
        Ok(Self { room, cid, act })
    }
}

impl Act {
    /// The message that it is about; none if it says something of its own.
    pub(crate) const fn target(&self) -> Option<i64> {
        match self {
            Self::Say { .. } => None,
            Self::Edit { target, .. }
            | Self::Redact { target }
            | Self::React { target, .. }
            | Self::Pin { target, .. }
            | Self::Hide { target, .. } => Some(*target),
        }
    }

    /// What its event tells besides its words.
    pub(crate) fn detail(&self) -> Option<Value> {
        match self {
            Self::Say { body, .. } | Self::Edit { body, .. } => {
                let called: Vec<_> =
                    mentions(body).iter().map(Mention::to_string).collect();
                (!called.is_empty()).then(|| json!({ "mentions": called }))
            }
            Self::Redact { .. } => None,
            Self::React { emoji, on, .. } => Some(json!({ "emoji": emoji, "on": on })),
            Self::Pin { on, .. } | Self::Hide { on, .. } => Some(json!({ "on": on })),
        }
    }
}

fn words(body: String) -> Result<String, Refusal> {
    // PostgreSQL keeps no NUL in a text.
    let body = if body.contains('\0') { body.replace('\0', "") } else { body };
    if body.trim().is_empty() {
        return Err(Refusal::Empty);
    }
    if body.chars().nth(MOST_CHARS).is_some() {
        return Err(Refusal::TooLong);
    }
    if mentions(&body).len() > MOST_MENTIONS {
        return Err(Refusal::TooManyMentions);
    }
    Ok(body)
}

/// Whom a message calls. What only looks like a mention is text.
pub fn mentions(body: &str) -> BTreeSet<Mention> {
    let mut called = BTreeSet::new();
    for part in body.split("@[").skip(1) {
        let id = part.split_once("](").and_then(|(name, rest)| {
            let (id, _) = rest.split_once(')')?;
            (!name.contains(['[', ']', '\n'])).then_some(id)
        });
        let mention = match id {
            Some("all") => Some(Mention::All),
            Some(id) => id
                .parse()
                .map(Mention::Person)
                .ok()
                .or_else(|| id.parse().map(Mention::Side).ok()),
            None => None,
        };
        called.extend(mention);
    }
    called
}

/// Whether a text is one emoji, as far as that can be told without a table: short, without
/// letters, blanks and what turns text around.
fn is_emoji(text: &str) -> bool {
    let plain = |letter: char| {
        letter.is_whitespace()
            || letter.is_control()
            || (letter.is_alphabetic() && u32::from(letter) < 0x1_F000)
            || matches!(letter, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    text.chars().count() <= MOST_EMOJI_CHARS
        && text.chars().any(|letter| u32::from(letter) > 0xff)
        && !text.chars().any(plain)
        && !text.contains(['<', '>', '&', '"', '\'', '`', '\\'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doing(act: Act) -> Result<Draft, Refusal> {
        Draft::doing(Id::mint(), "c1".to_owned(), act)
    }

    fn say(body: &str) -> Result<Draft, Refusal> {
        Draft::new(Id::mint(), "c1".to_owned(), body.to_owned(), None)
    }

    #[test]
    fn a_message_has_one_to_eight_thousand_characters() {
        assert!(say(&"é".repeat(MOST_CHARS)).is_ok());
        assert!(matches!(say(&"é".repeat(MOST_CHARS + 1)), Err(Refusal::TooLong)));
        assert!(matches!(say(" \n"), Err(Refusal::Empty)));
        let edit = |body: &str| doing(Act::Edit { target: 1, body: body.to_owned() });
        assert!(matches!(edit(" "), Err(Refusal::Empty)));
        assert!(edit("better").is_ok());
    }

    #[test]
    fn a_cid_is_neither_empty_nor_endless() {
        let draft =
            |cid: &str| Draft::new(Id::mint(), cid.to_owned(), "hello".to_owned(), None);
        assert!(draft(&"c".repeat(64)).is_ok());
        assert!(matches!(draft(""), Err(Refusal::BadCid)));
        assert!(matches!(draft(&"c".repeat(65)), Err(Refusal::BadCid)));
    }

    #[test]
    fn a_target_is_a_seq() {
        assert!(matches!(doing(Act::Redact { target: 0 }), Err(Refusal::BadTarget)));
        assert!(matches!(
            doing(Act::Pin { target: -1, on: true }),
            Err(Refusal::BadTarget)
        ));
        assert!(doing(Act::Pin { target: 1, on: true }).is_ok());
        let reply = Draft::new(Id::mint(), "c".to_owned(), "x".to_owned(), Some(0));
        assert!(matches!(reply, Err(Refusal::BadReply)));
    }

    #[test]
    fn an_emoji_is_no_text() {
        let react = |emoji: &str| {
            doing(Act::React { target: 1, emoji: emoji.to_owned(), on: true }).is_ok()
        };
        for emoji in ["👍", "❤️", "1️⃣", "👩‍👩‍👧‍👦", "🇫🇷", "✅", "🏳️‍🌈"]
        {
            assert!(react(emoji), "{emoji}");
        }
        for text in [
            "",
            "a",
            "ok",
            "é",
            "1",
            "👍 👍",
            "\u{202e}👍",
            "<b>👍",
            "👍👍👍👍👍👍👍👍👍👍👍",
            "да",
        ] {
            assert!(!react(text), "{text}");
        }
    }

    #[test]
    fn mentions_are_read_from_the_words_and_the_rest_is_text() {
        let (person, side): (Id<Person>, Id<Organisation>) = (Id::mint(), Id::mint());
        let body = format!(
            "@[Ana]({person}) and @[Nordwind]({side}), @[all](all), @[Ana]({person}) again, me@[x], @[y](room_1), @[z"
        );
        let called: Vec<_> = mentions(&body).into_iter().collect();
        assert_eq!(called, [Mention::Person(person), Mention::Side(side), Mention::All]);
        assert_eq!(mentions("no@[one](here"), BTreeSet::new());
    }

    #[test]
    fn a_message_calls_at_most_twenty() {
        let call = |many: usize| -> String {
            (0..many)
                .map(|_| format!("@[x]({})", Id::<Person>::mint()))
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert!(say(&call(MOST_MENTIONS)).is_ok());
        assert!(matches!(say(&call(MOST_MENTIONS + 1)), Err(Refusal::TooManyMentions)));
    }
}
