//! What a contact's fields may be. Pure.

use crate::Given;

/// Why a value was refused.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{why}")]
pub struct Flaw {
    /// The field.
    pub field: &'static str,
    /// What is wrong, and what would be right.
    pub why: &'static str,
}

/// A contact's fields, read into what cannot be wrong.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Fields {
    /// Their name; 1 to 200 characters.
    pub name: String,
    /// Their address, in lower case.
    pub email: Option<String>,
    /// Their telephone.
    pub phone: Option<String>,
    /// What they are there.
    pub title: Option<String>,
}

/// Changes to some of the fields.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Changes {
    /// [`Fields::name`]; it cannot be emptied.
    pub name: Given<String>,
    /// [`Fields::email`].
    pub email: Given<String>,
    /// [`Fields::phone`].
    pub phone: Given<String>,
    /// [`Fields::title`].
    pub title: Given<String>,
}

impl Changes {
    /// The fields after these changes.
    ///
    /// # Errors
    /// The first flaw.
    pub fn over(self, old: Fields) -> Result<Fields, Flaw> {
        let nameless = Flaw { field: "name", why: "a contact has a name" };
        let name = match self.name {
            Given::Absent => old.name,
            Given::Empty => return Err(nameless),
            Given::Value(text) if text.trim().is_empty() => return Err(nameless),
            Given::Value(text) => line("name", &text, 200)?,
        };
        Ok(Fields {
            name,
            email: kept(self.email, old.email, email)?,
            phone: kept(self.phone, old.phone, |text| line("phone", text, 60))?,
            title: kept(self.title, old.title, |text| line("title", text, 100))?,
        })
    }
}

fn kept(
    given: Given<String>,
    old: Option<String>,
    read: impl FnOnce(&str) -> Result<String, Flaw>,
) -> Result<Option<String>, Flaw> {
    let filled = match &given {
        Given::Value(text) if text.trim().is_empty() => Given::Empty,
        Given::Absent | Given::Empty | Given::Value(_) => given,
    };
    Ok(filled.read(|text| read(&text))?.over(old))
}

fn line(field: &'static str, text: &str, most: usize) -> Result<String, Flaw> {
    let trimmed = text.trim();
    if trimmed.chars().count() > most || trimmed.contains(char::is_control) {
        return Err(Flaw { field, why: "this is too long, or not one line of text" });
    }
    Ok(trimmed.to_owned())
}

fn email(text: &str) -> Result<String, Flaw> {
    let lower = text.trim().to_lowercase();
    let good = lower.len() <= 254
        && !lower.contains(|letter: char| letter.is_whitespace() || letter.is_control())
        && lower.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && !domain.contains('@')
                && domain.contains('.')
                && domain.split('.').all(|label| !label.is_empty())
        });
    let why = "write an address such as jo@acme.example";
    if good { Ok(lower) } else { Err(Flaw { field: "email", why }) }
}

#[cfg(test)]
mod tests {
    use super::{Changes, Fields, email};
    use crate::Given;

    #[test]
    fn an_address_has_one_at_and_a_domain() {
        assert_eq!(email(" Jo@Acme.example ").unwrap(), "jo@acme.example");
        for text in
            ["jo", "@acme.example", "jo@acme", "jo@a@b.example", "j o@acme.example"]
        {
            assert!(email(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_contact_keeps_its_name() {
        let old = Fields { name: "Jo".to_owned(), ..Fields::default() };
        let emptied = Changes { name: Given::Empty, ..Changes::default() };
        assert!(emptied.over(old.clone()).is_err());
        let title = Given::Value("Buyer".to_owned());
        let changed = Changes { title, ..Changes::default() }.over(old).unwrap();
        assert_eq!(
            (changed.name.as_str(), changed.title.as_deref()),
            ("Jo", Some("Buyer"))
        );
    }
}
