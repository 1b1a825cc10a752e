//! Definitions, depth, fields, aliases and inputs.

use guard::{Kind, Limits, check};

use crate::{accepted, assert_refusal, refused};

#[test]
fn a_document_is_measured_in_all_its_parts() {
    let measure = accepted(
        "query A { a { b: c(d: [1, { e: 2 }]) @skip(if: $f) } ...F } fragment F on Q { g h: a { i } }",
    );

    assert_eq!((measure.bytes, measure.tokens, measure.definitions), (92, 45, 2));
    assert_eq!((measure.depth, measure.introspection_depth), (2, 0));
    assert_eq!((measure.fields, measure.aliases, measure.inputs), (5, 2, 6));
}

#[test]
fn fragments_do_not_add_to_the_depth_of_fields() {
    assert_eq!(accepted("{ a { ... { ... on A { b { ...F } } } } } fragment F on B { c }").depth, 3);
}

#[test]
fn a_selection_of_too_many_fields_within_each_other_is_refused_at_its_operation() {
    let deep = format!("{}a{}", "{ a ".repeat(11), "}".repeat(11)).replacen("a}", "{ a }}", 1);
    assert_eq!(accepted(&deep).depth, 12);

    let message = "the selection is 13 fields deep, and at most 12 are accepted: select the deeper fields in a request of their own";
    let refusal = refused(&format!("query A {{ a }}\nquery B {{ a {deep} }}"));
    assert_refusal(&refusal, Kind::TooDeep, "2:1", message);
}

#[test]
fn of_several_operations_over_a_limit_the_first_is_refused() {
    let operations: String = (0..60).map(|i| format!("query Q{i} {{ a {{ b {{ c }} }} }}\n")).collect();
    let limits = Limits { depth: 2, ..Limits::default() };

    let refusal = check(&operations, &limits).expect_err("all of them are too deep");

    assert_eq!(refusal.position.map(|at| at.line), Some(1));
}

#[test]
fn selections_and_fragments_nest_as_far_as_the_engine_goes() {
    accepted(&format!("{}a{}", "{ ... ".repeat(31) + "{", "}".repeat(32)));

    let message =
        "selections and fragments nest more than 32 deep here: select less at once, or use fewer fragments";
    let refusal = refused(&format!("{}a{}", "{ ... ".repeat(32) + "{", "}".repeat(33)));
    assert_refusal(&refusal, Kind::TooDeep, "1:193", message);
}

#[test]
fn a_fragment_met_again_nests_from_where_it_is_met() {
    let fragment = format!("fragment F on Q {}a{}", "{ ... ".repeat(29) + "{", "} b".repeat(29) + "}");
    accepted(&format!("{{ ...F a {{ ...F }} }} {fragment}"));

    let refusal = refused(&format!("{{ ...F a {{ ... {{ ...F }} }} }} {fragment}"));

    assert_eq!(refusal.code(), "DOCUMENT_TOO_DEEP");
    assert_eq!(refusal.position.map(|at| at.column), Some(18));
}

#[test]
fn operations_and_fragments_are_counted_together() {
    let operations: String = (0..64).map(|i| format!("query Q{i} {{ a }} ")).collect();
    assert_eq!(accepted(&operations).definitions, 64);

    let message = "the document has 65 operations and fragments, and at most 64 are accepted: split it into several requests";
    let refusal = refused(&format!("{operations} fragment F on Q {{ a }}"));
    assert_refusal(&refusal, Kind::TooComplex, "", message);
    assert_eq!(refusal.code(), "DOCUMENT_TOO_COMPLEX");
}

#[test]
fn fields_are_counted_over_all_operations() {
    let half = "a ".repeat(500);
    assert_eq!(accepted(&format!("query A {{ {half} }} query B {{ {half} }}")).fields, 1_000);

    let message = "the document selects 1001 fields with its fragments unfolded, and at most 1000 are accepted: split it into several requests";
    let refusal = refused(&format!("query A {{ {half} }}\nquery B {{ {half} b }}"));
    assert_refusal(&refusal, Kind::TooComplex, "2:1", message);
}

#[test]
fn aliases_are_counted_through_fragments() {
    let source = |spreads: usize| format!("{{ {} }} fragment F on Q {{ a: b c }}", "...F ".repeat(spreads));
    assert_eq!(accepted(&source(50)).aliases, 50);

    let message = "the document selects 51 aliased fields with its fragments unfolded, and at most 50 are accepted: split it into several requests";
    assert_refusal(&refused(&source(51)), Kind::TooComplex, "1:1", message);
}

// Two million values took the engine 63 ms, from 9 KB of text.
#[test]
fn arguments_are_counted_as_often_as_they_are_unfolded() {
    let source = |spreads: usize| {
        format!("{{ {} }} fragment F on Q {{ a(b: [{}]) }}", "...F ".repeat(spreads), "1 ".repeat(98))
    };
    assert_eq!(accepted(&source(101)).inputs, 9_999);

    let message = "the document gives 10098 argument values and directives with its fragments unfolded, and at most 10000 are accepted: send lists as variables, or spread the fragment less often";
    assert_refusal(&refused(&source(102)), Kind::TooComplex, "1:1", message);
}

#[test]
fn without_fragments_the_limit_on_tokens_leaves_room_for_every_value() {
    let limits = Limits::default();
    let checked = check(&format!("{{ a(b: [{}]) }}", "1 ".repeat(4_087)), &limits).expect("it is let in");
    assert_eq!((checked.measure.tokens, checked.measure.inputs), (4_096, 4_088));
    assert!(limits.inputs > limits.tokens);
}
