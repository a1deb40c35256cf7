//! Prints the documents of a file as a person reads them, and their segments: `inspect FILE
//! [en|fr|es]`.

use std::error::Error;
use std::io::Write;
use std::{env, fs, io};

use trade::edi::{Language, inspect_in};

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = env::args().skip(1);
    let file = words.next().ok_or("give a file, and perhaps a language")?;
    let language = words.next().and_then(|tag| Language::read(&tag)).unwrap_or_default();
    let inspection = inspect_in(&fs::read(file)?, language)?;
    write!(io::stdout(), "{inspection:#}")?;
    Ok(())
}
