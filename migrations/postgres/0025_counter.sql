-- A change by which a buyer took or refused what the seller had offered otherwise than it was ordered:
-- it waits for nobody.
alter table order_change add column settles bigint not null default 0 check (settles in (0, 1));
