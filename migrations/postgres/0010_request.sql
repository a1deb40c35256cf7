-- Which requests for quote an interchange is about, and in which of its sets (0: in none of its own).
create table interchange_rfq (
    interchange_id uuid    not null references interchange (id),
    rfq_id         uuid    not null references rfq (id),
    set_ordinal    bigint not null,
    primary key (interchange_id, rfq_id)
);
create index interchange_rfq_by_rfq on interchange_rfq (rfq_id);

-- Which quotes an interchange carries, or is about.
create table interchange_quote (
    interchange_id uuid not null references interchange (id),
    quote_id       uuid not null references quote (id),
    primary key (interchange_id, quote_id)
);
create index interchange_quote_by_quote on interchange_quote (quote_id);

-- What was to be said and its dialect could not carry, or what came and we could not hold.
alter table interchange add column not_carried text not null default '[]';

-- What a buyer wants changed in an order, by its place among the changes of the order, from 1.
create table order_change (
    order_id     uuid    not null references trade_order (id),
    ordinal      bigint not null,
    number       text    not null,
    state        text    not null check (state in ('asked', 'accepted', 'accepted_in_part', 'rejected')),
    whole        bigint not null,
    lines        text    not null,
    note         text    not null,
    answer_note  text,
    at           bigint not null,
    answered_at  bigint,
    primary key (order_id, ordinal)
);
create unique index order_change_once on order_change (order_id, number) where number <> '';

-- What the lines of an order were before a change was accepted.
create table order_revision (
    order_id    uuid    not null references trade_order (id),
    ordinal     bigint not null,
    lines       text    not null,
    total_minor bigint not null,
    state       text    not null,
    at          bigint not null,
    primary key (order_id, ordinal)
);

-- By which of its sets (0: in none of its own) an interchange carries or answers a change.
create table interchange_change (
    interchange_id uuid    not null references interchange (id),
    order_id       uuid    not null,
    ordinal        bigint not null,
    set_ordinal    bigint not null,
    primary key (interchange_id, set_ordinal, order_id, ordinal)
);
create index interchange_change_by_order on interchange_change (order_id, ordinal);
