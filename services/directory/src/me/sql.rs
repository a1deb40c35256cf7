//! The caller's own row of `person`.

use kernel::{Fault, Id, Person};
use store::{Tx, statements};

use crate::Locale;

statements! {
    /// Changes one's name and language.
    UPDATE unscoped "the acting person's own row" = "
        update person
        set name = coalesce($2, name), locale = coalesce($3, locale)
        where id = $1";
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
