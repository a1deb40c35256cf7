//! UN/EDIFACT interchanges: bytes to values and back.
//!
//! [`read`] finds the interchanges of a file and their envelopes; [`check`] judges them against
//! the tables of D.96A and D.01B and the service segments of syntax 1 to 4; [`acknowledge`]
//! answers with CONTRL, and [`receipts`] reads a CONTRL that came in. [`Draft`] writes. No I/O, no
//! clock, no chance; no bytes make a reader panic.
#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod acknowledge;
mod asking;
mod check;
mod codes;
mod draft;
mod envelope;
mod receipt;
mod receipt_words;
mod totals;

pub use acknowledge::{Acknowledger, Objection, acknowledge, refuse};
pub use asking::ask_for_receipt;
pub use check::{check, check_under, read, release};
pub use draft::{Draft, Envelope, Stamp};
pub use envelope::{
    Edifact, Endpoint, Group, GroupHead, Header, Interchange, Message, MessageHead, Part,
    Stream,
};
pub use receipt::{
    Complaint, ElementComplaint, GroupReceipt, MessageReceipt, Receipt, receipts,
};
pub use segments::{
    Answer, Broken, Faults, Flaw, GroupVerdict, Judge, Language, Level, Marks, Place,
    Policy, Reaction, Rules, Scanner, Segment, SetVerdict, Unread, Verdict, Weight,
    Words, check_by,
};

/// What the fuzzer and the property tests both run: no bytes make a reader panic.
#[doc(hidden)]
pub fn reads_anything(bytes: &[u8]) {
    let Ok(interchanges) = read(bytes) else {
        return;
    };
    for interchange in &interchanges {
        let verdict = check(interchange);
        let stamp = Stamp { date: "20261122".into(), time: "1200".into() };
        drop(acknowledge(interchange, &verdict, "1", &stamp));
        drop(receipts(interchange));
    }
}
