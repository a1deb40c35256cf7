//! What an account's fields may be. Pure.

use crate::Given;

/// The fields that can be shared, one by one.
pub const FIELDS: [&str; 8] =
    ["name", "domain", "vat", "city", "country", "segment", "discount_bp", "notes"];

/// Why a value was refused.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{why}")]
pub struct Flaw {
    /// The field, as in [`FIELDS`].
    pub field: &'static str,
    /// What is wrong, and what would be right.
    pub why: &'static str,
}

/// An account's fields, read into what cannot be wrong.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Fields {
    /// Its name; 1 to 200 characters.
    pub name: String,
    /// Its mail domain, bare and in lower case: `acme.example`.
    pub domain: Option<String>,
    /// Its VAT number, without blanks.
    pub vat: Option<String>,
    /// Its city.
    pub city: Option<String>,
    /// Its country by ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// A word of the organisation's own for what kind of customer it is.
    pub segment: Option<String>,
    /// Its discount in basis points, 0 to 10,000.
    pub discount_bp: Option<i64>,
    /// Notes; up to 10,000 characters.
    pub notes: Option<String>,
}

impl Fields {
    /// The fields whose values are others in `new`.
    pub(super) fn differing(&self, new: &Self) -> Vec<&'static str> {
        let differs = [
            self.name != new.name,
            self.domain != new.domain,
            self.vat != new.vat,
            self.city != new.city,
            self.country != new.country,
            self.segment != new.segment,
            self.discount_bp != new.discount_bp,
            self.notes != new.notes,
        ];
        let each = FIELDS.into_iter().zip(differs);
        each.filter(|(_, differs)| *differs).map(|(field, _)| field).collect()
    }
}

/// Changes to some of the fields.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Changes {
    /// [`Fields::name`]; it cannot be emptied.
    pub name: Given<String>,
    /// [`Fields::domain`].
    pub domain: Given<String>,
    /// [`Fields::vat`].
    pub vat: Given<String>,
    /// [`Fields::city`].
    pub city: Given<String>,
    /// [`Fields::country`].
    pub country: Given<String>,
    /// [`Fields::segment`].
    pub segment: Given<String>,
    /// [`Fields::discount_bp`].
    pub discount_bp: Given<i64>,
    /// [`Fields::notes`].
    pub notes: Given<String>,
}

impl Changes {
    /// The fields it speaks of.
    pub fn fields(&self) -> Vec<&'static str> {
        let given = [
            self.name.is_given(),
            self.domain.is_given(),
            self.vat.is_given(),
            self.city.is_given(),
            self.country.is_given(),
            self.segment.is_given(),
            self.discount_bp.is_given(),
            self.notes.is_given(),
        ];
        let each = FIELDS.into_iter().zip(given);
        each.filter(|(_, given)| *given).map(|(field, _)| field).collect()
    }

    /// The fields after these changes.
    ///
    /// # Errors
    /// The first flaw, in the order of [`FIELDS`].
    pub fn over(self, old: Fields) -> Result<Fields, Flaw> {
        Ok(Fields {
            name: match self.name {
                Given::Absent => old.name,
                Given::Empty => return Err(NAMELESS),
                Given::Value(text) => name(&text)?,
            },
            domain: text(self.domain, old.domain, domain)?,
            vat: text(self.vat, old.vat, vat)?,
            city: text(self.city, old.city, city)?,
            country: text(self.country, old.country, country)?,
            segment: text(self.segment, old.segment, segment)?,
            discount_bp: self.discount_bp.read(discount)?.over(old.discount_bp),
            notes: text(self.notes, old.notes, notes)?,
        })
    }
}

const NAMELESS: Flaw = Flaw { field: "name", why: "an account has a name" };

/// A text field after a change; what is blank is empty.
fn text(
    given: Given<String>,
    old: Option<String>,
    read: impl FnOnce(&str) -> Result<String, Flaw>,
) -> Result<Option<String>, Flaw> {
    match given {
        Given::Absent => Ok(old),
        Given::Empty => Ok(None),
        Given::Value(text) if text.trim().is_empty() => Ok(None),
        Given::Value(text) => read(text.trim()).map(Some),
    }
}

fn bounded(
    field: &'static str,
    text: &str,
    most: usize,
    why: &'static str,
) -> Result<String, Flaw> {
    let clean = text.trim().replace("\r\n", "\n");
    let control = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t');
    if clean.chars().count() > most || clean.contains(control) {
        return Err(Flaw { field, why });
    }
    Ok(clean)
}

/// Reads a name.
///
/// # Errors
/// If it is blank or too long.
pub fn name(text: &str) -> Result<String, Flaw> {
    let read = bounded("name", text, 200, "a name has 1 to 200 characters")?;
    if read.is_empty() { Err(NAMELESS) } else { Ok(read) }
}

/// Reads a domain, also from the address of a web page or of a mailbox.
///
/// # Errors
/// If there is no domain in it.
pub fn domain(text: &str) -> Result<String, Flaw> {
    let refused = Flaw { field: "domain", why: "write a domain such as acme.example" };
    let lower = text.trim().to_lowercase();
    let bare = lower.split_once("://").map_or(lower.as_str(), |(_, rest)| rest);
    let host = bare.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let host = host.split_once(':').map_or(host, |(host, _port)| host);
    let host = host.strip_prefix("www.").unwrap_or(host).trim_end_matches('.');
    let good_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|letter| letter.is_alphanumeric() || letter == '-')
    };
    let good = host.len() <= 253 && host.contains('.') && host.split('.').all(good_label);
    if good { Ok(host.to_owned()) } else { Err(refused) }
}

