//! Parsing, without the parser's words.

use async_graphql_parser::{Error, Pos, parse_query, types::ExecutableDocument};

use crate::refusal::{Kind, Refusal, quoted};

/// Parses a source that has passed the lexical pass.
pub(crate) fn parse(source: &str) -> Result<ExecutableDocument, Refusal> {
    parse_query(source).map_err(|error| refusal(&error))
}

// The parser's own message shows the line it stumbled over, passwords included: only its position may leave.
fn refusal(error: &Error) -> Refusal {
    let position = error.positions().next();
    let (kind, message) = explain(error, position);
    Refusal { kind, message, position }
}

fn explain(error: &Error, position: Option<Pos>) -> (Kind, String) {
    match error {
        Error::MultipleOperations { .. } => (
            Kind::Invalid,
            "an operation without a name must be the only one: give each operation a name".to_owned(),
        ),
        Error::OperationDuplicated { operation, .. } => (
            Kind::Invalid,
            format!("there are two operations {}: give each a name of its own", quoted(operation)),
        ),
        Error::FragmentDuplicated { fragment, .. } => (
            Kind::Invalid,
            format!("there are two fragments {}: give each a name of its own", quoted(fragment)),
        ),
        Error::MissingOperation => {
            (Kind::Invalid, "the document has fragments but no operation: add the one to run".to_owned())
        }
        // Only with a bracket depth above the default; the parser tells neither place nor number.
        Error::RecursionLimitExceeded => {
            (Kind::TooDeep, "the selection is deeper than the parser goes: select less at once".to_owned())
        }
        _ => (Kind::ParseFailed, syntax(position)),
    }
}

fn syntax(position: Option<Pos>) -> String {
    let place = position.map_or_else(String::new, |at| format!(" at line {}, column {}", at.line, at.column));
    format!("the document is not valid GraphQL{place}: check the syntax there and just before")
}
