-- By what each account is known, in the one form in which keys are compared. Drawn from `account` and written with
-- it, as `account_word` is.
create table account_key (
    organisation_id blob not null,
    account_id      blob not null,
    scheme          text not null check (scheme in ('domain', 'vat', 'gln', 'duns')),
    value           text not null,
    primary key (organisation_id, account_id, scheme)
) strict;

-- Customers that an organisation compares with its partners': a filter over its accounts, or a list of its own.
create table population (
    id              blob    not null primary key check (length(id) = 16),
    organisation_id blob    not null references organisation (id),
    name            text    not null check (name <> ''),
    source          text    not null check (source in ('filter', 'list')),
    segment         text,
    country         text,
    city            text,
    filename        text,
    row_count       integer not null,
    keyed_count     integer not null,
    changed_at      integer not null,
    revision        integer not null,
    created_at      integer not null,
    updated_at      integer not null,
    deleted_at      integer
) strict;
create index population_by_organisation on population (organisation_id, id) where deleted_at is null;

-- The rows of a list.
create table population_row (
    population_id blob    not null references population (id),
    id            blob    not null,
    name          text    not null,
    domain        text,
    vat           text,
    city          text,
    country       text,
    primary key (population_id, id)
) strict;

-- The keys of a population as it was last counted; a row that leaves it is gone from here at once.
create table population_key (
    population_id blob    not null,
    scheme        text    not null,
    value         text    not null,
    row_id        blob    not null,
    primary key (population_id, scheme, value, row_id)
) strict;
create index population_key_by_row on population_key (population_id, row_id, scheme, value);

-- How far a population goes with one partner.
create table mapping_offer (
    id              blob    not null primary key check (length(id) = 16),
    partnership_id  blob    not null references partnership (id),
    organisation_id blob    not null references organisation (id),
    population_id   blob    not null references population (id),
    level           text    not null check (level in ('hidden', 'counts', 'overlapping', 'all')),
    mask            text    not null,
    revision        integer not null,
    updated_at      integer not null
) strict;
create unique index mapping_offer_one on mapping_offer (partnership_id, population_id);
create index mapping_offer_by_population on mapping_offer (population_id);

-- When the two were last compared, and when they are next.
create table mapping (
    partnership_id blob    not null primary key references partnership (id),
    computed_at    integer,
    new_at         integer,
    full_at        integer
) strict;
create index mapping_new on mapping (new_at) where new_at is not null;
create index mapping_full on mapping (full_at) where full_at is not null;

-- What each side had compared out of turn.
create table mapping_run (
    partnership_id  blob    not null references partnership (id),
    organisation_id blob    not null references organisation (id),
    kind            text    not null check (kind in ('new', 'asked')),
    at              integer not null
) strict;
create index mapping_run_by_side on mapping_run (partnership_id, organisation_id, at);

-- Two populations: how many they have in common, as far as it is told: it moves in steps of five.
create table mapping_cell (
    id                     blob    not null primary key,
    partnership_id         blob    not null references partnership (id),
    proposer_population_id blob    not null references population (id),
    answerer_population_id blob    not null references population (id),
    counted                integer not null,
    computed_at            integer not null
) strict;
create index mapping_cell_by_proposer on mapping_cell (proposer_population_id);
create index mapping_cell_by_answerer on mapping_cell (answerer_population_id);
create unique index mapping_cell_one on mapping_cell (partnership_id, proposer_population_id, answerer_population_id);

-- The rows of each side that the other has too.
create table mapping_match (
    cell_id         blob    not null references mapping_cell (id),
    organisation_id blob    not null,
    row_id          blob    not null,
    primary key (cell_id, organisation_id, row_id)
) strict;

-- One side asks for the names behind a number, the other answers.
create table mapping_ask (
    id                  blob    not null primary key,
    partnership_id      blob    not null references partnership (id),
    asker_id            blob    not null references organisation (id),
    giver_id            blob    not null references organisation (id),
    asker_population_id blob    not null references population (id),
    giver_population_id blob    not null references population (id),
    state               text    not null check (state in ('asked', 'granted', 'narrowed', 'refused', 'expired', 'revoked')),
    message             text    not null,
    mask                text    not null,
    asked_by            blob    not null references person (id),
    asked_at            integer not null,
    expires_at          integer not null,
    answered_at         integer,
    revision            integer not null
) strict;
create unique index mapping_ask_one_open on mapping_ask (partnership_id, asker_population_id, giver_population_id) where state in ('asked', 'granted', 'narrowed');
create index mapping_ask_by_partnership on mapping_ask (partnership_id, asked_at);
create index mapping_ask_due on mapping_ask (expires_at) where state = 'asked';

-- The populations that an organisation shows a partner now.
create view live_offer as
    select o.id, o.partnership_id, o.organisation_id,
           case when h.proposer_id = o.organisation_id then h.answerer_id else h.proposer_id end as partner_id,
           o.population_id, p.name, o.level
    from mapping_offer o
    join population p on p.id = o.population_id and p.deleted_at is null
    join partnership h on h.id = o.partnership_id
    where o.level <> 'hidden' and h.state in ('active', 'ending') and h.suspended_by is null;

-- What is compared now: each population of one side with each of the other's, and when it was.
create view live_pair as
    select a.partnership_id, a.population_id as proposer_population_id,
           b.population_id as answerer_population_id, c.id as cell_id, c.computed_at
    from partnership h
    join live_offer a on a.partnership_id = h.id and a.organisation_id = h.proposer_id
    join live_offer b on b.partnership_id = h.id and b.organisation_id = h.answerer_id
    left join mapping_cell c on c.partnership_id = h.id
     and c.proposer_population_id = a.population_id and c.answerer_population_id = b.population_id;

-- Whose customers in common an organisation may read now, and under which mask: by the levels of both sides, or by an
-- answer to what it asked. Either is a grant like any other, so it is read through `live_visible`.
create view live_overlap as
    select m.organisation_id, t.organisation_id as giver_id, t.partnership_id,
           m.population_id, t.population_id as giver_population_id, c.id as cell_id,
           case when t.level = 'all' and m.level = 'all' then 'city,country,domain,name,segment,vat' else v.mask end as mask
    from live_offer t
    join live_offer m on m.partnership_id = t.partnership_id and m.organisation_id = t.partner_id
    join live_visible v on v.organisation_id = m.organisation_id and v.kind = 'mapping' and v.record_id = t.id
    join mapping_cell c on c.partnership_id = t.partnership_id
     and ((c.proposer_population_id = m.population_id and c.answerer_population_id = t.population_id)
          or (c.proposer_population_id = t.population_id and c.answerer_population_id = m.population_id))
    where t.level in ('overlapping', 'all') and m.level in ('overlapping', 'all')
    union all
    select m.organisation_id, t.organisation_id as giver_id, t.partnership_id,
           m.population_id, t.population_id as giver_population_id, c.id as cell_id, v.mask
    from mapping_ask k
    join live_offer t on t.partnership_id = k.partnership_id and t.population_id = k.giver_population_id
    join live_offer m on m.partnership_id = k.partnership_id and m.population_id = k.asker_population_id
    join live_visible v on v.organisation_id = k.asker_id and v.kind = 'mapping' and v.record_id = k.id
    join mapping_cell c on c.partnership_id = k.partnership_id
     and ((c.proposer_population_id = m.population_id and c.answerer_population_id = t.population_id)
          or (c.proposer_population_id = t.population_id and c.answerer_population_id = m.population_id))
    where k.state in ('granted', 'narrowed')
      and not (t.level in ('overlapping', 'all') and m.level in ('overlapping', 'all'));
