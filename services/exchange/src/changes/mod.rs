//! Changes of orders and their papers: asking for one (`ask.rs`), taking or refusing what the seller offered
//! (`settle.rs`), and answering one. The answer and the
//! 865 or ORDRSP that carries it share one commit.

mod ask;
mod http;
mod settle;

use commerce::{
    changes::{self, AnsweredChange, ChangeAnswer, ChangeView, Refusal},
    orders::{self, AnswerOrders},
};
use gate::{House, Permit, Scope};
use kernel::{Fault, Id, Moment, Order};
use serde_json::json;
use store::{Conn, Tx};

pub use http::routes;
pub(crate) use settle::confirm;

use crate::{
    dialects::Came,
    interchanges::{self, NotCarried, Paper},
};

/// Answers a change line by line, once; gives all changes of the order.
///
/// # Errors
/// As [`changes::answer`].
pub async fn answer(
    house: &House,
    permit: &Permit<AnswerOrders>,
    change: (Id<Order>, i64),
    given: ChangeAnswer,
) -> Result<Vec<ChangeView>, Refusal> {
    let (scope, now) = (permit.scope(), house.clock.now());
    let mut conn = house.db.read().await?;
    let file = origin(house, &mut conn, scope, change).await?;
    drop(conn);
    let mut tx = house.db.write().await?;
    let on = (house, &mut tx);
    let answered = answer_in(on, permit, file.as_ref(), change, given, now).await?;
    changes::announce_answer(&mut tx, scope, &answered.order, now).await?;
    let all = changes::list(&mut tx, permit, change.0).await?;
    store::brink("change.answering");
    tx.commit().await?;
    store::brink("change.answered");
    Ok(all)
}

/// The same, in a transaction that does more; nobody is told yet.
pub(crate) async fn answer_in(
    (house, tx): (&House, &mut Tx),
    permit: &Permit<AnswerOrders>,
    file: Option<&(Vec<u8>, i64)>,
    change: (Id<Order>, i64),
    given: ChangeAnswer,
    now: Moment,
) -> Result<AnsweredChange, Refusal> {
    let (scope, note) = (permit.scope(), given.note.clone());
    let came = match file {
        Some((file, ordinal)) => Some(Came::of(file, *ordinal)?),
        None => None,
    };
    if let Some(came) = &came {
        let names = (came.own.as_str(), came.partner.as_str());
        interchanges::hold_pair(tx, scope.organisation(), names).await?;
    }
    let answered = changes::answer(tx, permit, change, given, now).await?;
    if let Some(came) = &came {
        let told = (&answered, note.as_deref());
        write(house, tx, scope, (came, change, told), now).await?;
    }
    Ok(answered)
}

type Told<'t> = (&'t AnsweredChange, Option<&'t str>);

/// Writes the answer as a paper of the buyer's dialect.
async fn write(
    house: &House,
    tx: &mut Tx,
    scope: Scope,
    (came, change, told): (&Came<'_>, (Id<Order>, i64), Told<'_>),
    now: Moment,
) -> Result<(), Refusal> {
    let stamp = interchanges::stamp(now);
    let write = |numbers| came.answer_change(told, numbers, &stamp);
    // Where it cannot be written, no number is drawn for it.
    let (_, left) = write(x12::Numbers { interchange: 0, group: 0, set: 0 })?;
    let kind = came.change_answer_kind();
    let summary = &told.0.order.summary;
    let paper = Paper {
        sender: scope.organisation(),
        receiver: summary.buyer.id,
        names: (&came.own, &came.partner),
        kind,
        sets: 1,
        acknowledges: None,
        orders: vec![change.0],
    };
    let bytes = |numbers| write(numbers).map(|it| it.0).unwrap_or_default();
    let id = interchanges::build(house, tx, paper, bytes, now).await?;
    interchanges::link_change(tx, id, change, 0).await?;
    let left: Vec<_> = left.iter().map(NotCarried::from).collect();
    let count = left.len();
    interchanges::not_carried(tx, id, left).await?;
    if let Some(deal) = &summary.deal {
        let detail =
            json!({ "interchange": id, "kind": kind, "state": "built", "left": count });
        orders::tell_paper(tx, scope, deal.id, detail, now).await?;
    }
    Ok(())
}

/// The file of the paper that a change came by, or else that its order came by, and which of its
/// documents that is.
pub(crate) async fn origin(
    house: &House,
    conn: &mut Conn,
    scope: Scope,
    change: (Id<Order>, i64),
) -> Result<Option<(Vec<u8>, i64)>, Fault> {
    let own = interchanges::origin_of_change(conn, scope, change).await?;
    let found = match own {
        Some(found) => Some(found),
        None => interchanges::origin(conn, scope, change.0).await?,
    };
    Ok(match found {
        Some((sha256, ordinal)) => {
            Some((house.files.read(sha256.parse()?).await?, ordinal))
        }
        None => None,
    })
}
