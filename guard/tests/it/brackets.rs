//! The bracket depth of a document, told from the parser's tree.

use async_graphql_parser::{
    Positioned,
    types::{BaseType, Directive, ExecutableDocument, Selection, SelectionSet, Type, VariableDefinition},
};
use async_graphql_value::{ConstValue, Name, Value};

/// How deep the brackets of the source were that this document came from.
pub fn depth(document: &ExecutableDocument) -> usize {
    let operations = document.operations.iter().map(|(_, operation)| {
        let head =
            variables(&operation.node.variable_definitions).max(directives(&operation.node.directives));
        head.max(set(&operation.node.selection_set.node))
    });
    let fragments = document
        .fragments
        .values()
        .map(|fragment| directives(&fragment.node.directives).max(set(&fragment.node.selection_set.node)));
    deepest(operations.chain(fragments))
}

fn variables(definitions: &[Positioned<VariableDefinition>]) -> usize {
    within(definitions.iter().map(|definition| {
        let definition = &definition.node;
        let default = definition.default_value.as_ref().map_or(0, |default| literal(&default.node));
        list(&definition.var_type.node).max(default)
    }))
}

fn list(kind: &Type) -> usize {
    match &kind.base {
        BaseType::Named(_) => 0,
        BaseType::List(item) => 1 + list(item),
    }
}

fn set(set: &SelectionSet) -> usize {
    if set.items.is_empty() { 0 } else { 1 + deepest(set.items.iter().map(|item| selection(&item.node))) }
}

fn selection(selection: &Selection) -> usize {
    let own = match selection {
        Selection::Field(field) => arguments(&field.node.arguments).max(set(&field.node.selection_set.node)),
        Selection::InlineFragment(fragment) => set(&fragment.node.selection_set.node),
        Selection::FragmentSpread(_) => 0,
    };
    own.max(directives(selection.directives()))
}

fn directives(directives: &[Positioned<Directive>]) -> usize {
    deepest(directives.iter().map(|directive| arguments(&directive.node.arguments)))
}

fn arguments(arguments: &[(Positioned<Name>, Positioned<Value>)]) -> usize {
    within(arguments.iter().map(|(_, argument)| value(&argument.node)))
}

fn value(of: &Value) -> usize {
    match of {
        Value::List(items) => 1 + deepest(items.iter().map(value)),
        Value::Object(fields) => 1 + deepest(fields.values().map(value)),
        _ => 0,
    }
}

fn literal(of: &ConstValue) -> usize {
    value(&of.clone().into_value())
}

/// The depth of brackets around these, which are not there when these are not.
fn within(depths: impl ExactSizeIterator<Item = usize>) -> usize {
    if depths.len() == 0 { 0 } else { 1 + deepest(depths) }
}

fn deepest(depths: impl Iterator<Item = usize>) -> usize {
    depths.max().unwrap_or(0)
}
