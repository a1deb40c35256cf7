-- SFTP: the key by which partners know this hub, mailboxes (served here, or a partner's elsewhere),
-- and the files of both directions.
create table sftp_host_key (
    one             integer not null primary key check (one = 1),
    sealed          text    not null,
    public_key      text    not null,
    created_at      integer not null
) strict;

create table sftp_mailbox (
    id              blob    not null primary key check (length(id) = 16),
    organisation_id blob    not null references organisation (id),
    name            text    not null,
    identifier      text    not null,
    side            text    not null,
    password        text,
    sealed          text    not null,
    public_key      text    not null,
    acknowledge_hours integer,
    turn            integer not null default 0,
    failures        integer not null default 0,
    seen_at         integer,
    why             text,
    created_at      integer not null,
    updated_at      integer not null,
    closed_at       integer
) strict;
create unique index sftp_mailbox_by_name on sftp_mailbox (organisation_id, name);
create unique index sftp_mailbox_by_identifier on sftp_mailbox (organisation_id, identifier) where closed_at is null;

create table sftp_file (
    id              blob    not null primary key check (length(id) = 16),
    organisation_id blob    not null references organisation (id),
    mailbox_id      blob    not null references sftp_mailbox (id),
    direction       text    not null check (direction in ('in', 'out')),
    name            text    not null,
    sha256          text    not null check (length(sha256) = 64),
    bytes           integer not null,
    state           text    not null check (state in ('taken', 'refused', 'waiting', 'delivered', 'failed')),
    interchange_id  blob,
    attempt         integer not null default 0,
    why             text,
    at              integer not null,
    settled_at      integer,
    warned_at       integer,
    hidden_at       integer
) strict;
create index sftp_file_by_organisation on sftp_file (organisation_id, at, id);
create index sftp_file_by_mailbox on sftp_file (mailbox_id, direction, at);
create index sftp_file_waiting on sftp_file (at) where state = 'waiting';
create unique index sftp_file_once on sftp_file (mailbox_id, sha256) where direction = 'in' and state = 'taken';
create unique index sftp_file_by_interchange on sftp_file (interchange_id, attempt) where direction = 'out';
