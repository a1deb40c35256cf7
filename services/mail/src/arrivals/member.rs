//! Answers of members: said in the room by whoever the address belongs to, under the right that
//! they have now. What is in doubt waits for that person alone: it may be meant for notes, or for
//! one other person, so nobody else is to read it.

use kernel::{Arrival, Fault, Id, Moment};
use rooms::{Draft, MOST_CHARS};
use serde_json::{Map, Value, json};
use sharing::{
    Refusal, RoomKind,
    files::{self, NewFile},
    notify,
};
use store::{Sha256, Tx};

use super::{
    ArrivalState, Checks, HOUR, MOST_AN_HOUR, MOST_THE_SAME, Verdict, body,
    rules::Words,
    sql::{self, Member, Settled, Stored},
};
use crate::{suppression, text::cut};

/// What became of words.
pub(super) enum Said {
    /// They stand in the room.
    At(i64),
    /// They stood there before.
    Before,
    /// Their author may not say them now.
    Refused(&'static str),
}

/// Posts a member's answer, or lets it wait for the member.
pub(super) async fn post(
    tx: &mut Tx,
    id: Id<Arrival>,
    stored: &Stored,
    (words, files, checks): (Words, Vec<NewFile>, Checks),
    now: Moment,
) -> Result<(), Refusal> {
    let member = match stored.seat_id {
        Some(seat) => sql::member(tx, seat).await?,
        None => None,
    };
    let from = words.from.clone().unwrap_or_default();
    let mut settled = Settled {
        state: ArrivalState::Ignored,
        reason: "its author may not read the room any more",
        message_id: Some(words.message_id.clone()),
        sender: &from,
        subject: &words.subject,
        seq: None,
    };
    let Some(member) = member.filter(|it| Some(it.room_id) == stored.room_id) else {
        return Ok(sql::settle(tx, id, settled).await?);
    };
    let said = if let Some(why) = doubt(tx, &member, &words, checks, now).await? {
        Said::Refused(why)
    } else {
        let detail = detail(&files, checks);
        say(tx, &member, (&words, &files), detail, now).await?
    };
    match said {
        Said::At(seq) => {
            suppression::alive(tx, member.organisation_id, &member.email).await?;
            (settled.state, settled.reason) = (ArrivalState::Posted, "");
            settled.seq = Some(seq);
        }
        Said::Before => settled.reason = "the same mail came before",
        Said::Refused(why) => {
            (settled.state, settled.reason) = (ArrivalState::Quarantined, why);
            tell(tx, &member, why, now).await?;
        }
    }
    Ok(sql::settle(tx, id, settled).await?)
}

/// Says a member's words, under the right that the member has now.
pub(super) async fn say(
    tx: &mut Tx,
    member: &Member,
    (words, files): (&Words, &[NewFile]),
    detail: Value,
    now: Moment,
) -> Result<Said, Fault> {
    const NO_RIGHT: &str = "its author may not write there now";
    let from = words.from.as_deref().unwrap_or_default();
    let room = member.room_id;
    if sql::posted_before(tx, room, from, &words.message_id).await? {
        return Ok(Said::Before);
    }
    let (organisation, person) = (member.organisation_id, member.person_id);
    let caller = gate::sessions::by_mail(tx, organisation, person).await?;
    let Some(caller) = caller else { return Ok(Said::Refused(NO_RIGHT)) };
    let cid =
        format!("mail-{}", cut(&Sha256::of(words.message_id.as_bytes()).to_string(), 32));
    let body = cut(body(words), MOST_CHARS);
    let Ok(draft) = Draft::new(room, cid, body, None) else {
        return Ok(Said::Refused("it cannot be said in a room as it is"));
    };
    match rooms::say_by_mail(tx, (&caller, &draft), detail, now).await {
        Ok(posted) if posted.duplicate => Ok(Said::Before),
        Ok(posted) => {
            files::hang(tx, room, posted.seq, files, now).await?;
            Ok(Said::At(posted.seq))
        }
        Err(rooms::Refusal::CidReused) => Ok(Said::Before),
        Err(rooms::Refusal::Slow(_)) => Ok(Said::Refused(
            "the room is slowed down, and its author wrote there just now",
        )),
        Err(rooms::Refusal::Fault(fault)) => Err(fault),
        Err(_no_right) => Ok(Said::Refused(NO_RIGHT)),
    }
}

/// Why the member should look at a mail first, if so.
async fn doubt(
    tx: &mut Tx,
    member: &Member,
    words: &Words,
    checks: Checks,
    now: Moment,
) -> Result<Option<&'static str>, Fault> {
    let Some(from) = &words.from else {
        return Ok(Some("it names no sender, or several"));
    };
    if *from != member.email.to_lowercase() {
        return Ok(Some("it is from another address than yours"));
    }
    let is_for_few = match member.kind {
        RoomKind::Internal | RoomKind::Direct => true,
        RoomKind::Main | RoomKind::Topic => false,
    };
    match checks.dmarc {
        Verdict::Fail => {
            return Ok(Some("its domain says that it did not send it (DMARC)"));
        }
        // Nobody from outside ever writes here, whatever a mail says of itself.
        Verdict::None | Verdict::Unknown if is_for_few => {
            return Ok(Some("nothing proves that you sent it, and few may write there"));
        }
        Verdict::Pass | Verdict::None | Verdict::Unknown => {}
    }
    let same = sql::same_of_member_since(tx, member, body(words), now - HOUR).await?;
    if same >= MOST_THE_SAME {
        return Ok(Some("it says the same for the fourth time within an hour"));
    }
    let lately = sql::member_since(tx, member.id, now - HOUR).await?;
    Ok((lately >= MOST_AN_HOUR).then_some("too many mails within an hour"))
}

/// What stands beside the words.
pub(super) fn detail(files: &[NewFile], checks: Checks) -> Value {
    let mut detail = Map::new();
    if !files.is_empty() {
        detail.insert("files".to_owned(), files::told(files));
    }
    let proven = match checks.dmarc {
        Verdict::Pass => true,
        Verdict::Fail | Verdict::None | Verdict::Unknown => false,
    };
    detail.insert("verified".to_owned(), json!(proven));
    Value::Object(detail)
}

/// Tells the member that a mail waits which bears their name.
async fn tell(tx: &mut Tx, member: &Member, why: &str, now: Moment) -> Result<(), Fault> {
    let (organisation, person) = (member.organisation_id, member.person_id);
    let subject = match member.kind {
        RoomKind::Direct => ("direct", member.room_id.to_string()),
        RoomKind::Main | RoomKind::Internal | RoomKind::Topic => {
            ("deal", member.space_id.to_string())
        }
    };
    let notice = notify::Notice {
        kind: "own_mail_held",
        params: json!({ "who": member.name, "topic": member.title, "reason": why }),
        subject: Some(subject),
        party: Some(member.party_id),
        fold: Some("own_mail_held"),
    };
    notify::person(tx, organisation, person, &notice, now).await
}
