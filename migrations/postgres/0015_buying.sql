-- A seller that is not on the hub: its buyer keeps the order in its stead (then seller_id is the
-- buyer), and these tell who sells: by what name, and under what name it is known in EDI.
alter table trade_order add column seller_name text;
alter table trade_order add column seller_key text check ((seller_key is null) = (seller_name is null) and (seller_key is null or seller_id = buyer_id));
create index trade_order_by_seller_key on trade_order (seller_id, seller_key, number) where seller_key is not null;

-- The numbers of two sellers that one buyer keeps the papers of are told apart.
alter table shipment add column seller_key text not null default '';
drop index shipment_once;
create unique index shipment_once on shipment (seller_id, seller_key, number);
alter table invoice add column seller_key text not null default '';
drop index invoice_once;
create unique index invoice_once on invoice (seller_id, seller_key, number);

-- What became of a seller's paper: which of its sets was taken for which order.
create table interchange_paper (
    interchange_id uuid   not null references interchange (id),
    set_ordinal    bigint not null,
    order_id       uuid   not null references trade_order (id),
    primary key (interchange_id, set_ordinal)
);
create index interchange_paper_by_order on interchange_paper (order_id);
