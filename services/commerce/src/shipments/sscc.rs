//! The serial shipping container code of a package. Pure.

/// Reads a serial shipping container code, with or without `(00)` before it.
///
/// Source: GS1 General Specifications, 3.3.1 (SSCC, AI 00) and 7.9.1 (check digit): weights 3 and
/// 1 by turns from the digit before the last, up to the next multiple of ten.
///
/// # Errors
/// In plain words, what is wrong with it.
pub fn sscc(text: &str) -> Result<String, String> {
    let bare = text.trim().trim_start_matches("(00)").replace(' ', "");
    let bare =
        if bare.len() == 20 { bare.trim_start_matches("00").to_owned() } else { bare };
    let digits: Option<Vec<u32>> = bare.chars().map(|it| it.to_digit(10)).collect();
    let digits = digits.filter(|it| it.len() == 18);
    let Some((last, body)) = digits.as_deref().and_then(<[u32]>::split_last) else {
        return Err(format!("`{}` is no SSCC: one has 18 digits", shown(text)));
    };
    let weighed = body.iter().rev().zip([3, 1].into_iter().cycle());
    let sum: u32 = weighed.map(|(digit, weight)| digit * weight).sum();
    let check = (10 - sum % 10) % 10;
    if check == *last {
        return Ok(bare);
    }
    Err(format!(
        "`{bare}` is no SSCC: its last digit is {last}, and {check} would check the others"
    ))
}

/// What somebody wrote, as a message may show it.
pub(super) fn shown(text: &str) -> String {
    text.chars().filter(|it| !it.is_control()).take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::sscc;

    #[test]
    fn a_container_code_is_checked_by_its_last_digit() {
        // The example of GS1's own page on check digits.
        assert_eq!(sscc("376104250021234569").unwrap(), "376104250021234569");
        assert_eq!(sscc("(00) 3 7610425 002123456 9").unwrap(), "376104250021234569");
        assert_eq!(sscc("00376104250021234569").unwrap(), "376104250021234569");
        let wrong = sscc("376104250021234568").unwrap_err();
        assert!(wrong.contains("its last digit is 8, and 9 would check"), "{wrong}");
        for bad in ["", "37610425002123456", "37610425002123456X", "３76104250021234569"]
        {
            assert!(sscc(bad).unwrap_err().contains("18 digits"), "{bad}");
        }
        // One digit that is wrong, anywhere, is found.
        let good = *b"376104250021234569";
        for place in 0..18 {
            let mut other = good;
            other[place] = b'0' + (other[place] - b'0' + 1) % 10;
            assert!(sscc(std::str::from_utf8(&other).unwrap()).is_err(), "{place}");
        }
    }
}
