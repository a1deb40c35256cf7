//! Who may do what with quotes.

use gate::{Action, Reach, Role};

/// Look at the quotes that one's organisation writes, and those that it was sent.
#[derive(Debug)]
pub enum ReadQuotes {}

/// Write a quote as its seller, price it, send it, take it back.
#[derive(Debug)]
pub enum WriteQuotes {}

/// Approve a quote before it is sent. Who writes it may be the same person; a seller approves
/// discounts up to [`FREE_DISCOUNT`] only.
#[derive(Debug)]
pub enum ApproveQuotes {}

/// Answer a quote as its buyer: accept it, reject it, or wish it otherwise.
#[derive(Debug)]
pub enum AnswerQuotes {}

/// How much a seller may take off without another's approval, in percent.
pub const FREE_DISCOUNT: u32 = 15;

impl Action for ReadQuotes {
    const NAME: &'static str = "quote.read";
    const WRITES: bool = false;

    fn reach(role: Role) -> Reach {
        match role {
            Role::Owner
            | Role::Admin
            | Role::ChannelManager
            | Role::Seller
            | Role::Buyer
            | Role::Support
            | Role::EdiOperator
            | Role::Finance
            | Role::Viewer => Reach::Organisation,
            Role::Marketer => Reach::Nowhere,
        }
    }
}

impl Action for WriteQuotes {
    const NAME: &'static str = "quote.write";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        match role {
            Role::Owner | Role::Admin | Role::ChannelManager | Role::Seller => {
                Reach::Organisation
            }
            Role::Marketer
            | Role::Buyer
            | Role::Support
            | Role::EdiOperator
            | Role::Finance
            | Role::Viewer => Reach::Nowhere,
        }
    }
}

impl Action for ApproveQuotes {
    const NAME: &'static str = "quote.approve";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        match role {
            Role::Owner | Role::Admin | Role::ChannelManager | Role::Finance => {
                Reach::Organisation
            }
            Role::Seller => Reach::Own,
            Role::Marketer
            | Role::Buyer
            | Role::Support
            | Role::EdiOperator
            | Role::Viewer => Reach::Nowhere,
        }
    }
}

impl Action for AnswerQuotes {
    const NAME: &'static str = "quote.answer";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        match role {
            Role::Owner | Role::Admin | Role::Buyer => Reach::Organisation,
            Role::ChannelManager
            | Role::Seller
            | Role::Marketer
            | Role::Support
            | Role::EdiOperator
            | Role::Finance
            | Role::Viewer => Reach::Nowhere,
        }
    }
}

/// Whose business it is that a quote was answered.
pub(crate) fn sells(role: Role) -> bool {
    WriteQuotes::reach(role) != Reach::Nowhere
}

/// Whose business it is that a quote was sent.
pub(crate) fn buys(role: Role) -> bool {
    AnswerQuotes::reach(role) != Reach::Nowhere
}
