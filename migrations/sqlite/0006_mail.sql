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
    removed_at integer,
    added_by   blob    references person (id),
    cursor_seq integer not null default 0
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
    sending_until   integer,
    at              integer not null
) strict;
create index letter_by_guest on letter (guest_id, at);
create index letter_by_age on letter (at, id);
create unique index letter_once on letter (guest_id, seq) where guest_id is not null and seq is not null;

create table arrival (
    id         blob    not null primary key check (length(id) = 16),
    room_id    blob    references room (id),
    guest_id   blob    references guest (id),
    letter_id  blob    references letter (id),
    message_id text,
    sender     text    not null,
    recipient  text    not null,
    subject    text    not null,
    sha256     text    not null,
    state      text    not null check (state in ('stored', 'posted', 'quarantined', 'ignored', 'handed')),
    reason     text    not null,
    seq        integer,
    at         integer not null,
    spf        text    not null check (spf in ('pass', 'fail', 'none', 'unknown')),
    dkim       text    not null check (dkim in ('pass', 'fail', 'none', 'unknown')),
    dmarc      text    not null check (dmarc in ('pass', 'fail', 'none', 'unknown'))
) strict;
create index arrival_by_state on arrival (state, at);
create unique index arrival_once on arrival (room_id, sender, message_id) where state = 'posted' and message_id is not null;
create index arrival_by_guest on arrival (guest_id, at);
create index arrival_by_bytes on arrival (sha256);
create index arrival_by_letter on arrival (letter_id, at);

-- Mails that administrators sent to themselves; the last one of each counts.
create table mail_test (
    organisation_id blob    not null references organisation (id),
    person_id       blob    not null references person (id),
    letter_id       blob    not null references letter (id),
    at              integer not null,
    primary key (organisation_id, person_id)
) strict;

-- Up to where mailboxes elsewhere were read.
create table mailbox_read (
    mailbox      text    not null primary key,
    uid_validity integer not null,
    last_uid     integer not null,
    at           integer not null
) strict;

-- Addresses to which an organisation sends no more mail.
create table suppression (
    id              blob    not null primary key check (length(id) = 16),
    organisation_id blob    not null references organisation (id),
    email           text    not null,
    reason          text    not null check (reason in ('bounced', 'complained', 'asked', 'by_hand')),
    detail          text    not null,
    added_by        blob    references person (id),
    at              integer not null
) strict;
create unique index suppression_once on suppression (organisation_id, email);

-- Letters that could not be delivered for now: too many, and their address is suppressed.
create table setback (
    letter_id       blob    not null primary key references letter (id),
    organisation_id blob    not null references organisation (id),
    email           text    not null,
    at              integer not null
) strict;
create index setback_by_address on setback (organisation_id, email, at);

-- The guests that may write and be written to: not removed, and whose sponsor still takes part.
-- A sponsor that went and came back is another party: its guests of before stay out.
create view live_guest as
    select g.id, g.space_id, g.room_id, g.sponsor_id, g.email, g.name, g.locale, g.secret,
           g.state, g.added_by, g.cursor_seq, g.created_at
    from guest g
    join live_party p on p.space_id = g.space_id and p.organisation_id = g.sponsor_id and p.joined_at <= g.created_at
    join room_party m on m.room_id = g.room_id and m.party_id = p.id
    where g.state <> 'removed';
