//! Lists of accounts: own and shared, sorted two ways, searched by how words begin.
//!
//! A search first looks how many words begin so. Few: they lead to the accounts. Many: then
//! walking the list in its order soon meets enough of them. Either way the work is bounded.

use gate::{PageAsk, Problem, Scope};
use kernel::{Account, Fault, Id, Moment};
use serde::{Deserialize, de::DeserializeOwned};
use store::{Conn, statements};
use utoipa::ToSchema;

use super::sql::AccountRow;
use crate::text::{after_prefix, fold};

statements! {
    /// Own accounts by name.
    BY_NAME = "
        select a.id, a.organisation_id, o.name as organisation_name, a.name, a.sort_name,
               a.domain, a.vat, a.city, a.country, a.segment, a.discount_bp, a.notes,
               a.owner_id, p.name as owner_name, a.revision, a.created_at, a.updated_at,
               cast(null as text) as mask, cast(null as text) as verbs
        from account a
        join organisation o on o.id = a.organisation_id
        left join person p on p.id = a.owner_id
        where a.organisation_id = $1 and a.deleted_at is null
          and (a.sort_name, a.id) > ($2, $3)
          and ' ' || a.sort_name like $5 and ' ' || a.sort_name like $6
          and ' ' || a.sort_name like $7
        order by a.sort_name, a.id
        limit $4";

    /// Own accounts, the last changed first.
    BY_UPDATE = "
        select a.id, a.organisation_id, o.name as organisation_name, a.name, a.sort_name,
               a.domain, a.vat, a.city, a.country, a.segment, a.discount_bp, a.notes,
               a.owner_id, p.name as owner_name, a.revision, a.created_at, a.updated_at,
               cast(null as text) as mask, cast(null as text) as verbs
        from account a
        join organisation o on o.id = a.organisation_id
        left join person p on p.id = a.owner_id
        where a.organisation_id = $1 and a.deleted_at is null
          and (a.updated_at, a.id) < ($2, $3)
          and ' ' || a.sort_name like $5 and ' ' || a.sort_name like $6
          and ' ' || a.sort_name like $7
        order by a.updated_at desc, a.id desc
        limit $4";

    /// Own accounts with a word that begins so, by name. The order of the joins is
    /// ours: the words lead, whatever the planner believes of them.
    FOUND_BY_NAME = sqlite "
        select a.id, a.organisation_id, o.name as organisation_name, a.name, a.sort_name,
               a.domain, a.vat, a.city, a.country, a.segment, a.discount_bp, a.notes,
               a.owner_id, p.name as owner_name, a.revision, a.created_at, a.updated_at,
               cast(null as text) as mask, cast(null as text) as verbs
        from (select distinct account_id from account_word
              where organisation_id = $1 and word >= $8 and word < $9) w
        cross join account a
        join organisation o on o.id = a.organisation_id
        left join person p on p.id = a.owner_id
        where a.id = w.account_id and a.organisation_id = $1 and a.deleted_at is null
          and (a.sort_name, a.id) > ($2, $3)
          and ' ' || a.sort_name like $5 and ' ' || a.sort_name like $6
          and ' ' || a.sort_name like $7
        order by a.sort_name, a.id
        limit $4", postgres "
        select a.id, a.organisation_id, o.name as organisation_name, a.name, a.sort_name,
               a.domain, a.vat, a.city, a.country, a.segment, a.discount_bp, a.notes,
               a.owner_id, p.name as owner_name, a.revision, a.created_at, a.updated_at,
               cast(null as text) as mask, cast(null as text) as verbs
        from (select * from account
              where id = any (array(
                  select account_id from account_word
                  where organisation_id = $1 and word >= $8 and word < $9))
              offset 0) a
        join organisation o on o.id = a.organisation_id
        left join person p on p.id = a.owner_id
        where a.organisation_id = $1 and a.deleted_at is null
          and (a.sort_name, a.id) > ($2, $3)
          and ' ' || a.sort_name like $5 and ' ' || a.sort_name like $6
          and ' ' || a.sort_name like $7
        order by a.sort_name, a.id
        limit $4";

    /// Own accounts with a word that begins so, the last changed first.
    FOUND_BY_UPDATE = sqlite "
        select a.id, a.organisation_id, o.name as organisation_name, a.name, a.sort_name,
               a.domain, a.vat, a.city, a.country, a.segment, a.discount_bp, a.notes,
               a.owner_id, p.name as owner_name, a.revision, a.created_at, a.updated_at,
               cast(null as text) as mask, cast(null as text) as verbs
        from (select distinct account_id from account_word
              where organisation_id = $1 and word >= $8 and word < $9) w
        cross join account a
        join organisation o on o.id = a.organisation_id
        left join person p on p.id = a.owner_id
        where a.id = w.account_id and a.organisation_id = $1 and a.deleted_at is null
          and (a.updated_at, a.id) < ($2, $3)
          and ' ' || a.sort_name like $5 and ' ' || a.sort_name like $6
          and ' ' || a.sort_name like $7
        order by a.updated_at desc, a.id desc
        limit $4", postgres "
        select a.id, a.organisation_id, o.name as organisation_name, a.name, a.sort_name,
               a.domain, a.vat, a.city, a.country, a.segment, a.discount_bp, a.notes,
               a.owner_id, p.name as owner_name, a.revision, a.created_at, a.updated_at,
               cast(null as text) as mask, cast(null as text) as verbs
        from (select * from account
              where id = any (array(
                  select account_id from account_word
                  where organisation_id = $1 and word >= $8 and word < $9))
              offset 0) a
        join organisation o on o.id = a.organisation_id
        left join person p on p.id = a.owner_id
        where a.organisation_id = $1 and a.deleted_at is null
          and (a.updated_at, a.id) < ($2, $3)
          and ' ' || a.sort_name like $5 and ' ' || a.sort_name like $6
          and ' ' || a.sort_name like $7
        order by a.updated_at desc, a.id desc
        limit $4";

    /// How many words begin so; it stops counting where it no longer matters.
    WORDS = "
        select count(*) from (
            select 1 from account_word
            where organisation_id = $1 and word >= $2 and word < $3
            limit $4) as found";

    /// How many own accounts have a word that begins so.
    COUNT_ONE = "
        select count(distinct account_id) from account_word
        where organisation_id = $1 and word >= $2 and word < $3";

    /// How many have two such words.
    COUNT_TWO = "
        select count(*) from (
            select account_id from account_word
            where organisation_id = $1 and word >= $2 and word < $3
            intersect
            select account_id from account_word
            where organisation_id = $1 and word >= $4 and word < $5) as found";

    /// How many have three.
    COUNT_THREE = "
        select count(*) from (
            select account_id from account_word
            where organisation_id = $1 and word >= $2 and word < $3
            intersect
            select account_id from account_word
            where organisation_id = $1 and word >= $4 and word < $5
            intersect
            select account_id from account_word
            where organisation_id = $1 and word >= $6 and word < $7) as found";

    /// How many own accounts there are.
    COUNT = "
        select accounts from account_count where organisation_id = $1";

    /// Accounts that others share, by name. A row whose name is masked sorts as nameless and
    /// is found by no search.
    SHARED_BY_NAME = "
        select a.id, a.organisation_id, o.name as organisation_name, a.name, v.sort_name,
               a.domain, a.vat, a.city, a.country, a.segment, a.discount_bp, a.notes,
               a.owner_id, cast(null as text) as owner_name, a.revision, a.created_at,
               v.sort_at as updated_at, v.mask, v.verbs
        from live_visible v
        join account a on a.id = v.record_id and a.deleted_at is null
        join organisation o on o.id = a.organisation_id
        where v.organisation_id = $1 and v.kind = 'account'
          and (v.sort_name, v.record_id) > ($2, $3)
          and ' ' || v.sort_name like $5 and ' ' || v.sort_name like $6
          and ' ' || v.sort_name like $7
          and ($5 = '%' or ',' || v.mask || ',' like '%,name,%')
        order by v.sort_name, v.record_id
        limit $4";

    /// Accounts that others share, the last changed first.
    SHARED_BY_UPDATE = "
        select a.id, a.organisation_id, o.name as organisation_name, a.name, v.sort_name,
               a.domain, a.vat, a.city, a.country, a.segment, a.discount_bp, a.notes,
               a.owner_id, cast(null as text) as owner_name, a.revision, a.created_at,
               v.sort_at as updated_at, v.mask, v.verbs
        from live_visible v
        join account a on a.id = v.record_id and a.deleted_at is null
        join organisation o on o.id = a.organisation_id
        where v.organisation_id = $1 and v.kind = 'account'
          and (v.sort_at, v.record_id) < ($2, $3)
          and ' ' || v.sort_name like $5 and ' ' || v.sort_name like $6
          and ' ' || v.sort_name like $7
          and ($5 = '%' or ',' || v.mask || ',' like '%,name,%')
        order by v.sort_at desc, v.record_id desc
        limit $4";

    /// How many accounts others share.
    COUNT_SHARED = "
        select count(*)
        from live_visible v
        join account a on a.id = v.record_id and a.deleted_at is null
        where v.organisation_id = $1 and v.kind = 'account'
          and ' ' || v.sort_name like $2 and ' ' || v.sort_name like $3
          and ' ' || v.sort_name like $4
          and ($2 = '%' or ',' || v.mask || ',' like '%,name,%')";
}

