//! A file of accounts, read row by row. Pure.

use std::collections::{BTreeMap, HashSet};

use crate::{
    accounts::{FIELDS, Fields, Flaw, rules},
    fold,
};

/// The largest file, in bytes.
pub const LIMIT_BYTES: usize = 5 * 1024 * 1024;
/// The most rows of a file.
const LIMIT_ROWS: i64 = 100_000;
/// The most faults that are told; all are counted.
const LIMIT_TOLD: usize = 1000;

/// Why a file was refused as a whole.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum FileFlaw {
    /// It is too large.
    #[error("a file has up to 5 MB and 100,000 rows; split it")]
    TooLarge,
    /// It has no header.
    #[error("the first line must name the columns")]
    NoHeader,
    /// The mapping names a field that accounts do not have.
    #[error("`{0}` is no field of an account")]
    UnknownField(String),
    /// The mapping says nothing of the name.
    #[error("say which column holds the name")]
    NameUnmapped,
    /// The mapping names a column that the file does not have.
    #[error("the file has no column `{0}`")]
    NoColumn(String),
}

/// What is wrong with one value, told where it stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fault {
    /// The row as a spreadsheet counts: the header is row 1.
    pub row: i64,
    /// The column's name in the file.
    pub column: String,
    /// The value, as it stands there.
    pub value: String,
    /// What is wrong, and what would be right.
    pub message: &'static str,
}

/// A row that makes an account.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Row {
    /// The account.
    pub fields: Fields,
    /// Its folded name: one of two keys by which duplicates are known.
    pub key: String,
    /// What stands in the columns that the caller asked for besides.
    pub beside: BTreeMap<&'static str, String>,
}

/// A file that was read.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Sheet {
    /// How many rows it has, without header and empty ones.
    pub rows: i64,
    /// The good ones.
    pub good: Vec<Row>,
    /// What is wrong with the others; the first thousand.
    pub faults: Vec<Fault>,
    /// How many values are wrong.
    pub fault_count: i64,
}

/// Reads a file of accounts: comma, semicolon or tab between values, any line ending, with or
/// without a byte order mark. `mapping` says for each field of an account which column has it.
///
/// # Errors
/// [`FileFlaw`], if the file or the mapping makes no sense as a whole.
pub fn read(text: &str, mapping: &BTreeMap<String, String>) -> Result<Sheet, FileFlaw> {
    read_beside(text, mapping, &[])
}

/// The same, with columns that are no fields of an account: they are kept as they stand.
///
/// # Errors
/// [`FileFlaw`], as above.
pub(crate) fn read_beside(
    text: &str,
    mapping: &BTreeMap<String, String>,
    beside: &[&'static str],
) -> Result<Sheet, FileFlaw> {
    if text.len() > LIMIT_BYTES {
        return Err(FileFlaw::TooLarge);
    }
    let text = text.trim_start_matches('\u{feff}');
    let (delimiter, text) = delimiter(text);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let header: Vec<String> = match reader.headers() {
        Ok(header) => header.iter().map(str::to_owned).collect(),
        Err(_unreadable) => return Err(FileFlaw::NoHeader),
    };
    if header.iter().all(String::is_empty) {
        return Err(FileFlaw::NoHeader);
    }
    let columns = columns(&header, mapping, beside)?;
    let mut sheet = Sheet::default();
    let mut row = 1;
    for record in reader.records() {
        row += 1;
        let Ok(record) = record else { continue };
        if record.iter().all(str::is_empty) {
            continue;
        }
        sheet.rows += 1;
        if sheet.rows > LIMIT_ROWS {
            return Err(FileFlaw::TooLarge);
        }
        sheet.take(row, &record, &header, &columns);
    }
    Ok(sheet)
}

/// A field of accounts, and the column that has it.
struct Column {
    field: &'static str,
    /// Whether it is no field of an account.
    beside: bool,
    at: usize,
    name: String,
}

impl Sheet {
    fn take(
        &mut self,
        row: i64,
        record: &csv::StringRecord,
        header: &[String],
        columns: &[Column],
    ) {
        let (mut fields, mut beside) = (Fields::default(), BTreeMap::new());
        let before = self.fault_count;
        if record.len() > header.len() {
            let extra = record.get(header.len()).unwrap_or_default();
            let message = "the row has more values than the header has columns";
            self.fault(row, "", extra, message);
        }
        for column in columns {
            let value = record.get(column.at).unwrap_or_default();
            let set = if value.contains('\u{fffd}') {
                let why = "this is not readable; save the file as UTF-8";
                Err(Flaw { field: column.field, why })
            } else if column.beside {
                beside.insert(column.field, value.to_owned());
                Ok(())
            } else {
                set(&mut fields, column.field, value)
            };
            if let Err(flaw) = set {
                self.fault(row, &column.name, value, flaw.why);
            }
        }
        if self.fault_count == before {
            let key = fold(&fields.name);
            self.good.push(Row { fields, key, beside });
        }
    }

    fn fault(&mut self, row: i64, column: &str, value: &str, message: &'static str) {
        self.fault_count += 1;
        if self.faults.len() < LIMIT_TOLD {
            let value = value.chars().take(200).collect();
            self.faults.push(Fault { row, column: column.to_owned(), value, message });
        }
    }
}

/// Which character stands between values. Spreadsheets may say so in a first line of its own.
fn delimiter(text: &str) -> (u8, &str) {
    let (line, rest) = text.split_once(['\n', '\r']).unwrap_or((text, ""));
    let told = line.trim().strip_prefix("sep=").and_then(|told| told.bytes().next());
    if let Some(told) = told.filter(u8::is_ascii) {
        return (told, rest.trim_start_matches('\n'));
    }
    let mut quoted = false;
    let (mut commas, mut semicolons, mut tabs) = (0, 0, 0);
    for byte in line.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b',' if !quoted => commas += 1,
            b';' if !quoted => semicolons += 1,
            b'\t' if !quoted => tabs += 1,
            _ => {}
        }
    }
    let best = if semicolons > commas && semicolons >= tabs {
        b';'
    } else if tabs > commas {
        b'\t'
    } else {
        b','
    };
    (best, text)
}

