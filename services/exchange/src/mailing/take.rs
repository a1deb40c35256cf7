//! What hangs on a mail that came to a partner's address.

use std::time::Duration;

use directory::outbox;
use gate::House;
use kernel::{Fault, Id, Interchange, MailPartner, Moment, Organisation};
use store::{Conn, Sha256, Tx};

use super::{
    rules, sql,
    sql::{NewFile, PartnerRow, Step},
    tell,
};
use crate::{
    dialects,
    interchanges::{self, LIMIT_BYTES, Source, clean},
    names, stations,
};

/// The most files that come to a partner's address in a day.
const LIMIT_DAY_FILES: i64 = 2_000;
/// The most bytes that come to it in a day.
const LIMIT_DAY_BYTES: i64 = 1024 * 1024 * 1024;
/// Above so many refused files in a day, their sender is answered no more.
const LIMIT_DAY_ANSWERS: i64 = 20;
const DAY: Duration = Duration::from_hours(24);
/// The longest name of a file, in characters.
const LIMIT_NAME_CHARS: usize = 200;

/// What is known of who sent a mail.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Proof {
    /// DMARC passes, or a DKIM signature of the sender's own domain.
    Proven,
    /// Neither, and nothing against it.
    Unproven,
    /// The sender's domain says that it did not send it.
    Disproven,
}

/// What hangs on a mail, as its sender encoded it: no byte was changed.
#[derive(Clone, Debug)]
pub struct Enclosed {
    /// Its name, as its sender gave it.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether it belongs to the words, as the picture of a signature does.
    pub aside: bool,
}

/// A mail that came to a partner's address.
#[derive(Clone, Debug)]
pub struct Coming {
    /// The one address that it is from; none if it names none, or several.
    pub from: Option<String>,
    /// Whether that is so.
    pub proof: Proof,
    /// Whether it says that a program wrote it.
    pub automatic: bool,
    /// What hangs on it, or its words, where they are an interchange.
    pub files: Vec<Enclosed>,
}

/// The same, its interchanges on disk.
#[derive(Clone, Debug)]
pub struct Kept {
    from: Option<String>,
    proof: Proof,
    automatic: bool,
    interchanges: Vec<File>,
    others: Vec<File>,
}

#[derive(Clone, Debug)]
struct File {
    name: String,
    sha256: String,
    bytes: i64,
    /// Who sent what is in it.
    senders: Vec<String>,
    /// Why it is nothing for us, whoever sent it.
    why: Option<String>,
    aside: bool,
}

/// What became of a mail.
#[derive(Clone, Debug, Default)]
pub struct Took {
    /// What it brought, to be judged.
    pub interchanges: Vec<Id<Interchange>>,
    /// In a few words.
    pub told: &'static str,
}

/// The partner whose address this is, by the part before the `@`.
///
/// # Errors
/// Only ours.
pub async fn door(
    conn: &mut Conn,
    local: &str,
) -> Result<Option<(Id<MailPartner>, Id<Organisation>)>, Fault> {
    sql::door(conn, local).await
}

/// Whether so much came to a partner's address within a day that nothing more is taken now.
///
/// # Errors
/// Only ours.
pub async fn is_full(
    conn: &mut Conn,
    partner: Id<MailPartner>,
    now: Moment,
) -> Result<bool, Fault> {
    let (files, bytes) = sql::brought(conn, partner, now - DAY).await?;
    Ok(files >= LIMIT_DAY_FILES || bytes >= LIMIT_DAY_BYTES)
}

/// Puts what hangs on a mail on the disk, before the transaction that takes it.
///
/// # Errors
/// If the disk fails.
pub async fn keep(house: &House, coming: Coming) -> Result<Kept, Fault> {
    let Coming { from, proof, automatic, files } = coming;
    let (mut interchanges, mut others) = (Vec::new(), Vec::new());
    for Enclosed { name, bytes, aside } in files {
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let name: String = clean(&name).chars().take(LIMIT_NAME_CHARS).collect();
        let mut file = File {
            name,
            sha256: Sha256::of(&bytes).to_string(),
            bytes: size,
            senders: Vec::new(),
            why: None,
            aside,
        };
        if !rules::is_interchange(&bytes) {
            let why =
                "it is no interchange: it begins neither with ISA nor with UNA or UNB";
            file.why = Some(why.to_owned());
            others.push(file);
        } else if bytes.len() > LIMIT_BYTES {
            file.why = Some(format!("it has more than {LIMIT_BYTES} bytes"));
            others.push(file);
        } else {
            file.senders = senders(&bytes);
            house.files.keep(bytes).await?;
            interchanges.push(file);
        }
    }
    Ok(Kept { from, proof, automatic, interchanges, others })
}

