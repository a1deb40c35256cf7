//! Direct messages: the rooms of two people, as a person finds them.
//!
//! What such a room is, and when it may be read, is told by `sharing::directs`. Here it is opened
//! by a person's id, and listed. Everything else about it is what every room has: the same
//! socket, log, search, drafts, files and notices. Nobody else reads it, whatever their role.

mod http;
mod sql;

pub(crate) use http::routes;
pub(crate) use sql::ALL as STATEMENTS;
