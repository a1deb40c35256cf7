//! What files are called, and what they are. Pure: a name and a type that a stranger gave are
//! believed in nothing.

/// The longest name, in characters.
const LONGEST: usize = 120;

/// A name that can stand in a list, in a header and in a folder.
///
/// Of a path the last part is kept. Characters that end a line, turn the direction of reading
/// (so that `exe.gpj` looks like a picture) or are invisible are left out; those that file
/// systems refuse become `_`. A long name keeps its ending.
pub fn clean_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).find(|part| !part.trim().is_empty());
    let kept = last.unwrap_or_default().chars().filter(|it| !is_hidden(*it));
    let safe = |it| if "<>:\"|?*".contains(it) { '_' } else { it };
    let name: String = kept.map(safe).collect();
    let name = name.trim().trim_start_matches('.').trim_end_matches(['.', ' ']);
    if name.is_empty() {
        return "file".to_owned();
    }
    let count = name.chars().count();
    if count <= LONGEST {
        return name.to_owned();
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    let ending = ending.filter(|it| it.chars().count() <= 10);
    let ending = ending.map(|it| format!(".{it}")).unwrap_or_default();
    let room = LONGEST - ending.chars().count();
    name.chars().take(room).chain(ending.chars()).collect()
}

fn is_hidden(it: char) -> bool {
    it.is_control()
        || matches!(it, '\u{ad}' | '\u{61c}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
        || ('\u{200b}'..='\u{200f}').contains(&it)
        || ('\u{2028}'..='\u{202e}').contains(&it)
        || ('\u{2060}'..='\u{206f}').contains(&it)
        || ('\u{e0000}'..='\u{e007f}').contains(&it)
}

/// What bytes are, by themselves; whatever could run or be taken for a page is
/// `application/octet-stream`.
pub fn kind_of(bytes: &[u8]) -> &'static str {
    const SIGNS: &[(&[u8], &str)] = &[
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"%PDF-", "application/pdf"),
    ];
    let signed = SIGNS.iter().find(|(sign, _)| bytes.starts_with(sign));
    if let Some((_, kind)) = signed {
        return kind;
    }
    let is_webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    if is_webp {
        return "image/webp";
    }
    "application/octet-stream"
}

/// Whether a browser may show it in place of a link: pictures alone.
pub fn is_picture(kind: &str) -> bool {
    matches!(kind, "image/png" | "image/jpeg" | "image/gif" | "image/webp")
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, clean_name, is_picture, kind_of};

    #[test]
    fn a_hostile_name_becomes_a_plain_one() {
        for (given, clean) in [
            ("plan.pdf", "plan.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\x\\a.docx", "a.docx"),
            ("a\r\nSet-Cookie: x=1", "aSet-Cookie_ x=1"),
            ("photo\u{202e}gpj.exe", "photogpj.exe"),
            ("..", "file"),
            ("", "file"),
            (".htaccess", "htaccess"),
            ("a.exe. . ", "a.exe"),
            ("Été № 7.png", "Été № 7.png"),
            ("\"a\".png", "_a_.png"),
            ("a\0b", "ab"),
            ("folder/", "folder"),
        ] {
            assert_eq!(clean_name(given), clean, "{given:?}");
        }
        let long = clean_name(&format!("{}.pdf", "é".repeat(500)));
        assert!(long.chars().count() == LONGEST && long.ends_with("é.pdf"));
        assert_eq!(clean_name(&".".repeat(500)), "file");
    }

    #[test]
    fn only_bytes_say_what_a_file_is() {
        assert_eq!(kind_of(b"\x89PNG\r\n\x1a\n..."), "image/png");
        assert_eq!(kind_of(b"RIFF\0\0\0\0WEBPVP8 "), "image/webp");
        assert_eq!(kind_of(b"%PDF-1.7"), "application/pdf");
        for page in [b"<svg onload=x>".as_slice(), b"<html>", b"", b"RIFF", b"MZ"] {
            assert_eq!(kind_of(page), "application/octet-stream");
            assert!(!is_picture(kind_of(page)));
        }
    }
}
