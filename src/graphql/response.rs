//! From what the engine answers to what the caller gets: codes, and no echo of values.

use async_graphql::{Response, ServerError, Value};
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

/// The reply to a request that the engine has answered, while fields failed with `failures`.
pub fn reply(response: Response, failures: Vec<ServerError>, request_id: &str) -> Reply {
    // Root fields are nullable, so that only a request that was not executed has no data at all.
    let executed = response.data != Value::Null;
    let errors = in_order(response.errors).into_iter().chain(failures);
    let errors: Vec<ServerError> = errors.map(|error| tidied(error, request_id)).collect();
    body(&errors, executed.then_some(&response.data))
}

/// The reply to a request that was not executed.
pub fn refusal(errors: Vec<ServerError>) -> Reply {
    let errors: Vec<ServerError> = in_order(errors).into_iter().map(|error| tidied(error, "")).collect();
    body(&errors, None)
}

/// In the order of the text, each once: the engine validates in the order of its hash tables.
fn in_order(mut errors: Vec<ServerError>) -> Vec<ServerError> {
    errors.sort_by_key(|error| error.locations.first().copied());
    errors.dedup();
    errors
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::error::Failure;

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
        let json = reply(Response::new(()), vec![Failure::Broken.report(None)], "r-1").json;
        assert!(json.contains(r#""requestId":"r-1""#), "{json}");
        let json = reply(Response::new(()), vec![Failure::bad_input("no").report(None)], "r-1").json;
        assert!(!json.contains("r-1"), "{json}");
    }
}
