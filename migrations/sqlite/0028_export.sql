-- Spaces as files: who asked for one, under which right it was made, and until when it is kept.
create table space_export (
    id              blob    not null primary key check (length(id) = 16),
    organisation_id blob    not null references organisation (id),
    space_id        blob    not null references space (id),
    party_id        blob    not null references space_party (id),
    asked_by        blob    not null references person (id),
    locale          text    not null check (locale in ('en', 'fr', 'es')),
    state           text    not null check (state in ('waiting', 'ready', 'refused', 'removed')),
    asked_at        integer not null,
    made_at         integer,
    expires_at      integer,
    sha256          text    check (length(sha256) = 64),
    bytes           integer,
    made_under      text,
    check ((state = 'ready') = (sha256 is not null)),
    check (sha256 is null or (made_at is not null and expires_at is not null and bytes is not null and made_under is not null))
) strict;
create index space_export_by_space on space_export (organisation_id, space_id, id);
create unique index space_export_one_waiting on space_export (organisation_id, space_id) where state = 'waiting';
create index space_export_by_file on space_export (sha256) where sha256 is not null;
