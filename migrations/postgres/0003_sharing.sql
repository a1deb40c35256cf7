-- The audit log: one hash chain an organisation.
create table audit (
    organisation_id uuid    not null references organisation (id),
    seq             bigint  not null,
    at              bigint  not null,
    person_id       uuid,
    action          text    not null,
    subject_kind    text    not null,
    subject_id      text    not null,
    detail          text    not null,
    previous        text    not null,
    hash            text    not null,
    primary key (organisation_id, seq)
);

create table audit_head (
    organisation_id uuid    not null primary key references organisation (id),
    seq             bigint  not null,
    hash            text    not null
);

-- The only container that more than one organisation can see.
create table space (
    id         uuid    not null primary key,
    kind       text    not null check (kind in ('deal', 'direct')),
    host_id    uuid    not null references organisation (id),
    visibility text    not null check (visibility in ('full', 'host_only')),
    state      text    not null check (state in ('open', 'closed')),
    created_at bigint  not null
);
create index space_by_host on space (host_id, kind, id);

create table space_party (
    id              uuid    not null primary key,
    space_id        uuid    not null references space (id),
    organisation_id uuid    not null references organisation (id),
    partnership_id  uuid    references partnership (id),
    role            text    not null check (role in ('host', 'party', 'observer')),
    state           text    not null check (state in ('invited', 'active', 'declined', 'cancelled', 'left', 'removed', 'dropped')),
    history         text    not null check (history in ('all', 'from_join')),
    offered_mask    text    not null,
    offered_verbs   text    not null,
    invited_at      bigint  not null,
    joined_at       bigint,
    left_at         bigint,
    revision        bigint  not null
);
create index space_party_by_space on space_party (space_id, state);
create index space_party_by_organisation on space_party (organisation_id, state, space_id);
create index space_party_by_partnership on space_party (partnership_id, state);
create unique index space_party_one_live on space_party (space_id, organisation_id) where state in ('invited', 'active');

-- A right that was given: on a space's card (by its host), or on one record of the giver.
create table record_grant (
    id              uuid    not null primary key,
    giver_id        uuid    not null references organisation (id),
    organisation_id uuid    not null references organisation (id),
    partnership_id  uuid    references partnership (id),
    party_id        uuid    references space_party (id),
    kind            text    not null check (kind in ('deal', 'account', 'mapping', 'lead')),
    record_id       uuid    not null,
    mask            text    not null,
    verbs           text    not null,
    cause           text    not null check (cause in ('host', 'invite', 'preset', 'promotion', 'request', 'admin')),
    state           text    not null check (state in ('live', 'revoked')),
    created_at      bigint  not null,
    revoked_at      bigint,
    revision        bigint  not null
);
create index record_grant_by_record on record_grant (kind, record_id, state);
create index record_grant_by_partnership on record_grant (partnership_id, state);
create unique index record_grant_one_live on record_grant (kind, record_id, organisation_id) where state = 'live';

-- What each organisation may see of what others share, and of the spaces it takes part in.
create table visible (
    organisation_id uuid    not null references organisation (id),
    kind            text    not null check (kind in ('deal', 'account', 'mapping', 'lead')),
    record_id       uuid    not null,
    grant_id        uuid    not null references record_grant (id),
    party_id        uuid    references space_party (id),
    mask            text    not null,
    sort_name       text    not null,
    sort_at         bigint  not null,
    primary key (organisation_id, kind, record_id)
);
create index visible_by_at on visible (organisation_id, kind, sort_at, record_id);
create index visible_by_name on visible (organisation_id, kind, sort_name, record_id);
create index visible_by_record on visible (kind, record_id);
create index visible_by_grant on visible (grant_id);

-- A room: one append-only log with one audience. Its audience is its rows in room_party.
create table room (
    id              uuid    not null primary key,
    space_id        uuid    not null references space (id),
    kind            text    not null check (kind in ('main', 'internal', 'topic', 'direct')),
    organisation_id uuid    references organisation (id),
    title           text    not null,
    epoch           text    not null,
    head_seq        bigint  not null,
    first_seq       bigint  not null,
    created_at      bigint  not null,
    locked          boolean not null default false,
    slow_s          bigint  not null default 0,
    revision        bigint  not null default 1
);
create index room_by_space on room (space_id, kind);
create unique index room_one_main on room (space_id) where kind = 'main';
create unique index room_one_internal on room (space_id, organisation_id) where kind = 'internal';

