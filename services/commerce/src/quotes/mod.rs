//! Quotes: what a seller offers a buyer, in revisions, and what the buyer says to each.
//!
//! A quote is written in a deal ([`create`], [`write()`]), priced, approved and sent
//! (`moves.rs`); what is sent is a document of `trade`, kept under its SHA-256 and held by both
//! sides for good. The buyer answers that hash and no other (`answers.rs`): it accepts, which
//! makes an order, rejects, or counters with wishes, upon which the seller may begin the next
//! revision. What was not sent is its seller's alone: a buyer learns neither of drafts nor that
//! one is being written. `rules` has the steps, `lines.rs` the sums, `paper.rs` the document.

mod access;
mod against;
mod answers;
mod by_order;
mod compare;
mod elsewhere;
mod http;
mod lines;
mod moves;
mod paper;
mod refusal;
mod row;
mod rules;
mod sheet;
mod sql;
mod tell;
mod view;

use std::{future::Future, pin::Pin, time::Duration};

use gate::{Action, House, Page, PageAsk, Permit, Problem, Scope};
use kernel::{Currency, Day, Fault, Id, Moment, Organisation, Quote, Rfq, Space};
use sharing::spaces;
use store::{Conn, Files, Tx};

pub use access::{AnswerQuotes, ApproveQuotes, FREE_DISCOUNT, ReadQuotes, WriteQuotes};
pub(crate) use access::{buys, sells};
pub use against::{OfferDiffers, OfferedLine, RfqQuote, of_request};
pub use answers::{QuoteAnswer, answer};
pub use by_order::{AcceptedQuote, accept_by_order, announce_acceptance};
pub use compare::{Disagreement, disagreements};
pub use elsewhere::{
    Offered, STATEMENTS as ELSEWHERE_STATEMENTS, announce_offer, numbered, says_the_same,
    take_in,
};
pub use http::routes;
pub use lines::{LineError, QuoteLine, QuoteWish};
pub(crate) use lines::{price, quantity};
pub use moves::{QuoteMove, SentQuote, approve, expire, step};
pub use refusal::Refusal;
pub use rules::{NoStep, QuoteState, Side};
pub use sql::ALL as STATEMENTS;
pub use view::{
    QuoteLineView, QuoteMay, QuoteRevision, QuoteRfq, QuoteSummary, QuoteView,
};

use crate::{orders, rfqs};

/// How often the clock of quotes is looked at.
const EVERY: Duration = Duration::from_secs(20);

/// What a revision of a quote says.
#[derive(Clone, Debug)]
pub struct Content {
    /// In what its prices are.
    pub currency: Currency,
    /// The last day, in UTC, on which it can be accepted.
    pub valid_until: Day,
    /// Its terms, in words; at most 2,000 characters.
    pub terms: String,
    /// Its lines.
    pub lines: Vec<QuoteLine>,
}

/// Who is offered something.
#[derive(Clone, Debug)]
pub enum QuoteBuyer {
    /// Another organisation of the deal.
    OnHub(Id<Organisation>),
    /// Somebody without a place on the hub, by name.
    Outside(String),
}

/// Begins a quote in a deal, as its seller.
///
/// # Errors
/// [`Refusal::NotShared`], [`Refusal::ReadOnlyDeal`] or [`Refusal::NotAParty`], if the sides
/// may not meet there; [`Refusal::NumberTaken`]; [`Refusal::Lines`] and [`Refusal::Field`] for
/// what makes no sense.
pub async fn create(
    tx: &mut Tx,
    permit: &Permit<WriteQuotes>,
    space: Id<Space>,
    (buyer, rfq): (QuoteBuyer, Option<Id<Rfq>>),
    number: Option<String>,
    content: &Content,
    at: Moment,
) -> Result<Id<Quote>, Refusal> {
    let (id, scope) = (Id::mint(), permit.scope());
    let seller = scope.organisation();
    let standing = spaces::standing(tx, seller, space).await?;
    let standing = standing.ok_or(Refusal::NotFound)?;
    if !standing.open {
        return Err(Refusal::NotShared);
    }
    if !standing.verbs.comment || standing.role == spaces::PartyRole::Observer {
        return Err(Refusal::ReadOnlyDeal);
    }
    let (buyer, buyer_name) = name_buyer(tx, scope, space, buyer).await?;
    if let Some(rfq) = rfq {
        rfqs::may_quote(tx, seller, rfq, (space, buyer)).await?;
    }
    let number = match number {
        Some(number) => orders_number("number", &number)?,
        None => own_number("Q", &id.to_string(), at),
    };
    let words = words(content)?;
    let new = sql::NewRow {
        id,
        seller,
        buyer,
        buyer_name: &buyer_name,
        rfq,
        space: Some(space),
        number: &number,
    };
    if !sql::insert(tx, &new, at).await? {
        return Err(Refusal::NumberTaken(number));
    }
    sql::write(tx, (id, 1), &words).await?;
    let row = sql::one(tx, seller, id).await?.ok_or(Refusal::NotFound)?;
    tell::hint(tx, None, &row);
    tell::entry(tx, (seller, scope.actor()), &row, "quote.create", at).await?;
    Ok(id)
}

