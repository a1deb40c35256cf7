//! What a lead says, and how that is read. Pure.

use kernel::Currency;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Flaw, KeyScheme};
use crate::{Given, accounts::rules, contacts, keys::CustomerKey};

/// The fields that a partner may be shown, one by one. `size` is how much the amount is, roughly.
pub const FIELDS: [&str; 12] = [
    "company", "domain", "country", "region", "city", "contact", "source", "campaign",
    "family", "size", "amount", "note",
];

/// Those that may be shown before a partner accepts: none by which somebody can be reached.
pub const EARLY_FIELDS: [&str; 9] = [
    "company", "country", "region", "city", "source", "campaign", "family", "size",
    "amount",
];

/// Whether the contact agreed to be written to.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    Deserialize,
    Eq,
    PartialEq,
    Serialize,
    ToSchema,
    sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = LeadConsent)]
pub enum Consent {
    /// Nobody asked.
    #[default]
    Unknown,
    /// Yes.
    Given,
    /// No.
    Refused,
}

/// Where a lead came from.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    Deserialize,
    Eq,
    PartialEq,
    Serialize,
    ToSchema,
    sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = LeadSource)]
pub enum Source {
    /// Somebody wrote it down.
    #[default]
    Hand,
    /// A form on a web page.
    Web,
    /// A fair, a talk.
    Event,
    /// Somebody sent them.
    Referral,
    /// A file.
    Import,
    /// A program.
    Api,
}

/// What a lead says.
#[derive(Clone, Debug, Default, Eq, PartialEq, sqlx::FromRow)]
pub struct Lead {
    /// The company's name; 1 to 200 characters.
    pub company: String,
    /// Its domain, bare.
    pub domain: Option<String>,
    /// By ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// A word for the part of the country.
    pub region: Option<String>,
    /// Its city.
    pub city: Option<String>,
    /// Who asked there.
    pub contact_name: Option<String>,
    /// Their address, in lower case.
    pub contact_email: Option<String>,
    /// Their telephone.
    pub contact_phone: Option<String>,
    /// Whether they may be written to.
    pub consent: Consent,
    /// Where it came from.
    pub source: Source,
    /// The campaign's word.
    pub campaign: Option<String>,
    /// What is wanted, of the product families.
    pub family: Option<String>,
    /// In words; up to 2,000 characters.
    pub note: Option<String>,
    /// Minor units, above 0.
    pub amount_minor: Option<i64>,
    /// Of what.
    pub currency: Option<Currency>,
}

/// Changes to some of the fields; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[schema(as = LeadPatch)]
pub struct Changes {
    /// The company's name.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub company: Given<String>,
    /// Its domain, also as the address of a web page.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub domain: Given<String>,
    /// Two letters of ISO 3166-1.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub country: Given<String>,
    /// The part of the country.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub region: Given<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    /// Its city.
    pub city: Given<String>,
    /// Who asked there.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub contact_name: Given<String>,
    /// Their address.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub contact_email: Given<String>,
    /// Their telephone.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub contact_phone: Given<String>,
    /// Whether they may be written to.
    #[serde(default)]
    #[schema(value_type = Option<Consent>)]
    pub consent: Given<Consent>,
    /// Where it came from.
    #[serde(default)]
    #[schema(value_type = Option<Source>)]
    pub source: Given<Source>,
    /// The campaign's word.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub campaign: Given<String>,
    /// What is wanted.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub family: Given<String>,
    /// In words; up to 2,000 characters.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub note: Given<String>,
    /// Minor units, above 0.
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    pub amount_minor: Given<i64>,
    /// Of what; with an amount only.
    #[serde(default)]
    #[schema(value_type = Option<Currency>)]
    pub currency: Given<Currency>,
}

impl Changes {
    /// What the lead says after these changes.
    ///
    /// # Errors
    /// The first value that cannot be.
    pub fn over(self, old: Lead) -> Result<Lead, Flaw> {
        let company = self.company.over(Some(old.company)).unwrap_or_default();
        let nameless = Flaw { field: "company", why: "name the company" };
        let company = rules::name(&company).map_err(|_flaw| nameless)?;
        let contact = contact(
            [self.contact_name, self.contact_email, self.contact_phone],
            [old.contact_name, old.contact_email, old.contact_phone],
        )?;
        let [contact_name, contact_email, contact_phone] = contact;
        let amount_minor = self.amount_minor.over(old.amount_minor);
        if amount_minor.is_some_and(|minor| minor <= 0) {
            return Err(Flaw { field: "amount_minor", why: "an amount is above 0" });
        }
        let currency = self.currency.over(old.currency);
        if amount_minor.is_some() && currency.is_none() {
            return Err(Flaw { field: "currency", why: "say of which currency" });
        }
        Ok(Lead {
            company,
            domain: kept(self.domain, old.domain, rules::domain)?,
            country: kept(self.country, old.country, rules::country)?,
            region: kept(self.region, old.region, |it| line("region", it))?,
            city: kept(self.city, old.city, rules::city)?,
            contact_name,
            contact_email,
            contact_phone,
            consent: self.consent.over(Some(old.consent)).unwrap_or_default(),
            source: self.source.over(Some(old.source)).unwrap_or_default(),
            campaign: kept(self.campaign, old.campaign, |it| line("campaign", it))?,
            family: kept(self.family, old.family, |it| line("family", it))?,
            note: kept(self.note, old.note, note)?,
            currency: currency.filter(|_| amount_minor.is_some()),
            amount_minor,
        })
    }
}

