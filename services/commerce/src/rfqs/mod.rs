//! Requests for quote: what a buyer asks a seller to offer.
//!
//! `sent → quoted | declined`. A request is asked in a deal ([`ask`]) or comes by EDI
//! ([`receive`]), and then may stand in no deal yet, until its seller puts it into one
//! ([`place`]). It is quoted when a quote that answers it is sent; or its seller declines it.

mod elsewhere;
mod http;
mod sql;
mod tell;

use gate::{Page, PageAsk, Permit, Problem, Scope};
use kernel::{Day, Fault, Id, Moment, Organisation, Rfq, Space};
use serde::{Deserialize, Serialize};
use sharing::{notify, spaces};
use store::{Conn, Tx};
use utoipa::ToSchema;

pub use elsewhere::{
    NewRequest, STATEMENTS as ELSEWHERE_STATEMENTS, SellerElsewhere, find_asked,
    find_received, note, seller_elsewhere, write,
};
pub use http::routes;
pub use sql::ALL as STATEMENTS;
pub(crate) use sql::asked_by;

use tell::{card, entry, hint, notice, tell_seller, writes};

use crate::{
    orders::{self, BuyerRef, OrderDeal, ReceiveOrders, SellerRef},
    quotes::{self, AnswerQuotes, QuoteLine, Refusal, WriteQuotes},
};

/// How far a request for quote is.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum RfqState {
    /// It waits for its seller.
    Sent,
    /// A quote that answers it was sent.
    Quoted,
    /// Its seller does not offer anything.
    Declined,
}

/// What a buyer asks for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The buyer's number for it; else one is given.
    pub number: Option<String>,
    /// What, and how much; prices are what the buyer hopes for.
    pub lines: Vec<QuoteLine>,
    /// In words; at most 2,000 characters.
    pub note: String,
    /// By what day the buyer needs an answer.
    pub answer_by: Option<Day>,
}

/// A request for quote.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RfqView {
    /// Which.
    pub id: Id<Rfq>,
    /// The buyer's number for it.
    pub number: String,
    /// How far it is.
    pub state: RfqState,
    /// Whether the reader is to offer, or has asked.
    pub side: quotes::Side,
    /// Who is to offer.
    pub seller: SellerRef,
    /// Who asks.
    pub buyer: BuyerRef,
    /// The deal it stands in, if the reader takes part there.
    pub deal: Option<OrderDeal>,
    /// What, and how much.
    pub lines: Vec<QuoteLine>,
    /// In words.
    pub note: String,
    /// By what day the buyer needs an answer.
    pub answer_by: Option<Day>,
    /// Why the seller offers nothing.
    pub reason: Option<String>,
    /// When it came.
    pub created_at: Moment,
    /// How often it changed.
    pub revision: i64,
}

/// Asks another organisation of a deal for a quote.
///
/// # Errors
/// [`Refusal`]: not taking part, no such seller, lines that make no sense, a number twice.
pub async fn ask(
    tx: &mut Tx,
    permit: &Permit<AnswerQuotes>,
    (space, seller): (Id<Space>, Id<Organisation>),
    wanted: Wanted,
    at: Moment,
) -> Result<Id<Rfq>, Refusal> {
    let (id, scope) = (Id::mint(), permit.scope());
    let buyer = scope.organisation();
    let standing = spaces::standing(tx, buyer, space).await?;
    let standing = standing.ok_or(Refusal::NotFound)?;
    if !standing.open {
        return Err(Refusal::NotShared);
    }
    if !standing.verbs.comment || standing.role == spaces::PartyRole::Observer {
        return Err(Refusal::ReadOnlyDeal);
    }
    let name = quotes::party_name(tx, scope, (space, buyer)).await?;
    if seller == buyer {
        return Err(Refusal::NotAParty);
    }
    quotes::party_name(tx, scope, (space, seller)).await?;
    let new = new_row(id, (seller, Some(buyer)), (name, buyer.to_string()), &wanted, at)?;
    let new = sql::NewRow { space: Some(space), ..new };
    if !sql::insert(tx, &new, at).await? {
        return Err(Refusal::NumberTaken(new.number));
    }
    let row = sql::one(tx, seller, id).await?.ok_or(Refusal::NotFound)?;
    card(tx, Some(scope), &row, space, at).await?;
    tell_seller(tx, &row, at).await?;
    entry(tx, scope, &row, "rfq.ask", at).await?;
    Ok(id)
}

