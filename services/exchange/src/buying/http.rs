//! `POST /orders`, and whom to.

use axum::{Json, extract::State, http::StatusCode};
use commerce::orders::{IncomingLine, NewOrder, WriteOrders, decimal};
use gate::{Form, House, Page, Permit, Problem};
use kernel::{Currency, Day};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{OrderPartner, ShipTo, Stopped, Syntax, Wanted};
use crate::orders::{self, OrderWithPapers};

/// Whom an order, or a request for quote, goes to.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct OrderTo {
    /// Its name, as the order shows it; at most 60 characters.
    name: String,
    /// Its qualifier and id, such as `ZZ:ACME`, or `14:` and a GLN.
    identifier: String,
    /// In which dialect it reads: `x12`, unless told.
    #[serde(default)]
    pub(crate) syntax: Syntax,
}

/// A line of an order.
#[derive(Debug, Deserialize, ToSchema)]
struct NewOrderLine {
    /// The seller's number of the product; at most 48 characters.
    #[serde(default)]
    product: String,
    /// In words; at most 80 characters.
    #[serde(default)]
    description: String,
    /// How much, in decimals; more than nothing.
    quantity: String,
    /// Of what unit, such as `EA`.
    unit: String,
    /// At what price a unit, in decimals.
    unit_price: String,
    /// By what day it is wanted.
    requested_on: Option<Day>,
}

/// An order to a seller that is not on the hub.
#[derive(Debug, Deserialize, ToSchema)]
struct NewOrderForm {
    seller: OrderTo,
    /// Your number for it, at most 22 letters and digits.
    number: String,
    /// Its day; today in UTC, unless told.
    ordered_on: Option<Day>,
    /// In what its prices are.
    currency: Currency,
    /// Where the goods are to go.
    ship_to: Option<ShipTo>,
    /// A word to the seller; one line of at most 264 characters.
    #[serde(default)]
    note: String,
    /// At most 1,000.
    lines: Vec<NewOrderLine>,
}

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(create)).routes(routes!(partners))
}

/// Order from a seller that is not on the hub: the order goes out as 850 or ORDERS.
#[utoipa::path(post, path = "/api/v1/orders", operation_id = "create_order", tag = "orders", responses((status = 201, body = OrderWithPapers), (status = 403), (status = 409), (status = 422)))]
async fn create(
    State(house): State<House>,
    permit: Permit<WriteOrders>,
    Form(form): Form<NewOrderForm>,
) -> Result<(StatusCode, Json<OrderWithPapers>), Problem> {
    let wanted = read(form, house.clock.now().day())?;
    let order = super::order(&house, &permit, wanted).await?;
    let mut conn = house.db.read().await?;
    let written = orders::read(&mut conn, &permit, order).await?;
    Ok((StatusCode::CREATED, Json(written)))
}

/// The partners by AS2 and SFTP that an order may go to.
#[utoipa::path(get, path = "/api/v1/order-partners", operation_id = "list_order_partners", tag = "orders", responses((status = 200, body = Page<OrderPartner>)))]
async fn partners(
    State(house): State<House>,
    permit: Permit<WriteOrders>,
) -> Result<Json<Page<OrderPartner>>, Problem> {
    let mut conn = house.db.read().await?;
    let all = super::sql::partners(&mut conn, permit.scope().organisation()).await?;
    Ok(Json(Page::all(all)))
}

impl From<Stopped> for Problem {
    fn from(stopped: Stopped) -> Self {
        match stopped {
            Stopped::Field(field, detail) => Self::refused(field, detail),
            Stopped::Order(refusal) => refusal.into(),
            Stopped::Fault(fault) => fault.into(),
        }
    }
}

/// One line of words, of so many characters.
fn words(field: &'static str, text: &str, most: usize) -> Result<String, Problem> {
    let text = text.trim();
    if text.chars().count() > most || text.contains(char::is_control) {
        let why = format!("say it in one line of at most {most} characters");
        return Err(Problem::refused(field, why));
    }
    Ok(text.to_owned())
}

