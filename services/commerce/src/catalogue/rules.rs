//! What a product says. Pure.

use std::collections::BTreeMap;

use directory::Locale;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A product, as it is written.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductWords {
    /// The seller's number for it, at most 40 characters; no two products have the same.
    pub sku: String,
    /// Its GTIN of 8, 12, 13 or 14 digits, the last of which is the check digit.
    pub gtin: Option<String>,
    /// Its names by language (`en`, `fr`, `es`); at least one, each at most 200 characters.
    pub names: BTreeMap<String, String>,
    /// The family that it belongs to, at most 60 characters.
    #[serde(default)]
    pub family: String,
    /// The unit in which it is sold, of UN/ECE recommendation 20.
    pub unit: String,
    /// How many units a pack holds, in decimals.
    pub pack: Option<String>,
    /// Whether it is sold now.
    #[serde(default = "yes")]
    pub active: bool,
}

const fn yes() -> bool {
    true
}

/// Why a product makes no sense: the field, and the way out.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{field}: {why}")]
pub struct ProductFlaw {
    /// Which field.
    pub field: &'static str,
    /// What is wrong, and what would be right.
    pub why: String,
}

fn flaw<T>(field: &'static str, why: impl Into<String>) -> Result<T, ProductFlaw> {
    Err(ProductFlaw { field, why: why.into() })
}

fn line(field: &'static str, text: &str, most: usize) -> Result<String, ProductFlaw> {
    let text = text.trim();
    if text.chars().count() > most || text.contains(char::is_control) {
        return flaw(field, format!("say it in one line of at most {most} characters"));
    }
    Ok(text.to_owned())
}

impl ProductWords {
    /// Reads a product: trimmed, its GTIN and its pack checked.
    ///
    /// # Errors
    /// [`ProductFlaw`], with the field.
    pub fn read(self) -> Result<Self, ProductFlaw> {
        let sku = line("sku", &self.sku, 40)?;
        if sku.is_empty() {
            return flaw("sku", "a product has a number");
        }
        let mut names = BTreeMap::new();
        for (language, name) in &self.names {
            if language.parse::<Locale>().is_err() {
                return flaw("names", format!("`{language}` is none of en, fr and es"));
            }
            let name = line("names", name, 200)?;
            if !name.is_empty() {
                names.insert(language.clone(), name);
            }
        }
        if names.is_empty() {
            return flaw("names", "name it in one language at least");
        }
        let gtin = self.gtin.as_deref().map(str::trim).filter(|it| !it.is_empty());
        if let Some(gtin) = gtin.filter(|it| !is_gtin(it)) {
            let why = "has 8, 12, 13 or 14 digits, the last of which checks the others";
            return flaw("gtin", format!("`{gtin}` is none: it {why}"));
        }
        let unit = self.unit.trim().to_owned();
        if !trade::is_unit(&unit) {
            let why =
                "is no unit of UN/ECE recommendation 20 that we know, such as EA or KGM";
            return flaw("unit", format!("`{unit}` {why}"));
        }
        let pack = self.pack.as_deref().map(str::trim).filter(|it| !it.is_empty());
        let holds =
            |text: &str| crate::orders::decimal(text).is_some_and(|it| !it.is_zero());
        if let Some(pack) = pack.filter(|it| !holds(it)) {
            return flaw("pack", format!("`{pack}` is no number of units such as 12"));
        }
        Ok(Self {
            sku,
            gtin: gtin.map(str::to_owned),
            names,
            family: line("family", &self.family, 60)?,
            unit,
            pack: pack.map(str::to_owned),
            active: self.active,
        })
    }

    /// What it is found by.
    pub(super) fn words(&self) -> String {
        let names = self.names.values().map(String::as_str);
        let all =
            [self.sku.as_str(), self.gtin.as_deref().unwrap_or_default(), &self.family];
        let all: Vec<&str> = all.into_iter().chain(names).collect();
        all.join("\n").to_lowercase()
    }
}

/// Whether a text is a GTIN with its check digit.
///
/// Source: GS1 General Specifications, § 7.9.1: from the right, digits weigh 1 and 3 by turns,
/// and their sum is a multiple of ten.
pub fn is_gtin(text: &str) -> bool {
    let digits: Option<Vec<u32>> = text.chars().map(|it| it.to_digit(10)).collect();
    let Some(digits) = digits.filter(|it| matches!(it.len(), 8 | 12 | 13 | 14)) else {
        return false;
    };
    let weights = [1, 3].into_iter().cycle();
    let sum: u32 =
        digits.iter().rev().zip(weights).map(|(digit, weight)| digit * weight).sum();
    sum.is_multiple_of(10)
}

/// A piece of text for `like … escape '!'`.
pub(crate) fn like(text: &str) -> String {
    let mut said = String::from("%");
    for letter in text.trim().to_lowercase().chars().take(100) {
        if matches!(letter, '%' | '_' | '!') {
            said.push('!');
        }
        said.push(letter);
    }
    said.push('%');
    said
}

#[cfg(test)]
mod tests {
    use super::{ProductWords, is_gtin, like};

    fn gate() -> ProductWords {
        ProductWords {
            sku: " GATE-48 ".to_owned(),
            gtin: Some("4006381333931".to_owned()),
            names: [("en".to_owned(), "Gate".to_owned())].into(),
            family: String::new(),
            unit: "EA".to_owned(),
            pack: Some("12".to_owned()),
            active: true,
        }
    }

    #[test]
    fn a_gtin_has_its_check_digit() {
        for good in ["4006381333931", "96385074", "036000291452", "10614141000415"] {
            assert!(is_gtin(good), "{good}");
            for (at, letter) in good.char_indices() {
                let other =
                    if letter == '9' { '0' } else { char::from(letter as u8 + 1) };
                let mut bad = good.to_owned();
                bad.replace_range(at..=at, &other.to_string());
                assert!(!is_gtin(&bad), "{bad}");
            }
        }
        assert!(!is_gtin("400638133393"));
        assert!(!is_gtin("40063813339３1"));
    }

    #[test]
    fn a_product_is_read_or_refused_by_its_field() {
        assert_eq!(gate().read().unwrap().sku, "GATE-48");
        let refused = |bad: ProductWords| bad.read().unwrap_err().field;
        assert_eq!(refused(ProductWords { sku: " ".into(), ..gate() }), "sku");
        assert_eq!(refused(ProductWords { gtin: Some("123".into()), ..gate() }), "gtin");
        assert_eq!(refused(ProductWords { unit: "each".into(), ..gate() }), "unit");
        assert_eq!(refused(ProductWords { pack: Some("0".into()), ..gate() }), "pack");
        let german = [("de".to_owned(), "Tor".to_owned())].into();
        assert_eq!(refused(ProductWords { names: german, ..gate() }), "names");
        assert_eq!(refused(ProductWords { names: [].into(), ..gate() }), "names");
    }

    #[test]
    fn a_search_has_no_signs_of_its_own() {
        assert_eq!(like("50%_!"), "%50!%!_!!%");
    }
}
