-- A request for quote: what a buyer asks a seller to offer.
create table rfq (
    id          uuid    not null primary key,
    seller_id   uuid    not null references organisation (id),
    buyer_id    uuid    references organisation (id),
    buyer_name  text    not null check (buyer_name <> ''),
    buyer_key   text    not null,
    space_id    uuid    references space (id),
    number      text    not null check (number <> ''),
    state       text    not null check (state in ('sent', 'quoted', 'declined')),
    lines       text    not null,
    note        text    not null,
    answer_by   text,
    reason      text,
    revision    bigint  not null,
    created_at  bigint  not null,
    updated_at  bigint  not null
);
create unique index rfq_once on rfq (seller_id, buyer_key, number);
create index rfq_by_seller on rfq (seller_id, created_at, id);
create index rfq_by_buyer on rfq (buyer_id, created_at, id);
create index rfq_by_space on rfq (space_id);

-- A quote: what a seller offers a buyer, in revisions. What was not sent is the seller's alone.
create table quote (
    id          uuid    not null primary key,
    seller_id   uuid    not null references organisation (id),
    buyer_id    uuid    references organisation (id),
    buyer_name  text    not null check (buyer_name <> ''),
    rfq_id      uuid    references rfq (id),
    space_id    uuid    not null references space (id),
    number      text    not null check (number <> ''),
    state       text    not null check (state in ('draft', 'priced', 'approved_internal', 'sent', 'accepted', 'rejected', 'countered', 'expired', 'withdrawn')),
    rev         bigint  not null check (rev > 0),
    offer_rev   bigint  not null,
    sha256      text    check (length(sha256) = 64),
    until       bigint,
    revision    bigint  not null,
    face        bigint  not null,
    created_at  bigint  not null,
    updated_at  bigint  not null,
    shown_from  bigint,
    shown_at    bigint,
    check (offer_rev = 0 or (sha256 is not null and until is not null and shown_from is not null and shown_at is not null))
);
create unique index quote_once on quote (seller_id, number);
create index quote_by_seller on quote (seller_id, created_at, id);
create index quote_by_buyer on quote (buyer_id, shown_from, id) where offer_rev > 0;
create index quote_by_space on quote (space_id);
create index quote_by_until on quote (until) where state = 'sent';

-- A revision of a quote. Once it is sent, its words never change; what became of it is told beside.
create table quote_revision (
    quote_id    uuid    not null references quote (id),
    rev         bigint  not null,
    currency    text    not null,
    valid_until text    not null,
    terms       text    not null,
    lines       text    not null,
    total_minor bigint  not null,
    sha256      text    check (length(sha256) = 64),
    sent_at     bigint,
    became      text    check (became in ('accepted', 'rejected', 'countered', 'expired', 'withdrawn')),
    note        text,
    wishes      text    not null,
    became_at   bigint,
    primary key (quote_id, rev)
);

-- An order that came of a quote, or names one of its seller's.
alter table trade_order add column quote_id uuid references quote (id);
alter table trade_order add column quote_number text;
create index trade_order_by_quote on trade_order (quote_id) where quote_id is not null;
