-- How far an order is, beyond its answer: what was agreed before anything was under way, and why it
-- was closed by hand.
alter table trade_order add column agreed text check (agreed in ('accepted', 'accepted_with_change', 'changed'));
alter table trade_order add column closed_reason text;

-- A dispatch advice: a document that never changes.
create table shipment (
    id          blob    not null primary key check (length(id) = 16),
    order_id    blob    not null references trade_order (id),
    seller_id   blob    not null references organisation (id),
    number      text    not null check (number <> ''),
    sent_on     text    not null,
    expected_on text,
    carrier     text    not null,
    tracking    text    not null,
    note        text    not null,
    lines       text    not null,
    packages    text    not null,
    sha256      text    not null check (length(sha256) = 64),
    at          integer not null
) strict;
create unique index shipment_once on shipment (seller_id, number);
create index shipment_by_order on shipment (order_id, at, id);

-- An invoice, what takes one back, or what credits a part of one. Its words never change; what became of it is told beside.
create table invoice (
    id          blob    not null primary key check (length(id) = 16),
    order_id    blob    not null references trade_order (id),
    seller_id   blob    not null references organisation (id),
    kind        text    not null check (kind in ('invoice', 'cancellation', 'credit_note')),
    number      text    not null check (number <> ''),
    state       text    not null check (state in ('sent', 'approved', 'disputed', 'cancelled')),
    issued_on   text    not null,
    due_on      text,
    currency    text    not null,
    net_minor   integer not null,
    tax_minor   integer not null,
    total_minor integer not null,
    content     text    not null,
    sha256      text    not null check (length(sha256) = 64),
    cancels_id  blob    references invoice (id),
    credits_id  blob    references invoice (id),
    reason      text,
    revision    integer not null,
    created_at  integer not null,
    updated_at  integer not null,
    check ((kind = 'cancellation') = (cancels_id is not null)),
    check ((kind = 'credit_note') = (credits_id is not null)),
    check (kind = 'invoice' or state = 'sent'),
    check (state <> 'disputed' or reason is not null)
) strict;
create unique index invoice_once on invoice (seller_id, number);
create unique index invoice_cancelled_once on invoice (cancels_id) where cancels_id is not null;
create index invoice_by_credited on invoice (credits_id) where credits_id is not null;
create index invoice_by_seller on invoice (seller_id, created_at, id);
create index invoice_by_order on invoice (order_id, created_at, id);

-- The last number that was given to an invoice of a seller in a year: there is no gap below it.
create table invoice_number (
    seller_id blob    not null references organisation (id),
    year      integer not null,
    last_used integer not null,
    primary key (seller_id, year)
) strict, without rowid;
