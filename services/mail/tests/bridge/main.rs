//! The bridge from end to end: real sockets, a real database, on both databases.

#[cfg(test)]
mod scenes;
#[cfg(test)]
mod stage;
