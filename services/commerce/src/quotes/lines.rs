//! What the lines of a quote say and cost. Pure, exact to the last decimal.

use kernel::{Currency, Day};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::orders;

/// A line of a quote, as it is written and kept.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuoteLine {
    /// The seller's number for what is offered; at most 40 characters.
    #[serde(default)]
    pub product: String,
    /// What is offered, in words; at most 200 characters.
    #[serde(default)]
    pub description: String,
    /// How much, in decimals: at most 9 digits, 6 of them behind the point.
    pub quantity: String,
    /// Of what unit, by UN/ECE recommendation 20, such as `EA` or `KGM`.
    pub unit: String,
    /// At what price for `price_per` units, before the discount: at most 11 digits, 6 of
    /// them behind the point. None while it is not known.
    #[serde(default)]
    pub unit_price: Option<String>,
    /// For how many units the price is: 1, 10, 100 and so on, to 1,000,000.
    #[serde(default = "one")]
    pub price_per: u32,
    /// What is taken off the price, in percent: 0 to 100, at most 2 decimals.
    #[serde(default)]
    pub discount: Option<String>,
    /// By what day it is delivered.
    #[serde(default)]
    pub deliver_on: Option<Day>,
}

const fn one() -> u32 {
    1
}

/// What a buyer wishes about a line that it was offered.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuoteWish {
    /// Which line, from 1.
    pub line: u32,
    /// At what price for as many units as the line's price is for, all taken off.
    #[serde(default)]
    pub unit_price: Option<String>,
    /// How much.
    #[serde(default)]
    pub quantity: Option<String>,
    /// By what day.
    #[serde(default)]
    pub deliver_on: Option<Day>,
}

/// What a line comes to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Worth {
    /// How much.
    pub(super) quantity: Decimal,
    /// The price of as many units as the line's price is for, less the discount. Exact.
    pub(super) net: Decimal,
    /// The price of one unit, less the discount. Exact.
    pub(super) each: Decimal,
    /// In minor units, halves rounded up.
    pub(super) amount_minor: i64,
}

/// Why lines make no sense.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum LineError {
    /// No lines.
    #[error("a quote has at least one line")]
    Empty,
    /// Too many lines.
    #[error("a quote has at most {LIMIT} lines; write a second one")]
    TooMany,
    /// Something of a line.
    #[error("line {0}: {1}")]
    Line(usize, String),
    /// A line without a price.
    #[error("line {0} has no price yet")]
    Unpriced(usize),
    /// More than can be counted.
    #[error("the quote is worth more than can be counted")]
    TooMuch,
}

/// The most lines that a quote may have.
pub(super) const LIMIT: usize = 500;

/// Reads a decimal of so many digits, and so many of them behind the point.
fn number(text: &str, digits: usize, behind: u32) -> Result<Decimal, String> {
    let few = text.bytes().filter(u8::is_ascii_digit).count() <= digits;
    let read = orders::decimal(text).filter(|it| few && it.scale() <= behind);
    read.ok_or_else(|| {
        format!(
            "`{text}` is no number such as 12.50, of at most {digits} digits with \
             {behind} of them behind the point"
        )
    })
}

/// A quantity: at most nine digits, six of them behind the point, and not nothing.
pub(crate) fn quantity(text: &str) -> Result<Decimal, String> {
    let read = number(text, 9, 6)?;
    if read.is_zero() { Err("it offers nothing".to_owned()) } else { Ok(read) }
}

/// A price: at most eleven digits, six of them behind the point.
pub(crate) fn price(text: &str) -> Result<Decimal, String> {
    number(text, 11, 6)
}

fn percent(text: Option<&str>) -> Result<Decimal, String> {
    let read = text.map_or(Ok(Decimal::ZERO), |text| number(text, 5, 2))?;
    let within = read <= Decimal::ONE_HUNDRED;
    if within { Ok(read) } else { Err("no more than 100 % can be taken off".to_owned()) }
}

fn words(text: &str, most: usize) -> Result<(), String> {
    let fits = text.chars().count() <= most && !text.contains(char::is_control);
    if fits {
        Ok(())
    } else {
        Err(format!("say it in one line of at most {most} characters"))
    }
}

