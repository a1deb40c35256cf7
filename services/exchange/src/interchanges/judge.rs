//! Judging an interchange that was kept: whose it is, whether it came before, what is wrong
//! with it; then doing what it says, and answering it. All of it is one transaction.

use gate::{House, Scope};
use kernel::{Fault, Id, Interchange, Moment, Organisation};
use store::{Sha256, Tx};

use super::{
    apply::{self, Done},
    long,
    mend::Mended,
    numbers, outbound, papers,
    parties::{self, Parties},
    rules::{self, Direction, FaultNote, InterchangeState as State},
    seen::{self, ToJudge},
    sql::{self, Address, Judged},
    tell::{self, Stopped},
};
use crate::dialects::{self, Wire};

/// One interchange of a file, with its own bytes kept.
pub(super) struct Piece<'f> {
    interchange: Wire<'f>,
    sha256: String,
    bytes: i64,
    content: String,
}

/// Why an interchange is judged.
pub(super) enum Cause<'c> {
    /// It came.
    First,
    /// Somebody asks for it once more.
    Again(Scope),
    /// Somebody mended it.
    Mended(&'c Mended<'c>),
}

/// Judges the interchange, if it still is in `state`. Gives the interchanges of its file; none if
/// what was mended is something else by now.
///
/// # Errors
/// Only ours; then nothing happened.
pub(super) async fn judge(
    house: &House,
    id: Id<Interchange>,
    state: State,
    cause: Cause<'_>,
) -> Result<Vec<Id<Interchange>>, Fault> {
    let mut conn = house.db.read().await?;
    let row = seen::to_judge(&mut conn, id).await?;
    drop(conn);
    let Some(row) = row.filter(|row| row.state == state) else { return Ok(vec![id]) };
    let long = long::is(row.bytes);
    let kept =
        if long { Vec::new() } else { house.files.read(row.sha256.parse()?).await? };
    let file = match &cause {
        Cause::First | Cause::Again(_) => kept.as_ref(),
        Cause::Mended(mended) => mended.file.as_slice(),
    };
    let mut content =
        if long { Err(long::told(row.bytes)) } else { read(house, &row, file).await? };
    let now = house.clock.now();
    let mut tx = house.db.write().await?;
    if !sql::take(&mut tx, id, state).await? {
        return Ok(vec![id]);
    }
    if let (Cause::Mended(mended), Ok(pieces)) = (&cause, &mut content) {
        if !mended.write(&mut tx, id, now).await? {
            return Ok(Vec::new());
        }
        as_mended(pieces, mended, &row, &kept);
    }
    let ids = settle(house, &mut tx, (&row, &content), &cause, now).await?;
    store::brink("edi.judging");
    tx.commit().await?;
    store::brink("edi.judged");
    Ok(ids)
}

/// What a file holds: its interchanges, or why it is none.
pub(super) type Content<'f> = Result<Vec<Piece<'f>>, FaultNote>;

/// Reads a file, and keeps its interchanges each by itself where there are several.
pub(super) async fn read<'f>(
    house: &House,
    row: &ToJudge,
    file: &'f [u8],
) -> Result<Content<'f>, Fault> {
    match dialects::read(file) {
        Ok(many) if many.len() > rules::INTERCHANGES_LIMIT => {
            let why = format!(
                "the file holds more than {} interchanges; send them in several files",
                rules::INTERCHANGES_LIMIT
            );
            Ok(Err(FaultNote::plain(why)))
        }
        Ok(interchanges) => Ok(Ok(pieces(house, row, interchanges).await?)),
        Err(broken) => Ok(Err(FaultNote::from(&broken))),
    }
}

