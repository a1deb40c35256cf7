//! Messages are decrypted, verified and unpacked, and their receipts written: all that is slow,
//! and nothing that waits.

use std::io::{self, Read as _};

use as2::{
    Broken, Demand, Digest, Disposition, Failure, Keys, Legacy, Mic, Place, Policy,
    Receipt, Wish,
};
use gate::House;
use kernel::{Fault, Id};
use mime::Fields;
use store::Spool;

use super::{Partner, inbound::Envelope};
use crate::{
    dialects,
    interchanges::{LIMIT_BYTES, LIMIT_SPOOLED_BYTES},
};

/// What a message brings, unwrapped.
pub(super) struct Brought {
    pub(super) documents: Vec<Piece>,
    pub(super) mic: Mic,
    /// What was signed, and its signature.
    pub(super) evidence: Option<(Piece, Vec<u8>)>,
}

/// Some bytes of a message.
pub(super) enum Piece {
    /// In memory.
    Held(Vec<u8>),
    /// In a file, since they are many.
    Spooled(Spool),
}

/// What was read, or why it was refused; and the receipt that is wanted, if one is.
type Unwrapped = (Result<Brought, Broken>, Option<Wish>);

/// Unwraps a message that is held.
pub(super) fn held(fields: &Fields, body: &[u8], envelope: &Envelope) -> Unwrapped {
    let wish = match Wish::read(fields) {
        Ok(wish) => wish,
        Err(broken) => return (Err(broken), None),
    };
    let limit = LIMIT_BYTES.saturating_mul(2);
    let read = under(envelope, limit, |keys, policy| {
        as2::receive(fields, body, keys, policy, digest(wish.as_ref()))
    });
    let read = read.and_then(|read| {
        let pieces = read.documents.into_iter().map(|it| Piece::Held(it.bytes));
        let documents = pieces.collect::<Vec<_>>();
        check(&documents, &envelope.partner)?;
        let evidence = read.evidence.map(|it| (Piece::Held(it.content), it.signature));
        Ok(Brought { documents, mic: read.mic, evidence })
    });
    (read, wish)
}

/// Unwraps a message that is in a file, from this byte on, into others.
pub(super) fn spooled(
    house: &House,
    fields: &Fields,
    (file, from): (Spool, u64),
    envelope: &Envelope,
) -> Result<Unwrapped, Fault> {
    let wish = match Wish::read(fields) {
        Ok(wish) => wish,
        Err(broken) => return Ok((Err(broken), None)),
    };
    let ours = Fault::new("reading a long message");
    let to = match file.length() {
        Ok(to) => to,
        Err(error) => return Err(ours(error)),
    };
    let limit = usize::try_from(LIMIT_SPOOLED_BYTES).unwrap_or(usize::MAX);
    let read = under(envelope, limit, |keys, policy| {
        let content = (file, Place { from, to });
        let wanted = digest(wish.as_ref());
        as2::receive_file(fields, content, keys, policy, wanted, &mut || {
            house.files.spool()
        })
    });
    let read = match read {
        Ok(read) => read,
        Err(Failure::Broken(broken)) => return Ok((Err(broken), wish)),
        Err(Failure::Io(error)) => return Err(ours(error)),
    };
    let pieces = read.documents.into_iter().map(|it| short(it.file));
    let documents = match pieces.collect::<io::Result<Vec<_>>>() {
        Ok(documents) => documents,
        Err(error) => return Err(ours(error)),
    };
    if let Err(broken) = check(&documents, &envelope.partner) {
        return Ok((Err(broken), wish));
    }
    let evidence =
        read.evidence.map(|(file, signature)| (Piece::Spooled(file), signature));
    Ok((Ok(Brought { documents, mic: read.mic, evidence }), wish))
}

/// A document that is short enough to be judged is held for that.
fn short(mut file: Spool) -> io::Result<Piece> {
    let length = file.length()?;
    if usize::try_from(length).map_or(true, |length| length > LIMIT_BYTES) {
        return Ok(Piece::Spooled(file));
    }
    let mut bytes = Vec::new();
    io::Seek::rewind(&mut file)?;
    file.read_to_end(&mut bytes)?;
    Ok(Piece::Held(bytes))
}

fn digest(wish: Option<&Wish>) -> Digest {
    wish.map_or(Digest::Sha256, |wish| wish.digest)
}

/// Reads under the keys and the terms that are agreed with the partner.
fn under<T>(
    envelope: &Envelope,
    limit_bytes: usize,
    read: impl FnOnce(Keys<'_>, Policy) -> T,
) -> T {
    let Envelope { station, partner, .. } = envelope;
    let demand = |must| if must { Demand::Required } else { Demand::Optional };
    let policy = Policy {
        signed: demand(partner.terms.require_signed),
        encrypted: demand(partner.terms.require_encrypted),
        legacy: if partner.terms.legacy { Legacy::Taken } else { Legacy::Refused },
        limit_bytes,
    };
    let own: Vec<_> = station.identities.iter().map(AsRef::as_ref).collect();
    let theirs: Vec<_> = partner.certificates.iter().collect();
    read(Keys { own: &own, partner: &theirs }, policy)
}

/// A partner speaks for itself alone: the senders inside are its own. What is too long to be
/// judged says nothing in anybody's name.
fn check(documents: &[Piece], partner: &Partner) -> Result<(), Broken> {
    for document in documents {
        let Piece::Held(bytes) = document else { continue };
        let interchanges = dialects::read(bytes).unwrap_or_default();
        if interchanges.iter().any(|it| !partner.bears(&it.sender())) {
            return Err(Broken::Unsupported(
                "a sender (ISA06 or UNB) that is not this partner's",
            ));
        }
    }
    Ok(())
}

/// The receipt of a message, if one is wanted.
pub(super) fn receipt(
    house: &House,
    envelope: &Envelope,
    wish: Option<&Wish>,
    read: &Result<Brought, Broken>,
) -> Result<Option<Vec<u8>>, Fault> {
    let Some(wish) = wish else { return Ok(None) };
    let (disposition, text, mic) = match read {
        Ok(read) => {
            let text = "It was taken and is kept. What is in it is answered apart.";
            (Disposition::Processed, text.to_owned(), Some(&read.mic))
        }
        Err(broken) => {
            let modifier = broken.modifier().to_owned();
            (Disposition::Error(modifier), broken.to_string(), None)
        }
    };
    let boundary = || format!("=_{}", Id::<kernel::As2Message>::mint());
    let [outer, inner] = [boundary(), boundary()];
    let receipt = Receipt {
        receiver: envelope.station.name.as_str(),
        message_id: &envelope.message_id,
        disposition: &disposition,
        mic,
        text: &text,
        product: "Entente",
        boundaries: [&outer, &inner],
    };
    let by = envelope.station.identities.first().filter(|_| wish.signed);
    let by = by.map(AsRef::as_ref);
    let at = house.clock.now().micros() / 1_000_000;
    let made = receipt.make(by.map(|by| (by, wish.digest)), at);
    let (kind, content) = made.map_err(Fault::new("making a receipt"))?;
    let mut whole = format!("Content-Type: {kind}\r\n\r\n").into_bytes();
    whole.extend(content);
    Ok(Some(whole))
}
