//! `/orders/{order}`, and its moves.

use axum::{Json, extract::State};
use commerce::orders::{Answer, AnswerOrders, Decision, LineAnswer, decimal};
use gate::{At, Form, House, Permit, Problem};
use kernel::{Day, Id, Order, Space};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{OrderWithPapers, Reads};

/// The answer to one line.
#[derive(Debug, Deserialize, ToSchema)]
struct LineForm {
    /// The line, as the order names it.
    line: String,
    decision: Decision,
    /// With `change`: how much will be delivered, in decimals.
    quantity: Option<String>,
    /// With `change`: at what price a unit, in decimals.
    unit_price: Option<String>,
    /// With `change`: on what day.
    requested_on: Option<Day>,
}

/// An answer to an order.
#[derive(Debug, Deserialize, ToSchema)]
struct AnswerForm {
    /// The revision that is answered.
    revision: i64,
    /// Words to the buyer, at most 264 characters.
    note: Option<String>,
    /// One answer for each line.
    lines: Vec<LineForm>,
}

/// A deal to put an order into.
#[derive(Debug, Deserialize, ToSchema)]
struct PlaceForm {
    deal: Id<Space>,
}

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(one))
        .routes(routes!(answer))
        .routes(routes!(place))
}

/// An order with its lines and papers.
#[utoipa::path(get, path = "/api/v1/orders/{order}", operation_id = "read_order", tag = "orders", params(("order" = Id<Order>, Path)), responses((status = 200, body = OrderWithPapers), (status = 404)))]
async fn one(
    State(house): State<House>,
    permit: Permit<Reads>,
    At(order): At<Id<Order>>,
) -> Result<Json<OrderWithPapers>, Problem> {
    let mut conn = house.db.read().await?;
    Ok(Json(super::read(&mut conn, &permit, order).await?))
}

/// Answer an order line by line; if it came by EDI, the answer goes out as 855.
#[utoipa::path(post, path = "/api/v1/orders/{order}/answer", operation_id = "answer_order", tag = "orders", params(("order" = Id<Order>, Path)), responses((status = 200, body = OrderWithPapers), (status = 403), (status = 404), (status = 409), (status = 422)))]
async fn answer(
    State(house): State<House>,
    permit: Permit<AnswerOrders>,
    At(order): At<Id<Order>>,
    Form(form): Form<AnswerForm>,
) -> Result<Json<OrderWithPapers>, Problem> {
    let given = read_form(form)?;
    super::answer(&house, &permit, order, given).await?;
    let mut conn = house.db.read().await?;
    Ok(Json(super::read(&mut conn, &permit, order).await?))
}

/// How long a word to the buyer may be: what one segment of an 855 holds.
const NOTE_LIMIT: usize = 264;

fn read_form(form: AnswerForm) -> Result<Answer, Problem> {
    let note = form.note.map(|note| note.trim().to_owned());
    let note = note.filter(|note| !note.is_empty());
    let long = note.as_ref().is_some_and(|note| note.chars().count() > NOTE_LIMIT);
    if long || note.as_ref().is_some_and(|note| note.contains(char::is_control)) {
        return Err(Problem::refused(
            "note",
            format!("say it in one line of at most {NOTE_LIMIT} characters"),
        ));
    }
    let lines = form.lines.into_iter().map(read_line).collect::<Result<_, _>>()?;
    Ok(Answer { revision: form.revision, note, lines })
}

fn read_line(form: LineForm) -> Result<LineAnswer, Problem> {
    let number = |text: Option<String>| {
        let Some(text) = text else { return Ok(None) };
        let refused = || {
            let detail =
                format!("line {}: `{text}` is no number such as 12.50", form.line);
            Problem::refused("lines", detail)
        };
        decimal(&text).map(Some).ok_or_else(refused)
    };
    Ok(LineAnswer {
        decision: form.decision,
        quantity: number(form.quantity)?,
        unit_price: number(form.unit_price)?,
        requested_on: form.requested_on,
        line: form.line,
    })
}

/// Put an order into a deal: its card goes into the deal's room.
#[utoipa::path(post, path = "/api/v1/orders/{order}/deal", operation_id = "place_order", tag = "orders", params(("order" = Id<Order>, Path)), responses((status = 200, body = OrderWithPapers), (status = 403), (status = 404), (status = 409)))]
async fn place(
    State(house): State<House>,
    permit: Permit<AnswerOrders>,
    At(order): At<Id<Order>>,
    Form(form): Form<PlaceForm>,
) -> Result<Json<OrderWithPapers>, Problem> {
    super::place(&house, &permit, order, form.deal).await?;
    let mut conn = house.db.read().await?;
    Ok(Json(super::read(&mut conn, &permit, order).await?))
}
