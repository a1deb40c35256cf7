//! What the station sends, and how the partner answers it.

use commerce::orders::{AnswerOrders, Decision, LineAnswer};
use kernel::Fault;

use super::{
    super::Refusal,
    LaneLook, LaneStep,
    coming::{Dress, bring, judged, paper, wrap},
    hall::{Hall, permit, until},
    peer, sql,
};
use crate::orders;

/// A good order comes, so that the station has something to send.
async fn ordered(hall: &Hall) -> Result<Vec<LaneStep>, Fault> {
    let order = paper(hall, 1).order();
    let message = wrap(hall, order.as_bytes(), Dress::proper(hall))?;
    let (mut steps, _) = bring(hall, &message, ("850", "processed")).await?;
    steps.push(judged(hall, 1, "applied").await?);
    Ok(steps)
}

/// Where the newest message of the station stands, once there is something to say of it.
async fn delivery(hall: &Hall, wanted: &str) -> Result<LaneStep, Fault> {
    let found = until(|| async {
        let mut conn = hall.house.db.read().await?;
        let went = sql::went(&mut conn, hall.seller).await?;
        Ok(went.filter(|(state, why)| {
            state == wanted && (why.is_some() || state == "delivered")
        }))
    })
    .await?;
    let mut conn = hall.house.db.read().await?;
    let last = sql::went(&mut conn, hall.seller).await?;
    let none = || ("nothing was sent".to_owned(), None);
    let (state, why) = found.or(last).unwrap_or_else(none);
    Ok(LaneStep::compared(LaneLook::Delivery, state, wanted).with(why))
}

/// The 997 that the station sends is receipted by what proves nothing, or not at all: it stays
/// waiting, and is sent again.
pub(super) async fn unproven(hall: &Hall) -> Result<Vec<LaneStep>, Refusal> {
    let mut steps = ordered(hall).await?;
    steps.push(delivery(hall, "waiting").await?);
    Ok(steps)
}

/// It is receipted by a call of its own.
pub(super) async fn late(hall: &Hall) -> Result<Vec<LaneStep>, Refusal> {
    let mut steps = ordered(hall).await?;
    steps.push(delivery(hall, "sent").await?);
    let Some((kind, content)) = hall.peer.owes().await else {
        let none =
            LaneStep::compared(LaneLook::Sent, "no receipt was asked for later", "");
        steps.push(LaneStep { ok: false, ..none });
        return Ok(steps);
    };
    let fields = [("Content-Type".to_owned(), kind)];
    let told = hall.post(&fields, &content).await?;
    steps.push(LaneStep::told(LaneLook::Sent, "the receipt, by a call of its own"));
    let seen = format!("HTTP {}", told.status.as_u16());
    steps.push(LaneStep::compared(LaneLook::Receipt, seen, "HTTP 204"));
    steps.push(delivery(hall, "delivered").await?);
    Ok(steps)
}

/// Accepts the order of the hall as it is, as one of its people would.
async fn accept(hall: &Hall) -> Result<(), Fault> {
    let mut conn = hall.house.db.read().await?;
    let found = sql::orders(&mut conn, hall.seller).await?.pop();
    drop(conn);
    let doing = "answering an order of the test lane";
    let (order,) = found.ok_or_else(|| Fault::broken(doing, "there is none"))?;
    let line = |line: &str| LineAnswer {
        line: line.to_owned(),
        decision: Decision::Accept,
        quantity: None,
        unit_price: None,
        requested_on: None,
    };
    let lines = ["1", "2", "3"].map(line).into();
    let answer = commerce::orders::Answer { revision: 1, note: None, lines };
    let permit = permit::<AnswerOrders>(hall.seller);
    let answered = orders::answer(&hall.house, &permit, order, answer).await;
    answered.map_err(Fault::new(doing))
}

/// The group of an 855 that the partner got: GS01 and GS06.
fn group(text: &str) -> Option<(String, String)> {
    let gs = text.split('~').map(str::trim).find(|it| it.starts_with("GS*PR*"))?;
    let mut elements = gs.split('*');
    let code = elements.nth(1)?.to_owned();
    Some((code, elements.nth(4)?.to_owned()))
}

/// The partner rejects our answer to its order.
pub(super) async fn rejected(hall: &Hall) -> Result<Vec<LaneStep>, Refusal> {
    let mut steps = ordered(hall).await?;
    accept(hall).await?;
    let found = until(|| async {
        let papers = hall.peer.papers().await;
        Ok(papers.iter().find_map(|text| group(text)))
    })
    .await?;
    let seen = if found.is_some() { "855" } else { "no 855 came" };
    steps.push(LaneStep::compared(LaneLook::Delivery, seen, "855"));
    let Some((code, number)) = found else { return Ok(steps) };
    let rejection = paper(hall, 2).rejection((&code, &number));
    let message = wrap(hall, rejection.as_bytes(), Dress::proper(hall))?;
    let what = format!("997 that rejects group {number}, as {}", peer::NAME);
    steps.extend(bring(hall, &message, (&what, "processed")).await?.0);
    steps.push(judged(hall, 2, "applied").await?);
    let mut conn = hall.house.db.read().await?;
    let state = sql::paper(&mut conn, hall.seller, "855").await?;
    let state = state.map_or_else(|| "none".to_owned(), |(state,)| state);
    steps.push(LaneStep::compared(LaneLook::Paper, state, "rejected"));
    Ok(steps)
}
