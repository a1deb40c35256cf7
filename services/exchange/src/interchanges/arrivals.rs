//! What comes in is written down: with a job that judges it, or judged at once.

use bytes::Bytes;
use gate::House;
use kernel::{Fault, Id, Interchange, Moment};
use store::{Tx, jobs};

use super::{
    Errand, JUDGE, JUDGE_AFTER, Source, Way,
    judge::{self, Cause, Content},
    long, note,
    rules::{Direction, InterchangeState, clean},
    seen::ToJudge,
    sql,
};

/// Keeps a file, durably, before anything is judged.
pub(crate) async fn keep(
    house: &House,
    source: Source,
    file: Bytes,
) -> Result<Id<Interchange>, Fault> {
    let now = house.clock.now();
    let size = judge::length(&file);
    let sha256 = house.files.keep(file).await?.to_string();
    let mut tx = house.db.write().await?;
    let id = keep_in(&mut tx, source, (sha256, size), now).await?;
    tx.commit().await?;
    Ok(id)
}

/// Keeps a file, whose bytes are on disk already, in a transaction that keeps more; a job
/// judges it.
pub(crate) async fn keep_in(
    tx: &mut Tx,
    source: Source,
    (sha256, size): (String, i64),
    now: Moment,
) -> Result<Id<Interchange>, Fault> {
    let row = row(&source, sha256, size, now);
    write(tx, &row, &source).await?;
    later(tx, row.id, now).await?;
    Ok(row.id)
}

/// A file whose bytes are on disk, and what was read in it.
pub(crate) struct Arrival<'f> {
    row: ToJudge,
    content: Content<'f>,
    source: Source,
}

impl<'f> Arrival<'f> {
    /// Reads a file that came, and keeps its interchanges by themselves where there are several.
    ///
    /// # Errors
    /// Only ours.
    pub(crate) async fn read(
        house: &House,
        source: Source,
        (sha256, file): (String, &'f [u8]),
        now: Moment,
    ) -> Result<Self, Fault> {
        let row = row(&source, sha256, judge::length(file), now);
        let content = judge::read(house, &row, file).await?;
        Ok(Self { row, content, source })
    }

    /// A file that is too long to be judged.
    pub(crate) fn long(
        source: &Source,
        (sha256, length): (String, u64),
        now: Moment,
    ) -> Self {
        let size = i64::try_from(length).unwrap_or(i64::MAX);
        let row = row(source, sha256, size, now);
        Self { row, content: Err(long::told(size)), source: source.clone() }
    }

    /// Its first interchange.
    pub(crate) const fn id(&self) -> Id<Interchange> {
        self.row.id
    }

    /// Writes it down and judges it, in a transaction that keeps more.
    ///
    /// # Errors
    /// Only ours; then the transaction is to be given up, and another one may keep it for later.
    pub(crate) async fn judged_in(
        &self,
        house: &House,
        tx: &mut Tx,
        now: Moment,
    ) -> Result<(), Fault> {
        write(tx, &self.row, &self.source).await?;
        let judged = (&self.row, &self.content);
        judge::settle(house, tx, judged, &Cause::First, now).await.map(drop)
    }

    /// Writes it down, with a job that judges it.
    ///
    /// # Errors
    /// Only ours.
    pub(crate) async fn kept_in(&self, tx: &mut Tx, now: Moment) -> Result<(), Fault> {
        write(tx, &self.row, &self.source).await?;
        later(tx, self.row.id, now).await
    }
}

fn row(source: &Source, sha256: String, size: i64, at: Moment) -> ToJudge {
    let (submitted_by, way, name) = match source {
        Source::Api(scope) => (Some(scope.organisation()), Way::Api, None),
        Source::As2(organisation, name) => (Some(*organisation), Way::As2, Some(name)),
        Source::Sftp(organisation, name) => (Some(*organisation), Way::Sftp, Some(name)),
        Source::Mail(organisation, name) => (Some(*organisation), Way::Mail, Some(name)),
        Source::Folder(name) => (None, Way::Folder, Some(name)),
    };
    let source = match name {
        Some(name) => format!("{}:{}", way.word(), clean(name)),
        None => way.word().to_owned(),
    };
    ToJudge {
        id: Id::mint(),
        submitted_by,
        state: InterchangeState::Received,
        file: sha256.clone(),
        sha256,
        bytes: size,
        content: None,
        source,
        way,
        at,
    }
}

/// Writes down what came, and who holds it.
async fn write(tx: &mut Tx, row: &ToJudge, source: &Source) -> Result<(), Fault> {
    let new = sql::NewRow {
        id: row.id,
        organisation: None,
        submitted_by: row.submitted_by,
        direction: Direction::In,
        kind: "unknown".to_owned(),
        state: row.state,
        control_number: None,
        sender: None,
        receiver: None,
        sha256: row.sha256.clone(),
        bytes: row.bytes,
        source: row.source.clone(),
        way: row.way,
        asks_receipt: false,
        acknowledges: None,
        file: row.file.clone(),
        group_control: None,
    };
    sql::insert(tx, new, row.at).await?;
    let held = (row.id, row.sha256.as_str(), row.bytes);
    match source {
        Source::Api(scope) => {
            sql::hold(tx, scope.organisation(), held, Direction::Out, row.at).await?;
            note(tx, *scope, "edi.submit", row.id, row.at).await
        }
        Source::As2(organisation, _)
        | Source::Sftp(organisation, _)
        | Source::Mail(organisation, _) => {
            sql::hold(tx, *organisation, held, Direction::In, row.at).await
        }
        Source::Folder(_) => Ok(()),
    }
}

async fn later(tx: &mut Tx, id: Id<Interchange>, now: Moment) -> Result<(), Fault> {
    let errand = Errand { interchange: id, chased: 0 };
    jobs::add(tx, JUDGE, &errand, now + JUDGE_AFTER).await.map(drop)
}
