-- What can be found in logs: one row for each message, each title of a topic (seq 0), and each
-- change of a card whose field is words. They are numbered in the order in which they came.
create table message_text (
    id      integer not null primary key,
    room_id blob    not null references room (id),
    seq     integer not null,
    field   text    not null
) strict;
create unique index message_text_of_event on message_text (room_id, seq);

-- The words under those numbers, folded by the hub: the database only cuts them at blanks. It
-- keeps where words stand, not the text. What was taken back is not here any more.
create virtual table message_word using fts5 (
    room, author, words, content = '', contentless_delete = 1, tokenize = 'ascii'
);

-- What a topic has besides its room: who opened it, where it belongs, what was accepted in it,
-- and the message of the main room out of which it came.
create table topic (
    room_id         blob    not null primary key references room (id),
    opened_by       blob    references person (id),
    organisation_id blob    references organisation (id),
    category        text    not null,
    locked          integer not null,
    answer          integer,
    origin          integer,
    revision        integer not null
) strict;