impl QuoteLine {
    /// Checks what can be checked before it has a price; gives its worth, if it has one.
    fn read(&self, currency: Currency) -> Result<Option<Worth>, String> {
        words(&self.product, 40)?;
        words(&self.description, 200)?;
        if self.product.trim().is_empty() && self.description.trim().is_empty() {
            return Err("say what is offered: a number, or words".to_owned());
        }
        let coded =
            self.unit.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit());
        if !coded || !(1..=3).contains(&self.unit.len()) {
            return Err(format!(
                "`{}` is no unit of UN/ECE recommendation 20, such as EA or KGM",
                self.unit
            ));
        }
        let round = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];
        if !round.contains(&self.price_per) {
            return Err("the price is for 1, 10, 100 … or 1,000,000 units".to_owned());
        }
        let quantity = quantity(&self.quantity)?;
        let discount = percent(self.discount.as_deref())?;
        let Some(unit_price) = &self.unit_price else { return Ok(None) };
        let net = less(price(unit_price)?, discount).ok_or("its price is too long")?;
        let each = shifted(net, self.price_per).ok_or("its price is too long")?;
        let amount = orders::amount(quantity, each, currency);
        let amount_minor = amount.ok_or("it is worth more than can be counted")?;
        Ok(Some(Worth { quantity, net, each, amount_minor }))
    }

    /// What it comes to; none without a price, or where it makes no sense.
    pub(super) fn worth(&self, currency: Currency) -> Option<Worth> {
        self.read(currency).ok().flatten()
    }

    /// What is taken off, in percent.
    pub(super) fn discount(&self) -> Decimal {
        percent(self.discount.as_deref()).unwrap_or_default()
    }
}

/// A price less so many percent of it. Exact: the digits only grow.
fn less(price: Decimal, percent: Decimal) -> Option<Decimal> {
    let rest = Decimal::ONE_HUNDRED.checked_sub(percent)?;
    Some(shifted(price.checked_mul(rest)?, 100)?.normalize())
}

/// A number by a power of ten: its digits stay, the point moves.
fn shifted(number: Decimal, power: u32) -> Option<Decimal> {
    let places = power.ilog10();
    let scale = number.scale().checked_add(places)?;
    Decimal::try_from_i128_with_scale(number.mantissa(), scale)
        .ok()
        .map(|it| it.normalize())
}

/// What lines come to in minor units, as far as they have prices.
///
/// # Errors
/// [`LineError`], with the line.
pub(super) fn total(lines: &[QuoteLine], currency: Currency) -> Result<i64, LineError> {
    if lines.len() > LIMIT {
        return Err(LineError::TooMany);
    }
    let mut sum = 0_i64;
    for (place, line) in (1..).zip(lines) {
        let worth = line.read(currency).map_err(|why| LineError::Line(place, why))?;
        let amount = worth.map_or(0, |it| it.amount_minor);
        sum = sum.checked_add(amount).ok_or(LineError::TooMuch)?;
    }
    Ok(sum)
}

/// Checks that lines can be sent: there is one, and each has its price.
///
/// # Errors
/// [`LineError`], with the line.
pub(super) fn complete(lines: &[QuoteLine], currency: Currency) -> Result<(), LineError> {
    if lines.is_empty() {
        return Err(LineError::Empty);
    }
    total(lines, currency)?;
    let bare = (1..).zip(lines).find(|(_, line)| line.unit_price.is_none());
    bare.map_or(Ok(()), |(place, _)| Err(LineError::Unpriced(place)))
}

/// The most that is taken off any line, in percent.
pub(super) fn deepest_discount(lines: &[QuoteLine]) -> Decimal {
    lines.iter().map(QuoteLine::discount).max().unwrap_or_default()
}

