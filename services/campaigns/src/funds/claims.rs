//! The tables `fund_claim` and `fund_proof`, and what the partner does with a claim: writes it,
//! proves it, hands it in.

use gate::{Permit, Scope};
use kernel::{Fault, FundClaim, FundProof, FundRequest, Id, Moment, Organisation};
use sharing::files::NewFile;
use store::{Conn, Tx, statements};

use super::{
    ClaimFunds, ClaimState, Proof, Refusal, RequestState, Side, ledger,
    moves::{self, Said},
    requests::{self, RequestRow, within_share},
    run::{amount, text},
    settle, sql, tell,
};

statements! {
    /// Keeps a new draft, unless another claim of the request is not settled.
    INSERT unscoped "by the request that was just read as the partner's" = "
        insert into fund_claim (id, request_id, cost_minor, asked_minor, is_last, note, state, revision, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, 'draft', 1, $7, $7)
        on conflict do nothing";

    /// What a claim says, if it is still at the revision that was read.
    WRITE unscoped "by a claim that was just read as the partner's" = "
        update fund_claim
        set cost_minor = $3, asked_minor = $4, is_last = $5, note = $6, updated_at = $7,
            revision = revision + 1
        where id = $1 and revision = $2 and state in ('draft', 'action_required')";

    /// Where a claim stands, if it is still where it was read.
    SHIFT unscoped "by a claim that was just read as one side's" = "
        update fund_claim
        set state = $4, submitted_at = $5, approved_minor = $6, payment = $7, paid_at = $8,
            updated_at = $9, revision = revision + 1
        where id = $1 and revision = $2 and state = $3";

    /// A claim, for whoever reads its request; a draft is its partner's alone.
    ONE unscoped "vendor_id or partner_id is the organisation" = "
        select c.id, c.request_id, c.cost_minor, c.asked_minor, c.is_last, c.note, c.state,
               c.submitted_at, c.approved_minor, c.payment, c.paid_at, c.revision
        from fund_claim c
        join fund_request r on r.id = c.request_id
        join fund_part a on a.id = r.allocation_id
        where c.id = $2
          and ((a.partner_id = $1 and a.live = 1) or (a.vendor_id = $1 and c.submitted_at is not null))";

    /// The claims of a request, the same.
    OF_REQUEST unscoped "vendor_id or partner_id is the organisation" = "
        select c.id, c.request_id, c.cost_minor, c.asked_minor, c.is_last, c.note, c.state,
               c.submitted_at, c.approved_minor, c.payment, c.paid_at, c.revision
        from fund_claim c
        join fund_request r on r.id = c.request_id
        join fund_part a on a.id = r.allocation_id
        where c.request_id = $2
          and ((a.partner_id = $1 and a.live = 1) or (a.vendor_id = $1 and c.submitted_at is not null))
        order by c.id";

    /// Hangs a proof on a claim; the same file of the same kind once.
    ADD_PROOF unscoped "by a claim that was just read as the partner's" = "
        insert into fund_proof (id, claim_id, kind, name, bytes, media_type, sha256, at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict do nothing";

    /// Takes a proof off a claim that its partner still writes.
    DROP_PROOF unscoped "by a claim that was just read as the partner's" = "
        delete from fund_proof where claim_id = $1 and id = $2";

    /// The proofs of a claim.
    PROOFS unscoped "by a claim that was just read as one side's" = "
        select id, kind, name, bytes, media_type, sha256
        from fund_proof where claim_id = $1 order by id";

    /// Each side holds the proofs that were handed in.
    HOLD_PROOFS = "
        insert into document_holding (sha256, organisation_id, bytes, media_type, at)
        select sha256, $2, max(bytes), min(media_type), $3
        from fund_proof where claim_id = $1
        group by sha256
        on conflict do nothing";
}

/// A claim, as one of its sides reads it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct ClaimRow {
    pub(super) id: Id<FundClaim>,
    pub(super) request_id: Id<FundRequest>,
    pub(super) cost_minor: i64,
    pub(super) asked_minor: i64,
    pub(super) is_last: i64,
    pub(super) note: String,
    pub(super) state: ClaimState,
    pub(super) submitted_at: Option<Moment>,
    pub(super) approved_minor: Option<i64>,
    pub(super) payment: Option<String>,
    pub(super) paid_at: Option<Moment>,
    pub(super) revision: i64,
}

/// A proof.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct ProofRow {
    pub(super) id: Id<FundProof>,
    pub(super) kind: Proof,
    pub(super) name: String,
    pub(super) bytes: i64,
    pub(super) media_type: String,
    pub(super) sha256: String,
}

