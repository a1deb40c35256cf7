//! Values with parameters, such as `multipart/signed; micalg=sha-256; boundary="x"`.

/// A value and its parameters.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Value {
    /// What stands before the first semicolon, in lower case.
    pub word: String,
    params: Vec<(String, String)>,
}

impl Value {
    /// Reads a value with quoted strings, comments left as they are, and RFC 2231 parameters
    /// (`name*`, `name*0`, `name*1*`). What makes no sense is passed over.
    ///
    /// Source: RFC 2045, 5.1; RFC 2231, 3 and 4.
    pub fn read(text: &str) -> Self {
        let mut pieces = pieces(text).into_iter();
        let word = pieces.next().unwrap_or_default().trim().to_ascii_lowercase();
        let mut params = Vec::new();
        for piece in pieces {
            if let Some((name, value)) = piece.split_once('=') {
                let value = value.trim().to_owned();
                params.push((name.trim().to_ascii_lowercase(), value));
            }
        }
        Self { word, params }
    }

    /// A parameter by its lower-case name; one in several pieces is joined.
    pub fn param(&self, name: &str) -> Option<String> {
        if let Some(value) = self.raw(name) {
            return Some(value.to_owned());
        }
        if let Some(value) = self.raw(&format!("{name}*")) {
            return Some(extended(value));
        }
        let mut joined: Option<String> = None;
        for number in 0..32 {
            let piece = match self.raw(&format!("{name}*{number}")) {
                Some(plain) => plain.to_owned(),
                None => match self.raw(&format!("{name}*{number}*")) {
                    Some(coded) if number == 0 => extended(coded),
                    Some(coded) => percent(coded),
                    None => break,
                },
            };
            joined.get_or_insert_default().push_str(&piece);
        }
        joined
    }

    fn raw(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }
}

/// Cuts at semicolons that stand in no quotes, and takes the quotes away.
fn pieces(text: &str) -> Vec<String> {
    let (mut all, mut piece) = (Vec::new(), String::new());
    let (mut quoted, mut escaped) = (false, false);
    for letter in text.chars() {
        match letter {
            _ if escaped => {
                piece.push(letter);
                escaped = false;
            }
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ';' if !quoted => all.push(std::mem::take(&mut piece)),
            _ => piece.push(letter),
        }
    }
    all.push(piece);
    all
}

/// `charset'language'percent-coded`.
fn extended(text: &str) -> String {
    let coded = text.splitn(3, '\'').nth(2).unwrap_or(text);
    percent(coded)
}

fn percent(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let code = hex.filter(|_| *first == b'%').map(|hex| u8::from_str_radix(hex, 16));
        if let Some(Ok(code)) = code {
            bytes.push(code);
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A parameter's value as a quoted string (RFC 5322, 3.2.4). Controls are left out.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars().filter(|letter| !letter.is_control()) {
        if matches!(letter, '"' | '\\') {
            out.push('\\');
        }
        out.push(letter);
    }
    out.push('"');
    out
}

/// A file name that a stranger gave, made safe to show and to store: the last component, no
/// controls, nothing that a file system or a shell reads otherwise, at most 120 characters.
/// `None` if nothing is left.
pub fn safe_file_name(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain = |letter: char| {
        if letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_' | ' ' | '+') {
            letter
        } else {
            '_'
        }
    };
    let visible = |letter: &char| !letter.is_control() && !hides(*letter);
    let safe: String = last.chars().filter(visible).map(plain).take(120).collect();
    let safe = safe.trim_matches([' ', '.']);
    (!safe.is_empty()).then(|| safe.to_owned())
}

/// Characters that turn the direction of writing, or take no place.
const fn hides(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::{Value, quoted, safe_file_name};

    #[test]
    fn parameters_are_read_quoted_coded_and_in_pieces() {
        let value = Value::read(
            "Attachment; filename*0*=utf-8''a%20; filename*1=\"b;c\"; x=\"q\\\"r\"; Y=1",
        );

        assert_eq!(value.word, "attachment");
        assert_eq!(value.param("filename").as_deref(), Some("a b;c"));
        assert_eq!(value.param("x").as_deref(), Some("q\"r"));
        assert_eq!(value.param("y").as_deref(), Some("1"));
        assert_eq!(
            Value::read("a; n*=utf-8''%e2%82%ac").param("n").as_deref(),
            Some("€")
        );
        assert_eq!(Value::read(&format!("a; b={}", quoted("c\"; d=e"))).param("d"), None);
    }

    #[test]
    fn a_hostile_file_name_becomes_harmless() {
        let safe = |name| safe_file_name(name);

        assert_eq!(safe("../../etc/passwd").as_deref(), Some("passwd"));
        assert_eq!(safe("C:\\a\\b.edi").as_deref(), Some("b.edi"));
        assert_eq!(safe("a\u{202e}b\0;rm -rf.edi").as_deref(), Some("ab_rm -rf.edi"));
        assert_eq!(safe(".."), None);
        assert_eq!(safe("..\\"), None);
        assert_eq!(safe(&"a".repeat(500)).map(|name| name.len()), Some(120));
    }
}
