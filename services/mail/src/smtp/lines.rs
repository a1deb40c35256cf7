//! Cutting the incoming bytes: command lines, and the mail behind `DATA`.
//!
//! Only CR LF ends a line, and only CR LF . CR LF ends a mail. A lone CR or LF is a byte like
//! any other in a mail, and a fault in a command: what one server takes for two mails, and
//! another for one, is one here.

/// What came of looking for a command line.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Line {
    /// A line, with its CR LF.
    Whole(Vec<u8>),
    /// A line with a lone CR or LF in it.
    Torn,
    /// A line longer than [`LONGEST_LINE`]; it was dropped.
    TooLong,
    /// The end of the line has not come yet.
    NotYet,
}

/// RFC 5321 § 4.5.3.1.4 asks for 512, and more for extensions.
pub(super) const LONGEST_LINE: usize = 2048;

/// Bytes that came and were not used yet.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    bytes: Vec<u8>,
    used: usize,
    dropping: bool,
}

impl Inbox {
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.used);
        self.used = 0;
        self.bytes.extend_from_slice(bytes);
    }

    fn waiting(&self) -> &[u8] {
        self.bytes.get(self.used..).unwrap_or_default()
    }

    /// Takes the next command line.
    pub(super) fn line(&mut self) -> Line {
        let end = self.waiting().windows(2).position(|pair| pair == b"\r\n");
        let Some(end) = end else {
            let length = self.waiting().len();
            if self.dropping || length > LONGEST_LINE {
                self.dropping = true;
                // A CR at the end may be half of the line's end.
                let kept = usize::from(self.waiting().last() == Some(&b'\r'));
                self.used += length - kept;
            }
            return Line::NotYet;
        };
        let line = self.waiting().get(..end + 2).unwrap_or_default().to_vec();
        self.used += end + 2;
        if std::mem::take(&mut self.dropping) || line.len() > LONGEST_LINE {
            return Line::TooLong;
        }
        let text = line.get(..end).unwrap_or_default();
        if text.iter().any(|byte| matches!(byte, b'\r' | b'\n')) {
            return Line::Torn;
        }
        Line::Whole(line)
    }

    /// Takes up to `most` bytes.
    pub(super) fn take(&mut self, most: usize) -> Vec<u8> {
        let waiting = self.waiting();
        let taken = waiting.get(..most.min(waiting.len())).unwrap_or_default().to_vec();
        self.used += taken.len();
        taken
    }

    /// Feeds a mail's reader until the mail ends (true) or the bytes do (false).
    pub(super) fn feed(&mut self, reader: &mut Dots, to: &mut Body) -> bool {
        let mut fed = 0;
        let ended = self.waiting().iter().any(|byte| {
            fed += 1;
            reader.next(*byte, to)
        });
        self.used += fed;
        ended
    }
}

/// A mail as far as it has come. What exceeds the limit is counted, not kept.
#[derive(Debug)]
pub(super) struct Body {
    bytes: Vec<u8>,
    limit: usize,
    dropped: usize,
}

impl Body {
    pub(super) const fn new(limit: usize) -> Self {
        Self { bytes: Vec::new(), limit, dropped: 0 }
    }

    pub(super) fn extend(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.push(*byte);
        }
    }

    fn push(&mut self, byte: u8) {
        if self.bytes.len() < self.limit {
            self.bytes.push(byte);
        } else {
            self.dropped += 1;
        }
    }

    /// How many bytes were over the limit.
    pub(super) const fn dropped(&self) -> usize {
        self.dropped
    }

    /// The bytes, if all of them fitted.
    pub(super) fn whole(self) -> Option<Vec<u8>> {
        (self.dropped == 0).then_some(self.bytes)
    }
}

/// Finds the end of a mail behind `DATA`, and takes away the dots that were doubled
/// (RFC 5321 § 4.5.2).
#[derive(Clone, Copy, Debug)]
pub(super) enum Dots {
    /// At the start of a line.
    Start,
    /// After a dot at the start of a line.
    Dot,
    /// After a dot and a CR.
    DotReturn,
    /// After a CR.
    Return,
    /// Within a line.
    Within,
}

