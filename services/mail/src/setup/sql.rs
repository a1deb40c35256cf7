//! The statements of the setup.

use directory::Locale;
use kernel::{Fault, Id, Letter, Moment, Organisation, Person};
use store::{Conn, Tx, statements};

use crate::{authentic::Verdict, letters::LetterState};

statements! {
    /// The address of a member.
    ADDRESS = "
        select p.email, p.locale
        from person p
        join membership m on m.person_id = p.id and m.organisation_id = $1 and m.state = 'active'
        where p.id = $2";

    /// A test has begun; the one before is forgotten.
    BEGIN = "
        insert into mail_test (organisation_id, person_id, letter_id, at)
        values ($1, $2, $3, $4)
        on conflict (organisation_id, person_id) do update
        set letter_id = excluded.letter_id, at = excluded.at";

    /// A member's last test, with its first answer.
    LAST = "
        select l.recipient, l.state, l.last_error as refusal, t.at,
               a.at as answered_at, a.spf, a.dkim, a.dmarc
        from mail_test t
        join letter l on l.id = t.letter_id and l.organisation_id = t.organisation_id
        left join arrival a on a.id = (
            select f.id from arrival f
            where f.letter_id = l.id and f.state <> 'stored'
            order by f.at, f.id
            limit 1)
        where t.organisation_id = $1 and t.person_id = $2";
}

/// A member's last test.
#[derive(sqlx::FromRow)]
pub(super) struct Last {
    pub(super) recipient: String,
    pub(super) state: LetterState,
    pub(super) refusal: Option<String>,
    pub(super) at: Moment,
    pub(super) answered_at: Option<Moment>,
    pub(super) spf: Option<Verdict>,
    pub(super) dkim: Option<Verdict>,
    pub(super) dmarc: Option<Verdict>,
}

pub(super) async fn address(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    person: Id<Person>,
) -> Result<Option<(String, Locale)>, Fault> {
    conn.run(ADDRESS).bind(organisation).bind(person).optional().await
}

pub(super) async fn begin(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    person: Id<Person>,
    letter: Id<Letter>,
    now: Moment,
) -> Result<(), Fault> {
    let query = tx.run(BEGIN).bind(organisation).bind(person).bind(letter);
    query.bind(now).execute().await.map(drop)
}

pub(super) async fn last(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    person: Id<Person>,
) -> Result<Option<Last>, Fault> {
    conn.run(LAST).bind(organisation).bind(person).optional().await
}
