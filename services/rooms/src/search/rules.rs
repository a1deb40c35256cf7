//! What is sought, as it was typed. Pure.
//!
//! Words must all be there; the last one may be only begun. Words in quotes stand together, and
//! so do those that no blank parts (`2,5`, `a@b.example`). `from:olga`, `before:2026-11-01` and
//! `after:2026-11-01` (from that day on, in UTC) narrow it, in English, French and Spanish.

use kernel::{Day, Id, Moment, Person, Room, text::spoken};
use store::Dialect;

/// How many words and groups of words one search has at most; more are not looked at.
const MOST_TERMS: usize = 12;
/// How many characters the beginning of a word needs.
const SHORTEST_BEGINNING: usize = 2;

/// Words that stand together.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Term {
    /// In their order, folded; at least one.
    pub(super) words: Vec<String>,
    /// Whether the last of them may be longer.
    pub(super) is_begun: bool,
}

/// What is sought.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Sought {
    /// All of these were said,
    pub(super) said: Vec<Term>,
    /// by somebody whose name has words that begin so,
    pub(super) by: Vec<String>,
    /// or by oneself,
    pub(super) is_own: bool,
    /// from the first moment on, and before the second.
    pub(super) span: (Moment, Moment),
}

/// What a statement looks for.
#[derive(Clone, Debug)]
pub(super) struct Looks {
    /// In the database's own words.
    pub(super) words: String,
    /// Said by this person only.
    pub(super) by: Option<Id<Person>>,
    /// From the first moment on, and before the second.
    pub(super) span: (Moment, Moment),
    /// Came before the one of this number.
    pub(super) below: i64,
}

/// Which word of a search narrows it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Key {
    From,
    Before,
    After,
}

impl Key {
    fn read(word: &str) -> Option<Self> {
        match word.to_lowercase().as_str() {
            "from" | "de" => Some(Self::From),
            "before" | "avant" | "antes" => Some(Self::Before),
            "after" | "après" | "apres" | "desde" => Some(Self::After),
            _ => None,
        }
    }
}

/// A piece of what was typed.
#[derive(Debug, Default)]
struct Chunk {
    key: Option<Key>,
    text: String,
    is_quoted: bool,
}

