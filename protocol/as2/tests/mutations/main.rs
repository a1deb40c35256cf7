//! AS2 messages and receipts that were bitten, re-wrapped, stripped and mixed by somebody who knows
//! how they are made: none is taken for more than what its sender signed.
//!
//! A fixed part runs with the other tests; `cargo xtask fuzz` runs ten thousand.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::panic,
    reason = "a test that cannot set its scene has failed, and it tells what it saw"
)]

mod bite;
mod der;
mod hostile;
#[path = "../../../../tests/fuzz/mutate.rs"]
mod mutate;
mod scene;

use as2::{Answer, Demand, Digest, Keys, Legacy, Policy, Proof, receive};
use mutate::{Count, Draw};
use scene::{ACME, GLOBEX, SENT, TOLD};

/// A partner's messages must be signed; what was decompressed stays small.
const POLICY: Policy = Policy {
    signed: Demand::Required,
    encrypted: Demand::Optional,
    legacy: Legacy::Refused,
    limit_bytes: 1 << 20,
};

/// One in twenty of what `cargo xtask fuzz` asks for: a case costs a private RSA operation.
fn cases() -> u64 {
    let asked = mutate::cases(0);
    if asked == 0 { 600 } else { (asked / 20).max(1) }
}

/// A message is read: it is refused, or says what ACME signed, with the MIC of that.
fn judge_message(kind: &str, wire: &[u8], count: &mut Count) {
    let Ok(whole) = mime::entity(wire) else {
        return count.saw(format!("{kind}: refused, no entity"));
    };
    let (own, partner) = ([&*GLOBEX], [ACME.certificate()]);
    let keys = Keys { own: &own, partner: &partner };
    match receive(&whole.fields, whole.content, keys, POLICY, Digest::Sha256) {
        Err(broken) => count.saw(format!("{kind}: refused, {}", broken.modifier())),
        Ok(read) => {
            let [document] = read.documents.as_slice() else {
                panic!("{kind}: {} documents", read.documents.len());
            };
            let is_sent = |sent: &scene::Original| {
                sent.document == *document && sent.mic == read.mic
            };
            assert!(read.signed.is_some(), "{kind}: it is not signed");
            assert!(SENT.iter().any(is_sent), "{kind}: nobody sent {document:?}");
            let evidence = read.evidence.unwrap();
            assert!(
                as2::cms::verify(
                    &evidence.signature,
                    Some(&evidence.content),
                    &partner,
                    Legacy::Refused
                )
                .is_ok(),
                "{kind}: the evidence does not verify by itself"
            );
            count.saw(format!("{kind}: taken, and as it was sent"));
        }
    }
}

/// A receipt is read: it proves a delivery only where GLOBEX said so.
fn judge_receipt(kind: &str, wire: &[u8], count: &mut Count) {
    let Ok(whole) = mime::entity(wire) else {
        return count.saw(format!("receipt, {kind}: refused, no entity"));
    };
    let partner = [GLOBEX.certificate()];
    match Answer::read(&whole.fields, whole.content, &partner, Legacy::Refused) {
        Err(_) => count.saw(format!("receipt, {kind}: refused")),
        Ok(answer) => {
            let mut delivered = 0;
            for told in TOLD.iter() {
                if answer.proves(told.id, &told.mic, true) == Proof::Delivered {
                    assert!(told.delivers, "{kind}: nobody said that {} came", told.id);
                    delivered += 1;
                }
            }
            let what = if delivered == 0 { "proves nothing" } else { "as it was sent" };
            count.saw(format!("receipt, {kind}: {what}"));
        }
    }
}

/// The most that this process held, in bytes.
fn most_held() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes =
        line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
    kilobytes.unwrap_or(0_u64) * 1024
}

#[test]
fn mutations_of_messages_and_receipts_are_never_taken_for_more_than_was_signed() {
    // What was not bitten is taken: else refusing everything would do.
    let mut whole = Count::default();
    for sent in SENT.iter() {
        judge_message("whole", &sent.wire, &mut whole);
        judge_message("whole", &scene::encrypted(&sent.inner), &mut whole);
    }
    TOLD.iter().for_each(|told| judge_receipt("whole", &told.wire, &mut whole));
    assert_eq!(whole.seen["whole: taken, and as it was sent"], 14);
    assert_eq!(whole.seen["receipt, whole: as it was sent"], 1);

    let input = |case| {
        let mut draw = Draw::of(case);
        let is_receipt = draw.below(5) == 0;
        let (kind, wire) =
            if is_receipt { bite::receipt(&mut draw) } else { bite::message(&mut draw) };
        [&[u8::from(is_receipt), kind][..], &wire].concat()
    };
    mutate::run("as2", cases(), input, |bytes, count| {
        let (head, wire) = bytes.split_at(2);
        let mut kind = bite::KINDS[usize::from(head[1])];
        let same = SENT.iter().map(|sent| &sent.wire);
        let same = same.chain(SENT.iter().map(|sent| &sent.inner));
        if same.chain(TOLD.iter().map(|told| &told.wire)).any(|own| own == wire) {
            kind = "unchanged";
        }
        if head[0] == 1 {
            judge_receipt(kind, wire, count);
        } else {
            judge_message(kind, wire, count);
        }
    });

    let held = most_held();
    assert!(held < 256 << 20, "{held} bytes were held for messages of some kilobytes");
}
