//! What the fields of a card and of a side may be. Pure.

use kernel::{Currency, Day};
use serde_json::{Value, json};

use crate::Given;

/// The fields of a card, as masks name them; `amount` covers the amount and its currency.
pub const CARD_FIELDS: [&str; 6] =
    ["title", "account", "amount", "close_on", "next_step", "stage"];

/// The fields of a side that its owner may let the other parties read.
pub const SIDE_FIELDS: [&str; 5] =
    ["stage_name", "margin_bp", "forecast_minor", "notes", "crm_id"];

/// Why a value was refused.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{why}")]
pub struct Flaw {
    /// The field, as the form names it.
    pub field: &'static str,
    /// What is wrong, and what would be right.
    pub why: &'static str,
}

/// What the parties of a deal share, but for the stage.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Card {
    /// Its title; 1 to 200 characters.
    pub title: String,
    /// The customer; 1 to 200 characters.
    pub account: String,
    /// What it is worth, in minor units; not negative.
    pub amount_minor: i64,
    /// Of what.
    pub currency: Currency,
    /// When it should be won.
    pub close_on: Option<Day>,
    /// What is to be done next; up to 500 characters.
    pub next_step: Option<String>,
}

/// Changes to some of a card's fields.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct CardChanges {
    /// [`Card::title`]; it cannot be emptied.
    pub title: Given<String>,
    /// [`Card::account`]; it cannot be emptied.
    pub account: Given<String>,
    /// [`Card::amount_minor`]; it cannot be emptied.
    pub amount_minor: Given<i64>,
    /// [`Card::currency`]; it cannot be emptied.
    pub currency: Given<Currency>,
    /// [`Card::close_on`].
    pub close_on: Given<Day>,
    /// [`Card::next_step`].
    pub next_step: Given<String>,
}

/// One field of a card that has changed, as its event tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldChange {
    /// The field, as masks name it.
    pub field: &'static str,
    /// What it was.
    pub from: Value,
    /// What it is.
    pub to: Value,
}

impl CardChanges {
    /// The fields it speaks of, as masks name them.
    pub fn fields(&self) -> Vec<&'static str> {
        let given = [
            (self.title.is_given(), "title"),
            (self.account.is_given(), "account"),
            (self.amount_minor.is_given() || self.currency.is_given(), "amount"),
            (self.close_on.is_given(), "close_on"),
            (self.next_step.is_given(), "next_step"),
        ];
        given.into_iter().filter(|(given, _)| *given).map(|(_, field)| field).collect()
    }

    /// The card after these changes.
    ///
    /// # Errors
    /// The first flaw.
    pub fn over(self, old: Card) -> Result<Card, Flaw> {
        let currency = needed("currency", self.currency, old.currency)?;
        let amount_minor = needed("amount_minor", self.amount_minor, old.amount_minor)?;
        Ok(Card {
            title: line("title", &needed("title", self.title, old.title)?)?,
            account: line("account", &needed("account", self.account, old.account)?)?,
            amount_minor: amount("amount_minor", amount_minor)?,
            currency,
            close_on: self.close_on.over(old.close_on),
            next_step: free("next_step", self.next_step.over(old.next_step), 500)?,
        })
    }
}

impl Card {
    /// Which fields differ in `new`.
    pub fn changes_to(&self, new: &Self) -> Vec<FieldChange> {
        let money = |card: &Self| json!({ "amount_minor": card.amount_minor, "currency": card.currency });
        let each = [
            ("title", json!(self.title), json!(new.title)),
            ("account", json!(self.account), json!(new.account)),
            ("amount", money(self), money(new)),
            ("close_on", json!(self.close_on), json!(new.close_on)),
            ("next_step", json!(self.next_step), json!(new.next_step)),
        ];
        let differ = each.into_iter().filter(|(_, from, to)| from != to);
        differ.map(|(field, from, to)| FieldChange { field, from, to }).collect()
    }
}

/// The most that a deal may be worth: a million milliards, far from where sums would overflow.
const MOST: i64 = 1_000_000_000_000_000;

