//! The document guard: what a GraphQL document may cost before anything of the server runs on it.
//!
//! Knows GraphQL documents, nothing of the CRM. Every transport hands its text to [`check`], and only what comes out
//! as [`Checked`] reaches the engine. Each step makes the next one safe:
//!
//! 1. the lexical pass counts bytes, tokens and bracket depth, because the parser recurses without bound,
//! 2. the parser runs, and its message is dropped, because it echoes the source,
//! 3. the walk counts depth, fields, aliases and inputs through fragments, because the engine unfolds every spread anew,
//! 4. root mutations are held to one run per response key, because the engine would run the resolver twice.
//!
//! All of it is linear in the text and independent of the schema.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod bounds;
mod inputs;
mod lexeme;
mod lexical;
mod limits;
mod measure;
mod mutation;
mod parse;
mod refusal;
mod walk;

use std::fmt;

use async_graphql_parser::types::OperationType;

pub use async_graphql_parser::{Pos, types::ExecutableDocument};

pub use crate::{
    limits::Limits,
    measure::Measure,
    refusal::{Kind, Refusal},
};

/// Parses `source` and measures it, or says why it is refused.
///
/// ```
/// use guard::{Limits, check};
///
/// let checked = check("{ viewer { ...Name } } fragment Name on User { name }", &Limits::default()).unwrap();
/// assert_eq!((checked.measure.depth, checked.measure.fields), (2, 2));
///
/// let refusal = check("{ viewer { ...Name } }", &Limits::default()).unwrap_err();
/// assert_eq!(refusal.code(), "GRAPHQL_VALIDATION_FAILED");
/// ```
///
/// # Errors
///
/// Refuses what does not parse, what is over one of the `limits`, and the few mistakes that are unsafe to hand on:
/// unknown, unused and circular fragments, and a response key that a mutation would run twice.
pub fn check(source: &str, limits: &Limits) -> Result<Checked, Refusal> {
    let tokens = lexical::count_tokens(source, limits)?;
    let document = parse::parse(source)?;
    let tally = walk::tally(&document, limits)?;
    mutation::refuse_repeated_keys(&document)?;

    let measure = Measure {
        bytes: source.len(),
        tokens,
        definitions: walk::definitions(&document),
        depth: tally.depth,
        introspection_depth: tally.introspection_depth,
        fields: tally.fields,
        aliases: tally.aliases,
        inputs: tally.inputs,
    };
    Ok(Checked { document, measure })
}

/// A document that is safe to hand on, with its measure.
#[derive(Clone)]
pub struct Checked {
    /// The parsed document, for `Request::set_parsed_query`.
    pub document: ExecutableDocument,
    /// What it was found to ask for.
    pub measure: Measure,
}

impl Checked {
    /// Whether the operation of this name is a mutation, or the only one where none is named.
    #[must_use]
    pub fn is_mutation(&self, operation_name: Option<&str>) -> bool {
        let mut operations = self.document.operations.iter();
        operations.any(|(name, operation)| {
            let is_meant = operation_name.is_none_or(|meant| name.is_some_and(|name| name.as_str() == meant));
            is_meant && operation.node.ty == OperationType::Mutation
        })
    }
}

// Literals in a document may be passwords, so a stray `{:?}` shows the numbers only.
impl fmt::Debug for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Checked").field("measure", &self.measure).finish_non_exhaustive()
    }
}
