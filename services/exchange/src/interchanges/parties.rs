//! Whose an interchange is, by the names in its envelope.

use kernel::{Fault, Id, Organisation};
use store::Tx;
use trade::edi::Dialect;

use super::{rules::FaultNote, seen::ToJudge};
use crate::dialects::{self, Wire};

/// Whose an interchange is.
pub(super) struct Parties {
    pub(super) receiver: Id<Organisation>,
    /// The sender, if it is on the hub.
    pub(super) sender: Option<Id<Organisation>>,
    /// The sender, if the interchange is known to be its own.
    pub(super) authentic: Option<Id<Organisation>>,
    /// Whether it is what a seller on the hub itself says of orders. Then it is the seller's to
    /// work on, as what its people write in the browser is; `receiver` is the seller.
    pub(super) sells: bool,
    /// Then whom it is for, if that is on the hub: who gets it once it was applied.
    pub(super) buyer: Option<Id<Organisation>>,
}

/// Whose an interchange is, or why it is nobody's.
///
/// Who sends in what is not theirs learns nothing about who else is on the hub.
pub(super) async fn of(
    tx: &mut Tx,
    row: &ToJudge,
    wire: &Wire<'_>,
    (sender, receiver): (&str, &str),
) -> Result<Result<Parties, FaultNote>, Fault> {
    let dialect = wire.dialect();
    let from = named(tx, dialect, sender).await?;
    let to = named(tx, dialect, receiver).await?;
    if let Some(submitter) = row.submitted_by
        && Some(submitter) != from
        && Some(submitter) != to
    {
        return Ok(Err(FaultNote::plain(format!(
            "it goes from {sender} to {receiver}, and neither is an EDI id of your \
             organisation; add the id to your organisation's identifiers, or have the \
             sender send it"
        ))));
    }
    // A receiver that sends in a file by hand may have had it from anybody: it is not taken
    // for its sender's word. What the operator's drop folder brings is.
    let authentic = from.filter(|from| row.submitted_by.is_none_or(|by| by == *from));
    if let Some(seller) = authentic.filter(|it| wire.is_a_sellers() && to != Some(*it)) {
        let (sender, authentic) = (from, authentic);
        let parties =
            Parties { receiver: seller, sender, authentic, sells: true, buyer: to };
        return Ok(Ok(parties));
    }
    let Some(to) = to else {
        return Ok(Err(FaultNote::plain(format!(
            "nobody here receives interchanges for {receiver}; check its address (ISA07 and ISA08, or S003 of UNB)"
        ))));
    };
    if from == Some(to) {
        return Ok(Err(FaultNote::plain(format!(
            "it goes from {sender} to {receiver}: both are the same organisation"
        ))));
    }
    Ok(Ok(Parties { receiver: to, sender: from, authentic, sells: false, buyer: None }))
}

/// The organisation that bears an EDI name.
async fn named(
    tx: &mut Tx,
    dialect: Dialect,
    name: &str,
) -> Result<Option<Id<Organisation>>, Fault> {
    for (scheme, id) in dialects::schemes(dialect, name) {
        let found = directory::organisations::by_identifier(tx, scheme, &id).await?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}
