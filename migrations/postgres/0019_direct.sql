-- Who talks in a room of kind `direct`: two people, each by a place in an organisation. Nobody
-- else of their organisations reads it. Coming back to an organisation is another place.
create table direct_person (
    room_id         uuid    not null references room (id),
    party_id        uuid    not null references space_party (id),
    membership_id   uuid    not null references membership (id),
    organisation_id uuid    not null references organisation (id),
    person_id       uuid    not null references person (id),
    opened          boolean not null,
    primary key (room_id, membership_id)
);
create index direct_person_by_person on direct_person (organisation_id, person_id, room_id);
create index direct_person_by_party on direct_person (room_id, party_id);

-- At most one such room of two people: while it is open, and after.
create table direct_pair (
    room_id  uuid    not null primary key references room (id),
    one_id   uuid    not null references membership (id),
    other_id uuid    not null references membership (id),
    closed   boolean not null
);
create unique index direct_pair_one_open on direct_pair (one_id, other_id) where closed = false;

-- Messages that the host of a space has hidden: their author's side still reads them.
create table message_hidden (
    room_id         uuid    not null references room (id),
    seq             bigint  not null,
    organisation_id uuid,
    by_name         text    not null,
    at              bigint  not null,
    primary key (room_id, seq)
);

-- Messages that somebody found wrong, for each organisation that is to look at them.
create table message_report (
    id                       uuid    not null primary key,
    organisation_id          uuid    not null references organisation (id),
    room_id                  uuid    not null references room (id),
    seq                      bigint  not null,
    author_name              text    not null,
    author_organisation_id   uuid,
    reporter_id              uuid    not null references person (id),
    reporter_organisation_id uuid    not null references organisation (id),
    reason                   text    not null,
    at                       bigint  not null,
    state                    text    not null check (state in ('open', 'settled')),
    settled_by               uuid    references person (id),
    settled_at               bigint ,
    revision                 bigint  not null
);
create index message_report_list on message_report (organisation_id, state, id);
create unique index message_report_once on message_report (organisation_id, room_id, seq, reporter_id);

-- Two organisations that take part in one space, and see each other there.
create view common_space as
    select a.organisation_id, b.organisation_id as other_id, a.space_id
    from live_party a
    join live_party b on b.space_id = a.space_id and b.organisation_id <> a.organisation_id
    join space s on s.id = a.space_id
    where s.kind <> 'direct' and (s.visibility = 'full' or a.role = 'host' or b.role = 'host');

-- The rooms that a person may read who acts for an organisation: those that it reads
-- (`person_id` is null), and those of this person and one other. The side that opened such a
-- room keeps it; the other side reads it as long as the two take part in one space.
create view person_room as
    select p.organisation_id, d.person_id, r.id as room_id, r.space_id, r.kind, r.title, r.epoch,
           r.head_seq, r.first_seq, m.from_seq, p.id as party_id, r.locked, r.slow_s
    from room r
    join room_party m on m.room_id = r.id
    join live_party p on p.id = m.party_id
    left join direct_person d on d.room_id = m.room_id and d.party_id = m.party_id
    where r.kind <> 'direct'
       or (exists (select 1 from membership b where b.id = d.membership_id and b.state = 'active')
           and (p.role = 'host'
                or exists (
                    select 1 from common_space c
                    join space s on s.id = r.space_id
                    where c.organisation_id = p.organisation_id and c.other_id = s.host_id)));

-- What stands in logs, each message and its better words with who hid it.
create view told_event as
    select e.room_id, e.seq, e.kind, e.author_kind, e.author_id, e.author_name,
           e.organisation_id, e.cid, e.body, e.via, e.target, e.detail, e.at,
           h.by_name as hidden, h.organisation_id as hidden_of
    from room_event e
    left join message_hidden h
      on h.room_id = e.room_id and h.seq = case when e.kind = 'edit' then e.target else e.seq end;

-- The notifications that may be read: one that came with a part in a space only while that
-- part is live, or waits for an answer.
create view live_notification as
    select n.id, n.organisation_id, n.person_id, n.kind, n.params, n.subject_kind, n.subject_id,
           n.party_id, n.at, n.read_at,
           cast(case when p.id is null or p.role = 'host' or ',' || p.offered_mask || ',' like '%,title,%' then 0 else 1 end as bigint) as hides_title
    from notification n
    left join space_party p on p.id = n.party_id and p.organisation_id = n.organisation_id
    left join partnership h on h.id = p.partnership_id
    where (n.party_id is null
           or (p.state in ('active', 'invited')
               and (p.partnership_id is null or (h.state in ('active', 'ending') and h.suspended_by is null))))
      and (n.kind <> 'deal_stage' or p.id is null or p.role = 'host' or ',' || p.offered_mask || ',' like '%,stage,%')
      and (n.subject_kind is null or n.subject_kind <> 'direct'
           or exists (
               select 1 from person_room d
               where d.party_id = n.party_id and d.person_id = n.person_id
                 and d.organisation_id = n.organisation_id));
