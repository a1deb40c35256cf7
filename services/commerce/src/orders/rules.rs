//! What an order amounts to, and what its answer makes of it. Pure.

use kernel::{Currency, Day};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::state::OrderState;

/// What is decided about a line.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Decision {
    /// As ordered.
    Accept,
    /// With another quantity, price or day.
    Change,
    /// Not at all.
    Reject,
}

/// What is decided about one line, with what changes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LineAnswer {
    /// The line, as the order names it.
    pub line: String,
    /// What is decided.
    pub decision: Decision,
    /// How much will be delivered, if that changes.
    pub quantity: Option<Decimal>,
    /// At what price a unit, if that changes.
    pub unit_price: Option<Decimal>,
    /// On what day, if that changes.
    pub requested_on: Option<Day>,
}

/// Why an answer, or an order, makes no sense.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum RuleError {
    /// A line was answered twice, or there is no such line.
    #[error("line {0} is no line of this order, or is answered twice")]
    NoSuchLine(String),
    /// A line has no answer.
    #[error("line {0} has no answer; accept, change or reject it")]
    Unanswered(String),
    /// A change that changes nothing.
    #[error(
        "line {0} is to change, but nothing says how: give a quantity, a price or a day"
    )]
    ChangesNothing(String),
    /// A line that is not changed came with changes.
    #[error("line {0} is not to change, but came with a quantity, a price or a day")]
    NotAChange(String),
    /// A number that cannot be.
    #[error("line {0}: {1}")]
    Number(String, &'static str),
    /// More than can be counted.
    #[error("the order is worth more than can be counted")]
    TooMuch,
    /// No lines.
    #[error("an order has at least one line")]
    Empty,
}

/// The most digits that a quantity or a price may have, all told.
const DIGITS: usize = 18;

/// Reads a plain decimal that is not negative: digits, and a point at most.
pub fn decimal(text: &str) -> Option<Decimal> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let points = text.bytes().filter(|byte| *byte == b'.').count();
    let plain = digits + points == text.len() && points <= 1;
    if !plain || !(1..=DIGITS).contains(&digits) {
        return None;
    }
    text.parse().ok()
}

/// What a quantity costs at a price a unit: in minor units, halves rounded up, as documents
/// of `trade` add up.
///
/// The product is exact before it is rounded, once. None, if it is more than can be counted.
pub fn amount(quantity: Decimal, unit_price: Decimal, currency: Currency) -> Option<i64> {
    let exact = quantity.mantissa().checked_mul(unit_price.mantissa())?;
    let scale = quantity.scale() + unit_price.scale();
    let digits = currency.digits();
    let minor = if scale <= digits {
        exact.checked_mul(10_i128.checked_pow(digits - scale)?)?
    } else {
        half_up(exact, 10_i128.checked_pow(scale - digits)?)
    };
    i64::try_from(minor).ok()
}

fn half_up(value: i128, unit: i128) -> i128 {
    let (whole, rest) = (value.div_euclid(unit), value.rem_euclid(unit));
    if rest >= unit - rest { whole + 1 } else { whole }
}

/// How long a word to the other side may be: what one segment of an 855 holds.
const NOTE_LIMIT: usize = 264;

/// Reads a word to the other side: one line, perhaps empty.
///
/// # Errors
/// In plain words, what is wrong with it.
pub(crate) fn note_of(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.chars().count() > NOTE_LIMIT || text.contains(char::is_control) {
        return Err(format!("say it in one line of at most {NOTE_LIMIT} characters"));
    }
    Ok(text.to_owned())
}

/// The sum of the lines' amounts. None, if it is more than can be counted.
pub(super) fn total(amounts: impl IntoIterator<Item = i64>) -> Option<i64> {
    amounts.into_iter().try_fold(0_i64, i64::checked_add)
}

/// The names of an order's lines, from what the buyer called them: these, if each is there
/// and there once; else numbers from one.
pub(super) fn line_names(assigned: &[&str]) -> Vec<String> {
    let mut sorted = assigned.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let good = sorted.len() == assigned.len() && !assigned.contains(&"");
    let name = |(ordinal, name): (usize, &&str)| {
        if good { (*name).to_owned() } else { (ordinal + 1).to_string() }
    };
    assigned.iter().enumerate().map(name).collect()
}

/// Where answers to each line lead an order, and the answers in the order of its lines.
///
/// # Errors
/// Every line must have exactly one answer that makes sense.
pub(super) fn decide(
    lines: &[String],
    answers: Vec<LineAnswer>,
) -> Result<(OrderState, Vec<LineAnswer>), RuleError> {
    let mut ordered = Vec::with_capacity(lines.len());
    let mut left = answers;
    for line in lines {
        let found = left.iter().position(|answer| answer.line == *line);
        let place = found.ok_or_else(|| RuleError::Unanswered(line.clone()))?;
        let answer = left.swap_remove(place);
        sensible(&answer)?;
        ordered.push(answer);
    }
    if let Some(extra) = left.into_iter().next() {
        return Err(RuleError::NoSuchLine(extra.line));
    }
    let all = |decision| ordered.iter().all(|answer| answer.decision == decision);
    let state = if ordered.is_empty() {
        return Err(RuleError::Empty);
    } else if all(Decision::Accept) {
        OrderState::Accepted
    } else if all(Decision::Reject) {
        OrderState::Rejected
    } else {
        OrderState::AcceptedWithChange
    };
    Ok((state, ordered))
}

