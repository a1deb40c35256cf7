//! Scenes of the CRM, each played on SQLite and on PostgreSQL.

mod accounts;
mod deals;
mod house;
mod imports;
mod leads;
mod mapping;
mod mapping_model;
mod registrations;
mod stage;

use stage::scenes;
