//! What does not parse, told without the parser's words.

use guard::{Kind, Limits, check};

use crate::{accepted, assert_refusal, refused};

#[test]
fn a_syntax_error_tells_its_place_and_none_of_the_source() {
    let refusal = refused("mutation {\n  signIn(password: \"hunter2\" !) { token }\n}");

    let message =
        "the document is not valid GraphQL at line 2, column 30: check the syntax there and just before";
    assert_refusal(&refusal, Kind::ParseFailed, "2:30", message);
    assert_eq!(refusal.code(), "GRAPHQL_PARSE_FAILED");
}

#[test]
fn a_number_that_fits_no_type_is_a_syntax_error_too() {
    let message =
        "the document is not valid GraphQL at line 1, column 8: check the syntax there and just before";
    assert_refusal(&refused("{ a(b: 1e999) }"), Kind::ParseFailed, "1:8", message);
}

#[test]
fn nothing_is_not_a_document() {
    for source in ["", " ", "\u{feff}", "# only a comment", "{", "}", "{ }", "\0", "é", "type A { a: Int }"]
    {
        assert_eq!(refused(source).code(), "GRAPHQL_PARSE_FAILED", "{source:?}");
    }
}

#[test]
fn an_operation_without_a_name_stands_alone() {
    let message = "an operation without a name must be the only one: give each operation a name";
    assert_refusal(&refused("query A { a } { b }"), Kind::Invalid, "1:15", message);
    assert_refusal(&refused("{ a } { b }"), Kind::Invalid, "1:7", message);
}

#[test]
fn names_of_operations_and_fragments_are_used_once() {
    let refusal = refused("query A { a } query A { b }");
    assert_refusal(
        &refusal,
        Kind::Invalid,
        "1:15",
        "there are two operations `A`: give each a name of its own",
    );
    assert_eq!(refusal.code(), "GRAPHQL_VALIDATION_FAILED");

    let refusal = refused("{ ...A } fragment A on Q { a } fragment A on Q { b }");
    assert_refusal(
        &refusal,
        Kind::Invalid,
        "1:32",
        "there are two fragments `A`: give each a name of its own",
    );
}

#[test]
fn fragments_alone_are_nothing_to_run() {
    let message = "the document has fragments but no operation: add the one to run";
    assert_refusal(&refused("fragment A on Q { a }"), Kind::Invalid, "", message);
}

#[test]
fn a_long_name_is_quoted_in_part() {
    let name = "a".repeat(10_000);
    let message = refused(&format!("{{ ...{name} }}")).message;
    assert_eq!(
        message.len(),
        "fragment `…` is not in the document: define it, or take the spread out".len() + 64
    );
}

#[test]
fn a_selection_beyond_the_parser_is_too_deep_even_where_brackets_are_not() {
    let source = format!("{}a{}", "{a".repeat(70), "}".repeat(70));
    let limits = Limits { bracket_depth: 100, ..Limits::default() };

    let refusal = check(&source, &limits).expect_err("the parser gives up at 64");

    assert_refusal(
        &refusal,
        Kind::TooDeep,
        "",
        "the selection is deeper than the parser goes: select less at once",
    );
}

#[test]
fn a_checked_document_shows_its_measure_but_no_literals() {
    let checked =
        check("mutation { signIn(password: \"hunter2\") }", &Limits::default()).expect("it is let in");
    assert_eq!(
        format!("{checked:?}"),
        "Checked { measure: Measure { bytes: 40, tokens: 9, definitions: 1, depth: 1, introspection_depth: 0, fields: 1, aliases: 0, inputs: 1 }, .. }",
    );
}

#[test]
fn byte_order_marks_line_ends_and_other_scripts_are_no_trouble() {
    let measure = accepted("\u{feff}query U\r\n{ a(b: \"Zoë 🦀 {\")\r}\r\n");
    assert_eq!((measure.tokens, measure.fields), (10, 1));
}
