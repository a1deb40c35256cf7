//! `doctor`: what is well, what is not, and what to do about it.

use directory::organisations;
use gate::CallSettings;

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
    say(&calls(&house.settings.calls));
    if ill == 0 { Ok(()) } else { Err(Failure::Refused(format!("{ill} things are ill"))) }
}

/// How two browsers in a call find each other.
fn calls(calls: &CallSettings) -> String {
    let CallSettings { stun, turn, turn_ttl, .. } = calls;
    if !calls.enabled {
        "note  calls: off".to_owned()
    } else if stun.is_empty() && turn.is_empty() {
        "note  calls: browsers reach each other directly, in one network; set `stun` and `turn` under `[calls]` for others".to_owned()
    } else if turn.is_empty() {
        format!(
            "note  calls: by STUN at {}; without `turn`, strict firewalls keep people apart",
            stun.join(", ")
        )
    } else {
        let hours = turn_ttl.as_secs() / 3_600;
        format!(
            "ok    calls: by TURN at {}, with names that hold for {hours} h",
            turn.join(", ")
        )
    }
}

#[cfg(test)]
mod tests {
    use gate::CallSettings;

    use super::calls;

    #[test]
    fn the_doctor_says_how_far_calls_reach() {
        let one = CallSettings::default();
        assert!(calls(&one).starts_with("note  calls: browsers reach each other"));
        let off = CallSettings { enabled: false, ..one.clone() };
        assert_eq!(calls(&off), "note  calls: off");
        let stun = vec!["stun:stun.example:3478".to_owned()];
        let two = CallSettings { stun, ..one };
        assert!(calls(&two).contains("without `turn`"));
        let turn = vec!["turn:turn.example:3478".to_owned()];
        let three = CallSettings { turn, ..two };
        assert!(calls(&three).starts_with("ok    calls: by TURN at turn:turn.example"));
    }
}
