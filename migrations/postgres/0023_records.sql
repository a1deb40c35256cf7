-- For how long an organisation keeps what is said, in days, by kind of room: null for ever. The
-- host's row rules the shared rooms of its spaces, each side's its own notes.
create table retention (
    organisation_id uuid    not null primary key references organisation (id),
    main_days       bigint  check (main_days between 1 and 36500),
    topic_days      bigint  check (topic_days between 1 and 36500),
    internal_days   bigint  check (internal_days between 1 and 36500),
    direct_days     bigint  check (direct_days between 1 and 36500),
    changed_at      bigint  not null,
    revision        bigint  not null
);

-- Trims and holds take turns: whoever places a hold knows that nothing is being trimmed.
create table retention_turn (
    one bigint  not null primary key check (one = 1),
    no  bigint  not null
);
insert into retention_turn (one, no) values (1, 0);

-- What an organisation keeps in spite of every rule: a space, a room, or what one of its people
-- said. A hold that is released stays, for the record.
create table legal_hold (
    id              uuid    not null primary key,
    organisation_id uuid    not null references organisation (id),
    kind            text    not null check (kind in ('space', 'room', 'person')),
    subject_id      uuid    not null,
    reason          text    not null,
    placed_by       uuid    not null references person (id),
    at              bigint  not null,
    released_by     uuid    references person (id),
    released_at     bigint,
    revision        bigint  not null
);
create index legal_hold_by_organisation on legal_hold (organisation_id, id);
create unique index legal_hold_one_live on legal_hold (kind, subject_id, organisation_id) where released_at is null;

-- The words of what was taken back while somebody held it, for the keepers of that hold alone.
create table held_word (
    hold_id         uuid    not null references legal_hold (id),
    organisation_id uuid    not null references organisation (id),
    room_id         uuid    not null references room (id),
    seq             bigint  not null,
    message         bigint  not null,
    author_name     text    not null,
    side_id         uuid,
    body            text    not null,
    detail          text,
    at              bigint  not null,
    taken_at        bigint  not null,
    primary key (hold_id, room_id, seq)
);
create index held_word_of_message on held_word (room_id, message);

-- Files that hung on messages which are gone; they go once nobody else has the same bytes.
create table file_leaving (
    sha256 text    not null primary key check (length(sha256) = 64),
    aside  boolean not null default false,
    since  bigint  not null
);
create index file_leaving_by_age on file_leaving (since);

-- When somebody wants to hear nothing: times as HH:MM, days as mon,tue.
create table quiet (
    person_id   uuid    not null primary key references person (id),
    zone        text    not null,
    starts      text    not null,
    ends        text    not null,
    days        text    not null,
    off_days    text    not null,
    pause_until bigint
);

-- The rooms that a live hold on a space or a room keeps, and from which event on: as long as the
-- holder takes part, also while its partnership is suspended.
create view held_room as
    select h.id as hold_id, h.organisation_id, r.id as room_id, m.from_seq
    from legal_hold h
    join room r on (h.kind = 'space' and r.space_id = h.subject_id) or (h.kind = 'room' and r.id = h.subject_id)
    join room_party m on m.room_id = r.id
    join space_party p on p.id = m.party_id and p.state = 'active' and p.organisation_id = h.organisation_id
    where h.released_at is null and r.kind <> 'direct';
