//! How ids, moments and the like stand in the OpenAPI document: as texts with a form.

use std::borrow::Cow;

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, RefOr, Schema,
        schema::{ArrayBuilder, Type},
    },
};

use crate::{Currency, Day, Id, Kind, Moment};

/// One of these words.
pub fn word(words: &[&str]) -> Schema {
    let object = ObjectBuilder::new().schema_type(Type::String);
    object.enum_values(Some(words.iter().copied())).into()
}

/// Any of these words, each at most once.
pub fn words(words: &[&str]) -> Schema {
    ArrayBuilder::new().items(RefOr::T(word(words))).unique_items(true).into()
}

fn text(pattern: &str, example: &str) -> RefOr<Schema> {
    let object = ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern));
    object.examples([example]).into()
}

// `utoipa` composes generic types from their parameters; an id is a text all the same.
impl<K: Kind> utoipa::__dev::ComposeSchema for Id<K> {
    fn compose(_parameters: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        text(
            &format!("^{}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$", K::PREFIX),
            &Self::from_uuid(uuid::Uuid::from_u128(
                0x0190_0000_0000_7000_8000_0000_0000_0001,
            ))
            .to_string(),
        )
    }
}

impl<K: Kind> ToSchema for Id<K> {
    fn name() -> Cow<'static, str> {
        Cow::Owned(format!("Id_{}", K::PREFIX))
    }
}

impl PartialSchema for Moment {
    fn schema() -> RefOr<Schema> {
        text(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$", "2026-11-18T13:06:40.123456Z")
    }
}

impl ToSchema for Moment {}

impl PartialSchema for Day {
    fn schema() -> RefOr<Schema> {
        text(r"^\d{4}-\d\d-\d\d$", "2026-11-18")
    }
}

impl ToSchema for Day {}

impl PartialSchema for Currency {
    fn schema() -> RefOr<Schema> {
        text("^[A-Z]{3}$", "EUR")
    }
}

impl ToSchema for Currency {}
