use crate::escape::SHOWN_LIMIT;
use crate::scan::Index;
use crate::{Broken, Flaw, Marks, Scanner, Sheet, Tag};

/// What arrives piece by piece, kept until it can be read, and no longer.
///
/// It is told the bytes with [`push`](Self::push) and [`end`](Self::end), and tells how far they
/// can be read: up to where no set is open. What was read is [`pass`](Self::pass)ed and forgotten,
/// so that no more is held than one piece and one set. Places are those of the whole file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Feed {
    bytes: Vec<u8>,
    /// The place of the first byte held.
    base: usize,
    /// The place up to which all was read.
    from: usize,
    /// The place where looking for the next cut goes on: the start of a segment.
    looked: usize,
    /// The segments that were found on the way there.
    index: Index,
    /// How far `bytes` must reach before it is worth to look again.
    patience: usize,
    open: bool,
    ended: bool,
    stray: Option<Stray>,
}

/// Bytes after an interchange that begin no other.
#[derive(Clone, Debug)]
struct Stray {
    at: usize,
    head: Vec<u8>,
    length: usize,
}

/// What stands where an interchange can begin.
#[derive(Debug)]
pub(crate) enum Opening<T> {
    /// An interchange; the feed stands at its header.
    Header(T),
    /// Something else, after an interchange; the feed stands behind it.
    Stray(Broken),
    /// Something else, at the start of the file.
    Nothing(Broken),
    /// Nothing yet: more bytes are needed.
    More,
    /// Nothing: the file ends.
    Spent,
}

/// Why a file cannot be read on.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    /// It does not open with an interchange.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// A set does not end.
    #[error(
        "the document that begins near byte {at} is larger than {} MiB: cut the file into \
         smaller documents, or look whether its trailer is missing",
        Feed::SET_LIMIT >> 20
    )]
    TooLarge {
        /// Near its first byte.
        at: usize,
    },
}

/// The segments that make the shells of a syntax.
#[derive(Clone, Copy, Debug)]
pub struct Shells {
    /// Opens a set: ST, UNH.
    pub opens: Tag,
    /// Closes a set: SE, UNT.
    pub closes: Tag,
    /// Open and close groups, which closes a set too: GS and GE, UNG and UNE.
    pub groups: [Tag; 2],
    /// Begins an interchange: ISA, UNB.
    pub begins: Tag,
    /// May stand before it: UNA, with its marks behind it.
    pub leads: Option<Tag>,
    /// Ends an interchange: IEA, UNZ.
    pub ends: Tag,
}

/// How far a feed can be read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Reach {
    /// Up to this place; a set that is open there is closed by what follows.
    To(usize),
    /// Nowhere yet: more bytes are needed.
    More,
    /// Nowhere: another interchange begins.
    Next,
    /// A set is larger than [`Feed::SET_LIMIT`].
    TooLarge,
}

/// Why looking for an end ended.
enum Look {
    /// Another interchange begins.
    Begins,
    /// The interchange ends.
    Ends,
    /// There are no more bytes, or no more whole segments.
    Spent,
}

/// Whether the header of an interchange was read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Header {
    /// It is still to come.
    Ahead,
    /// It was read.
    Read,
}

impl Feed {
    /// How large a set may be, in bytes: 256 MiB.
    pub(crate) const SET_LIMIT: usize = 256 << 20;

    /// How many bytes a header is looked for in.
    const HEAD: usize = 4096;

