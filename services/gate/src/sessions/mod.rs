//! Signing in, signing out, and acting for one organisation at a time.

mod http;

use std::{num::NonZeroU32, sync::LazyLock, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use kernel::{Fault, Id, Moment, Organisation, Person, Session};
use store::{Conn, Hint, Sha256, Tx};

pub use crate::sql::Place;
pub use http::{SignedIn, cookie_for, routes};

use crate::{Action, Caller, House, Means, Password, Problem, Reach, Role, Scopes, sql};

/// See and end one's own sessions.
#[derive(Debug)]
pub enum OwnSessions {}

impl Action for OwnSessions {
    const NAME: &'static str = "session.own";
    const WRITES: bool = true;

    fn reach(_role: Role) -> Reach {
        Reach::Own
    }
}

/// Why somebody was not let in.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The address or the password is wrong; which one is not told.
    #[error("this address and password do not belong together")]
    WrongPassword,
    /// The person belongs to no organisation (any more), or not to the one named.
    #[error("you do not belong to that organisation")]
    NoPlace,
    /// Too many attempts.
    #[error("too many attempts; wait a minute")]
    TooMany,
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// A fresh session: its token is told once, and kept only as a hash.
#[derive(Clone, Debug)]
pub struct Fresh {
    /// Which.
    pub session: Id<Session>,
    /// The token.
    pub token: String,
    /// Where it acts.
    pub place: Place,
    /// Who.
    pub person: Id<Person>,
    /// Every place where the person could act.
    pub places: Vec<Place>,
}

const BURST: NonZeroU32 = NonZeroU32::new(10).unwrap();
static ATTEMPTS: LazyLock<DefaultKeyedRateLimiter<String>> =
    LazyLock::new(|| RateLimiter::keyed(Quota::per_minute(BURST)));

/// How long a session lives without use.
pub(crate) fn lifetime(house: &House) -> Duration {
    Duration::from_secs(u64::from(house.settings.session_days) * 86_400)
}

/// What is kept of a token: enough to know it again, useless to a thief.
pub fn hash_token(token: &str) -> String {
    Sha256::of(token.as_bytes()).to_string()
}

/// A new secret of 256 bits, as text that is safe in URLs and mail addresses.
pub fn fresh_token() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// Lets a person in by address and password.
///
/// # Errors
/// [`Refusal`], with the same words and work for a wrong address and a wrong password.
pub async fn sign_in(
    house: &House,
    email: &str,
    password: &Password,
    organisation: Option<Id<Organisation>>,
    user_agent: &str,
) -> Result<Fresh, Refusal> {
    let email = email.trim().to_lowercase();
    if ATTEMPTS.check_key(&email).is_err() {
        return Err(Refusal::TooMany);
    }
    let mut conn = house.db.read().await?;
    let known = sql::person_by_email(&mut conn, &email).await?;
    drop(conn);
    let (person, hash) = known.unzip();
    let right = password.matches(hash).await?;
    let person = person.filter(|_| right).ok_or(Refusal::WrongPassword)?;
    let mut tx = house.db.write().await?;
    let fresh = open(house, &mut tx, person, organisation, user_agent).await?;
    tx.commit().await?;
    Ok(fresh)
}

/// Opens a session for a person who has proved who they are.
///
/// # Errors
/// [`Refusal::NoPlace`], if they may not act for that organisation, or for any.
pub async fn open(
    house: &House,
    tx: &mut Tx,
    person: Id<Person>,
    organisation: Option<Id<Organisation>>,
    user_agent: &str,
) -> Result<Fresh, Refusal> {
    let places = sql::memberships(tx, person).await?;
    let wanted =
        |place: &&Place| organisation.is_none_or(|id| id == place.organisation_id);
    let place = places.iter().find(wanted).cloned().ok_or(Refusal::NoPlace)?;
    let (session, token, now) = (Id::mint(), fresh_token(), house.clock.now());
    tx.run(sql::OPEN_SESSION)
        .bind(session)
        .bind(person)
        .bind(place.organisation_id)
        .bind(hash_token(&token))
        .bind(user_agent.chars().take(200).collect::<String>())
        .bind(now)
        .bind(now + lifetime(house))
        .execute()
        .await?;
    Ok(Fresh { session, token, place, person, places })
}

/// The places where a person may act.
///
/// # Errors
/// Only ours.
pub async fn places(conn: &mut Conn, person: Id<Person>) -> Result<Vec<Place>, Fault> {
    sql::memberships(conn, person).await
}

/// Somebody who has written by mail, with the rights that they have now. None if they do not
/// belong to the organisation any more.
///
/// # Errors
/// Only ours.
pub async fn by_mail(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    person: Id<Person>,
) -> Result<Option<Caller>, Fault> {
    let role = sql::role_of(conn, organisation, person).await?;
    let (means, scopes) = (Means::Mail, Scopes::All);
    Ok(role.map(|role| Caller { person, organisation, role, means, scopes }))
}

/// Reads a caller's rights again: for what lives longer than a request. None if they may no
/// longer act: the session or token is over, or the membership is not active.
///
/// # Errors
/// Only ours.
pub async fn renew(
    conn: &mut Conn,
    caller: Caller,
    now: Moment,
) -> Result<Option<Caller>, Fault> {
    let query = match caller.means {
        Means::Session(id) => conn.run(sql::SESSION_LIVE).bind(id).bind(now),
        Means::Token(id) => conn.run(sql::TOKEN_LIVE).bind(id),
        Means::Mail => return Ok(None),
    };
    let (live,): (i64,) = query.one().await?;
    let role = sql::role_of(conn, caller.organisation, caller.person).await?;
    Ok(role.filter(|_| live > 0).map(|role| Caller { role, ..caller }))
}

/// Ends a session of the caller's own; false if there is no such.
///
/// # Errors
/// Only ours.
pub async fn end(
    tx: &mut Tx,
    caller: &Caller,
    session: Id<Session>,
    now: Moment,
) -> Result<bool, Fault> {
    let ended = tx
        .run(sql::END_SESSION)
        .bind(caller.organisation)
        .bind(caller.person)
        .bind(session)
        .bind(now)
        .execute()
        .await?;
    tx.hint(Hint::SessionOver { session });
    Ok(ended == 1)
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::WrongPassword => Self::new(&http::WRONG_PASSWORD, detail),
            Refusal::NoPlace => Self::new(&http::NO_PLACE, detail),
            Refusal::TooMany => Self::new(&http::TOO_MANY, detail),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}
