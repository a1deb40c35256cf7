-- What an organisation's partners see of a lead before and after they accept it, and how long they have.
create table lead_terms (
    organisation_id blob    not null primary key references organisation (id),
    accept_hours    integer not null check (accept_hours between 1 and 720),
    before_mask     text    not null,
    after_mask      text    not null,
    revision        integer not null,
    updated_at      integer not null
) strict;

-- Somebody who may buy, before there is a deal: its organisation's alone.
create table lead (
    id              blob    not null primary key check (length(id) = 16),
    organisation_id blob    not null references organisation (id),
    company         text    not null,
    domain          text,
    key_value       text,
    country         text,
    region          text,
    city            text,
    contact_name    text,
    contact_email   text,
    contact_phone   text,
    consent         text    not null check (consent in ('unknown', 'given', 'refused')),
    source          text    not null check (source in ('hand', 'web', 'event', 'referral', 'import', 'api')),
    campaign        text,
    family          text,
    note            text,
    amount_minor    integer check (amount_minor > 0),
    currency        text    check (length(currency) = 3),
    state           text    not null check (state in ('new', 'qualified', 'disqualified', 'offered', 'accepted', 'converted')),
    account_id      blob    references account (id),
    space_id        blob    references space (id),
    revision        integer not null,
    created_at      integer not null,
    updated_at      integer not null
) strict;
create index lead_by_organisation on lead (organisation_id, id);
create index lead_by_state on lead (organisation_id, state, id);
create index lead_by_key on lead (organisation_id, key_value) where key_value is not null;

-- A lead with one partner: what it was offered, and what became of that. At most one offer of a lead stands.
create table lead_offer (
    id             blob    not null primary key check (length(id) = 16),
    lead_id        blob    not null references lead (id),
    vendor_id      blob    not null references organisation (id),
    partner_id     blob    not null references organisation (id),
    partnership_id blob    not null references partnership (id),
    state          text    not null check (state in ('offered', 'accepted', 'converted', 'declined', 'returned', 'lapsed', 'withdrawn')),
    after_mask     text    not null,
    words          text,
    offered_at     integer not null,
    due_at         integer not null,
    accepted_at    integer,
    ended_at       integer,
    revision       integer not null
) strict;
create unique index lead_offer_one_stands on lead_offer (lead_id) where state in ('offered', 'accepted', 'converted');
create index lead_offer_by_partner on lead_offer (partner_id, id);
create index lead_offer_by_due on lead_offer (due_at) where state = 'offered';

-- What became of a lead, move by move, as its organisation reads it.
create table lead_event (
    lead_id    blob    not null references lead (id),
    seq        integer not null,
    move       text    not null,
    side       text    not null check (side in ('vendor', 'partner', 'clock')),
    person_id  blob    references person (id),
    partner_id blob    references organisation (id),
    state      text    not null,
    reason     text,
    words      text,
    due_at     integer,
    at         integer not null,
    primary key (lead_id, seq)
) strict, without rowid;
