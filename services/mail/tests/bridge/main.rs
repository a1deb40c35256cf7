//! The bridge from end to end: real sockets, a real database, on both databases.

#[cfg(test)]
mod dns;
#[cfg(test)]
#[macro_use]
mod scenes;
#[cfg(test)]
mod bounces;
#[cfg(test)]
mod digests;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod inbox;
#[cfg(test)]
mod parcels;
#[cfg(test)]
mod proof;
#[cfg(test)]
mod setup;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod storm;
