-- E-mail as a way to a trading partner: one interchange an attachment. Whoever is a partner has an
-- address of ours that is its alone; what came and went stands here as files.
create table mail_partner (
    id              blob    not null primary key check (length(id) = 16),
    organisation_id blob    not null references organisation (id),
    name            text    not null,
    identifier      text    not null,
    local           text    not null,
    address         text    not null,
    senders         text    not null,
    must_prove      integer not null check (must_prove in (0, 1)),
    acknowledge_hours integer,
    seen_at         integer,
    created_at      integer not null,
    updated_at      integer not null,
    closed_at       integer
) strict;
create unique index mail_partner_by_name on mail_partner (organisation_id, name);
create unique index mail_partner_by_local on mail_partner (local);
create unique index mail_partner_by_identifier on mail_partner (organisation_id, identifier) where closed_at is null;

create table mail_file (
    id              blob    not null primary key check (length(id) = 16),
    organisation_id blob    not null references organisation (id),
    partner_id      blob    not null references mail_partner (id),
    direction       text    not null check (direction in ('in', 'out')),
    name            text    not null,
    sha256          text    not null check (length(sha256) = 64),
    bytes           integer not null,
    state           text    not null check (state in ('held', 'taken', 'refused', 'discarded', 'waiting', 'delivered', 'failed')),
    interchange_id  blob,
    attempt         integer not null default 0,
    letter_id       blob,
    sender          text    not null,
    why             text,
    at              integer not null,
    settled_at      integer
) strict;
create index mail_file_by_organisation on mail_file (organisation_id, at, id);
create index mail_file_by_partner on mail_file (partner_id, direction, at);
create index mail_file_by_letter on mail_file (letter_id);
create unique index mail_file_once on mail_file (partner_id, sha256) where direction = 'in' and state = 'taken';
create unique index mail_file_by_interchange on mail_file (interchange_id, attempt) where direction = 'out';

-- Whose a mail is that came to a partner's address.
alter table arrival add column mail_partner_id blob references mail_partner (id);
