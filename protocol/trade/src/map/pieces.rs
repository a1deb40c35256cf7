//! Texts that are longer than a place takes.
//!
//! A piece that fills its place to the last character goes on in the next without a blank; after
//! a shorter one stands a blank. Cut so, every text whose words stand one blank apart comes back
//! as it was, save where a word is exactly as long as the place.

/// Cuts a text into pieces of at most `width` characters.
pub(crate) fn cut(text: &str, width: usize) -> Vec<String> {
    let width = width.max(2);
    let short = width.saturating_sub(1);
    let mut all = Vec::new();
    let mut open = String::new();
    let mut count = 0_usize;
    for word in text.split_whitespace() {
        let letters: Vec<char> =
            word.chars().filter(|letter| !letter.is_control()).collect();
        let together = count.saturating_add(1).saturating_add(letters.len());
        if count > 0 && together <= short {
            open.push(' ');
            open.extend(&letters);
            count = together;
            continue;
        }
        if count > 0 {
            all.push(std::mem::take(&mut open));
        }
        let mut rest = letters.as_slice();
        while rest.len() > short {
            let (head, tail) = rest.split_at_checked(width).unwrap_or((rest, &[]));
            all.push(head.iter().collect());
            rest = tail;
        }
        open.extend(rest);
        count = rest.len();
    }
    if !open.is_empty() {
        all.push(open);
    }
    all
}

/// Puts the next piece behind a text; `filled` tells whether the piece before filled its place.
pub(crate) fn join(text: &mut String, piece: &str, filled: bool) {
    if !text.is_empty() && !filled && !piece.is_empty() {
        text.push(' ');
    }
    text.push_str(piece);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn property_a_text_comes_back_from_its_pieces(
            words in prop::collection::vec("[a-zäß]{1,12}", 0..40), width in 13_usize..40,
        ) {
            let text = words.join(" ");
            let (mut back, mut filled) = (String::new(), false);
            for piece in cut(&text, width) {
                prop_assert!(piece.chars().count() <= width);
                join(&mut back, &piece, filled);
                filled = piece.chars().count() == width;
            }
            prop_assert_eq!(back, text);
        }
    }

    #[test]
    fn a_word_longer_than_the_place_goes_on_without_a_blank() {
        let pieces = cut("see https://example.org/very/long now", 8);
        let (mut back, mut filled) = (String::new(), false);
        for piece in &pieces {
            join(&mut back, piece, filled);
            filled = piece.chars().count() == 8;
        }
        assert_eq!(back, "see https://example.org/very/long now");
    }
}
