-- By which way an interchange came, or was handed over.
alter table interchange add column way text not null default 'hub' check (way in ('api', 'as2', 'sftp', 'mail', 'folder', 'hub'));

-- Whether it asks its receiver for a CONTRL (0031 of UNB).
alter table interchange add column asks_receipt integer not null default 0 check (asks_receipt in (0, 1));

-- What holders look for, beside who holds it: an index walks over these alone. They follow the
-- interchange, in the transaction that changes it.
alter table interchange_party add column partner text;
alter table interchange_party add column kind text not null default 'unknown';
alter table interchange_party add column state text not null default 'received';
alter table interchange_party add column way text not null default 'hub';
alter table interchange_party add column number text not null default '';
create index interchange_party_by_partner on interchange_party (organisation_id, partner, at, interchange_id);
create index interchange_party_by_kind on interchange_party (organisation_id, kind, at, interchange_id);
create index interchange_party_by_state on interchange_party (organisation_id, state, at, interchange_id);
create index interchange_party_by_way on interchange_party (organisation_id, way, at, interchange_id);
create index interchange_party_by_number on interchange_party (organisation_id, number);
create index trade_order_by_number on trade_order (number);
create index rfq_by_number on rfq (number);
create index quote_by_number on quote (number);

-- What somebody narrowed an inbox to, under a name: a person's own, or for all of an organisation.
create table saved_view (
    id              blob    not null primary key check (length(id) = 16),
    organisation_id blob    not null references organisation (id),
    person_id       blob    references person (id),
    name            text    not null check (name <> ''),
    filter          text    not null,
    opens_first     integer not null check (opens_first in (0, 1)),
    updated_at      integer not null
) strict;
create unique index saved_view_own on saved_view (organisation_id, person_id, name) where person_id is not null;
create unique index saved_view_shared on saved_view (organisation_id, name) where person_id is null;
