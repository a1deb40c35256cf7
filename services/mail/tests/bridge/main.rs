//! The bridge from end to end: real sockets, a real database, on both databases.

#[cfg(test)]
mod dns;
#[macro_use]
mod scenes;
mod proof;
#[cfg(test)]
mod stage;
