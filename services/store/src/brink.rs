/// A place at which a test may have the process die, as by `kill -9`: where `ENTENTE_DIE_AT`
/// names it. Nothing of it is in a release build.
#[cfg(debug_assertions)]
pub fn brink(place: &str) {
    if std::env::var_os("ENTENTE_DIE_AT").is_some_and(|it| it == place) {
        std::process::abort();
    }
}

/// A place at which a test may have the process die; in a release build it is nothing.
#[cfg(not(debug_assertions))]
pub const fn brink(_place: &str) {}

/// Whether a test has this fault seeded: where `ENTENTE_FAULT` names it. Nothing of it is in a
/// release build.
#[cfg(debug_assertions)]
pub fn seeded(fault: &str) -> bool {
    static SEEDED: std::sync::OnceLock<Option<std::ffi::OsString>> =
        std::sync::OnceLock::new();
    let seeded = SEEDED.get_or_init(|| std::env::var_os("ENTENTE_FAULT"));
    seeded.as_ref().is_some_and(|it| it == fault)
}

/// Whether a test has this fault seeded; in a release build none is.
#[cfg(not(debug_assertions))]
pub const fn seeded(_fault: &str) -> bool {
    false
}