/// Reads a VAT number: 4 to 20 letters and digits, once blanks, dots and dashes are gone.
///
/// # Errors
/// If it has other characters or another length.
pub fn vat(text: &str) -> Result<String, Flaw> {
    let kept = text.chars().filter(|letter| !matches!(letter, ' ' | '.' | '-'));
    let bare = kept.collect::<String>().to_uppercase();
    let good = (4..=20).contains(&bare.len())
        && bare.chars().all(|letter| letter.is_ascii_alphanumeric());
    let why = "a VAT number has 4 to 20 letters and digits";
    if good { Ok(bare) } else { Err(Flaw { field: "vat", why }) }
}

/// Reads a city.
///
/// # Errors
/// If it is too long.
pub fn city(text: &str) -> Result<String, Flaw> {
    bounded("city", text, 100, "a city has up to 100 characters")
}

/// Reads a segment.
///
/// # Errors
/// If it is too long.
pub fn segment(text: &str) -> Result<String, Flaw> {
    bounded("segment", text, 60, "a segment has up to 60 characters")
}

/// Reads notes.
///
/// # Errors
/// If they are too long.
pub fn notes(text: &str) -> Result<String, Flaw> {
    bounded("notes", text, 10_000, "notes have up to 10,000 characters")
}

/// Reads a country's code.
///
/// # Errors
/// If no country has it.
pub fn country(text: &str) -> Result<String, Flaw> {
    let code = text.trim().to_uppercase();
    let known = code.len() == 2 && COUNTRIES.split(' ').any(|known| known == code);
    let why = "use two letters of ISO 3166-1, such as FR";
    if known { Ok(code) } else { Err(Flaw { field: "country", why }) }
}

/// Source: ISO 3166-1 alpha-2, officially assigned.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG \
    BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV \
    CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH \
    GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM \
    JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG \
    MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM \
    PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK \
    SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM \
    US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

const DISCOUNT: Flaw = Flaw {
    field: "discount_bp",
    why: "a discount is 0 to 10000 basis points (1250 is 12.5 %)",
};

/// Reads a discount in basis points.
///
/// # Errors
/// If it is negative or above 10,000.
pub fn discount(basis_points: i64) -> Result<i64, Flaw> {
    if (0..=10_000).contains(&basis_points) { Ok(basis_points) } else { Err(DISCOUNT) }
}

/// Reads a discount as people write it: `1250` (basis points), `12.5%` or `12,5 %`.
///
/// # Errors
/// If it is neither.
pub fn discount_text(text: &str) -> Result<i64, Flaw> {
    let trimmed = text.trim();
    let Some(percent) = trimmed.strip_suffix('%') else {
        return discount(trimmed.parse().map_err(|_not_a_number| DISCOUNT)?);
    };
    let percent = percent.trim_end();
    let (whole, part) = percent.split_once(['.', ',']).unwrap_or((percent, "0"));
    let digits = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
    if !digits(whole)
        || !digits(part)
        || whole.is_empty()
        || !(1..=2).contains(&part.len())
    {
        return Err(DISCOUNT);
    }
    let whole: i64 = whole.parse().map_err(|_too_long| DISCOUNT)?;
    let hundredths: i64 = format!("{part:0<2}").parse().map_err(|_too_long| DISCOUNT)?;
    discount(whole.saturating_mul(100).saturating_add(hundredths))
}

#[cfg(test)]
mod tests {
    use super::{Changes, Fields, country, discount_text, domain, name, vat};
    use crate::Given;

    #[test]
    fn a_domain_is_read_from_what_people_paste() {
        for text in [
            "acme.example",
            "https://www.ACME.example/contact?x=1",
            "Jo@acme.example",
            "acme.example:443",
        ] {
            assert_eq!(domain(text).unwrap(), "acme.example", "{text}");
        }
        for text in ["acme", "", "a b.example", "-.example", "http://"] {
            assert!(domain(text).is_err(), "{text}");
        }
    }

    #[test]
    fn codes_are_cleaned_and_checked() {
        assert_eq!(vat("fr 12 345.678-901").unwrap(), "FR12345678901");
        assert!(vat("FR?").is_err());
        assert_eq!(country("fr").unwrap(), "FR");
        assert!(
            country("XX").is_err() && country("R ").is_err() && country("D E").is_err()
        );
        assert!(name("  ").is_err() && name(&"x".repeat(201)).is_err());
    }

    #[test]
    fn a_discount_is_basis_points_or_percent() {
        for (text, basis_points) in
            [("1250", 1250), ("12.5%", 1250), ("12,5 %", 1250), ("7%", 700), ("0.05%", 5)]
        {
            assert_eq!(discount_text(text), Ok(basis_points), "{text}");
        }
        for text in
            ["12.5", "-1", "100.01%", "x%", "%", "1.234%", "99999999999999999999%"]
        {
            assert!(discount_text(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_change_leaves_what_it_does_not_mention() {
        let old = Fields {
            name: "Acme".to_owned(),
            city: Some("Lyon".to_owned()),
            segment: Some("gold".to_owned()),
            ..Fields::default()
        };
        let changes = Changes {
            city: Given::Empty,
            segment: Given::Value("  ".to_owned()),
            notes: Given::Value("call".to_owned()),
            ..Changes::default()
        };
        assert_eq!(changes.fields(), ["city", "segment", "notes"]);
        let new = changes.over(old).unwrap();
        assert_eq!((new.name.as_str(), new.city, new.segment), ("Acme", None, None));
        assert_eq!(new.notes.as_deref(), Some("call"));
        let nameless = Changes { name: Given::Empty, ..Changes::default() };
        assert!(nameless.over(Fields::default()).is_err());
    }
}
