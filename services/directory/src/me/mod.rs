//! Who the caller is, and what they may do.

mod access;
mod http;
mod sql;

pub use access::{EditMe, SeeMe};
pub use http::{MeView, routes};
pub use sql::ALL as STATEMENTS;
