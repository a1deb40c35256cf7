//! What the vendor does with what partners ask and claim: looks at it, approves it, refuses it,
//! asks for more, pays.

use gate::{Permit, Scope};
use kernel::{FundClaim, FundRequest, Id, Moment};
use store::{Conn, Tx};

use super::{
    Flaw, FundState, Move, PayClaims, Refusal, RequestState, RunFunds, Side,
    claims::{self, ClaimRow},
    ledger::{self, About, Cause},
    moves::{self, Event, Said},
    requests::{self, RequestRow},
    rules::use_by,
    run::{amount, day, text},
    sql, tell,
};

/// Answers a request. Approving reserves the money, all that was asked for or less.
///
/// # Errors
/// [`Refusal::OverRest`], above what was asked for or is left; [`Refusal`], each by its name.
pub(super) async fn answer_request(
    tx: &mut Tx,
    permit: &Permit<RunFunds>,
    id: Id<FundRequest>,
    said: &Said,
    at: Moment,
) -> Result<(), Refusal> {
    let scope = permit.scope();
    let fund = received(tx, scope, id).await?.fund_id;
    ledger::hold(tx, fund).await?;
    let row = received(tx, scope, id).await?;
    let state = moves::request(&row, Side::Vendor, said)?;
    if matches!(said.to, Move::Reject | Move::AskMore) {
        said.explains()?;
    }
    let mut after = RequestRow { state, ..row.clone() };
    if said.to == Move::Approve {
        let minor = approved(said, row.asked_minor)?;
        let part = sql::part(tx, scope.organisation(), row.allocation_id).await?;
        let part = part.ok_or(Refusal::NotFound)?;
        if part.live == 0 {
            return Err(Refusal::NoPartnership);
        }
        if part.fund_state != FundState::Open {
            return Err(Refusal::NotOpen);
        }
        if minor > part.free_minor {
            return Err(Refusal::OverRest(part.free_minor));
        }
        let about = About {
            part: Some(part.id),
            request: Some(id),
            person: scope.actor(),
            ..About::default()
        };
        ledger::post(tx, (fund, Cause::Reserve, minor), &about, at).await?;
        (after.approved_minor, after.rest_minor) = (Some(minor), minor);
        after.use_by = use_by(day(&row.ends_on)?, row.claim_days);
    }
    moves::shift(tx, scope, (&row, &after), (Side::Vendor, said), at).await
}

/// Answers a claim. Approving sets the money aside to be paid; what the last claim leaves over
/// goes back to the partner's part.
///
/// # Errors
/// [`Refusal::OverRest`], above what was claimed or is left; [`Refusal`], each by its name.
pub(super) async fn answer_claim(
    tx: &mut Tx,
    permit: &Permit<RunFunds>,
    id: Id<FundClaim>,
    said: &Said,
    at: Moment,
) -> Result<Id<FundRequest>, Refusal> {
    let scope = permit.scope();
    let (request, row) = held(tx, scope, id).await?;
    if said.to == Move::Pay {
        let next = row.state.moves(Side::Vendor);
        return Err(Refusal::NoMove { from: row.state.word(), next });
    }
    let state = moves::claim(&row, Side::Vendor, said)?;
    if matches!(said.to, Move::Reject | Move::AskMore) {
        said.explains()?;
    }
    let mut after = ClaimRow { state, ..row.clone() };
    if said.to == Move::Approve {
        let minor = approved(said, row.asked_minor)?;
        if minor > request.rest_minor {
            return Err(Refusal::OverRest(request.rest_minor));
        }
        after.approved_minor = Some(minor);
        let about = about(scope, &request, &row);
        let posting = (request.fund_id, Cause::Approve, minor);
        ledger::post(tx, posting, &about, at).await?;
        let by = Side::Vendor;
        shift(tx, scope, &request, (&row, &after), (by, said), at).await?;
        settle(tx, scope, (&request, &row), minor, at).await?;
        return Ok(request.id);
    }
    shift(tx, scope, &request, (&row, &after), (Side::Vendor, said), at).await?;
    Ok(request.id)
}

/// Takes from a request what was approved of a claim, and ends it with its last claim, or when
/// nothing is left.
async fn settle(
    tx: &mut Tx,
    scope: Scope,
    (request, claim): (&RequestRow, &ClaimRow),
    minor: i64,
    at: Moment,
) -> Result<(), Refusal> {
    let left = request.rest_minor - minor;
    let ends = claim.is_last == 1 || left == 0;
    let mut after = RequestRow { rest_minor: left, ..request.clone() };
    if ends {
        let step = request.state.step(Side::Clock, Move::Finish);
        after.state = step.unwrap_or(RequestState::Used);
        after.rest_minor = 0;
        let posting = (request.fund_id, Cause::Release, left);
        ledger::post(tx, posting, &about(scope, request, claim), at).await?;
    }
    if !moves::keep(tx, request, &after, at).await? {
        return Err(Refusal::Stale(request.revision));
    }
    if ends {
        let line = Event {
            request: request.id,
            claim: None,
            step: Move::Finish,
            side: Side::Clock,
            person: None,
            minor: Some(left),
            words: None,
        };
        moves::event(tx, line, at).await?;
    }
    tell::request(tx, &RequestRow { revision: request.revision + 1, ..after });
    Ok(())
}

