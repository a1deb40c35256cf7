//! Mails that came to the address of a trading partner: what hangs on them goes to the exchange.

use exchange::mailing::{self, Coming, Enclosed, Proof};
use gate::House;
use kernel::{Fault, Id, MailPartner};
use mail_parser::{ContentType, Encoding, Message, MessagePart, MimeHeaders};
use store::jobs::{self, Job, Outcome};

use super::{ArrivalState, rules, sql, sql::Settled};
use crate::{
    authentic::{Checks, Verdict},
    inbox,
    text::{cut, read_mail},
};

/// So many files of one mail are looked at.
const MOST: usize = 100;

/// Files a mail: reads it, keeps what hangs on it, and hands that over in the transaction that
/// settles the mail.
pub(super) async fn file(
    house: &House,
    job: &Job,
    (errand, partner): (&inbox::Errand, Id<MailPartner>),
    (raw, checks, signers): (Vec<u8>, Checks, Vec<String>),
) -> Result<Outcome, Fault> {
    let sender = errand.sender.clone();
    let reading =
        tokio::task::spawn_blocking(move || read(&raw, &sender, (checks, &signers)));
    let (coming, subject) = reading.await.map_err(Fault::new("reading a mail"))?;
    let from = coming.from.clone().unwrap_or_else(|| cut(&errand.sender, 320));
    let kept = mailing::keep(house, coming).await?;
    let (id, now) = (errand.arrival, house.clock.now());
    let mut tx = house.db.write().await?;
    let took = mailing::take(&mut tx, partner, &kept, now).await?;
    let (state, reason) = match &took {
        Some(took) => (ArrivalState::Handed, took.told),
        None => {
            (ArrivalState::Ignored, "nobody trades with that partner by mail any more")
        }
    };
    sql::checked(&mut tx, id, checks).await?;
    let (message_id, seq) = (None, None);
    let settled =
        Settled { state, reason, message_id, sender: &from, subject: &subject, seq };
    sql::settle(&mut tx, id, settled).await?;
    jobs::done(&mut tx, job.id).await?;
    store::brink("mail.handing");
    tx.commit().await?;
    store::brink("mail.handed");
    if let Some(took) = took {
        mailing::judge_soon(house, &took);
    }
    Ok(Outcome::Done)
}

/// What a mail brings, and its subject.
fn read(
    raw: &[u8],
    sender: &str,
    (checks, signers): (Checks, &[String]),
) -> (Coming, String) {
    let Some(mail) = read_mail(raw) else {
        let (from, proof, automatic, files) = (None, Proof::Unproven, false, Vec::new());
        return (Coming { from, proof, automatic, files }, String::new());
    };
    let from = rules::from(&mail);
    let proof = proof(from.as_deref(), checks, signers);
    let automatic = rules::automatic(&mail, sender).is_some();
    let subject = rules::subject(&mail);
    (Coming { from, proof, automatic, files: files(&mail) }, subject)
}

/// What is known of who sent a mail: DMARC, or else a signature of the domain in `From` or of one
/// above it (the relaxed alignment of RFC 7489 § 3.1.1), since not every domain publishes a policy.
fn proof(from: Option<&str>, checks: Checks, signers: &[String]) -> Proof {
    let domain = from.and_then(|it| it.rsplit_once('@')).map(|(_, it)| it.to_lowercase());
    let is_own = |signer: &String| {
        domain.as_ref().is_some_and(|domain| {
            let above = domain.strip_suffix(signer.as_str());
            above.is_some_and(|it| {
                it.is_empty() || it.ends_with('.') && signer.contains('.')
            })
        })
    };
    match checks.dmarc {
        Verdict::Pass => Proof::Proven,
        Verdict::Fail => Proof::Disproven,
        Verdict::None | Verdict::Unknown if signers.iter().any(is_own) => Proof::Proven,
        Verdict::None | Verdict::Unknown => Proof::Unproven,
    }
}

/// What hangs on a mail; if that is no interchange, and its words are, they are.
fn files(mail: &Message<'_>) -> Vec<Enclosed> {
    let mut files: Vec<Enclosed> = mail
        .attachments
        .iter()
        .filter_map(|at| mail.parts.get(usize::try_from(*at).ok()?))
        .filter_map(|part| enclosed(mail, part))
        .take(MOST)
        .collect();
    if files.iter().any(|it| is_interchange(&it.bytes)) {
        return files;
    }
    let words = mail.text_body.iter().chain(&mail.html_body);
    let words = words.filter_map(|at| mail.parts.get(usize::try_from(*at).ok()?));
    let alone = words.filter_map(|part| bytes(mail, part)).find(|it| is_interchange(it));
    if let Some(bytes) = alone {
        files.push(Enclosed { name: "body.edi".to_owned(), bytes, aside: false });
    }
    files
}

