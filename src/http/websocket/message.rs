//! The messages of `graphql-transport-ws`.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::http::authenticate::bearer;
use crate::http::operation::RequestBody;

/// The longest id of an operation, in bytes; every event repeats it.
const MAX_ID: usize = 256;

/// What a client says.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Received {
    /// Who they are.
    ConnectionInit {
        #[serde(default)]
        payload: Option<Map<String, Value>>,
    },
    /// Whether we are there.
    Ping {
        #[serde(default, rename = "payload")]
        _payload: Option<Map<String, Value>>,
    },
    /// That they are there.
    Pong {
        #[serde(default, rename = "payload")]
        _payload: Option<Map<String, Value>>,
    },
    /// An operation.
    Subscribe {
        /// Its name on this socket.
        id: String,
        /// What to run.
        payload: RequestBody,
    },
    /// That an operation's events are not wanted any more.
    Complete {
        /// Which.
        id: String,
    },
}

impl Received {
    /// Reads a message; none where it is no message of the protocol.
    pub fn parse(text: &str) -> Option<Self> {
        let message = serde_json::from_str(text).ok()?;
        match &message {
            Self::Subscribe { id, .. } | Self::Complete { id } if id.is_empty() || id.len() > MAX_ID => None,
            _ => Some(message),
        }
    }
}

/// The token in the parameters of a `connection_init`: `{ "Authorization": "Bearer …" }`.
pub fn token_of(parameters: &Map<String, Value>) -> Option<&str> {
    let mut keys = parameters.iter();
    let (_, value) = keys.find(|(key, _)| key.eq_ignore_ascii_case("authorization"))?;
    bearer(value.as_str()?)
}

/// The answer to `connection_init`.
pub const ACKNOWLEDGED: &str = r#"{"type":"connection_ack"}"#;

/// The answer to `ping`.
pub const PONG: &str = r#"{"type":"pong"}"#;

/// What is said about an operation.
#[derive(Clone, Debug)]
pub enum Told {
    /// A result: `{"data": …}`.
    Next(Arc<str>),
    /// Why it ends, or never began: an array of errors.
    Error(Box<Value>),
    /// That there is nothing more.
    Complete,
}

impl Told {
    /// Whether nothing follows.
    pub const fn is_last(&self) -> bool {
        !matches!(self, Self::Next(_))
    }

    /// As it is sent.
    pub fn text(&self, id: &str) -> String {
        match self {
            Self::Next(json) => {
                // The result is text already, and may be long: it is not parsed again.
                let id = Value::from(id).to_string();
                format!(r#"{{"type":"next","id":{id},"payload":{json}}}"#)
            }
            Self::Error(errors) => json!({ "type": "error", "id": id, "payload": errors }).to_string(),
            Self::Complete => json!({ "type": "complete", "id": id }).to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_messages_of_the_protocol_are_read_and_nothing_else_is() {
        for good in [
            r#"{"type":"connection_init"}"#,
            r#"{"type":"connection_init","payload":null}"#,
            r#"{"payload":{"Authorization":5},"type":"connection_init","more":1}"#,
            r#"{"type":"ping","payload":{"at":1}}"#,
            r#"{"type":"pong"}"#,
            r#"{"id":"1","type":"subscribe","payload":{"query":"{ a }","variables":null,"operationName":null}}"#,
            r#"{"type":"complete","id":"1"}"#,
        ] {
            assert!(Received::parse(good).is_some(), "{good}");
        }
        let long = format!(r#"{{"type":"complete","id":"{}"}}"#, "x".repeat(MAX_ID + 1));
        for bad in [
            "",
            "null",
            "[]",
            "{}",
            r#"{"type":"connection_init","payload":"x"}"#,
            r#"{"type":"connection_init","payload":[]}"#,
            r#"{"type":"ping","payload":1}"#,
            r#"{"type":"start","id":"1","payload":{"query":"{ a }"}}"#,
            r#"{"type":"connection_ack"}"#,
            r#"{"type":"next","id":"1","payload":{}}"#,
            r#"{"type":"subscribe","payload":{"query":"{ a }"}}"#,
            r#"{"type":"subscribe","id":"","payload":{"query":"{ a }"}}"#,
            r#"{"type":"subscribe","id":1,"payload":{"query":"{ a }"}}"#,
            r#"{"type":"subscribe","id":"1"}"#,
            r#"{"type":"subscribe","id":"1","payload":{}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":1}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{ a }","variables":[]}}"#,
            r#"{"type":"complete"}"#,
            &long,
        ] {
            assert!(Received::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn ids_are_escaped_and_results_are_left_alone() {
        let id = "a\"b";
        let next = Told::Next(r#"{"data":{"x":1}}"#.into()).text(id);
        assert_eq!(next, r#"{"type":"next","id":"a\"b","payload":{"data":{"x":1}}}"#);
        let complete: Value = serde_json::from_str(&Told::Complete.text(id)).unwrap();
        assert_eq!(complete, json!({ "type": "complete", "id": id }));
    }
}