/// The buyer's id and name; another live party of the deal, or a name.
async fn name_buyer(
    conn: &mut Conn,
    scope: Scope,
    space: Id<Space>,
    buyer: QuoteBuyer,
) -> Result<(Option<Id<Organisation>>, String), Refusal> {
    match buyer {
        QuoteBuyer::Outside(name) => {
            let name = name.trim().to_owned();
            let fits = (1..=120).contains(&name.chars().count())
                && !name.contains(char::is_control);
            let why =
                || "name the buyer in one line of at most 120 characters".to_owned();
            if fits { Ok((None, name)) } else { Err(Refusal::Field("buyer_name", why())) }
        }
        QuoteBuyer::OnHub(id) if id == scope.organisation() => Err(Refusal::NotAParty),
        QuoteBuyer::OnHub(id) => {
            Ok((Some(id), party_name(conn, scope, (space, id)).await?))
        }
    }
}

/// A number that somebody gives a paper: one line that every dialect carries.
pub(crate) fn orders_number(
    field: &'static str,
    number: &str,
) -> Result<String, Refusal> {
    let number = number.trim();
    let fits = (1..=22).contains(&number.chars().count())
        && number.chars().all(|it| it.is_ascii_alphanumeric() || "-_./ ".contains(it));
    if fits {
        Ok(number.to_owned())
    } else {
        let why = "at most 22 letters, digits, `-`, `_`, `.`, `/` and spaces";
        Err(Refusal::Field(field, format!("a number has {why}")))
    }
}

/// A number that tells neither how many papers there are nor to whom.
pub(crate) fn own_number(letter: &str, id: &str, at: Moment) -> String {
    let tail: String = id.chars().skip(id.len().saturating_sub(5)).collect();
    let day: String = at.day().to_string().chars().filter(|it| *it != '-').collect();
    let day = day.get(2..).unwrap_or_default();
    format!("{letter}-{day}-{}", tail.to_ascii_uppercase())
}

/// Words that may be longer than a line.
pub(crate) fn long_words(field: &'static str, text: &str) -> Result<String, Refusal> {
    let text = text.trim().replace("\r\n", "\n");
    let odd = text.contains(|it: char| it.is_control() && it != '\n');
    if odd || text.chars().count() > 2_000 {
        let why = "say it in at most 2,000 characters".to_owned();
        return Err(Refusal::Field(field, why));
    }
    Ok(text)
}

/// Checks lines that need no prices.
pub(crate) fn check_lines(lines: &[QuoteLine]) -> Result<(), Refusal> {
    Ok(lines::total(lines, Currency::EUR).map(drop)?)
}

/// The name of an organisation that takes part in a deal.
pub(crate) async fn party_name(
    conn: &mut Conn,
    scope: Scope,
    (space, organisation): (Id<Space>, Id<Organisation>),
) -> Result<String, Refusal> {
    let parties = spaces::parties(conn, scope, space).await?;
    let found = parties.into_iter().find(|it| {
        it.organisation_id == organisation
            && it.state == spaces::PartyState::Active
            && it.role != spaces::PartyRole::Observer
    });
    found.map(|it| it.organisation_name).ok_or(Refusal::NotAParty)
}

/// Reads what a revision says, and what it comes to so far.
fn words(content: &Content) -> Result<sql::Words, Refusal> {
    let terms = long_words("terms", &content.terms)?;
    let total_minor = lines::total(&content.lines, content.currency)?;
    let lines = serde_json::to_string(&content.lines);
    Ok(sql::Words {
        currency: content.currency,
        valid_until: content.valid_until,
        terms,
        lines: lines.map_err(Fault::new("keeping the lines of a quote"))?,
        total_minor,
    })
}

/// Writes a revision that was not sent anew. If it was priced or approved, that is over.
///
/// # Errors
/// [`Refusal::NoStep`] for a quote that waits for its buyer, or has come to its end;
/// [`Refusal::Stale`].
pub async fn write(
    tx: &mut Tx,
    permit: &Permit<WriteQuotes>,
    quote: Id<Quote>,
    revision: i64,
    content: &Content,
    at: Moment,
) -> Result<(), Refusal> {
    let words = words(content)?;
    let row = moves::take(tx, permit.scope(), quote, revision).await?;
    let row = moves::shift(tx, permit.scope(), &row, rules::Step::Write, at).await?;
    Ok(sql::write(tx, (quote, row.rev), &words).await?)
}

