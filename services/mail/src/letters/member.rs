//! Letters to members: see [`crate::digests`].

use gate::House;
use kernel::{Fault, Id, Letter, MailSeat, Membership, Moment, Organisation};
use store::{Tx, jobs};

use super::{
    Errand, SEND, compose, signed,
    sql::{self, NewLetter, ToSend},
};
use crate::digests::{self, About};

/// To whom a letter goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member<'m> {
    pub(crate) organisation: Id<Organisation>,
    pub(crate) membership: Id<Membership>,
    /// The place at the one room that it tells of, if it is one.
    pub(crate) seat: Option<Id<MailSeat>>,
    pub(crate) email: &'m str,
    /// As the outbox shows it.
    pub(crate) subject: &'m str,
}

/// Queues a letter to a member.
pub(crate) async fn queue_to_member(
    tx: &mut Tx,
    house: &House,
    letter: Id<Letter>,
    to: Member<'_>,
    at: Moment,
) -> Result<(), Fault> {
    let new = NewLetter {
        id: letter,
        organisation: Some(to.organisation),
        about: None,
        member: Some((to.membership, to.seat)),
        recipient: to.email,
        subject: to.subject,
        message_id: format!("{letter}@{}", house.settings.mail_domain),
        sha256: String::new(),
        at,
    };
    if sql::add(tx, new).await? {
        jobs::add(tx, SEND, &Errand { letter }, at).await?;
    }
    Ok(())
}

/// The bytes of a letter to a member as they are now, with which it is claimed.
pub(super) async fn bytes(
    house: &House,
    letter: Id<Letter>,
    membership: Id<Membership>,
    row: &ToSend,
) -> Result<Option<Vec<u8>>, Fault> {
    let (seat, at, message_id) = (row.seat_id, row.at, &*row.message_id);
    let about = About { letter, membership, seat, message_id, at };
    let Some((draft, told)) = digests::draft(house, &about).await? else {
        return Ok(None);
    };
    let bytes = signed(house, compose::bytes(&draft, row.at)).await?;
    let sha256 = house.files.keep(bytes.clone()).await?.to_string();
    let mut tx = house.db.write().await?;
    sql::rewritten(&mut tx, letter, sha256, &draft.to).await?;
    digests::written(&mut tx, letter, &told).await?;
    tx.commit().await?;
    Ok(Some(bytes))
}
