-- AS2: an organisation's station, its keys (sealed under the hub's secret), its trading partners,
-- and the messages of both directions.
create table as2_station (
    organisation_id uuid    not null primary key references organisation (id),
    name            text    not null,
    created_at      bigint  not null
);

create table as2_key (
    id              uuid    not null primary key,
    organisation_id uuid    not null references organisation (id),
    certificate     text    not null,
    sealed          text    not null,
    created_at      bigint  not null
);
create index as2_key_by_organisation on as2_key (organisation_id, created_at, id);

create table as2_partner (
    id              uuid    not null primary key,
    organisation_id uuid    not null references organisation (id),
    name            text    collate "C" not null,
    identifier      text    not null,
    url             text    not null,
    certificates    text    not null,
    terms           text    not null,
    created_at      bigint  not null,
    updated_at      bigint  not null,
    closed_at       bigint
);
create unique index as2_partner_by_name on as2_partner (organisation_id, name);
create unique index as2_partner_by_identifier on as2_partner (organisation_id, identifier) where closed_at is null;

create table as2_message (
    id              uuid    not null primary key,
    organisation_id uuid    not null references organisation (id),
    partner_id      uuid    not null references as2_partner (id),
    direction       text    not null check (direction in ('in', 'out')),
    message_id      text    not null,
    state           text    not null check (state in ('taken', 'refused', 'waiting', 'sent', 'delivered', 'failed')),
    interchange_id  uuid,
    raw             text    not null check (length(raw) = 64),
    mic             text,
    why             text,
    content         text,
    sent_at         bigint,
    attempt         bigint  not null default 0,
    at              bigint  not null,
    receipt         bytea,
    head            bytea,
    signature       bytea
);
create index as2_message_by_organisation on as2_message (organisation_id, at, id);
create unique index as2_message_once on as2_message (organisation_id, partner_id, direction, message_id) where state <> 'refused';
create unique index as2_message_by_interchange on as2_message (interchange_id, attempt) where direction = 'out';

-- Of which end of a certificate somebody was warned, and how many days before it.
create table as2_warning (
    organisation_id uuid    not null references organisation (id),
    fingerprint     text    not null,
    days            bigint  not null,
    at              bigint  not null,
    primary key (organisation_id, fingerprint, days)
);

-- What came on a day under a partner's name without a proof that it is the partner's: refused, or unsigned.
create table as2_unproven (
    organisation_id uuid    not null references organisation (id),
    partner_id      uuid    not null references as2_partner (id),
    day             bigint  not null,
    refused         bigint  not null,
    refused_bytes   bigint  not null,
    unsigned_bytes  bigint  not null,
    primary key (organisation_id, partner_id, day)
);
