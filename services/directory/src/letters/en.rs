//! English.

use gate::Role;

use super::Words;

const IGNORE: &str =
    "If you did not expect this, do nothing: the link expires after 14 days.";

pub(super) fn proposal(organisation: &str) -> Words {
    Words {
        subject: format!("{organisation} proposes a partnership"),
        lead: format!(
            "{organisation} would like to sell together with you in Entente. Until you share something, each side sees only that you are partners."
        ),
        wrote: "They wrote:",
        act: "See the proposal and answer",
        foot: "The proposal expires after 14 days.",
    }
}

pub(super) fn partner(organisation: &str, domain: &str) -> Words {
    Words {
        subject: format!("{organisation} invites you to sell together"),
        lead: format!(
            "{organisation} would like to sell together with {domain} in Entente. By the link you set up your company's side, which stays yours, and accept. Until you share something, each side sees only that you are partners."
        ),
        wrote: "They wrote:",
        act: "Set up your side and accept",
        foot: IGNORE,
    }
}

pub(super) fn member(organisation: &str, role: &str) -> Words {
    Words {
        subject: format!("{organisation} invites you to Entente"),
        lead: format!("{organisation} invites you to work in Entente, as {role}."),
        wrote: "They wrote:",
        act: "Accept the invitation",
        foot: IGNORE,
    }
}

pub(super) const fn role(role: Role) -> &'static str {
    match role {
        Role::Owner => "owner",
        Role::Admin => "administrator",
        Role::ChannelManager => "channel manager",
        Role::Seller => "seller",
        Role::Marketer => "marketer",
        Role::Buyer => "buyer",
        Role::Support => "support",
        Role::EdiOperator => "EDI operator",
        Role::Finance => "finance",
        Role::Viewer => "viewer",
    }
}
