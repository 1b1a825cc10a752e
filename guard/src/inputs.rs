//! Arguments and directives, counted by value.

use async_graphql_parser::{Positioned, types::Selection};
use async_graphql_value::{Name, Value};

/// How many argument values and directives stand at `selection` itself; lists and objects count with their content.
pub(crate) fn of(selection: &Selection) -> usize {
    let of_field = match selection {
        Selection::Field(field) => values(&field.node.arguments),
        Selection::FragmentSpread(_) | Selection::InlineFragment(_) => 0,
    };
    let of_directives = selection.directives().iter().map(|directive| 1 + values(&directive.node.arguments));
    of_field + of_directives.sum::<usize>()
}

fn values(arguments: &[(Positioned<Name>, Positioned<Value>)]) -> usize {
    arguments.iter().map(|(_, argument)| value(&argument.node)).sum()
}

// This recursion is bounded by the limit on bracket depth.
fn value(of: &Value) -> usize {
    let content = match of {
        Value::List(items) => items.iter().map(value).sum(),
        Value::Object(fields) => fields.values().map(value).sum(),
        _ => 0,
    };
    1 + content
}