/// Above so many words, the list is walked instead.
const FEW: i64 = 1000;

/// Whose accounts.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// The acting organisation's.
    #[default]
    Own,
    /// What partners share with it.
    Shared,
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, ToSchema)]
pub enum Sort {
    /// By name.
    #[default]
    #[serde(rename = "name")]
    Name,
    /// The last changed first.
    #[serde(rename = "-updated_at")]
    Updated,
}

/// How much of what is searched for is looked at.
const SOUGHT_CHARS: usize = 200;

/// What is searched for: up to three words, each the beginning of a word of the name.
#[derive(Debug)]
pub(crate) struct Sought {
    /// They, the longest first: it leads the search.
    words: Vec<String>,
    patterns: [String; 3],
}

impl Sought {
    pub(crate) fn read(text: &str) -> Self {
        let folded = fold(&text.chars().take(SOUGHT_CHARS).collect::<String>());
        let mut words: Vec<String> = folded
            .split(' ')
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        words.truncate(3);
        let literal = |word: &String| word.replace(['%', '_'], "");
        let pattern = |at: usize| match words.get(at) {
            Some(word) => format!("% {}%", literal(word)),
            None => "%".to_owned(),
        };
        let patterns = [pattern(0), pattern(1), pattern(2)];
        Self { words, patterns }
    }
}

