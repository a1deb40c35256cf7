-- A seller that is not on the hub is asked for a quote, and offers one: the buyer keeps both in its
-- stead, as with orders (0015). Then seller_id is the buyer, seller_key the seller's name in EDI, and
-- syntax the dialect that it reads.
alter table rfq add column seller_name text;
alter table rfq add column seller_key text not null default '' check ((seller_key = '') = (seller_name is null) and (seller_key = '' or seller_id = buyer_id));
alter table rfq add column seller_syntax text check ((seller_syntax is null) = (seller_name is null));
drop index rfq_once;
create unique index rfq_once on rfq (seller_id, buyer_key, seller_key, number);
create index rfq_by_seller_key on rfq (seller_id, seller_key, number) where seller_key <> '';

-- Such a quote stands in no deal.
alter table quote add column seller_name text;
alter table quote add column seller_key text not null default '' check ((seller_key = '') = (seller_name is null) and (seller_key = '' or seller_id = buyer_id));
alter table quote alter column space_id drop not null;
alter table quote add check (space_id is not null or seller_key <> '');
drop index quote_once;
create unique index quote_once on quote (seller_id, seller_key, number);
create index quote_by_rfq on quote (rfq_id);

-- By which of its sets (0: in none of its own) an interchange carries a quote.
alter table interchange_quote add column set_ordinal bigint not null default 0;
