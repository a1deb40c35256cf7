//! Control numbers: one row a pair of partners and kind, drawn in the transaction that uses
//! them. Who rolls back gives its numbers back, so there is never a gap; the row is locked
//! until the commit, so there is never a number twice.

use kernel::{Fault, Id, Organisation};
use store::Tx;

use super::sql;

/// The last number that fits into ISA13, GS06 and ST02.
const LAST: i64 = 999_999_999;

/// Holds the pair's numbers until the commit. Whatever works on what a pair exchanges holds
/// them first, so that two never work on it at once.
pub(super) async fn hold(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    pair: &str,
) -> Result<(), Fault> {
    sql::hold_numbers(tx, organisation, pair).await
}

/// Draws the numbers of one interchange with one group of `sets` sets.
pub(super) async fn draw(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    pair: &str,
    sets: u32,
) -> Result<x12::Numbers, Fault> {
    let interchange = next(tx, organisation, pair, "interchange", 1).await?;
    let group = next(tx, organisation, pair, "group", 1).await?;
    let set = next(tx, organisation, pair, "set", sets.max(1)).await?;
    Ok(x12::Numbers { interchange, group, set })
}

/// The first of `count` numbers that follow on the last one.
async fn next(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    pair: &str,
    kind: &str,
    count: u32,
) -> Result<u32, Fault> {
    let last = sql::draw_numbers(tx, organisation, pair, kind, i64::from(count)).await?;
    let first = last - i64::from(count) + 1;
    let first = u32::try_from(first).ok().filter(|_| last <= LAST);
    first.ok_or_else(|| {
        Fault::broken(format!("drawing control numbers for {pair}"), "they are used up")
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::{prelude::*, test_runner::TestRunner};

    use crate::scenes::Stage;

    /// Attempts: which partner, how many sets, and whether it commits.
    fn histories() -> impl Strategy<Value = Vec<(u8, u32, bool)>> {
        prop::collection::vec((0..3_u8, 1..5_u32, any::<bool>()), 1..30)
    }

    #[test]
    fn numbers_follow_each_other_in_all_histories_property() {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let stage = runtime.block_on(Stage::on_sqlite());
        let ran = TestRunner::default().run(&histories(), |history| {
            runtime.block_on(follow(&stage, history));
            Ok(())
        });
        ran.unwrap();
    }

    async fn follow(stage: &Stage, history: Vec<(u8, u32, bool)>) {
        let organisation = stage.vendor.organisation;
        let own = kernel::Id::<kernel::Job>::mint();
        let mut last: BTreeMap<u8, (u32, u32)> = BTreeMap::new();
        for (partner, sets, commits) in history {
            let mut tx = stage.house.db.write().await.unwrap();
            let pair = format!("{own}>ZZ:{partner}");
            super::hold(&mut tx, organisation, &pair).await.unwrap();
            let drawn = super::draw(&mut tx, organisation, &pair, sets).await.unwrap();
            let (interchange, set) = last.get(&partner).copied().unwrap_or_default();
            let next = (interchange + 1, interchange + 1, set + 1);
            assert_eq!((drawn.interchange, drawn.group, drawn.set), next);
            if commits {
                tx.commit().await.unwrap();
                last.insert(partner, (interchange + 1, set + sets));
            }
        }
    }
}
