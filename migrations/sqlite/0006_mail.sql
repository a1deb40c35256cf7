-- Outside contacts, and the mails that carry their part of the conversation.
create table guest (
    id         blob    not null primary key check (length(id) = 16),
    space_id   blob    not null references space (id),
    room_id    blob    not null references room (id),
    sponsor_id blob    not null references organisation (id),
    email      text    not null,
    name       text    not null,
    locale     text    not null check (locale in ('en', 'fr', 'es')),
    secret     blob    not null,
    state      text    not null check (state in ('added', 'active', 'removed', 'bounced')),
    created_at integer not null,
    removed_at integer
) strict;
create index guest_by_room on guest (room_id, state);
create unique index guest_one_live on guest (room_id, email) where state <> 'removed';

create table letter (
    id              blob    not null primary key check (length(id) = 16),
    organisation_id blob    references organisation (id),
    room_id         blob    references room (id),
    guest_id        blob    references guest (id),
    seq             integer,
    recipient       text    not null,
    subject         text    not null,
    message_id      text    not null unique,
    sha256          text    not null,
    state           text    not null check (state in ('queued', 'sent', 'failed', 'kept', 'cancelled')),
    attempts        integer not null,
    last_error      text,
    at              integer not null
) strict;
create index letter_by_guest on letter (guest_id, at);
create index letter_by_age on letter (at, id);
create unique index letter_once on letter (guest_id, seq) where guest_id is not null and seq is not null;

create table arrival (
    id         blob    not null primary key check (length(id) = 16),
    room_id    blob    references room (id),
    guest_id   blob    references guest (id),
    message_id text,
    sender     text    not null,
    recipient  text    not null,
    subject    text    not null,
    sha256     text    not null,
    state      text    not null check (state in ('stored', 'posted', 'quarantined', 'ignored')),
    reason     text    not null,
    seq        integer,
    at         integer not null
) strict;
create index arrival_by_state on arrival (state, at);
create unique index arrival_once on arrival (room_id, sender, message_id) where state = 'posted' and message_id is not null;
