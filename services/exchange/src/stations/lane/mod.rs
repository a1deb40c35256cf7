//! The test lane: the hub plays a partner that errs, or means harm, to an organisation's own
//! station, and tells step by step what was sent, what the station answered, and whether that is
//! what the standards want.
//!
//! It is played in a hall of its own (`hall.rs`): a database, a folder of files and a listener on the
//! loopback that live for one run. The station in it has the organisation's AS2 name, EDI id and
//! keys, and is the same code from the socket to the commit; its partner (`peer.rs`) has a key that
//! is made for the run, and its papers say that they are a test (ISA15 `T`). So nothing that is
//! played can touch an order, a number, a partner or a notice of the organisation: there are none
//! in the hall. Only the hall may call addresses of its own network; the hub's settings stay as they are.

mod coming;
mod going;
mod hall;
mod papers;
mod peer;
mod sql;

use gate::{House, Permit};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::Mutex;
use utoipa::ToSchema;

use super::{ManageStation, Refusal, note};
use hall::Hall;
use peer::Manner;

/// The statements of this feature.
pub(super) const ALL: &[store::Statement] = sql::ALL;

/// What is played.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scenario {
    /// A good order.
    GoodOrder,
    /// An order whose third line counts in a unit that does not exist.
    WrongUnit,
    /// The same interchange twice, in two messages.
    DuplicateInterchange,
    /// The same order under new control numbers.
    SameUnderNewNumbers,
    /// A set that is not traded.
    UnknownSet,
    /// An order for somebody else.
    WrongReceiver,
    /// An order of somebody else.
    WrongSender,
    /// A message from which the signature was taken away.
    StrippedSignature,
    /// A message that another key has signed.
    WrongKey,
    /// The same message twice: the same Message-ID.
    Replay,
    /// A small message that unpacks to a huge one.
    Bomb,
    /// A file name that leads out of its folder.
    HostileFileName,
    /// Ours is receipted late, by a call of its own.
    LateReceipt,
    /// Ours is receipted without a signature.
    UnsignedReceipt,
    /// Ours is receipted with the digest of something else.
    WrongMic,
    /// Ours is taken, and no receipt comes.
    MissingReceipt,
    /// A 997 rejects our order answer.
    RejectedPaper,
}

/// What is to be played.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LaneForm {
    scenario: Scenario,
}

/// What is looked at in a step.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LaneLook {
    /// What the partner sent.
    Sent,
    /// What the station answered: the disposition of its receipt, or the status of HTTP.
    Receipt,
    /// What became of the interchange.
    Judged,
    /// What its functional acknowledgement says.
    Acknowledged,
    /// How many orders there are in the hall.
    Orders,
    /// What became of what the station sent.
    Delivery,
    /// What became of our paper.
    Paper,
}

/// One step of a run.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LaneStep {
    /// What was looked at.
    pub look: LaneLook,
    /// What was seen.
    pub seen: String,
    /// What the standards want to be seen; empty where nothing is to be compared.
    pub wanted: String,
    /// Whether the two agree.
    pub ok: bool,
    /// More of it, in the station's own words.
    pub detail: Option<String>,
}

impl LaneStep {
    fn told(look: LaneLook, seen: impl Into<String>) -> Self {
        Self { look, seen: seen.into(), wanted: String::new(), ok: true, detail: None }
    }

    fn compared(look: LaneLook, seen: impl Into<String>, wanted: &str) -> Self {
        let seen = seen.into();
        Self { look, ok: seen == wanted, seen, wanted: wanted.to_owned(), detail: None }
    }

    fn with(self, detail: Option<String>) -> Self {
        Self { detail: detail.filter(|it| !it.trim().is_empty()), ..self }
    }
}

/// What came of a run.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LaneReport {
    /// What was played.
    pub scenario: Scenario,
    /// Whether the station did in each step what the standards want.
    pub ok: bool,
    /// The steps, in order.
    pub steps: Vec<LaneStep>,
}

/// One run at a time: each takes a listener, a database and a few keys.
static TURN: Mutex<()> = Mutex::const_new(());

/// Plays a scenario to an organisation's station.
///
/// # Errors
/// [`Refusal::NoStation`]; ours.
pub(super) async fn play(
    house: &House,
    permit: &Permit<ManageStation>,
    LaneForm { scenario }: LaneForm,
) -> Result<LaneReport, Refusal> {
    let _turn = TURN.lock().await;
    let organisation = permit.scope().organisation();
    let hall = Hall::open(house, organisation, manner(scenario)).await?;
    let steps = play_in(&hall, scenario).await;
    hall.close().await;
    let steps = steps?;
    let ok = steps.iter().all(|step| step.ok);
    let mut tx = house.db.write().await?;
    let what = json!({ "scenario": scenario, "ok": ok });
    note(&mut tx, permit, "as2.lane", what, house.clock.now()).await?;
    tx.commit().await?;
    Ok(LaneReport { scenario, ok, steps })
}

/// How the partner receipts in a scenario.
const fn manner(scenario: Scenario) -> Manner {
    match scenario {
        Scenario::LateReceipt => Manner::Late,
        Scenario::UnsignedReceipt => Manner::Unsigned,
        Scenario::WrongMic => Manner::WrongMic,
        Scenario::MissingReceipt => Manner::Silent,
        Scenario::GoodOrder
        | Scenario::WrongUnit
        | Scenario::DuplicateInterchange
        | Scenario::SameUnderNewNumbers
        | Scenario::UnknownSet
        | Scenario::WrongReceiver
        | Scenario::WrongSender
        | Scenario::StrippedSignature
        | Scenario::WrongKey
        | Scenario::Replay
        | Scenario::Bomb
        | Scenario::HostileFileName
        | Scenario::RejectedPaper => Manner::Proper,
    }
}

async fn play_in(hall: &Hall, scenario: Scenario) -> Result<Vec<LaneStep>, Refusal> {
    match scenario {
        Scenario::GoodOrder => coming::good(hall).await,
        Scenario::WrongUnit => coming::wrong_unit(hall).await,
        Scenario::DuplicateInterchange => coming::duplicate(hall).await,
        Scenario::SameUnderNewNumbers => coming::renumbered(hall).await,
        Scenario::UnknownSet => coming::unknown_set(hall).await,
        Scenario::WrongReceiver => coming::wrong_receiver(hall).await,
        Scenario::WrongSender => coming::wrong_sender(hall).await,
        Scenario::StrippedSignature => coming::stripped(hall).await,
        Scenario::WrongKey => coming::wrong_key(hall).await,
        Scenario::Replay => coming::replay(hall).await,
        Scenario::Bomb => coming::bomb(hall).await,
        Scenario::HostileFileName => coming::hostile_file_name(hall).await,
        Scenario::LateReceipt => going::late(hall).await,
        Scenario::UnsignedReceipt | Scenario::WrongMic | Scenario::MissingReceipt => {
            going::unproven(hall).await
        }
        Scenario::RejectedPaper => going::rejected(hall).await,
    }
}
