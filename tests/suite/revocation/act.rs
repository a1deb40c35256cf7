//! What companies and people do, one step at a time.

use proptest::{prelude::any, strategy::Strategy};

/// A step. Numbers are taken modulo what there is, so every step can be read; one that cannot
/// be done now is left out, so that any part of a history is a history.
#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    /// The host of a deal invites a company, which may answer at once.
    Invite { deal: u8, company: u8, mask: u8, whole: bool, answer: bool },
    /// A company that is invited accepts.
    Accept { deal: u8, company: u8 },
    /// The host takes an invitation back, or the invited declines.
    Refuse { deal: u8, company: u8, host: bool },
    /// The host gives a party another mask.
    Mask { deal: u8, company: u8, mask: u8 },
    /// The host lets a party only read, or write again.
    Hush { deal: u8, company: u8 },
    /// A party leaves, or the host removes it.
    Part { deal: u8, company: u8, host: bool },
    /// An account is shared, or shared otherwise.
    Share { account: u8, company: u8, mask: u8 },
    /// An account is shared no longer.
    Unshare { account: u8, company: u8 },
    /// One of two partners shares nothing for now, or resumes.
    Suspend { pair: u8, side: bool },
    /// A partnership ends, at once or when its notice has run out.
    End { pair: u8, side: bool, notice: bool },
    /// Two that were partners are partners again.
    Again { pair: u8 },
    /// A colleague gets another role.
    Role { company: u8, role: u8 },
    /// A colleague is suspended, or comes back.
    Bench { company: u8 },
    /// Somebody is hired, looks around, and is dismissed.
    Dismiss { company: u8 },
    /// A second session is opened, looks around, and is ended.
    SignOut { company: u8 },
    /// A program gets a token, looks around, and the token is ended.
    Token { company: u8 },
    /// A party publishes the notes of its own side, or takes them back.
    Publish { deal: u8, company: u8 },
    /// A company writes a note to itself.
    Note { deal: u8, company: u8 },
    /// A company opens a topic with a guest.
    Topic { deal: u8, company: u8 },
    /// A guest is taken out.
    Guest { which: u8 },
    /// The host changes a field of a card.
    Card { deal: u8, field: u8 },
    /// The owner changes a field of an account.
    Account { account: u8, field: u8 },
}

/// Any step; those that give are drawn as often as those that take.
pub(super) fn act() -> impl Strategy<Value = Act> {
    (0_u8..30, any::<[u8; 3]>(), any::<[bool; 2]>()).prop_map(
        |(kind, [a, b, c], [x, y])| {
            let (deal, company, account, mask) = (a, b, a, c);
            match kind {
                0..=4 => Act::Invite { deal, company, mask, whole: x, answer: y || x },
                5 => Act::Accept { deal, company },
                6 => Act::Refuse { deal, company, host: x },
                7 | 8 => Act::Mask { deal, company, mask },
                9 => Act::Hush { deal, company },
                10 | 11 => Act::Part { deal, company, host: x },
                12 | 13 => Act::Share { account, company, mask },
                14 => Act::Unshare { account, company },
                15 | 16 => Act::Suspend { pair: a, side: x },
                17 => Act::End { pair: a, side: x, notice: y },
                18 | 19 => Act::Again { pair: a },
                20 => Act::Role { company, role: c },
                21 => Act::Bench { company },
                22 => Act::Dismiss { company },
                23 => Act::SignOut { company },
                24 => Act::Token { company },
                25 => Act::Publish { deal, company },
                26 => Act::Note { deal, company },
                27 => Act::Topic { deal, company },
                28 => Act::Guest { which: a },
                _ if x => Act::Card { deal, field: b },
                _ => Act::Account { account, field: b },
            }
        },
    )
}