/// Takes what hangs on a mail, in the transaction that files it; none if its partner is no more.
///
/// # Errors
/// Only ours.
pub async fn take(
    tx: &mut Tx,
    partner: Id<MailPartner>,
    mail: &Kept,
    now: Moment,
) -> Result<Option<Took>, Fault> {
    let Some(partner) = sql::at_door(tx, partner).await? else { return Ok(None) };
    let doubt = doubt(tx, &partner, mail, now).await?;
    // Two mails of one partner are taken one after the other: the same bytes are one file.
    sql::seen(tx, partner.whose(), doubt.is_none().then_some(now)).await?;
    match doubt {
        Some(why) => hold(tx, &partner, mail, (&why, now)).await.map(Some),
        None => admit(tx, &partner, mail, now).await.map(Some),
    }
}

/// Why a person should look at a mail first, if one should.
async fn doubt(
    tx: &mut Tx,
    partner: &PartnerRow,
    mail: &Kept,
    now: Moment,
) -> Result<Option<String>, Fault> {
    let Some(from) = &mail.from else {
        return Ok(Some("it names no sender, or several".to_owned()));
    };
    if !rules::may_send(&partner.allowed()?, from) {
        let why = format!("{from} is not among those who may send for this partner");
        return Ok(Some(why));
    }
    let unproven = "nothing proves that it is from its sender: neither DMARC nor a DKIM signature of \
         its domain";
    let why = match mail.proof {
        Proof::Disproven => Some("its domain says that it did not send it (DMARC)"),
        Proof::Unproven if partner.must_prove => Some(unproven),
        Proof::Unproven | Proof::Proven => None,
    };
    if why.is_some() {
        return Ok(why.map(str::to_owned));
    }
    let full = is_full(tx, partner.id, now).await?;
    Ok(full.then(|| "this partner has sent all that is taken in a day".to_owned()))
}

/// Has a person decide about each interchange of a mail.
async fn hold(
    tx: &mut Tx,
    partner: &PartnerRow,
    mail: &Kept,
    (why, now): (&str, Moment),
) -> Result<Took, Fault> {
    let mut held = 0;
    for file in &mail.interchanges {
        if sql::known(tx, partner.whose(), &file.sha256).await?.is_empty() {
            let new = new(file, mail, ("held", Some(why.to_owned())), now);
            sql::add(tx, partner.whose(), new).await?;
            held += 1;
        }
    }
    if held > 0 {
        let told = ("mailing_held", partner.name.as_str(), why);
        tell(tx, partner.organisation_id, told, now).await?;
    }
    let told = if held > 0 {
        "its interchanges wait for a person"
    } else if mail.interchanges.is_empty() {
        "it brings no interchange, and its sender is in doubt"
    } else {
        "the same interchanges came before"
    };
    Ok(Took { interchanges: Vec::new(), told })
}

/// Takes the interchanges of a mail whose sender is not in doubt.
async fn admit(
    tx: &mut Tx,
    partner: &PartnerRow,
    mail: &Kept,
    now: Moment,
) -> Result<Took, Fault> {
    let mut taken = Vec::new();
    let mut refused: Vec<(String, String)> = Vec::new();
    for file in &mail.interchanges {
        match admit_one(tx, partner, mail, (file, now)).await? {
            Admitted::New(id) => taken.push(id),
            Admitted::Known => {}
            Admitted::Refused(why) => refused.push((file.name.clone(), why)),
        }
    }
    let is_empty = mail.interchanges.is_empty();
    for file in mail.others.iter().filter(|it| is_empty && !mail.automatic || !it.aside) {
        let why = file.why.clone().unwrap_or_default();
        let row = new(file, mail, ("refused", Some(why.clone())), now);
        sql::add(tx, partner.whose(), row).await?;
        refused.push((file.name.clone(), why));
    }
    if is_empty && refused.is_empty() && !mail.automatic {
        refused.push((String::new(), "no interchange hangs on it".to_owned()));
    }
    if let Some((name, why)) = refused.first() {
        let why = if name.is_empty() { why.clone() } else { format!("{name}: {why}") };
        let told = ("mailing_refused", partner.name.as_str(), why.as_str());
        tell(tx, partner.organisation_id, told, now).await?;
        answer(tx, partner, mail, (&refused, now)).await?;
    }
    let told = match (taken.is_empty(), refused.is_empty()) {
        (false, true) => "its interchanges were taken",
        (false, false) => "its interchanges were taken, other files were not",
        (true, false) => "what hangs on it was refused",
        (true, true) if is_empty => {
            "it is an automatic answer, and brings no interchange"
        }
        (true, true) => "the same interchanges came before",
    };
    Ok(Took { interchanges: taken, told })
}