fn needed<T>(field: &'static str, given: Given<T>, old: T) -> Result<T, Flaw> {
    match given {
        Given::Absent => Ok(old),
        Given::Empty => Err(Flaw { field, why: "this cannot be left empty" }),
        Given::Value(value) => Ok(value),
    }
}

fn line(field: &'static str, text: &str) -> Result<String, Flaw> {
    let trimmed = text.trim();
    let good = (1..=200).contains(&trimmed.chars().count());
    if !good || trimmed.contains(char::is_control) {
        return Err(Flaw { field, why: "write 1 to 200 characters on one line" });
    }
    Ok(trimmed.to_owned())
}

fn free(
    field: &'static str,
    text: Option<String>,
    most: usize,
) -> Result<Option<String>, Flaw> {
    let Some(text) = text else { return Ok(None) };
    let clean = text.trim().replace("\r\n", "\n");
    let control = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t');
    if clean.chars().count() > most || clean.contains(control) {
        return Err(Flaw { field, why: "this is too long, or not plain text" });
    }
    Ok(Some(clean).filter(|text| !text.is_empty()))
}

fn amount(field: &'static str, minor: i64) -> Result<i64, Flaw> {
    let why = "an amount is not negative, in minor units (cents), up to 10^15";
    if (0..=MOST).contains(&minor) { Ok(minor) } else { Err(Flaw { field, why }) }
}

/// Reads a reason: up to 500 characters; blank is none.
///
/// # Errors
/// If it is too long.
pub fn reason(text: Option<String>) -> Result<Option<String>, Flaw> {
    free("reason", text, 500)
}

/// One organisation's own side of a deal.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Side {
    /// What this organisation calls the stage.
    pub stage_name: Option<String>,
    /// Its margin in basis points, -10,000 to 10,000.
    pub margin_bp: Option<i64>,
    /// What it expects, in minor units of the card's currency.
    pub forecast_minor: Option<i64>,
    /// Its notes.
    pub notes: Option<String>,
    /// The deal's id in its own CRM.
    pub crm_id: Option<String>,
    /// The fields that the other parties may read.
    pub published: Vec<&'static str>,
}

impl Side {
    /// What the other parties may read of it.
    #[must_use]
    pub fn shown(&self) -> Self {
        let has = |field: &str| self.published.contains(&field);
        Self {
            stage_name: self.stage_name.clone().filter(|_| has("stage_name")),
            margin_bp: self.margin_bp.filter(|_| has("margin_bp")),
            forecast_minor: self.forecast_minor.filter(|_| has("forecast_minor")),
            notes: self.notes.clone().filter(|_| has("notes")),
            crm_id: self.crm_id.clone().filter(|_| has("crm_id")),
            published: self.published.clone(),
        }
    }
}

/// Changes to some of a side's fields.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct SideChanges {
    /// [`Side::stage_name`].
    pub stage_name: Given<String>,
    /// [`Side::margin_bp`].
    pub margin_bp: Given<i64>,
    /// [`Side::forecast_minor`].
    pub forecast_minor: Given<i64>,
    /// [`Side::notes`].
    pub notes: Given<String>,
    /// [`Side::crm_id`].
    pub crm_id: Given<String>,
    /// [`Side::published`]; null publishes nothing.
    pub published: Given<Vec<String>>,
}

impl SideChanges {
    /// The side after these changes.
    ///
    /// # Errors
    /// The first flaw.
    pub fn over(self, old: Side) -> Result<Side, Flaw> {
        let margin_bp = self.margin_bp.over(old.margin_bp);
        if margin_bp.is_some_and(|margin| !(-10_000..=10_000).contains(&margin)) {
            let why = "a margin is -10000 to 10000 basis points (1250 is 12.5 %)";
            return Err(Flaw { field: "margin_bp", why });
        }
        let forecast_minor = self.forecast_minor.over(old.forecast_minor);
        Ok(Side {
            stage_name: free("stage_name", self.stage_name.over(old.stage_name), 60)?,
            margin_bp,
            forecast_minor: forecast_minor
                .map(|minor| amount("forecast_minor", minor))
                .transpose()?,
            notes: free("notes", self.notes.over(old.notes), 10_000)?,
            crm_id: free("crm_id", self.crm_id.over(old.crm_id), 100)?,
            published: match self.published {
                Given::Absent => old.published,
                Given::Empty => Vec::new(),
                Given::Value(fields) => published(&fields)?,
            },
        })
    }
}

