//! Prints a document of `trade/1` from standard input: `print en < quote.json > quote.pdf`.

use std::io::{Error, Read, Write};

use print::{Seal, Sheet, pdf};
use segments::Language;

fn main() -> Result<(), Error> {
    let language = std::env::args().nth(1).and_then(|tag| Language::read(&tag));
    let mut json = Vec::new();
    std::io::stdin().read_to_end(&mut json)?;
    let document = trade::from_json(&json).map_err(Error::other)?;
    let language = language.unwrap_or_default();
    let sheet = Sheet { document: &document, language, seal: Seal::Draft };
    std::io::stdout().write_all(&pdf(&sheet).map_err(Error::other)?)
}
