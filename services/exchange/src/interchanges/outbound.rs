//! What goes out: an interchange is built with its numbers in the transaction of its cause,
//! kept, and handed over by a job once that has committed.

use std::path::Path;

use gate::House;
use kernel::{Fault, Id, Interchange, Moment, Order, Organisation};
use serde::{Deserialize, Serialize};
use store::{
    Hint, Tx,
    jobs::{self, Outcome},
};

use super::{
    Way, deadlines,
    judge::length,
    numbers, pages,
    rules::{self, Direction, InterchangeState as State},
    seen, sql,
};
use crate::{
    mailing,
    sftp::{self, Carried},
    stations,
};

/// The kind of job that hands an interchange over.
pub(crate) const DELIVER: &str = "edi.deliver";

/// What is to be built.
#[derive(Clone, Debug)]
pub(crate) struct Paper<'p> {
    /// Ours.
    pub(crate) sender: Id<Organisation>,
    /// The partner, if it is on the hub and known to be who it says.
    pub(crate) receiver: Option<Id<Organisation>>,
    /// The ISA names of the sender and the receiver.
    pub(crate) names: (&'p str, &'p str),
    /// Its kind.
    pub(crate) kind: &'static str,
    /// How many numbers of sets it takes.
    pub(crate) sets: u32,
    /// What it acknowledges.
    pub(crate) acknowledges: Option<Id<Interchange>>,
    /// The orders it is about.
    pub(crate) orders: Vec<Id<Order>>,
}

/// The errand of the job.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Errand {
    pub(crate) interchange: Id<Interchange>,
    /// How often its receiver was asked again before this.
    #[serde(default)]
    pub(crate) chased: i64,
}

/// Builds an interchange and keeps it. Its bytes are on disk before its row commits.
pub(crate) async fn build(
    house: &House,
    tx: &mut Tx,
    paper: Paper<'_>,
    write: impl FnOnce(x12::Numbers) -> Vec<u8>,
    now: Moment,
) -> Result<Id<Interchange>, Fault> {
    let (own, partner) = paper.names;
    let pair = rules::pair(own, partner);
    let numbers = numbers::draw(tx, paper.sender, &pair, paper.sets).await?;
    let bytes = write(numbers);
    let (bytes, asks_receipt) = asking(tx, &paper, bytes).await?;
    let size = length(&bytes);
    let sha256 = house.files.keep(bytes).await?.to_string();
    let id = Id::mint();
    let new = sql::NewRow {
        id,
        organisation: Some(paper.sender),
        submitted_by: None,
        direction: Direction::Out,
        kind: paper.kind.to_owned(),
        state: State::Built,
        control_number: Some(format!("{:09}", numbers.interchange)),
        sender: Some(own.to_owned()),
        receiver: Some(partner.to_owned()),
        sha256: sha256.clone(),
        bytes: size,
        source: "hub".to_owned(),
        way: Way::Hub,
        asks_receipt,
        acknowledges: paper.acknowledges,
        file: sha256.clone(),
        group_control: Some(numbers.group.to_string()),
    };
    sql::insert(tx, new, now).await?;
    let held = (id, sha256.as_str(), size);
    sql::hold(tx, paper.sender, held, Direction::Out, now).await?;
    hint(tx, paper.sender, id);
    if let Some(receiver) = paper.receiver {
        sql::hold(tx, receiver, held, Direction::In, now).await?;
        hint(tx, receiver, id);
    }
    for order in paper.orders {
        sql::link(tx, id, order, 0).await?;
    }
    deliver(tx, (id, 0), now).await?;
    Ok(id)
}

/// What is built, and whether it asks for a CONTRL: where that was agreed with its receiver.
async fn asking(
    tx: &mut Tx,
    paper: &Paper<'_>,
    bytes: Vec<u8>,
) -> Result<(Vec<u8>, bool), Fault> {
    let edifact = trade::edi::dialect(&bytes) == Some(trade::edi::Dialect::Edifact);
    // A CONTRL is not answered by another.
    let could = edifact && paper.kind != "CONTRL";
    if !could || !stations::asks_receipt(tx, paper.sender, paper.names.1).await? {
        return Ok((bytes, false));
    }
    Ok(match edifact::ask_for_receipt(&bytes) {
        Some(asking) => (asking, true),
        None => (bytes, false),
    })
}

/// Has an interchange handed over (again).
pub(crate) async fn deliver(
    tx: &mut Tx,
    (interchange, chased): (Id<Interchange>, i64),
    now: Moment,
) -> Result<(), Fault> {
    jobs::add(tx, DELIVER, &Errand { interchange, chased }, now).await.map(drop)
}