/// Takes in a request that came by EDI, once. Gives its id, and whether it is new. People are
/// told by [`announce`], which stands apart: it takes the locks that come last.
///
/// # Errors
/// As [`ask`]; [`Refusal::RequestTaken`] for another request under the same number.
pub async fn receive(
    tx: &mut Tx,
    permit: &Permit<ReceiveOrders>,
    (buyer, buyer_name, buyer_key): (Option<Id<Organisation>>, String, String),
    wanted: &Wanted,
    at: Moment,
) -> Result<(Id<Rfq>, bool), Refusal> {
    let (id, seller) = (Id::mint(), permit.scope().organisation());
    let number = wanted.number.clone().unwrap_or_default();
    // A paper of a partner's may be named longer than we name ours.
    let fits =
        (1..=45).contains(&number.chars().count()) && !number.contains(char::is_control);
    if !fits {
        let why = "a request has a number of at most 45 letters and digits".to_owned();
        return Err(Refusal::Field("number", why));
    }
    let unnamed = Wanted { number: None, ..wanted.clone() };
    let new = new_row(id, (seller, buyer), (buyer_name, buyer_key), &unnamed, at)?;
    let new = sql::NewRow { number, ..new };
    if sql::insert(tx, &new, at).await? {
        return Ok((id, true));
    }
    let known = sql::by_number(tx, seller, &new.buyer_key, &new.number).await?;
    if (&known.1, &known.2) != (&new.lines, &new.note) {
        return Err(Refusal::RequestTaken(new.number));
    }
    if let Some(buyer) = buyer {
        sql::set_buyer(tx, seller, known.0, buyer).await?;
    }
    Ok((known.0, false))
}

/// The buyer of a request turns out to be on the hub: from now on it sees the request too.
///
/// # Errors
/// If the database fails.
pub async fn adopt(
    tx: &mut Tx,
    permit: &Permit<ReceiveOrders>,
    rfq: Id<Rfq>,
    buyer: Id<Organisation>,
) -> Result<(), Fault> {
    sql::set_buyer(tx, permit.scope().organisation(), rfq, buyer).await
}

/// Tells the seller's people of a request that has just been received, and the log.
///
/// # Errors
/// If the database fails.
pub async fn announce(
    tx: &mut Tx,
    permit: &Permit<ReceiveOrders>,
    rfq: Id<Rfq>,
    at: Moment,
) -> Result<(), Refusal> {
    let scope = permit.scope();
    let row = received(tx, scope, rfq).await?;
    tell_seller(tx, &row, at).await?;
    entry(tx, scope, &row, "rfq.receive", at).await
}

fn new_row(
    id: Id<Rfq>,
    (seller, buyer): (Id<Organisation>, Option<Id<Organisation>>),
    (buyer_name, buyer_key): (String, String),
    wanted: &Wanted,
    at: Moment,
) -> Result<sql::NewRow, Refusal> {
    if wanted.lines.is_empty() {
        return Err(quotes::LineError::Empty.into());
    }
    quotes::check_lines(&wanted.lines)?;
    let number = match &wanted.number {
        Some(number) => quotes::orders_number("number", number)?,
        None => quotes::own_number("R", &id.to_string(), at),
    };
    let lines = serde_json::to_string(&wanted.lines);
    Ok(sql::NewRow {
        id,
        seller,
        buyer,
        buyer_name,
        buyer_key,
        space: None,
        number,
        lines: lines.map_err(Fault::new("keeping the lines of a request"))?,
        note: quotes::long_words("note", &wanted.note)?,
        answer_by: wanted.answer_by,
    })
}

/// Declines a request, as its seller.
///
/// # Errors
/// [`Refusal::NotFound`], also for who asked; [`Refusal::Stale`]; [`Refusal::Answered`].
pub async fn decline(
    tx: &mut Tx,
    permit: &Permit<WriteQuotes>,
    (rfq, revision): (Id<Rfq>, i64),
    reason: &str,
    at: Moment,
) -> Result<(), Refusal> {
    let scope = permit.scope();
    let row = received(tx, scope, rfq).await?;
    if row.state != RfqState::Sent {
        return Err(Refusal::Answered);
    }
    let reason = quotes::long_words("reason", reason)?;
    let of = (row.seller_id, rfq, revision);
    if row.revision != revision
        || !sql::answer(tx, of, RfqState::Declined, Some(reason), at).await?
    {
        return Err(Refusal::Stale(row.revision));
    }
    let row = sql::one(tx, row.seller_id, rfq).await?.ok_or(Refusal::NotFound)?;
    hint(tx, &row);
    if let Some(space) = row.space_id
        && writes(tx, scope, space).await?
    {
        card(tx, Some(scope), &row, space, at).await?;
    }
    if let Some(buyer) = row.buyer_id {
        let notice = notice("rfq_declined", &row, &row.seller_name);
        notify::all_who(tx, buyer, quotes::buys, &notice, at).await?;
    }
    entry(tx, scope, &row, "rfq.decline", at).await
}

