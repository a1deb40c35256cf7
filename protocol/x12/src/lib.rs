//! ASC X12 interchanges: bytes to values and back.
//!
//! [`read`] finds the interchanges of a file and their envelopes; [`check`] judges them against
//! the tables; [`acknowledge`] answers with TA1 and 997. [`PurchaseOrder`] (850) and
//! [`OrderAnswer`] (855) are documents as plain values, [`Receipt`] is what a 997 or TA1 that
//! came in says. Nothing here does I/O, asks the clock or draws numbers: times and control numbers
//! are parameters. No bytes make a reader panic; what is wrong is a [`Broken`] with its place.
#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod acknowledge;
mod check;
mod codes;
mod documents;
mod draft;
mod envelope;
mod receipt;
mod receipt_words;
mod totals;

pub use acknowledge::{Acknowledger, Notice, acknowledge, acknowledge_with};
pub use check::{check, check_under, read, release};
pub use documents::{
    Answering, Contact, DateOf, Decision, LineAnswer, OrderAnswer, OrderLine, Party,
    Product, PurchaseOrder, Reference, write_850, write_855,
};
pub use draft::{Draft, Envelope, Field, Numbers, Stamp};
pub use envelope::{
    Endpoint, Group, GroupHead, Header, Interchange, Part, Set, Stream, Usage, X12,
};
pub use receipt::{
    Complaint, Context, ElementComplaint, GroupReceipt, Receipt, SetReceipt, receipts,
};
pub use segments::{
    Answer, Broken, Faults, Flaw, GroupVerdict, Judge, Language, Level, Marks, Place,
    Policy, Reaction, Release, Rules, Scanner, Segment, SetVerdict, Unread, Verdict,
    Weight, Words, check_by, facts,
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
        let numbers = Numbers { interchange: 1, group: 1, set: 1 };
        drop(acknowledge(interchange, &verdict, numbers, &stamp));
        drop(receipts(interchange));
        for set in interchange.sets() {
            drop(PurchaseOrder::read(set));
            drop(OrderAnswer::read(set));
        }
    }
}
