-- Which requests for quote an interchange is about, and in which of its sets (0: in none of its own).
create table interchange_rfq (
    interchange_id uuid    not null references interchange (id),
    rfq_id         uuid    not null references rfq (id),
    set_ordinal    bigint  not null,
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
