//! What the programs that measure share: a hub as a process of its own, one who asks it, and what
//! it and its database have used.

mod http;
mod hub;

pub use http::Client;
pub use hub::{Database, Hub, binary};

/// Why nothing can be measured.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// CPU time in milliseconds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Millis {
    /// Of the hub.
    pub hub: f64,
    /// Of the processes of its database; zero on SQLite, which works inside the hub.
    pub database: f64,
}

impl Millis {
    /// Both.
    pub fn all(self) -> f64 {
        self.hub + self.database
    }
}
