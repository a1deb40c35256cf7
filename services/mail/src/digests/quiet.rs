//! The links after which no more mail of a room comes: below each room, and in the header of the
//! letter (RFC 8058). Whoever holds one may use it; all that it does is to send less.

use directory::Locale;
use kernel::{Fault, Id, Letter, MailSeat};
use store::{Conn, Tx};

use super::sql;
use crate::token::{Purpose, Signer, Token};

/// What a link makes quiet.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Quiet {
    /// One room.
    Seat(Id<MailSeat>),
    /// The rooms that a letter told of.
    Letter(Id<Letter>),
}

/// What a link makes quiet, and in which language its holder reads.
pub(crate) async fn of_link(
    conn: &mut Conn,
    signer: &Signer,
    token: &Token,
) -> Result<Option<(Quiet, Locale)>, Fault> {
    let query = conn.run(sql::SEAT_SECRET).bind(token.seat());
    let seat: Option<(Vec<u8>, Locale)> = query.optional().await?;
    if let Some((secret, locale)) = seat {
        let made = signer.quiet_seat(token.seat(), &secret);
        return Ok(token.is(&made).then_some((Quiet::Seat(token.seat()), locale)));
    }
    let letter = token.letter();
    if !token.is(&signer.about_letter(Purpose::Quiet, letter)) {
        return Ok(None);
    }
    let query = conn.run(sql::LETTER_LOCALE).bind(letter);
    let locale: Option<(Locale,)> = query.optional().await?;
    Ok(locale.map(|(locale,)| (Quiet::Letter(letter), locale)))
}

/// No more mail comes of it. Done twice, it is done once.
pub(crate) async fn quiet(tx: &mut Tx, what: Quiet) -> Result<(), Fault> {
    let query = match what {
        Quiet::Seat(seat) => tx.run(sql::QUIET_SEAT).bind(seat),
        Quiet::Letter(letter) => tx.run(sql::QUIET_LETTER).bind(letter),
    };
    query.execute().await.map(drop)
}
