//! A mail that an administrator sends to themselves. Its answers go to the letter's own address,
//! so that what is known of their way stands beside the letter.

use directory::Locale;
use gate::House;
use kernel::{Fault, Id, Letter, Moment, Organisation};
use store::{Tx, jobs};

use super::{
    Errand, SEND, SENDER,
    compose::{self, Draft},
    signed, sql, words,
};
use crate::token::{Purpose, Signer, address};

/// A test that is written and kept, and not yet queued.
pub(crate) struct Trial {
    /// Which letter.
    pub(crate) id: Id<Letter>,
    to: String,
    subject: &'static str,
    message_id: String,
    sha256: String,
}

/// Writes a test to an address.
///
/// # Errors
/// If the address cannot be one, or the disk fails.
pub(crate) async fn write(
    house: &House,
    to: String,
    locale: Locale,
    now: Moment,
) -> Result<Trial, Fault> {
    let (id, domain) = (Id::<Letter>::mint(), &house.settings.mail_domain);
    let token = Signer::new(&house.settings.secret).of_letter(id);
    let (subject, text) = words::trial(locale);
    let message_id = format!("{id}@{domain}");
    let draft = Draft {
        from: "Entente".to_owned(),
        address: format!("{SENDER}@{domain}"),
        to: to.clone(),
        subject: subject.to_owned(),
        message_id: message_id.clone(),
        reply_to: Some(address(Purpose::Bounce, &token, domain)),
        text: text.to_owned(),
        ..Draft::default()
    };
    let bytes = signed(house, compose::bytes(&draft, now)).await?;
    let sha256 = house.files.keep(bytes).await?.to_string();
    Ok(Trial { id, to, subject, message_id, sha256 })
}

/// Queues it.
///
/// # Errors
/// If the database fails.
pub(crate) async fn queue(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    trial: Trial,
    now: Moment,
) -> Result<(), Fault> {
    let letter = sql::NewLetter {
        id: trial.id,
        organisation: Some(organisation),
        about: None,
        member: None,
        recipient: &trial.to,
        subject: trial.subject,
        message_id: trial.message_id,
        sha256: trial.sha256,
        at: now,
    };
    if sql::add(tx, letter).await? {
        jobs::add(tx, SEND, &Errand { letter: trial.id }, now).await?;
    }
    Ok(())
}
