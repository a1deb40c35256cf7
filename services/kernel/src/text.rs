//! Names and what is said, as they are compared: without capitals, accents and punctuation.
//!
//! Both databases find by what is folded here, and by nothing of their own, so both find the same.

/// A name as it is sorted and searched: folded letters and digits, one blank between words.
///
/// `Société Générale, S.A.` becomes `societe generale s a`. Letters of other scripts stay as
/// they are, in lower case. A name without any letter or digit folds to its lower case.
pub fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    let mut gap = false;
    for letter in name.chars().flat_map(char::to_lowercase) {
        if letter == '\'' || letter == '’' || is_mark(letter) {
            continue;
        }
        if letter.is_alphanumeric() {
            if gap && !folded.is_empty() {
                folded.push(' ');
            }
            gap = false;
            plain(letter, &mut folded);
        } else {
            gap = true;
        }
    }
    if folded.is_empty() {
        let lower = name.trim().to_lowercase();
        return lower.chars().filter(|letter| !letter.is_control()).collect();
    }
    folded
}

/// The words of a name, folded, each once.
pub fn words(name: &str) -> Vec<String> {
    let folded = fold(name);
    let mut words: Vec<String> = folded.split(' ').map(str::to_owned).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// One word of something that was said.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Spoken {
    /// Where it begins, in bytes.
    pub start: usize,
    /// Where it ends, in bytes.
    pub end: usize,
    /// The word, folded; at most [`LONGEST_WORD`] characters of it.
    pub folded: String,
}

/// How many characters of a word tell it apart.
pub const LONGEST_WORD: usize = 64;

/// The words of a text in their order, each where it stands.
///
/// Unlike [`fold`], an apostrophe ends a word: `l'accord` is found by `accord`.
pub fn spoken(text: &str) -> Vec<Spoken> {
    let mut all: Vec<Spoken> = Vec::new();
    let mut open = false;
    for (start, letter) in text.char_indices() {
        let end = start + letter.len_utf8();
        let goes_on = open.then(|| all.last_mut()).flatten();
        match goes_on {
            Some(word) if is_mark(letter) => word.end = end,
            Some(word) if letter.is_alphanumeric() => {
                word.end = end;
                lower(letter, &mut word.folded);
            }
            None if letter.is_alphanumeric() => {
                let mut folded = String::new();
                lower(letter, &mut folded);
                all.push(Spoken { start, end, folded });
                open = true;
            }
            Some(_) | None => open = false,
        }
    }
    for word in &mut all {
        if let Some((cut, _)) = word.folded.char_indices().nth(LONGEST_WORD) {
            word.folded.truncate(cut);
        }
    }
    all
}

fn lower(letter: char, out: &mut String) {
    letter.to_lowercase().filter(|it| !is_mark(*it)).for_each(|it| plain(it, out));
}

/// Combining accents, as they stand behind their letter in decomposed text.
const fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}')
}

fn plain(letter: char, out: &mut String) {
    let one = match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => 'c',
        'ď' | 'đ' | 'ð' => 'd',
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => 'e',
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => 'g',
        'ĥ' | 'ħ' => 'h',
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => 'i',
        'ĵ' => 'j',
        'ķ' => 'k',
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => 'l',
        'ñ' | 'ń' | 'ņ' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => 'o',
        'ŕ' | 'ŗ' | 'ř' => 'r',
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => 's',
        'ţ' | 'ť' | 'ŧ' | 'ț' => 't',
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => 'u',
        'ŵ' => 'w',
        'ý' | 'ÿ' | 'ŷ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        'ß' => return out.push_str("ss"),
        'æ' => return out.push_str("ae"),
        'œ' => return out.push_str("oe"),
        'þ' => return out.push_str("th"),
        other => other,
    };
    out.push(one);
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_WORD, fold, spoken, words};

    #[test]
    fn capitals_accents_and_punctuation_do_not_tell_names_apart() {
        assert_eq!(fold("Société Générale, S.A."), "societe generale s a");
        assert_eq!(fold("  Müller & Söhne GmbH "), "muller sohne gmbh");
        assert_eq!(fold("L’Oréal"), fold("LOREAL"));
        assert_eq!(fold("Cafe\u{301}"), "cafe");
        assert_eq!(fold("Straße"), "strasse");
        assert_eq!(fold("!!!"), "!!!");
        assert_eq!(fold("\0"), "", "no database would take it");
    }

    #[test]
    fn words_are_told_once() {
        assert_eq!(words("Acme acme Paris"), ["acme", "paris"]);
    }

    #[test]
    fn what_is_said_is_cut_into_words_where_they_stand() {
        let text = "L’Accord: “Cafe\u{301}” à 4,5 % — ¡Año İstanbul!";
        let told = spoken(text);
        let words: Vec<&str> = told.iter().map(|word| word.folded.as_str()).collect();
        assert_eq!(words, ["l", "accord", "cafe", "a", "4", "5", "ano", "istanbul"]);
        let stand: Vec<&str> =
            told.iter().map(|word| text.get(word.start..word.end).unwrap()).collect();
        assert_eq!(
            stand,
            ["L", "Accord", "Cafe\u{301}", "à", "4", "5", "Año", "İstanbul"]
        );
        assert_eq!(spoken(" — \u{301}"), []);
    }

    #[test]
    fn an_endless_word_is_told_by_its_beginning() {
        let told = spoken(&"é".repeat(8_000));
        assert_eq!((told.len(), told[0].folded.len()), (1, LONGEST_WORD));
        assert_eq!(told[0].end, 16_000);
    }
}