    /// Takes more bytes in.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.forget();
        self.bytes.extend_from_slice(bytes);
    }

    /// There are no more bytes.
    pub(crate) fn end(&mut self) {
        self.ended = true;
    }

    /// Whether there are no more bytes to come.
    pub(crate) fn ended(&self) -> bool {
        self.ended
    }

    /// The bytes that are held, up to the place `to`, with the cuts that are known.
    pub(crate) fn sheet(&self, to: usize) -> Sheet<'_> {
        Sheet::new(&self.bytes, self.base).with(&self.index).until(to)
    }

    /// The place of the first byte held.
    pub(crate) fn base(&self) -> usize {
        self.base
    }

    /// The place up to which all was read.
    pub(crate) fn from(&self) -> usize {
        self.from
    }

    /// The bytes that were not read yet.
    pub(crate) fn rest(&self) -> &[u8] {
        self.bytes.get(self.from.saturating_sub(self.base)..).unwrap_or_default()
    }

    /// The place after the last byte held.
    pub(crate) fn until(&self) -> usize {
        self.base.saturating_add(self.bytes.len())
    }

    /// All before this place was read.
    pub(crate) fn pass(&mut self, to: usize) {
        self.from = to.min(self.until()).max(self.from);
        self.patience = 0;
        if !self.index.forget(self.from) {
            (self.looked, self.open) = (self.from, false);
        }
    }

    /// Finds the header of the next interchange. `read` looks at an index of the bytes held;
    /// `starts` are the names that a header can begin with.
    pub(crate) fn opening<T>(
        &mut self,
        is_first: bool,
        starts: &[&[u8]],
        read: impl Fn(&[u8], usize) -> Result<T, Broken>,
    ) -> Opening<T> {
        if self.stray.is_none() {
            self.pass(self.from.saturating_add(filling(self.rest())));
            if !self.ended && self.rest().len() < Self::HEAD {
                return Opening::More;
            }
            if self.rest().is_empty() && !is_first {
                return Opening::Spent;
            }
            match read(&self.bytes, self.from.saturating_sub(self.base)) {
                Ok(header) => return Opening::Header(header),
                Err(broken) if is_first => {
                    return Opening::Nothing(broken.further(self.base));
                }
                Err(_) => {
                    let at = self.from;
                    self.stray = Some(Stray { at, head: Vec::new(), length: 0 });
                    self.absorb(1);
                }
            }
        }
        let start = self.from.saturating_sub(self.base);
        let margin = if self.ended { 0 } else { Self::HEAD };
        let rest = self.rest();
        let room = rest.len().saturating_sub(margin);
        let candidates = rest.windows(3).take(room).enumerate();
        let mut candidates = candidates.filter(|(_, bytes)| starts.contains(bytes));
        let found = candidates
            .find(|(place, _)| read(&self.bytes, start.saturating_add(*place)).is_ok());
        let found = found.map(|(place, _)| place);
        self.absorb(found.unwrap_or(room));
        if found.is_none() && !self.ended {
            return Opening::More;
        }
        let stray = self.stray.take();
        let Stray { at, head, length } =
            stray.unwrap_or(Stray { at: self.from, head: Vec::new(), length: 0 });
        Opening::Stray(Broken::in_run(Flaw::Stray, at, &head, length))
    }

    fn absorb(&mut self, bytes: usize) {
        let rest = self.bytes.get(self.from.saturating_sub(self.base)..);
        let taken = rest.and_then(|rest| rest.get(..bytes)).unwrap_or_default();
        if let Some(stray) = self.stray.as_mut() {
            let room = SHOWN_LIMIT.saturating_sub(stray.head.len());
            stray.head.extend(taken.iter().take(room));
            stray.length = stray.length.saturating_add(taken.len());
        }
        self.pass(self.from.saturating_add(bytes));
    }

    /// How far an interchange can be read; `header` tells whether its header is still to be read.
    pub(crate) fn reach(
        &mut self,
        marks: Marks,
        shells: &Shells,
        header: Header,
    ) -> Reach {
        if self.bytes.len() < self.patience && !self.ended {
            return Reach::More;
        }
        let is_own = header == Header::Ahead && self.looked == self.from;
        let mut safe = self.from;
        match self.look(marks, shells, is_own, &mut safe) {
            _ if self.ended => return Reach::To(self.until()),
            Look::Begins if safe == self.from => return Reach::Next,
            Look::Begins | Look::Ends | Look::Spent => {}
        }
        if safe > self.from {
            return Reach::To(safe);
        }
        // Looking again at a segment that is not whole yet pays when there is twice as much of it.
        let waiting = self.until().saturating_sub(self.looked);
        self.patience = self.bytes.len().saturating_add(waiting);
        if self.rest().len() > Self::SET_LIMIT { Reach::TooLarge } else { Reach::More }
    }

    /// Cuts segments up to where the interchange ends, or the bytes; `safe` is moved to the last
    /// place where no set is open.
    fn look(
        &mut self,
        marks: Marks,
        shells: &Shells,
        mut is_own: bool,
        safe: &mut usize,
    ) -> Look {
        let mut scanner = Scanner::within(&self.bytes, self.base, self.looked, marks);
        while let Some(segment) = scanner.next_segment() {
            if !segment.ended() {
                break;
            }
            let tag = segment.tag();
            let is_named = tag != Tag::NONE;
            if is_named && self.open && !shells.has(tag) {
                self.looked = segment.after();
                self.index.push(&segment);
                continue;
            }
            let leads = !is_named && shells.lead(segment.name());
            let begins =
                (tag == shells.begins || leads || shells.leads == Some(tag)) && !is_own;
            is_own = false;
            if begins {
                *safe = segment.start();
                return Look::Begins;
            }
            self.looked = segment.after();
            self.index.push(&segment);
            if tag == shells.opens {
                // The set before it, if it is open still, ends here.
                *safe = if self.open { segment.start() } else { *safe };
                self.open = true;
            } else if tag == shells.closes || shells.groups.contains(&tag) {
                self.open = false;
            }
            if tag == shells.ends {
                *safe = segment.after();
                return Look::Ends;
            }
            if !self.open {
                *safe = segment.after();
            }
        }
        Look::Spent
    }

    /// Drops what was read, but for the last byte: it may be the first half of a terminator.
    fn forget(&mut self) {
        let spent = self.from.saturating_sub(self.base).saturating_sub(1);
        if spent > 0 && spent >= self.bytes.len() / 2 {
            self.bytes.drain(..spent);
            self.base = self.base.saturating_add(spent);
            self.patience = self.patience.saturating_sub(spent);
        }
    }
}

/// How many bytes stand before a header and are no part of it: a byte order mark, blanks.
pub(crate) fn filling(bytes: &[u8]) -> usize {
    let mut at = 0_usize;
    loop {
        let skipped = match bytes.get(at..).unwrap_or_default() {
            [0xef, 0xbb, 0xbf, ..] => 3,
            [b' ' | b'\t' | b'\r' | b'\n' | 0 | 0x1a, ..] => 1,
            _ => return at,
        };
        at = at.saturating_add(skipped);
    }
}

impl Shells {
    /// Whether a segment belongs to a shell.
    pub(crate) fn has(&self, tag: Tag) -> bool {
        let own = [self.opens, self.closes, self.begins, self.ends];
        own.contains(&tag) || self.groups.contains(&tag) || self.leads == Some(tag)
    }

    /// Whether a name without a tag is the one that may stand before an interchange.
    pub(crate) fn lead(&self, name: &[u8]) -> bool {
        let head = name.get(..3).unwrap_or_default();
        self.leads.is_some_and(|lead| Tag::read(head) == lead)
    }
}
