//! Who may see what, told by plain maps: nothing here asks the hub.
//!
//! Everything secret is a word of its own, written once into one place. A right is a question
//! about a word: may this company see it now?

use std::collections::{BTreeMap, BTreeSet};

/// The fields of a card that hold words.
pub(super) const CARD: [&str; 3] = ["title", "account", "next_step"];
/// The fields of an account that hold words.
pub(super) const ACCOUNT: [&str; 3] = ["name", "city", "notes"];
/// The companies.
pub(super) const COMPANIES: usize = 3;
/// The pairs of them.
pub(super) const PAIRS: [(usize, usize); 3] = [(0, 1), (0, 2), (1, 2)];

/// How a partnership stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Tie {
    /// It shares.
    Live,
    /// One of the two shares nothing for now.
    Dark(usize),
    /// It has ended.
    Over,
}

/// A company's part in a deal.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) id: String,
    pub(super) mask: BTreeSet<&'static str>,
    /// Whether it reads the rooms from their beginning.
    pub(super) whole: bool,
    pub(super) invited: u64,
    pub(super) joined: Option<u64>,
    pub(super) writes: bool,
}

/// A room of a deal.
#[derive(Clone, Debug)]
pub(super) struct Room {
    pub(super) id: String,
    pub(super) deal: usize,
    /// Whose notes they are; none for a room of all.
    pub(super) only: Option<usize>,
}

/// Where a word was written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Home {
    /// On a card.
    Card { deal: usize, field: &'static str },
    /// In a room, by its place in the list.
    Said { room: usize },
    /// In the notes of a side.
    Side { deal: usize, company: usize },
    /// On an account.
    Account { account: usize, field: &'static str },
}

/// A word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    pub(super) home: Home,
    /// The step in which it was written.
    pub(super) said: u64,
    /// The step in which another took its place.
    pub(super) until: Option<u64>,
}

/// An outside contact of a topic.
#[derive(Clone, Debug)]
pub(super) struct Guest {
    pub(super) id: String,
    pub(super) email: String,
    pub(super) room: usize,
    pub(super) sponsor: usize,
    /// Since when nothing may be written to it, for good.
    pub(super) out: Option<u64>,
    /// Since when nothing may be written to it, for now.
    pub(super) dark: Option<u64>,
}

/// The world, as far as rights go.
#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    pub(super) now: u64,
    pub(super) ties: Vec<Tie>,
    pub(super) parts: BTreeMap<(usize, usize), Part>,
    /// By account and company: the grant's id, and its mask.
    pub(super) grants: BTreeMap<(usize, usize), (String, BTreeSet<&'static str>)>,
    pub(super) published: BTreeSet<(usize, usize)>,
    pub(super) rooms: Vec<Room>,
    pub(super) words: BTreeMap<String, Word>,
    pub(super) guests: Vec<Guest>,
}

/// Who hosts a deal, and who owns an account: the first company the first, the second the
/// second.
pub(super) const fn host(deal_or_account: usize) -> usize {
    deal_or_account
}

impl Model {
    /// A fresh word for a place; what stood there before gives way.
    pub(super) fn word(&mut self, home: Home) -> String {
        let now = self.now;
        if !matches!(home, Home::Said { .. }) {
            let before = self.words.values_mut().filter(|word| word.home == home);
            before.filter(|it| it.until.is_none()).for_each(|it| it.until = Some(now));
        }
        let text = format!("zq{:04}", self.words.len());
        self.words.insert(text.clone(), Word { home, said: now, until: None });
        text
    }

    /// Which partnership joins two companies.
    pub(super) fn pair(one: usize, other: usize) -> usize {
        let pair = (one.min(other), one.max(other));
        PAIRS.iter().position(|it| *it == pair).expect("two companies")
    }

    fn tied(&self, one: usize, other: usize) -> bool {
        one == other || self.ties[Self::pair(one, other)] == Tie::Live
    }

    /// Whether a company takes part in a deal now.
    pub(super) fn live(&self, deal: usize, company: usize) -> bool {
        let part = self.parts.get(&(deal, company));
        host(deal) == company
            || (part.is_some_and(|it| it.joined.is_some())
                && self.tied(host(deal), company))
    }

    /// Whether a company sees an account now.
    pub(super) fn shown(&self, account: usize, company: usize) -> bool {
        host(account) == company
            || (self.grants.contains_key(&(account, company))
                && self.tied(host(account), company))
    }

