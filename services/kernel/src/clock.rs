use std::{fmt, sync::Arc, time::UNIX_EPOCH};

use crate::Moment;

/// Where the time comes from. Passed in, so that a test can hold it still.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Moment + Send + Sync>);

impl Clock {
    /// The machine's own clock.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    pub fn system() -> Self {
        Self::from_fn(|| {
            let since = std::time::SystemTime::now().duration_since(UNIX_EPOCH);
            let micros = since.map_or(0, |past| past.as_micros());
            Moment::from_micros(i64::try_from(micros).unwrap_or(i64::MAX))
        })
    }

    /// A clock that tells whatever `tell` says.
    pub fn from_fn(tell: impl Fn() -> Moment + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    /// The current moment.
    pub fn now(&self) -> Moment {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
