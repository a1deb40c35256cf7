//! Who is told that an interchange waits for a person.

use gate::{Action, Reach, Role};
use kernel::{Fault, Id, Interchange, Moment, Organisation};
use serde_json::json;
use sharing::notify;
use store::Tx;

use super::ReplayInterchanges;

/// An interchange that went into quarantine.
pub(super) struct Stopped {
    pub(super) receiver: Id<Organisation>,
    pub(super) id: Id<Interchange>,
    pub(super) kind: &'static str,
    pub(super) number: String,
    pub(super) sender: String,
}

/// Tells those who can do something about it; of many from one sender, the last one stands in
/// the list of what is unread.
pub(super) async fn stopped(
    tx: &mut Tx,
    stopped: &Stopped,
    now: Moment,
) -> Result<(), Fault> {
    let Stopped { receiver, id, kind, number, sender } = stopped;
    let notice = notify::Notice {
        kind: "edi_quarantined",
        params: json!({ "partner": sender, "kind": kind, "number": number }),
        subject: Some(("interchange", id.to_string())),
        party: None,
        fold: Some(&format!("edi_quarantined {sender}")),
    };
    notify::all_who(tx, *receiver, cares, &notice, now).await
}

/// Whose business it is that an interchange waits, or was not acknowledged in time.
pub(super) fn cares(role: Role) -> bool {
    ReplayInterchanges::reach(role) != Reach::Nowhere
}
