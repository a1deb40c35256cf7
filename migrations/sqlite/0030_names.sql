-- Whom an organisation trades with goes by several names in EDI: one in X12, another in EDIFACT.
-- Every name of every partner, by whichever way that is reached, stands once for an organisation.
create table edi_name (
    organisation_id blob    not null references organisation (id),
    identifier      text    not null,
    partner_id      blob    not null,
    primary key (organisation_id, identifier)
) strict, without rowid;
create index edi_name_by_partner on edi_name (organisation_id, partner_id);

-- The names of a partner beside its first, as a list in JSON.
alter table as2_partner add column further text not null default '[]';
alter table sftp_mailbox add column further text not null default '[]';
alter table mail_partner add column further text not null default '[]';

insert into edi_name (organisation_id, identifier, partner_id)
select organisation_id, identifier, id from as2_partner where closed_at is null;
insert into edi_name (organisation_id, identifier, partner_id)
select organisation_id, identifier, id from sftp_mailbox where closed_at is null
on conflict do nothing;
insert into edi_name (organisation_id, identifier, partner_id)
select organisation_id, identifier, id from mail_partner where closed_at is null
on conflict do nothing;
