use kernel::{Id, Organisation, Person};
use serde::Serialize;
use utoipa::ToSchema;

/// An organisation, by id and name.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct OrgRef {
    /// Which.
    pub id: Id<Organisation>,
    /// Its name.
    pub name: String,
}

/// A person, by id and name.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct PersonRef {
    /// Who.
    pub id: Id<Person>,
    /// Their name.
    pub name: String,
}

impl PersonRef {
    /// From columns of an outer join.
    pub(crate) fn of(id: Option<Id<Person>>, name: Option<String>) -> Option<Self> {
        Some(Self { id: id?, name: name? })
    }
}
