//! One letter of all rooms in which somebody is behind. It is queued, the turn is over and the
//! rooms' cursors are moved in one transaction, so neither a crash nor another node makes two
//! letters, or none. In somebody's quiet hours the turn waits for their end.

use directory::quiet::quiet_until;
use gate::House;
use kernel::{Fault, Id, Letter, MailSeat};
use store::{
    Tx,
    jobs::{self, Job, Outcome},
};

use super::{
    plan::{self, TURN, Turn},
    secret, section,
    sql::{self, Addressee, Place},
    words,
};
use crate::letters;

/// Writes to those whose turn it is, for ever.
pub(crate) async fn gather(house: House) {
    let (db, clock) = (house.db.clone(), house.clock.clone());
    jobs::work(db, clock, TURN, move |job: Job, turn: Turn| {
        let house = house.clone();
        async move { one(&house, &job, turn).await }
    })
    .await;
}

async fn one(house: &House, job: &Job, turn: Turn) -> Result<Outcome, Fault> {
    let mut tx = house.db.write().await?;
    let Turn { membership, pace, due } = turn;
    let taken = tx.run(sql::TAKE_TURN).bind(membership).bind(pace).bind(due);
    // It was called off, or is done.
    if taken.execute().await? == 1
        && let Some(who) = sql::addressee(&mut tx, membership).await?
    {
        let now = house.clock.now();
        if let Some(until) = quiet_until(&mut tx, who.person_id, now).await? {
            plan::at(&mut tx, Turn { due: until, ..turn }).await?;
        } else {
            let query = tx.run(sql::UNREAD).bind(membership).bind(pace);
            let places: Vec<Place> = query.all().await?;
            letter(&mut tx, house, &who, places).await?;
        }
    }
    jobs::done(&mut tx, job.id).await?;
    store::brink("digest.gathering");
    tx.commit().await?;
    store::brink("digest.gathered");
    Ok(Outcome::Done)
}

/// Queues a letter, if there is anything to tell.
async fn letter(
    tx: &mut Tx,
    house: &House,
    who: &Addressee,
    places: Vec<Place>,
) -> Result<(), Fault> {
    let now = house.clock.now();
    let mut told: Vec<(Id<MailSeat>, Place)> = Vec::new();
    for place in places {
        let section = section::of(tx, who, &place).await?;
        let seat = sql::sit(tx, who, place.room_id, secret()?, now).await?;
        let upto = place.upto_seq;
        tx.run(sql::ADVANCE).bind(seat).bind(upto).execute().await?;
        if section.is_some() {
            told.push((seat, place));
        }
    }
    if told.is_empty() {
        return Ok(());
    }
    let alone = if let [(seat, _)] = &*told { Some(*seat) } else { None };
    let letter = Id::<Letter>::mint();
    let to = letters::Member {
        organisation: who.organisation_id,
        membership: who.membership_id,
        seat: alone,
        email: &who.email,
        subject: words::outbox(who.locale),
    };
    letters::queue_to_member(tx, house, letter, to, now).await?;
    for (seat, place) in told {
        tx.run(sql::ADD_ROOM)
            .bind(letter)
            .bind(seat)
            .bind(place.party_id)
            .bind(place.after_seq)
            .bind(place.upto_seq)
            .execute()
            .await?;
    }
    Ok(())
}
