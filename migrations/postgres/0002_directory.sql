-- Organisations, people, and how they sign in.
create table organisation (
    id              uuid    not null primary key,
    name            text    not null check (name <> ''),
    domain          text    not null unique,
    domain_verified boolean not null,
    revision        bigint  not null,
    created_at      bigint  not null
);

create table organisation_identifier (
    organisation_id uuid not null references organisation (id),
    scheme          text not null check (scheme in ('gln', 'duns', 'vat', 'isa')),
    value           text not null check (value <> ''),
    primary key (organisation_id, scheme, value)
);
create unique index organisation_identifier_owner on organisation_identifier (scheme, value);

create table person (
    id            uuid    not null primary key,
    email         text    not null unique,
    name          text    not null check (name <> ''),
    password_hash text    not null,
    locale        text    not null check (locale in ('en', 'fr', 'es')),
    created_at    bigint  not null
);

create table membership (
    id              uuid    not null primary key,
    organisation_id uuid    not null references organisation (id),
    person_id       uuid    not null references person (id),
    role            text    not null check (role in ('owner', 'admin', 'channel_manager', 'seller', 'marketer', 'buyer', 'support', 'edi_operator', 'finance', 'viewer')),
    state           text    not null check (state in ('active', 'suspended', 'ended')),
    revision        bigint  not null,
    created_at      bigint  not null
);
create index membership_by_organisation on membership (organisation_id, state, id);
create index membership_by_person on membership (person_id, state);
create unique index membership_one_live on membership (organisation_id, person_id) where state <> 'ended';

create table invitation (
    id              uuid    not null primary key,
    organisation_id uuid    not null references organisation (id),
    kind            text    not null check (kind in ('member', 'partner')),
    email           text    not null,
    role            text    not null,
    partnership_id  uuid,
    domain          text,
    token_hash      text    not null unique,
    state           text    not null check (state in ('sent', 'accepted', 'cancelled', 'expired')),
    invited_by      uuid    not null references person (id),
    created_at      bigint  not null,
    expires_at      bigint  not null
);
create index invitation_by_organisation on invitation (organisation_id, state, id);
create unique index invitation_one_open on invitation (organisation_id, email) where state = 'sent' and kind = 'member';

create table session (
    id              uuid    not null primary key,
    person_id       uuid    not null references person (id),
    organisation_id uuid    not null references organisation (id),
    token_hash      text    not null unique,
    user_agent      text    not null,
    created_at      bigint  not null,
    seen_at         bigint  not null,
    expires_at      bigint  not null,
    ended_at        bigint
);
create index session_by_person on session (person_id, organisation_id);

create table api_token (
    id              uuid    not null primary key,
    person_id       uuid    not null references person (id),
    organisation_id uuid    not null references organisation (id),
    name            text    not null,
    scopes          text    not null,
    token_hash      text    not null unique,
    created_at      bigint  not null,
    last_used_at    bigint,
    ended_at        bigint
);
create index api_token_by_person on api_token (organisation_id, person_id);

-- One row a pair of organisations at a time. The pair is kept in both orders of reading:
-- low_id < high_id, so that a unique index can forbid a second live one.
create table partnership (
    id             uuid    not null primary key,
    proposer_id    uuid    not null references organisation (id),
    answerer_id    uuid    references organisation (id),
    domain         text    not null,
    low_id         uuid,
    high_id        uuid,
    state          text    not null check (state in ('proposed', 'active', 'suspended', 'ending', 'ended', 'closed')),
    suspended_by   uuid,
    message        text    not null,
    reason         text    not null,
    ends_at        bigint,
    expires_at     bigint  not null,
    revision       bigint  not null,
    created_at     bigint  not null,
    updated_at     bigint  not null
);
create index partnership_by_proposer on partnership (proposer_id, id);
create index partnership_by_answerer on partnership (answerer_id, id);
create unique index partnership_one_live on partnership (low_id, high_id) where state in ('proposed', 'active', 'suspended', 'ending') and low_id is not null;
create unique index partnership_one_asked on partnership (proposer_id, domain) where state in ('proposed', 'active', 'suspended', 'ending');
create index partnership_due on partnership (state, expires_at);
