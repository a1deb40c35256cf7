//! What the palette finds: by names, each under the reader's mask.

use gate::Scope;
use kernel::{Account, Fault, Id, Partnership, Space};
use store::{Conn, statements};

use crate::text::after_prefix;

statements! {
    /// Deals whose title may be seen and has such words.
    DEALS = "
        select d.space_id, d.title,
               case when ',' || v.mask || ',' like '%,account,%' then d.account_name end
        from live_visible v
        join deal d on d.space_id = v.record_id
        where v.organisation_id = $1 and v.kind = 'deal'
          and ',' || v.mask || ',' like '%,title,%'
          and ' ' || v.sort_name like $3 and ' ' || v.sort_name like $4
          and ' ' || v.sort_name like $5
        order by v.sort_at desc, v.record_id desc
        limit $2";

    /// Partners, by name or domain.
    PARTNERS unscoped "a partnership names the organisation as one of its two sides" = "
        select h.id, o.name, o.domain
        from partnership h
        join organisation o
          on o.id = case when h.proposer_id = $1 then h.answerer_id else h.proposer_id end
        where (h.proposer_id = $1 or h.answerer_id = $1)
          and h.state in ('active', 'ending', 'suspended')
          and ' ' || lower(o.name) || ' ' || lower(o.domain) like $3
          and ' ' || lower(o.name) || ' ' || lower(o.domain) like $4
          and ' ' || lower(o.name) || ' ' || lower(o.domain) like $5
        order by o.name, h.id
        limit $2";

    /// Own accounts. The first thousand with such a word are enough to choose from.
    ACCOUNTS = sqlite "
        select a.id, a.name, a.city
        from (select distinct account_id
              from (select account_id from account_word
                    where organisation_id = $1 and word >= $6 and word < $7
                    limit 1000) n) w
        cross join account a
        where a.id = w.account_id and a.organisation_id = $1 and a.deleted_at is null
          and ' ' || a.sort_name like $3 and ' ' || a.sort_name like $4
          and ' ' || a.sort_name like $5
        order by a.sort_name, a.id
        limit $2", postgres "
        select a.id, a.name, a.city
        from (select * from account
              where id = any (array(
                  select account_id from account_word
                  where organisation_id = $1 and word >= $6 and word < $7
                  limit 1000))
              offset 0) a
        where a.organisation_id = $1 and a.deleted_at is null
          and ' ' || a.sort_name like $3 and ' ' || a.sort_name like $4
          and ' ' || a.sort_name like $5
        order by a.sort_name, a.id
        limit $2";

    /// Accounts that partners share with their name.
    SHARED = "
        select a.id, a.name,
               case when ',' || v.mask || ',' like '%,city,%' then a.city end
        from live_visible v
        join account a on a.id = v.record_id and a.deleted_at is null
        where v.organisation_id = $1 and v.kind = 'account'
          and ',' || v.mask || ',' like '%,name,%'
          and ' ' || v.sort_name like $3 and ' ' || v.sort_name like $4
          and ' ' || v.sort_name like $5
        order by v.sort_name, v.record_id
        limit $2";
}

type Row<K> = (Id<K>, String, Option<String>);

pub(super) async fn deals(
    conn: &mut Conn,
    scope: Scope,
    [first, second, third]: &[String; 3],
    limit: i64,
) -> Result<Vec<Row<Space>>, Fault> {
    let query = conn.run(DEALS).bind(scope.organisation()).bind(limit);
    query.bind(first).bind(second).bind(third).all().await
}

pub(super) async fn partners(
    conn: &mut Conn,
    scope: Scope,
    [first, second, third]: &[String; 3],
    limit: i64,
) -> Result<Vec<(Id<Partnership>, String, String)>, Fault> {
    let query = conn.run(PARTNERS).bind(scope.organisation()).bind(limit);
    query.bind(first).bind(second).bind(third).all().await
}

pub(super) async fn accounts(
    conn: &mut Conn,
    scope: Scope,
    lead: &str,
    [first, second, third]: &[String; 3],
    limit: i64,
) -> Result<Vec<Row<Account>>, Fault> {
    let query = conn.run(ACCOUNTS).bind(scope.organisation()).bind(limit);
    let query = query.bind(first).bind(second).bind(third);
    query.bind(lead).bind(after_prefix(lead)).all().await
}

pub(super) async fn shared(
    conn: &mut Conn,
    scope: Scope,
    [first, second, third]: &[String; 3],
    limit: i64,
) -> Result<Vec<Row<Account>>, Fault> {
    let query = conn.run(SHARED).bind(scope.organisation()).bind(limit);
    query.bind(first).bind(second).bind(third).all().await
}
