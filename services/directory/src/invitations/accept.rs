//! Coming in by a link.

use std::{num::NonZeroU32, sync::LazyLock};

use gate::{
    House, Password, Role,
    sessions::{self, Fresh, hash_token},
};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use kernel::{Fault, Id, Moment, Organisation, Person};
use serde::Serialize;
use store::{Conn, Tx};
use utoipa::ToSchema;

use super::{
    Refusal, changed, log,
    rules::{self, InvitationKind, InvitationState},
    sql::{self, Door},
};
use crate::{Domain, Email, Locale, organisations, partnerships, people};

/// What is told to who has a link, before they come in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OpenInvitation {
    /// Into what it leads.
    pub kind: InvitationKind,
    /// Who invites.
    pub organisation: Inviter,
    /// Who is invited.
    pub email: String,
    /// To be what.
    pub role: Role,
    /// Whether it still opens the door.
    pub state: InvitationState,
}

/// Who invites.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Inviter {
    /// Its name.
    pub name: String,
}

/// What somebody gives to come in.
#[derive(Clone, Debug)]
pub struct Acceptance {
    /// The token of the link.
    pub token: String,
    /// The person's name, if they are new.
    pub name: String,
    /// Their password: the one they have, or will have.
    pub password: Password,
    /// How their organisation is called, if it comes in with them.
    pub organisation_name: Option<String>,
    /// Their language, if they are new; that of who invited them, unless told.
    pub locale: Option<Locale>,
}

const BURST: NonZeroU32 = NonZeroU32::new(10).unwrap();
static ATTEMPTS: LazyLock<DefaultKeyedRateLimiter<String>> =
    LazyLock::new(|| RateLimiter::keyed(Quota::per_minute(BURST)));

/// What stands behind a link; none if it was never one.
///
/// # Errors
/// Only ours.
pub async fn by_token(
    conn: &mut Conn,
    token: &str,
    now: Moment,
) -> Result<Option<OpenInvitation>, Fault> {
    let Some(door) = sql::by_token(conn, &hash_token(token)).await? else {
        return Ok(None);
    };
    let mut state = door.state.at(door.expires_at, now);
    if let (InvitationState::Sent, Some(domain)) = (state, &door.domain)
        && organisations::by_domain(conn, domain).await?.is_some()
    {
        // Somebody of the company came in by another link.
        state = InvitationState::Accepted;
    }
    Ok(Some(OpenInvitation {
        kind: door.kind,
        organisation: Inviter { name: door.organisation_name },
        email: door.email,
        role: door.role,
        state,
    }))
}

/// Lets somebody in by a link, and signs them in.
///
/// # Errors
/// [`Refusal`], with nothing changed.
pub async fn accept(
    house: &House,
    acceptance: Acceptance,
    user_agent: &str,
) -> Result<Fresh, Refusal> {
    let now = house.clock.now();
    let hash = hash_token(&acceptance.token);
    let mut conn = house.db.read().await?;
    let door = sql::by_token(&mut conn, &hash).await?.ok_or(Refusal::NotFound)?;
    door.state.at(door.expires_at, now).opens()?;
    let email: Email = door.email.parse()?;
    if ATTEMPTS.check_key(&email.to_string()).is_err() {
        return Err(Refusal::TooMany);
    }
    let known = people::by_email(&mut conn, &email).await?;
    drop(conn);
    // Both take their time, so neither happens while the database is held.
    let newcomer = match known {
        Some((person, hash)) => {
            let right = acceptance.password.matches(Some(hash)).await?;
            Newcomer::Known(Some(person).filter(|_| right).ok_or(Refusal::WrongPassword)?)
        }
        None => Newcomer::New { email, hash: acceptance.password.hash().await? },
    };
    let mut tx = house.db.write().await?;
    if !sql::mark_used(&mut tx, door.id, now).await? {
        return Err(rules::Refusal::Used.into());
    }
    let person = settle(&mut tx, newcomer, &acceptance, now).await?;
    let organisation = match door.kind {
        InvitationKind::Member => {
            people::join(&mut tx, door.organisation_id, person, door.role, now).await?;
            door.organisation_id
        }
        InvitationKind::Partner => {
            let name = acceptance.organisation_name.as_deref();
            found(&mut tx, &door, (person, name.unwrap_or_default()), now).await?
        }
    };
    let inviter = (
        door.organisation_id,
        Some(person).filter(|_| door.kind == InvitationKind::Member),
    );
    log(&mut tx, inviter, "invitation.accept", (door.id, door.role), now).await?;
    changed(&mut tx, door.organisation_id, door.id);
    let fresh =
        sessions::open(house, &mut tx, person, Some(organisation), user_agent).await?;
    tx.commit().await?;
    Ok(fresh)
}

/// Who comes in.
enum Newcomer {
    /// Somebody with an account, who has proved it.
    Known(Id<Person>),
    /// Somebody new.
    New { email: Email, hash: String },
}

async fn settle(
    tx: &mut Tx,
    newcomer: Newcomer,
    acceptance: &Acceptance,
    now: Moment,
) -> Result<Id<Person>, Refusal> {
    match newcomer {
        Newcomer::Known(person) => Ok(person),
        Newcomer::New { email, hash } => {
            let (name, locale) =
                (&acceptance.name, acceptance.locale.unwrap_or_default());
            Ok(people::create_hashed(tx, &email, name, &hash, locale, now).await?)
        }
    }
}

/// Founds the organisation of a partner, and accepts its proposal. That the link came to an
/// address of the domain proves the domain.
async fn found(
    tx: &mut Tx,
    door: &Door,
    (person, name): (Id<Person>, &str),
    now: Moment,
) -> Result<Id<Organisation>, Refusal> {
    let broken = |why| Fault::broken("founding a partner's organisation", why);
    let (Some(domain), Some(partnership)) = (&door.domain, door.partnership_id) else {
        return Err(broken("its invitation names no domain").into());
    };
    let domain: Domain =
        domain.parse().map_err(Fault::new("reading the domain of an invitation"))?;
    let email: Email = door.email.parse()?;
    if !email.is_at(&domain) {
        return Err(broken("the address is not at the domain").into());
    }
    let organisation = match organisations::create(tx, name, &domain, true, now).await {
        Ok(organisation) => organisation,
        Err(organisations::Refusal::Name) => return Err(Refusal::OrganisationName),
        Err(refusal) => return Err(refusal.into()),
    };
    people::join(tx, organisation, person, Role::Owner, now).await?;
    partnerships::accept(tx, organisation, person, partnership, now).await?;
    Ok(organisation)
}
