//! One conversation, as a value: bytes in, replies out, and two questions in between.
//!
//! Nothing here waits or knows of sockets, so every way in which bytes may arrive can be
//! tried. Source: RFC 5321; RFC 1870 (SIZE), 2920 (PIPELINING), 3030 (CHUNKING), 3207
//! (STARTTLS), 6152 (8BITMIME), 6531 (SMTPUTF8), 2034 (ENHANCEDSTATUSCODES).

use smtp_proto::{MAIL_BODY_BINARYMIME, MailFrom, Request};

use super::lines::{Body, Dots, Inbox, Line};

/// What the conversation needs next.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Step {
    /// More bytes; what was said so far may be sent.
    Bytes,
    /// To know whether mail for this address is taken; answer by [`Session::recipient`].
    Recipient(String),
    /// To have this mail kept; answer by [`Session::kept`].
    Keep(Mail),
    /// The other side wants TLS, and was told to go ahead.
    StartTls,
    /// The end, once what was said has been sent.
    Close,
}

/// A mail that has arrived whole.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Mail {
    /// How the other side names itself.
    pub(super) helo: String,
    /// The envelope's sender; empty for bounces.
    pub(super) from: String,
    /// The envelope's recipients, each of which was found to be known.
    pub(super) recipients: Vec<String>,
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
}

/// What the desk says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Verdict {
    /// Yes.
    Taken,
    /// No, and not later either.
    Unknown,
    /// Not now.
    Later,
}

/// Whether TLS can still be had.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Cover {
    /// There is no certificate.
    None,
    /// It is offered.
    Offered,
    /// It is there.
    Up,
}

#[derive(Debug)]
enum Phase {
    Command,
    Asking(String),
    Data(Dots, Body),
    Chunk { left: usize, last: bool },
    Keeping,
    Closed,
}

/// One conversation.
#[derive(Debug)]
pub(super) struct Session {
    domain: String,
    limit: usize,
    cover: Cover,
    inbox: Inbox,
    out: Vec<u8>,
    phase: Phase,
    helo: Option<String>,
    from: Option<String>,
    recipients: Vec<String>,
    chunks: Option<Body>,
    faults: usize,
}

/// After so many faults the line is cut.
pub(super) const FAULTS: usize = 5;
/// RFC 5321 § 4.5.3.1.8 asks for at least a hundred.
const RECIPIENTS: usize = 100;
/// A mail this much over the limit is not waited for.
const PATIENCE: usize = 4;

impl Session {
    /// A fresh conversation; under TLS it begins without a greeting (RFC 3207 § 4.2).
    pub(super) fn new(domain: &str, limit: usize, cover: Cover) -> Self {
        let greeting = match cover {
            Cover::None | Cover::Offered => format!("220 {domain} ESMTP Entente\r\n"),
            Cover::Up => String::new(),
        };
        Self {
            domain: domain.to_owned(),
            limit,
            cover,
            inbox: Inbox::default(),
            out: greeting.into_bytes(),
            phase: Phase::Command,
            helo: None,
            from: None,
            recipients: Vec::new(),
            chunks: None,
            faults: 0,
        }
    }