create table room_party (
    room_id  uuid    not null references room (id),
    party_id uuid    not null references space_party (id),
    from_seq bigint  not null,
    primary key (room_id, party_id)
);
create index room_party_by_party on room_party (party_id);

create table room_event (
    room_id         uuid    not null references room (id),
    seq             bigint  not null,
    kind            text    not null check (kind in ('msg', 'edit', 'redact', 'react', 'pin', 'card', 'stage', 'party', 'guest', 'quote', 'order', 'edi', 'topic', 'hide', 'rule', 'call')),
    author_kind     text    not null check (author_kind in ('person', 'guest', 'system')),
    author_id       uuid,
    author_name     text    not null,
    organisation_id uuid,
    cid             text,
    body_hash       text,
    body            text,
    via             text,
    target          bigint,
    detail          text,
    at              bigint  not null,
    primary key (room_id, seq)
);
create unique index room_event_one_cid on room_event (room_id, author_id, cid) where cid is not null;
create index room_event_about on room_event (room_id, target, kind) where target is not null;

-- What hangs on a message; whoever may read the message may read the file.
create table room_file (
    id      uuid    not null primary key,
    room_id uuid    not null references room (id),
    seq     bigint  not null,
    place   bigint  not null,
    name    text    not null,
    kind    text    not null,
    bytes   bigint  not null,
    sha256  text    not null,
    at      bigint  not null
);
create unique index room_file_of_message on room_file (room_id, seq, place);

create table room_read (
    room_id         uuid    not null references room (id),
    person_id       uuid    not null references person (id),
    organisation_id uuid    not null references organisation (id),
    seq             bigint  not null,
    primary key (room_id, person_id, organisation_id)
);

-- What a person keeps of a room for oneself: which notices come, and what was not sent yet.
create table room_own (
    room_id         uuid    not null references room (id),
    person_id       uuid    not null references person (id),
    organisation_id uuid    not null references organisation (id),
    level           text    not null default 'all' check (level in ('all', 'mentions', 'nothing')),
    draft           text,
    draft_at        bigint,
    primary key (room_id, person_id, organisation_id)
);

create table notification (
    id              uuid    not null primary key,
    organisation_id uuid    not null references organisation (id),
    person_id       uuid    not null references person (id),
    kind            text    not null,
    params          text    not null,
    subject_kind    text,
    subject_id      text,
    party_id        uuid    references space_party (id),
    fold            text,
    at              bigint  not null,
    read_at         bigint
);
create index notification_inbox on notification (organisation_id, person_id, at);
create unique index notification_fold on notification (organisation_id, person_id, fold) where read_at is null and fold is not null;

-- What is live: a party that is active, and whose partnership (the host needs none) stands.
create view live_party as
    select p.id, p.space_id, p.organisation_id, p.partnership_id, p.role, p.history, p.joined_at
    from space_party p
    left join partnership h on h.id = p.partnership_id
    where p.state = 'active' and (p.partnership_id is null or (h.state in ('active', 'ending') and h.suspended_by is null));

-- What an organisation may see now: its rows of `visible` whose grant and party are live.
create view live_visible as
    select v.organisation_id, v.kind, v.record_id, v.grant_id, v.party_id, v.mask,
           v.sort_name, v.sort_at, g.verbs, g.giver_id
    from visible v
    join record_grant g on g.id = v.grant_id and g.state = 'live'
    left join partnership h on h.id = g.partnership_id
    left join space_party p on p.id = v.party_id
    where (g.partnership_id is null or (h.state in ('active', 'ending') and h.suspended_by is null))
      and (v.party_id is null or p.state = 'active');

-- The rooms an organisation may read, and from where. Those of two people are not among them:
-- see `person_room`.
create view readable_room as
    select p.organisation_id, r.id as room_id, r.space_id, r.kind, r.title, r.epoch,
           r.head_seq, r.first_seq, m.from_seq, p.id as party_id
    from room r
    join room_party m on m.room_id = r.id
    join live_party p on p.id = m.party_id
    where r.kind <> 'direct';
