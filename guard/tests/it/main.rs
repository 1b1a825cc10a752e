//! Documents knock at the guard: which are let in, with what measure, and which are refused, in what words.

mod brackets;
mod budgets;
mod fragments;
mod generate;
mod introspection;
mod lexical;
mod mutation;
mod parsing;
mod properties;
mod stack;
mod unfolded;

use guard::{Kind, Limits, Measure, Refusal, check};

/// The measure of a document that the default limits let in.
#[track_caller]
fn accepted(source: &str) -> Measure {
    check(source, &Limits::default()).expect("the document is let in").measure
}

/// The refusal of a document by the default limits.
#[track_caller]
fn refused(source: &str) -> Refusal {
    check(source, &Limits::default()).expect_err("the document is refused")
}

/// A refusal with all its parts: the code, the place as `line:column`, the words.
#[track_caller]
fn assert_refusal(refusal: &Refusal, kind: Kind, place: &str, message: &str) {
    let position = refusal.position.map_or_else(String::new, |position| position.to_string());
    assert_eq!((refusal.kind, position.as_str(), refusal.message.as_str()), (kind, place, message));
}

/// Limits that nothing but the machine's stack stands behind, for what must be counted rather than refused.
fn unlimited() -> Limits {
    Limits {
        bytes: usize::MAX,
        tokens: usize::MAX,
        definitions: usize::MAX,
        nesting: 1_000,
        depth: usize::MAX,
        introspection_depth: usize::MAX,
        introspection_lists: usize::MAX,
        fields: usize::MAX,
        aliases: usize::MAX,
        inputs: usize::MAX,
        ..Limits::default()
    }
}
