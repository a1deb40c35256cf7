//! Scenes of the directory, each played on SQLite and on PostgreSQL.

mod coming_in;
mod house;
mod notices;
mod partnerships;
mod people;
mod races;
mod stage;

use stage::scenes;