/// A quote that one's organisation wrote or was sent.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn read<A: Action>(
    conn: &mut Conn,
    permit: &Permit<A>,
    quote: Id<Quote>,
) -> Result<QuoteView, Refusal> {
    let organisation = permit.scope().organisation();
    let row = sql::one(conn, organisation, quote).await?.ok_or(Refusal::NotFound)?;
    let revisions = sql::revisions(conn, organisation, quote).await?;
    let may = view::may(&row, permit.caller().as_ref())?;
    let revisions =
        revisions.into_iter().map(view::revision).collect::<Result<_, _>>()?;
    Ok(QuoteView { summary: view::summary(row, organisation)?, revisions, may })
}

/// The document of a revision that was sent, byte for byte, with its hash.
///
/// # Errors
/// [`Refusal::NotFound`], also for a revision that was not sent.
pub async fn document(
    conn: &mut Conn,
    files: &Files,
    permit: &Permit<ReadQuotes>,
    (quote, rev): (Id<Quote>, i64),
) -> Result<(String, Vec<u8>), Refusal> {
    let organisation = permit.scope().organisation();
    let revisions = sql::revisions(conn, organisation, quote).await?;
    let found = revisions.into_iter().find(|it| it.rev == rev);
    let sha256 = found.and_then(|it| it.sha256).ok_or(Refusal::NotFound)?;
    let bytes = files.read(sha256.parse()?).await?;
    Ok((sha256, bytes))
}

/// Which quotes a list is of.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// Those that stand so, for who reads.
    pub state: Option<QuoteState>,
    /// Those that one's organisation sells, or buys.
    pub side: Option<Side>,
}

/// A page of the quotes that one's organisation wrote or was sent, newest first.
///
/// # Errors
/// If the cursor is none of ours, or the database fails.
pub async fn list(
    conn: &mut Conn,
    scope: Scope,
    filter: Filter,
    ask: &PageAsk,
) -> Result<Page<QuoteSummary>, Problem> {
    let organisation = scope.organisation();
    let start = (Moment::from_micros(i64::MAX), orders::last());
    let after: Option<(i64, Id<Quote>)> = ask.after()?;
    let before = after.map_or(start, |(at, id)| (Moment::from_micros(at), id));
    let limit = ask.limit();
    let Filter { state, side } = filter;
    let wanted = sql::Wanted { before, limit: limit + 1, state, side };
    let rows = sql::list(conn, organisation, wanted).await?;
    let page = Page::cut(rows, limit, |row| {
        let at = match row.side(organisation) {
            Side::Seller => row.created_at,
            Side::Buyer => row.shown_from.unwrap_or(row.created_at),
        };
        (at.micros(), row.id)
    });
    let (next, total) = (page.next, page.total);
    let rows = page.items.into_iter();
    let items = rows.map(|row| view::summary(row, organisation));
    Ok(Page { items: items.collect::<Result<_, _>>()?, next, total })
}

/// The quotes of a deal that one's organisation takes part in, and wrote or was sent.
///
/// # Errors
/// If the database fails.
pub async fn of_deal(
    conn: &mut Conn,
    scope: Scope,
    space: Id<Space>,
) -> Result<Page<QuoteSummary>, Refusal> {
    let organisation = scope.organisation();
    spaces::standing(conn, organisation, space).await?.ok_or(Refusal::NotFound)?;
    let rows = sql::of_deal(conn, organisation, space).await?;
    let items = rows.into_iter().map(|row| view::summary(row, organisation));
    Ok(Page::all(items.collect::<Result<_, _>>()?))
}

/// The quote that an order names: sent by this seller, to this buyer or to somebody outside.
pub(crate) async fn named(
    conn: &mut Conn,
    seller: Id<Organisation>,
    number: &str,
    buyer: Option<Id<Organisation>>,
) -> Result<Option<Id<Quote>>, Fault> {
    Ok(sql::named(conn, seller, number, buyer).await?.map(|(id, _)| id))
}

/// Lets quotes expire, for ever.
pub(crate) fn watch(house: House) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async move {
        loop {
            if let Err(refusal) = expire(&house).await {
                let error = &refusal as &dyn std::error::Error;
                tracing::error!(error, "watching the clock of quotes: {refusal}");
            }
            tokio::time::sleep(EVERY).await;
        }
    })
}
