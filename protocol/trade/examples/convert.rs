//! Converts the documents of a file: `convert FILE TARGET FOLDER`.
//!
//! Writes one file for each document into the folder, and one for each answer to the file.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use trade::edi::{Numbering, Target, acknowledge, convert};

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = env::args().skip(1).collect();
    let [file, target, folder] = words.as_slice() else {
        return Err("give a file, x12, edifact or json (a release may follow: x12:005010), and a folder".into());
    };
    let target: Target = target.parse()?;
    let numbering = Numbering {
        interchange: 1,
        group: 1,
        set: 1,
        date: "20261122".into(),
        time: "1830".into(),
    };
    let bytes = fs::read(file)?;
    let name = Path::new(file).file_stem().unwrap_or_default().to_string_lossy();
    let conversion = convert(&bytes, target, &numbering)?;
    for (place, document) in conversion.documents.iter().enumerate() {
        let path = Path::new(folder).join(format!("{name}-{place}.converted"));
        fs::write(path, &document.bytes)?;
    }
    for (place, answer) in acknowledge(&bytes, &numbering)?.iter().enumerate() {
        fs::write(Path::new(folder).join(format!("{name}-{place}.answer")), answer)?;
    }
    Ok(())
}
