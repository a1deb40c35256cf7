-- A request for quote: what a buyer asks a seller to offer.
create table rfq (
    id          blob    not null primary key check (length(id) = 16),
    seller_id   blob    not null references organisation (id),
    buyer_id    blob    references organisation (id),
    buyer_name  text    not null check (buyer_name <> ''),
    buyer_key   text    not null,
    space_id    blob    references space (id),
    number      text    not null check (number <> ''),
    state       text    not null check (state in ('sent', 'quoted', 'declined')),
    lines       text    not null,
    note        text    not null,
    answer_by   text,
    reason      text,
    revision    integer not null,
    created_at  integer not null,
    updated_at  integer not null
) strict;
create unique index rfq_once on rfq (seller_id, buyer_key, number);
create index rfq_by_seller on rfq (seller_id, created_at, id);
create index rfq_by_buyer on rfq (buyer_id, created_at, id);
create index rfq_by_space on rfq (space_id);

-- A quote: what a seller offers a buyer, in revisions. What was not sent is the seller's alone.
create table quote (
    id          blob    not null primary key check (length(id) = 16),
    seller_id   blob    not null references organisation (id),
    buyer_id    blob    references organisation (id),
    buyer_name  text    not null check (buyer_name <> ''),
    rfq_id      blob    references rfq (id),
    space_id    blob    not null references space (id),
    number      text    not null check (number <> ''),
    state       text    not null check (state in ('draft', 'priced', 'approved_internal', 'sent', 'accepted', 'rejected', 'countered', 'expired', 'withdrawn')),
    rev         integer not null check (rev > 0),
    offer_rev   integer not null,
    sha256      text    check (length(sha256) = 64),
    until       integer,
    revision    integer not null,
    face        integer not null,
    created_at  integer not null,
    updated_at  integer not null,
    shown_from  integer,
    shown_at    integer,
    check (offer_rev = 0 or (sha256 is not null and until is not null and shown_from is not null and shown_at is not null))
) strict;
create unique index quote_once on quote (seller_id, number);
create index quote_by_seller on quote (seller_id, created_at, id);
create index quote_by_buyer on quote (buyer_id, shown_from, id) where offer_rev > 0;
create index quote_by_space on quote (space_id);
create index quote_by_until on quote (until) where state = 'sent';

-- A revision of a quote. Once it is sent, its words never change; what became of it is told beside.
create table quote_revision (
    quote_id    blob    not null references quote (id),
    rev         integer not null,
    currency    text    not null,
    valid_until text    not null,
    terms       text    not null,
    lines       text    not null,
    total_minor integer not null,
    sha256      text    check (length(sha256) = 64),
    sent_at     integer,
    became      text    check (became in ('accepted', 'rejected', 'countered', 'expired', 'withdrawn')),
    note        text,
    wishes      text    not null,
    became_at   integer,
    primary key (quote_id, rev)
) strict, without rowid;

-- An order that came of a quote, or names one of its seller's.
alter table trade_order add column quote_id blob references quote (id);
alter table trade_order add column quote_number text;
create index trade_order_by_quote on trade_order (quote_id) where quote_id is not null;
