//! What a guest may be called and reached by, and which states there are. Pure.

use directory::{Email, Locale};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Refusal;

/// Where a guest is.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum GuestState {
    /// Invited; has not written yet.
    Added,
    /// Has written.
    Active,
    /// Taken out, or left.
    Removed,
    /// Mail to the address came back.
    Bounced,
}

/// How a guest came or went.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum GuestMove {
    /// Was brought in.
    Added,
    /// Was taken out.
    Removed,
    /// Left by the link in a letter.
    Left,
    /// Mail to the address came back.
    Bounced,
}

impl GuestMove {
    /// Its word, as events tell it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Left => "left",
            Self::Bounced => "bounced",
        }
    }
}

/// An outside contact who can be invited.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NewGuest {
    /// The address, in lower case.
    pub email: String,
    /// The name.
    pub name: String,
    /// The language; none takes that of the person who invites.
    pub locale: Option<Locale>,
}

impl NewGuest {
    /// Reads what a person typed. An address at our own domain would write to itself.
    ///
    /// # Errors
    /// [`Refusal::Input`], naming the field.
    pub fn read(
        email: &str,
        name: &str,
        locale: Option<Locale>,
        our_domain: &str,
    ) -> Result<Self, Refusal> {
        let refused = |detail: &str| Refusal::Input("email", detail.to_owned());
        let email: Email = email.parse().map_err(|_| {
            refused("this is not a mail address; write it like ada@acme.example")
        })?;
        let email = String::from(email);
        if email.parse::<lettre::Address>().is_err() || email.len() > 254 {
            return Err(refused("no mail can be sent to this address"));
        }
        let domain = email.rsplit_once('@').map_or("", |(_, domain)| domain);
        if domain.eq_ignore_ascii_case(our_domain) {
            return Err(refused("this address is one of the hub's own"));
        }
        Ok(Self { email, name: line("name", name, 100)?, locale })
    }
}

/// One line of 1 to `most` characters.
///
/// # Errors
/// [`Refusal::Input`], naming the field.
pub(super) fn line(
    field: &'static str,
    text: &str,
    most: usize,
) -> Result<String, Refusal> {
    let text = text.trim();
    let fits = (1..=most).contains(&text.chars().count());
    if fits && !text.contains(char::is_control) {
        return Ok(text.to_owned());
    }
    Err(Refusal::Input(field, format!("one line of 1 to {most} characters")))
}

/// Where a topic belongs: nothing, or a word or two.
///
/// # Errors
/// [`Refusal::Input`].
pub(super) fn category(text: &str) -> Result<String, Refusal> {
    if text.trim().is_empty() { Ok(String::new()) } else { line("category", text, 40) }
}

/// A message of 1 to 16,000 characters.
///
/// # Errors
/// [`Refusal::Input`].
pub(super) fn message(text: &str) -> Result<String, Refusal> {
    let text = text.trim_end();
    if (1..=16_000).contains(&text.chars().count()) && !text.contains('\0') {
        return Ok(text.to_owned());
    }
    Err(Refusal::Input("message", "1 to 16000 characters".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{NewGuest, line, message};

    #[test]
    fn a_guest_has_an_address_elsewhere_and_a_name_of_one_line() {
        let read =
            |email: &str, name: &str| NewGuest::read(email, name, None, "hub.test");
        let guest = read(" Xavier@Client.test ", " Xavier ").unwrap();
        assert_eq!(
            (guest.email.as_str(), guest.name.as_str()),
            ("xavier@client.test", "Xavier")
        );
        for (email, name) in [
            ("xavier", "X"),
            ("x@hub.test", "X"),
            ("x@client.test\r\nBcc: y@z.test", "X"),
            ("x@client.test", ""),
            ("x@client.test", "X\r\nBcc: y@z.test"),
        ] {
            assert!(read(email, name).is_err(), "{email:?} {name:?}");
        }
    }

    #[test]
    fn titles_and_messages_are_bounded() {
        assert!(line("title", &"x".repeat(201), 200).is_err());
        assert!(line("title", "  ", 200).is_err());
        assert!(message("").is_err());
        assert_eq!(message("a\nb\n").unwrap(), "a\nb");
    }
}
