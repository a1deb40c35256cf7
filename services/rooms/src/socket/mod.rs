//! The socket `/api/v1/socket`, subprotocol `entente.v1.json`.
//!
//! [`line`] is the loop that reads and writes, and the only module that knows what carries the
//! frames; `frames` answers each of them.

mod frames;
mod line;
mod origin;

use axum::{
    Extension,
    extract::{
        State,
        ws::{WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    },
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use gate::{Caller, FORBIDDEN, House, Problem, ProblemKind};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::Live;

const NO_UPGRADE: ProblemKind =
    ProblemKind { slug: "upgrade-required", status: 426, title: "This is a WebSocket" };
const GOING_AWAY: ProblemKind =
    ProblemKind { slug: "going-away", status: 503, title: "The hub is going away" };

/// What the read buffer of a connection takes: its default of 128 KiB would be most of it.
const READ_BUFFER: usize = 4 * 1024;
/// Frames are gathered to about so many bytes before they are handed to the kernel. What a burst made
/// of this buffer stays with the connection, so a large one is memory that silent sockets hold.
const WRITE_BUFFER: usize = 4 * 1024;

pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(socket))
}

/// The live socket. The first frame is `hello`, with a token or with the session cookie of
/// the upgrade; see the protocol `entente.v1.json`.
#[utoipa::path(get, path = "/api/v1/socket", operation_id = "open_socket", tag = "rooms", responses((status = 101, description = "Frames follow"), (status = 403, description = "The Origin is another site"), (status = 426, description = "No WebSocket upgrade"), (status = 503, description = "The hub is going away")))]
async fn socket(
    State(house): State<House>,
    Extension(live): Extension<Live>,
    caller: Option<Extension<Caller>>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    if !origin::is_ours(&headers, &house.settings.public_url) {
        let detail = "the page that opens this socket is not this hub's";
        return Problem::new(&FORBIDDEN, detail).into_response();
    }
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade,
        Err(refusal) => {
            return Problem::new(&NO_UPGRADE, refusal.body_text()).into_response();
        }
    };
    if live.is_draining() || !house.db.bus().lease().is_live() {
        return Problem::new(&GOING_AWAY, "come back in a moment").into_response();
    }
    let caller = caller.map(|Extension(caller)| caller);
    upgrade
        .protocols([wire::SUBPROTOCOL])
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_frame_size(wire::MAX_FRAME_BYTES)
        .max_message_size(wire::MAX_FRAME_BYTES)
        .on_upgrade(move |carrier| line::run(live, house, caller, carrier))
}
