//! A mutation runs each of its response keys once.

use std::collections::HashSet;

use async_graphql_parser::{
    Positioned,
    types::{ExecutableDocument, Field, OperationType, Selection, SelectionSet},
};

use crate::{
    refusal::{Kind, Refusal, quoted},
    walk,
};

/// Refuses a document with a mutation that selects a response key twice at its root, fragments included.
///
/// GraphQL would merge the two into one; the engine runs the resolver for each. Opposite `@skip` and `@include` do not
/// excuse it: they depend on variables, and another alias costs the caller nothing.
pub(crate) fn refuse_repeated_keys(document: &ExecutableDocument) -> Result<(), Refusal> {
    for operation in walk::operations(document) {
        if operation.node.ty == OperationType::Mutation {
            let mut root = Root { document, keys: HashSet::new() };
            root.collect(&operation.node.selection_set.node)?;
        }
    }
    Ok(())
}

struct Root<'a> {
    document: &'a ExecutableDocument,
    keys: HashSet<&'a str>,
}

impl<'a> Root<'a> {
    // Linear without a memo: a fragment met again repeats its first key at once. The walk before has made sure that
    // fragments exist, do not contain themselves and do not nest without bound.
    fn collect(&mut self, set: &'a SelectionSet) -> Result<(), Refusal> {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => self.add(field)?,
                Selection::InlineFragment(fragment) => self.collect(&fragment.node.selection_set.node)?,
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.document.fragments.get(&spread.node.fragment_name.node) {
                        self.collect(&fragment.node.selection_set.node)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, field: &'a Positioned<Field>) -> Result<(), Refusal> {
        let key = field.node.response_key();
        if self.keys.insert(&key.node) {
            return Ok(());
        }
        let message = format!(
            "the mutation selects {} twice: give the second an alias, or leave it out",
            quoted(&key.node)
        );
        Err(Refusal::new(Kind::Invalid, message).at(field.pos))
    }
}
