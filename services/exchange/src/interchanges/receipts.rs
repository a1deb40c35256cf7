//! Acknowledgements that come in, and what of ours they acknowledge.

use kernel::{Fault, Id, Interchange};
use serde_json::json;
use store::Tx;

use super::{
    apply::{Case, fault, receives},
    papers,
    rules::{self, FaultNote},
    seen,
    sql::{self, Address},
};
use crate::dialects::{Number, Told};

/// What a partner acknowledges.
#[derive(Clone, Copy, Debug)]
pub(super) struct Acknowledged {
    /// The interchange of ours.
    pub(super) of: Id<Interchange>,
    /// Whether the partner refused it, or something of it.
    pub(super) refused: bool,
}

/// Finds what the acknowledgements of an interchange are about, and notes what they say.
/// Gives the first that was found.
pub(super) async fn reconcile(
    tx: &mut Tx,
    case: &Case<'_>,
    faults: &mut Vec<FaultNote>,
) -> Result<Option<Acknowledged>, Fault> {
    let mut first: Option<Acknowledged> = None;
    for Told { number: told, answer, of_content, words: what } in case.interchange.told()
    {
        let (statement, number) = match &told {
            Number::Interchange(control) => (sql::SENT_INTERCHANGE, nine(control)),
            Number::Group(control) => (sql::SENT_GROUP, plain(control)),
        };
        let what = rules::clean(&what);
        let (own, partner) = case.names;
        let address = Address {
            organisation: case.receiver,
            sender: own,
            receiver: partner,
            number: &number,
        };
        let Some((of, _, _)) = sql::sent(tx, statement, address).await? else {
            faults.push(FaultNote::plain(format!(
                "it acknowledges {what}, which we never sent to {partner}"
            )));
            continue;
        };
        let refused = answer != x12::Answer::Accepted;
        if refused {
            faults.push(FaultNote::plain(format!(
                "the partner answered {what}: {}",
                word(answer)
            )));
        }
        if refused || of_content {
            sql::acknowledged(tx, case.receiver, of, case.now).await?;
        }
        if answer == x12::Answer::Rejected {
            sql::refused(tx, case.receiver, of).await?;
        }
        relate(tx, case, of).await?;
        first = first.or(Some(Acknowledged { of, refused }));
    }
    Ok(first)
}

/// The acknowledgement is about the orders that the acknowledged one is about.
async fn relate(tx: &mut Tx, case: &Case<'_>, of: Id<Interchange>) -> Result<(), Fault> {
    let scope = receives(case.receiver).scope();
    for (order, space) in seen::orders(tx, of).await? {
        sql::link(tx, case.id, order, 0).await?;
        if let Some(space) = space {
            let kind = case.interchange.kind();
            let detail =
                json!({ "interchange": case.id, "kind": kind, "state": "applied" });
            let told =
                commerce::orders::tell_paper(tx, scope, space, detail, case.now).await;
            told.map_err(fault)?;
        }
    }
    relate_quotes(tx, case, of).await?;
    for (holder, _) in seen::holders(tx, of).await? {
        super::outbound::hint(tx, holder, of);
    }
    Ok(())
}

/// The acknowledgement of a quote stands with the quote.
async fn relate_quotes(
    tx: &mut Tx,
    case: &Case<'_>,
    of: Id<Interchange>,
) -> Result<(), Fault> {
    let scope = receives(case.receiver).scope();
    for (quote, space) in papers::quotes(tx, of).await? {
        papers::link_quote(tx, case.id, quote, 0).await?;
        let Some(space) = space else { continue };
        let kind = case.interchange.kind();
        let detail = json!({ "interchange": case.id, "kind": kind, "state": "applied" });
        let told = commerce::orders::tell_paper(tx, scope, space, detail, case.now).await;
        told.map_err(fault)?;
    }
    Ok(())
}

/// As we write GS06.
fn plain(control: &str) -> String {
    rules::same_number(control).map_or(rules::clean(control), |it| it.to_string())
}

/// As we write ISA13, and 0020 of UNB.
fn nine(control: &str) -> String {
    rules::same_number(control).map_or(rules::clean(control), |it| format!("{it:09}"))
}

const fn word(answer: x12::Answer) -> &'static str {
    match answer {
        x12::Answer::Accepted => "accepted",
        x12::Answer::WithErrors => "accepted, with errors noted",
        x12::Answer::Partly => "accepted in part",
        x12::Answer::Rejected => "rejected",
    }
}
