//! Transfer encodings, and the canonical form of text.

use std::borrow::Cow;

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose},
};

use crate::{Broken, Fields};

/// Base64 whose padding may be missing, as some senders have it.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// How content is written for transport (RFC 2045, 6).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TransferEncoding {
    /// `7bit`, `8bit` or `binary`: as it is.
    Identity,
    /// `base64`.
    Base64,
    /// `quoted-printable`.
    QuotedPrintable,
}

impl TransferEncoding {
    /// What the fields say; `binary` if they say nothing.
    ///
    /// # Errors
    /// [`Broken::UnknownEncoding`].
    pub fn of(fields: &Fields) -> Result<Self, Broken> {
        let told = fields.get("Content-Transfer-Encoding").unwrap_or("binary");
        Ok(match told.trim().to_ascii_lowercase().as_str() {
            "" | "7bit" | "8bit" | "binary" => Self::Identity,
            "base64" => Self::Base64,
            "quoted-printable" => Self::QuotedPrintable,
            _ => return Err(Broken::UnknownEncoding(told.chars().take(40).collect())),
        })
    }
}

/// The content without its transfer encoding.
///
/// # Errors
/// [`Broken::NotEncoded`].
pub fn decode(content: &[u8], by: TransferEncoding) -> Result<Cow<'_, [u8]>, Broken> {
    match by {
        TransferEncoding::Identity => Ok(Cow::Borrowed(content)),
        TransferEncoding::Base64 => {
            let letters: Vec<u8> = content
                .iter()
                .copied()
                .filter(|byte| !byte.is_ascii_whitespace())
                .collect();
            let decoded = LENIENT.decode(letters);
            decoded.map(Cow::Owned).map_err(|_bad| Broken::NotEncoded("base64"))
        }
        TransferEncoding::QuotedPrintable => quoted_printable(content).map(Cow::Owned),
    }
}

/// Source: RFC 2045, 6.7.
fn quoted_printable(content: &[u8]) -> Result<Vec<u8>, Broken> {
    let mut out = Vec::with_capacity(content.len());
    let mut rest = content;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'=' {
            out.push(*first);
        } else if let Some(after) =
            after.strip_prefix(b"\r\n").or(after.strip_prefix(b"\n"))
        {
            rest = after;
        } else {
            let hex = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
            let code = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
            out.push(code.ok_or(Broken::NotEncoded("quoted-printable"))?);
            rest = after.get(2..).unwrap_or_default();
        }
    }
    Ok(out)
}

/// Base64 in lines of 76 letters, without a line break at the end.
pub fn base64_lines(bytes: &[u8]) -> String {
    let letters = general_purpose::STANDARD.encode(bytes);
    let mut out = String::with_capacity(letters.len().saturating_add(letters.len() / 30));
    for (at, letter) in letters.chars().enumerate() {
        if at > 0 && at.checked_rem(76) == Some(0) {
            out.push_str("\r\n");
        }
        out.push(letter);
    }
    out
}

/// Text with every line break as CRLF: the form in which it is signed.
///
/// Source: RFC 8551, 3.1.1.
pub fn canonical(text: &[u8]) -> Cow<'_, [u8]> {
    let mut before = 0_u8;
    let bare = text.iter().any(|byte| {
        let bare = *byte == b'\n' && before != b'\r';
        before = *byte;
        bare
    });
    if !bare {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len().saturating_add(text.len() / 30));
    let mut before = 0_u8;
    for byte in text {
        if *byte == b'\n' && before != b'\r' {
            out.push(b'\r');
        }
        out.push(*byte);
        before = *byte;
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::{TransferEncoding as By, base64_lines, canonical, decode};
    use crate::Broken;

    #[test]
    fn each_encoding_is_undone() {
        let long: Vec<u8> = (0..=255).cycle().take(1000).collect();
        let lines = base64_lines(&long);

        assert!(lines.split("\r\n").all(|line| line.len() <= 76));
        assert_eq!(*decode(lines.as_bytes(), By::Base64).unwrap(), *long);
        assert_eq!(*decode(b"YQ", By::Base64).unwrap(), *b"a");
        assert_eq!(*decode(b"a=3D=\r\nb=\nc", By::QuotedPrintable).unwrap(), *b"a=bc");
        assert_eq!(
            decode(b"a=xy", By::QuotedPrintable),
            Err(Broken::NotEncoded("quoted-printable"))
        );
        assert_eq!(decode(b"!!", By::Base64), Err(Broken::NotEncoded("base64")));
    }

    #[test]
    fn only_bare_line_feeds_change() {
        assert_eq!(*canonical(b"a\nb\r\n\n\rc"), *b"a\r\nb\r\n\r\n\rc");
    }
}
