//! The table `mapping_offer`, and what it shows to either side.

use kernel::{Fault, Id, MappingOffer, Moment, Organisation, Partnership, Population};
use sharing::Mask;
use store::{Conn, Tx, statements};

use super::{Level, Shown};

statements! {
    /// A partnership that was ever agreed, as one of its two sides knows it.
    PAIR unscoped "proposer_id or answerer_id is the organisation" = "
        select h.id as partnership_id, me.name as own_name, o.id as partner_id, o.name as partner_name,
               cast(case when h.state in ('active', 'ending') and h.suspended_by is null then 1 else 0 end as bigint) as live,
               m.new_at, m.full_at
        from partnership h
        join organisation me on me.id = $1
        join organisation o on o.id = case when h.proposer_id = $1 then h.answerer_id else h.proposer_id end
        left join mapping m on m.partnership_id = h.id
        where h.id = $2 and (h.proposer_id = $1 or h.answerer_id = $1)
          and h.state in ('active', 'suspended', 'ending')";

    /// The offer of a population to a partner.
    ONE = "
        select o.id, o.level
        from mapping_offer o
        join population p on p.id = o.population_id and p.deleted_at is null
        where o.organisation_id = $1 and o.partnership_id = $2 and o.population_id = $3";

    /// Keeps an offer.
    KEEP = "
        insert into mapping_offer (id, partnership_id, organisation_id, population_id, level, mask, revision, updated_at)
        values ($2, $3, $1, $4, $5, $6, 1, $7)
        on conflict (partnership_id, population_id) do update
        set level = excluded.level, mask = excluded.mask, revision = mapping_offer.revision + 1,
            updated_at = excluded.updated_at";

    /// To whom a population is shown.
    SHOWN = "
        select o.id, o.partnership_id,
               case when h.proposer_id = o.organisation_id then h.answerer_id else h.proposer_id end as partner_id
        from mapping_offer o
        join partnership h on h.id = o.partnership_id
        where o.organisation_id = $1 and o.population_id = $2 and o.level <> 'hidden'
        order by o.partnership_id";

    /// Hides a population from everybody.
    HIDE = "
        update mapping_offer set level = 'hidden', revision = revision + 1, updated_at = $3
        where organisation_id = $1 and population_id = $2 and level <> 'hidden'";

    /// One's own populations with how far each goes with a partner.
    OWN = "
        select p.id as population_id, p.name, coalesce(o.level, 'hidden') as level,
               coalesce(o.mask, '') as mask
        from population p
        left join mapping_offer o on o.population_id = p.id and o.partnership_id = $2
        where p.organisation_id = $1 and p.deleted_at is null
        order by p.name, p.id";

    /// The populations that the partner shows.
    THEIRS = "
        select o.population_id, o.name, o.level, '' as mask
        from live_offer o
        where o.partner_id = $1 and o.partnership_id = $2 and o.organisation_id <> $1
        order by o.name, o.population_id";
}

/// Two partners, as one of them knows them.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::mapping) struct Pair {
    pub(in crate::mapping) partnership_id: Id<Partnership>,
    pub(in crate::mapping) own_name: String,
    pub(in crate::mapping) partner_id: Id<Organisation>,
    pub(in crate::mapping) partner_name: String,
    live: i64,
    pub(in crate::mapping) new_at: Option<Moment>,
    pub(in crate::mapping) full_at: Option<Moment>,
}

impl Pair {
    /// Whether they share now.
    pub(in crate::mapping) const fn is_live(&self) -> bool {
        self.live != 0
    }
}

/// A population with how far it goes with a partner.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::mapping) struct Row {
    pub(in crate::mapping) population_id: Id<Population>,
    pub(in crate::mapping) name: String,
    pub(in crate::mapping) level: Level,
    mask: String,
}

impl Row {
    /// The fields that are shown at the level of [`Level::Overlapping`].
    pub(in crate::mapping) fn fields(&self) -> Vec<String> {
        Mask::read(&self.mask).list()
    }
}

/// An offer as it is found.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Found {
    pub(super) id: Id<MappingOffer>,
    pub(super) level: Level,
}

/// An offer to be kept.
pub(super) struct Kept<'m> {
    pub(super) offer: Id<MappingOffer>,
    pub(super) partnership: Id<Partnership>,
    pub(super) population: Id<Population>,
    pub(super) level: Level,
    pub(super) mask: &'m Mask,
}

pub(in crate::mapping) async fn pair(
    conn: &mut Conn,
    own: Id<Organisation>,
    partnership: Id<Partnership>,
) -> Result<Option<Pair>, Fault> {
    conn.run(PAIR).bind(own).bind(partnership).optional().await
}

pub(super) async fn one(
    conn: &mut Conn,
    own: Id<Organisation>,
    partnership: Id<Partnership>,
    population: Id<Population>,
) -> Result<Option<Found>, Fault> {
    conn.run(ONE).bind(own).bind(partnership).bind(population).optional().await
}

pub(super) async fn keep(
    tx: &mut Tx,
    own: Id<Organisation>,
    kept: &Kept<'_>,
    at: Moment,
) -> Result<(), Fault> {
    let query = tx.run(KEEP).bind(own).bind(kept.offer).bind(kept.partnership);
    let query = query.bind(kept.population).bind(kept.level).bind(kept.mask.text());
    query.bind(at).execute().await.map(drop)
}

pub(super) async fn shown(
    conn: &mut Conn,
    own: Id<Organisation>,
    population: Id<Population>,
) -> Result<Vec<Shown>, Fault> {
    conn.run(SHOWN).bind(own).bind(population).all().await
}

pub(super) async fn hide(
    tx: &mut Tx,
    own: Id<Organisation>,
    population: Id<Population>,
    at: Moment,
) -> Result<(), Fault> {
    tx.run(HIDE).bind(own).bind(population).bind(at).execute().await.map(drop)
}

pub(in crate::mapping) async fn own(
    conn: &mut Conn,
    own: Id<Organisation>,
    partnership: Id<Partnership>,
) -> Result<Vec<Row>, Fault> {
    conn.run(OWN).bind(own).bind(partnership).all().await
}

pub(in crate::mapping) async fn theirs(
    conn: &mut Conn,
    own: Id<Organisation>,
    partnership: Id<Partnership>,
) -> Result<Vec<Row>, Fault> {
    conn.run(THEIRS).bind(own).bind(partnership).all().await
}
