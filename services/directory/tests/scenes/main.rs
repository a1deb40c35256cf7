//! Scenes of the directory, each played on SQLite and on PostgreSQL.

#![expect(clippy::missing_docs_in_private_items, reason = "names tell the scenes")]

mod coming_in;
mod house;
mod notices;
mod partnerships;
mod people;
mod stage;
