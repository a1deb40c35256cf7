use argon2::{
    Argon2, PasswordHash, PasswordHasher, PasswordVerifier, password_hash::SaltString,
};
use kernel::Fault;
use serde::Deserialize;
use utoipa::ToSchema;

/// A password as a person typed it: 8 to 200 characters. Never logged, never shown.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, min_length = 8, max_length = 200)]
pub struct Password(String);

/// Why a text is no [`Password`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a password has 8 to 200 characters")]
pub struct PasswordError;

impl TryFrom<String> for Password {
    type Error = PasswordError;

    fn try_from(text: String) -> Result<Self, PasswordError> {
        let fits = (8..=200).contains(&text.chars().count());
        fits.then_some(Self(text)).ok_or(PasswordError)
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password")
    }
}

impl Password {
    /// Its argon2id hash (RFC 9106), in PHC form, with a salt of its own.
    ///
    /// # Errors
    /// Only ours.
    pub async fn hash(&self) -> Result<String, Fault> {
        let text = self.0.clone();
        let hashing = tokio::task::spawn_blocking(move || {
            let salt = SaltString::encode_b64(&rand::random::<[u8; 16]>())?;
            Argon2::default()
                .hash_password(text.as_bytes(), &salt)
                .map(|it| it.to_string())
        });
        let hashed =
            hashing.await.map_err(Fault::new("waiting for a password's hash"))?;
        hashed.map_err(|error| {
            Fault::new("hashing a password")(std::io::Error::other(error.to_string()))
        })
    }

    /// Whether it is the one that was hashed. Without a hash the same work is done, so that
    /// time does not tell whether somebody exists.
    ///
    /// # Errors
    /// Only ours.
    pub async fn matches(&self, hash: Option<String>) -> Result<bool, Fault> {
        let text = self.0.clone();
        let checking = tokio::task::spawn_blocking(move || {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| NOBODYS.to_owned());
            PasswordHash::new(&hash).is_ok_and(|hash| {
                Argon2::default().verify_password(text.as_bytes(), &hash).is_ok() && known
            })
        });
        checking.await.map_err(Fault::new("waiting for a password to be checked"))
    }
}

/// A hash that no password has: its digest is all zeros.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[cfg(test)]
mod tests {
    use super::{NOBODYS, Password, PasswordHash};

    #[tokio::test]
    async fn only_the_same_password_matches() {
        let right = Password::try_from("correct horse".to_owned()).unwrap();
        let wrong = Password::try_from("incorrect horse".to_owned()).unwrap();
        let hash = right.hash().await.unwrap();
        assert!(right.matches(Some(hash.clone())).await.unwrap());
        assert!(!wrong.matches(Some(hash)).await.unwrap());
        assert!(!wrong.matches(None).await.unwrap());
        assert!(
            PasswordHash::new(NOBODYS).is_ok(),
            "else no work would be done for nobody"
        );
    }
}
