//! Everybody outside who takes part in a deal, in one list: who can be reached by mail, where,
//! and who cannot.

use axum::{Json, extract::State};
use gate::{Action, At, House, Page, Permit, Problem, Reach, Role};
use kernel::{Guest, Id, Moment, Organisation, Room, Space};
use serde::Serialize;
use sharing::spaces;
use store::statements;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{GuestState, GuestView, Refusal, sql::Shown};
use crate::letters::LetterState;

/// See the outside contacts of a deal.
#[derive(Debug)]
pub enum SeeGuests {}

impl Action for SeeGuests {
    const NAME: &'static str = "guest.see";
    const WRITES: bool = false;

    fn reach(_role: Role) -> Reach {
        Reach::Organisation
    }
}

statements! {
    /// The guests of the rooms of a space that an organisation may read, with their last letters.
    /// Of an address that gets no more mail, only the organisation knows that writes there.
    OF_SPACE = "
        select g.id, g.email, g.name, g.state, g.sponsor_id, o.name as sponsor_name,
               l.state as mail_state, l.at as mail_at, g.room_id, r.title,
               cast(case when x.id is null then 0 else 1 end as bigint) as suppressed
        from guest g
        join readable_room r on r.room_id = g.room_id and r.organisation_id = $1
        join organisation o on o.id = g.sponsor_id
        left join suppression x on x.organisation_id = $1 and g.sponsor_id = $1
            and x.email = lower(g.email)
        left join letter l on l.id = (
            select n.id from letter n
            where n.guest_id = g.id and n.state <> 'cancelled'
            order by n.at desc, n.id desc
            limit 1)
        where g.space_id = $2 and g.state <> 'removed'
        order by lower(g.name), g.id
        limit 500";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Id<Guest>,
    email: String,
    name: String,
    state: GuestState,
    sponsor_id: Id<Organisation>,
    sponsor_name: String,
    mail_state: Option<LetterState>,
    mail_at: Option<Moment>,
    room_id: Id<Room>,
    title: String,
    suppressed: i64,
}

/// An outside contact, and where.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct DealGuest {
    #[serde(flatten)]
    guest: GuestView,
    /// In which topic.
    room: Id<Room>,
    /// Its title.
    topic: String,
    /// Whether the address gets no more mail from one's own organisation, which brought it in.
    suppressed: bool,
}

impl From<Row> for DealGuest {
    fn from(row: Row) -> Self {
        let guest = GuestView::from(Shown {
            id: row.id,
            email: row.email,
            name: row.name,
            state: row.state,
            sponsor_id: row.sponsor_id,
            sponsor_name: row.sponsor_name,
            mail_state: row.mail_state,
            mail_at: row.mail_at,
        });
        let suppressed = row.suppressed == 1;
        Self { guest, room: row.room_id, topic: row.title, suppressed }
    }
}

/// The routes of this part.
pub(super) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(deal_guests))
}

/// The outside contacts in all topics of a deal, by name.
#[utoipa::path(get, path = "/api/v1/deals/{deal}/guests", operation_id = "list_deal_guests", tag = "guests", params(("deal" = Id<Space>, Path)), responses((status = 200, body = Page<DealGuest>), (status = 404)))]
async fn deal_guests(
    State(house): State<House>,
    permit: Permit<SeeGuests>,
    At(deal): At<Id<Space>>,
) -> Result<Json<Page<DealGuest>>, Problem> {
    let mut conn = house.db.read().await?;
    spaces::stands(&mut conn, permit.scope(), deal).await.map_err(Refusal::Sharing)?;
    let query = conn.run(OF_SPACE).bind(permit.scope().organisation()).bind(deal);
    let rows: Vec<Row> = query.all().await?;
    Ok(Json(Page::all(rows.into_iter().map(DealGuest::from).collect())))
}
