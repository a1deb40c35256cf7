-- Calls: at most one goes on in a room.
create table room_call (
    id              blob    not null primary key check (length(id) = 16),
    room_id         blob    not null references room (id),
    organisation_id blob    not null references organisation (id),
    person_id       blob    not null references person (id),
    revision        integer not null,
    started_at      integer not null,
    ended_at        integer
) strict;
create unique index room_call_one_live on room_call (room_id) where ended_at is null;

-- Who takes part, each from one device. A seat ends with its lease, which the node that holds its
-- socket renews: a node that dies takes nobody along for longer than that.
create table call_seat (
    id              blob    not null primary key check (length(id) = 16),
    call_id         blob    not null references room_call (id),
    organisation_id blob    not null references organisation (id),
    person_id       blob    not null references person (id),
    muted           integer not null,
    sharing         integer not null,
    joined_at       integer not null,
    seen_at         integer not null,
    lease_until     integer not null,
    left_at         integer
) strict;
create index call_seat_by_call on call_seat (call_id, joined_at);
create unique index call_seat_one_a_person on call_seat (call_id, person_id) where left_at is null;
create unique index call_seat_one_screen on call_seat (call_id) where left_at is null and sharing = 1;
