//! Trying a mailbox now: each step on the way is told.

use gate::{House, Permit};
use kernel::{Id, SftpMailbox};
use serde_json::json;

use super::{
    Mailbox, Refusal, SftpSide, SftpTheirs,
    client::{self, Steps, Theirs},
    keys, mailboxes, sql,
};
use crate::stations::{ManageStation, TrialStep, TrialView};

/// Tries one.
///
/// # Errors
/// [`Refusal::NotFound`].
pub(super) async fn run(
    house: &House,
    permit: &Permit<ManageStation>,
    id: Id<SftpMailbox>,
) -> Result<TrialView, Refusal> {
    let mut conn = house.db.read().await?;
    let row = sql::one(&mut conn, (permit.scope().organisation(), id)).await?;
    let served = sql::host_key(&mut conn).await?.is_some();
    drop(conn);
    let mailbox = Mailbox::try_from(row.ok_or(Refusal::NotFound)?)?;
    let mut steps = Steps::new();
    match &mailbox.side {
        SftpSide::Ours { keys: lines } => ours(&mailbox, lines, served, &mut steps)?,
        SftpSide::Theirs(theirs) => {
            if let Ok(session) =
                client::connect(house, &mailbox, theirs, &mut steps).await
            {
                folders(&session, theirs, &mut steps).await;
                session.leave().await;
            }
        }
    }
    let ok = steps.iter().all(|step| step.ok);
    let mut tx = house.db.write().await?;
    let what = json!({ "mailbox": id, "ok": ok });
    mailboxes::note(&mut tx, permit, "sftp.test", what, house.clock.now()).await?;
    tx.commit().await?;
    Ok(TrialView { ok, steps })
}

/// Of a mailbox here: whether a partner could come, and whether it did.
fn ours(
    mailbox: &Mailbox,
    lines: &[String],
    served: bool,
    steps: &mut Steps,
) -> Result<(), Refusal> {
    let mut add = |step, ok, detail: String| steps.push(TrialStep { step, ok, detail });
    let nobody =
        "no node of this hub serves SFTP; the operator gives one the role `sftp`";
    add("served", served, if served { String::new() } else { nobody.to_owned() });
    let prints: Vec<_> = keys::read(lines)?.iter().map(keys::fingerprint).collect();
    let open = !prints.is_empty() || mailbox.row.password.is_some();
    add("keys", open, prints.join(", "));
    let came = mailbox.row.seen_at.map(|at| at.to_string());
    let never = "the partner has not signed in yet; ask it to".to_owned();
    add("came", came.is_some(), came.unwrap_or(never));
    Ok(())
}

async fn folders(session: &Theirs, theirs: &SftpTheirs, steps: &mut Steps) {
    let mut add = |step, done: Result<String, String>| {
        let ok = done.is_ok();
        steps.push(TrialStep { step, ok, detail: done.unwrap_or_else(|why| why) });
    };
    if !theirs.fetch_from.is_empty() {
        let listed = session.list(&theirs.fetch_from).await;
        add("fetch", listed.map(|files| files.len().to_string()));
    }
    if !theirs.put_into.is_empty() {
        let put = session.try_folder(&theirs.put_into).await;
        add("put", put.map(|()| String::new()));
    }
}
