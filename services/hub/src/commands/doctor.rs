//! `doctor`: what is well, what is not, and what to do about it.

use directory::organisations;

use super::{Failure, admin, say};
use crate::Config;

/// Checks everything that can be checked without a browser.
pub(super) async fn examine(config: &Config) -> Result<(), Failure> {
    let mut ill = 0_usize;
    say(&format!("ok    settings: data in `{}`", config.data_dir.display()));
    let house = admin::open(config).await?;
    say("ok    database: it answers, and its schema is up to date");
    let mut conn = house.db.read().await?;
    for (id, name, _) in organisations::all(&mut conn).await? {
        match directory::audit::first_broken(&mut conn, id).await? {
            None => say(&format!("ok    audit: the chain of {name} holds")),
            Some(seq) => {
                ill += 1;
                say(&format!(
                    "ill   audit: entry {seq} of {name} was changed; compare with a backup"
                ));
            }
        }
    }
    for (kind, state, count) in store::jobs::count(&mut conn).await? {
        if state == "dead" {
            ill += 1;
            say(&format!(
                "ill   jobs: {count} of `{kind}` were given up; see the log for why"
            ));
        } else {
            say(&format!("ok    jobs: {count} of `{kind}` are waiting"));
        }
    }
    match &config.smtp_relay {
        Some(relay) => say(&format!("ok    mail: goes out through {relay}")),
        None => say("note  mail: no relay is set; letters stay in the outbox"),
    }
    if ill == 0 { Ok(()) } else { Err(Failure::Refused(format!("{ill} things are ill"))) }
}
