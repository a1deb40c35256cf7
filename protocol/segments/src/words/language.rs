use super::Words;

/// A language that people read here.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// French.
    French,
    /// Spanish.
    Spanish,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::English, Self::French, Self::Spanish];

    /// Reads a tag of BCP 47 or a locale, such as `fr`, `es-MX`, `fr_CA.UTF-8`; none for a
    /// language that is not here. `C` and `POSIX` are English.
    pub fn read(tag: &str) -> Option<Self> {
        let own = tag.split(['-', '_', '.', '@']).next().unwrap_or_default();
        match own.to_ascii_lowercase().as_str() {
            "en" | "c" | "posix" => Some(Self::English),
            "fr" => Some(Self::French),
            "es" => Some(Self::Spanish),
            _ => None,
        }
    }

    /// Its tag, such as `fr`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
            Self::Spanish => "es",
        }
    }

    /// Its words.
    pub const fn words(self) -> Words {
        Words::of(self)
    }
}
