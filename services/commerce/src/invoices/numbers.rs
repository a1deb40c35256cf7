//! The numbers of a seller's invoices: without a gap in each year.

use kernel::{Day, Id, Organisation};
use store::Tx;

use super::sql;
use crate::fulfilment::Refusal;

/// How many numbers that a seller gave by hand are stepped over.
const STEPS: usize = 1_000;

/// The next number of a seller in the year of a day that no paper of it has: `2026-00001`.
pub(super) async fn next(
    tx: &mut Tx,
    seller: Id<Organisation>,
    day: Day,
) -> Result<String, Refusal> {
    let (year, _, _) = day.parts();
    for _ in 0..STEPS {
        let ordinal = sql::draw(tx, seller, year.into()).await?;
        let number = format!("{year}-{ordinal:05}");
        if sql::free(tx, seller, &number).await? {
            return Ok(number);
        }
    }
    let why =
        "the numbers of this year that come next are all taken; give one".to_owned();
    Err(Refusal::Field("number", why))
}