/// Judges what a row of a file holds, in the transaction that has it in hand. Gives the
/// interchanges of the file.
pub(super) async fn settle(
    house: &House,
    tx: &mut Tx,
    (row, content): (&ToJudge, &Content<'_>),
    cause: &Cause<'_>,
    now: Moment,
) -> Result<Vec<Id<Interchange>>, Fault> {
    let id = row.id;
    let pieces = match content {
        Ok(pieces) => pieces,
        Err(why) => return unreadable(tx, row, why.clone()).await,
    };
    let mut ids = Vec::with_capacity(pieces.len());
    let (mut told, mut stopped) = (Vec::new(), Vec::new());
    for (place, piece) in pieces.iter().enumerate() {
        let of = if place == 0 { id } else { another(tx, row, piece).await? };
        let (news, waits) = one(house, tx, row, of, piece, now).await?;
        told.extend(news);
        stopped.extend(waits);
        ids.push(of);
    }
    // What locks the chains of the logs comes last: see `apply`.
    for news in &told {
        apply::announce(tx, news, now).await?;
    }
    match cause {
        Cause::First => {
            for one in &stopped {
                tell::stopped(tx, one, now).await?;
            }
        }
        Cause::Again(scope) => {
            super::note(tx, *scope, "edi.replay", id, now).await?;
        }
        Cause::Mended(mended) => mended.tell(tx, id, now).await?,
    }
    Ok(ids)
}

/// The interchanges of a file. Where there are several, each is kept and read by itself, so
/// that what is said of its places fits the bytes that people are shown.
async fn pieces<'f>(
    house: &House,
    row: &ToJudge,
    interchanges: Vec<Wire<'f>>,
) -> Result<Vec<Piece<'f>>, Fault> {
    let alone = interchanges.len() == 1;
    let mut pieces = Vec::with_capacity(interchanges.len());
    for interchange in interchanges {
        let own = interchange.bytes().trim_ascii();
        let content = Sha256::of(own).to_string();
        if alone {
            let (sha256, bytes) = (row.sha256.clone(), row.bytes);
            // It may have been mended since it came.
            let content = row.content.clone().unwrap_or(content);
            pieces.push(Piece { interchange, sha256, bytes, content });
            continue;
        }
        let own = interchange.bytes().trim_ascii_start();
        let kept = house.files.keep(own.to_vec()).await?;
        let (sha256, bytes) = (kept.to_string(), length(own));
        let read = dialects::read(own).map(Vec::into_iter);
        let interchange = read.ok().and_then(|mut it| it.next()).unwrap_or(interchange);
        pieces.push(Piece { interchange, sha256, bytes, content });
    }
    Ok(pieces)
}

