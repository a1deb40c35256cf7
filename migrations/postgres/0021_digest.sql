-- How somebody wants mail of what was said in rooms and was not read: a row for each place in an
-- organisation. Who has none gets no such mail. What was said before `since` is not mailed.
create table mail_habit (
    membership_id   uuid    not null primary key references membership (id),
    organisation_id uuid    not null references organisation (id),
    person_id       uuid    not null references person (id),
    pace            text    not null check (pace in ('instant', 'quarter', 'daily', 'off')),
    hour            bigint  not null check (hour between 0 and 23),
    zone            text    not null,
    since           bigint  not null
);

-- Somebody's place at a room, as far as mail goes: another pace than usual, up to where letters
-- told of it, and what makes the address of their answers their own.
create table mail_seat (
    id              uuid    not null primary key,
    organisation_id uuid    not null references organisation (id),
    person_id       uuid    not null references person (id),
    membership_id   uuid    not null references membership (id),
    room_id         uuid    not null references room (id),
    pace            text    check (pace in ('instant', 'quarter', 'daily', 'off')),
    since           bigint  not null,
    cursor_seq      bigint  not null,
    secret          bytea   not null
);
create unique index mail_seat_once on mail_seat (membership_id, room_id);
create index mail_seat_by_room on mail_seat (room_id);

-- Somebody is to be written to, at one pace; its job is there.
create table mail_turn (
    membership_id uuid    not null references membership (id),
    pace          text    not null check (pace in ('instant', 'quarter', 'daily')),
    due_at        bigint  not null,
    primary key (membership_id, pace)
);

-- To whose place a letter goes; at which room, if it tells of one alone.
alter table letter add column membership_id uuid references membership (id);
alter table letter add column seat_id uuid references mail_seat (id);
create index letter_by_membership on letter (membership_id, at);

-- What such a letter tells of, from one seq to another. `told` is 1 if its bytes do: then it goes
-- out only while that may be read.
create table letter_room (
    letter_id uuid    not null references letter (id),
    seat_id   uuid    not null references mail_seat (id),
    party_id  uuid    not null references space_party (id),
    from_seq  bigint  not null,
    to_seq    bigint  not null,
    told      bigint  not null,
    primary key (letter_id, seat_id)
);

-- Whose answer a mail is, if it is a member's.
alter table arrival add column seat_id uuid references mail_seat (id);
create index arrival_by_seat on arrival (seat_id, at);

-- The places at rooms that stand: somebody takes part in the organisation and may read the room.
create view live_seat as
    select s.id, s.organisation_id, s.person_id, s.membership_id, s.room_id, s.pace, s.since,
           s.cursor_seq, s.secret, m.role, p.email, p.name, p.locale, r.space_id, r.kind,
           r.title, r.party_id, r.from_seq, r.head_seq
    from mail_seat s
    join membership m on m.id = s.membership_id and m.state = 'active'
    join person p on p.id = s.person_id
    join person_room r on r.room_id = s.room_id and r.organisation_id = s.organisation_id
        and (r.person_id is null or r.person_id = s.person_id);
