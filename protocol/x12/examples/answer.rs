//! Answers the orders of a file: `answer ORDER.edi ACKNOWLEDGEMENT.edi ANSWER.edi`.
//!
//! Writes the 997 (or TA1) for the file and an 855 that accepts the first order that was taken.

use std::error::Error;
use std::{env, fs};

use x12::{Answer, Answering, Envelope, Numbers, PurchaseOrder, Stamp};

fn main() -> Result<(), Box<dyn Error>> {
    let files: Vec<String> = env::args().skip(1).collect();
    let [order, acknowledgement, answer] = files.as_slice() else {
        return Err("give three files: the order, the acknowledgement, the answer".into());
    };
    let bytes = fs::read(order)?;
    let all = x12::read(&bytes)?;
    let interchange = all.first().ok_or("the file is empty")?;
    let verdict = x12::check(interchange);
    let stamp = Stamp { date: "20261122".into(), time: "1830".into() };
    let numbers = Numbers { interchange: 1, group: 1, set: 1 };
    if let Some(bytes) = x12::acknowledge(interchange, &verdict, numbers, &stamp) {
        fs::write(acknowledgement, bytes)?;
    }
    for (place, group) in interchange.groups.iter().enumerate() {
        for (number, set) in group.sets.iter().enumerate() {
            let taken = verdict.answer_to(place, number) != Answer::Rejected;
            if taken && set.kind == "850" {
                let order = PurchaseOrder::read(set)?;
                let numbers = Numbers { interchange: 2, group: 2, set: 1 };
                let envelope = Envelope::answering(interchange, numbers, stamp.clone());
                fs::write(
                    answer,
                    x12::write_855(&order, &Answering::default(), &envelope),
                )?;
                return Ok(());
            }
        }
    }
    Ok(())
}
