use segments::Segment;
use serde::{Deserialize, Serialize};

use super::filled;
use crate::Draft;

/// Somebody who takes part: an N1 loop.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Party {
    /// N101: `BY` buyer, `SE` seller, `ST` ship to, and others.
    pub role: String,
    /// N102 and N2.
    pub name: String,
    /// N103: the scheme of the identifier, such as `92`, `1` (DUNS), `UL` (GLN).
    pub qualifier: Option<String>,
    /// N104.
    pub id: Option<String>,
    /// N3.
    pub street: Vec<String>,
    /// N401.
    pub city: Option<String>,
    /// N402.
    pub region: Option<String>,
    /// N403.
    pub postal_code: Option<String>,
    /// N404.
    pub country: Option<String>,
    /// PER.
    pub contacts: Vec<Contact>,
}

/// A person or desk to turn to: PER.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    /// PER01, such as `BD`.
    pub role: String,
    /// PER02.
    pub name: Option<String>,
    /// Kinds and numbers, such as `EM` and an address.
    pub reach: Vec<(String, String)>,
}

impl Contact {
    pub(crate) fn read(per: &Segment<'_, '_>) -> Self {
        let pairs = [(3, 4), (5, 6), (7, 8)];
        let reach = pairs.iter().filter_map(|(kind, number)| {
            Some((filled(per, *kind)?, filled(per, *number)?))
        });
        Self {
            role: per.text(1).into_owned(),
            name: filled(per, 2),
            reach: reach.collect(),
        }
    }

    pub(crate) fn write(&self, draft: &mut Draft) {
        let mut fields = vec![(&self.role).into(), self.name.as_ref().into()];
        for (kind, number) in self.reach.iter().take(3) {
            fields.push(kind.into());
            fields.push(number.into());
        }
        draft.segment("PER", fields);
    }
}

impl Party {
    pub(crate) fn read(n1: &Segment<'_, '_>) -> Self {
        Self {
            role: n1.text(1).into_owned(),
            name: n1.text(2).trim().to_owned(),
            qualifier: filled(n1, 3),
            id: filled(n1, 4),
            ..Self::default()
        }
    }

    /// Takes in a segment of its loop; tells whether it was one.
    pub(crate) fn extend(&mut self, segment: &Segment<'_, '_>) -> bool {
        match segment.name() {
            b"N2" => {
                for element in 1..=2 {
                    if let Some(more) = filled(segment, element) {
                        if !self.name.is_empty() {
                            self.name.push(' ');
                        }
                        self.name.push_str(&more);
                    }
                }
            }
            b"N3" => {
                self.street
                    .extend((1..=2).filter_map(|element| filled(segment, element)));
            }
            b"N4" => {
                self.city = filled(segment, 1);
                self.region = filled(segment, 2);
                self.postal_code = filled(segment, 3);
                self.country = filled(segment, 4);
            }
            b"PER" => self.contacts.push(Contact::read(segment)),
            _ => return false,
        }
        true
    }

    pub(crate) fn write(&self, draft: &mut Draft) {
        let (name, more) = split(&self.name, 60);
        draft.segment(
            "N1",
            vec![
                (&self.role).into(),
                name.into(),
                self.qualifier.as_ref().into(),
                self.id.as_ref().into(),
            ],
        );
        if !more.is_empty() {
            let (first, second) = split(&more, 60);
            draft.segment("N2", vec![first.into(), second.into()]);
        }
        for pair in self.street.chunks(2).take(2) {
            draft.segment("N3", pair.iter().map(Into::into).collect());
        }
        let place = [&self.city, &self.region, &self.postal_code, &self.country];
        if place.iter().any(|part| part.is_some()) {
            draft.segment("N4", place.iter().map(|part| part.as_ref().into()).collect());
        }
        for contact in &self.contacts {
            contact.write(draft);
        }
    }
}

/// Cuts a text at a blank so that the first part has at most `most` characters.
pub(crate) fn split(text: &str, most: usize) -> (String, String) {
    if text.chars().count() <= most {
        return (text.to_owned(), String::new());
    }
    let head: String = text.chars().take(most).collect();
    let cut = match head.rfind(' ') {
        Some(blank) if blank > 0 => blank,
        Some(_) | None => head.len(),
    };
    match text.split_at_checked(cut) {
        Some((first, rest)) => (first.to_owned(), rest.trim_start().to_owned()),
        None => (head, String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_at_a_blank_and_loses_nothing() {
        assert_eq!(split("Nordwind Handel", 9), ("Nordwind".into(), "Handel".into()));
        assert_eq!(split("Donaudampfschiff", 5), ("Donau".into(), "dampfschiff".into()));
        assert_eq!(split("kurz", 9), ("kurz".into(), String::new()));
    }
}
