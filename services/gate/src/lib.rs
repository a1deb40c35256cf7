//! Who may do what. Nothing reaches a feature without a [`Permit`] from here.
//!
//! A request passes [`authenticate`], which finds its [`Caller`]; a handler names the
//! [`Permit`] it needs in its signature; the permit holds the [`Scope`] that every statement
//! binds. What the caller did wrong is a [`Problem`].

mod extract;
mod house;
mod middleware;
mod page;
mod password;
mod permit;
mod problem;
pub mod reach;
mod role;
pub mod sessions;
mod sql;
pub mod tokens;

pub use extract::{Asked, At, Form, Revision, TOO_LARGE};
pub use house::{
    CallSettings, House, MailDns, MailSettings, Mailbox, Settings, TurnSecret,
};
pub use middleware::{authenticate, authenticate_token, fence, idempotent};
pub use page::{Cursor, Page, PageAsk};
pub use password::{Password, PasswordError};
pub use permit::{
    Action, ActionRow, Caller, Means, Permit, Reach, Scope, Scopes, action_row,
};
pub use problem::{
    CONFLICT, FORBIDDEN, INTERNAL, NOT_FOUND, Problem, ProblemKind, REFUSED_INPUT,
    STALE_REVISION, UNAUTHENTICATED,
};
pub use role::{Role, RoleError};
pub use sql::ALL as STATEMENTS;

/// The actions of this crate, for the policy matrix.
pub const ACTIONS: &[ActionRow] =
    &[action_row::<sessions::OwnSessions>(), action_row::<tokens::OwnTokens>()];
