-- Documents: immutable, named by their SHA-256, one holding a party.
create table document_holding (
    sha256          text    not null check (length(sha256) = 64),
    organisation_id blob    not null references organisation (id),
    bytes           integer not null,
    media_type      text    not null,
    at              integer not null,
    primary key (organisation_id, sha256)
) strict;

create table interchange (
    id              blob    not null primary key check (length(id) = 16),
    organisation_id blob    references organisation (id),
    submitted_by    blob    references organisation (id),
    direction       text    not null check (direction in ('in', 'out')),
    kind            text    not null,
    state           text    not null check (state in ('received', 'applied', 'quarantined', 'rejected', 'duplicate', 'discarded', 'built', 'sent')),
    control_number  text,
    sender          text,
    receiver        text,
    sha256          text    not null check (length(sha256) = 64),
    bytes           integer not null,
    source          text    not null,
    acknowledges_id blob,
    duplicate_of    blob,
    file            text    not null check (length(file) = 64),
    content         text,
    group_control   text,
    faults          text    not null,
    due_at          integer,
    acknowledged_at integer,
    overdue_at      integer,
    chased          integer not null default 0,
    at              integer not null
) strict;
create index interchange_by_organisation on interchange (organisation_id, at, id);
create index interchange_by_acknowledged on interchange (acknowledges_id);
create unique index interchange_once on interchange (organisation_id, sender, receiver, control_number, content) where direction = 'in' and state in ('applied', 'rejected', 'quarantined');
create unique index interchange_numbered on interchange (organisation_id, sender, receiver, control_number) where direction = 'out';
create index interchange_by_overdue on interchange (organisation_id, at, id) where overdue_at is not null;
create index interchange_by_state on interchange (state, at, id);
create index interchange_by_file on interchange (file);

-- Who holds an interchange, and which way it went for them.
create table interchange_party (
    organisation_id blob    not null references organisation (id),
    interchange_id  blob    not null references interchange (id),
    direction       text    not null check (direction in ('in', 'out')),
    at              integer not null,
    primary key (organisation_id, interchange_id)
) strict;
create index interchange_party_by_at on interchange_party (organisation_id, at, interchange_id);
create index interchange_party_by_interchange on interchange_party (interchange_id);

-- What people did to interchanges by hand; `sha256` is of the bytes before.
create table interchange_deed (
    interchange_id  blob    not null references interchange (id),
    number          integer not null,
    organisation_id blob    not null references organisation (id),
    person_id       blob    references person (id),
    kind            text    not null check (kind in ('mend', 'discard')),
    sha256          text    not null check (length(sha256) = 64),
    bytes           integer not null,
    reason          text    not null,
    at              integer not null,
    primary key (interchange_id, number)
) strict;

-- Which orders an interchange is about, and in which of its sets (0: in none of its own).
create table interchange_order (
    interchange_id blob    not null references interchange (id),
    order_id       blob    not null,
    set_ordinal    integer not null,
    primary key (interchange_id, order_id)
) strict;
create index interchange_order_by_order on interchange_order (order_id);

create table control_number (
    organisation_id blob    not null references organisation (id),
    partner         text    not null,
    kind            text    not null check (kind in ('interchange', 'group', 'set')),
    last_used       integer not null,
    primary key (organisation_id, partner, kind)
) strict;

create table trade_order (
    id           blob    not null primary key check (length(id) = 16),
    seller_id    blob    not null references organisation (id),
    buyer_id     blob    references organisation (id),
    buyer_name   text    not null,
    buyer_key    text    not null,
    number       text    not null,
    ordered_on   text    not null,
    currency     text    not null,
    total_minor  integer not null,
    state        text    not null check (state in ('received', 'accepted', 'accepted_with_change', 'rejected', 'changed', 'part_shipped', 'shipped', 'invoiced', 'closed', 'cancelled')),
    space_id     blob    references space (id),
    note         text,
    revision     integer not null,
    created_at   integer not null,
    updated_at   integer not null
) strict;
create index trade_order_by_seller on trade_order (seller_id, created_at, id);
create index trade_order_by_buyer on trade_order (buyer_id, created_at, id);
create index trade_order_by_space on trade_order (space_id);
create unique index trade_order_once on trade_order (seller_id, buyer_key, number);

create table trade_order_line (
    order_id            blob    not null references trade_order (id),
    line                integer not null,
    assigned_id         text    not null,
    quantity            text    not null,
    unit                text    not null,
    unit_price          text    not null,
    amount_minor        integer not null,
    product             text    not null,
    product_ids         text    not null,
    description         text    not null,
    requested_on        text,
    answer              text check (answer in ('accept', 'change', 'reject')),
    answer_quantity     text,
    answer_unit_price   text,
    answer_requested_on text,
    primary key (order_id, line)
) strict;