impl Sought {
    /// A pattern for each word; `%` where there is none.
    pub(crate) fn into_patterns(self) -> [String; 3] {
        self.patterns
    }

    /// The longest word; empty if nothing is sought.
    pub(crate) fn lead(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }

    /// Whether nothing is sought.
    pub(crate) const fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

/// Where a page starts, whichever the order.
fn place<K: DeserializeOwned>(ask: &PageAsk, start: K) -> Result<K, Problem> {
    Ok(ask.after()?.unwrap_or(start))
}

const FIRST: Id<Account> = Id::from_uuid(uuid::Uuid::nil());
const LAST: Id<Account> = Id::from_uuid(uuid::Uuid::max());

/// One page, with one row too many if there is more.
pub(super) async fn page(
    conn: &mut Conn,
    scope: Scope,
    view: View,
    sort: Sort,
    sought: &Sought,
    ask: &PageAsk,
) -> Result<Vec<AccountRow>, Problem> {
    let found = match view {
        View::Own => rare(conn, scope, sought).await?,
        View::Shared => None,
    };
    let statement = match (view, sort, found) {
        (View::Own, Sort::Name, None) => BY_NAME,
        (View::Own, Sort::Name, Some(_)) => FOUND_BY_NAME,
        (View::Own, Sort::Updated, None) => BY_UPDATE,
        (View::Own, Sort::Updated, Some(_)) => FOUND_BY_UPDATE,
        (View::Shared, Sort::Name, _) => SHARED_BY_NAME,
        (View::Shared, Sort::Updated, _) => SHARED_BY_UPDATE,
    };
    let query = conn.run(statement).bind(scope.organisation());
    let query = match sort {
        Sort::Name => {
            let (name, id) = place(ask, (String::new(), FIRST))?;
            if name.contains('\0') {
                return Err(Problem::refused(
                    "after",
                    "this is not the `next` of any page",
                ));
            }
            query.bind(name).bind(id)
        }
        Sort::Updated => {
            let (at, id) = place(ask, (i64::MAX, LAST))?;
            query.bind(Moment::from_micros(at)).bind(id)
        }
    };
    let [first, second, third] = &sought.patterns;
    let query = query.bind(ask.limit() + 1).bind(first).bind(second).bind(third);
    let query = match found {
        Some(lead) => query.bind(lead).bind(after_prefix(lead)),
        None => query,
    };
    Ok(query.all().await?)
}

/// The word with which the fewest words begin, if they are few.
async fn rare<'s>(
    conn: &mut Conn,
    scope: Scope,
    sought: &'s Sought,
) -> Result<Option<&'s str>, Fault> {
    let (mut rarest, mut fewest) = (None, FEW);
    for word in &sought.words {
        let query = conn.run(WORDS).bind(scope.organisation());
        let query = query.bind(word).bind(after_prefix(word)).bind(FEW + 1);
        let (count,): (i64,) = query.one().await?;
        if count <= fewest {
            (rarest, fewest) = (Some(word.as_str()), count);
        }
    }
    Ok(rarest)
}

/// How many rows the whole list has.
pub(super) async fn total(
    conn: &mut Conn,
    scope: Scope,
    view: View,
    sought: &Sought,
) -> Result<i64, Fault> {
    let own = scope.organisation();
    if view == View::Shared {
        let [first, second, third] = &sought.patterns;
        let query = conn.run(COUNT_SHARED).bind(own).bind(first).bind(second).bind(third);
        let (count,): (i64,) = query.one().await?;
        return Ok(count);
    }
    let statement = match sought.words.len() {
        0 => COUNT,
        1 => COUNT_ONE,
        2 => COUNT_TWO,
        _ => COUNT_THREE,
    };
    let query = sought.words.iter().fold(conn.run(statement).bind(own), |query, word| {
        query.bind(word).bind(after_prefix(word))
    });
    let counted: Option<(i64,)> = query.optional().await?;
    Ok(counted.map_or(0, |(count,)| count))
}

#[cfg(test)]
mod tests {
    use super::Sought;

    #[test]
    fn the_longest_word_leads() {
        let sought = Sought::read(" S.A. Générale ");
        assert_eq!(sought.lead(), "generale");
        assert_eq!(sought.patterns, ["% generale%", "% s%", "% a%"]);
    }

    #[test]
    fn nothing_sought_finds_everything() {
        assert!(Sought::read("  ").is_empty());
        assert_eq!(Sought::read("").patterns, ["%", "%", "%"]);
        assert_eq!(Sought::read("%").patterns[0], "% %");
    }
}
