use std::{borrow::Cow, error::Error};

/// Our own failure: what we were doing, and what stopped us. Logged in full, never shown.
#[derive(Debug, thiserror::Error)]
#[error("failed while {doing}")]
pub struct Fault {
    doing: Cow<'static, str>,
    source: Box<dyn Error + Send + Sync>,
}

impl Fault {
    /// For `map_err`; `doing` completes "failed while …".
    pub fn new<E>(doing: impl Into<Cow<'static, str>>) -> impl FnOnce(E) -> Self
    where
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        let doing = doing.into();
        move |source| Self { doing, source: source.into() }
    }

    /// A state that our own code should have made impossible.
    pub fn broken(doing: impl Into<Cow<'static, str>>, why: &'static str) -> Self {
        Self { doing: doing.into(), source: why.into() }
    }
}
