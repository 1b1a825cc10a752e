//! The walk through operations and fragments, each fragment once.

use std::collections::HashMap;

use async_graphql_parser::{
    Pos, Positioned,
    types::{ExecutableDocument, Field, FragmentSpread, OperationDefinition, Selection, SelectionSet},
};

use crate::{
    bounds, inputs,
    limits::Limits,
    measure::Tally,
    refusal::{Kind, Refusal, quoted},
};

/// How many operations and fragments the document has.
pub(crate) fn definitions(document: &ExecutableDocument) -> usize {
    document.operations.iter().len() + document.fragments.len()
}

/// Counts what all operations of the document ask for together, and refuses what is over the limits.
pub(crate) fn tally(document: &ExecutableDocument, limits: &Limits) -> Result<Tally, Refusal> {
    bounds::definitions(limits).hold(definitions(document))?;

    let mut walk = Walk { document, deepest_nesting: limits.nesting, fragments: HashMap::new() };
    let mut total = Tally::default();
    for operation in operations(document) {
        total = total.beside(walk.set(&operation.node.selection_set, 1)?);
        bounds::hold(limits, &total).map_err(|refusal| refusal.at(operation.pos))?;
    }
    walk.refuse_unused()?;
    Ok(total)
}

/// The operations in the order of the text, so that the same document is always refused for the same reason.
pub(crate) fn operations(document: &ExecutableDocument) -> Vec<&Positioned<OperationDefinition>> {
    let mut operations: Vec<_> = document.operations.iter().map(|(_, operation)| operation).collect();
    operations.sort_by_key(|operation| operation.pos);
    operations
}

struct Walk<'a> {
    document: &'a ExecutableDocument,
    deepest_nesting: usize,
    fragments: HashMap<&'a str, Progress>,
}

enum Progress {
    /// Being walked right now: to meet it again is a cycle.
    Entered,
    Tallied(Tally),
}

impl<'a> Walk<'a> {
    // This recursion is bounded by the limit on nesting, which is held on the way down.
    fn set(&mut self, set: &'a Positioned<SelectionSet>, nesting: usize) -> Result<Tally, Refusal> {
        self.hold_nesting(nesting, set.pos)?;
        let mut tally = Tally::default();
        for selection in &set.node.items {
            tally = tally.beside(self.selection(&selection.node, nesting)?);
        }
        Ok(tally.as_set())
    }

    fn selection(&mut self, selection: &'a Selection, nesting: usize) -> Result<Tally, Refusal> {
        let tally = match selection {
            Selection::Field(field) => self.field(&field.node, nesting)?,
            Selection::InlineFragment(fragment) => self.set(&fragment.node.selection_set, nesting + 1)?,
            Selection::FragmentSpread(spread) => self.spread(spread, nesting + 1)?,
        };
        Ok(tally.with_inputs(inputs::of(selection)))
    }

    fn field(&mut self, field: &'a Field, nesting: usize) -> Result<Tally, Refusal> {
        if field.selection_set.node.items.is_empty() {
            return Ok(Tally::default().of(field));
        }
        Ok(self.set(&field.selection_set, nesting + 1)?.of(field))
    }

    fn spread(&mut self, spread: &'a Positioned<FragmentSpread>, nesting: usize) -> Result<Tally, Refusal> {
        let name = spread.node.fragment_name.node.as_str();
        match self.fragments.get(name) {
            Some(Progress::Entered) => Err(circular(name, spread.pos)),
            Some(&Progress::Tallied(tally)) => {
                self.hold_nesting((nesting - 1).saturating_add(tally.nesting), spread.pos)?;
                Ok(tally)
            }
            None => {
                let fragment = self.document.fragments.get(name).ok_or_else(|| unknown(name, spread.pos))?;
                self.fragments.insert(name, Progress::Entered);
                let tally = self.set(&fragment.node.selection_set, nesting)?;
                self.fragments.insert(name, Progress::Tallied(tally));
                Ok(tally)
            }
        }
    }

    fn hold_nesting(&self, nesting: usize, position: Pos) -> Result<(), Refusal> {
        let limit = self.deepest_nesting;
        if nesting <= limit {
            return Ok(());
        }
        let message = format!(
            "selections and fragments nest more than {limit} deep here: select less at once, or use fewer fragments"
        );
        Err(Refusal::new(Kind::TooDeep, message).at(position))
    }

    // What no operation reaches has not been counted, and the engine would still validate it.
    fn refuse_unused(&self) -> Result<(), Refusal> {
        let unused =
            self.document.fragments.iter().filter(|(name, _)| !self.fragments.contains_key(name.as_str()));
        let Some((name, fragment)) = unused.min_by_key(|(_, fragment)| fragment.pos) else {
            return Ok(());
        };
        let message =
            format!("fragment {} is not used: spread it in an operation, or leave it out", quoted(name));
        Err(Refusal::new(Kind::Invalid, message).at(fragment.pos))
    }
}

fn circular(name: &str, position: Pos) -> Refusal {
    let message = format!("fragment {} contains itself: take the spread out of it", quoted(name));
    Refusal::new(Kind::Invalid, message).at(position)
}

fn unknown(name: &str, position: Pos) -> Refusal {
    let message =
        format!("fragment {} is not in the document: define it, or take the spread out", quoted(name));
    Refusal::new(Kind::Invalid, message).at(position)
}
