//! Who may do what with what follows an order.

use gate::{Action, Reach, Role};

/// Write a dispatch advice for an order that one's organisation sells.
#[derive(Debug)]
pub enum WriteShipments {}

/// Write an invoice for an order that one's organisation sells, or take one back.
#[derive(Debug)]
pub enum WriteInvoices {}

/// Approve or dispute an invoice as its buyer.
#[derive(Debug)]
pub enum AnswerInvoices {}

impl Action for WriteShipments {
    const NAME: &'static str = "shipment.write";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        match role {
            Role::Owner
            | Role::Admin
            | Role::ChannelManager
            | Role::Seller
            | Role::EdiOperator => Reach::Organisation,
            Role::Marketer
            | Role::Buyer
            | Role::Support
            | Role::Finance
            | Role::Viewer => Reach::Nowhere,
        }
    }
}

impl Action for WriteInvoices {
    const NAME: &'static str = "invoice.write";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        match role {
            Role::Owner
            | Role::Admin
            | Role::ChannelManager
            | Role::Seller
            | Role::Finance => Reach::Organisation,
            Role::Marketer
            | Role::Buyer
            | Role::Support
            | Role::EdiOperator
            | Role::Viewer => Reach::Nowhere,
        }
    }
}

impl Action for AnswerInvoices {
    const NAME: &'static str = "invoice.answer";
    const WRITES: bool = true;

    fn reach(role: Role) -> Reach {
        match role {
            Role::Owner | Role::Admin | Role::Buyer | Role::Finance => {
                Reach::Organisation
            }
            Role::ChannelManager
            | Role::Seller
            | Role::Marketer
            | Role::Support
            | Role::EdiOperator
            | Role::Viewer => Reach::Nowhere,
        }
    }
}

/// Whether somebody of this role does `A`.
pub(crate) fn does<A: Action>(role: Role) -> bool {
    A::reach(role) != Reach::Nowhere
}

/// Whose business it is that goods are under way.
pub(crate) fn receives(role: Role) -> bool {
    match role {
        Role::Owner | Role::Admin | Role::Buyer | Role::EdiOperator => true,
        Role::ChannelManager
        | Role::Seller
        | Role::Marketer
        | Role::Support
        | Role::Finance
        | Role::Viewer => false,
    }
}
