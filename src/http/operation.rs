//! One operation, whatever carries it: what a client sends, the guard, and the start.

use guard::Refusal;
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::App;
use super::problem::Problem;
use crate::domain::access::Access;
use crate::graphql::{self, Live};

/// What a client sends. Unknown members are ignored, as GraphQL over HTTP wants it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestBody {
    /// The document.
    pub query: String,
    /// Which operation of it to run.
    #[serde(default)]
    pub operation_name: Option<String>,
    /// Its variables.
    #[serde(default)]
    pub variables: Option<Map<String, Value>>,
    #[serde(default, rename = "extensions")]
    _extensions: Option<Map<String, Value>>,
}

impl RequestBody {
    /// Reads the body of a request. Nothing of it is echoed: it may hold passwords.
    ///
    /// # Errors
    /// What is not one request.
    pub fn parse(body: &[u8]) -> Result<Self, Problem> {
        let value: Value =
            serde_json::from_slice(body).map_err(|_| Problem::bad_request("the body is not JSON"))?;
        if value.is_array() {
            return Err(Problem::bad_request("one operation a request: batches are not taken"));
        }
        serde_json::from_value(value).map_err(|_| {
            Problem::bad_request(
                "the body needs `query` (text), and may have `operationName` (text), `variables` and `extensions` (objects)",
            )
        })
    }

    /// The request for the engine, once the guard has passed its document.
    ///
    /// # Errors
    /// What the guard refuses.
    pub fn check(self, limits: &guard::Limits, request_id: String) -> Result<Operation, Refusal> {
        let checked = guard::check(&self.query, limits)?;
        let is_mutation = checked.is_mutation(self.operation_name.as_deref());
        let request = graphql::Request {
            document: checked.document,
            operation_name: self.operation_name,
            variables: Value::Object(self.variables.unwrap_or_default()),
            request_id,
        };
        Ok(Operation { request, is_mutation })
    }
}

/// An operation that the guard has passed.
#[derive(Debug)]
pub struct Operation {
    /// For the engine.
    pub request: graphql::Request,
    is_mutation: bool,
}

/// A name for a request in the log and in opaque errors.
pub fn new_request_id() -> String {
    Uuid::new_v4().to_string()
}

/// Starts an operation with the access that `entering` gives. A mutation that has begun is finished, even if nobody waits
/// for its answer any more.
///
/// # Errors
/// An access that is refused; a mutation that panicked.
pub async fn open<F>(
    app: &App,
    entering: F,
    operation: Operation,
    resume_after: Option<String>,
) -> Result<Live, Problem>
where
    F: Future<Output = Result<Access, Problem>> + Send + 'static,
{
    let Operation { request, is_mutation } = operation;
    if !is_mutation {
        return Ok(app.engine.open(&app.hub, entering.await?, request, resume_after).await);
    }
    let engine = app.engine.clone();
    // The server waits for it when it stops.
    let stay = app.lasting.stays();
    let running = tokio::spawn(async move {
        let reply = engine.execute(entering.await?, request).await;
        drop(stay);
        Ok(Live::Once(reply))
    });
    running.await.unwrap_or_else(|_| Err(Problem::internal()))
}