/// What something cost, and what of it is claimed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct NewClaim {
    /// What it cost.
    pub(super) cost_minor: i64,
    /// What of that the fund is to pay.
    pub(super) asked_minor: i64,
    /// Whether nothing more is claimed after it: what it leaves over goes back.
    pub(super) last: bool,
    /// In words; up to 4,000 characters.
    pub(super) note: String,
}

impl NewClaim {
    fn read(mut self, request: &RequestRow) -> Result<Self, Refusal> {
        self.note = text("note", &self.note, 0, 4_000)?;
        amount("cost_minor", self.cost_minor)?;
        amount("asked_minor", self.asked_minor)?;
        within_share(request.share_percent, self.cost_minor, self.asked_minor)?;
        if self.asked_minor > request.rest_minor {
            return Err(Refusal::OverRest(request.rest_minor));
        }
        Ok(self)
    }

    fn of(row: &ClaimRow) -> Self {
        Self {
            cost_minor: row.cost_minor,
            asked_minor: row.asked_minor,
            last: row.is_last == 1,
            note: row.note.clone(),
        }
    }
}

/// Begins a claim of an approved request.
///
/// # Errors
/// [`Refusal::OverRest`], above what is left of what was approved; [`Refusal::ClaimWaits`].
pub(super) async fn draft(
    tx: &mut Tx,
    permit: &Permit<ClaimFunds>,
    request: Id<FundRequest>,
    new: NewClaim,
    at: Moment,
) -> Result<Id<FundClaim>, Refusal> {
    let (scope, id) = (permit.scope(), Id::mint());
    let row = own_request(tx, scope, request).await?;
    ledger::hold(tx, row.fund_id).await?;
    let row = own_request(tx, scope, request).await?;
    claimable(&row, at)?;
    let new = new.read(&row)?;
    let query = tx.run(INSERT).bind(id).bind(request).bind(new.cost_minor);
    let query = query.bind(new.asked_minor).bind(i64::from(new.last)).bind(&new.note);
    if query.bind(at).execute().await? != 1 {
        return Err(Refusal::ClaimWaits);
    }
    tell::request(tx, &row);
    Ok(id)
}

/// Changes what a claim says.
///
/// # Errors
/// [`Refusal`], each by its name.
pub(super) async fn write(
    tx: &mut Tx,
    permit: &Permit<ClaimFunds>,
    (id, revision): (Id<FundClaim>, i64),
    change: impl FnOnce(NewClaim) -> NewClaim,
    at: Moment,
) -> Result<Id<FundRequest>, Refusal> {
    let (request, row) = written(tx, permit.scope(), id).await?;
    if row.revision != revision {
        return Err(Refusal::Stale(row.revision));
    }
    let old = NewClaim::of(&row);
    let new = change(old.clone()).read(&request)?;
    if new == old {
        return Ok(request.id);
    }
    let query = tx.run(WRITE).bind(id).bind(revision).bind(new.cost_minor);
    let query = query.bind(new.asked_minor).bind(i64::from(new.last)).bind(&new.note);
    if query.bind(at).execute().await? != 1 {
        return Err(Refusal::Stale(row.revision));
    }
    tell::request(tx, &request);
    Ok(request.id)
}

/// Whether a proof may be hung on a claim; asked before its bytes are kept.
pub(super) async fn takes_proof(
    conn: &mut Conn,
    permit: &Permit<ClaimFunds>,
    id: Id<FundClaim>,
    new: &NewFile,
) -> Result<(), Refusal> {
    let (_, row) = own(conn, permit.scope(), id).await?;
    writes(&row)?;
    if new.file.kind == "application/octet-stream" {
        return Err(Refusal::ForbiddenType);
    }
    Ok(())
}

/// Hangs a file, which is kept already, on a claim as a proof.
///
/// # Errors
/// [`Refusal::ForbiddenType`], [`Refusal::TooManyProofs`].
pub(super) async fn prove(
    tx: &mut Tx,
    permit: &Permit<ClaimFunds>,
    id: Id<FundClaim>,
    (kind, new): (Proof, &NewFile),
    at: Moment,
) -> Result<Id<FundRequest>, Refusal> {
    takes_proof(tx, permit, id, new).await?;
    let (request, _) = written(tx, permit.scope(), id).await?;
    if proofs(tx, id).await?.len() >= 20 {
        return Err(Refusal::TooManyProofs);
    }
    let proof: Id<FundProof> = Id::mint();
    let query = tx.run(ADD_PROOF).bind(proof).bind(id).bind(kind).bind(&new.file.name);
    let query = query.bind(new.file.bytes).bind(&new.file.kind);
    query.bind(new.sha256.to_string()).bind(at).execute().await?;
    tell::request(tx, &request);
    Ok(request.id)
}

