use std::{fmt, marker::PhantomData};

use axum::{extract::FromRequestParts, http::request::Parts};
use kernel::{Id, Organisation, Person, Session, Token};

use crate::{FORBIDDEN, Problem, Role, UNAUTHENTICATED};

/// How far an allowed action reaches.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reach {
    /// Everything that the acting organisation may touch.
    Organisation,
    /// Only what is the caller's own.
    Own,
    /// Nothing.
    Nowhere,
}

/// Something one may be allowed to do. Each feature declares its own in `access.rs`.
pub trait Action: Send + Sync + 'static {
    /// As it stands in the matrix, such as `deal.create`.
    const NAME: &'static str;

    /// Whether it changes something: a token that only reads may not.
    const WRITES: bool;

    /// The policy: how far a role may do this.
    fn reach(role: Role) -> Reach;
}

/// An action as a row of the policy matrix.
#[derive(Clone, Copy)]
pub struct ActionRow {
    /// Its name.
    pub name: &'static str,
    /// Its policy.
    pub reach: fn(Role) -> Reach,
}

impl fmt::Debug for ActionRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// The row of one action.
pub const fn action_row<A: Action>() -> ActionRow {
    ActionRow { name: A::NAME, reach: A::reach }
}

/// By what a caller is known.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Means {
    /// A person's session: by cookie or by its token.
    Session(Id<Session>),
    /// A program's token.
    Token(Id<Token>),
    /// A mail to an address that is this person's alone; it stands for nothing after it.
    Mail,
}

/// What a token may be used for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Scopes {
    /// Everything its person may do.
    All,
    /// Reading only.
    Read,
}

/// Who is behind a request. A caller acts for exactly one organisation.
#[derive(Clone, Copy, Debug)]
pub struct Caller {
    /// Who.
    pub person: Id<Person>,
    /// For which organisation.
    pub organisation: Id<Organisation>,
    /// As what.
    pub role: Role,
    /// By what they are known.
    pub means: Means,
    /// What that may be used for.
    pub scopes: Scopes,
}

/// Proof that `A` is allowed, and how far. Only [`Caller::permit`] makes one.
pub struct Permit<A> {
    scope: Scope,
    caller: Option<Caller>,
    reach: Reach,
    action: PhantomData<fn() -> A>,
}

/// The rows a permit covers. Every statement binds one; only a permit has one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Scope {
    organisation: Id<Organisation>,
    actor: Option<Id<Person>>,
}

impl Caller {
    /// The permit for `A`, if the policy grants one.
    ///
    /// # Errors
    /// [`FORBIDDEN`], if it does not.
    pub fn permit<A: Action>(&self) -> Result<Permit<A>, Problem> {
        let reach = A::reach(self.role);
        if reach == Reach::Nowhere {
            let detail = format!("`{}` is not for the role `{}`", A::NAME, self.role);
            return Err(Problem::new(&FORBIDDEN, detail));
        }
        if A::WRITES && self.scopes == Scopes::Read {
            return Err(Problem::new(&FORBIDDEN, "this token may only read"));
        }
        let scope = Scope { organisation: self.organisation, actor: Some(self.person) };
        Ok(Permit { scope, caller: Some(*self), reach, action: PhantomData })
    }
}

impl<A: Action> Permit<A> {
    /// A permit for the hub's own errands. Linted: each use says why.
    pub const fn for_system(organisation: Id<Organisation>) -> Self {
        let scope = Scope { organisation, actor: None };
        Self { scope, caller: None, reach: Reach::Organisation, action: PhantomData }
    }

    /// The rows it covers.
    pub const fn scope(&self) -> Scope {
        self.scope
    }

    /// Who asked; none for the system itself.
    pub const fn caller(&self) -> Option<Caller> {
        self.caller
    }

    /// How far it reaches.
    pub const fn reach(&self) -> Reach {
        self.reach
    }
}

impl<A: Action> fmt::Debug for Permit<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(A::NAME).field("scope", &self.scope).finish_non_exhaustive()
    }
}

impl Scope {
    /// The acting organisation: bound by every statement.
    pub const fn organisation(&self) -> Id<Organisation> {
        self.organisation
    }

    /// The acting person; none for the system itself.
    pub const fn actor(&self) -> Option<Id<Person>> {
        self.actor
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let known = parts.extensions.get::<Self>().copied();
        known.ok_or_else(|| {
            Problem::new(
                &UNAUTHENTICATED,
                "no live session or token came with this request",
            )
        })
    }
}

impl<A: Action, S: Sync> FromRequestParts<S> for Permit<A> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Caller::from_request_parts(parts, state).await?.permit()
    }
}
