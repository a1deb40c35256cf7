-- A seller that is not on the hub is asked for a quote, and offers one: the buyer keeps both in its
-- stead, as with orders (0015). Then seller_id is the buyer, seller_key the seller's name in EDI, and
-- syntax the dialect that it reads.
alter table rfq add column seller_name text;
alter table rfq add column seller_key text not null default '' check ((seller_key = '') = (seller_name is null) and (seller_key = '' or seller_id = buyer_id));
alter table rfq add column seller_syntax text check ((seller_syntax is null) = (seller_name is null));
drop index rfq_once;
create unique index rfq_once on rfq (seller_id, buyer_key, seller_key, number);
create index rfq_by_seller_key on rfq (seller_id, seller_key, number) where seller_key <> '';

-- Such a quote stands in no deal. SQLite makes the table anew; what points to its rows finds them
-- again under the same ids before the transaction ends.
pragma defer_foreign_keys = on;
create table quote_before as select * from quote;
drop table quote;
create table quote (
    id          blob    not null primary key check (length(id) = 16),
    seller_id   blob    not null references organisation (id),
    buyer_id    blob    references organisation (id),
    buyer_name  text    not null check (buyer_name <> ''),
    rfq_id      blob    references rfq (id),
    space_id    blob    references space (id),
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
    seller_name text,
    seller_key  text    not null default '',
    check (offer_rev = 0 or (sha256 is not null and until is not null and shown_from is not null and shown_at is not null)),
    check ((seller_key = '') = (seller_name is null) and (seller_key = '' or seller_id = buyer_id)),
    check (space_id is not null or seller_key <> '')
) strict;
insert into quote (id, seller_id, buyer_id, buyer_name, rfq_id, space_id, number, state, rev, offer_rev, sha256, until, revision, face, created_at, updated_at, shown_from, shown_at)
select id, seller_id, buyer_id, buyer_name, rfq_id, space_id, number, state, rev, offer_rev, sha256, until, revision, face, created_at, updated_at, shown_from, shown_at
from quote_before;
drop table quote_before;
create unique index quote_once on quote (seller_id, seller_key, number);
create index quote_by_seller on quote (seller_id, created_at, id);
create index quote_by_buyer on quote (buyer_id, shown_from, id) where offer_rev > 0;
create index quote_by_space on quote (space_id);
create index quote_by_until on quote (until) where state = 'sent';
create index quote_by_number on quote (number);
create index quote_by_rfq on quote (rfq_id);

-- By which of its sets (0: in none of its own) an interchange carries a quote.
alter table interchange_quote add column set_ordinal integer not null default 0;