fn is_interchange(bytes: &[u8]) -> bool {
    mailing::is_interchange(bytes)
}

fn enclosed(mail: &Message<'_>, part: &MessagePart<'_>) -> Option<Enclosed> {
    let bytes = bytes(mail, part).filter(|it| !it.is_empty())?;
    let name = part.attachment_name().map_or_else(|| "unnamed".to_owned(), str::to_owned);
    let kind = part.content_type().map(|it| it.ctype().to_lowercase());
    let inline = part.content_disposition().is_some_and(ContentType::is_inline);
    let aside = inline || kind.is_some_and(|it| it == "image");
    Some(Enclosed { name: cut(&name, 500), bytes, aside })
}

/// The bytes of a part as its sender had them: only the encoding for transfer is undone (RFC 2045
/// § 6), since an interchange says itself how its characters are written.
fn bytes(mail: &Message<'_>, part: &MessagePart<'_>) -> Option<Vec<u8>> {
    let from = usize::try_from(part.offset_body).ok()?;
    let to = usize::try_from(part.offset_end).ok()?;
    let raw = mail.raw_message.get(from..to)?;
    match part.encoding {
        Encoding::None => Some(raw.to_vec()),
        Encoding::Base64 => mail_parser::decoders::base64::base64_decode(raw),
        Encoding::QuotedPrintable => {
            mail_parser::decoders::quoted_printable::quoted_printable_decode(raw)
        }
    }
}

#[cfg(test)]
mod tests {
    use exchange::mailing::Proof;

    use super::{files, proof};
    use crate::authentic::{Checks, Verdict};

    fn read(text: &str) -> Vec<(String, Vec<u8>, bool)> {
        let raw = text.replace('\n', "\r\n");
        let mail = mail_parser::MessageParser::default().parse(raw.as_bytes()).unwrap();
        files(&mail).into_iter().map(|it| (it.name, it.bytes, it.aside)).collect()
    }

    #[test]
    fn an_interchange_comes_out_as_it_went_in_however_it_travelled() {
        let mail = "From: a@b.test\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nHello\n--b\nContent-Type: application/EDI-X12; name=a.x12\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\nSVNBKjAw6Q==\n--b\nContent-Type: text/plain; charset=iso-8859-1\nContent-Disposition: attachment; filename=b.txt\nContent-Transfer-Encoding: quoted-printable\n\nUNB+caf=E9=\n+x\n--b\nContent-Type: image/png\nContent-Disposition: inline; filename=logo.png\nContent-Transfer-Encoding: base64\n\niVBO\n--b--\n";
        let told = read(mail);
        assert_eq!(told.len(), 3, "{told:?}");
        assert_eq!(told[0], ("a.x12".to_owned(), b"ISA*00\xe9".to_vec(), false));
        assert_eq!(told[1].0, "b.txt");
        assert!(told[1].1.starts_with(b"UNB+caf\xe9+x"), "{:?}", told[1].1);
        assert!(told[2].2);
    }

    #[test]
    fn words_alone_may_be_an_interchange() {
        let told = read("From: a@b.test\nSubject: 850\n\nISA*00*~\n");
        assert_eq!(told[0].0, "body.edi");
        assert!(told[0].1.starts_with(b"ISA*00*~"));
        assert_eq!(read("From: a@b.test\n\nHello ISA\n"), []);
    }

    #[test]
    fn a_signature_proves_its_own_domain_and_those_below() {
        let dkim = |dmarc| Checks { dmarc, ..Checks::default() };
        let of = |from, dmarc, signers: &[&str]| {
            let signers: Vec<String> =
                signers.iter().map(|it| (*it).to_owned()).collect();
            proof(Some(from), dkim(dmarc), &signers)
        };
        assert_eq!(of("a@B.test", Verdict::None, &["b.test"]), Proof::Proven);
        assert_eq!(of("a@x.b.test", Verdict::Unknown, &["b.test"]), Proof::Proven);
        assert_eq!(
            of("a@b.test", Verdict::None, &["x.b.test", "test", "evilb.test"]),
            Proof::Unproven
        );
        assert_eq!(of("a@evilb.test", Verdict::None, &["b.test"]), Proof::Unproven);
        assert_eq!(of("a@b.test", Verdict::Fail, &["b.test"]), Proof::Disproven);
        assert_eq!(of("a@b.test", Verdict::Pass, &[]), Proof::Proven);
        assert_eq!(
            proof(None, dkim(Verdict::None), &["b.test".to_owned()]),
            Proof::Unproven
        );
    }
}
