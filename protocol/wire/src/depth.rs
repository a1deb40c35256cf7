//! How deep a JSON text nests, told without reading it: before anything is built from it.

/// The byte at which a text first nests deeper than `most`, if it does.
///
/// Texts that are no JSON get an answer too, of no meaning: their reader refuses them.
pub(crate) fn first_deeper_than(text: &str, most: usize) -> Option<usize> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (place, byte) in text.bytes().enumerate() {
        if quoted {
            let ends = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            quoted = !ends;
            continue;
        }
        match byte {
            b'"' => quoted = true,
            b'{' | b'[' => {
                depth = depth.saturating_add(1);
                if depth > most {
                    return Some(place);
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _other => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::first_deeper_than;

    #[test]
    fn only_brackets_outside_of_texts_nest() {
        assert_eq!(first_deeper_than(r#"{"a":[[1]]}"#, 3), None);
        assert_eq!(first_deeper_than(r#"{"a":[[[1]]]}"#, 3), Some(7));
        assert_eq!(first_deeper_than(r#"{"a":"[[[[\"[["}"#, 1), None);
        assert_eq!(first_deeper_than(r#"["\\",[]]"#, 1), Some(6));
    }
}
