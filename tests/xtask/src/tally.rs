//! How many tests ran, read from what the runners say last.

use std::ops::AddAssign;

/// Tests, counted.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tally {
    /// They hold.
    pub(crate) passed: u64,
    /// They do not, or they never ended.
    pub(crate) failed: u64,
    /// They were not run.
    pub(crate) skipped: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, more: Self) {
        self.passed = self.passed.saturating_add(more.passed);
        self.failed = self.failed.saturating_add(more.failed);
        self.skipped = self.skipped.saturating_add(more.skipped);
    }
}

/// Who ran the tests: each says its sum in words of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Runner {
    /// `Summary [ 0.1s] 3 tests run: 2 passed (1 slow), 1 failed, 0 skipped`
    Nextest,
    /// `test result: ok. 3 passed; 0 failed; 0 ignored; …`, once a binary.
    CargoTest,
    /// `Tests  1 failed | 11 passed | 2 skipped (14)`
    Vitest,
    /// `1 failed`, `12 passed (34.5s)`: one line a number.
    Playwright,
}

impl Runner {
    /// What one line of output adds to the sum; nothing for most lines.
    pub(crate) fn read(self, line: &str) -> Tally {
        let plain = without_colour(line);
        let plain = plain.trim();
        let counts = match self {
            Self::Nextest if plain.starts_with("Summary [") => {
                plain.split_once(" run: ").map(|(_, counts)| counts)
            }
            Self::CargoTest => plain.strip_prefix("test result: "),
            Self::Vitest => plain.strip_prefix("Tests "),
            Self::Playwright if is_count_alone(plain) => Some(plain),
            Self::Nextest | Self::Playwright => None,
        };
        counts.map_or_else(Tally::default, |counts| sum(self, counts))
    }
}

/// Adds up each number by the word that follows it.
fn sum(runner: Runner, counts: &str) -> Tally {
    let mut tally = Tally::default();
    let mut words = counts.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let Ok(count) = word.trim_start_matches('(').parse::<u64>() else { continue };
        let kind = words.peek().copied().unwrap_or_default();
        let slot = match kind.trim_end_matches([',', ';', '|', ')']) {
            "passed" => &mut tally.passed,
            "flaky" if runner == Runner::Playwright => &mut tally.passed,
            "failed" | "timed" | "exec" | "interrupted" => &mut tally.failed,
            "skipped" | "ignored" | "todo" | "did" => &mut tally.skipped,
            _ => continue,
        };
        *slot = slot.saturating_add(count);
    }
    tally
}

/// Whether a line is a number, a word of Playwright's, and at most a time in parentheses.
fn is_count_alone(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let is_number = words.next().is_some_and(|word| word.parse::<u64>().is_ok());
    let is_known = matches!(
        words.next(),
        Some("passed" | "failed" | "flaky" | "skipped" | "interrupted" | "did")
    );
    let rest = words.next().is_none_or(|word| word.starts_with('(') || word == "not");
    is_number && is_known && rest
}

/// A line without the escapes that paint it.
fn without_colour(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            characters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn counts(runner: Runner, lines: &[&str], passed: u64, failed: u64, skipped: u64) {
        let mut tally = Tally::default();
        for line in lines {
            tally += runner.read(line);
        }
        assert_eq!(tally, Tally { passed, failed, skipped });
    }

    #[test]
    fn the_summary_of_nextest_is_read() {
        use Runner::Nextest;
        counts(
            Nextest,
            &["     Summary [   0.005s] 3 tests run: 3 passed, 0 skipped"],
            3,
            0,
            0,
        );
        counts(
            Nextest,
            &[
                "     Summary [ 9.1s] 9/12 tests run: 5 passed (1 slow, 2 flaky), 2 failed, 1 timed out, 1 exec failed, 4 skipped",
            ],
            5,
            4,
            4,
        );
        counts(
            Nextest,
            &[
                "\u{1b}[32;1m     Summary\u{1b}[0m [   1.8s] \u{1b}[1m7\u{1b}[0m tests run: \u{1b}[1m7\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m, \u{1b}[1m0\u{1b}[0m skipped",
            ],
            7,
            0,
            0,
        );
        counts(Nextest, &["        PASS [   0.004s] suite::deals 3 passed"], 0, 0, 0);
    }

    #[test]
    fn the_results_of_cargo_test_add_up() {
        counts(
            Runner::CargoTest,
            &[
                "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out",
                "test a_test_named_9 passed ... ok",
                "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured",
            ],
            5,
            1,
            1,
        );
    }

    #[test]
    fn vitest_counts_tests_and_not_files() {
        counts(
            Runner::Vitest,
            &[
                " Test Files  2 passed (2)",
                "      Tests  1 failed | 11 passed | 2 skipped (14)",
            ],
            11,
            1,
            2,
        );
    }

    #[test]
    fn playwright_says_each_number_on_a_line_of_its_own() {
        counts(
            Runner::Playwright,
            &[
                "Running 17 tests using 1 worker",
                "  1 failed",
                "    [chromium] › e2e/board.spec.ts:3:1 › 4 passed the board ──",
                "  1 flaky",
                "  2 skipped",
                "  1 did not run",
                "  12 passed (34.5s)",
            ],
            13,
            1,
            3,
        );
    }
}
