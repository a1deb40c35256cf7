//! How a partnership begins.

use gate::{Permit, Settings};
use kernel::{Fault, Id, Moment, Organisation, Partnership as Kind};
use serde_json::json;
use store::{Hint, Tx};

use super::{LIMIT_TEXT, Partnership, Refusal, RunPartnerships, rules::State, sql, tell};
use crate::{
    Domain, Email,
    audit::{self, Entry},
    invitations, organisations, words,
};

/// Whom to ask.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The company's own mail domain.
    pub domain: Domain,
    /// Somebody there, who gets a link if nobody of the company is here.
    pub email: Option<Email>,
    /// What to tell them.
    pub message: String,
}

/// Asks the organisation of a domain to sell together.
///
/// If it is here, those who answer for its partnerships are told, in the hub and by mail; if
/// not, the address that was given gets a link by which it comes in. Who asks cannot tell
/// which of the two happened.
///
/// # Errors
/// [`Refusal`], with nothing changed.
pub async fn propose(
    tx: &mut Tx,
    permit: &Permit<RunPartnerships>,
    settings: &Settings,
    proposal: &Proposal,
    now: Moment,
) -> Result<Partnership, Refusal> {
    let organisation = permit.scope().organisation();
    let domain = proposal.domain.as_str();
    let message = words::lines(&proposal.message, LIMIT_TEXT);
    let message = message.ok_or(Refusal::TooLong { field: "message" })?;
    if proposal.email.as_ref().is_some_and(|email| !email.is_at(&proposal.domain)) {
        return Err(Refusal::EmailElsewhere { domain: domain.to_owned() });
    }
    if organisations::by_domain(tx, domain).await? == Some(organisation) {
        return Err(Refusal::OwnDomain);
    }
    let answerer = sql::owner_of(tx, domain).await?;
    let State::Proposed { until } = State::proposed(now) else {
        return Err(Fault::broken("proposing", "a proposal is proposed").into());
    };
    let asked = sql::Asked {
        id: Id::mint(),
        proposer: organisation,
        answerer,
        domain,
        message: &message,
        until,
        at: now,
    };
    sql::close_late(tx, &asked).await?;
    if !sql::insert(tx, &asked).await? {
        return Err(Refusal::Exists { domain: domain.to_owned() });
    }
    let row = sql::one(tx, organisation, asked.id).await?.ok_or(Refusal::NotFound)?;
    tell::proposed(tx, &row, permit.scope().actor(), settings, now).await?;
    if let (None, Some(email), Some(person)) =
        (answerer, &proposal.email, permit.scope().actor())
    {
        let link = invitations::PartnerLink {
            partnership: &row.id,
            domain,
            email,
            message: &message,
        };
        invitations::invite_partner(tx, (organisation, person), settings, &link, now)
            .await?;
    }
    for organisation in [Some(organisation), answerer].into_iter().flatten() {
        let (kind, id) = ("partnership".to_owned(), row.id.to_string());
        tx.hint(Hint::Changed { organisation, kind, id, revision: row.revision });
    }
    Ok(Partnership::new(row, organisation, now)?)
}

/// Addresses the proposals that wait for a domain to the organisation that has proven it.
///
/// # Errors
/// Only ours.
pub(crate) async fn address(
    tx: &mut Tx,
    domain: &Domain,
    organisation: Id<Organisation>,
    at: Moment,
) -> Result<(), Fault> {
    let addressed = sql::address(tx, domain.as_str(), organisation).await?;
    if addressed == 0 {
        return Ok(());
    }
    let entry = Entry {
        organisation,
        person: None,
        action: "partnership.address",
        subject_kind: "organisation",
        subject_id: organisation.to_string(),
        detail: json!({ "proposals": addressed }),
    };
    audit::write(tx, &entry, at).await.map(drop)
}

/// Makes two organisations partners at once: for the demonstration, and for an operator who
/// has both their words.
///
/// # Errors
/// [`Refusal::Exists`], and ours.
pub async fn establish(
    tx: &mut Tx,
    proposer: Id<Organisation>,
    answerer: Id<Organisation>,
    message: &str,
    at: Moment,
) -> Result<Id<Kind>, Refusal> {
    let theirs = organisations::view(tx, answerer).await?;
    let asked = sql::Asked {
        id: Id::mint(),
        proposer,
        answerer: Some(answerer),
        domain: theirs.domain(),
        message,
        until: at,
        at,
    };
    if !sql::insert(tx, &asked).await? {
        return Err(Refusal::Exists { domain: theirs.domain().to_owned() });
    }
    let row = sql::one(tx, proposer, asked.id).await?.ok_or(Refusal::NotFound)?;
    if !sql::update(tx, &row, State::Active, "", at).await? {
        return Err(Refusal::Stale { revision: row.revision });
    }
    tell::established(tx, &row, at).await?;
    Ok(asked.id)
}
