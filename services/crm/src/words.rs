//! The words that lists of fields and verbs are made of, for the API's document: taken from
//! the very constants that the rules use, so that the document cannot tell others.

use kernel::schema::{word, words};
use utoipa::openapi::Schema;

use crate::{accounts, deals, mapping};

/// Fields of an account.
pub(crate) fn account_fields() -> Schema {
    words(&accounts::FIELDS)
}

/// One of the fields of an account.
pub(crate) fn account_field() -> Schema {
    word(&accounts::FIELDS)
}

/// Fields of a customer in common.
pub(crate) fn mapping_fields() -> Schema {
    words(&mapping::FIELDS)
}

/// Fields of a deal's card.
pub(crate) fn card_fields() -> Schema {
    words(&deals::CARD_FIELDS)
}

/// Fields of a side of a deal.
pub(crate) fn side_fields() -> Schema {
    words(&deals::SIDE_FIELDS)
}

/// What one may do with a thing.
pub(crate) fn verbs() -> Schema {
    words(&sharing::Verbs::ALL.words())
}

/// Whether a deal goes on.
pub(crate) fn deal_state() -> Schema {
    word(&["open", "closed"])
}

/// How far a guest of a topic is.
pub(crate) fn guest_state() -> Schema {
    word(&["added", "active", "removed", "bounced"])
}

/// What became of the last mail to a guest.
pub(crate) fn mail_state() -> Schema {
    word(&["queued", "sent", "failed", "outbox"])
}

/// How far an order is.
pub(crate) fn order_state() -> Schema {
    word(&[
        "received",
        "accepted",
        "accepted_with_change",
        "rejected",
        "changed",
        "part_shipped",
        "shipped",
        "invoiced",
        "closed",
        "cancelled",
    ])
}
