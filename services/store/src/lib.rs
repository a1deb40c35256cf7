//! One way to the database, whichever it is; and what must commit together with a change.
//!
//! [`Db::read`] lends a [`Conn`] that reads, [`Db::write`] a [`Tx`] that writes. A statement
//! is written once in a feature's `statements!`, and `conn.run(STATEMENT).bind(x).all()` runs
//! it on SQLite or PostgreSQL. A [`Tx`] also carries [`Hint`]s for the bus, which leave once it
//! has committed, and [`jobs`], which are rows and commit with it.

mod brink;
mod bus;
pub mod cluster;
mod db;
mod files;
mod group;
mod idempotency;
pub mod jobs;
mod query;

pub use brink::{brink, seeded};
pub use bus::{Barrier, Bus, Hint, Hints};
pub use cluster::Lease;
pub use db::{Conn, Db, Dialect, Step, Tx};
pub use files::{Files, Sha256, Spool};
pub use idempotency::{
    ALL as IDEMPOTENCY_STATEMENTS, Claim, forget_before, recall, remember, with_claim,
};
pub use query::{Param, Query, Record, Statement};
