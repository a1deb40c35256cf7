-- Accounts and contacts: each belongs to one organisation.
create table account (
    id              uuid    not null primary key,
    organisation_id uuid    not null references organisation (id),
    name            text    not null check (name <> ''),
    sort_name       text    collate "C" not null,
    domain          text,
    vat             text,
    city            text,
    country         text,
    segment         text,
    discount_bp     bigint,
    notes           text,
    owner_id        uuid    references person (id),
    import_id       uuid,
    revision        bigint  not null,
    created_at      bigint  not null,
    updated_at      bigint  not null,
    deleted_at      bigint
);
create index account_by_name on account (organisation_id, sort_name, id) where deleted_at is null;
create index account_by_update on account (organisation_id, updated_at, id) where deleted_at is null;
create index account_by_domain on account (organisation_id, domain) where deleted_at is null;
create index account_by_import on account (organisation_id, import_id) where import_id is not null;

-- The words of each account's name, folded, so that a search by how a word begins is an index scan. They are
-- drawn from `account` and written with it, so no foreign key guards them: of three words a name, each would be
-- checked twice, and PostgreSQL plans that check once a connection, for the size that `account` had then.
create table account_word (
    organisation_id uuid not null,
    word            text collate "C" not null,
    account_id      uuid not null,
    primary key (organisation_id, word, account_id)
);
create index account_word_by_account on account_word (organisation_id, account_id);

-- Who last changed a field of an account, so that two who edit it at once learn of each other.
create table account_change (
    organisation_id uuid not null references organisation (id),
    account_id uuid not null references account (id),
    field text not null,
    by_organisation_id uuid not null references organisation (id),
    person_id uuid not null references person (id),
    at bigint not null,
    primary key (organisation_id, account_id, field)
);

create table account_count (
    organisation_id uuid    not null primary key references organisation (id),
    accounts        bigint  not null check (accounts >= 0)
);

create table contact (
    id              uuid    not null primary key,
    organisation_id uuid    not null references organisation (id),
    account_id      uuid    not null references account (id),
    name            text    not null check (name <> ''),
    email           text,
    phone           text,
    title           text,
    revision        bigint  not null,
    created_at      bigint  not null,
    updated_at      bigint  not null,
    deleted_at      bigint
);
create index contact_by_account on contact (organisation_id, account_id, id) where deleted_at is null;

create table account_import (
    id              uuid    not null primary key,
    organisation_id uuid    not null references organisation (id),
    person_id       uuid    not null references person (id),
    filename        text    not null,
    row_count       bigint  not null,
    created_count   bigint  not null,
    state           text    not null check (state in ('applied', 'undone')),
    at              bigint  not null
);
create index account_import_by_organisation on account_import (organisation_id, id);

-- A deal: the card, owned by the space; and one private side a party.
create table deal (
    space_id     uuid    not null primary key references space (id),
    title        text    not null check (title <> ''),
    account_name text    not null check (account_name <> ''),
    amount_minor bigint  not null check (amount_minor >= 0),
    currency     text    not null check (length(currency) = 3),
    stage        text    not null check (stage in ('identified', 'qualified', 'technical_ok', 'business_ok', 'committed', 'won', 'delivered', 'lost')),
    close_on     text,
    next_step    text,
    revision     bigint  not null,
    created_at   bigint  not null,
    updated_at   bigint  not null
);

create table deal_side (
    space_id        uuid    not null references space (id),
    organisation_id uuid    not null references organisation (id),
    account_id      uuid    references account (id),
    stage_name      text,
    margin_bp       bigint,
    forecast_minor  bigint,
    notes           text,
    crm_id          text,
    published       text    not null,
    revision        bigint  not null,
    updated_at      bigint  not null,
    primary key (organisation_id, space_id)
);
create index deal_side_by_space on deal_side (space_id);
create index deal_side_by_account on deal_side (organisation_id, account_id) where account_id is not null;
