//! `__schema` and `__type` have a budget of their own.

use guard::{Kind, Limits, check};

use crate::{accepted, assert_refusal, refused};

/// What GraphiQL 5 asks of a server, with every option on.
const GRAPHIQL: &str = include_str!("introspection.graphql");

#[test]
fn graphiql_may_introspect_and_takes_its_whole_depth() {
    let measure = accepted(GRAPHIQL);
    assert_eq!((measure.depth, measure.introspection_depth), (0, 15));
    assert_eq!((measure.fields, measure.aliases, measure.inputs), (230, 0, 5));

    let limits = Limits { introspection_depth: 14, ..Limits::default() };
    let refusal = check(GRAPHIQL, &limits).expect_err("one less is not enough");
    let message =
        "the introspection is 15 fields deep, and at most 14 are accepted: select `ofType` fewer times";
    assert_refusal(&refusal, Kind::TooDeep, "1:1", message);
}

#[test]
fn introspection_takes_nothing_from_the_depth_of_the_rest() {
    let measure = accepted("{ __type(name: \"A\") { ofType { ofType { name } } } a { b } __typename }");
    assert_eq!((measure.depth, measure.introspection_depth), (2, 4));
}

#[test]
fn a_fragment_counts_for_the_budget_it_is_spread_in() {
    let deep = "fragment D on T { ofType { ofType { ofType { ofType { ofType { ofType { name } } } } } } }";
    let within = "ofType { ofType { ofType { ofType { ofType { ofType { ofType { ...D } } } } } } }";

    assert_eq!(accepted(&format!("{{ __schema {{ {within} }} }} {deep}")).introspection_depth, 15);
    assert_eq!(refused(&format!("{{ a {{ {within} }} }} {deep}")).code(), "DOCUMENT_TOO_DEEP");
}

#[test]
fn introspection_within_introspection_does_not_start_anew() {
    let source = format!(
        "{}a{}",
        "{ __type ".repeat(16).replacen("{ __type ", "{ __schema ", 1) + "{",
        "}".repeat(17)
    );
    let message =
        "the introspection is 17 fields deep, and at most 15 are accepted: select `ofType` fewer times";
    assert_refusal(&refused(&source), Kind::TooDeep, "1:1", message);

    let message = "the introspection nests 3 lists of fields or types, and at most 2 are accepted: ask for the inner types by name with `__type`";
    let source = "{ __schema { fields { __type { fields { fields } } } } }";
    assert_refusal(&refused(source), Kind::TooComplex, "1:1", message);
}

// 121 bytes of this made an answer of 6.6 MB with a schema of eight object fields, within the depth of GraphiQL.
#[test]
fn lists_of_introspection_within_each_other_are_refused_from_the_third_on() {
    accepted("{ __schema { types { fields { type { ofType { fields { name } } } } } } }");

    let message = "the introspection nests 3 lists of fields or types, and at most 2 are accepted: ask for the inner types by name with `__type`";
    let source =
        "{ __schema { types { fields { type { inputFields { type { possibleTypes { name } } } } } } } }";
    assert_refusal(&refused(source), Kind::TooComplex, "1:1", message);
    let source = "{ __type(name: \"A\") { ...A } } fragment A on T { fields { type { ...B } } } fragment B on T { interfaces { interfaces { name } } }";
    assert_refusal(&refused(source), Kind::TooComplex, "1:1", message);
}

#[test]
fn fields_of_the_same_names_elsewhere_are_no_introspection() {
    accepted("{ form { fields { interfaces { possibleTypes { inputFields { name } } } } } }");
}
