-- What an organisation sells. Its names are told in several languages, as JSON; `words` is what is
-- searched, folded by the hub.
create table product (
    id              blob    not null primary key check (length(id) = 16),
    organisation_id blob    not null references organisation (id),
    sku             text    not null check (sku <> ''),
    gtin            text,
    names           text    not null,
    family          text    not null,
    unit            text    not null check (unit <> ''),
    pack            text,
    active          integer not null,
    words           text    not null,
    revision        integer not null,
    updated_at      integer not null
) strict;
create unique index product_sku on product (organisation_id, sku);
create unique index product_gtin on product (organisation_id, gtin) where gtin is not null;

-- What its products cost: for one partner, or for all of them (no buyer).
create table price_list (
    id              blob    not null primary key check (length(id) = 16),
    organisation_id blob    not null references organisation (id),
    name            text    not null check (name <> ''),
    currency        text    not null,
    buyer_id        blob    references organisation (id),
    valid_from      text    not null,
    valid_to        text,
    revision        integer not null,
    updated_at      integer not null,
    check (valid_to is null or valid_to >= valid_from)
) strict;
create index price_list_of on price_list (organisation_id, currency, valid_from);

-- A price from a quantity on, of so many units. Decimals are texts.
create table price (
    list_id       blob    not null references price_list (id),
    product_id    blob    not null references product (id),
    from_quantity text    not null,
    unit_price    text    not null,
    price_per     integer not null check (price_per > 0),
    primary key (list_id, product_id, from_quantity)
) strict, without rowid;
create index price_of_product on price (product_id);
