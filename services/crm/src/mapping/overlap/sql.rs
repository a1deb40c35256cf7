//! What two populations have in common, as one side may read it. The right is in the statement:
//! `live_offer` for numbers, `live_overlap` for rows.

use kernel::{Account, Fault, Id, Moment, Organisation, Partnership, Population};
use sharing::Mask;
use store::{Conn, statements};

use crate::mapping::Level;

statements! {
    /// Each population of one's own with each of the partner's, as far as both are shown.
    CELLS = "
        select m.population_id, m.level, p.changed_at, t.population_id as their_population_id,
               t.name as their_name, t.level as their_level, c.counted, c.computed_at, r.mask
        from live_offer m
        join population p on p.id = m.population_id
        join live_offer t on t.partnership_id = m.partnership_id and t.organisation_id = m.partner_id
        left join mapping_cell c on c.partnership_id = m.partnership_id
         and ((c.proposer_population_id = m.population_id and c.answerer_population_id = t.population_id)
              or (c.proposer_population_id = t.population_id and c.answerer_population_id = m.population_id))
        left join live_overlap r on r.organisation_id = m.organisation_id
         and r.population_id = m.population_id and r.giver_population_id = t.population_id
         and r.partnership_id = m.partnership_id
        where m.organisation_id = $1 and m.partnership_id = $2
        order by m.name, m.population_id, t.name, t.population_id";

    /// Rows of one's own that the partner has too, with what it has of them. A row that either
    /// side took out of its population since is not among them.
    ROWS = "
        select q.row_id, q.mask, o.id as account_id, coalesce(o.name, ol.name) as own_name,
               coalesce(o.domain, ol.domain) as own_domain, coalesce(o.city, ol.city) as own_city,
               coalesce(o.country, ol.country) as own_country,
               coalesce(a.name, l.name) as name, coalesce(a.domain, l.domain) as domain,
               coalesce(a.vat, l.vat) as vat, coalesce(a.city, l.city) as city,
               coalesce(a.country, l.country) as country, a.segment
        from (
            select r.organisation_id, r.giver_id, r.population_id, r.giver_population_id, r.mask, x.row_id
            from live_overlap r
            join mapping_match x on x.cell_id = r.cell_id and x.organisation_id = r.organisation_id
            where r.organisation_id = $1 and r.partnership_id = $2 and r.population_id = $3
              and r.giver_population_id = $4 and x.row_id > $5
              and exists (
                  select 1 from population_key m
                  cross join population_key t
                  where m.population_id = r.population_id and m.row_id = x.row_id
                    and t.population_id = r.giver_population_id
                    and t.scheme = m.scheme and t.value = m.value
                  limit 1 offset 0)
            order by x.row_id
            limit $6) q
        cross join population_key m
        cross join population_key t
        left join account a on a.id = t.row_id and a.organisation_id = q.giver_id and a.deleted_at is null
        left join population_row l on l.population_id = t.population_id and l.id = t.row_id
        left join account o on o.id = q.row_id and o.organisation_id = q.organisation_id and o.deleted_at is null
        left join population_row ol on ol.population_id = q.population_id and ol.id = q.row_id
        where m.population_id = q.population_id and m.row_id = q.row_id
          and t.population_id = q.giver_population_id and t.scheme = m.scheme and t.value = m.value
          and (a.id is not null or l.id is not null) and (o.id is not null or ol.id is not null)
        order by q.row_id";
}

/// Two populations, as one side knows of them.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::mapping) struct CellRow {
    pub(in crate::mapping) population_id: Id<Population>,
    pub(in crate::mapping) level: Level,
    pub(in crate::mapping) changed_at: Moment,
    pub(in crate::mapping) their_population_id: Id<Population>,
    pub(in crate::mapping) their_name: String,
    pub(in crate::mapping) their_level: Level,
    pub(in crate::mapping) counted: Option<i64>,
    pub(in crate::mapping) computed_at: Option<Moment>,
    mask: Option<String>,
}

impl CellRow {
    /// The fields of the partner's that one sees; none where no row is shown.
    pub(in crate::mapping) fn fields(&self) -> Option<Vec<String>> {
        self.mask.as_deref().map(|mask| Mask::read(mask).list())
    }
}

/// A row of one's own with a row of the partner's.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct OverlapRow {
    pub(super) row_id: Id<Population>,
    pub(super) mask: String,
    pub(super) account_id: Option<Id<Account>>,
    pub(super) own_name: String,
    pub(super) own_domain: Option<String>,
    pub(super) own_city: Option<String>,
    pub(super) own_country: Option<String>,
    pub(super) name: String,
    pub(super) domain: Option<String>,
    pub(super) vat: Option<String>,
    pub(super) city: Option<String>,
    pub(super) country: Option<String>,
    pub(super) segment: Option<String>,
}

pub(in crate::mapping) async fn cells(
    conn: &mut Conn,
    own: Id<Organisation>,
    partnership: Id<Partnership>,
) -> Result<Vec<CellRow>, Fault> {
    conn.run(CELLS).bind(own).bind(partnership).all().await
}

pub(super) async fn rows(
    conn: &mut Conn,
    own: Id<Organisation>,
    (partnership, (mine, theirs)): (Id<Partnership>, (Id<Population>, Id<Population>)),
    after: Id<Population>,
    limit: i64,
) -> Result<Vec<OverlapRow>, Fault> {
    let query = conn.run(ROWS).anew().bind(own).bind(partnership).bind(mine).bind(theirs);
    query.bind(after).bind(limit).all().await
}
