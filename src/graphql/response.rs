//! From what the engine answers to what the caller gets: codes, one error per field and list, no echo of values.

use std::collections::HashSet;

use async_graphql::{ErrorExtensionValues, PathSegment, Pos, Response, ServerError, Value};
use serde::Serialize;

use super::Reply;
use super::error::{Code, OPAQUE, coded};

#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
}

/// The reply to a request that the engine has answered.
pub fn reply(response: Response, request_id: &str) -> Reply {
    // Execution nulls no root field without naming its path, and no request fails before execution with one.
    let executed = response.data != Value::Null || response.errors.iter().any(|error| !error.path.is_empty());
    let errors = folded(response.errors.into_iter().map(|error| tidied(error, request_id)).collect());
    body(&errors, executed.then_some(&response.data))
}

/// The reply to a request that was not executed.
pub fn refusal(errors: Vec<ServerError>) -> Reply {
    body(&errors, None)
}

fn body(errors: &[ServerError], data: Option<&Value>) -> Reply {
    let ok = data.is_some();
    match serde_json::to_string(&Body { errors, data }) {
        Ok(json) => Reply { json, ok },
        Err(error) => {
            tracing::error!(%error, "an answer could not be written");
            Reply::refused(Code::Internal.name(), OPAQUE, None)
        }
    }
}

/// An error as it may leave the server.
fn tidied(error: ServerError, request_id: &str) -> ServerError {
    let Some(mut extensions) = error.extensions.clone() else { return of_the_engine(error) };
    if extensions.get("code") == Some(&Value::from(Code::Internal.name())) {
        extensions.set("requestId", request_id);
    }
    ServerError { source: None, extensions: Some(extensions), ..error }
}

/// An error that the engine made itself. Its messages about values quote the values, passwords included.
fn of_the_engine(error: ServerError) -> ServerError {
    let position = error.locations.first().copied();
    let quotes_a_value = ["Expected input type", "Failed to parse", "Invalid number", "Only integers"];
    let replaced = if quotes_a_value.iter().any(|start| error.message.starts_with(start)) {
        coded(Code::BadUserInput, "an argument of this field cannot be taken: check its type", position)
    } else if let Some((start, _)) = error.message.split_once(" does not contain the value") {
        coded(Code::ValidationFailed, format!("{start} does not contain the value given"), position)
    } else {
        coded(Code::ValidationFailed, error.message, position)
    };
    ServerError { locations: error.locations, path: error.path, ..replaced }
}

/// One error per field and list (A9): those that differ only in the places of lists are one, told with the first path.
fn folded(mut errors: Vec<ServerError>) -> Vec<ServerError> {
    errors.sort_by_cached_key(|error| error.path.iter().map(sortable).collect::<Vec<_>>());
    let mut told = HashSet::new();
    errors.retain(|error| told.insert(kind(error)));
    errors
}

// Fields have a place of their own before any index could stand there, so the mixed order is never looked at.
fn sortable(segment: &PathSegment) -> (usize, String) {
    match segment {
        PathSegment::Index(place) => (*place, String::new()),
        PathSegment::Field(name) => (0, name.clone()),
    }
}

/// What two errors of the same field and list have in common.
fn kind(error: &ServerError) -> (Vec<String>, Option<String>, String, Option<Pos>) {
    let fields: Vec<String> = error
        .path
        .iter()
        .filter_map(|segment| match segment {
            PathSegment::Field(name) => Some(name.clone()),
            PathSegment::Index(_) => None,
        })
        .collect();
    let code = error.extensions.as_ref().and_then(code_of);
    // Without a path, as in validation, each error stands for itself.
    let position = if fields.is_empty() { error.locations.first().copied() } else { None };
    (fields, code, error.message.clone(), position)
}

fn code_of(extensions: &ErrorExtensionValues) -> Option<String> {
    extensions.get("code").map(ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::error::Failure;

    fn denied(path: &[PathSegment]) -> ServerError {
        ServerError { path: path.to_vec(), ..Failure::Forbidden(policy::MONETARY_VALUE).report(None) }
    }

    fn field(name: &str) -> PathSegment {
        PathSegment::Field(name.to_owned())
    }

    // A9
    #[test]
    fn errors_that_differ_in_places_only_are_one() {
        let at = |place| denied(&[field("nodes"), PathSegment::Index(place), field("monetaryValue")]);
        let alias = denied(&[field("nodes"), PathSegment::Index(0), field("worth")]);
        let errors = folded(vec![at(10), at(2), alias.clone(), at(3)]);
        assert_eq!(errors, [alias, at(2)]);
    }

    #[test]
    fn values_are_not_echoed() {
        for message in [
            "Expected input type \"Int\", found \"hunter2\".",
            "Failed to parse \"Int\": hunter2",
            "Invalid value for argument \"x\", enumeration type \"Y\" does not contain the value \"hunter2\"",
        ] {
            let error = tidied(ServerError::new(message, None), "request");
            assert!(!error.message.contains("hunter2"), "{error:?}");
            assert!(error.extensions.is_some());
        }
    }

    #[test]
    fn only_failures_of_the_server_carry_the_request_id() {
        let json = reply(Response::from_errors(vec![Failure::Broken.report(None)]), "r-1").json;
        assert!(json.contains(r#""requestId":"r-1""#), "{json}");
        let json = reply(Response::from_errors(vec![Failure::bad_input("no").report(None)]), "r-1").json;
        assert!(!json.contains("r-1"), "{json}");
    }
}
