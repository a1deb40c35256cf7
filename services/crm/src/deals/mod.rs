//! Deals: what organisations sell together.
//!
//! A deal is a space. Its card (title, account, amount, close date, next step, stage) is
//! shared: each party sees the fields of its mask and changes them if its verbs say so. Beside
//! it each party has a side of its own, private but for the fields that it publishes. A change
//! of the card is told in the main room only if everybody there may see the field; in any case
//! the parties' screens are told to read again, each under its own mask.
//!
//! `stage.rs` has the stages, `rules.rs` the fields, `parties.rs` who takes part, `rooms.rs`
//! the rooms as they go out, `list.rs` the lists and the board.

mod access;
mod http;
mod list;
mod orders;
pub mod parties;
mod party_http;
mod refusal;
pub mod rooms;
pub mod rules;
mod sql;
mod stage;
mod summary;
mod view;

use gate::{Permit, Scope};
use kernel::{Account, Fault, Id, Moment, Organisation, Space};
use serde_json::{Value, json};
use sharing::{Author, EventKind, Mask, NewEvent, audit, log, notify, spaces};
use store::{Conn, Hint, Tx};
use utoipa_axum::router::OpenApiRouter;

pub use access::{CreateDeal, EditDeal, InviteToDeal, ReadDeals};
pub use list::ALL as LIST_STATEMENTS;
pub use orders::ALL as ORDER_STATEMENTS;
pub use parties::{answer, invite, set_party};
pub use refusal::Refusal;
pub use rules::{CARD_FIELDS, Card, CardChanges, Flaw, SIDE_FIELDS, Side, SideChanges};
pub use sql::ALL as STATEMENTS;
pub use stage::{NoStep, Stage};
pub use view::DealView;

/// The routes of this feature.
pub fn routes() -> OpenApiRouter<gate::House> {
    http::routes().merge(party_http::routes())
}

/// A deal to be opened.
#[derive(Clone, Debug)]
pub struct NewDeal {
    /// Its card.
    pub card: Card,
    /// Where it stands; it may begin where no proof is needed.
    pub stage: Stage,
    /// The account in the opener's books, for its own side.
    pub account: Option<Id<Account>>,
}

/// A step of a deal to another stage.
#[derive(Clone, Debug)]
pub struct StageMove {
    /// The new stage.
    pub to: Stage,
    /// Why, where that is needed.
    pub reason: Option<String>,
    /// The revision that the caller read.
    pub revision: i64,
}

/// Opens a deal. The acting organisation is its host.
///
/// # Errors
/// [`Refusal::MayNotBegin`], if it cannot begin at that stage; [`Refusal::Flaw`], if the account is
/// none that the caller may see.
pub async fn open(
    tx: &mut Tx,
    permit: &Permit<CreateDeal>,
    new: &NewDeal,
    at: Moment,
) -> Result<Id<Space>, Refusal> {
    let scope = permit.scope();
    if !new.stage.may_begin() {
        return Err(Refusal::MayNotBegin);
    }
    if let Some(account) = new.account
        && !sql::knows_account(tx, scope, account).await?
    {
        let why = "this is no account that you may see";
        return Err(Flaw { field: "account_id", why }.into());
    }
    let full = Mask::of(CARD_FIELDS);
    let sort_name = crate::fold(&new.card.title);
    let opened = spaces::open(tx, scope, at, &full, &sort_name).await?;
    let deal = opened.space;
    sql::add_card(tx, deal, &new.card, new.stage, at).await?;
    sql::add_side(tx, scope.organisation(), deal, new.account, at).await?;
    let detail = json!({ "stage": new.stage });
    audit_deal(tx, scope, "deal.create", deal, detail, at).await?;
    spaces::changed(tx, deal, "deal", &deal.to_string(), 1).await?;
    Ok(deal)
}

/// A deal, as an organisation that takes part sees it.
///
/// # Errors
/// [`Refusal::NotFound`], if it takes no part.
pub async fn seen(
    conn: &mut Conn,
    permit: &Permit<ReadDeals>,
    deal: Id<Space>,
) -> Result<DealView, Refusal> {
    view::one(conn, permit.scope(), deal).await
}

