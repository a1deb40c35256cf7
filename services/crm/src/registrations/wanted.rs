//! What a registration says: as it is written, and as it is handed in. Pure.

use kernel::{Currency, Day};

use super::{
    CustomerKey, Flaw, KeyScheme,
    terms::{Terms, known},
};
use crate::{Given, accounts::rules};

/// What a partner has written so far. Nothing is missing from what is submitted.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Wanted {
    /// The customer's name; 1 to 200 characters, or none yet.
    pub customer: String,
    /// Its city, where that helps to tell it apart.
    pub city: Option<String>,
    /// What kind of key the customer is known by.
    pub key_scheme: Option<KeyScheme>,
    /// The key, as the partner wrote it.
    pub key_text: Option<String>,
    /// What shall be sold, of the vendor's product families.
    pub families: Vec<String>,
    /// Where, of the vendor's territories.
    pub territories: Vec<String>,
    /// What it may be worth, in minor units; above 0.
    pub amount_minor: Option<i64>,
    /// Of what.
    pub currency: Option<Currency>,
    /// The month in which it may be won.
    pub close_month: Option<Month>,
    /// In words; up to 2,000 characters.
    pub note: Option<String>,
}

/// A month of the calendar: `YYYY-MM`.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Month(Day);

impl Month {
    /// Reads one.
    ///
    /// # Errors
    /// [`Flaw`], if the calendar has no such month.
    pub fn read(text: &str) -> Result<Self, Flaw> {
        let why = "write the month as YYYY-MM";
        let first: Result<Day, _> = format!("{}-01", text.trim()).parse();
        first.map(Self).map_err(|_no_month| Flaw { field: "close_month", why })
    }

    /// The month of a day.
    pub fn of(day: Day) -> Option<Self> {
        let (year, month, _) = day.parts();
        Day::new(year, month, 1).map(Self)
    }

    /// As it is written.
    pub fn text(self) -> String {
        let (year, month, _) = self.0.parts();
        format!("{year:04}-{month:02}")
    }

    /// Its last day.
    pub fn last_day(self) -> Day {
        let next = Self::of(self.0.plus_days(31)).map_or(self.0, |month| month.0);
        next.plus_days(-1)
    }
}

/// Changes to some of the fields; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct WantedChanges {
    /// [`Wanted::customer`].
    pub customer: Given<String>,
    /// [`Wanted::city`].
    pub city: Given<String>,
    /// [`Wanted::key_scheme`].
    pub key_scheme: Given<KeyScheme>,
    /// [`Wanted::key_text`].
    pub key_text: Given<String>,
    /// [`Wanted::families`].
    pub families: Given<Vec<String>>,
    /// [`Wanted::territories`].
    pub territories: Given<Vec<String>>,
    /// [`Wanted::amount_minor`].
    pub amount_minor: Given<i64>,
    /// [`Wanted::currency`].
    pub currency: Given<Currency>,
    /// [`Wanted::close_month`].
    pub close_month: Given<String>,
    /// [`Wanted::note`].
    pub note: Given<String>,
}

impl WantedChanges {
    /// What is written after these changes.
    ///
    /// # Errors
    /// The first value that cannot even be kept in a draft.
    pub fn over(self, old: Wanted) -> Result<Wanted, Flaw> {
        let customer = text("customer", self.customer, Some(old.customer), 200)?;
        let amount = self.amount_minor.over(old.amount_minor);
        if amount.is_some_and(|minor| minor <= 0) {
            return Err(Flaw { field: "amount_minor", why: "an amount is above 0" });
        }
        Ok(Wanted {
            customer: customer.unwrap_or_default(),
            city: text("city", self.city, old.city, 100)?,
            key_scheme: self.key_scheme.over(old.key_scheme),
            key_text: text("key", self.key_text, old.key_text, 200)?,
            families: words("families", self.families, old.families)?,
            territories: words("territories", self.territories, old.territories)?,
            amount_minor: amount,
            currency: self.currency.over(old.currency),
            close_month: self
                .close_month
                .read(|text| Month::read(&text))?
                .over(old.close_month),
            note: text("note", self.note, old.note, 2_000)?,
        })
    }
}

fn text(
    field: &'static str,
    given: Given<String>,
    old: Option<String>,
    most: usize,
) -> Result<Option<String>, Flaw> {
    let text = given.over(old).map(|text| text.trim().to_owned());
    let text = text.filter(|text| !text.is_empty());
    let control = |letter: char| letter.is_control() && letter != '\n';
    let fits = |text: &String| text.chars().count() <= most && !text.contains(control);
    if text.as_ref().is_none_or(fits) {
        Ok(text)
    } else {
        Err(Flaw { field, why: "it is too long, or has control characters in it" })
    }
}

fn words(
    field: &'static str,
    given: Given<Vec<String>>,
    old: Vec<String>,
) -> Result<Vec<String>, Flaw> {
    let list = given.over(Some(old)).unwrap_or_default();
    if list.len() > 10 || list.iter().any(|word| word.chars().count() > 60) {
        return Err(Flaw { field, why: "name at most 10, of the vendor's list" });
    }
    Ok(list)
}

