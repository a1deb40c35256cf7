-- A price list may be for all partners of a tier.
alter table price_list add column tier text check (tier is null or (tier <> '' and buyer_id is null));

-- The tier in which an organisation has a partner, for as long as their partnership: its own alone.
create table price_tier (
    organisation_id uuid    not null references organisation (id),
    partnership_id  uuid    not null references partnership (id),
    partner_id      uuid    not null references organisation (id),
    tier            text    not null check (tier <> ''),
    updated_at      bigint  not null,
    primary key (organisation_id, partnership_id)
);
create index price_tier_of on price_tier (organisation_id, partner_id);