fn published(fields: &[String]) -> Result<Vec<&'static str>, Flaw> {
    let why = "publish some of stage_name, margin_bp, forecast_minor, notes, crm_id";
    if fields.iter().any(|field| !SIDE_FIELDS.contains(&field.as_str())) {
        return Err(Flaw { field: "published", why });
    }
    let asked = |field: &&'static str| fields.iter().any(|asked| asked == *field);
    Ok(SIDE_FIELDS.into_iter().filter(asked).collect())
}

/// Reads the stored list of published fields.
pub fn read_published(text: &str) -> Vec<&'static str> {
    let stored: Vec<&str> = text.split(',').collect();
    SIDE_FIELDS.into_iter().filter(|field| stored.contains(field)).collect()
}

#[cfg(test)]
mod tests {
    use kernel::Currency;
    use serde_json::json;

    use super::{Card, CardChanges, Side, SideChanges, read_published};
    use crate::Given;

    fn card() -> Card {
        Card {
            title: "Pumps for Lyon".to_owned(),
            account: "Acme".to_owned(),
            amount_minor: 120_000,
            currency: Currency::EUR,
            close_on: None,
            next_step: Some("call".to_owned()),
        }
    }

    #[test]
    fn disjoint_changes_both_survive_in_either_order() {
        let first =
            || CardChanges { amount_minor: Given::Value(5), ..CardChanges::default() };
        let second = || CardChanges { next_step: Given::Empty, ..CardChanges::default() };
        let one = second().over(first().over(card()).unwrap()).unwrap();
        let other = first().over(second().over(card()).unwrap()).unwrap();
        assert_eq!(one, other);
        assert_eq!((one.amount_minor, one.next_step), (5, None));
    }

    #[test]
    fn a_change_is_told_field_by_field() {
        let changes = CardChanges {
            amount_minor: Given::Value(130_000),
            title: Given::Value(" Pumps for Lyon ".to_owned()),
            ..CardChanges::default()
        };
        assert_eq!(changes.fields(), ["title", "amount"]);
        let told = card().changes_to(&changes.over(card()).unwrap());
        assert_eq!(told.len(), 1, "the title is the same");
        assert_eq!(told[0].field, "amount");
        assert_eq!(told[0].to, json!({ "amount_minor": 130_000, "currency": "EUR" }));
    }

    #[test]
    fn what_a_card_needs_cannot_be_emptied() {
        let blank = Given::Value(" ".to_owned());
        for changes in [
            CardChanges { title: Given::Empty, ..CardChanges::default() },
            CardChanges { account: blank, ..CardChanges::default() },
            CardChanges { amount_minor: Given::Value(-1), ..CardChanges::default() },
            CardChanges { currency: Given::Empty, ..CardChanges::default() },
            CardChanges {
                title: Given::Value("a\0b".to_owned()),
                ..CardChanges::default()
            },
        ] {
            assert!(changes.over(card()).is_err());
        }
    }

    #[test]
    fn a_side_publishes_only_fields_that_it_has() {
        let publish = |fields: &[&str]| {
            let fields = fields.iter().map(|field| (*field).to_owned()).collect();
            let published = Given::Value(fields);
            SideChanges { published, ..SideChanges::default() }.over(Side::default())
        };
        let side = publish(&["crm_id", "stage_name", "crm_id"]).unwrap();
        assert_eq!(side.published, ["stage_name", "crm_id"]);
        assert!(publish(&["published"]).is_err() && publish(&["amount"]).is_err());
        assert_eq!(read_published("crm_id,gone"), ["crm_id"]);
    }
}
