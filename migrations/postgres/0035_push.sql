-- Browsers that take notices while the app is closed: their address at a push service, and what it
-- takes to write to them (RFC 8291). One lives as long as the session that it was told in.
create table push_device (
    id         uuid   not null primary key,
    person_id  uuid   not null references person (id),
    session_id uuid   not null references session (id),
    endpoint   text   not null unique,
    p256dh     bytea  not null check (length(p256dh) = 65),
    secret     bytea  not null check (length(secret) = 16),
    -- When the next turn is; none while nothing is to be told.
    due        bigint,
    created_at bigint not null
);
create index push_device_by_person on push_device (person_id);
