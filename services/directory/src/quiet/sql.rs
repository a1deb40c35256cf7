//! The table `quiet`.

use kernel::{Fault, Id, Moment, Person};
use store::{Conn, Tx, statements};

use super::{
    Days, Quiet, Refusal,
    rules::{clock, zone},
};

statements! {
    /// When somebody wants to hear nothing.
    READ unscoped "quiet hours are the person's, wherever they act" = "
        select zone, starts, ends, days, off_days, pause_until from quiet where person_id = $1";

    /// Keeps it.
    WRITE unscoped "the acting person's own row" = "
        insert into quiet (person_id, zone, starts, ends, days, off_days, pause_until)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (person_id) do update
        set zone = excluded.zone, starts = excluded.starts, ends = excluded.ends,
            days = excluded.days, off_days = excluded.off_days,
            pause_until = excluded.pause_until";
}

/// What is kept: times as `HH:MM`, days as `mon,tue`.
#[derive(Clone, Debug, Eq, PartialEq, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) zone: String,
    pub(super) starts: String,
    pub(super) ends: String,
    pub(super) days: String,
    pub(super) off_days: String,
    pub(super) pause_until: Option<Moment>,
}

impl Row {
    /// What it means.
    pub(super) fn quiet(&self) -> Result<Quiet, Refusal> {
        let days = |text: &str, field| {
            let named = text.split(',').filter(|it| !it.is_empty());
            Days::named(named).ok_or(Refusal::Day(field))
        };
        Ok(Quiet {
            zone: zone(&self.zone)?,
            hours: (clock(&self.starts, "from")?, clock(&self.ends, "to")?),
            days: days(&self.days, "days")?,
            off_days: days(&self.off_days, "off_days")?,
            pause_until: self.pause_until,
        })
    }
}

pub(super) async fn read(
    conn: &mut Conn,
    person: Id<Person>,
) -> Result<Option<Row>, Fault> {
    conn.run(READ).bind(person).optional().await
}

pub(super) async fn write(
    tx: &mut Tx,
    person: Id<Person>,
    row: &Row,
) -> Result<(), Fault> {
    let query = tx.run(WRITE).bind(person).bind(row.zone.clone());
    let query = query.bind(row.starts.clone()).bind(row.ends.clone());
    let query = query.bind(row.days.clone()).bind(row.off_days.clone());
    query.bind(row.pause_until).execute().await.map(drop)
}