/// Says that an approved claim was paid, and how the vendor's books call that.
///
/// # Errors
/// [`Refusal::NoMove`], unless it is approved; [`Refusal::Stale`].
pub(super) async fn pay(
    tx: &mut Tx,
    permit: &Permit<PayClaims>,
    (id, revision): (Id<FundClaim>, i64),
    reference: &str,
    at: Moment,
) -> Result<Id<FundRequest>, Refusal> {
    let scope = permit.scope();
    let reference = text("reference", reference, 1, 120)?;
    let (request, row) = held(tx, scope, id).await?;
    let said =
        Said { to: Move::Pay, revision, minor: None, words: Some(reference.clone()) };
    let state = moves::claim(&row, Side::Vendor, &said)?;
    let minor = row.approved_minor.unwrap_or_default();
    let about = About { reference: reference.clone(), ..about(scope, &request, &row) };
    ledger::post(tx, (request.fund_id, Cause::Pay, minor), &about, at).await?;
    let (payment, paid_at) = (Some(reference), Some(at));
    let after = ClaimRow { state, payment, paid_at, ..row.clone() };
    shift(tx, scope, &request, (&row, &after), (Side::Vendor, &said), at).await?;
    Ok(request.id)
}

/// Keeps a move of a claim, and tells it.
pub(super) async fn shift(
    tx: &mut Tx,
    scope: Scope,
    request: &RequestRow,
    (before, after): (&ClaimRow, &ClaimRow),
    (side, said): (Side, &Said),
    at: Moment,
) -> Result<(), Refusal> {
    let query = tx.run(claims::SHIFT).bind(before.id).bind(before.revision);
    let query = query.bind(before.state).bind(after.state).bind(after.submitted_at);
    let query = query.bind(after.approved_minor).bind(&after.payment);
    if query.bind(after.paid_at).bind(at).execute().await? != 1 {
        return Err(Refusal::Stale(before.revision));
    }
    let minor = match said.to {
        Move::Submit => Some(after.asked_minor),
        Move::Approve | Move::Pay => after.approved_minor,
        Move::Withdraw
        | Move::Review
        | Move::Reject
        | Move::AskMore
        | Move::Finish
        | Move::Expire => None,
    };
    let line = Event {
        request: request.id,
        claim: Some(before.id),
        step: said.to,
        side,
        person: scope.actor(),
        minor,
        words: said.words.as_deref(),
    };
    moves::event(tx, line, at).await?;
    tell::request(tx, request);
    tell::of_claim(tx, request, said.to, at).await?;
    let action = format!("fund_claim.{}", said.to.word());
    Ok(tell::entry(tx, scope, request, &action, at).await?)
}

fn about(scope: Scope, request: &RequestRow, claim: &ClaimRow) -> About {
    About {
        part: Some(request.allocation_id),
        request: Some(request.id),
        claim: Some(claim.id),
        person: scope.actor(),
        reference: String::new(),
    }
}

/// How much is approved: what was asked for unless told; never more, and with a reason if less.
fn approved(said: &Said, asked: i64) -> Result<i64, Refusal> {
    let minor = amount("amount_minor", said.minor.unwrap_or(asked))?;
    if minor > asked {
        return Err(Refusal::OverRest(asked));
    }
    if minor < asked && said.words.is_none() {
        let why = "say why it is less than was asked for";
        return Err(Flaw { field: "words", why }.into());
    }
    Ok(minor)
}

async fn received(
    conn: &mut Conn,
    scope: Scope,
    id: Id<FundRequest>,
) -> Result<RequestRow, Refusal> {
    let row = requests::one(conn, scope.organisation(), id).await?;
    row.filter(|it| it.vendor_id == scope.organisation()).ok_or(Refusal::NotFound)
}

async fn held(
    tx: &mut Tx,
    scope: Scope,
    id: Id<FundClaim>,
) -> Result<(RequestRow, ClaimRow), Refusal> {
    let own = scope.organisation();
    let row = claims::one(tx, own, id).await?.ok_or(Refusal::NotFound)?;
    let fund = received(tx, scope, row.request_id).await?.fund_id;
    ledger::hold(tx, fund).await?;
    let row = claims::one(tx, own, id).await?.ok_or(Refusal::NotFound)?;
    Ok((received(tx, scope, row.request_id).await?, row))
}
