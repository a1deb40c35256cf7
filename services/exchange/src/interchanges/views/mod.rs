//! Saved views: what somebody narrowed the inbox and outbox to, under a name, for oneself or for
//! the whole organisation. One of each may open first; a person's own comes before the
//! organisation's. A view that is saved under a name that stands takes its place: the last one
//! who saves wins, so it has no revision. It names what is looked for and nothing that was found;
//! what one sees through it is decided by one's own right, each time.

mod http;
mod sql;

use gate::{Caller, House, Permit, Problem, ProblemKind};
use kernel::{Fault, Id, SavedView};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sharing::audit;
use store::Conn;
use utoipa::ToSchema;

use super::{InterchangeFilter, KeepViews, ReadInterchanges, ShareViews};

pub(super) use http::routes;

/// The statements of this feature.
pub(super) const ALL: &[store::Statement] = sql::ALL;

/// How many views a person, and an organisation, keeps.
const LIMIT: i64 = 50;
/// The longest name of one, in characters.
const LIMIT_NAME: usize = 60;

/// A view, as it is saved.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SavedViewForm {
    /// What it is called, 1 to 60 characters. One that is called so already is replaced.
    name: String,
    /// Whether it is for everybody in the organisation.
    #[serde(default)]
    shared: bool,
    /// Whether the list opens with it.
    #[serde(default)]
    opens_first: bool,
    /// What it looks for.
    filter: InterchangeFilter,
}

/// A saved view.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SavedViewView {
    /// Which.
    pub id: Id<SavedView>,
    /// What it is called.
    pub name: String,
    /// Whether it is for everybody in the organisation, or one's own.
    pub shared: bool,
    /// Whether the list opens with it. One's own comes before the organisation's.
    pub opens_first: bool,
    /// What it looks for.
    pub filter: InterchangeFilter,
}

/// All views that one may use.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SavedViews {
    /// One's own and the organisation's, by name.
    pub items: Vec<SavedViewView>,
}

/// Why a view was not saved, or not taken away.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    /// There is none, or it is somebody else's.
    #[error("there is no such view")]
    NotFound,
    /// It has no name that can be.
    #[error("give it a name of 1 to {LIMIT_NAME} characters")]
    Name,
    /// What it looks for makes no sense.
    #[error("{1}")]
    Filter(&'static str, String),
    /// There are enough.
    #[error("there are {LIMIT} views already; take one away first")]
    TooMany,
    /// It is the organisation's.
    #[error("views for everybody are kept by who handles EDI; save it for yourself")]
    NotYours,
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

const TOO_MANY: ProblemKind =
    ProblemKind { slug: "too-many-views", status: 409, title: "There are enough views" };

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NotFound => Self::not_found(),
            Refusal::Name => Self::refused("name", detail),
            Refusal::Filter(field, _) => Self::refused(field, detail),
            Refusal::TooMany => Self::new(&TOO_MANY, detail),
            Refusal::NotYours => Self::new(&gate::FORBIDDEN, detail),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}

impl TryFrom<sql::Row> for SavedViewView {
    type Error = Fault;

    fn try_from(row: sql::Row) -> Result<Self, Fault> {
        let filter = serde_json::from_str(&row.filter);
        Ok(Self {
            id: row.id,
            name: row.name,
            shared: row.shared,
            opens_first: row.opens_first,
            filter: filter.map_err(Fault::new("reading a saved view"))?,
        })
    }
}

/// The views that one may use.
async fn list(
    conn: &mut Conn,
    _permit: &Permit<ReadInterchanges>,
    caller: &Caller,
) -> Result<SavedViews, Refusal> {
    let rows = sql::list(conn, (caller.organisation, caller.person)).await?;
    let items = rows.into_iter().map(SavedViewView::try_from);
    Ok(SavedViews { items: items.collect::<Result<_, _>>()? })
}

/// Saves a view, in the place of one that is called so.
///
/// # Errors
/// [`Refusal::Name`], [`Refusal::Filter`], [`Refusal::TooMany`]; [`Refusal::NotYours`] for one for
/// everybody by who may not do that.
async fn save(
    house: &House,
    _permit: &Permit<KeepViews>,
    caller: &Caller,
    form: SavedViewForm,
) -> Result<SavedViews, Refusal> {
    let name = form.name.trim();
    let fits = (1..=LIMIT_NAME).contains(&name.chars().count());
    if !fits || name.contains(char::is_control) {
        return Err(Refusal::Name);
    }
    if form.shared && caller.permit::<ShareViews>().is_err() {
        return Err(Refusal::NotYours);
    }
    let filter = form.filter.tidy();
    let filter = filter.map_err(|(field, why)| Refusal::Filter(field, why))?;
    let filter =
        serde_json::to_string(&filter).map_err(Fault::new("writing a saved view"))?;
    let whose = (caller.organisation, (!form.shared).then_some(caller.person));
    let new = sql::New { name, filter: &filter, opens_first: form.opens_first };
    let now = house.clock.now();
    let mut tx = house.db.write().await?;
    if form.opens_first {
        sql::none_first(&mut tx, whose).await?;
    }
    let id = match sql::replace(&mut tx, whose, new, now).await? {
        Some(id) => id,
        None if sql::count(&mut tx, whose).await? >= LIMIT => {
            return Err(Refusal::TooMany);
        }
        None => sql::insert(&mut tx, whose, new, now).await?,
    };
    if form.shared {
        let of = ("saved_view", id.to_string());
        let person = Some(caller.person);
        let told = json!({ "name": name });
        audit::write(&mut tx, caller.organisation, person, "edi.view", of, told, now)
            .await?;
    }
    let rows = sql::list(&mut tx, (caller.organisation, caller.person)).await?;
    tx.commit().await?;
    let items = rows.into_iter().map(SavedViewView::try_from);
    Ok(SavedViews { items: items.collect::<Result<_, _>>()? })
}

/// Takes a view away.
///
/// # Errors
/// [`Refusal::NotFound`], also for another person's own; [`Refusal::NotYours`] for one for
/// everybody by who may not do that.
async fn remove(
    house: &House,
    _permit: &Permit<KeepViews>,
    caller: &Caller,
    id: Id<SavedView>,
) -> Result<(), Refusal> {
    let may_share = caller.permit::<ShareViews>().is_ok();
    let whose = (caller.organisation, caller.person);
    let mut tx = house.db.write().await?;
    let removed = sql::remove(&mut tx, whose, id, may_share).await?;
    if removed.is_none() {
        let shared = sql::is_shared(&mut tx, caller.organisation, id).await?;
        return Err(if shared { Refusal::NotYours } else { Refusal::NotFound });
    }
    tx.commit().await?;
    Ok(())
}