    /// Takes bytes that came.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.inbox.push(bytes);
    }

    /// What is to be sent.
    pub(super) fn said(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }

    /// Says goodbye because the other side is too slow, or we are closing.
    pub(super) fn hang_up(&mut self, why: &str) {
        self.say(&format!("421 4.4.2 {} {why}", self.domain));
        self.phase = Phase::Closed;
    }

    /// Goes on as far as the bytes lead.
    pub(super) fn step(&mut self) -> Step {
        loop {
            match &mut self.phase {
                Phase::Closed => return Step::Close,
                Phase::Asking(address) => return Step::Recipient(address.clone()),
                Phase::Keeping => return Step::Bytes,
                Phase::Command => {
                    match self.inbox.line() {
                        Line::NotYet => return Step::Bytes,
                        Line::TooLong => self.fault("500 5.5.6 line too long"),
                        Line::Torn => {
                            self.fault("500 5.5.2 a line ends with CR LF, and has neither within");
                        }
                        Line::Whole(line) => {
                            if self.command(&line) {
                                return Step::StartTls;
                            }
                        }
                    }
                }
                Phase::Data(dots, body) => {
                    let ended = self.inbox.feed(dots, body);
                    if !ended && body.dropped() / PATIENCE < self.limit {
                        return Step::Bytes;
                    }
                    let body = std::mem::replace(body, Body::new(0));
                    if let Some(step) = self.ended(body, ended) {
                        return step;
                    }
                }
                Phase::Chunk { left, last } => {
                    let piece = self.inbox.take(*left);
                    *left -= piece.len();
                    let (over, last) = (*left == 0, *last);
                    if let Some(chunks) = &mut self.chunks {
                        chunks.extend(&piece);
                    }
                    if !over {
                        return Step::Bytes;
                    }
                    if let Some(step) = self.chunk_ended(last) {
                        return step;
                    }
                }
            }
        }
    }

    /// The answer to [`Step::Recipient`].
    pub(super) fn recipient(&mut self, verdict: Verdict) {
        let phase = std::mem::replace(&mut self.phase, Phase::Command);
        let Phase::Asking(address) = phase else {
            self.phase = phase;
            return;
        };
        match verdict {
            Verdict::Taken => {
                self.recipients.push(address);
                self.say("250 2.1.5 known");
            }
            Verdict::Unknown => self.fault("550 5.1.1 there is no such address"),
            Verdict::Later => self.say("451 4.3.0 not now; try again"),
        }
    }

    /// The answer to [`Step::Keep`].
    pub(super) fn kept(&mut self, verdict: Verdict) {
        self.phase = Phase::Command;
        match verdict {
            Verdict::Taken => {
                self.faults = 0;
                self.say("250 2.0.0 kept");
            }
            Verdict::Unknown => self.fault("550 5.1.1 these addresses are gone"),
            Verdict::Later => self.say("451 4.3.0 not now; try again"),
        }
    }

    fn say(&mut self, line: &str) {
        self.out.extend_from_slice(line.as_bytes());
        self.out.extend_from_slice(b"\r\n");
    }

    fn fault(&mut self, line: &str) {
        self.say(line);
        self.faults += 1;
        if self.faults >= FAULTS {
            self.say("421 4.7.0 too many faults");
            self.phase = Phase::Closed;
        }
    }

    fn forget(&mut self) {
        self.from = None;
        self.recipients.clear();
        self.chunks = None;
    }

    /// Obeys a command line; true if TLS is to be begun.
    fn command(&mut self, line: &[u8]) -> bool {
        if line.contains(&0) {
            self.fault("501 5.5.2 a command has no NUL");
            return false;
        }
        let request = Request::parse(&mut line.iter()).map(Request::into_owned);
        let Ok(request) = request else {
            self.fault("501 5.5.2 this makes no sense here");
            return false;
        };
        match request {
            Request::Ehlo { host } => self.ehlo(host),
            Request::Helo { host } => {
                self.forget();
                self.helo = Some(host);
                self.say(&format!("250 {}", self.domain));
            }
            Request::StartTls => return self.start_tls(),
            Request::Mail { from } => self.mail(from),
            Request::Rcpt { to } => self.rcpt(to.address),
            Request::Data => self.data(),
            Request::Bdat { chunk_size, is_last } => self.bdat(chunk_size, is_last),
            Request::Rset => {
                self.forget();
                self.say("250 2.0.0 forgotten");
            }
            Request::Noop { .. } => self.say("250 2.0.0 still here"),
            Request::Vrfy { .. } => self.say("252 2.1.5 send it and see"),
            Request::Quit => {
                self.say("221 2.0.0 goodbye");
                self.phase = Phase::Closed;
            }
            Request::Help { .. } => self.say("214 2.0.0 see RFC 5321"),
            Request::Lhlo { .. }
            | Request::Auth { .. }
            | Request::Expn { .. }
            | Request::Etrn { .. }
            | Request::Atrn { .. }
            | Request::Burl { .. } => self.fault("502 5.5.1 this is not done here"),
        }
        false
    }

    fn ehlo(&mut self, host: String) {
        self.forget();
        self.helo = Some(host);
        let mut lines = vec![self.domain.clone(), format!("SIZE {}", self.limit)];
        if self.cover == Cover::Offered {
            lines.push("STARTTLS".to_owned());
        }
        let plain =
            ["PIPELINING", "8BITMIME", "SMTPUTF8", "CHUNKING", "ENHANCEDSTATUSCODES"];
        lines.extend(plain.map(str::to_owned));
        let last = lines.len() - 1;
        for (at, line) in lines.iter().enumerate() {
            let mark = if at == last { ' ' } else { '-' };
            self.say(&format!("250{mark}{line}"));
        }
    }

    /// What was pipelined behind the command is dropped: it came in the clear, and somebody
    /// in between may have written it (RFC 3207 § 6).
    fn start_tls(&mut self) -> bool {
        if self.cover != Cover::Offered {
            self.fault("503 5.5.1 TLS is up already, or not to be had");
            return false;
        }
        self.inbox = Inbox::default();
        self.say("220 2.0.0 go ahead");
        self.phase = Phase::Closed;
        true
    }

    fn mail(&mut self, from: MailFrom<String>) {
        if self.helo.is_none() || self.from.is_some() {
            return self.fault("503 5.5.1 greet first, and finish one mail first");
        }
        if from.size > self.limit {
            return self.fault("552 5.3.4 the mail is too big");
        }
        if from.flags & MAIL_BODY_BINARYMIME != 0 {
            return self.fault("501 5.5.4 BINARYMIME was not offered");
        }
        self.from = Some(from.address);
        self.say("250 2.1.0 go on");
    }

    fn rcpt(&mut self, address: String) {
        if self.from.is_none() || self.chunks.is_some() {
            self.fault("503 5.5.1 say MAIL first");
        } else if self.recipients.len() >= RECIPIENTS {
            self.say("452 4.5.3 too many recipients; send the rest apart");
        } else {
            self.phase = Phase::Asking(address);
        }
    }

    fn data(&mut self) {
        if self.recipients.is_empty() || self.chunks.is_some() {
            return self.fault("503 5.5.1 say RCPT first");
        }
        self.say("354 end with a dot on a line of its own");
        self.phase = Phase::Data(Dots::Start, Body::new(self.limit));
    }

    /// A chunk comes whether we want it or not: it is read even where it is refused.
    fn bdat(&mut self, left: usize, last: bool) {
        if left / PATIENCE > self.limit {
            self.say("552 5.3.4 the mail is too big");
            self.phase = Phase::Closed;
            return;
        }
        if !self.recipients.is_empty() && self.chunks.is_none() {
            self.chunks = Some(Body::new(self.limit));
        }
        self.phase = Phase::Chunk { left, last };
    }

    fn chunk_ended(&mut self, last: bool) -> Option<Step> {
        self.phase = Phase::Command;
        let Some(body) = self.chunks.take() else {
            self.fault("503 5.5.1 say RCPT first");
            return None;
        };
        if last || body.dropped() > 0 {
            return self.ended(body, true);
        }
        self.chunks = Some(body);
        self.say("250 2.0.0 go on");
        None
    }

    /// A mail is complete, or hopeless.
    fn ended(&mut self, body: Body, complete: bool) -> Option<Step> {
        let helo = self.helo.clone().unwrap_or_default();
        let from = self.from.take().unwrap_or_default();
        let recipients = std::mem::take(&mut self.recipients);
        self.forget();
        self.phase = if complete { Phase::Command } else { Phase::Closed };
        let Some(bytes) = body.whole().filter(|_| complete) else {
            self.fault("552 5.3.4 the mail is too big");
            return None;
        };
        self.phase = Phase::Keeping;
        Some(Step::Keep(Mail { helo, from, recipients, bytes }))
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
