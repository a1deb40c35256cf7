use axum::{Json, body::Bytes, extract::State, http::StatusCode};
use gate::{Asked, House, Permit, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{DeliverMail, take};

/// What the envelope said, as far as it is known.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Envelope {
    /// The envelope's recipients, with commas between. Without any, the mail's own headers tell.
    recipient: Option<String>,
    /// The envelope's sender; empty for reports. Without one, the mail's own `Return-Path` or
    /// `From` tells.
    sender: Option<String>,
}

/// What became of a mail.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
struct Delivered {
    /// For how many conversations it was kept now; 0 if it had come before.
    kept: usize,
}

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(deliver_mail))
}

/// Hand over a mail that came elsewhere: the body is the mail as RFC 5322 has it. Once this
/// answers, it is on disk; the same mail may be handed over again.
#[utoipa::path(post, path = "/api/v1/mail/inbound", tag = "mail", params(Envelope), request_body(content = Vec<u8>, content_type = "message/rfc822"), responses((status = 202, body = Delivered), (status = 403), (status = 413), (status = 422)))]
async fn deliver_mail(
    State(house): State<House>,
    _permit: Permit<DeliverMail>,
    Asked(envelope): Asked<Envelope>,
    bytes: Bytes,
) -> Result<(StatusCode, Json<Delivered>), Problem> {
    if bytes.is_empty() {
        let detail = "send the mail's bytes as the request's body";
        return Err(Problem::refused("mail", detail));
    }
    if bytes.len() > house.settings.mail_limit_bytes {
        let detail = format!(
            "the mail is longer than {} bytes, which is the most that is taken",
            house.settings.mail_limit_bytes
        );
        return Err(Problem::refused("mail", detail));
    }
    let named = envelope.recipient.as_deref().unwrap_or_default().split(',');
    let recipients: Vec<String> =
        named.map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect();
    let sender = envelope.sender.unwrap_or_else(|| sender(&bytes));
    let (known, kept) = take(&house, &recipients, &sender, bytes.to_vec()).await?;
    if known == 0 {
        let detail = "it leads to no conversation here, and was not kept: neither its envelope nor its headers name an address of ours, and it answers none of our letters";
        return Err(Problem::refused("recipient", detail));
    }
    Ok((StatusCode::ACCEPTED, Json(Delivered { kept })))
}

/// Who sent a mail, by itself: its `Return-Path`, which the last server wrote, else its `From`.
pub(super) fn sender(bytes: &[u8]) -> String {
    let mail = mail_parser::MessageParser::default().parse_headers(bytes);
    let Some(mail) = mail else { return String::new() };
    if let Some(path) = mail.header_raw("Return-Path") {
        return path.trim().trim_matches(['<', '>']).to_owned();
    }
    let from = mail.from().and_then(|from| from.first()?.address());
    from.unwrap_or_default().to_owned()
}
