-- On what terms a vendor takes registrations of deals.
create table registration_terms (
    organisation_id   blob    not null primary key references organisation (id),
    families          text    not null,
    territories       text    not null,
    answer_hours      integer not null check (answer_hours between 1 and 720),
    protect_days      integer not null check (protect_days between 1 and 365),
    second_over_minor integer check (second_over_minor >= 0),
    second_currency   text    check (length(second_currency) = 3),
    revision          integer not null,
    updated_at        integer not null,
    check ((second_over_minor is null) = (second_currency is null))
) strict;

-- A deal that a partner registers with a vendor. What was never submitted is the partner's alone.
create table registration (
    id             blob    not null primary key check (length(id) = 16),
    vendor_id      blob    not null references organisation (id),
    partner_id     blob    not null references organisation (id),
    partnership_id blob    not null references partnership (id),
    customer       text    not null,
    city           text,
    key_scheme     text    check (key_scheme in ('domain', 'vat', 'gln', 'duns')),
    key_text       text,
    key_value      text,
    families       text    not null,
    territories    text    not null,
    amount_minor   integer check (amount_minor > 0),
    currency       text    check (length(currency) = 3),
    close_month    text,
    note           text,
    state          text    not null check (state in ('draft', 'submitted', 'in_review', 'approved', 'extension_asked', 'rejected', 'action_required', 'withdrawn', 'converted', 'expired', 'lost', 'revoked')),
    submitted_at   integer,
    answer_due     integer,
    answered_at    integer,
    told_overdue   integer not null,
    until          integer,
    wished_days    integer,
    warned_days    integer not null,
    first_by       blob    references person (id),
    first_days     integer,
    first_at       integer,
    conflicts      integer not null,
    space_id       blob    references space (id),
    revision       integer not null,
    created_at     integer not null,
    updated_at     integer not null
) strict;
create index registration_by_vendor on registration (vendor_id, id) where submitted_at is not null;
create index registration_by_partner on registration (partner_id, id);
create index registration_by_key on registration (vendor_id, key_scheme, key_value);
create index registration_by_answer_due on registration (answer_due) where state in ('submitted', 'in_review');
create index registration_by_until on registration (until) where state in ('approved', 'extension_asked');

-- What is protected for a partner: one row for each family in each territory. While it stands, nobody else gets it.
create table registration_hold (
    vendor_id       blob    not null references organisation (id),
    key_scheme      text    not null,
    key_value       text    not null,
    family          text    not null,
    territory       text    not null,
    registration_id blob    not null references registration (id),
    until           integer not null,
    primary key (vendor_id, key_scheme, key_value, family, territory)
) strict, without rowid;
create index registration_hold_by_registration on registration_hold (registration_id);

-- What became of a registration, move by move, as both sides read it.
create table registration_event (
    registration_id blob    not null references registration (id),
    seq             integer not null,
    move            text    not null,
    side            text    not null check (side in ('partner', 'vendor', 'clock')),
    person_id       blob    references person (id),
    state           text    not null,
    reason          text,
    words           text,
    days            integer,
    until           integer,
    at              integer not null,
    primary key (registration_id, seq)
) strict, without rowid;

create index account_by_vat on account (organisation_id, vat) where deleted_at is null;