impl Dots {
    /// Takes one byte; true if the mail has ended.
    fn next(&mut self, byte: u8, to: &mut Body) -> bool {
        match (&*self, byte) {
            (Self::Start, b'.') => {
                *self = Self::Dot;
                return false;
            }
            (Self::Dot, b'\r') => {
                *self = Self::DotReturn;
                return false;
            }
            (Self::DotReturn, b'\n') => return true,
            (Self::DotReturn, _) => {
                to.push(b'\r');
                *self = Self::Return;
            }
            (Self::Start | Self::Dot | Self::Return | Self::Within, _) => {}
        }
        to.push(byte);
        *self = match (&*self, byte) {
            (Self::Return, b'\n') => Self::Start,
            (_, b'\r') => Self::Return,
            _ => Self::Within,
        };
        false
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop, proptest};

    use super::{Body, Dots, Inbox, LONGEST_LINE, Line};

    fn read(wire: &[u8]) -> Option<Vec<u8>> {
        let (mut inbox, mut body) = (Inbox::default(), Body::new(1 << 20));
        inbox.push(wire);
        inbox.feed(&mut Dots::Start, &mut body).then(|| body.whole().unwrap())
    }

    fn write(mail: &[u8]) -> Vec<u8> {
        let mut wire = Vec::new();
        let mut start = true;
        for (at, byte) in mail.iter().enumerate() {
            if start && *byte == b'.' {
                wire.push(b'.');
            }
            wire.push(*byte);
            start = *byte == b'\n' && at > 0 && mail[at - 1] == b'\r';
        }
        wire.extend_from_slice(if mail.is_empty() || start {
            b".\r\n"
        } else {
            b"\r\n.\r\n"
        });
        wire
    }

    #[test]
    fn dots_that_were_doubled_are_single_again() {
        assert_eq!(read(b"..a\r\n.b\r\n..\r\n.\r\n").unwrap(), b".a\r\nb\r\n.\r\n");
        assert_eq!(read(b".\r\n").unwrap(), b"");
    }

    #[test]
    fn only_crlf_dot_crlf_ends_a_mail() {
        for wire in [
            &b"a\n.\n"[..],
            b"a\r\n.\n",
            b"a\n.\r\n",
            b"a\r.\r",
            b"a\r\n.\r",
            b"a\r.\r\n",
            b"a\r\n.\r\r\n",
            b"a\r\n\n.\r\n",
            b"a\r\n.\n\r\n",
        ] {
            assert_eq!(read(wire), None, "{wire:?}");
        }
    }

    proptest! {
        #[test]
        fn property_a_mail_of_any_bytes_survives(mail in prop::collection::vec(prop::sample::select(b"a.\r\n".to_vec()), 0..40)) {
            let read = read(&write(&mail)).unwrap();
            let whole = mail.is_empty() || mail.ends_with(b"\r\n");
            let expected = if whole { mail } else { [&mail[..], b"\r\n"].concat() };
            assert_eq!(read, expected);
        }

        #[test]
        fn property_lines_do_not_depend_on_how_bytes_arrive(
            wire in prop::collection::vec(prop::sample::select(b"ab\r\n".to_vec()), 0..60),
            cuts in prop::collection::vec(1_usize..5, 0..60),
        ) {
            let lines = |pieces: Vec<&[u8]>| {
                let (mut inbox, mut lines) = (Inbox::default(), Vec::new());
                for piece in pieces {
                    inbox.push(piece);
                    loop {
                        match inbox.line() {
                            Line::NotYet => break,
                            line @ (Line::Whole(_) | Line::Torn | Line::TooLong) => lines.push(line),
                        }
                    }
                }
                lines
            };
            let mut pieces = Vec::new();
            let mut rest = &wire[..];
            for cut in cuts {
                let (piece, after) = rest.split_at(cut.min(rest.len()));
                pieces.push(piece);
                rest = after;
            }
            pieces.push(rest);
            assert_eq!(lines(pieces), lines(vec![&wire]));
        }

        #[test]
        fn property_a_line_without_end_is_not_hoarded(pieces in prop::collection::vec(any::<u8>(), 1..50)) {
            let mut inbox = Inbox::default();
            for piece in pieces {
                inbox.push(&[if piece == b'\n' { b'x' } else { piece }; 200]);
                assert_eq!(inbox.line(), Line::NotYet);
                assert!(inbox.waiting().len() <= LONGEST_LINE + 200);
            }
            inbox.push(b"\r\n");
            assert_ne!(inbox.line(), Line::NotYet);
        }
    }
}