fn columns(
    header: &[String],
    mapping: &BTreeMap<String, String>,
    beside: &[&'static str],
) -> Result<Vec<Column>, FileFlaw> {
    let mut columns = Vec::new();
    for (field, name) in mapping.iter().filter(|(_, name)| !name.trim().is_empty()) {
        let mut known = FIELDS.into_iter().chain(beside.iter().copied());
        let known = known.find(|known| known == field);
        let short = |text: &str| text.chars().take(100).collect::<String>();
        let field = known.ok_or_else(|| FileFlaw::UnknownField(short(field)))?;
        let name = name.trim();
        let exact = header.iter().position(|column| column == name);
        let at =
            exact.or_else(|| header.iter().position(|column| fold(column) == fold(name)));
        let at = at.ok_or_else(|| FileFlaw::NoColumn(short(name)))?;
        let beside = beside.contains(&field);
        columns.push(Column { field, beside, at, name: name.to_owned() });
    }
    if !columns.iter().any(|column| column.field == "name") {
        return Err(FileFlaw::NameUnmapped);
    }
    Ok(columns)
}

fn set(fields: &mut Fields, field: &str, value: &str) -> Result<(), Flaw> {
    if field == "name" {
        fields.name = rules::name(value)?;
        return Ok(());
    }
    if value.is_empty() {
        return Ok(());
    }
    match field {
        "domain" => fields.domain = Some(rules::domain(value)?),
        "vat" => fields.vat = Some(rules::vat(value)?),
        "city" => fields.city = Some(rules::city(value)?),
        "country" => fields.country = Some(rules::country(value)?),
        "segment" => fields.segment = Some(rules::segment(value)?),
        "discount_bp" => fields.discount_bp = Some(rules::discount_text(value)?),
        "notes" => fields.notes = Some(rules::notes(value)?),
        _ => {}
    }
    Ok(())
}

/// Domains of mailboxes for everybody: two customers that share one are not the same.
const FREE_MAIL: [&str; 12] = [
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "yahoo.com",
    "yahoo.fr",
    "icloud.com",
    "gmx.de",
    "web.de",
    "orange.fr",
    "proton.me",
];

/// The domain of a row, where it tells customers apart.
pub(super) fn own_domain(fields: &Fields) -> Option<&str> {
    fields.domain.as_deref().filter(|domain| !FREE_MAIL.contains(domain))
}

/// Leaves out rows whose name or domain is known, or stood in an earlier row; tells how many.
pub(super) fn without_duplicates(
    rows: Vec<Row>,
    mut names: HashSet<String>,
    mut domains: HashSet<String>,
) -> (Vec<Row>, i64) {
    let mut duplicates = 0;
    let mut fresh = Vec::with_capacity(rows.len());
    for row in rows {
        let domain = own_domain(&row.fields).map(str::to_owned);
        let known = names.contains(&row.key)
            || domain.as_ref().is_some_and(|domain| domains.contains(domain));
        if known {
            duplicates += 1;
            continue;
        }
        names.insert(row.key.clone());
        domains.extend(domain);
        fresh.push(row);
    }
    (fresh, duplicates)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashSet};

    use super::{FileFlaw, LIMIT_BYTES, Sheet, read, without_duplicates};

    fn mapping(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(field, column)| ((*field).into(), (*column).into())).collect()
    }

    fn names(sheet: &Sheet) -> Vec<&str> {
        sheet.good.iter().map(|row| row.fields.name.as_str()).collect()
    }

    #[test]
    fn a_file_is_read_whatever_wrote_it() {
        let map = mapping(&[("name", "Company name"), ("city", "City")]);
        for text in [
            "Company name,City\nAcme,Lyon\n\"Borel, fils\",Nice\n",
            "\u{feff}Company name;City\r\nAcme;Lyon\r\n\"Borel, fils\";Nice\r\n",
            "Company name\tCity\rAcme\tLyon\rBorel, fils\tNice\r",
            "sep=;\r\nCompany name;City\r\n Acme ;Lyon\r\n\r\n;\r\nBorel, fils;Nice",
            "company NAME,city\nAcme,Lyon\n\"Borel, fils\",Nice",
        ] {
            let sheet = read(text, &map).unwrap();
            assert_eq!(names(&sheet), ["Acme", "Borel, fils"], "{text:?}");
            assert_eq!((sheet.rows, sheet.fault_count), (2, 0), "{text:?}");
            assert_eq!(sheet.good[0].fields.city.as_deref(), Some("Lyon"));
        }
    }

    #[test]
    fn faults_are_told_where_they_stand() {
        let map =
            mapping(&[("name", "Name"), ("country", "Land"), ("discount_bp", "Rabatt")]);
        let text = "Name;Land;Rabatt\nAcme;France;5\n;FR;1\nBorel;FR;12,5%\nCo;FR;200%\nX\u{fffd};;\nA;FR;1;9\n";
        let sheet = read(text, &map).unwrap();
        let told: Vec<_> = sheet
            .faults
            .iter()
            .map(|fault| (fault.row, fault.column.as_str(), fault.value.as_str()))
            .collect();
        let expected = [
            (2, "Land", "France"),
            (3, "Name", ""),
            (5, "Rabatt", "200%"),
            (6, "Name", "X\u{fffd}"),
            (7, "", "9"),
        ];
        assert_eq!(told, expected);
        assert_eq!(names(&sheet), ["Borel"]);
        assert_eq!(sheet.good[0].fields.discount_bp, Some(1250));
    }

    #[test]
    fn a_file_or_mapping_without_sense_is_refused_as_a_whole() {
        let map = mapping(&[("name", "Name")]);
        assert_eq!(read("", &map), Err(FileFlaw::NoHeader));
        assert_eq!(read("Name\n", &mapping(&[])), Err(FileFlaw::NameUnmapped));
        let margin = mapping(&[("margin", "Name"), ("name", "Name")]);
        assert_eq!(
            read("Name\n", &margin),
            Err(FileFlaw::UnknownField("margin".to_owned()))
        );
        assert_eq!(read("Firma\n", &map), Err(FileFlaw::NoColumn("Name".to_owned())));
        assert_eq!(read(&"x".repeat(LIMIT_BYTES + 1), &map), Err(FileFlaw::TooLarge));
    }

    #[test]
    fn the_same_name_or_domain_is_a_duplicate_but_not_free_mail() {
        let map = mapping(&[("name", "n"), ("domain", "d")]);
        let text = "n,d\nAcme,acme.example\nACME,\nOther,www.acme.example\nKnown,\nA,gmail.com\nB,gmail.com\n";
        let rows = read(text, &map).unwrap().good;
        let known = HashSet::from(["known".to_owned()]);
        let (fresh, duplicates) = without_duplicates(rows, known, HashSet::new());
        let left: Vec<_> = fresh.iter().map(|row| row.fields.name.as_str()).collect();
        assert_eq!((left, duplicates), (vec!["Acme", "A", "B"], 3));
    }
}
