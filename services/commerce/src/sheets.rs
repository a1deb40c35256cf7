//! Papers as PDF, in the language of whoever asks.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use directory::{Locale, me};
use gate::{Problem, Scope};
use kernel::Fault;
use print::{Language, Seal, Sheet};
use serde::Deserialize;
use store::{Conn, Files};
use trade::Document;

/// How a sheet is wanted.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SheetAsk {
    /// In which language; in the reader's own unless told.
    pub(crate) lang: Option<Locale>,
}

/// What is printed.
#[derive(Clone, Debug)]
pub(crate) struct Paper {
    pub(crate) document: Document,
    /// The SHA-256 of the document's bytes; none of a draft.
    pub(crate) sha256: Option<String>,
}

impl Paper {
    /// The very document that is kept under a hash.
    pub(crate) async fn kept(files: &Files, sha256: String) -> Result<Self, Fault> {
        let bytes = files.read(sha256.parse()?).await?;
        let document = trade::from_json(&bytes);
        let document = document.map_err(Fault::new("reading a document that is kept"))?;
        Ok(Self { document, sha256: Some(sha256) })
    }
}

/// The language that was asked for, else that of the person who asks.
pub(crate) async fn language(
    conn: &mut Conn,
    scope: Scope,
    asked: Option<Locale>,
) -> Result<Language, Fault> {
    let locale = match asked {
        Some(locale) => locale,
        None => me::locale(conn, scope).await?,
    };
    Ok(match locale {
        Locale::En => Language::English,
        Locale::Fr => Language::French,
        Locale::Es => Language::Spanish,
    })
}

/// Prints, beside what else the process has to do.
pub(crate) async fn answer(
    paper: Paper,
    language: Language,
) -> Result<Response, Problem> {
    let doing = "printing a document";
    let name = file_name(&paper.document.number, paper.sha256.is_none());
    let print = move || {
        let seal = paper.sha256.as_deref().map_or(Seal::Draft, Seal::Sha256);
        print::pdf(&Sheet { document: &paper.document, language, seal })
    };
    let bytes = tokio::task::spawn_blocking(print).await.map_err(Fault::new(doing))?;
    let bytes = bytes.map_err(Fault::new(doing))?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.pdf\"")),
    ];
    Ok((headers, bytes).into_response())
}

/// A file's name of what a number has of plain letters.
fn file_name(number: &str, is_draft: bool) -> String {
    let plain = |it: char| if it.is_ascii_alphanumeric() { it } else { '-' };
    let name: String = number.chars().take(40).map(plain).collect();
    let name = name.trim_matches('-');
    let name = if name.is_empty() { "document" } else { name };
    if is_draft { format!("{name}-draft") } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn a_file_is_named_by_its_number_alone() {
        assert_eq!(file_name("Q-261123-7KD2A", false), "Q-261123-7KD2A");
        assert_eq!(file_name("../4\"5\n", true), "4-5-draft");
        assert_eq!(file_name("\u{202e}", false), "document");
    }
}