/// Who is to sell: by what name, and by what name in EDI.
pub(crate) fn seller(to: &OrderTo) -> Result<(String, String), Problem> {
    let seller_key = words("seller", &to.identifier, 40)?;
    let known = seller_key.split_once(':').is_some_and(|(qualifier, id)| {
        let plain = |it: &str| it.chars().all(|it| it.is_ascii_alphanumeric());
        plain(qualifier) && !qualifier.is_empty() && plain(id) && !id.is_empty()
    });
    if !known {
        let why = "write the qualifier and id of the seller, such as `ZZ:ACME`";
        return Err(Problem::refused("seller", why));
    }
    let name = words("seller", &to.name, 60)?;
    if name.is_empty() {
        return Err(Problem::refused("seller", "say who sells"));
    }
    Ok((name, seller_key))
}

fn read(form: NewOrderForm, today: Day) -> Result<Wanted, Problem> {
    let number = words("number", &form.number, 22)?;
    let fits = |it: char| it.is_ascii_alphanumeric() || "-_./ ".contains(it);
    if number.is_empty() || !number.chars().all(fits) {
        let why =
            "give a number of at most 22 letters, digits, `-`, `_`, `.`, `/` and spaces";
        return Err(Problem::refused("number", why));
    }
    let (name, seller_key) = seller(&form.seller)?;
    if form.lines.len() > 1_000 {
        return Err(Problem::refused(
            "lines",
            "at most 1,000 lines; write a second order",
        ));
    }
    let lines = (1..).zip(form.lines).map(line).collect::<Result<_, _>>()?;
    let ship_to = form.ship_to.filter(|it| !it.name.trim().is_empty());
    if let Some(to) = &ship_to {
        for (text, most) in [
            (&to.name, 35),
            (&to.street, 35),
            (&to.city, 30),
            (&to.postal_code, 9),
            (&to.country, 2),
        ] {
            words("ship_to", text, most)?;
        }
    }
    let order = NewOrder {
        seller_name: name,
        seller_key,
        quote: None,
        buyer_name: String::new(),
        buyer_key: String::new(),
        number,
        ordered_on: form.ordered_on.unwrap_or(today),
        currency: form.currency,
        lines,
    };
    let note = words("note", &form.note, 264)?;
    Ok(Wanted { order, syntax: form.seller.syntax, ship_to, note })
}

fn line((at, line): (usize, NewOrderLine)) -> Result<IncomingLine, Problem> {
    let refused = |why: String| Problem::refused("lines", format!("line {at}: {why}"));
    let number = |text: &str, what: &str| {
        decimal(text.trim())
            .ok_or_else(|| refused(format!("`{}` is no {what}", text.trim())))
    };
    let quantity = number(&line.quantity, "quantity")?;
    if quantity.is_zero() {
        return Err(refused("order more than nothing".to_owned()));
    }
    let unit_price = number(&line.unit_price, "price")?;
    let unit = words("lines", &line.unit, 3)?;
    if unit.is_empty() || !unit.chars().all(|it| it.is_ascii_alphanumeric()) {
        return Err(refused("give a unit, such as `EA`".to_owned()));
    }
    let product = words("lines", &line.product, 48)?;
    let description = words("lines", &line.description, 80)?;
    if product.is_empty() && description.is_empty() {
        return Err(refused("say what it is: its number, or in words".to_owned()));
    }
    let product_ids = Some(product.clone()).filter(|it| !it.is_empty());
    Ok(IncomingLine {
        assigned: at.to_string(),
        quantity,
        unit,
        unit_price,
        product_ids: product_ids.map(|it| ("VP".to_owned(), it)).into_iter().collect(),
        product,
        description,
        requested_on: line.requested_on,
    })
}