/// A registration that says everything, in the vendor's own words.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Claim {
    /// The customer's key.
    pub key: CustomerKey,
    /// The product families, as the vendor spells them; at least one.
    pub families: Vec<String>,
    /// The territories, as the vendor spells them; at least one.
    pub territories: Vec<String>,
}

impl Wanted {
    /// What is handed in, if nothing is missing.
    ///
    /// # Errors
    /// The first field that is missing or wrong, in the order of the form.
    pub fn complete(&self, terms: &Terms, today: Day) -> Result<Claim, Flaw> {
        let missing = |field, why| Flaw { field, why };
        rules::name(&self.customer)
            .map_err(|_flaw| missing("customer", "name the customer"))?;
        let (Some(scheme), Some(text)) = (self.key_scheme, &self.key_text) else {
            let why = "give the customer's domain, VAT number, GLN or D-U-N-S number";
            return Err(missing("key", why));
        };
        let key = CustomerKey::read(scheme, text)?;
        let families = known("families", &self.families, &terms.families)?;
        let territories = known("territories", &self.territories, &terms.territories)?;
        if self.amount_minor.is_none() || self.currency.is_none() {
            return Err(missing("amount_minor", "say what the deal may be worth"));
        }
        let why = "say in which month it may be won, this one or a later one";
        let month = self.close_month.filter(|month| Some(*month) >= Month::of(today));
        month.ok_or(missing("close_month", why))?;
        Ok(Claim { key, families, territories })
    }
}

/// The words that two lists have in common, however they are spelled, as the first writes them.
pub(super) fn overlap(one: &[String], two: &[String]) -> Vec<String> {
    let folded: Vec<String> = two.iter().map(|word| crate::fold(word)).collect();
    one.iter().filter(|word| folded.contains(&crate::fold(word))).cloned().collect()
}

#[cfg(test)]
mod tests {
    use kernel::{Currency, Day};

    use super::{Month, Wanted, WantedChanges, overlap};
    use crate::{
        Given,
        registrations::{KeyScheme, terms::Terms},
    };

    fn terms() -> Terms {
        let list = |words: &[&str]| words.iter().map(|it| (*it).to_owned()).collect();
        Terms {
            families: list(&["Pumps", "Valves"]),
            territories: list(&["Île-de-France", "Bremen"]),
            ..Terms::default()
        }
    }

    fn whole() -> Wanted {
        Wanted {
            customer: "Hafen Bremen".to_owned(),
            key_scheme: Some(KeyScheme::Domain),
            key_text: Some("www.Hafen.example".to_owned()),
            families: vec!["pumps".to_owned()],
            territories: vec!["ile de france".to_owned()],
            amount_minor: Some(1),
            currency: Some(Currency::EUR),
            close_month: Some(Month::read("2026-11").unwrap()),
            ..Wanted::default()
        }
    }

    #[test]
    fn what_is_missing_is_told_field_by_field() {
        let today = Day::new(2026, 11, 23).unwrap();
        let claim = whole().complete(&terms(), today).unwrap();
        assert_eq!(claim.families, ["Pumps"], "in the vendor's spelling");
        assert_eq!(claim.territories, ["Île-de-France"]);
        assert_eq!(claim.key.value, "hafen.example");
        let told = |wanted: Wanted| wanted.complete(&terms(), today).unwrap_err().field;
        assert_eq!(told(Wanted::default()), "customer");
        assert_eq!(told(Wanted { key_text: None, ..whole() }), "key");
        let odd = vec!["Doors".to_owned()];
        assert_eq!(told(Wanted { families: odd, ..whole() }), "families");
        assert_eq!(told(Wanted { territories: Vec::new(), ..whole() }), "territories");
        assert_eq!(told(Wanted { currency: None, ..whole() }), "amount_minor");
        let past = Month::read("2026-10").ok();
        assert_eq!(told(Wanted { close_month: past, ..whole() }), "close_month");
    }

    #[test]
    fn a_change_leaves_what_it_does_not_mention() {
        let changes = WantedChanges {
            city: Given::Value(" Bremen ".to_owned()),
            key_text: Given::Empty,
            ..WantedChanges::default()
        };
        let new = changes.over(whole()).unwrap();
        assert_eq!((new.city.as_deref(), new.key_text), (Some("Bremen"), None));
        assert_eq!(new.customer, "Hafen Bremen");
        let free = WantedChanges { amount_minor: Given::Value(0), ..Default::default() };
        assert_eq!(free.over(whole()).unwrap_err().field, "amount_minor");
    }

    #[test]
    fn a_month_ends_on_its_last_day() {
        for (month, last) in [
            ("2028-02", "2028-02-29"),
            ("2026-12", "2026-12-31"),
            ("2027-04", "2027-04-30"),
        ] {
            assert_eq!(Month::read(month).unwrap().last_day().to_string(), last);
        }
        assert!(Month::read("2026-13").is_err() && Month::read("soon").is_err());
    }

    #[test]
    fn lists_overlap_however_they_are_spelled() {
        let list = |words: &[&str]| -> Vec<String> {
            words.iter().map(|it| (*it).to_owned()).collect()
        };
        let both = overlap(&list(&["Pumps", "Valves"]), &list(&["VALVES", "Doors"]));
        assert_eq!(both, ["Valves"]);
    }
}