/// Why a search was refused.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0}")]
pub(super) struct BadDay(#[from] kernel::DayError);

impl Sought {
    /// Reads what was typed.
    ///
    /// # Errors
    /// [`BadDay`] where `before:` or `after:` names no day.
    pub(super) fn read(typed: &str) -> Result<Self, BadDay> {
        let always = (Moment::from_micros(i64::MIN), Moment::from_micros(i64::MAX));
        let mut sought =
            Self { said: Vec::new(), by: Vec::new(), is_own: false, span: always };
        let (chunks, is_open) = chunks(typed);
        let last = chunks.len();
        for (chunk, place) in chunks.into_iter().zip(1..) {
            let mut words = spoken(&chunk.text).into_iter().map(|it| it.folded);
            match chunk.key {
                None => {
                    let words: Vec<String> = words.collect();
                    let is_long = |it: &String| it.chars().count() >= SHORTEST_BEGINNING;
                    let is_begun = place == last
                        && is_open
                        && !chunk.is_quoted
                        && words.last().is_some_and(is_long);
                    if !words.is_empty() && sought.said.len() < MOST_TERMS {
                        sought.said.push(Term { words, is_begun });
                    }
                }
                Some(Key::From) if is_me(&chunk.text) => sought.is_own = true,
                Some(Key::From) => {
                    let room = MOST_TERMS.saturating_sub(sought.by.len());
                    sought.by.extend(words.by_ref().take(room));
                }
                Some(Key::Before) => sought.span.1 = moment(&chunk.text)?,
                Some(Key::After) => sought.span.0 = moment(&chunk.text)?,
            }
        }
        Ok(sought)
    }

    /// Whether nothing is sought: a time alone is no search.
    pub(super) const fn is_empty(&self) -> bool {
        self.said.is_empty() && self.by.is_empty() && !self.is_own
    }

    /// What is sought as the database is asked, in these rooms if they are told.
    ///
    /// Words are letters and digits, so nothing in them means anything to a database.
    pub(super) fn expression(
        &self,
        dialect: Dialect,
        rooms: Option<&[Id<Room>]>,
    ) -> String {
        let said = self.said.iter().map(|term| match dialect {
            Dialect::Sqlite => {
                let star = if term.is_begun { " *" } else { "" };
                format!("words : \"{}\"{star}", term.words.join(" "))
            }
            Dialect::Postgres => {
                let quoted = term.words.iter().map(|word| format!("'{word}'"));
                let star = if term.is_begun { ":*" } else { "" };
                format!("({}{star})", quoted.collect::<Vec<_>>().join(" <-> "))
            }
        });
        let by = self.by.iter().map(|word| match dialect {
            Dialect::Sqlite => format!("author : \"{word}\" *"),
            Dialect::Postgres => format!("'@{word}':*"),
        });
        let rooms = rooms.map(|rooms| {
            let tags = rooms.iter().map(|room| room.uuid().simple());
            match dialect {
                Dialect::Sqlite => {
                    let tags: Vec<_> = tags.map(|tag| format!("\"{tag}\"")).collect();
                    format!("room : ({})", tags.join(" OR "))
                }
                Dialect::Postgres => {
                    let tags: Vec<_> = tags.map(|tag| format!("'={tag}'")).collect();
                    format!("({})", tags.join(" | "))
                }
            }
        });
        let and = match dialect {
            Dialect::Sqlite => " AND ",
            Dialect::Postgres => " & ",
        };
        said.chain(by).chain(rooms).collect::<Vec<_>>().join(and)
    }
}

fn is_me(text: &str) -> bool {
    ["me", "moi", "mi", "mí", "yo"].contains(&text.to_lowercase().as_str())
}

/// The beginning of a day, in UTC.
fn moment(text: &str) -> Result<Moment, BadDay> {
    let day: Day = text.parse()?;
    let moment = format!("{day}T00:00:00Z").parse();
    Ok(moment.unwrap_or(Moment::from_micros(0)))
}

/// What was typed, in pieces; and whether the last one may go on.
fn chunks(typed: &str) -> (Vec<Chunk>, bool) {
    let mut all = Vec::new();
    let mut chunk = Chunk::default();
    let mut is_inside = false;
    for letter in typed.chars() {
        let is_quote = matches!(letter, '"' | '“' | '”' | '„' | '«' | '»');
        if is_inside && is_quote {
            is_inside = false;
            all.push(std::mem::take(&mut chunk));
        } else if is_quote {
            if !chunk.text.is_empty() {
                all.push(std::mem::take(&mut chunk));
            }
            (is_inside, chunk.is_quoted) = (true, true);
        } else if letter.is_whitespace() && !is_inside {
            if !chunk.text.is_empty() {
                all.push(std::mem::take(&mut chunk));
            }
        } else if let Some(key) = Key::read(&chunk.text)
            .filter(|_| letter == ':' && chunk.key.is_none() && !is_inside)
        {
            chunk = Chunk { key: Some(key), ..Chunk::default() };
        } else {
            chunk.text.push(letter);
        }
    }
    let is_open = !chunk.text.is_empty();
    if is_open {
        all.push(chunk);
    }
    (all, is_open)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(words: &[&str], is_begun: bool) -> Term {
        let words = words.iter().map(|&it| it.to_owned()).collect();
        Term { words, is_begun }
    }

    #[test]
    fn only_the_last_word_may_be_just_begun() {
        let said = |typed: &str| Sought::read(typed).unwrap().said;
        assert_eq!(said("Été prix"), [term(&["ete"], false), term(&["prix"], true)]);
        assert_eq!(said("prix "), [term(&["prix"], false)]);
        assert_eq!(said("p"), [term(&["p"], false)], "one letter begins too many words");
        assert_eq!(said("2,5"), [term(&["2", "5"], false)]);
        assert_eq!(said("ana@nord.ex"), [term(&["ana", "nord", "ex"], true)]);
        assert_eq!(
            said("« net price » now"),
            [term(&["net", "price"], false), term(&["now"], true)]
        );
        assert_eq!(said("\"net pri"), [term(&["net", "pri"], false)]);
        assert_eq!(said("a:b"), [term(&["a", "b"], false)], "no key of ours");
        assert_eq!(said(" ! - "), []);
        assert_eq!(said(&"w ".repeat(40)).len(), MOST_TERMS);
    }

    #[test]
    fn keys_narrow_in_three_languages() {
        let sought =
            Sought::read("from:\"Olga P\" de:moi after:2026-11-01 antes:2026-11-02");
        let sought = sought.unwrap();
        assert_eq!(
            (sought.by, sought.is_own),
            (vec!["olga".to_owned(), "p".to_owned()], true)
        );
        assert_eq!(sought.span.1.micros() - sought.span.0.micros(), 86_400_000_000);
        assert!(Sought::read("before:soon").is_err());
        assert!(Sought::read("after:2026-11-01").unwrap().is_empty());
    }

    #[test]
    fn a_search_means_nothing_to_a_database_but_its_words() {
        let sought = Sought::read("x' | '=1\" OR words:NEAR(a* \\ -b) from:o'x").unwrap();
        let lite = sought.expression(Dialect::Sqlite, None);
        let pg = sought.expression(Dialect::Postgres, None);
        assert!(!lite.contains(['\'', '|', '\\', '(']), "{lite}");
        assert!(!pg.contains(['"', '\\', '*', '|']), "{pg}");
        let room = Id::mint();
        let lite = sought.expression(Dialect::Sqlite, Some(&[room, room]));
        assert!(lite.ends_with(&format!("\"{}\")", room.uuid().simple())), "{lite}");
    }
}
