//! What a product costs whom, from how many on, on which day. Pure.
//!
//! The rule: of the lists in the currency that hold on the day, one for the buyer goes before one
//! for the tier that it is in, and that before one for all partners, quantity by quantity; within a list the price from the greatest quantity
//! that is not above the one asked for counts. Two lists for the same, in one currency, never hold
//! on the same day, and a list has one price of a product from a quantity on: so there is no tie.

use std::collections::BTreeMap;

use kernel::{Currency, Day, Id, Organisation, Product};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::quotes;

/// The most prices of a list.
const LIMIT: usize = 5_000;

/// A price from a quantity on.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceBreak {
    /// From how many units of the product on, in decimals; `1` is the least that makes sense
    /// for pieces.
    pub from: String,
    /// The price of `price_per` units, in decimals.
    pub unit_price: String,
    /// For how many units: 1, 10, 100 … or 1,000,000.
    #[serde(default = "one")]
    pub price_per: u32,
}

const fn one() -> u32 {
    1
}

/// A price of a list, as it is written.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct ListedPrice {
    /// Of which product.
    pub product: Id<Product>,
    /// From when on, and how much.
    #[serde(flatten)]
    pub price: PriceBreak,
}

/// A price list, as it is written.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, ToSchema)]
pub struct PriceListWords {
    /// What its owner calls it; no partner sees that. At most 80 characters.
    pub name: String,
    /// In what its prices are.
    pub currency: Currency,
    /// For which partner; for all of them where it names neither that nor a tier.
    pub buyer: Option<Id<Organisation>>,
    /// For the partners of which tier; at most 40 characters, and not beside a partner.
    pub tier: Option<String>,
    /// The first day on which it holds.
    pub valid_from: Day,
    /// The last day on which it holds; without an end where there is none.
    pub valid_to: Option<Day>,
    /// At most 5,000.
    pub prices: Vec<ListedPrice>,
}

/// Why a price list makes no sense: the field, and the way out.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{field}: {why}")]
pub struct PriceFlaw {
    /// Which field.
    pub field: &'static str,
    /// What is wrong, and what would be right.
    pub why: String,
}

fn flaw<T>(field: &'static str, why: impl Into<String>) -> Result<T, PriceFlaw> {
    Err(PriceFlaw { field, why: why.into() })
}

impl PriceListWords {
    /// Checks a list; its name is trimmed.
    ///
    /// # Errors
    /// [`PriceFlaw`], with the place of a price that makes no sense.
    pub fn read(mut self) -> Result<Self, PriceFlaw> {
        let name = self.name.trim().to_owned();
        self.name = name;
        let long = !(1..=80).contains(&self.name.chars().count());
        if long || self.name.contains(char::is_control) {
            return flaw("name", "name it in one line of at most 80 characters");
        }
        self.tier = self.tier.as_deref().map(tier).transpose()?.flatten();
        if self.tier.is_some() && self.buyer.is_some() {
            return flaw("tier", "a list is for one partner or for a tier, not for both");
        }
        if self.valid_to.is_some_and(|to| to < self.valid_from) {
            return flaw("valid_to", "it would end before it begins");
        }
        if self.prices.len() > LIMIT {
            return flaw("prices", "a list has at most 5,000 prices; write a second one");
        }
        let mut seen: BTreeMap<(String, Decimal), usize> = BTreeMap::new();
        for (place, it) in (1..).zip(&self.prices) {
            let at = |why: String| PriceFlaw {
                field: "prices",
                why: format!("price {place}: {why}"),
            };
            let from = quotes::quantity(&it.price.from).map_err(at)?;
            quotes::price(&it.price.unit_price).map_err(at)?;
            if !matches!(
                it.price.price_per,
                1 | 10 | 100 | 1_000 | 10_000 | 100_000 | 1_000_000
            ) {
                return Err(at("it is for 1, 10, 100 … or 1,000,000 units".to_owned()));
            }
            let key = (it.product.to_string(), from.normalize());
            if let Some(first) = seen.insert(key, place) {
                return Err(at(format!(
                    "price {first} is for the same product and quantity"
                )));
            }
        }
        Ok(self)
    }
}

/// The name of a tier, trimmed; none of an empty one.
pub(super) fn tier(told: &str) -> Result<Option<String>, PriceFlaw> {
    let told = told.trim();
    if told.chars().count() > 40 || told.contains(char::is_control) {
        return Err(super::tiers::odd());
    }
    Ok(Some(told.to_owned()).filter(|it| !it.is_empty()))
}