impl Lead {
    /// By what its company is known: its domain, else the domain of the contact's address.
    pub fn key(&self) -> Option<String> {
        let of = |text: &Option<String>| {
            CustomerKey::of_books(KeyScheme::Domain, text.as_deref())
        };
        of(&self.domain).or_else(|| of(&self.contact_email)).map(|key| key.value)
    }
}

/// A contact's name, address and telephone, as contacts of accounts are read.
fn contact(
    given: [Given<String>; 3],
    old: [Option<String>; 3],
) -> Result<[Option<String>; 3], Flaw> {
    let [name, email, phone] = given;
    let [old_name, old_email, old_phone] = old;
    let before = contacts::Fields {
        name: old_name.unwrap_or_default(),
        email: old_email,
        phone: old_phone,
        title: None,
    };
    let emptied = matches!(&name, Given::Empty)
        || matches!(&name, Given::Value(text) if text.trim().is_empty());
    let name = if emptied { Given::Absent } else { name };
    let changes = contacts::Changes { name, email, phone, title: Given::Absent };
    let read = changes.over(before).map_err(|flaw| {
        let field = match flaw.field {
            "email" => "contact_email",
            "phone" => "contact_phone",
            _ => "contact_name",
        };
        Flaw { field, why: flaw.why }
    })?;
    let name = Some(read.name).filter(|name| !emptied && !name.is_empty());
    Ok([name, read.email, read.phone])
}

fn kept(
    given: Given<String>,
    old: Option<String>,
    read: impl FnOnce(&str) -> Result<String, Flaw>,
) -> Result<Option<String>, Flaw> {
    let blank = matches!(&given, Given::Value(text) if text.trim().is_empty());
    let given = if blank { Given::Empty } else { given };
    Ok(given.read(|text| read(&text))?.over(old))
}

fn line(field: &'static str, text: &str) -> Result<String, Flaw> {
    let trimmed = text.trim();
    if trimmed.chars().count() > 60 || trimmed.contains(char::is_control) {
        return Err(Flaw { field, why: "take up to 60 characters, on one line" });
    }
    Ok(trimmed.to_owned())
}

fn note(text: &str) -> Result<String, Flaw> {
    let text = text.trim().replace("\r\n", "\n");
    let control = |letter: char| letter.is_control() && letter != '\n';
    if text.chars().count() > 2_000 || text.contains(control) {
        let why = "take up to 2,000 characters, without control characters";
        return Err(Flaw { field: "note", why });
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::{Changes, EARLY_FIELDS, FIELDS, Lead};
    use crate::Given;

    fn given(text: &str) -> Given<String> {
        Given::Value(text.to_owned())
    }

    #[test]
    fn a_lead_is_known_by_its_domain_or_that_of_the_address() {
        let changes = Changes {
            company: given(" Hafen "),
            contact_email: given("Jo@Hafen.example"),
            ..Changes::default()
        };
        let lead = changes.over(Lead::default()).unwrap();
        assert_eq!(
            (lead.company.as_str(), lead.contact_name.as_deref()),
            ("Hafen", None)
        );
        assert_eq!(lead.key().as_deref(), Some("hafen.example"));
        let free = Changes { contact_email: given("jo@gmail.com"), ..Changes::default() };
        let free = free.over(lead.clone()).unwrap();
        assert_eq!(free.key(), None, "everybody gets an address there");
        let own = Changes {
            domain: given("https://www.hafen.example/x"),
            ..Changes::default()
        };
        assert_eq!(own.over(free).unwrap().key().as_deref(), Some("hafen.example"));
    }

    #[test]
    fn what_cannot_be_is_told_by_its_field() {
        let named = || Lead { company: "Hafen".to_owned(), ..Lead::default() };
        let told = |changes: Changes| changes.over(named()).unwrap_err().field;
        assert_eq!(
            told(Changes { company: Given::Empty, ..Changes::default() }),
            "company"
        );
        assert_eq!(
            told(Changes { country: given("Xx"), ..Changes::default() }),
            "country"
        );
        assert_eq!(
            told(Changes { contact_email: given("jo"), ..Changes::default() }),
            "contact_email"
        );
        assert_eq!(
            told(Changes { amount_minor: Given::Value(0), ..Changes::default() }),
            "amount_minor"
        );
        assert_eq!(
            told(Changes { amount_minor: Given::Value(1), ..Changes::default() }),
            "currency"
        );
        assert_eq!(
            told(Changes { family: given(&"x".repeat(61)), ..Changes::default() }),
            "family"
        );
    }

    #[test]
    fn nobody_can_be_reached_by_what_is_shown_early() {
        assert!(EARLY_FIELDS.iter().all(|field| FIELDS.contains(field)));
        for field in ["contact", "domain", "note"] {
            assert!(!EARLY_FIELDS.contains(&field), "{field}");
        }
    }
}