/// Tells an organisation's screens that an interchange changed.
pub(super) fn hint(tx: &mut Tx, organisation: Id<Organisation>, id: Id<Interchange>) {
    let (kind, id) = ("interchange".to_owned(), id.to_string());
    tx.hint(Hint::Changed { organisation, kind, id, revision: 0 });
}

/// Hands an interchange over: to the partner's AS2 station, mailbox or address, if it has one, or as
/// a file in its folder.
pub(crate) async fn hand_over(
    house: &House,
    folder: &Path,
    (job, errand): (&jobs::Job, Errand),
) -> Result<Outcome, Fault> {
    let id = errand.interchange;
    let mut conn = house.db.read().await?;
    let row = seen::to_deliver(&mut conn, id).await?;
    drop(conn);
    let Some(row) = row else {
        return Ok(Outcome::Dead(format!("there is no interchange {id}")));
    };
    let bytes = house.files.read(row.sha256.parse()?).await?;
    let from = (row.organisation_id, id, errand.chased);
    if let Some(outcome) =
        stations::carry(house, from, &row.receiver, (&bytes, job.is_last())).await?
    {
        if matches!(outcome, Outcome::Done) {
            mark_sent(house, (id, row.state), Way::As2).await?;
        }
        return Ok(outcome);
    }
    let name = file_name(&row.control_number, &errand);
    match sftp::carry(house, from, &row.receiver, (&bytes, &name, job.is_last())).await? {
        Some(Carried::Waits) => return Ok(Outcome::Done),
        Some(Carried::Ended(outcome)) => {
            if matches!(outcome, Outcome::Done) {
                mark_sent(house, (id, row.state), Way::Sftp).await?;
            }
            return Ok(outcome);
        }
        None => {}
    }
    if mailing::carry(house, from, &row.receiver, (&bytes, &name)).await? {
        return Ok(Outcome::Done);
    }
    let partner = folder.join(rules::folder_name(&row.receiver));
    let sender = rules::folder_name(&row.sender);
    let number = rules::folder_name(&row.control_number);
    let put =
        tokio::task::spawn_blocking(move || put(&partner, &number, &sender, &bytes));
    put.await
        .map_err(Fault::new("waiting for a file to be handed over"))?
        .map_err(Fault::new("handing a file over"))?;
    store::brink("edi.handed");
    mark_sent(house, (id, row.state), Way::Folder).await?;
    Ok(Outcome::Done)
}

/// How an interchange is called in a mailbox: by no other name there, and the same at each try.
fn file_name(control_number: &str, errand: &Errand) -> String {
    let (number, id) = (rules::folder_name(control_number), errand.interchange);
    match errand.chased {
        0 => format!("{number}-{id}.edi"),
        chased => format!("{number}-{id}-{chased}.edi"),
    }
}

/// A partner's receipt proved an interchange.
pub(crate) async fn arrived(house: &House, id: Id<Interchange>) -> Result<(), Fault> {
    mark_sent(house, (id, State::Built), Way::As2).await
}

async fn mark_sent(
    house: &House,
    (id, state): (Id<Interchange>, State),
    way: Way,
) -> Result<(), Fault> {
    if state == State::Built {
        let mut tx = house.db.write().await?;
        arrived_in(&mut tx, id, way, house.clock.now()).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The same, in the transaction that knows of it.
pub(crate) async fn arrived_in(
    tx: &mut Tx,
    id: Id<Interchange>,
    way: Way,
    now: Moment,
) -> Result<(), Fault> {
    if sql::delivered(tx, id, way).await? {
        deadlines::begin(tx, id, now).await?;
        for (holder, _) in seen::holders(tx, id).await? {
            hint(tx, holder, id);
        }
    }
    Ok(())
}

/// What was handed over came back: it is not with its partner after all.
pub(crate) async fn returned_in(tx: &mut Tx, id: Id<Interchange>) -> Result<(), Fault> {
    if pages::returned(tx, id).await? {
        for (holder, _) in seen::holders(tx, id).await? {
            hint(tx, holder, id);
        }
    }
    Ok(())
}

/// Writes beside, syncs, renames: a partner's program never sees half a file. Two senders may
/// have the same number for one partner; the second one's file bears its sender's name too.
fn put(folder: &Path, number: &str, sender: &str, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    std::fs::create_dir_all(folder)?;
    let mut file = folder.join(format!("{number}.edi"));
    match std::fs::read(&file) {
        Ok(there) if there == bytes => return Ok(()),
        Ok(_) => file = folder.join(format!("{number}-{sender}.edi")),
        Err(_absent) => {}
    }
    let beside = file.with_extension(format!("{}.tmp", Id::<kernel::Job>::mint()));
    let mut open = std::fs::File::create_new(&beside)?;
    open.write_all(bytes)?;
    open.sync_all()?;
    std::fs::rename(&beside, &file)?;
    std::fs::File::open(folder)?.sync_all()
}
