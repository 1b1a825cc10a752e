//! The surface: GraphQL over the domain, translation only. Only this module knows the GraphQL engine.
//!
//! [`Engine::execute`] takes a checked document and answers with JSON; nothing of the engine shows in either.

mod account;
mod activity;
mod answer;
mod appointment;
mod board;
mod bulk;
mod calendar;
mod connection;
mod contact;
mod context;
mod deletion;
mod duplicates;
mod error;
mod examiner;
mod follower;
mod gated;
mod hanging;
mod id;
mod in_view;
mod inputs;
mod job;
mod ledger;
mod lists;
mod live;
mod lost_reason;
mod node;
mod note;
mod notification;
mod opportunity;
mod payload;
mod pipeline;
mod response;
mod roots;
mod saved_view;
mod scalars;
mod siblings;
mod subscription;
mod task;
#[cfg(test)]
mod tests;
mod user;
mod user_errors;
mod variables;
mod viewer_access;

use std::fmt;
use std::hash::RandomState;
use std::sync::Arc;

use async_graphql::registry::Registry;
use async_graphql::{Pos, SDLExportOptions};
use guard::ExecutableDocument;
use tracing::Instrument;

use self::context::Viewpoint;
use self::examiner::Examiner;
use self::ledger::Ledger;
use self::live::{Documents, StreamSeal};
use self::roots::Graph;
use crate::domain::access::Access;
use crate::domain::page::CursorSeal;

pub use self::error::Code;
pub use self::live::{Events, Live, Sent};

/// What an engine needs.
#[derive(Clone)]
pub struct EngineConfig {
    /// Seals cursors; whoever changes it makes all that were handed out foreign.
    pub cursor_secret: Vec<u8>,
}

// The secret stays out of logs.
impl fmt::Debug for EngineConfig {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("EngineConfig").finish_non_exhaustive()
    }
}

/// A request whose document the guard has passed.
pub struct Request {
    /// What the guard checked.
    pub document: ExecutableDocument,
    /// Which operation of the document to run; none where it has just one.
    pub operation_name: Option<String>,
    /// The variables, as they came: an object or null.
    pub variables: serde_json::Value,
    /// Names the request in the log and in the errors that hide what is in the log.
    pub request_id: String,
}

// Documents and variables may hold passwords.
impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Request").field("request_id", &self.request_id).finish_non_exhaustive()
    }
}

/// What goes back to the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The body, `{"errors": …, "data": …}`. Without `data` where the request was not executed.
    pub json: String,
    /// Whether the request was executed, be it with errors of fields; if not, the request itself was at fault.
    pub ok: bool,
}

impl Reply {
    /// The reply to a request that is refused before anything is executed, with a code for programs, and line and column
    /// where it shows in the document.
    #[must_use]
    pub fn refused(code: &str, message: &str, position: Option<(usize, usize)>) -> Self {
        let position = position.map(|(line, column)| Pos { line, column });
        let mut error = async_graphql::ServerError::new(message, position);
        let extensions = error.extensions.get_or_insert_default();
        extensions.set("code", code);
        response::refusal(vec![error])
    }
}

/// The GraphQL engine over the domain.
pub struct Engine {
    graph: Graph,
    examiner: Examiner,
    types: Registry,
    seal: CursorSeal,
    stream_seal: StreamSeal,
    documents: Documents,
    hasher: RandomState,
}

impl Engine {
    /// An engine. Made once, at start.
    #[must_use]
    pub fn new(config: EngineConfig) -> Self {
        Self {
            graph: roots::schema().finish(),
            examiner: Examiner::new(),
            types: roots::types(),
            seal: CursorSeal::new(&config.cursor_secret),
            stream_seal: StreamSeal::new(&config.cursor_secret),
            documents: Documents::default(),
            hasher: RandomState::new(),
        }
    }

    /// Executes a request through the eyes of `access`.
    pub async fn execute(&self, access: Access, request: Request) -> Reply {
        let Request { document, operation_name, variables, request_id } = request;
        let given = variables::coerce(&self.types, &document, operation_name.as_deref(), variables);
        let variables = match given {
            Ok(variables) => variables,
            Err(refused) => {
                let faults = self.examiner.faults(document, operation_name).await;
                return response::refusal(if faults.is_empty() { refused } else { faults });
            }
        };
        let viewpoint = Arc::new(Viewpoint::new(access, self.seal.clone()));
        let ledger = Arc::new(Ledger::default());
        let mut request = async_graphql::Request::new("").variables(variables);
        request = request.data(viewpoint).data(Arc::clone(&ledger));
        request.operation_name = operation_name;
        request.set_parsed_query(document);

        let span = tracing::info_span!("graphql", request_id);
        let answer = self.graph.execute(request).instrument(span).await;
        response::reply(answer, ledger.close(), &request_id)
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Engine").finish_non_exhaustive()
    }
}

/// The schema as text: sorted, with descriptions and the permissions that fields need.
#[must_use]
pub fn sdl() -> String {
    let options = SDLExportOptions::new()
        .sorted_fields()
        .sorted_arguments()
        .sorted_enum_items()
        .include_specified_by()
        .use_space_ident();
    roots::schema().finish().sdl_with_options(options)
}
