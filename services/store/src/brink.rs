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
