//! The ledger of a fund: postings, each from one account to another, and the balances that follow
//! them. Nothing else moves money.

use kernel::{Fault, Fund, FundAllocation, FundClaim, FundRequest, Id, Moment, Person};
use serde::{Deserialize, Serialize};
use store::{Conn, Tx, statements};
use utoipa::ToSchema;

statements! {
    /// Holds a fund to the end of the transaction: what moves its money goes one after the other.
    HOLD unscoped "by a fund or a part of one that was just read" = "
        update fund set postings = postings where id = $1";

    /// The balances of a fund follow a posting; gives its number.
    FUND_FOLLOWS unscoped "by the fund that is held" = "
        update fund
        set amount_minor = amount_minor + $2, free_minor = free_minor + $3,
            expired_minor = expired_minor + $4, postings = postings + 1
        where id = $1
        returning postings";

    /// The balances of a part follow it too.
    PART_FOLLOWS unscoped "by a part of the fund that is held" = "
        update fund_allocation
        set free_minor = free_minor + $3, reserved_minor = reserved_minor + $4,
            claimed_minor = claimed_minor + $5, paid_minor = paid_minor + $6,
            revision = revision + 1, updated_at = $7
        where id = $2 and fund_id = $1";

    /// Adds a posting.
    ADD unscoped "by the fund that is held" = "
        insert into fund_posting (fund_id, seq, kind, from_account, to_account, minor, allocation_id, request_id, claim_id, person_id, reference, at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

    /// Postings of an organisation's fund, from a number on.
    POSTINGS unscoped "vendor_id is the organisation" = "
        select p.seq, p.kind, p.from_account, p.to_account, p.minor, p.allocation_id,
               o.name as partner_name, p.request_id, r.title as request_title, p.claim_id,
               who.name as person_name, p.reference, p.at
        from fund_posting p
        join fund f on f.id = p.fund_id
        left join fund_allocation a on a.id = p.allocation_id
        left join organisation o on o.id = a.partner_id
        left join fund_request r on r.id = p.request_id
        left join person who on who.id = p.person_id
        where f.id = $2 and f.vendor_id = $1 and p.seq > $3
        order by p.seq
        limit $4";
}

/// Where money of a fund stands.
#[derive(
    Clone,
    Copy,
    Debug,
    Deserialize,
    Eq,
    Ord,
    PartialEq,
    PartialOrd,
    Serialize,
    ToSchema,
    sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = FundAccount)]
pub enum Account {
    /// Outside: where a fund's money comes from. The only one below zero.
    Source,
    /// In the fund, given to nobody.
    Fund,
    /// In a partner's part, free to be asked for.
    Allocated,
    /// Approved for a request.
    Reserved,
    /// Approved of a claim, and to be paid.
    Claimed,
    /// Paid.
    Paid,
    /// Left over when the fund was closed.
    Expired,
}

/// Why money moves.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = FundPostingKind)]
pub(super) enum Cause {
    /// The vendor puts money in.
    Endow,
    /// The vendor takes money out again.
    Cut,
    /// A partner's part is made, or raised.
    Allocate,
    /// It is lowered.
    TakeBack,
    /// A request is approved.
    Reserve,
    /// A claim is approved.
    Approve,
    /// What the last claim left over.
    Release,
    /// A claim is paid.
    Pay,
    /// A request was not claimed in time.
    ExpireRequest,
    /// A part was not asked for by the fund's end.
    ExpirePart,
    /// The fund is closed.
    Close,
}

impl Account {
    /// Every one.
    pub const ALL: [Self; 7] = [
        Self::Source,
        Self::Fund,
        Self::Allocated,
        Self::Reserved,
        Self::Claimed,
        Self::Paid,
        Self::Expired,
    ];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Fund => "fund",
            Self::Allocated => "allocated",
            Self::Reserved => "reserved",
            Self::Claimed => "claimed",
            Self::Paid => "paid",
            Self::Expired => "expired",
        }
    }
}

