/// Whether these digits name a day: `YYMMDD` or `YYYYMMDD`.
pub fn is_date(digits: &[u8]) -> bool {
    let (year, rest) = match digits.len() {
        6 => (number(digits, 0, 2).map(|year| year.saturating_add(2000)), 2),
        8 => (number(digits, 0, 4), 4),
        _ => return false,
    };
    let (Some(year), Some(month), Some(day)) =
        (year, number(digits, rest, 2), number(digits, rest.saturating_add(2), 2))
    else {
        return false;
    };
    day >= 1 && day <= days_in(year, month)
}

/// Whether these digits name a time of day: `HHMM`, with seconds, with fractions of them.
pub fn is_time(digits: &[u8]) -> bool {
    let seconds = match digits.len() {
        4 => Some(0),
        6..=8 => number(digits, 4, 2),
        _ => None,
    };
    digits.iter().all(u8::is_ascii_digit)
        && number(digits, 0, 2).is_some_and(|hour| hour < 24)
        && number(digits, 2, 2).is_some_and(|minute| minute < 60)
        && seconds.is_some_and(|second| second < 60)
}

fn days_in(year: u32, month: u32) -> u32 {
    let leap =
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => 0,
    }
}

fn number(digits: &[u8], from: usize, count: usize) -> Option<u32> {
    let part = digits.get(from..from.checked_add(count)?)?;
    part.iter().try_fold(0_u32, |sum, digit| {
        let value =
            digit.is_ascii_digit().then(|| u32::from(digit.wrapping_sub(b'0')))?;
        sum.checked_mul(10)?.checked_add(value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_times_that_do_not_exist_are_told_from_those_that_do() {
        for day in [b"20260228".as_slice(), b"20240229", b"260930", b"20001231"] {
            assert!(is_date(day), "{day:?}");
        }
        for day in
            [b"20261341".as_slice(), b"20260229", b"20260001", b"2026010", b"2026O101"]
        {
            assert!(!is_date(day), "{day:?}");
        }
        assert!(is_time(b"2359") && is_time(b"235959") && is_time(b"23595999"));
        assert!(!is_time(b"2400") && !is_time(b"12a0") && !is_time(b"126000"));
    }
}
