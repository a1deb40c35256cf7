use super::reader::{Reader, Stop};
use super::{Interchange, Standard};
use crate::{Feed, Opening, Reach, Unread};

/// Reads interchanges from bytes that arrive piece by piece, set by set.
///
/// It is the reader of [`read`](super::read()), fed: what it finds is the same however the bytes
/// are cut. It holds one piece and the set that is open, and no set that it gave away.
#[derive(Debug)]
pub struct Stream<S: Standard> {
    feed: Feed,
    state: State<S>,
    /// An interchange that ended, until what follows it is known.
    ended: Option<Box<Interchange<'static, S>>>,
    any: bool,
    /// Where reading goes on once the last part is let go.
    passed: Option<usize>,
}

#[derive(Debug)]
enum State<S: Standard> {
    /// Before an interchange; its filling begins at this place.
    Between(usize),
    Within(Box<Reader<'static, S>>),
    Done,
}

impl<S: Standard> Default for Stream<S> {
    fn default() -> Self {
        let state = State::Between(0);
        Self { feed: Feed::default(), state, ended: None, any: false, passed: None }
    }
}

/// Part of an interchange.
#[derive(Debug)]
pub struct Part<'a, S: Standard> {
    /// The groups and sets that were read since the part before; a group that goes on from part
    /// to part stands in each of them. Its own faults are all that were found so far.
    pub interchange: Interchange<'a, S>,
    /// The byte of the group whose sets go on in the next part; all others are complete.
    pub open: Option<usize>,
    /// Whether this is the last part of the interchange.
    pub is_last: bool,
}

impl<S: Standard> Stream<S> {
    /// Takes more bytes in.
    pub fn push(&mut self, bytes: &[u8]) {
        self.pass();
        self.feed.push(bytes);
    }

    /// There are no more bytes.
    pub fn end(&mut self) {
        self.feed.end();
    }

    /// The next part; none where more bytes are needed, or all were read.
    ///
    /// # Errors
    /// [`Unread::Broken`] where the file opens with no interchange; [`Unread::TooLarge`] where a
    /// set has no end. Nothing can be read after either.
    pub fn part(&mut self) -> Result<Option<Part<'_, S>>, Unread> {
        self.pass();
        loop {
            match std::mem::replace(&mut self.state, State::Done) {
                State::Done => return Ok(None),
                State::Between(at) => match self.between(at)? {
                    Turn::Last(interchange) => {
                        let interchange = *interchange;
                        return Ok(Some(Part { interchange, open: None, is_last: true }));
                    }
                    Turn::Wait => return Ok(None),
                    Turn::On => {}
                },
                State::Within(reader) => {
                    let (marks, header) = (reader.marks(), reader.header_is());
                    match self.feed.reach(marks, &S::SHELLS, header) {
                        Reach::More => {
                            self.state = State::Within(reader);
                            return Ok(None);
                        }
                        Reach::TooLarge => {
                            return Err(Unread::TooLarge { at: self.feed.from() });
                        }
                        Reach::Next => self.close(*reader, Stop::Spent),
                        Reach::To(place) => return Ok(Some(self.within(*reader, place))),
                    }
                }
            }
        }
    }

    fn pass(&mut self) {
        if let Some(place) = self.passed.take() {
            self.feed.pass(place);
        }
    }

    fn between(&mut self, at: usize) -> Result<Turn<S>, Unread> {
        match self.feed.opening(!self.any, S::STARTS, S::marks) {
            Opening::More => {
                self.state = State::Between(at);
                Ok(Turn::Wait)
            }
            Opening::Spent => Ok(self.ended.take().map_or(Turn::Wait, Turn::Last)),
            Opening::Nothing(broken) => Err(broken.into()),
            Opening::Stray(broken) => {
                if let Some(last) = self.ended.as_mut() {
                    last.faults.push(broken);
                }
                self.state = State::Between(self.feed.from());
                Ok(Turn::On)
            }
            Opening::Header((marks, body)) => {
                if let Some(last) = self.ended.take() {
                    self.state = State::Between(at);
                    return Ok(Turn::Last(last));
                }
                self.any = true;
                // What leads is read: what follows is the header.
                let (start, base) = (self.feed.from(), self.feed.base());
                let body = body.saturating_add(base);
                let lead = self.feed.rest().get(..body.saturating_sub(start));
                let lead = lead.unwrap_or_default().to_vec();
                self.feed.pass(body);
                self.state = State::Within(Box::new(Reader::new(at, body, lead, marks)));
                Ok(Turn::On)
            }
        }
    }

    fn close(&mut self, reader: Reader<'static, S>, stop: Stop) {
        let (interchange, end) = reader.finish(stop);
        self.ended = Some(Box::new(interchange));
        self.state = State::Between(end);
    }

    fn within(&mut self, reader: Reader<'static, S>, place: usize) -> Part<'_, S> {
        let (sheet, from) = (self.feed.sheet(place), self.feed.from());
        let mut reader: Reader<'_, S> = reader;
        let stop = reader.run(sheet, from);
        let end = reader.end();
        let is_over = stop == Stop::Closed || self.feed.ended();
        if is_over {
            reader.shut(stop);
        }
        let (mut interchange, next, open) = reader.part();
        let until = if is_over { end } else { place };
        interchange.bytes = sheet.bytes(from, until);
        self.passed = Some(until);
        if is_over {
            let (mut last, end) = next.finish(Stop::Closed);
            last.groups.clear();
            self.ended = Some(Box::new(last));
            self.state = State::Between(end);
        } else {
            self.state = State::Within(Box::new(next));
        }
        Part { interchange, open, is_last: false }
    }
}

/// What comes of looking between interchanges.
enum Turn<S: Standard> {
    Last(Box<Interchange<'static, S>>),
    Wait,
    On,
}