fn sensible(answer: &LineAnswer) -> Result<(), RuleError> {
    let line = || answer.line.clone();
    let changes = answer.quantity.is_some()
        || answer.unit_price.is_some()
        || answer.requested_on.is_some();
    match answer.decision {
        Decision::Change if !changes => Err(RuleError::ChangesNothing(line())),
        Decision::Accept | Decision::Reject if changes => {
            Err(RuleError::NotAChange(line()))
        }
        Decision::Change if answer.quantity.is_some_and(|it| it.is_zero()) => {
            Err(RuleError::Number(line(), "a line with nothing left is to be rejected"))
        }
        Decision::Accept | Decision::Change | Decision::Reject => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        Decision::{self, Accept, Change, Reject},
        LineAnswer, OrderState, RuleError, amount, decide, decimal, line_names, total,
    };

    fn answer(line: &str, decision: Decision) -> LineAnswer {
        let quantity = (decision == Change).then(|| decimal("3").unwrap());
        let line = line.to_owned();
        LineAnswer { line, decision, quantity, unit_price: None, requested_on: None }
    }

    fn worth(quantity: &str, price: &str, currency: &str) -> Option<i64> {
        let [quantity, price] = [quantity, price].map(|text| decimal(text).unwrap());
        amount(quantity, price, currency.parse().unwrap())
    }

    #[test]
    fn an_amount_is_exact_and_rounds_halves_up_once() {
        assert_eq!(worth("3", "4.15", "EUR"), Some(1245));
        assert_eq!(worth("1", "0.125", "EUR"), Some(13));
        assert_eq!(worth("1", "0.135", "EUR"), Some(14));
        assert_eq!(worth("1", "0.1250000000001", "EUR"), Some(13));
        assert_eq!(worth("2.5", "1", "JPY"), Some(3));
        assert_eq!(worth("2.4999", "1", "JPY"), Some(2));
        assert_eq!(worth("1.5", "1.0005", "KWD"), Some(1501));
        // Nine digits on each side make eighteen: none is lost before the rounding.
        assert_eq!(worth("0.000000001", "5000000.000000001", "EUR"), Some(1));
        assert_eq!(worth("999999999999999999", "999999999999999999", "EUR"), None);
    }

    #[test]
    fn only_plain_decimals_are_numbers() {
        for good in ["0", "12", "12.50", ".5", "5."] {
            assert!(decimal(good).is_some(), "{good}");
        }
        for bad in ["", ".", "-1", "+1", "1e3", "1_000", "1,5", "1.2.3", "１"] {
            assert!(decimal(bad).is_none(), "{bad}");
        }
        assert!(decimal("1234567890123456789").is_none());
    }

    #[test]
    fn a_total_never_wraps() {
        assert_eq!(total([1, 2, 3]), Some(6));
        assert_eq!(total([i64::MAX, 1]), None);
    }

    #[test]
    fn lines_keep_the_buyers_names_where_these_tell_them_apart() {
        assert_eq!(line_names(&["10", "20"]), ["10", "20"]);
        assert_eq!(line_names(&["1", "1"]), ["1", "2"]);
        assert_eq!(line_names(&["", "A"]), ["1", "2"]);
    }

    #[test]
    fn the_answers_of_all_lines_make_the_orders_state() {
        let lines = ["1".to_owned(), "2".to_owned()];
        let state = |first, second| {
            let answers = vec![answer("2", second), answer("1", first)];
            decide(&lines, answers).map(|(state, _)| state)
        };
        assert_eq!(state(Accept, Accept), Ok(OrderState::Accepted));
        assert_eq!(state(Reject, Reject), Ok(OrderState::Rejected));
        assert_eq!(state(Accept, Reject), Ok(OrderState::AcceptedWithChange));
        assert_eq!(state(Accept, Change), Ok(OrderState::AcceptedWithChange));
    }

    #[test]
    fn every_line_is_answered_once_and_a_change_says_what_changes() {
        let lines = ["1".to_owned()];
        let refused = |answers| decide(&lines, answers).unwrap_err();
        assert_eq!(refused(vec![]), RuleError::Unanswered("1".into()));
        let twice = vec![answer("1", Accept), answer("1", Accept)];
        assert_eq!(refused(twice), RuleError::NoSuchLine("1".into()));
        let other = vec![answer("1", Accept), answer("7", Accept)];
        assert_eq!(refused(other), RuleError::NoSuchLine("7".into()));
        let nothing = LineAnswer { quantity: None, ..answer("1", Change) };
        assert_eq!(refused(vec![nothing]), RuleError::ChangesNothing("1".into()));
        let zero = LineAnswer { quantity: decimal("0"), ..answer("1", Change) };
        assert!(matches!(refused(vec![zero]), RuleError::Number(..)));
        let more = LineAnswer { quantity: decimal("1"), ..answer("1", Reject) };
        assert_eq!(refused(vec![more]), RuleError::NotAChange("1".into()));
    }
}