/// Checks the wishes of a buyer about so many lines.
///
/// # Errors
/// [`LineError::Line`].
pub(super) fn check_wishes(wishes: &[QuoteWish], lines: usize) -> Result<(), LineError> {
    let mut seen = vec![false; lines];
    for wish in wishes {
        let place = usize::try_from(wish.line).unwrap_or(usize::MAX);
        let refused = |why: String| Err(LineError::Line(place, why));
        match seen.get_mut(place.wrapping_sub(1)) {
            None => return refused("the quote has no such line".to_owned()),
            Some(true) => return refused("it is wished for twice".to_owned()),
            Some(unseen) => *unseen = true,
        }
        if wish.unit_price.is_none()
            && wish.quantity.is_none()
            && wish.deliver_on.is_none()
        {
            return refused("say what you wish: a price, a quantity or a day".to_owned());
        }
        if let Some(Err(why)) = wish.unit_price.as_deref().map(price) {
            return refused(why);
        }
        if let Some(Err(why)) = wish.quantity.as_deref().map(quantity) {
            return refused(why);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{LineError, QuoteLine, QuoteWish, check_wishes, complete, total};

    pub(crate) fn line(quantity: &str, price: &str, discount: &str) -> QuoteLine {
        QuoteLine {
            product: "GATE-48".to_owned(),
            quantity: quantity.to_owned(),
            unit: "EA".to_owned(),
            unit_price: Some(price.to_owned()),
            price_per: 1,
            discount: Some(discount.to_owned()),
            ..QuoteLine::default()
        }
    }

    fn eur(lines: &[QuoteLine]) -> Result<i64, LineError> {
        total(lines, "EUR".parse().unwrap())
    }

    #[test]
    fn a_line_is_exact_and_rounds_halves_up_once() {
        assert_eq!(eur(&[line("3", "4.15", "0")]), Ok(1245));
        assert_eq!(eur(&[line("1", "0.125", "0")]), Ok(13));
        // 0.333 × 0.85 = 0.28305; times 1000 it is 283.05, where 0.28 would make 280.
        assert_eq!(eur(&[line("1000", "0.333", "15")]), Ok(28305));
        let hundreds = QuoteLine { price_per: 100, ..line("250", "12.50", "2.5") };
        // 12.50 × 0.975 = 12.1875 a hundred; 250 of them are 30.46875.
        assert_eq!(eur(&[hundreds]), Ok(3047));
        let yen = total(&[line("3", "99.5", "0")], "JPY".parse().unwrap());
        assert_eq!(yen, Ok(299));
    }

    #[test]
    fn what_cannot_be_is_refused_by_its_line() {
        let refused = |bad: QuoteLine| match eur(&[line("1", "1", "0"), bad]) {
            Err(LineError::Line(2, why)) => why,
            other => panic!("{other:?}"),
        };
        assert!(refused(line("0", "1", "0")).contains("nothing"));
        assert!(refused(line("1,5", "1", "0")).contains("`1,5`"));
        assert!(refused(line("1", "-1", "0")).contains("`-1`"));
        assert!(refused(line("1", "1", "100.01")).contains("100 %"));
        assert!(refused(line("1", "1.0000001", "0")).contains("6 of them"));
        let unit = QuoteLine { unit: "each".into(), ..line("1", "1", "0") };
        assert!(refused(unit).contains("`each`"));
        let dozen = QuoteLine { price_per: 12, ..line("1", "1", "0") };
        assert!(refused(dozen).contains("1, 10, 100"));
        let bare = QuoteLine { product: " ".into(), ..line("1", "1", "0") };
        assert!(refused(bare).contains("what is offered"));
    }

    #[test]
    fn only_lines_with_prices_are_complete() {
        let eur = "EUR".parse().unwrap();
        assert_eq!(complete(&[], eur), Err(LineError::Empty));
        let bare = QuoteLine { unit_price: None, ..line("1", "1", "0") };
        let both = [line("1", "1", "0"), bare];
        assert_eq!(complete(&both, eur), Err(LineError::Unpriced(2)));
        assert_eq!(complete(&both[..1], eur), Ok(()));
    }

    #[test]
    fn a_wish_is_for_a_line_that_is_there_and_says_what() {
        let wish = |line, price: Option<&str>| QuoteWish {
            line,
            unit_price: price.map(str::to_owned),
            quantity: None,
            deliver_on: None,
        };
        assert_eq!(check_wishes(&[wish(1, Some("9.5")), wish(2, Some("1"))], 2), Ok(()));
        for bad in [
            vec![wish(0, Some("1"))],
            vec![wish(3, Some("1"))],
            vec![wish(1, None)],
            vec![wish(1, Some("1")), wish(1, Some("2"))],
            vec![wish(1, Some("x"))],
        ] {
            assert!(check_wishes(&bad, 2).is_err(), "{bad:?}");
        }
    }
}
