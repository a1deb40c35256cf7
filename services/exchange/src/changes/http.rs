//! Asking for changes, and `/orders/{order}/changes/{rev}/answer`. Reading them is served by `commerce`.

use axum::{Json, extract::State, http::StatusCode};
use commerce::{
    changes::{
        ChangeAnswer, ChangeLine, ChangeOrders, ChangeView, LineOffer, LineSettled,
        LineVerdict, Settlement, Wanted,
    },
    orders::AnswerOrders,
};
use gate::{At, Form, House, Page, Permit, Problem};
use kernel::{Id, Order};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::orders::{self, OrderWithPapers};

/// The answer to one line of a change.
#[derive(Debug, Deserialize, ToSchema)]
struct ChangeLineAnswer {
    /// The line, as the change names it.
    line: String,
    /// Whether the seller agrees.
    accept: bool,
    /// With `accept`, how the seller agrees, if not as it was asked; not of a deleted line.
    offer: Option<LineOffer>,
}

/// An answer to a change.
#[derive(Debug, Deserialize, ToSchema)]
struct ChangeAnswerForm {
    /// The order's revision that was read.
    revision: i64,
    /// Words to the buyer, at most 264 characters.
    note: Option<String>,
    /// One answer for each line of the change.
    lines: Vec<ChangeLineAnswer>,
}

/// What a buyer wants otherwise.
#[derive(Debug, Deserialize, ToSchema)]
struct NewChange {
    /// The order's revision that is changed.
    revision: i64,
    /// Your number for the change, at most 45 characters.
    #[serde(default)]
    number: String,
    /// Whether to call the order off; then no lines are named.
    #[serde(default)]
    cancels: bool,
    /// What is to become of which lines.
    #[serde(default)]
    lines: Vec<ChangeLine>,
    /// In words; at most 2,000 characters.
    #[serde(default)]
    note: String,
}

/// What becomes of a line that the seller offers otherwise.
#[derive(Debug, Deserialize, ToSchema)]
struct CounterLineSettled {
    /// The line, as the order names it.
    line: String,
    /// Whether it is taken as it is offered; else it is ordered no more.
    take: bool,
}

/// What the buyer says of the seller's counter-offer.
#[derive(Debug, Deserialize, ToSchema)]
struct CounterSettledForm {
    /// The order's revision that was read.
    revision: i64,
    /// Why; needed where a line is refused. One line of at most 264 characters.
    #[serde(default)]
    note: String,
    /// What becomes of which lines; what is not named stays offered.
    lines: Vec<CounterLineSettled>,
}

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(ask))
        .routes(routes!(answer))
        .routes(routes!(settle))
}

/// Ask for a change of an order as its buyer, or call it off.
#[utoipa::path(post, path = "/api/v1/orders/{order}/changes", operation_id = "change_order", tag = "orders", params(("order" = Id<Order>, Path)), responses((status = 201, body = Page<ChangeView>), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn ask(
    State(house): State<House>,
    permit: Permit<ChangeOrders>,
    At(order): At<Id<Order>>,
    Form(form): Form<NewChange>,
) -> Result<(StatusCode, Json<Page<ChangeView>>), Problem> {
    let NewChange { revision, number, cancels, lines, note } = form;
    let wanted = Wanted { number, whole: cancels, lines, note };
    let all = super::ask::ask(&house, &permit, (order, revision), wanted).await?;
    Ok((StatusCode::CREATED, Json(Page::all(all))))
}

/// Answer a change line by line, as the seller: as asked, otherwise, or not. What is agreed to is done; where the order or the
/// change came by EDI, the answer goes out as 865 or ORDRSP.
#[utoipa::path(post, path = "/api/v1/orders/{order}/changes/{rev}/answer", operation_id = "answer_order_change", tag = "orders", params(("order" = Id<Order>, Path), ("rev" = i64, Path)), responses((status = 200, body = Page<ChangeView>), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn answer(
    State(house): State<House>,
    permit: Permit<AnswerOrders>,
    At((order, rev)): At<(Id<Order>, i64)>,
    Form(form): Form<ChangeAnswerForm>,
) -> Result<Json<Page<ChangeView>>, Problem> {
    let note = form.note.map(|it| it.trim().to_owned()).filter(|it| !it.is_empty());
    let odd = |it: &String| it.chars().count() > 264 || it.contains(char::is_control);
    if note.as_ref().is_some_and(odd) {
        let why = "say it in one line of at most 264 characters";
        return Err(Problem::refused("note", why));
    }
    let verdict = |it: ChangeLineAnswer| LineVerdict {
        line: it.line,
        accept: it.accept,
        offer: it.offer,
    };
    let lines = form.lines.into_iter().map(verdict).collect();
    let given = ChangeAnswer { revision: form.revision, note, lines };
    Ok(Json(Page::all(super::answer(&house, &permit, (order, rev), given).await?)))
}

/// Take what the seller offers otherwise than it was ordered, or refuse it, as the buyer: whole or line by line. What is taken binds
/// both; what is refused is ordered no more. A seller that is not on the hub is told by 860 or ORDCHG.
#[utoipa::path(post, path = "/api/v1/orders/{order}/counter-offer", operation_id = "settle_counter_offer", tag = "orders", params(("order" = Id<Order>, Path)), responses((status = 200, body = OrderWithPapers), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn settle(
    State(house): State<House>,
    permit: Permit<ChangeOrders>,
    At(order): At<Id<Order>>,
    Form(form): Form<CounterSettledForm>,
) -> Result<Json<OrderWithPapers>, Problem> {
    let CounterSettledForm { revision, note, lines } = form;
    let said = |it: CounterLineSettled| LineSettled { line: it.line, take: it.take };
    let lines = lines.into_iter().map(said).collect();
    let settlement = Settlement { revision, lines, note };
    super::settle::settle(&house, &permit, order, settlement).await?;
    let mut conn = house.db.read().await?;
    Ok(Json(orders::read(&mut conn, &permit, order).await?))
}
