//! The ledger as a file for accounting: two lines a posting, which sum to zero.

use gate::Scope;
use kernel::{Currency, Fault, Fund, Id};
use store::Conn;

use super::{
    Refusal,
    ledger::{self, Row},
    sql,
};

/// How many postings are read at once.
const CHUNK: i64 = 1_000;

/// All postings of a fund: comma-separated, with what a spreadsheet would take for a formula made
/// harmless. Amounts are in units of the currency, with a point.
///
/// # Errors
/// [`Refusal::NotFound`], unless it is the acting organisation's fund.
pub(super) async fn csv(
    conn: &mut Conn,
    scope: Scope,
    id: Id<Fund>,
) -> Result<String, Refusal> {
    let fund = sql::one(conn, scope.organisation(), id).await?;
    let fund = fund.ok_or(Refusal::NotFound)?;
    let doing = "writing a ledger as a file";
    let broken = |error: csv::Error| Fault::new(doing)(error);
    let mut file = csv::Writer::from_writer(Vec::new());
    let head = [
        "posting",
        "at",
        "cause",
        "account",
        "partner",
        "request",
        "amount",
        "currency",
        "reference",
        "person",
    ];
    file.write_record(head).map_err(broken)?;
    let mut after = 0;
    loop {
        let own = scope.organisation();
        let rows = ledger::postings(conn, own, (id, after), CHUNK).await?;
        let Some(last) = rows.last() else { break };
        after = last.seq;
        for row in &rows {
            for record in lines(row, fund.currency) {
                file.write_record(record.iter().map(|it| harmless(it)))
                    .map_err(broken)?;
            }
        }
    }
    let bytes = file.into_inner().map_err(csv::IntoInnerError::into_error);
    let bytes = bytes.map_err(Fault::new(doing))?;
    String::from_utf8(bytes).map_err(|error| Fault::new(doing)(error).into())
}

fn lines(row: &Row, currency: Currency) -> [[String; 10]; 2] {
    let line = |account: ledger::Account, minor: i64| {
        [
            row.seq.to_string(),
            row.at.to_string(),
            row.kind.word().to_owned(),
            account.word().to_owned(),
            row.partner_name.clone().unwrap_or_default(),
            row.request_title.clone().unwrap_or_default(),
            amount(minor, currency.digits()),
            currency.to_string(),
            row.reference.clone(),
            row.person_name.clone().unwrap_or_default(),
        ]
    };
    [line(row.from_account, -row.minor), line(row.to_account, row.minor)]
}

/// Minor units as accounting programs read them: `-1234.50`.
fn amount(minor: i64, digits: u32) -> String {
    let (sign, whole) = (if minor < 0 { "-" } else { "" }, minor.unsigned_abs());
    let unit = 10_u64.pow(digits);
    if digits == 0 {
        return format!("{sign}{whole}");
    }
    let width = usize::try_from(digits).unwrap_or(2);
    format!("{sign}{}.{:0width$}", whole / unit, whole % unit)
}

/// What begins like a formula is made a text; a plain number below zero is none.
fn harmless(text: &str) -> String {
    let number = |it: &str| {
        let digits = it.strip_prefix('-').unwrap_or(it);
        !digits.is_empty() && digits.chars().all(|it| it.is_ascii_digit() || it == '.')
    };
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !number(text) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{amount, harmless};

    #[test]
    fn amounts_are_written_for_programs() {
        assert_eq!(amount(-350_000, 2), "-3500.00");
        assert_eq!(amount(5, 2), "0.05");
        assert_eq!(amount(-7, 3), "-0.007");
        assert_eq!(amount(1_200, 0), "1200");
    }

    #[test]
    fn no_cell_is_a_formula_and_no_amount_a_text() {
        assert_eq!(harmless("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(harmless("-1+2"), "'-1+2");
        assert_eq!(harmless("@SUM"), "'@SUM");
        assert_eq!(harmless("-3500.00"), "-3500.00");
        assert_eq!(harmless("Atelier"), "Atelier");
    }
}
