-- Whether an organisation's leads go to partners by its rules, and by which: the first that fits
-- and has somebody free.
create table lead_routing (
    organisation_id blob    not null primary key references organisation (id),
    is_on           integer not null check (is_on in (0, 1)),
    revision        integer not null,
    updated_at      integer not null
) strict;
create table lead_rule (
    organisation_id blob    not null references lead_routing (organisation_id),
    place           integer not null,
    name            text    not null,
    -- Codes of ISO 3166-1 and product families, a line each; any where there is none.
    countries       text    not null,
    families        text    not null,
    primary key (organisation_id, place)
) strict, without rowid;
-- Among whom the leads of a rule go round, and how many each works on at most.
create table lead_rule_partner (
    organisation_id blob    not null,
    rule            integer not null,
    place           integer not null,
    partner_id      blob    not null references organisation (id),
    most            integer check (most > 0),
    primary key (organisation_id, rule, place),
    foreign key (organisation_id, rule) references lead_rule (organisation_id, place)
) strict, without rowid;
create index lead_offer_by_lead on lead_offer (lead_id, partner_id);
create index lead_offer_by_pair on lead_offer (vendor_id, partner_id, offered_at);
