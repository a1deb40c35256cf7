//! `POST /rfqs`.

use axum::{Json, extract::State, http::StatusCode};
use commerce::{
    quotes::{AnswerQuotes, QuoteLine},
    rfqs::{RfqView, Wanted},
};
use gate::{Form, House, Permit, Problem};
use kernel::Day;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::Seller;
use crate::buying::{self, OrderTo};

/// A request for quote to a seller that is not on the hub.
#[derive(Debug, Deserialize, ToSchema)]
struct NewRfqElsewhere {
    seller: OrderTo,
    /// Your number for it, at most 22 characters; else one is given.
    number: Option<String>,
    /// What, and how much; prices are what you hope for.
    lines: Vec<QuoteLine>,
    /// In words; at most 2,000 characters.
    #[serde(default)]
    note: String,
    /// By what day you need an answer.
    answer_by: Option<Day>,
}

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(create))
}

/// Ask a seller that is not on the hub for a quote: the request goes out as 840 or REQOTE.
#[utoipa::path(post, path = "/api/v1/rfqs", operation_id = "create_rfq", tag = "quotes", responses((status = 201, body = RfqView), (status = 403), (status = 409), (status = 422)))]
async fn create(
    State(house): State<House>,
    permit: Permit<AnswerQuotes>,
    Form(form): Form<NewRfqElsewhere>,
) -> Result<(StatusCode, Json<RfqView>), Problem> {
    let NewRfqElsewhere { seller, number, lines, note, answer_by } = form;
    let (name, key) = buying::seller(&seller)?;
    let seller = Seller { name, key, syntax: seller.syntax };
    let wanted = Wanted { number, lines, note, answer_by };
    let view = super::ask(&house, &permit, seller, wanted).await?;
    Ok((StatusCode::CREATED, Json(view)))
}
