//! Which interchanges stand on a page of an inbox or outbox, newest first.
//!
//! States in which interchanges are few and wait for something are found by the state, all others by
//! the time; so neither reads what it does not show.

use kernel::{Fault, Id, Interchange, Moment, Organisation};
use store::{Conn, statements};

use super::rules::{Direction, InterchangeState as State};

statements! {
    /// What an organisation holds.
    BY_TIME = "
        select p.interchange_id, p.at
        from interchange_party p
        where p.organisation_id = $1 and (p.at, p.interchange_id) < ($2, $3)
          and (cast($4 as text) is null or p.direction = $4)
          and (cast($5 as text) is null
               or exists (select 1 from interchange i where i.id = p.interchange_id and i.state = $5))
        order by p.at desc, p.interchange_id desc
        limit $6";

    /// What an organisation holds in a state in which not many are. Who holds an interchange holds
    /// it from when it came or was made.
    BY_STATE = "
        select i.id, i.at
        from interchange i
        join interchange_party p on p.interchange_id = i.id and p.organisation_id = $1
        where i.state = $5 and (i.at, i.id) < ($2, $3)
          and (cast($4 as text) is null or p.direction = $4)
        order by i.at desc, i.id desc
        limit $6";

    /// What partners should have acknowledged by now.
    OVERDUE = "
        select i.id, i.at
        from interchange i
        join interchange_party p on p.interchange_id = i.id and p.organisation_id = $1
        where i.organisation_id = $1 and i.overdue_at is not null and (i.at, i.id) < ($2, $3)
          and (cast($4 as text) is null or p.direction = $4)
          and (cast($5 as text) is null or i.state = $5)
        order by i.at desc, i.id desc
        limit $6";
}

/// Which interchanges are asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub(super) before: (Moment, Id<Interchange>),
    pub(super) direction: Option<Direction>,
    pub(super) state: Option<State>,
    /// Whether only those of ours that a partner should have acknowledged by now.
    pub(super) overdue: bool,
    pub(super) limit: i64,
}

/// Whether most interchanges come to stand in it.
const fn is_usual(state: State) -> bool {
    match state {
        State::Applied | State::Sent => true,
        State::Received
        | State::Quarantined
        | State::Rejected
        | State::Duplicate
        | State::Discarded
        | State::Built => false,
    }
}

pub(super) async fn page(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    wanted: Wanted,
) -> Result<Vec<(Id<Interchange>, Moment)>, Fault> {
    let statement = match wanted.state {
        _ if wanted.overdue => OVERDUE,
        Some(state) if !is_usual(state) => BY_STATE,
        Some(_) | None => BY_TIME,
    };
    conn.run(statement)
        .bind(organisation)
        .bind(wanted.before.0)
        .bind(wanted.before.1)
        .bind(wanted.direction)
        .bind(wanted.state)
        .bind(wanted.limit)
        .all()
        .await
}
