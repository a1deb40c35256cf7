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