enum Admitted {
    New(Id<Interchange>),
    Known,
    Refused(String),
}

async fn admit_one(
    tx: &mut Tx,
    partner: &PartnerRow,
    mail: &Kept,
    (file, now): (&File, Moment),
) -> Result<Admitted, Fault> {
    let known = sql::known(tx, partner.whose(), &file.sha256).await?;
    if known.iter().any(|(_, state)| state == "taken") {
        return Ok(Admitted::Known);
    }
    if let Some(why) = stranger(&file.senders, partner)? {
        let row = new(file, mail, ("refused", Some(why.clone())), now);
        sql::add(tx, partner.whose(), row).await?;
        return Ok(Admitted::Refused(why));
    }
    for (held, _) in known {
        let why = Some("the same came by a mail that its sender proves".to_owned());
        let step = Step { from: "held", to: "discarded", why, interchange: None };
        sql::settle(tx, (partner.organisation_id, held), step, now).await?;
    }
    let source = Source::Mail(partner.organisation_id, partner.name.clone());
    let kept = (file.sha256.clone(), file.bytes);
    let id = interchanges::keep_in(tx, source, kept, now).await?;
    let mut row = new(file, mail, ("taken", None), now);
    row.interchange = Some(id);
    sql::add(tx, partner.whose(), row).await?;
    Ok(Admitted::New(id))
}

fn new(
    file: &File,
    mail: &Kept,
    (state, why): (&'static str, Option<String>),
    at: Moment,
) -> NewFile {
    NewFile {
        direction: "in",
        name: file.name.clone(),
        sha256: file.sha256.clone(),
        bytes: file.bytes,
        state,
        interchange: None,
        attempt: 0,
        sender: mail.from.clone().unwrap_or_default(),
        why,
        at,
    }
}

/// A partner speaks for itself alone. What cannot be read at all is judged, and told of, as anywhere.
pub(super) fn stranger(
    senders: &[String],
    partner: &PartnerRow,
) -> Result<Option<String>, Fault> {
    let further = names::further(&partner.further)?;
    let is_own = |it: &String| *it == partner.identifier || further.contains(it);
    Ok(senders.iter().find(|it| !is_own(it)).map(|other| {
        let own = names::listed(&partner.identifier, &further);
        format!("its sender (ISA06 or UNB) is {other}; this address is for {own}")
    }))
}

/// Tells a proven sender what of its mail was not taken: once a mail, never a program, and not for
/// ever.
async fn answer(
    tx: &mut Tx,
    partner: &PartnerRow,
    mail: &Kept,
    (refused, now): (&[(String, String)], Moment),
) -> Result<(), Fault> {
    let (Some(from), Proof::Proven, false) = (&mail.from, mail.proof, mail.automatic)
    else {
        return Ok(());
    };
    if sql::refused(tx, partner.whose(), now - DAY).await? > LIMIT_DAY_ANSWERS {
        return Ok(());
    }
    let listed: String = refused
        .iter()
        .map(|(name, why)| match name.as_str() {
            "" => format!("- {why}\n"),
            name => format!("- {name}: {why}\n"),
        })
        .collect();
    let text = format!(
        "Of your mail to our address for EDI, this was not taken:\n\n{listed}\n\
         Each interchange (X12 or EDIFACT) is to be one attachment, sent as it is.\n"
    );
    let letter = outbox::Mail {
        to: from.clone(),
        subject: "Not taken: what you sent by EDI".to_owned(),
        text,
        html: String::new(),
        organisation: Some(partner.organisation_id),
    };
    outbox::mail(tx, &letter, now).await.map(drop)
}

/// Has what was taken judged at once; a job does it, should this process die.
pub fn judge_soon(house: &House, took: &Took) {
    for id in &took.interchanges {
        tokio::spawn(stations::judge_soon(house.clone(), *id));
    }
}

/// Who sent what is in a file.
pub(super) fn senders(bytes: &[u8]) -> Vec<String> {
    let read = dialects::read(bytes).unwrap_or_default();
    read.iter().map(dialects::Wire::sender).collect()
}