    /// Whether a company reads a room now.
    pub(super) fn reads(&self, room: &Room, company: usize) -> bool {
        self.live(room.deal, company) && room.only.is_none_or(|it| it == company)
    }

    /// Whether a company may write into a room now.
    pub(super) fn writes(&self, room: &Room, company: usize) -> bool {
        let part = self.parts.get(&(room.deal, company));
        self.reads(room, company)
            && (host(room.deal) == company || part.is_some_and(|it| it.writes))
    }

    /// Whether a company may see a word now.
    pub(super) fn may(&self, company: usize, word: Word) -> bool {
        match word.home {
            Home::Card { deal, field } => self.may_card(company, deal, field, word),
            Home::Said { room } => {
                // A room may be younger than this state of the world.
                let Some(room) = self.rooms.get(room) else { return false };
                self.reads(room, company)
                    && self.since(room.deal, company).is_none_or(|at| word.said >= at)
            }
            Home::Side { deal, company: whose } => {
                whose == company
                    || (self.live(deal, company)
                        && self.live(deal, whose)
                        && self.published.contains(&(deal, whose)))
            }
            Home::Account { account, field } => {
                let grant = self.grants.get(&(account, company));
                host(account) == company
                    || (word.until.is_none()
                        && self.shown(account, company)
                        && grant.is_some_and(|(_, mask)| mask.contains(field)))
            }
        }
    }

    /// The step since which a company reads the rooms of a deal; none: from their beginning.
    fn since(&self, deal: usize, company: usize) -> Option<u64> {
        let part = self.parts.get(&(deal, company)).filter(|it| !it.whole)?;
        part.joined
    }

    fn may_card(&self, company: usize, deal: usize, field: &str, word: Word) -> bool {
        if host(deal) == company {
            return true;
        }
        let Some(part) = self.parts.get(&(deal, company)) else { return false };
        let shown = part.mask.contains(field) && self.tied(host(deal), company);
        // An invitation names the title, as it was then; a log names what it replaced.
        let from = match part.joined {
            None => {
                return shown
                    && field == "title"
                    && word.until.is_none_or(|it| it >= part.invited);
            }
            Some(_) if part.whole => 0,
            Some(joined) if field == "title" => joined.min(part.invited),
            Some(joined) => joined,
        };
        shown && word.until.is_none_or(|until| until >= from)
    }

    /// Whether a company that reads everything it can must come upon a word.
    pub(super) fn must(&self, company: usize, word: Word) -> bool {
        let sure = match word.home {
            Home::Card { deal, .. } | Home::Side { deal, .. } => {
                word.until.is_none() && self.live(deal, company)
            }
            Home::Said { room } => {
                let deal = self.rooms.get(room).map(|it| it.deal);
                let since = deal.and_then(|it| self.since(it, company));
                since.is_none_or(|at| word.said > at)
            }
            Home::Account { .. } => word.until.is_none(),
        };
        sure && self.may(company, word)
    }

    /// A company's part in a deal is over.
    pub(super) fn part_over(&mut self, deal: usize, company: usize) {
        self.parts.remove(&(deal, company));
        for at in 0..self.guests.len() {
            let guest = &self.guests[at];
            if guest.sponsor == company && self.rooms[guest.room].deal == deal {
                self.guests[at].out.get_or_insert(self.now);
            }
        }
    }

    /// A partnership ends: what rests on it goes.
    pub(super) fn tie_over(&mut self, pair: usize) {
        self.ties[pair] = Tie::Over;
        let (one, other) = PAIRS[pair];
        for (whose, company) in [(one, other), (other, one)] {
            self.part_over(whose, company);
            self.grants.remove(&(whose, company));
        }
    }

    /// Notes which guests fell silent, or may be written to again.
    pub(super) fn look_at_guests(&mut self) {
        for at in 0..self.guests.len() {
            let guest = &self.guests[at];
            let live = self.live(self.rooms[guest.room].deal, guest.sponsor);
            let now = self.now;
            let guest = &mut self.guests[at];
            if live { guest.dark = None } else { guest.dark = guest.dark.or(Some(now)) }
        }
    }
}

impl Guest {
    /// Whether a word may stand in a letter to a guest that is written now.
    pub(super) fn may_get(&self, word: Word) -> bool {
        let since = self.out.or(self.dark);
        word.home == (Home::Said { room: self.room })
            && since.is_none_or(|since| word.said <= since)
    }
}