/// Takes a proof off a claim that was not handed in.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::NoMove`].
pub(super) async fn unprove(
    tx: &mut Tx,
    permit: &Permit<ClaimFunds>,
    (id, proof): (Id<FundClaim>, Id<FundProof>),
) -> Result<Id<FundRequest>, Refusal> {
    let (request, _) = written(tx, permit.scope(), id).await?;
    if tx.run(DROP_PROOF).bind(id).bind(proof).execute().await? != 1 {
        return Err(Refusal::NotFound);
    }
    tell::request(tx, &request);
    Ok(request.id)
}

/// Hands a claim in, with the proofs that the fund demands. Both sides hold them from now on.
///
/// # Errors
/// [`Refusal::ProofsMissing`]; [`Refusal::OverRest`]; [`Refusal`], each by its name.
pub(super) async fn step(
    tx: &mut Tx,
    permit: &Permit<ClaimFunds>,
    id: Id<FundClaim>,
    said: &Said,
    at: Moment,
) -> Result<Id<FundRequest>, Refusal> {
    let scope = permit.scope();
    let fund = own(tx, scope, id).await?.0.fund_id;
    ledger::hold(tx, fund).await?;
    let (request, row) = own(tx, scope, id).await?;
    let state = moves::claim(&row, Side::Partner, said)?;
    if row.state == ClaimState::Draft {
        claimable(&request, at)?;
    }
    NewClaim::of(&row).read(&request)?;
    let shown: Vec<Proof> = proofs(tx, id).await?.iter().map(|it| it.kind).collect();
    let mut missing = sql::proofs_of(&request.proofs)?;
    missing.retain(|it| !shown.contains(it));
    if !missing.is_empty() {
        return Err(Refusal::ProofsMissing(missing));
    }
    for side in [request.vendor_id, request.partner_id] {
        tx.run(HOLD_PROOFS).bind(id).bind(side).bind(at).execute().await?;
    }
    let after = ClaimRow { state, submitted_at: Some(at), ..row.clone() };
    settle::shift(tx, scope, &request, (&row, &after), (Side::Partner, said), at).await?;
    Ok(request.id)
}

/// Whether a request may be claimed now.
fn claimable(request: &RequestRow, at: Moment) -> Result<(), Refusal> {
    let late = request.use_by.is_some_and(|by| by < at);
    if request.state == RequestState::Approved && !late {
        return Ok(());
    }
    let word = if late { RequestState::Expired } else { request.state }.word();
    Err(Refusal::NoMove { from: word, next: Vec::new() })
}

const fn writes(row: &ClaimRow) -> Result<(), Refusal> {
    if row.state.is_written() {
        return Ok(());
    }
    Err(Refusal::NoMove { from: row.state.word(), next: Vec::new() })
}

pub(super) async fn one(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    id: Id<FundClaim>,
) -> Result<Option<ClaimRow>, Fault> {
    conn.run(ONE).bind(organisation).bind(id).optional().await
}

pub(super) async fn proofs(
    conn: &mut Conn,
    claim: Id<FundClaim>,
) -> Result<Vec<ProofRow>, Fault> {
    conn.run(PROOFS).bind(claim).all().await
}

async fn own_request(
    conn: &mut Conn,
    scope: Scope,
    id: Id<FundRequest>,
) -> Result<RequestRow, Refusal> {
    let row = requests::one(conn, scope.organisation(), id).await?;
    row.filter(|it| it.partner_id == scope.organisation()).ok_or(Refusal::NotFound)
}

async fn own(
    conn: &mut Conn,
    scope: Scope,
    id: Id<FundClaim>,
) -> Result<(RequestRow, ClaimRow), Refusal> {
    let row = one(conn, scope.organisation(), id).await?.ok_or(Refusal::NotFound)?;
    Ok((own_request(conn, scope, row.request_id).await?, row))
}

/// A claim that its partner may write now, with its fund held.
async fn written(
    tx: &mut Tx,
    scope: Scope,
    id: Id<FundClaim>,
) -> Result<(RequestRow, ClaimRow), Refusal> {
    let fund = own(tx, scope, id).await?.0.fund_id;
    ledger::hold(tx, fund).await?;
    let (request, row) = own(tx, scope, id).await?;
    writes(&row)?;
    Ok((request, row))
}
