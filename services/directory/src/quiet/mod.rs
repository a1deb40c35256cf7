//! Quiet hours: when somebody wants to hear nothing. Notices are kept and counted as ever, on
//! every device; what would ring or be mailed waits until the quiet is over. They are the
//! person's, in whatever organisation they act.
//!
//! Whoever pushes or mails asks [`quiet_until`] first. Letters that a person asked for by hand, and
//! those that let somebody in, are not held up.

mod http;
mod rules;
mod sql;

use gate::Problem;
use kernel::{Fault, Id, Moment, Person};
use store::{Conn, Tx};

pub use http::routes;
use rules::{Days, Quiet};
pub use sql::ALL as STATEMENTS;

/// Why nothing was kept.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    /// There is no such zone.
    #[error("name a time zone as the IANA does, such as `Europe/Paris`")]
    Zone,
    /// No such time of day.
    #[error("write it as `HH:MM`, from 00:00 to 23:59")]
    Clock(&'static str),
    /// No such day.
    #[error("name days as `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`")]
    Day(&'static str),
    /// Too long.
    #[error("pause for 31 days at most")]
    Pause,
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::Zone => Self::refused("zone", detail),
            Refusal::Clock(field) | Refusal::Day(field) => Self::refused(field, detail),
            Refusal::Pause => Self::refused("pause_until", detail),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}

/// Until when somebody wants to hear nothing; none if they may be told now.
///
/// # Errors
/// If the database fails.
pub async fn quiet_until(
    conn: &mut Conn,
    person: Id<Person>,
    now: Moment,
) -> Result<Option<Moment>, Fault> {
    let row = sql::read(conn, person).await?;
    // A zone that the system has lost since: nobody is kept waiting for that.
    let quiet = row.and_then(|row| row.quiet().ok());
    Ok(quiet.and_then(|it| it.until(now)))
}

/// Keeps what somebody asked for.
async fn keep(tx: &mut Tx, person: Id<Person>, row: &sql::Row) -> Result<(), Refusal> {
    Ok(sql::write(tx, person, row).await?)
}
