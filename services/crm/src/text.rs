//! Names as they are compared: without capitals, accents and punctuation.

use kernel::Id;

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

/// The first text after every text that begins with `prefix`: the end of an index range.
pub(crate) fn after_prefix(prefix: &str) -> String {
    format!("{prefix}\u{10ffff}")
}

/// Ids as a JSON list of hexadecimal texts: how a statement takes many.
pub(crate) fn id_list<K>(ids: &[Id<K>]) -> String {
    let quoted = ids.iter().map(|id| format!("\"{}\"", id.uuid().simple()));
    format!("[{}]", quoted.collect::<Vec<_>>().join(","))
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
    use super::{after_prefix, fold, words};

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
    fn a_prefix_ends_behind_all_its_words() {
        let end = after_prefix("ac");
        assert!("ac" < end.as_str() && "acz\u{fffd}" < end.as_str());
        assert!("ad" > end.as_str());
    }
}
