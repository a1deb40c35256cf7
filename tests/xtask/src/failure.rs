//! Why a task could not be done, in words for the person who started it.

use std::fmt;

/// A task that failed, or that was asked for wrongly.
#[derive(Debug)]
pub(crate) struct Failure {
    said: String,
    exit_code: u8,
}

impl Failure {
    /// Something went wrong: exit code 1.
    pub(crate) fn new(said: impl Into<String>) -> Self {
        Self { said: said.into(), exit_code: 1 }
    }

    /// The command line makes no sense: exit code 2.
    pub(crate) fn usage(said: impl Into<String>) -> Self {
        Self { said: said.into(), exit_code: 2 }
    }

    /// What the process answers.
    pub(crate) const fn exit_code(&self) -> u8 {
        self.exit_code
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.said)
    }
}

/// Says what was being done when an error came.
pub(crate) trait While<T> {
    /// Turns the error into a [`Failure`] that opens with `doing`.
    ///
    /// # Errors
    /// The error itself, in words.
    fn while_doing(self, doing: impl fmt::Display) -> Result<T, Failure>;
}

impl<T, E: fmt::Display> While<T> for Result<T, E> {
    fn while_doing(self, doing: impl fmt::Display) -> Result<T, Failure> {
        self.map_err(|error| Failure::new(format!("{doing}: {error}")))
    }
}