/// For whom and when a list holds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Term {
    /// For which partner; none is a tier, or all of them.
    pub(crate) buyer: Option<Id<Organisation>>,
    /// For the partners of which tier.
    pub(crate) tier: Option<String>,
    /// In what.
    pub(crate) currency: Currency,
    /// Its first day.
    pub(crate) from: Day,
    /// Its last day.
    pub(crate) to: Option<Day>,
}

impl Term {
    /// Whether a list holds for a buyer, who is in a tier, on a day.
    pub(crate) fn holds(
        &self,
        (buyer, tier): (Id<Organisation>, Option<&str>),
        currency: Currency,
        day: Day,
    ) -> bool {
        let on = self.from <= day && self.to.is_none_or(|to| day <= to);
        let own = self.buyer.is_none_or(|it| it == buyer);
        let of_tier = self.tier.as_deref().is_none_or(|it| Some(it) == tier);
        on && own && of_tier && self.currency == currency
    }

    /// Whether two lists would hold for the same on the same day.
    pub(crate) fn clashes(&self, other: &Self) -> bool {
        let before = |one: &Self, two: &Self| one.to.is_some_and(|to| to < two.from);
        let apart = before(self, other) || before(other, self);
        let same = self.buyer == other.buyer && self.tier == other.tier;
        same && self.currency == other.currency && !apart
    }
}

/// The prices of one product for a buyer, out of those of its lists that hold: from the least
/// quantity to the greatest. The last one whose quantity is not above the one asked for counts.
pub(crate) fn effective(
    lists: impl IntoIterator<Item = (Term, Vec<PriceBreak>)>,
) -> Vec<PriceBreak> {
    let mut own: BTreeMap<Decimal, PriceBreak> = BTreeMap::new();
    let mut tier: BTreeMap<Decimal, PriceBreak> = BTreeMap::new();
    let mut all: BTreeMap<Decimal, PriceBreak> = BTreeMap::new();
    for (term, breaks) in lists {
        let to = match (&term.buyer, &term.tier) {
            (Some(_), _) => &mut own,
            (None, Some(_)) => &mut tier,
            (None, None) => &mut all,
        };
        for it in breaks {
            if let Ok(from) = it.from.parse() {
                to.insert(from, it);
            }
        }
    }
    over(over(all, tier), own).into_values().collect()
}

/// Prices, from the first of the nearer ones on these.
fn over(
    mut far: BTreeMap<Decimal, PriceBreak>,
    near: BTreeMap<Decimal, PriceBreak>,
) -> BTreeMap<Decimal, PriceBreak> {
    if let Some(first) = near.keys().next() {
        drop(far.split_off(first));
    }
    far.extend(near);
    far
}