/// Changes some fields of a card.
///
/// # Errors
/// [`Refusal::Stale`], if it has another revision than the caller read: then nothing changed,
/// and the caller merges its change into what is there now. [`Refusal::Masked`] for a field
/// that the caller may not see; [`Refusal::ReadOnly`] without the verb `edit`.
pub async fn change(
    tx: &mut Tx,
    permit: &Permit<EditDeal>,
    deal: Id<Space>,
    changes: CardChanges,
    revision: i64,
    at: Moment,
) -> Result<(), Refusal> {
    let scope = permit.scope();
    let standing = editor(tx, scope, deal).await?;
    if let Some(masked) = changes.fields().into_iter().find(|it| !standing.mask.has(it)) {
        return Err(Refusal::Masked(masked));
    }
    let row = sql::card(tx, scope, deal).await?.ok_or(Refusal::NotFound)?;
    if row.revision != revision {
        return Err(Refusal::Stale(row.revision));
    }
    let (old, new) = (row.card(), changes.over(row.card())?);
    let told = old.changes_to(&new);
    if told.is_empty() {
        return Ok(());
    }
    if !sql::change_card(tx, scope, deal, revision, &new, at).await? {
        return Err(stale(tx, scope, deal).await?);
    }
    for change in told {
        let detail =
            json!({ "field": change.field, "from": change.from, "to": change.to });
        tell(tx, scope, deal, change.field, EventKind::Card, detail, at).await?;
    }
    moved_on(tx, deal, &new.title, revision + 1, at).await
}

/// Moves a deal to another stage. Moving it to where it is changes nothing.
///
/// # Errors
/// [`Refusal::NoStep`], if the stage cannot be reached from here, or only with a reason;
/// [`Refusal::Stale`], if the deal has another revision than the caller read.
pub async fn move_stage(
    tx: &mut Tx,
    permit: &Permit<EditDeal>,
    deal: Id<Space>,
    step: StageMove,
    at: Moment,
) -> Result<(), Refusal> {
    let scope = permit.scope();
    let standing = editor(tx, scope, deal).await?;
    if !standing.mask.has("stage") {
        return Err(Refusal::Masked("stage"));
    }
    let row = sql::card(tx, scope, deal).await?.ok_or(Refusal::NotFound)?;
    if row.stage == step.to {
        return Ok(());
    }
    if row.revision != step.revision {
        return Err(Refusal::Stale(row.revision));
    }
    let reason = rules::reason(step.reason)?;
    let proof = orders::proof(tx, scope, deal, step.to).await?;
    let allowed = row.stage.step(step.to, reason.as_deref(), proof);
    allowed.map_err(|why| Refusal::NoStep { why, next: row.stage.steps() })?;
    if !sql::change_stage(tx, scope, deal, row.revision, step.to, at).await? {
        return Err(stale(tx, scope, deal).await?);
    }
    let detail = json!({ "from": row.stage, "to": step.to, "reason": reason });
    audit_deal(tx, scope, "deal.stage", deal, detail.clone(), at).await?;
    tell(tx, scope, deal, "stage", EventKind::Stage, detail, at).await?;
    notify_stage(tx, scope, deal, row.stage, step.to, at).await?;
    moved_on(tx, deal, &row.card().title, row.revision + 1, at).await
}

/// Changes some fields of one's own side.
///
/// # Errors
/// [`Refusal::Stale`], if it has another revision than the caller read.
pub async fn edit_side(
    tx: &mut Tx,
    permit: &Permit<EditDeal>,
    deal: Id<Space>,
    changes: SideChanges,
    revision: i64,
    at: Moment,
) -> Result<(), Refusal> {
    let scope = permit.scope();
    spaces::stands(tx, scope, deal).await?;
    let row = sql::side(tx, scope, deal).await?.ok_or(Refusal::NotFound)?;
    if row.revision != revision {
        return Err(Refusal::Stale(row.revision));
    }
    let (old, new) = (row.side(), changes.over(row.side())?);
    if old == new {
        return Ok(());
    }
    if !sql::change_side(tx, scope, deal, revision, &new, at).await? {
        let now = sql::side(tx, scope, deal).await?;
        return Err(now.map_or(Refusal::NotFound, |row| Refusal::Stale(row.revision)));
    }
    let id = deal.to_string();
    if old.shown() == new.shown() {
        let organisation = scope.organisation();
        tx.hint(Hint::Changed { organisation, kind: "deal".to_owned(), id, revision: 0 });
    } else {
        spaces::changed(tx, deal, "deal", &id, 0).await?;
    }
    Ok(())
}

