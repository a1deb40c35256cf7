//! Invitations: a link by mail, by which a colleague comes in, or the first person of a
//! partner that is not here yet.
//!
//! A link opens the door once, for 14 days; of its token only a hash is kept. Who has an
//! account already proves it by its password.

mod accept;
mod access;
mod http;
mod rules;
mod sql;

use gate::{
    Permit, Problem, ProblemKind, Role, Settings,
    sessions::{fresh_token, hash_token},
};
use kernel::{Fault, Id, Invitation as Kind, Moment, Organisation, Partnership, Person};
use serde_json::json;
use store::{Conn, Hint, Tx};

pub use accept::{Acceptance, OpenInvitation, accept, by_token};
pub use access::{Invite, SeeInvitations};
pub use http::{InviteView, routes};
pub use rules::{InvitationKind, InvitationState, Refusal as RuleRefusal, VALID_FOR};
pub use sql::ALL as STATEMENTS;

use crate::{
    Email, EmailError,
    audit::{self, Entry},
    letters::{self, Letter},
    organisations, outbox, partnerships, people,
};

/// Why nobody is invited, or comes in.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such invitation.
    #[error("there is no such invitation")]
    NotFound,
    /// The address makes no sense.
    #[error(transparent)]
    Email(#[from] EmailError),
    /// The address waits for one.
    #[error("this address has an invitation that is open; cancel it to send another one")]
    Exists,
    /// The person is a member.
    #[error("this person is a member already")]
    AlreadyMember,
    /// Only owners make owners.
    #[error("only an owner invites an owner")]
    NotOwner,
    /// The link does not open the door.
    #[error(transparent)]
    Shut(#[from] rules::Refusal),
    /// The address has an account, with another password.
    #[error("there is an account with this address: give its password")]
    WrongPassword,
    /// Too many attempts.
    #[error("too many attempts; wait a minute")]
    TooMany,
    /// A new organisation needs a name.
    #[error("an organisation's name has 1 to 200 characters, on one line")]
    OrganisationName,
    /// What the person would become does not go.
    #[error(transparent)]
    Person(#[from] people::Refusal),
    /// What the organisation would become does not go.
    #[error(transparent)]
    Organisation(#[from] organisations::Refusal),
    /// The proposal cannot be accepted.
    #[error(transparent)]
    Partnership(#[from] partnerships::Refusal),
    /// The session could not be opened.
    #[error(transparent)]
    Session(#[from] gate::sessions::Refusal),
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Whom a proposal invites to come in.
pub(crate) struct PartnerLink<'p> {
    /// The proposal.
    pub(crate) partnership: &'p Id<Partnership>,
    /// The domain that it is for.
    pub(crate) domain: &'p str,
    /// Somebody there.
    pub(crate) email: &'p Email,
    /// What the proposer wrote.
    pub(crate) message: &'p str,
}

/// Invites somebody to become a colleague.
///
/// The link goes out by mail; where the hub sends no mail, it is given back, this once.
///
/// # Errors
/// [`Refusal`], with nothing changed.
pub async fn invite(
    tx: &mut Tx,
    permit: &Permit<Invite>,
    settings: &Settings,
    (email, role): (&Email, Role),
    now: Moment,
) -> Result<InviteView, Refusal> {
    let scope = permit.scope();
    let organisation = scope.organisation();
    let by = scope
        .actor()
        .ok_or_else(|| Fault::broken("inviting", "an invitation is sent by a person"))?;
    let inviter = permit.caller().map(|caller| caller.role);
    if role == Role::Owner && inviter.is_some_and(|inviter| inviter != Role::Owner) {
        return Err(Refusal::NotOwner);
    }
    if people::has_email(tx, organisation, email).await? {
        return Err(Refusal::AlreadyMember);
    }
    sql::expire(tx, organisation, email, now).await?;
    let token = fresh_token();
    let fresh = sql::Fresh {
        id: Id::mint(),
        organisation,
        kind: InvitationKind::Member,
        email,
        role,
        partnership: None,
        domain: None,
        token_hash: hash_token(&token),
        invited_by: by,
        at: now,
        until: now + VALID_FOR,
    };
    if !sql::insert(tx, &fresh).await? {
        return Err(Refusal::Exists);
    }
    let name = organisations::name_of(tx, organisation).await?.unwrap_or_default();
    let link = link(settings, &token);
    let letter = Letter {
        locale: sql::locale_of(tx, by).await?,
        organisation: &name,
        message: "",
        link: &link,
    };
    // Whoever reads an organisation's outbox could use the link: not that of an owner.
    let seen_by = Some(organisation).filter(|_| role != Role::Owner);
    let mail = letters::member(&letter, role).to(email.to_string(), seen_by);
    outbox::mail(tx, &mail, now).await?;
    log(tx, (organisation, Some(by)), "invitation.send", (fresh.id, role), now).await?;
    changed(tx, organisation, fresh.id);
    let shown = settings.smtp_relay.is_none().then_some(link);
    Ok(InviteView {
        id: fresh.id,
        email: email.to_string(),
        role,
        state: InvitationState::Sent,
        expires_at: fresh.until,
        link: shown,
    })
}

/// Invites somebody of an organisation that is not here, to come in and accept a proposal.
///
/// Its mail stands in nobody's outbox: there it would tell who is here, and who is not.
///
/// # Errors
/// Only ours.
pub(crate) async fn invite_partner(
    tx: &mut Tx,
    (organisation, person): (Id<Organisation>, Id<Person>),
    settings: &Settings,
    to: &PartnerLink<'_>,
    now: Moment,
) -> Result<(), Fault> {
    let token = fresh_token();
    let fresh = sql::Fresh {
        id: Id::mint(),
        organisation,
        kind: InvitationKind::Partner,
        email: to.email,
        role: Role::Owner,
        partnership: Some(*to.partnership),
        domain: Some(to.domain),
        token_hash: hash_token(&token),
        invited_by: person,
        at: now,
        until: now + VALID_FOR,
    };
    if !sql::insert(tx, &fresh).await? {
        return Err(Fault::broken("inviting a partner", "two tokens are the same"));
    }
    let name = organisations::name_of(tx, organisation).await?.unwrap_or_default();
    let link = link(settings, &token);
    let letter = Letter {
        locale: sql::locale_of(tx, person).await?,
        organisation: &name,
        message: to.message,
        link: &link,
    };
    let mail = letters::partner(&letter, to.domain).to(to.email.to_string(), None);
    outbox::mail(tx, &mail, now).await.map(drop)
}

fn link(settings: &Settings, token: &str) -> String {
    format!("{}/join?token={token}", settings.public_url)
}

/// Who has been invited and has not come, newest first.
///
/// # Errors
/// Only ours.
pub async fn list(
    conn: &mut Conn,
    permit: &Permit<SeeInvitations>,
    now: Moment,
) -> Result<Vec<InviteView>, Fault> {
    let rows = sql::list(conn, permit.scope().organisation()).await?;
    Ok(rows.into_iter().map(|row| InviteView::new(row, now)).collect())
}

/// Takes an invitation back: its link leads nowhere from now on.
///
/// # Errors
/// [`Refusal::NotFound`], if no such invitation of the organisation waits.
pub async fn cancel(
    tx: &mut Tx,
    permit: &Permit<Invite>,
    id: Id<Kind>,
    now: Moment,
) -> Result<(), Refusal> {
    let organisation = permit.scope().organisation();
    if !sql::cancel(tx, organisation, id).await? {
        return Err(Refusal::NotFound);
    }
    let entry = Entry {
        organisation,
        person: permit.scope().actor(),
        action: "invitation.cancel",
        subject_kind: "invitation",
        subject_id: id.to_string(),
        detail: json!({}),
    };
    audit::write(tx, &entry, now).await?;
    changed(tx, organisation, id);
    Ok(())
}

/// The proposal was settled in another way: its link leads nowhere.
///
/// # Errors
/// Only ours.
pub(crate) async fn withdraw(tx: &mut Tx, id: Id<Partnership>) -> Result<(), Fault> {
    sql::settle(tx, id, InvitationState::Cancelled).await
}

/// The proposal was not answered in time, so its link is late too.
///
/// # Errors
/// Only ours.
pub(crate) async fn outlive(tx: &mut Tx, id: Id<Partnership>) -> Result<(), Fault> {
    sql::settle(tx, id, InvitationState::Expired).await
}

async fn log(
    tx: &mut Tx,
    (organisation, person): (Id<Organisation>, Option<Id<Person>>),
    action: &str,
    (id, role): (Id<Kind>, Role),
    at: Moment,
) -> Result<(), Fault> {
    let entry = Entry {
        organisation,
        person,
        action,
        subject_kind: "invitation",
        subject_id: id.to_string(),
        detail: json!({ "role": role }),
    };
    audit::write(tx, &entry, at).await.map(drop)
}

fn changed(tx: &mut Tx, organisation: Id<Organisation>, id: Id<Kind>) {
    let (kind, id) = ("invitation".to_owned(), id.to_string());
    tx.hint(Hint::Changed { organisation, kind, id, revision: 0 });
}

const EXISTS: ProblemKind = ProblemKind {
    slug: "invitation-exists",
    status: 409,
    title: "This address has an open invitation",
};
const MEMBER: ProblemKind = ProblemKind {
    slug: "already-member",
    status: 409,
    title: "This person is a member already",
};
const EXPIRED: ProblemKind = ProblemKind {
    slug: "invitation-expired",
    status: 410,
    title: "This invitation has expired",
};
const USED: ProblemKind = ProblemKind {
    slug: "invitation-used",
    status: 410,
    title: "This invitation has been used",
};
const CANCELLED: ProblemKind = ProblemKind {
    slug: "invitation-cancelled",
    status: 410,
    title: "This invitation has been taken back",
};
const TOO_MANY: ProblemKind =
    ProblemKind { slug: "too-many-attempts", status: 429, title: "Too many attempts" };

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NotFound => Self::not_found(),
            Refusal::Email(_) => Self::refused("email", detail),
            Refusal::Exists => Self::new(&EXISTS, detail),
            Refusal::AlreadyMember => Self::new(&MEMBER, detail),
            Refusal::NotOwner => Self::new(&gate::FORBIDDEN, detail),
            Refusal::Shut(rules::Refusal::Expired) => Self::new(&EXPIRED, detail),
            Refusal::Shut(rules::Refusal::Used) => Self::new(&USED, detail),
            Refusal::Shut(rules::Refusal::Cancelled) => Self::new(&CANCELLED, detail),
            Refusal::WrongPassword => Self::refused("password", detail),
            Refusal::TooMany => Self::new(&TOO_MANY, detail).with("retry_after", 60),
            Refusal::OrganisationName => Self::refused("organisation_name", detail),
            Refusal::Person(refusal) => refusal.into(),
            Refusal::Organisation(refusal) => refusal.into(),
            Refusal::Partnership(refusal) => refusal.into(),
            Refusal::Session(refusal) => refusal.into(),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}
