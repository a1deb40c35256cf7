//! Flaws, segments and elements in words that a buyer understands, in three languages.

mod keys;
mod language;
mod receipts;

use std::collections::HashMap;
use std::sync::LazyLock;

pub use language::Language;

use crate::{Broken, Flaw, Guideline, Level, Narrowing, Release, Syntax, Weight};

/// The words of one language.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Words {
    language: Language,
}

/// The English words.
pub fn english() -> Words {
    Language::English.words()
}

type Lines = HashMap<&'static str, [&'static str; 3]>;

/// The lines of `tables/words.txt`.
fn lines() -> &'static Lines {
    static LINES: LazyLock<Lines> = LazyLock::new(|| {
        let lines = crate::facts::WORDS.lines().filter(|line| !line.starts_with('#'));
        let cells = lines.filter_map(|line| {
            let mut cells = line.split('|');
            let key = cells.next()?;
            Some((key, [cells.next()?, cells.next()?, cells.next()?]))
        });
        cells.collect()
    });
    &LINES
}

impl Words {
    pub(super) const fn of(language: Language) -> Self {
        Self { language }
    }

    /// Which language they are of.
    pub const fn language(self) -> Language {
        self.language
    }

    /// What stands under a key of `tables/words.txt`: a segment, an element of X12, a sentence.
    pub fn name(self, key: &str) -> Option<&'static str> {
        let [english, french, spanish] = lines().get(key)?;
        Some(match self.language {
            Language::English => english,
            Language::French => french,
            Language::Spanish => spanish,
        })
    }

    /// What an element or composite is called, by its number in the dictionary of the syntax.
    ///
    /// Elements whose number is not known to us, such as `AIN07`, share one name.
    pub fn element(self, syntax: Syntax, reference: &str) -> Option<&'static str> {
        let named = match syntax {
            Syntax::X12 => self.name(reference),
            Syntax::Edifact => self.name(&format!("e{reference}")),
        };
        let is_placed = reference.len() == 5
            && reference.starts_with(|letter: char| letter.is_ascii_uppercase());
        named.or_else(|| self.name("other").filter(|_| is_placed))
    }

    /// What a code means; none where nobody wrote it down in this language.
    pub fn code(self, syntax: Syntax, element: &str, code: &str) -> Option<&'static str> {
        let lead = match syntax {
            Syntax::X12 => "",
            Syntax::Edifact => "e",
        };
        self.name(&format!("{lead}{element}={code}"))
    }

    /// What a code of a release means: in this language, or in English where nobody wrote it down.
    pub fn meaning<'t>(
        self,
        release: &'t Release,
        syntax: Syntax,
        element: &str,
        code: &str,
    ) -> Option<&'t str> {
        let own = self.code(syntax, element, code);
        let listed = || release.codes(element)?.meaning(code);
        own.or_else(listed).filter(|meaning| !meaning.is_empty())
    }

    /// The sentence under a key, with its `{places}` filled; the key itself where there is none.
    pub fn say(self, key: &str, values: &[(&str, &str)]) -> String {
        let Some(mut rest) = self.name(key) else {
            return key.to_owned();
        };
        let mut said = String::with_capacity(rest.len().saturating_add(32));
        while let Some((before, after)) = rest.split_once('{') {
            said.push_str(before);
            let (place, after) = after.split_once('}').unwrap_or((after, ""));
            let value = values.iter().find(|(name, _)| *name == place);
            said.push_str(value.map_or("", |(_, value)| value));
            rest = after;
        }
        said.push_str(rest);
        said
    }

    /// Tells a flaw and its place in one sentence, with the way out.
    pub fn tell(self, broken: &Broken) -> String {
        let place = self.place(broken);
        let what = self.what(broken);
        let shown = if broken.value.is_empty() || !keys::shows_its_value(&broken.flaw) {
            String::new()
        } else {
            self.say("say.quote", &[("value", &broken.value)])
        };
        let own = self.language == Language::English;
        let mend = if own { broken.mend.clone() } else { self.mend(broken) };
        let at = self.say("say.byte", &[("number", &broken.place.at.to_string())]);
        // French has a blank before both.
        let space = if self.language == Language::French { " " } else { "" };
        let mend = if mend.is_empty() { mend } else { format!("{space}; {mend}") };
        format!("{place}{shown}{space}: {what}{mend} {at}")
    }

    /// Tells what is wrong, without the place.
    pub fn what(self, broken: &Broken) -> String {
        match &broken.place.guideline {
            None if broken.flaw == Flaw::CutOff && broken.weight == Weight::Note => {
                self.sentence("rule", "cut_off_end", broken)
            }
            None => self.sentence("rule", keys::rule(&broken.flaw), broken),
            Some(line) => {
                let Guideline { guide, line, narrowing, .. } = line.as_ref();
                let (says, line) = (self.narrowed(narrowing), line.to_string());
                let values = [("says", says.as_str()), ("guide", guide), ("line", &line)];
                self.say("say.guide", &values)
            }
        }
    }

    /// Tells the way out; empty where nothing can be done about it.
    pub fn mend(self, broken: &Broken) -> String {
        if let Some(line) = &broken.place.guideline {
            return self.widened(&line.narrowing);
        }
        let reference = broken.place.reference.as_str();
        let of_unit = matches!(reference, "355" | "6411");
        let is_edifact = broken.place.syntax == Syntax::Edifact;
        let flaw = &broken.flaw;
        let is_length = matches!(flaw, Flaw::TooLong { .. } | Flaw::TooShort { .. });
        let key = if *flaw == Flaw::CutOff && broken.weight == Weight::Note {
            "cut_off_end"
        } else if *flaw == Flaw::CutOff {
            "trailer_missing"
        } else if let Flaw::ControlInvalid(level) = flaw {
            match level {
                _ if is_edifact => "control_invalid_edifact",
                Level::Interchange => "control_invalid",
                Level::Group => "control_invalid_group",
                Level::Set => "control_invalid_set",
            }
        } else if *flaw == Flaw::NotANumber && !broken.value.contains(',') {
            "not_a_number_plain"
        } else if *flaw == Flaw::HeaderValue(Level::Set) {
            "header_value_set"
        } else if matches!(flaw, Flaw::HeaderWidth { wanted, found } if found > wanted) {
            "header_shorten"
        } else if of_unit && (is_length || *flaw == Flaw::CodeUnknown) {
            "code_unknown_unit"
        } else if is_edifact && *flaw == Flaw::SegmentUnknown {
            "segment_unknown_edifact"
        } else {
            keys::rule(flaw)
        };
        self.sentence("mend", key, broken)
    }

    /// Tells what a guide asks for.
    pub fn narrowed(self, narrowing: &Narrowing) -> String {
        self.of_guide(&format!("guide.{}", narrowing.rule.key()), narrowing)
    }

    /// Tells what to do where a guide was not kept to.
    pub fn widened(self, narrowing: &Narrowing) -> String {
        self.of_guide(&format!("guide.{}.mend", narrowing.rule.key()), narrowing)
    }

    fn of_guide(self, key: &str, narrowing: &Narrowing) -> String {
        let Narrowing { tag, when, limit, .. } = narrowing;
        let what = match when {
            Some((codes, element)) => {
                let codes = codes.join(self.name("guide.or").unwrap_or(", "));
                let values =
                    [("tag", tag.as_str()), ("codes", &codes), ("element", element)];
                self.say("guide.with", &values)
            }
            None => tag.clone(),
        };
        self.say(key, &[("what", &what), ("limit", limit)])
    }

    /// Tells where it is.
    pub fn place(self, broken: &Broken) -> String {
        let place = &broken.place;
        if place.segment.is_empty() {
            return self.say("say.file", &[]);
        }
        let segment = self.called(&place.segment);
        let (key, number) = match (place.ordinal, place.number) {
            (0, 0) => ("", 0),
            (0, number) => ("say.in_file", number),
            (ordinal, _) => ("say.in_document", ordinal),
        };
        let number = self.say(key, &[("number", &number.to_string())]);
        if place.element == 0 {
            return segment + &number;
        }
        let element = format!(", {}{:02}", place.segment, place.element);
        let component = match place.component {
            0 => String::new(),
            component => format!("-{component}"),
        };
        let name = self.element(place.syntax, &place.reference);
        let name = name.map(|name| format!(" ({name})"));
        segment + &number + &element + &component + &name.unwrap_or_default()
    }

    fn called(self, tag: &str) -> String {
        self.name(tag).map_or_else(|| tag.to_owned(), |name| format!("{tag} ({name})"))
    }

    fn sentence(self, kind: &str, key: &str, broken: &Broken) -> String {
        let values = keys::values(broken, self);
        let values: Vec<(&str, &str)> =
            values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.say(&format!("{kind}.{key}"), &values)
    }
}
