//! A revision of a quote for printing.

use gate::Permit;
use kernel::{Fault, Id, Quote};
use store::{Conn, Files};

use super::{ReadQuotes, Refusal, lines, paper, row::Row, sql, view};
use crate::sheets::Paper;

/// The document of a revision, of the last one that the reader may see unless told: of one
/// that was sent the very document that was, else what its seller has written so far.
pub(super) async fn sheet(
    conn: &mut Conn,
    files: &Files,
    permit: &Permit<ReadQuotes>,
    (quote, rev): (Id<Quote>, Option<i64>),
) -> Result<Paper, Refusal> {
    let organisation = permit.scope().organisation();
    let row = sql::one(conn, organisation, quote).await?.ok_or(Refusal::NotFound)?;
    let revisions = sql::revisions(conn, organisation, quote).await?;
    let last = revisions.iter().map(|it| it.rev).max();
    let found = revisions.into_iter().find(|it| Some(it.rev) == rev.or(last));
    let words = found.ok_or(Refusal::NotFound)?;
    if let Some(sha256) = words.sha256 {
        return Ok(Paper::kept(files, sha256).await?);
    }
    let kept = view::lines(&words)?;
    lines::complete(&kept, words.currency)?;
    let head = paper::Head {
        rev: words.rev,
        day: row.updated_at.day(),
        valid_until: words.valid_until,
        currency: words.currency,
        terms: &words.terms,
        ..head(&row)
    };
    let document = paper::document(head, &kept, words.total_minor);
    let broken = || Fault::broken("printing a quote", "it does not add up");
    Ok(Paper { document: document.ok_or_else(broken)?, sha256: None })
}

fn head(row: &Row) -> paper::Head<'_> {
    paper::Head {
        number: &row.number,
        rev: row.rev,
        day: row.updated_at.day(),
        seller: &row.seller_name,
        buyer: &row.buyer_name,
        asked: row.rfq_number.as_deref(),
        valid_until: row.valid_until,
        currency: row.currency,
        terms: "",
    }
}