/// The caller's standing in an open deal that it may edit.
async fn editor(
    tx: &mut Tx,
    scope: Scope,
    deal: Id<Space>,
) -> Result<spaces::Standing, Refusal> {
    let standing = spaces::stands(tx, scope, deal).await?;
    if !standing.verbs.edit {
        return Err(Refusal::ReadOnly);
    }
    if !standing.open {
        return Err(Refusal::Closed);
    }
    Ok(standing)
}

/// Somebody else was faster: the revision that is there now.
async fn stale(tx: &mut Tx, scope: Scope, deal: Id<Space>) -> Result<Refusal, Fault> {
    let now = sql::card(tx, scope, deal).await?;
    Ok(now.map_or(Refusal::NotFound, |row| Refusal::Stale(row.revision)))
}

/// Keeps the lists in order, and tells the parties' screens to read again.
async fn moved_on(
    tx: &mut Tx,
    deal: Id<Space>,
    title: &str,
    revision: i64,
    at: Moment,
) -> Result<(), Refusal> {
    spaces::touch(tx, deal, &crate::fold(title), at).await?;
    spaces::changed(tx, deal, "deal", &deal.to_string(), revision).await?;
    Ok(())
}

/// Tells the main room of a change to a field, if everybody who reads there, or has been
/// invited to, may see the field.
async fn tell(
    tx: &mut Tx,
    scope: Scope,
    deal: Id<Space>,
    field: &str,
    kind: EventKind,
    detail: Value,
    at: Moment,
) -> Result<(), Refusal> {
    let invited = sql::offered_masks(tx, deal).await?;
    let all = invited.iter().all(|mask| mask.has(field));
    if all && spaces::all_see(tx, deal, field).await? {
        let room = log::main_room(tx, deal).await?;
        let event = NewEvent::telling(kind, author(scope), detail);
        log::append(tx, room, at, event).await?;
    }
    Ok(())
}

fn author(scope: Scope) -> Author {
    let organisation = scope.organisation();
    scope.actor().map_or(Author::System, |person| Author::Person { person, organisation })
}

/// Tells the sellers of the other parties that may see the stage.
async fn notify_stage(
    tx: &mut Tx,
    scope: Scope,
    deal: Id<Space>,
    from: Stage,
    to: Stage,
    at: Moment,
) -> Result<(), Refusal> {
    let title = sql::card(tx, scope, deal).await?.map(|row| row.card().title);
    let rows = spaces::parties(tx, scope, deal).await?;
    let own = scope.organisation();
    let by = rows.iter().find(|row| row.organisation_id == own);
    let by = by.map(|row| row.organisation_name.clone()).unwrap_or_default();
    let fold = format!("stage:{deal}");
    for row in &rows {
        let mask = Mask::read(&row.offered_mask);
        let host = row.role == spaces::PartyRole::Host;
        let active = row.state == spaces::PartyState::Active;
        if row.organisation_id == own || !active || !(host || mask.has("stage")) {
            continue;
        }
        let shown = match &title {
            Some(title) if host => title,
            Some(title) => parties::shown_title(title, &mask),
            None => "",
        };
        let notice = notify::Notice {
            kind: "deal_stage",
            params: json!({ "title": shown, "from": from, "stage": to, "organisation": by }),
            subject: Some(("deal", deal.to_string())),
            party: Some(row.id),
            fold: Some(&fold),
        };
        notify::all_who(tx, row.organisation_id, access::follows, &notice, at).await?;
    }
    Ok(())
}

async fn audit_deal(
    tx: &mut Tx,
    scope: Scope,
    action: &str,
    deal: Id<Space>,
    detail: Value,
    at: Moment,
) -> Result<(), Fault> {
    let organisation: Id<Organisation> = scope.organisation();
    let of = ("deal", deal.to_string());
    audit::write(tx, organisation, scope.actor(), action, of, detail, at).await
}
