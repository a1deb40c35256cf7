//! The caller's own row of `person`.

use kernel::{Fault, Id, Person};
use store::{Conn, Tx, statements};

use crate::Locale;

statements! {
    /// Changes one's name and language.
    UPDATE unscoped "the acting person's own row" = "
        update person
        set name = coalesce($2, name), locale = coalesce($3, locale)
        where id = $1";

    /// The language in which one reads.
    LOCALE unscoped "the acting person's own row" = "
        select locale from person where id = $1";
}

/// The language in which a person reads.
pub(super) async fn locale(
    conn: &mut Conn,
    person: Id<Person>,
) -> Result<Option<Locale>, Fault> {
    let row: Option<(Locale,)> = conn.run(LOCALE).bind(person).optional().await?;
    Ok(row.map(|(locale,)| locale))
}

pub(super) async fn update(
    tx: &mut Tx,
    person: Id<Person>,
    name: Option<String>,
    locale: Option<Locale>,
) -> Result<(), Fault> {
    let locale = locale.map(Locale::code);
    tx.run(UPDATE).bind(person).bind(name).bind(locale).execute().await.map(drop)
}
