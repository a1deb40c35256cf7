-- What the house itself remembers: work to do, and writes that were asked for by key.
create table job (
    id         blob    not null primary key check (length(id) = 16),
    kind       text    not null,
    payload    text    not null,
    run_at     integer not null,
    attempts   integer not null,
    state      text    not null check (state in ('waiting', 'dead')),
    last_error text,
    created_at integer not null
) strict;
create index job_due on job (kind, run_at) where state = 'waiting';

create table idempotency (
    organisation_id blob    not null check (length(organisation_id) = 16),
    person_id       blob    not null check (length(person_id) = 16),
    key             text    not null check (length(key) <= 200),
    body_hash       text    not null,
    claimed_at      integer not null,
    status          integer,
    answer          text,
    primary key (organisation_id, person_id, key)
) strict;
create index idempotency_by_age on idempotency (claimed_at);

-- The nodes that may send, and how far each has cut what was taken away: see `store::cluster`.
create table node (
    id   blob not null primary key check (length(id) = 16),
    seen integer not null,
    beat integer not null
) strict;

create table cut (
    no      integer not null primary key,
    node_id blob not null check (length(node_id) = 16),
    hints   text not null
) strict;

create table cut_count (
    one integer not null primary key check (one = 1),
    no  integer not null
) strict;
insert into cut_count (one, no) values (1, 0);
