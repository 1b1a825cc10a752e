//! A mutation runs each of its response keys once.

use guard::{Kind, check};

use crate::{accepted, assert_refusal, fragments::bomb, refused, unlimited};

#[test]
fn the_same_response_key_twice_at_the_root_is_refused() {
    let message = "the mutation selects `a` twice: give the second an alias, or leave it out";
    assert_refusal(&refused("mutation { a a }"), Kind::Invalid, "1:14", message);
    assert_refusal(&refused("mutation { a b: c a: b }"), Kind::Invalid, "1:19", message);
    assert_refusal(&refused("mutation { b: a a: b a }"), Kind::Invalid, "1:22", message);
    assert_eq!(refused("mutation { a a }").code(), "GRAPHQL_VALIDATION_FAILED");
}

#[test]
fn fragments_do_not_hide_the_second_time() {
    let message = "the mutation selects `a` twice: give the second an alias, or leave it out";
    assert_refusal(&refused("mutation { a ... { a } }"), Kind::Invalid, "1:20", message);
    assert_refusal(&refused("mutation { ... on M { ... { a } } a }"), Kind::Invalid, "1:35", message);
    assert_refusal(&refused("mutation { a ...F } fragment F on M { a }"), Kind::Invalid, "1:39", message);
    assert_refusal(
        &refused("mutation { ...F ...F } fragment F on M { ...G } fragment G on M { a }"),
        Kind::Invalid,
        "1:67",
        message,
    );
}

// No limit on time: unfolded, this would never end.
#[test]
fn a_bomb_of_fragments_at_the_root_ends_at_the_second_time() {
    let refusal =
        check(&format!("mutation {}", bomb(300)), &unlimited()).expect_err("it repeats its only key");
    assert_eq!(refusal.kind, Kind::Invalid);
}

#[test]
fn opposite_conditions_do_not_excuse_it() {
    assert_eq!(refused("mutation ($b: Boolean!) { a @skip(if: $b) a @include(if: $b) }").kind, Kind::Invalid);
}

#[test]
fn any_operation_of_the_document_is_looked_at() {
    assert_eq!(refused("query A { a } mutation B { b } mutation C { a a }").kind, Kind::Invalid);
}

#[test]
fn the_same_mutation_under_two_keys_runs_twice_because_it_says_so() {
    assert_eq!(accepted("mutation { a b: a c: a ...F ... { e } } fragment F on M { d }").fields, 5);
}

#[test]
fn two_mutations_may_use_the_same_key_and_the_same_fragment() {
    accepted("mutation A { a ...F } mutation B { a ...F } fragment F on M { b }");
}

#[test]
fn below_the_root_and_in_queries_a_key_may_come_again() {
    accepted("mutation { a { b b { c } } }");
    accepted("{ a a { b } a { c } }");
}
