//! What every operation of the API's document has in common, said once for all of them.

use utoipa::openapi::{
    Content, ObjectBuilder, OpenApi, PathItem, Ref, RefOr, Response, Schema,
    path::Operation,
    schema::{AdditionalProperties, Components, Type},
};

/// How refusals and faults go out. Source: RFC 9457, 3.
const PROBLEM: &str = "application/problem+json";

/// Gives every refusal in the document the shape of a problem, and every answer words.
pub(crate) fn finish(document: &mut OpenApi) {
    let components = document.components.get_or_insert_with(Components::new);
    components.schemas.insert("Problem".to_owned(), problem().into());
    for item in document.paths.paths.values_mut() {
        for operation in operations(item) {
            for (status, answer) in &mut operation.responses.responses {
                if let RefOr::T(answer) = answer {
                    tell(status, answer);
                }
            }
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete]
        .into_iter()
        .flatten()
}

fn tell(status: &str, answer: &mut Response) {
    let refuses = status.starts_with('4') || status.starts_with('5');
    if refuses && answer.content.is_empty() {
        let content = Content::new(Some(Ref::from_schema_name("Problem")));
        answer.content.insert(PROBLEM.to_owned(), RefOr::T(content));
    }
    if answer.description.is_empty() {
        let code = status.parse::<axum::http::StatusCode>().ok();
        let reason = code.and_then(|code| code.canonical_reason());
        reason.unwrap_or("The answer").clone_into(&mut answer.description);
    }
}

/// A refusal, or a fault of ours.
fn problem() -> Schema {
    let text = |words: &str| {
        ObjectBuilder::new().schema_type(Type::String).description(Some(words))
    };
    let number = |words: &str| {
        ObjectBuilder::new().schema_type(Type::Integer).description(Some(words))
    };
    ObjectBuilder::new()
        .description(Some("What was refused, or failed, and the way out (RFC 9457)."))
        .property("type", text("What kind: `/problems/` and a word that never changes. Programs match on it."))
        .required("type")
        .property("title", text("The kind, for people."))
        .required("title")
        .property("status", number("The HTTP status."))
        .required("status")
        .property("detail", text("What was wrong this time, for people."))
        .required("detail")
        .property("field", text("The member of the input that was refused."))
        .property("revision", number("The revision that is there, where another was named."))
        .additional_properties(Some(AdditionalProperties::FreeForm(true)))
        .into()
}
