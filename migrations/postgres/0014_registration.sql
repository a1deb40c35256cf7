-- On what terms a vendor takes registrations of deals.
create table registration_terms (
    organisation_id   uuid    not null primary key references organisation (id),
    families          text    not null,
    territories       text    not null,
    answer_hours      bigint  not null check (answer_hours between 1 and 720),
    protect_days      bigint  not null check (protect_days between 1 and 365),
    second_over_minor bigint  check (second_over_minor >= 0),
    second_currency   text    check (length(second_currency) = 3),
    revision          bigint  not null,
    updated_at        bigint  not null,
    check ((second_over_minor is null) = (second_currency is null))
);

-- A deal that a partner registers with a vendor. What was never submitted is the partner's alone.
create table registration (
    id             uuid    not null primary key,
    vendor_id      uuid    not null references organisation (id),
    partner_id     uuid    not null references organisation (id),
    partnership_id uuid    not null references partnership (id),
    customer       text    not null,
    city           text,
    key_scheme     text    check (key_scheme in ('domain', 'vat', 'gln', 'duns')),
    key_text       text,
    key_value      text,
    families       text    not null,
    territories    text    not null,
    amount_minor   bigint  check (amount_minor > 0),
    currency       text    check (length(currency) = 3),
    close_month    text,
    note           text,
    state          text    not null check (state in ('draft', 'submitted', 'in_review', 'approved', 'extension_asked', 'rejected', 'action_required', 'withdrawn', 'converted', 'expired', 'lost', 'revoked')),
    submitted_at   bigint,
    answer_due     bigint,
    answered_at    bigint,
    told_overdue   bigint  not null,
    until          bigint,
    wished_days    bigint,
    warned_days    bigint  not null,
    first_by       uuid    references person (id),
    first_days     bigint,
    first_at       bigint,
    conflicts      bigint  not null,
    space_id       uuid    references space (id),
    revision       bigint  not null,
    created_at     bigint  not null,
    updated_at     bigint  not null
);
create index registration_by_vendor on registration (vendor_id, id) where submitted_at is not null;
create index registration_by_partner on registration (partner_id, id);
create index registration_by_key on registration (vendor_id, key_scheme, key_value);
create index registration_by_answer_due on registration (answer_due) where state in ('submitted', 'in_review');
create index registration_by_until on registration (until) where state in ('approved', 'extension_asked');

-- What is protected for a partner: one row for each family in each territory. While it stands, nobody else gets it.
create table registration_hold (
    vendor_id       uuid    not null references organisation (id),
    key_scheme      text    not null,
    key_value       text    not null,
    family          text    not null,
    territory       text    not null,
    registration_id uuid    not null references registration (id),
    until           bigint  not null,
    primary key (vendor_id, key_scheme, key_value, family, territory)
);
create index registration_hold_by_registration on registration_hold (registration_id);

-- What became of a registration, move by move, as both sides read it.
create table registration_event (
    registration_id uuid    not null references registration (id),
    seq             bigint  not null,
    move            text    not null,
    side            text    not null check (side in ('partner', 'vendor', 'clock')),
    person_id       uuid    references person (id),
    state           text    not null,
    reason          text,
    words           text,
    days            bigint,
    until           bigint,
    at              bigint  not null,
    primary key (registration_id, seq)
);

create index account_by_vat on account (organisation_id, vat) where deleted_at is null;