/// A mended interchange has other bytes; for what is a duplicate, those that came count.
fn as_mended(pieces: &mut [Piece<'_>], mended: &Mended<'_>, row: &ToJudge, kept: &[u8]) {
    let (sha256, bytes) = mended.bytes();
    for piece in pieces {
        sha256.clone_into(&mut piece.sha256);
        piece.bytes = bytes;
        let came = || Sha256::of(kept.trim_ascii()).to_string();
        piece.content = row.content.clone().unwrap_or_else(came);
    }
}

pub(super) fn length(bytes: &[u8]) -> i64 {
    i64::try_from(bytes.len()).unwrap_or(i64::MAX)
}

/// A row for a further interchange of the same file.
async fn another(
    tx: &mut Tx,
    row: &ToJudge,
    piece: &Piece<'_>,
) -> Result<Id<Interchange>, Fault> {
    let id = Id::mint();
    let new = sql::NewRow {
        id,
        organisation: None,
        submitted_by: row.submitted_by,
        direction: Direction::In,
        kind: "unknown".to_owned(),
        state: State::Received,
        control_number: None,
        sender: None,
        receiver: None,
        sha256: piece.sha256.clone(),
        bytes: piece.bytes,
        source: row.source.clone(),
        way: row.way,
        asks_receipt: false,
        acknowledges: None,
        file: row.file.clone(),
        group_control: None,
    };
    sql::insert(tx, new, row.at).await?;
    Ok(id)
}

/// A file in which no interchange was found, or too many, stays in quarantine, for who sent it in.
async fn unreadable(
    tx: &mut Tx,
    row: &ToJudge,
    why: FaultNote,
) -> Result<Vec<Id<Interchange>>, Fault> {
    let judged = Judged {
        organisation: None,
        kind: "unknown",
        state: State::Quarantined,
        control_number: None,
        sender: None,
        receiver: None,
        sha256: row.sha256.clone(),
        bytes: row.bytes,
        content: None,
        acknowledges: None,
        duplicate_of: None,
        faults: rules::stored(vec![why]),
    };
    sql::judged(tx, row.id, judged).await?;
    if let Some(submitter) = row.submitted_by {
        outbound::hint(tx, submitter, row.id);
    }
    Ok(vec![row.id])
}

/// Judges one interchange; gives what is news, and itself if it waits for a person.
async fn one(
    house: &House,
    tx: &mut Tx,
    row: &ToJudge,
    id: Id<Interchange>,
    piece: &Piece<'_>,
    now: Moment,
) -> Result<(Vec<apply::News>, Option<Stopped>), Fault> {
    let wire = &piece.interchange;
    let sender = rules::clean(&wire.sender());
    let receiver = rules::clean(&wire.receiver());
    let number = rules::clean(wire.control());
    let mut judged = Judged {
        organisation: None,
        kind: wire.kind(),
        state: State::Quarantined,
        control_number: Some(number.clone()),
        sender: Some(sender.clone()),
        receiver: Some(receiver.clone()),
        sha256: piece.sha256.clone(),
        bytes: piece.bytes,
        content: Some(piece.content.clone()),
        acknowledges: None,
        duplicate_of: None,
        faults: "[]".to_owned(),
    };
    let held = (id, piece.sha256.as_str(), piece.bytes);
    let names = (receiver.as_str(), sender.as_str());
    let parties = match parties::of(tx, row, wire, (&sender, &receiver)).await? {
        Ok(parties) => parties,
        Err(fault) => {
            tracing::info!(interchange.id = %id, "quarantined interchange {id}: nobody's");
            judged.faults = rules::stored(vec![fault]);
            if let Some(submitter) = row.submitted_by {
                sql::hold(tx, submitter, held, Direction::Out, row.at).await?;
                outbound::hint(tx, submitter, id);
            }
            sql::judged(tx, id, judged).await?;
            return Ok((Vec::new(), None));
        }
    };
    judged.organisation = Some(parties.receiver);
    sql::hold(tx, parties.receiver, held, Direction::In, row.at).await?;
    if let Some(sender) = parties.authentic {
        sql::hold(tx, sender, held, Direction::Out, row.at).await?;
    }
    let of = (id, names, &parties);
    let news = decide(house, tx, of, piece, (&number, &mut judged), now).await?;
    let (state, kind) = (judged.state, judged.kind);
    if let (Some(buyer), State::Applied | State::Duplicate) = (parties.buyer, state) {
        sql::hold(tx, buyer, held, Direction::In, row.at).await?;
    }
    sql::judged(tx, id, judged).await?;
    for (holder, _) in seen::holders(tx, id).await? {
        outbound::hint(tx, holder, id);
    }
    tracing::info!(interchange.id = %id, ?state, "judged interchange {id}");
    let receiver = parties.receiver;
    let waits = Stopped { receiver, id, kind, number, sender };
    Ok((news, (state == State::Quarantined).then_some(waits)))
}

/// Whether an interchange came before, and if not, what it says; gives what is news.
async fn decide(
    house: &House,
    tx: &mut Tx,
    (id, names, parties): (Id<Interchange>, (&str, &str), &Parties),
    piece: &Piece<'_>,
    (number, judged): (&str, &mut Judged),
    now: Moment,
) -> Result<Vec<apply::News>, Fault> {
    let (receiver, sender) = names;
    numbers::hold(tx, parties.receiver, &rules::pair(receiver, sender)).await?;
    let address = Address { organisation: parties.receiver, sender, receiver, number };
    let earlier = sql::earlier(tx, address, id).await?;
    let same = earlier.iter().find(|it| it.content.as_ref() == Some(&piece.content));
    // One that was refused as a whole did not use its number up.
    let taken = earlier.iter().any(|it| it.state != State::Rejected);
    if let Some(first) = same {
        judged.state = State::Duplicate;
        judged.duplicate_of = Some(first.id);
        again(tx, parties, first.id, now).await?;
        return Ok(Vec::new());
    }
    if taken {
        judged.faults = rules::stored(vec![FaultNote::plain(format!(
            "{sender} used the control number {number} before, for an interchange with \
             other content; each interchange takes a number of its own"
        ))]);
        return Ok(Vec::new());
    }
    let case = apply::Case {
        house,
        id,
        interchange: &piece.interchange,
        receiver: parties.receiver,
        sender: parties.sender,
        authentic: parties.authentic,
        sells: parties.sells,
        buyer: parties.buyer,
        names,
        now,
    };
    let Done { state, faults, acknowledges, news } = apply::apply(tx, &case).await?;
    judged.state = state;
    judged.acknowledges = acknowledges;
    judged.faults = rules::stored(faults);
    Ok(news)
}

/// The very interchange that came before: it is acknowledged again, with what was answered
/// then. Where only now its sender itself sends it, it holds everything from now on too.
async fn again(
    tx: &mut Tx,
    parties: &Parties,
    first: Id<Interchange>,
    now: Moment,
) -> Result<(), Fault> {
    let answers = seen::answers(tx, parties.receiver, first).await?;
    for (answer,) in &answers {
        let again = sql::again(tx, *answer).await?;
        outbound::deliver(tx, (*answer, again), now).await?;
    }
    let Some(sender) = parties.authentic else { return Ok(()) };
    let holders = seen::holders(tx, first).await?;
    if holders.iter().any(|(holder, _)| *holder == sender) {
        return Ok(());
    }
    hold_too(tx, sender, first, Direction::Out).await?;
    for (answer,) in answers {
        hold_too(tx, sender, answer, Direction::In).await?;
    }
    let permit = apply::receives(parties.receiver);
    for (order, _) in seen::orders(tx, first).await? {
        commerce::orders::adopt(tx, &permit, order, sender).await?;
    }
    for (rfq, _) in papers::rfqs(tx, first).await? {
        commerce::rfqs::adopt(tx, &permit, rfq, sender).await?;
    }
    Ok(())
}

async fn hold_too(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    id: Id<Interchange>,
    direction: Direction,
) -> Result<(), Fault> {
    if let Some(row) = seen::to_judge(tx, id).await? {
        let held = (id, row.sha256.as_str(), row.bytes);
        sql::hold(tx, organisation, held, direction, row.at).await?;
        outbound::hint(tx, organisation, id);
    }
    Ok(())
}