/// What a quantity of a product costs: none below the least quantity that has a price.
pub(crate) fn price_of(
    effective: &[PriceBreak],
    quantity: Decimal,
) -> Option<&PriceBreak> {
    let from =
        |it: &&PriceBreak| it.from.parse::<Decimal>().is_ok_and(|it| it <= quantity);
    effective.iter().take_while(from).last()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(number: i32) -> Day {
        "2026-11-01".parse::<Day>().unwrap().plus_days(number)
    }

    fn somebody(number: u8) -> Id<Organisation> {
        format!("org_01k0000000000000000000000{number}").parse().unwrap()
    }

    /// A list: for whom, of which currency, from and until which day, and its prices.
    type Drawn = (Option<u8>, bool, i32, Option<i32>, Vec<(u8, u16)>);

    fn list((whom, euro, from, length, prices): &Drawn) -> (Term, Vec<PriceBreak>) {
        let tiers = [(3, "gold"), (4, "silver")];
        let tier = tiers.into_iter().find(|(it, _)| Some(*it) == *whom);
        let term = Term {
            buyer: whom.filter(|it| *it < 3).map(somebody),
            tier: tier.map(|(_, it)| it.to_owned()),
            currency: if *euro { "EUR" } else { "USD" }.parse().unwrap(),
            from: day(*from),
            to: length.map(|it| day(from + it)),
        };
        let mut seen = std::collections::BTreeSet::new();
        let once = prices.iter().filter(|(from, _)| seen.insert(*from));
        let breaks = once.map(|(from, price)| PriceBreak {
            from: from.to_string(),
            unit_price: price.to_string(),
            price_per: 1,
        });
        (term, breaks.collect())
    }

    fn any_list() -> impl Strategy<Value = Drawn> {
        let prices = proptest::collection::vec((1..12_u8, 1..9_999_u16), 0..5);
        let length = proptest::option::of(0..20_i32);
        (proptest::option::of(1..=4_u8), any::<bool>(), 0..30_i32, length, prices)
    }

    proptest! {
        /// Every price that could count is looked at, and the best by the rule is taken.
        #[test]
        fn property_a_price_is_that_of_the_rule(
            drawn in proptest::collection::vec(any_list(), 0..8),
            buyer in 1..=2_u8, on in 0..40_i32, quantity in 0..14_u8, euro: bool, in_gold: bool,
        ) {
            // Lists that clash are refused when they are written.
            let mut lists: Vec<(Term, Vec<PriceBreak>)> = Vec::new();
            for it in &drawn {
                let own = list(it);
                if lists.iter().all(|(term, _)| !term.clashes(&own.0)) {
                    lists.push(own);
                }
            }
            let buyer = somebody(buyer);
            let currency: Currency = if euro { "EUR" } else { "USD" }.parse().unwrap();
            let tier = in_gold.then_some("gold");
            let mut best: Option<((u8, u8), String)> = None;
            for (term, breaks) in &lists {
                for it in breaks {
                    let from: u8 = it.from.parse().unwrap();
                    let counts = term.buyer.is_none_or(|own| own == buyer)
                        && term.tier.as_deref().is_none_or(|own| Some(own) == tier)
                        && term.currency == currency
                        && term.from <= day(on)
                        && term.to.is_none_or(|to| to >= day(on))
                        && from <= quantity;
                    let near = match (term.buyer, &term.tier) {
                        (Some(_), _) => 2,
                        (None, Some(_)) => 1,
                        (None, None) => 0,
                    };
                    let rank = (near, from);
                    if counts && best.as_ref().is_none_or(|(other, _)| *other < rank) {
                        best = Some((rank, it.unit_price.clone()));
                    }
                }
            }
            let held = lists.into_iter().filter(|(term, _)| term.holds((buyer, tier), currency, day(on)));
            let all = effective(held);
            let found = price_of(&all, quantity.into()).map(|it| it.unit_price.clone());
            prop_assert_eq!(found, best.map(|(_, price)| price));
        }

        /// Two lists clash where a day has both; counted day by day.
        #[test]
        fn property_lists_clash_where_a_day_has_both(one in any_list(), two in any_list()) {
            let ((one, _), (two, _)) = (list(&one), list(&two));
            let on = |term: &Term, at: i32| {
                term.from <= day(at) && term.to.is_none_or(|to| day(at) <= to)
            };
            let same = one.buyer == two.buyer && one.tier == two.tier && one.currency == two.currency;
            let both = (0..100).any(|at| on(&one, at) && on(&two, at));
            prop_assert_eq!(one.clashes(&two), same && both);
        }
    }

    #[test]
    fn a_list_says_one_price_of_a_product_and_a_quantity() {
        let product: Id<Product> = Id::mint();
        let price = |from: &str, unit_price: &str| ListedPrice {
            product,
            price: PriceBreak {
                from: from.to_owned(),
                unit_price: unit_price.to_owned(),
                price_per: 1,
            },
        };
        let list = |prices| PriceListWords {
            name: "Trade 2026".to_owned(),
            currency: Currency::EUR,
            buyer: None,
            tier: None,
            valid_from: day(0),
            valid_to: None,
            prices,
        };
        assert!(list(vec![price("1", "9.50"), price("10", "9")]).read().is_ok());
        let why = |bad: PriceListWords| bad.read().unwrap_err().why;
        let twice = why(list(vec![price("1", "9.50"), price("1.0", "9")]));
        assert!(twice.contains("price 2: price 1"), "{twice}");
        assert!(why(list(vec![price("0", "9")])).contains("price 1"));
        assert!(why(list(vec![price("1", "-9")])).contains("`-9`"));
        let ended = PriceListWords { valid_to: Some(day(-1)), ..list(Vec::new()) };
        assert_eq!(ended.read().unwrap_err().field, "valid_to");
        let tier = |tier: &str, buyer| PriceListWords {
            tier: Some(tier.to_owned()),
            buyer,
            ..list(Vec::new())
        };
        assert_eq!(tier(" Gold ", None).read().unwrap().tier.as_deref(), Some("Gold"));
        assert_eq!(tier(" ", Some(somebody(1))).read().unwrap().tier, None);
        assert_eq!(tier("Gold", Some(somebody(1))).read().unwrap_err().field, "tier");
        assert_eq!(tier(&"x".repeat(41), None).read().unwrap_err().field, "tier");
    }
}
