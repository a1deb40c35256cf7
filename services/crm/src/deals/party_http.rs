//! The routes of a deal's parties, and of invitations into deals.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use gate::{At, Form, House, Page, Permit, Problem, Revision};
use kernel::{Id, Organisation, Party, Space};
use serde::Deserialize;
use sharing::{
    History, Mask, Verbs,
    spaces::{self, PartyMove},
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    CARD_FIELDS, InviteToDeal, ReadDeals, list,
    parties::{self, Invitation},
    view::{InvitationView, PartyView},
};
use crate::accounts::tagged;

/// The routes of this part.
pub(super) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(invite_party))
        .routes(routes!(change_party))
        .routes(routes!(move_party))
        .routes(routes!(list_deal_invitations))
}

/// A partner to be invited.
#[derive(Debug, Deserialize, ToSchema)]
struct PartyForm {
    organisation: Id<Organisation>,
    /// The fields of the card that they will see.
    fields: Vec<String>,
    /// `read`, `comment`, `edit`; `read` and `comment` unless told.
    verbs: Option<Vec<String>>,
    /// From where they may read the rooms; `from_join` unless told.
    #[serde(default)]
    history: History,
}

/// What a party shall see and do; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
struct PartyPatch {
    fields: Option<Vec<String>>,
    verbs: Option<Vec<String>>,
}

/// A move of a party.
#[derive(Debug, Deserialize, ToSchema)]
struct PartyMoveForm {
    r#move: PartyMove,
}

fn verbs(words: &[String]) -> Result<Verbs, Problem> {
    let known = |word: &str| Verbs::ALL.words().contains(&word) && word != "invite";
    if let Some(odd) = words.iter().find(|word| !known(word)) {
        let odd: String = odd.chars().take(40).collect();
        let detail = format!("`{odd}` is none of `read`, `comment`, `edit`, `export`");
        return Err(Problem::refused("verbs", detail));
    }
    Ok(Verbs::of(words.iter().map(String::as_str)))
}

/// Invite a partner into a deal.
#[utoipa::path(post, path = "/api/v1/deals/{deal}/parties", tag = "deals", params(("deal" = Id<Space>, Path)), responses((status = 201, body = PartyView), (status = 404), (status = 409), (status = 422)))]
async fn invite_party(
    State(house): State<House>,
    permit: Permit<InviteToDeal>,
    At(deal): At<Id<Space>>,
    Form(form): Form<PartyForm>,
) -> Result<(StatusCode, (HeaderMap, Json<PartyView>)), Problem> {
    let verbs = match &form.verbs {
        Some(words) => verbs(words)?,
        None => Verbs::of(["comment"]),
    };
    let mask = Mask::among(form.fields, &CARD_FIELDS)?;
    let (organisation, history) = (form.organisation, form.history);
    let invitation = Invitation { organisation, mask, verbs, history };
    let (mut tx, at) = (house.db.write().await?, house.clock.now());
    let row = parties::invite(&mut tx, &permit, deal, &invitation, at).await?;
    tx.commit().await?;
    let own = permit.scope().organisation();
    let party = PartyView::new(&row, own, &Mask::of(CARD_FIELDS));
    Ok((StatusCode::CREATED, tagged(party.revision, party)))
}

/// Change what a party sees and may do.
#[utoipa::path(patch, path = "/api/v1/deals/{deal}/parties/{party}", tag = "deals", params(("deal" = Id<Space>, Path), ("party" = Id<Party>, Path), ("If-Match" = String, Header)), responses((status = 200, body = PartyView), (status = 404), (status = 409), (status = 422)))]
async fn change_party(
    State(house): State<House>,
    permit: Permit<InviteToDeal>,
    At((deal, party)): At<(Id<Space>, Id<Party>)>,
    Revision(revision): Revision,
    Form(form): Form<PartyPatch>,
) -> Result<(HeaderMap, Json<PartyView>), Problem> {
    let mask = form.fields.map(|fields| Mask::among(fields, &CARD_FIELDS)).transpose()?;
    let verbs = form.verbs.as_deref().map(verbs).transpose()?;
    let (mut tx, at) = (house.db.write().await?, house.clock.now());
    let set =
        parties::set_party(&mut tx, &permit, deal, party, mask, verbs, revision, at);
    let row = set.await?;
    tx.commit().await?;
    let own = permit.scope().organisation();
    let party = PartyView::new(&row, own, &Mask::of(CARD_FIELDS));
    Ok(tagged(party.revision, party))
}

/// Move a party: accept or decline, leave, cancel or remove.
#[utoipa::path(post, path = "/api/v1/deals/{deal}/parties/{party}/moves", tag = "deals", params(("deal" = Id<Space>, Path), ("party" = Id<Party>, Path)), responses((status = 200, body = PartyView), (status = 404), (status = 409)))]
async fn move_party(
    State(house): State<House>,
    permit: Permit<InviteToDeal>,
    At((deal, party)): At<(Id<Space>, Id<Party>)>,
    Form(form): Form<PartyMoveForm>,
) -> Result<(HeaderMap, Json<PartyView>), Problem> {
    let (mut tx, at) = (house.db.write().await?, house.clock.now());
    let row = parties::answer(&mut tx, &permit, deal, party, form.r#move, at).await?;
    tx.commit().await?;
    let own = permit.scope().organisation();
    let party = PartyView::new(&row, own, &Mask::default());
    Ok(tagged(party.revision, party))
}

/// The deals into which one's organisation is invited.
#[utoipa::path(get, path = "/api/v1/deal-invitations", tag = "deals", responses((status = 200, body = Page<InvitationView>)))]
async fn list_deal_invitations(
    State(house): State<House>,
    permit: Permit<ReadDeals>,
) -> Result<Json<Page<InvitationView>>, Problem> {
    let (scope, mut conn) = (permit.scope(), house.db.read().await?);
    let titles = list::invited_titles(&mut conn, scope).await?;
    let rows = spaces::invitations(&mut conn, scope.organisation()).await?;
    let view = |row: spaces::PartyRow| {
        let title = titles.iter().find(|(party, _)| *party == row.id);
        InvitationView::new(row, title.and_then(|(_, title)| title.clone()))
    };
    Ok(Json(Page::all(rows.into_iter().map(view).collect())))
}
