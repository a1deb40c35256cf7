//! Trying a partner's address now: each step on the way is told.

use std::time::Duration;

use exchange::{
    mailing::{self, Reach},
    stations::{ManageStation, TrialStep, TrialView},
};
use gate::{House, Permit, Problem};
use kernel::{Fault, Id, Letter, MailPartner};
use store::jobs;

use super::super::{
    Errand, LetterState, SEND,
    compose::{self, Draft},
    relay::{self, Handed, Relay},
    signed, sql,
};
use crate::{
    suppression,
    token::{Purpose, Signer, address},
};

/// If nobody knows by then what became of the test, it is sent like any letter.
const LATER: Duration = Duration::from_mins(2);

/// Sends the partner a mail, and tells how far it came.
///
/// # Errors
/// A 404 if there is no such partner; ours.
pub(super) async fn run(
    house: &House,
    permit: &Permit<ManageStation>,
    partner: Id<MailPartner>,
) -> Result<TrialView, Problem> {
    let organisation = permit.scope().organisation();
    let mut conn = house.db.read().await?;
    let reach = mailing::reach(&mut conn, organisation, partner).await?;
    let reach = reach.ok_or_else(Problem::not_found)?;
    let listed = suppression::holds(&mut conn, organisation, &reach.address).await?;
    drop(conn);
    let settings = &house.settings;
    let mut steps = Vec::new();
    let mut add = |step, ok, detail: &str| {
        steps.push(TrialStep { step, ok, detail: detail.to_owned() });
        ok
    };
    let is_signed = settings.mail.dkim_key_file.is_some();
    let unsigned = "this hub signs no mail (DKIM); ask its operator";
    add("signed", is_signed, if is_signed { &settings.mail_domain } else { unsigned });
    let url = settings.smtp_relay.as_deref();
    let no_relay = "this hub has no relay for its mail; ask its operator";
    if add("relay", url.is_some(), if url.is_some() { "" } else { no_relay }) {
        let on_list = "the address is on the list of those that get no more mail; take it off first";
        let handed = if listed {
            Err(on_list.to_owned())
        } else {
            hand_over(house, &reach).await?
        };
        add("handed", handed.is_ok(), handed.as_ref().unwrap_or_else(|why| why));
    }
    let came = reach.seen_at.map(|at| at.to_string());
    let never = "no mail of the partner has been taken yet; ask it for one";
    add("came", came.is_some(), came.as_deref().unwrap_or(never));
    let ok = steps.iter().all(|step| step.ok);
    Ok(TrialView { ok, steps })
}

/// Gives the relay a test, which stands in the outbox as a letter; to whom, or why not.
async fn hand_over(
    house: &House,
    reach: &Reach,
) -> Result<Result<String, String>, Fault> {
    let (id, now) = (Id::<Letter>::mint(), house.clock.now());
    let domain = &house.settings.mail_domain;
    let message_id = format!("{id}@{domain}");
    let draft = Draft {
        from: "EDI".to_owned(),
        address: format!("{}@{domain}", reach.local),
        to: reach.address.clone(),
        subject: "EDI: test".to_owned(),
        message_id: message_id.clone(),
        text: "This is a test: no document hangs on it.\n\nOur EDI documents will come from this address, each as an attachment. Send yours to it.\n".to_owned(),
        ..Draft::default()
    };
    let bytes = signed(house, compose::bytes(&draft, now)).await?;
    let sha256 = house.files.keep(bytes.clone()).await?.to_string();
    let letter = sql::NewLetter {
        id,
        organisation: Some(reach.organisation),
        about: None,
        member: None,
        recipient: &reach.address,
        subject: &draft.subject,
        message_id,
        sha256,
        at: now,
    };
    let mut tx = house.db.write().await?;
    sql::add(&mut tx, letter).await?;
    jobs::add(&mut tx, SEND, &Errand { letter: id }, now + LATER).await?;
    tx.commit().await?;
    let url = house.settings.smtp_relay.as_deref();
    let from = Signer::new(&house.settings.secret).of_letter(id);
    let from = address(Purpose::Bounce, &from, domain);
    let handed = match Relay::at(url, domain) {
        Relay::At(relay) => relay::hand_over(&relay, &from, &reach.address, &bytes).await,
        Relay::Broken(why) => Handed::Refused(why),
        Relay::None => Handed::Refused("there is no relay".to_owned()),
    };
    let (state, told) = match handed {
        Handed::Taken => (LetterState::Sent, Ok(reach.address.clone())),
        Handed::Refused(why) | Handed::NotNow(why) => (LetterState::Failed, Err(why)),
    };
    let mut tx = house.db.write().await?;
    sql::settle(&mut tx, id, state, told.clone().err()).await?;
    tx.commit().await?;
    Ok(told)
}
