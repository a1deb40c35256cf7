-- Calls: at most one goes on in a room.
create table room_call (
    id              uuid    not null primary key,
    room_id         uuid    not null references room (id),
    organisation_id uuid    not null references organisation (id),
    person_id       uuid    not null references person (id),
    revision        bigint  not null,
    started_at      bigint  not null,
    ended_at        bigint 
);
create unique index room_call_one_live on room_call (room_id) where ended_at is null;

-- Who takes part, each from one device. A seat ends with its lease, which the node that holds its
-- socket renews: a node that dies takes nobody along for longer than that.
create table call_seat (
    id              uuid    not null primary key,
    call_id         uuid    not null references room_call (id),
    organisation_id uuid    not null references organisation (id),
    person_id       uuid    not null references person (id),
    muted           boolean not null,
    sharing         boolean not null,
    joined_at       bigint  not null,
    seen_at         bigint  not null,
    lease_until     bigint  not null,
    left_at         bigint 
);
create index call_seat_by_call on call_seat (call_id, joined_at);
create unique index call_seat_one_a_person on call_seat (call_id, person_id) where left_at is null;
create unique index call_seat_one_screen on call_seat (call_id) where left_at is null and sharing = true;
