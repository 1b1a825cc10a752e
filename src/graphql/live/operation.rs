//! The one root field of a subscription.

use std::collections::{HashMap, HashSet};

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, FragmentDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned};

use crate::graphql::error::Failure;

/// Whether the chosen operation is a subscription.
pub fn is_subscription(document: &ExecutableDocument, name: Option<&str>) -> bool {
    let mut operations = document.operations.iter();
    let chosen = match name {
        Some(name) => operations.find(|(its_name, _)| its_name.is_some_and(|its_name| its_name == name)),
        None => operations.next(),
    };
    chosen.is_some_and(|(_, operation)| operation.node.ty == OperationType::Subscription)
}

/// The same document with nothing but the chosen subscription, and the fragments at its root written out: the engine
/// looks for fields there alone.
///
/// # Errors
/// Bad input, when the subscription has not exactly one root field, or one under a condition: what it listens to must be
/// plain.
pub fn with_root_fields(
    mut document: ExecutableDocument,
    name: Option<&str>,
) -> Result<ExecutableDocument, Failure> {
    let fragments = std::mem::take(&mut document.fragments);
    let mut operation = match document.operations {
        DocumentOperations::Single(operation) => operation,
        DocumentOperations::Multiple(mut operations) => {
            let name = name.map(Name::new).or_else(|| operations.keys().next().cloned());
            let chosen = name.and_then(|name| operations.remove(&name));
            chosen.ok_or_else(|| Failure::bad_input("there is no operation of this name in the document"))?
        }
    };
    let set = std::mem::take(&mut operation.node.selection_set.node);
    let fields = root_fields(set, &fragments)?;
    if fields.len() != 1 {
        return Err(Failure::bad_input("a subscription has exactly one root field: open one for each"));
    }
    let mut used = HashSet::new();
    for field in &fields {
        use_fragments(&field.node, &fragments, &mut used);
    }
    operation.node.selection_set.node = SelectionSet { items: fields };
    let operations = match name {
        Some(name) => DocumentOperations::Multiple([(Name::new(name), operation)].into_iter().collect()),
        None => DocumentOperations::Single(operation),
    };
    let fragments = fragments.into_iter().filter(|(name, _)| used.contains(name)).collect();
    Ok(ExecutableDocument { operations, fragments })
}

fn root_fields(set: SelectionSet, fragments: &Fragments) -> Result<Vec<Positioned<Selection>>, Failure> {
    let mut fields = Vec::new();
    let mut open = vec![set];
    while let Some(set) = open.pop() {
        for selection in set.items {
            let (has_directives, inner) = match &selection.node {
                Selection::Field(field) => (!field.node.directives.is_empty(), None),
                Selection::InlineFragment(fragment) => {
                    (!fragment.node.directives.is_empty(), Some(fragment.node.selection_set.node.clone()))
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = fragments.get(&spread.node.fragment_name.node);
                    let inner = fragment.map(|fragment| fragment.node.selection_set.node.clone());
                    (!spread.node.directives.is_empty(), inner)
                }
            };
            if has_directives {
                return Err(Failure::bad_input("the root field of a subscription stands under no condition"));
            }
            match inner {
                Some(inner) => open.push(inner),
                None => fields.push(selection),
            }
        }
    }
    Ok(fields)
}

/// Takes down the fragments that a selection uses. The guard has refused circles.
fn use_fragments(selection: &Selection, fragments: &Fragments, used: &mut HashSet<Name>) {
    let set = match selection {
        Selection::Field(field) => &field.node.selection_set,
        Selection::InlineFragment(fragment) => &fragment.node.selection_set,
        Selection::FragmentSpread(spread) => {
            let name = &spread.node.fragment_name.node;
            match fragments.get(name).filter(|_| used.insert(name.clone())) {
                Some(fragment) => &fragment.node.selection_set,
                None => return,
            }
        }
    };
    for selection in &set.node.items {
        use_fragments(&selection.node, fragments, used);
    }
}

type Fragments = HashMap<Name, Positioned<FragmentDefinition>>;