/// Puts a request that stands in no deal into one of its seller's.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::Placed`], if it stands in one.
pub async fn place(
    tx: &mut Tx,
    scope: Scope,
    rfq: Id<Rfq>,
    space: Id<Space>,
    at: Moment,
) -> Result<(), Refusal> {
    let row = received(tx, scope, rfq).await?;
    let standing = spaces::standing(tx, row.seller_id, space).await?;
    if standing.is_none() {
        return Err(Refusal::NotFound);
    }
    if !writes(tx, scope, space).await? {
        return Err(Refusal::ReadOnlyDeal);
    }
    if !sql::place(tx, row.seller_id, rfq, space, at).await? {
        return if row.space_id == Some(space) { Ok(()) } else { Err(Refusal::Placed) };
    }
    let row = sql::one(tx, row.seller_id, rfq).await?.ok_or(Refusal::NotFound)?;
    hint(tx, &row);
    card(tx, Some(scope), &row, space, at).await?;
    // Where no person acts, the log says that it was received, and that comes last.
    if scope.actor().is_some() {
        entry(tx, scope, &row, "rfq.place", at).await?;
    }
    Ok(())
}

/// Checks that a quote of this seller in this deal, for this buyer, may answer a request.
pub(crate) async fn may_quote(
    conn: &mut Conn,
    seller: Id<Organisation>,
    rfq: Id<Rfq>,
    (space, buyer): (Id<Space>, Option<Id<Organisation>>),
) -> Result<(), Refusal> {
    let row = sql::one(conn, seller, rfq).await?;
    let row = row.filter(|it| it.is_to(seller)).ok_or(Refusal::NotFound)?;
    if row.state == RfqState::Declined {
        return Err(Refusal::Answered);
    }
    let fits = row.buyer_id == buyer && row.space_id.is_none_or(|it| it == space);
    let why = || "the request came from another buyer, or stands in another deal";
    if fits { Ok(()) } else { Err(Refusal::Field("rfq", why().to_owned())) }
}

/// A quote that answers a request was sent.
pub(crate) async fn quoted(
    tx: &mut Tx,
    seller: Id<Organisation>,
    rfq: Id<Rfq>,
    at: Moment,
) -> Result<(), Fault> {
    let Some(row) = sql::one(tx, seller, rfq).await? else { return Ok(()) };
    let of = (seller, rfq, row.revision);
    if row.state == RfqState::Sent
        && sql::answer(tx, of, RfqState::Quoted, None, at).await?
    {
        hint(tx, &sql::Row { revision: row.revision + 1, ..row });
    }
    Ok(())
}

/// A request that one's organisation asked, or is to answer.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn read(
    conn: &mut Conn,
    scope: Scope,
    rfq: Id<Rfq>,
) -> Result<RfqView, Refusal> {
    let organisation = scope.organisation();
    let row = sql::one(conn, organisation, rfq).await?.ok_or(Refusal::NotFound)?;
    Ok(view(row, organisation)?)
}

/// A page of the requests that one's organisation asked, or is to answer, newest first; of a
/// deal, if one is named.
///
/// # Errors
/// If the cursor is none of ours, or the database fails.
pub async fn list(
    conn: &mut Conn,
    scope: Scope,
    deal: Option<Id<Space>>,
    ask: &PageAsk,
) -> Result<Page<RfqView>, Problem> {
    let organisation = scope.organisation();
    let start = (Moment::from_micros(i64::MAX), orders::last());
    let after: Option<(i64, Id<Rfq>)> = ask.after()?;
    let before = after.map_or(start, |(at, id)| (Moment::from_micros(at), id));
    let limit = ask.limit();
    let rows = sql::list(conn, organisation, before, deal, limit + 1).await?;
    let page = Page::cut(rows, limit, |row| (row.created_at.micros(), row.id));
    let (next, total) = (page.next, page.total);
    let items = page.items.into_iter().map(|row| view(row, organisation));
    Ok(Page { items: items.collect::<Result<_, _>>()?, next, total })
}

fn view(row: sql::Row, reader: Id<Organisation>) -> Result<RfqView, Fault> {
    let sells = row.is_to(reader);
    let sees_title =
        row.deal_mask.iter().any(|mask| mask.split(',').any(|word| word == "title"));
    let title = row.deal_title.filter(|_| sees_title);
    let elsewhere = Some(&row.seller_key).filter(|it| !it.is_empty());
    Ok(RfqView {
        id: row.id,
        number: row.number,
        state: row.state,
        side: if sells { quotes::Side::Seller } else { quotes::Side::Buyer },
        seller: SellerRef::of(row.seller_id, row.seller_name, elsewhere),
        buyer: BuyerRef { id: row.buyer_id, name: row.buyer_name },
        deal: row.deal_id.map(|id| OrderDeal { id, title }),
        lines: serde_json::from_str(&row.lines)
            .map_err(Fault::new("reading the lines of a request"))?,
        note: row.note,
        answer_by: row.answer_by,
        reason: row.reason,
        created_at: row.created_at,
        revision: row.revision,
    })
}

/// A request that the scope's organisation is to answer.
async fn received(
    conn: &mut Conn,
    scope: Scope,
    rfq: Id<Rfq>,
) -> Result<sql::Row, Refusal> {
    let row = sql::one(conn, scope.organisation(), rfq).await?;
    row.filter(|it| it.is_to(scope.organisation())).ok_or(Refusal::NotFound)
}