impl Cause {
    /// From which account to which it moves money: the only way that there is.
    pub(super) const fn way(self) -> (Account, Account) {
        match self {
            Self::Endow => (Account::Source, Account::Fund),
            Self::Cut => (Account::Fund, Account::Source),
            Self::Allocate => (Account::Fund, Account::Allocated),
            Self::TakeBack | Self::ExpirePart => (Account::Allocated, Account::Fund),
            Self::Reserve => (Account::Allocated, Account::Reserved),
            Self::Approve => (Account::Reserved, Account::Claimed),
            Self::Release | Self::ExpireRequest => {
                (Account::Reserved, Account::Allocated)
            }
            Self::Pay => (Account::Claimed, Account::Paid),
            Self::Close => (Account::Fund, Account::Expired),
        }
    }

    /// Its word.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Endow => "endow",
            Self::Cut => "cut",
            Self::Allocate => "allocate",
            Self::TakeBack => "take_back",
            Self::Reserve => "reserve",
            Self::Approve => "approve",
            Self::Release => "release",
            Self::Pay => "pay",
            Self::ExpireRequest => "expire_request",
            Self::ExpirePart => "expire_part",
            Self::Close => "close",
        }
    }
}

/// Money that is to move.
#[derive(Clone, Debug, Default)]
pub(super) struct About {
    pub(super) part: Option<Id<FundAllocation>>,
    pub(super) request: Option<Id<FundRequest>>,
    pub(super) claim: Option<Id<FundClaim>>,
    pub(super) person: Option<Id<Person>>,
    /// Of a payment: what the vendor's books call it.
    pub(super) reference: String,
}

/// A posting, as it is read.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) seq: i64,
    pub(super) kind: Cause,
    pub(super) from_account: Account,
    pub(super) to_account: Account,
    pub(super) minor: i64,
    pub(super) allocation_id: Option<Id<FundAllocation>>,
    pub(super) partner_name: Option<String>,
    pub(super) request_id: Option<Id<FundRequest>>,
    pub(super) request_title: Option<String>,
    pub(super) claim_id: Option<Id<FundClaim>>,
    pub(super) person_name: Option<String>,
    pub(super) reference: String,
    pub(super) at: Moment,
}

/// Holds a fund; see [`HOLD`].
pub(super) async fn hold(tx: &mut Tx, fund: Id<Fund>) -> Result<(), Fault> {
    tx.run(HOLD).bind(fund).execute().await.map(drop)
}

/// Moves money of a fund that is held. Nothing, where there is nothing to move.
///
/// # Errors
/// If the database fails, which it also does where a balance would fall below zero: whoever
/// moves money has looked before.
pub(super) async fn post(
    tx: &mut Tx,
    (fund, cause, minor): (Id<Fund>, Cause, i64),
    about: &About,
    at: Moment,
) -> Result<(), Fault> {
    if minor == 0 {
        return Ok(());
    }
    let (from, to) = cause.way();
    let moved = |account| match account {
        it if it == from => -minor,
        it if it == to => minor,
        _ => 0,
    };
    let query = tx.run(FUND_FOLLOWS).bind(fund).bind(-moved(Account::Source));
    let query = query.bind(moved(Account::Fund)).bind(moved(Account::Expired));
    let (seq,): (i64,) = query.one().await?;
    if let Some(part) = about.part {
        let query = tx.run(PART_FOLLOWS).bind(fund).bind(part);
        let query = query.bind(moved(Account::Allocated)).bind(moved(Account::Reserved));
        let query = query.bind(moved(Account::Claimed)).bind(moved(Account::Paid));
        query.bind(at).execute().await?;
    }
    let query = tx.run(ADD).bind(fund).bind(seq).bind(cause).bind(from).bind(to);
    let query = query.bind(minor).bind(about.part).bind(about.request);
    let query = query.bind(about.claim).bind(about.person).bind(&about.reference);
    query.bind(at).execute().await.map(drop)
}

pub(super) async fn postings(
    conn: &mut Conn,
    vendor: Id<kernel::Organisation>,
    (fund, after): (Id<Fund>, i64),
    limit: i64,
) -> Result<Vec<Row>, Fault> {
    let query = conn.run(POSTINGS).bind(vendor).bind(fund);
    query.bind(after).bind(limit).all().await
}
