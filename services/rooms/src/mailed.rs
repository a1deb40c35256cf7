//! What members say by mail: under the right that they have at that moment, as if they were here.

use gate::Caller;
use kernel::Moment;
use serde_json::Value;
use sharing::Via;
use store::Tx;

use crate::{
    Draft,
    post::{Posted, Refusal, Round},
};

/// Says something that came by mail, and tells whom it calls. The same `cid` says it once.
///
/// # Errors
/// A [`Refusal`] writes nothing.
pub async fn say_by_mail(
    tx: &mut Tx,
    (caller, draft): (&Caller, &Draft),
    detail: Value,
    now: Moment,
) -> Result<Posted, Refusal> {
    let mut round = Round::default();
    round.hold(tx, &[(caller, draft)]).await?;
    let more = (detail, Some(Via::Email));
    let posted = round.post_with(tx, (caller, draft), more, now).await?;
    round.tell(tx, now).await?;
    Ok(posted)
}
