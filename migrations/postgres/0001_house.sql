-- What the house itself remembers: work to do, and writes that were asked for by key.
create table job (
    id         uuid    not null primary key,
    kind       text    not null,
    payload    text    not null,
    run_at     bigint  not null,
    attempts   bigint  not null,
    state      text    not null check (state in ('waiting', 'dead')),
    last_error text,
    created_at bigint  not null
);
create index job_due on job (kind, run_at) where state = 'waiting';

create table idempotency (
    organisation_id uuid    not null,
    person_id       uuid    not null,
    key             text    not null check (length(key) <= 200),
    body_hash       text    not null,
    claimed_at      bigint  not null,
    status          bigint,
    answer          text,
    primary key (organisation_id, person_id, key)
);
create index idempotency_by_age on idempotency (claimed_at);

-- The nodes that may send, and how far each has cut what was taken away: see `store::cluster`.
create table node (
    id   uuid not null primary key,
    seen bigint not null,
    beat bigint not null
);

create table cut (
    no      bigint not null primary key,
    node_id uuid not null,
    hints   text not null
);

create table cut_count (
    one bigint not null primary key check (one = 1),
    no  bigint not null
);
insert into cut_count (one, no) values (1, 0);
