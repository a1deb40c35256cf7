//! Words every other crate shares: ids, moments, money, faults. No I/O, no async.

mod clock;
mod fault;
mod id;
mod kinds;
mod moment;
mod money;
#[cfg(feature = "schema")]
pub mod schema;
pub mod text;

pub use clock::Clock;
pub use fault::Fault;
pub use id::{Id, IdError, Kind};
pub use kinds::*;
pub use moment::{Day, DayError, Moment};
pub use money::{Currency, CurrencyError, Money};
