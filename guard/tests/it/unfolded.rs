//! The measure of a document by really unfolding its fragments, as the engine does.

use async_graphql_parser::types::{ExecutableDocument, Field, Selection, SelectionSet};
use async_graphql_value::Value;

/// Depth, fields, aliases and inputs.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub depth: usize,
    pub fields: usize,
    pub aliases: usize,
    pub inputs: usize,
}

/// Counts every field of every operation as often as it stands there.
pub fn count(document: &ExecutableDocument) -> Counts {
    let mut counts = Counts::default();
    for (_, operation) in document.operations.iter() {
        visit(document, &operation.node.selection_set.node, 0, &mut counts);
    }
    counts
}

fn visit(document: &ExecutableDocument, set: &SelectionSet, depth: usize, counts: &mut Counts) {
    for selection in &set.items {
        for directive in selection.node.directives() {
            counts.inputs += 1 + values(directive.node.arguments.iter().map(|(_, value)| &value.node));
        }
        match &selection.node {
            Selection::Field(field) => {
                count_field(&field.node, depth + 1, counts);
                visit(document, &field.node.selection_set.node, depth + 1, counts);
            }
            Selection::InlineFragment(fragment) => {
                visit(document, &fragment.node.selection_set.node, depth, counts);
            }
            Selection::FragmentSpread(spread) => {
                let fragment = &document.fragments[&spread.node.fragment_name.node];
                visit(document, &fragment.node.selection_set.node, depth, counts);
            }
        }
    }
}

fn count_field(field: &Field, depth: usize, counts: &mut Counts) {
    counts.depth = counts.depth.max(depth);
    counts.fields += 1;
    counts.aliases += usize::from(field.alias.is_some());
    counts.inputs += values(field.arguments.iter().map(|(_, value)| &value.node));
}

fn values<'a>(values: impl Iterator<Item = &'a Value>) -> usize {
    values.map(value).sum()
}

fn value(of: &Value) -> usize {
    match of {
        Value::List(items) => 1 + values(items.iter()),
        Value::Object(fields) => 1 + values(fields.values()),
        _ => 1,
    }
}
