-- Money of a vendor for what its partners do to sell. What it holds is told by its ledger; the columns follow each posting.
create table fund (
    id            uuid      not null primary key,
    vendor_id     uuid      not null references organisation (id),
    name          text    not null,
    currency      text    not null check (length(currency) = 3),
    starts_on     text    not null check (length(starts_on) = 10),
    ends_on       text    not null check (length(ends_on) = 10),
    share_percent bigint not null check (share_percent between 1 and 100),
    claim_days    bigint not null check (claim_days between 0 and 365),
    words         text    not null,
    proofs        text    not null,
    state         text    not null check (state in ('draft', 'open', 'closed')),
    amount_minor  bigint not null check (amount_minor >= 0),
    free_minor    bigint not null check (free_minor >= 0),
    expired_minor bigint not null check (expired_minor >= 0),
    postings      bigint not null,
    revision      bigint not null,
    created_at    bigint not null,
    updated_at    bigint not null,
    check (ends_on >= starts_on)
);
create index fund_by_vendor on fund (vendor_id, id);
create index fund_by_end on fund (ends_on) where state = 'open';

-- What of a fund a partner may ask for. It belongs to one partnership, and goes dark with it.
create table fund_allocation (
    id             uuid      not null primary key,
    fund_id        uuid      not null references fund (id),
    partner_id     uuid      not null references organisation (id),
    partnership_id uuid      not null references partnership (id),
    free_minor     bigint not null check (free_minor >= 0),
    reserved_minor bigint not null check (reserved_minor >= 0),
    claimed_minor  bigint not null check (claimed_minor >= 0),
    paid_minor     bigint not null check (paid_minor >= 0),
    revision       bigint not null,
    created_at     bigint not null,
    updated_at     bigint not null,
    unique (fund_id, partnership_id)
);
create index fund_allocation_by_partner on fund_allocation (partner_id, id);

-- What a partner wants to do with money of a fund.
create table fund_request (
    id             uuid      not null primary key,
    allocation_id  uuid      not null references fund_allocation (id),
    title          text    not null,
    kind           text    not null,
    starts_on      text    not null check (length(starts_on) = 10),
    ends_on        text    not null check (length(ends_on) = 10),
    cost_minor     bigint not null check (cost_minor > 0),
    asked_minor    bigint not null check (asked_minor > 0),
    note           text    not null,
    state          text    not null check (state in ('draft', 'submitted', 'in_review', 'approved', 'rejected', 'action_required', 'withdrawn', 'used', 'expired')),
    submitted_at   bigint,
    approved_minor bigint check (approved_minor > 0),
    rest_minor     bigint not null check (rest_minor >= 0),
    use_by         bigint,
    revision       bigint not null,
    created_at     bigint not null,
    updated_at     bigint not null,
    check (rest_minor <= coalesce(approved_minor, 0))
);
create index fund_request_by_allocation on fund_request (allocation_id, id);
create index fund_request_by_use_by on fund_request (use_by) where state = 'approved';

-- What it cost, and what of it the fund is to pay.
create table fund_claim (
    id             uuid      not null primary key,
    request_id     uuid      not null references fund_request (id),
    cost_minor     bigint not null check (cost_minor > 0),
    asked_minor    bigint not null check (asked_minor > 0),
    is_last        bigint not null check (is_last in (0, 1)),
    note           text    not null,
    state          text    not null check (state in ('draft', 'submitted', 'in_review', 'approved', 'rejected', 'action_required', 'paid')),
    submitted_at   bigint,
    approved_minor bigint check (approved_minor > 0),
    payment        text,
    paid_at        bigint,
    revision       bigint not null,
    created_at     bigint not null,
    updated_at     bigint not null,
    check (state <> 'paid' or (payment is not null and paid_at is not null))
);
create index fund_claim_by_request on fund_claim (request_id, id);
create unique index fund_claim_one_open on fund_claim (request_id) where state in ('draft', 'submitted', 'in_review', 'action_required');

-- The proofs of a claim: files, named by their bytes.
create table fund_proof (
    id         uuid      not null primary key,
    claim_id   uuid      not null references fund_claim (id),
    kind       text    not null,
    name       text    not null,
    bytes      bigint not null,
    media_type text    not null,
    sha256     text    not null check (length(sha256) = 64),
    at         bigint not null
);
create unique index fund_proof_once on fund_proof (claim_id, kind, sha256);

-- What became of a request and its claims, move by move, as both sides read it.
create table fund_event (
    request_id uuid      not null references fund_request (id),
    seq        bigint not null,
    claim_id   uuid      references fund_claim (id),
    move       text    not null,
    side       text    not null check (side in ('vendor', 'partner', 'clock')),
    person_id  uuid      references person (id),
    minor      bigint,
    words      text,
    at         bigint not null,
    primary key (request_id, seq)
);

-- The ledger: each posting takes from one account what it gives to another, so that it sums to zero. Rows are only added.
create table fund_posting (
    fund_id       uuid      not null references fund (id),
    seq           bigint not null,
    kind          text    not null,
    from_account  text    not null check (from_account in ('source', 'fund', 'allocated', 'reserved', 'claimed', 'paid', 'expired')),
    to_account    text    not null check (to_account in ('source', 'fund', 'allocated', 'reserved', 'claimed', 'paid', 'expired')),
    minor         bigint not null check (minor > 0),
    allocation_id uuid      references fund_allocation (id),
    request_id    uuid      references fund_request (id),
    claim_id      uuid      references fund_claim (id),
    person_id     uuid      references person (id),
    reference     text    not null,
    at            bigint not null,
    primary key (fund_id, seq),
    check (from_account <> to_account)
);
create index fund_posting_by_allocation on fund_posting (allocation_id, seq);

-- A part of a fund with the fund's terms, as both its sides may read it; `live` tells whether the partner may at all.
create view fund_part as
select a.id, a.fund_id, f.vendor_id, v.name as vendor_name, a.partner_id, p.name as partner_name, f.name as fund_name,
       f.currency, f.starts_on, f.ends_on, f.share_percent, f.claim_days, f.words, f.proofs, f.state as fund_state,
       a.free_minor, a.reserved_minor, a.claimed_minor, a.paid_minor,
       cast(coalesce((select sum(r.asked_minor) from fund_request r where r.allocation_id = a.id and r.state in ('submitted', 'in_review', 'action_required')), 0) as bigint) as pending_minor,
       a.revision,
       cast(case when h.state in ('active', 'ending') and h.suspended_by is null then 1 else 0 end as bigint) as live
from fund_allocation a
join fund f on f.id = a.fund_id
join organisation v on v.id = f.vendor_id
join organisation p on p.id = a.partner_id
join partnership h on h.id = a.partnership_id;
