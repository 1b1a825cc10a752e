//! Bytes, tokens and brackets of the raw text.

use guard::{Kind, Limits, Pos, check};

use crate::{accepted, assert_refusal, refused};

/// Limits that see `depth` brackets and no more.
fn brackets(depth: usize) -> Limits {
    Limits { bracket_depth: depth, ..Limits::default() }
}

/// Whether exactly `depth` brackets are seen in a document that parses.
#[track_caller]
fn assert_depth(source: &str, depth: usize) {
    check(source, &brackets(depth)).expect("no more brackets are seen");
    let refusal = check(source, &brackets(depth - 1)).expect_err("no fewer brackets are seen");
    assert_eq!(refusal.kind, Kind::TooDeep);
}

#[test]
fn a_document_over_the_limit_on_bytes_is_not_even_read() {
    let limits = Limits { bytes: 10, ..Limits::default() };

    let refusal = check("{ viewer \"", &limits).expect_err("ten bytes are read, and do not parse");
    assert_eq!(refusal.kind, Kind::ParseFailed);

    let refusal = check("{ viewer \" ", &limits).expect_err("eleven bytes are too many");
    let message = "the document has 11 bytes, and at most 10 are accepted: send values as variables, or split it into several requests";
    assert_refusal(&refusal, Kind::TooLarge, "", message);
    assert_eq!(refusal.code(), "DOCUMENT_TOO_LARGE");
}

#[test]
fn tokens_are_counted_as_graphql_counts_them() {
    assert_eq!(accepted("{ a }").tokens, 3);
    assert_eq!(accepted("\u{feff}{,a,\t#b c d\r\n b #c\r c}#d").tokens, 5);
    assert_eq!(accepted("query Q($a: [Int!]! = [1]) @d { a(b: $a) ...F } fragment F on Q { b }").tokens, 36);
    assert_eq!(accepted(r#"{ a(b: ["", "\"", "\\", "x y", """z "" \""" """]) }"#).tokens, 14);
}

#[test]
fn numbers_that_touch_are_counted_apart() {
    assert_eq!(accepted("{ a(b: [1.5e-3 -0.1E+9 -7 0 12.5 3e2]) }").tokens, 15);
    assert_eq!(accepted("{ a(b: [0-1-1-1]) }").tokens, 13);
    assert_eq!(accepted("{ a(b: [0000]) }").tokens, 13);
}

#[test]
fn a_document_of_too_many_tokens_is_refused_with_their_number() {
    let source = format!("{{ {} }}", "a ".repeat(4_095));
    let message = "the document has 4097 tokens, and at most 4096 are accepted: send values as variables, or split it into several requests";
    assert_refusal(&refused(&source), Kind::TooLarge, "", message);
}

#[test]
fn brackets_of_all_kinds_count_together() {
    assert_depth("{ a { b } c }", 2);
    assert_depth("{ a(b: [{ c: [1] }]) { d } }", 5);
    assert_depth("query ($a: [[Int]] = [[[1]]]) { a }", 4);
    assert_depth("{ a @d(x: [1]) ... @d(x: { y: 1 }) { b } }", 3);
}

#[test]
fn brackets_in_strings_and_comments_do_not_count() {
    assert_depth("{ a(b: \"{[(\") }", 2);
    assert_depth(r#"{ a(b: "\"{[(\\") }"#, 2);
    assert_depth(r#"{ a(b: "\\", c: "{") }"#, 2);
    assert_depth("{ a(b: \"\"\"{[(\" \"\" \\\"\"\" [[[\n{\"\"\") }", 2);
    assert_depth("{ a(b: \"\"\"\\\\\"\"\"[\"\"\") }", 2);
    assert_depth("{ a # {[( \" \"\"\"\n }", 1);
    assert_depth("{ a # {[( \r }", 1);
    assert_depth("{ a # {[( \r\n b }", 1);
    assert_depth("{ a(b: \"#\") { c } }", 2);
    assert_depth("{ a(b: \"ü{🦀[\") }", 2);
}

#[test]
fn an_empty_string_does_not_open_a_block_string() {
    assert_depth(r#"{ a(b: ["" "[["]) }"#, 3);
    assert_depth(r#"{ a(b: ["x""[["]) }"#, 3);
    assert_depth(r#"{ a(b: """""", c: [[1]]) }"#, 4);
}

#[test]
fn too_many_brackets_are_refused_where_they_are_deepest() {
    let refusal =
        check("{\n  é(b: [{c: 1}, [[1]]])\n}", &brackets(4)).expect_err("five brackets are too many");
    let message = "the document nests 5 brackets, and at most 4 are accepted: select less at once, or send nested values as variables";
    assert_refusal(&refusal, Kind::TooDeep, "2:18", message);
    assert_eq!(refusal.code(), "DOCUMENT_TOO_DEEP");
}

#[test]
fn brackets_that_do_not_match_do_not_make_room_for_more() {
    let source = format!("{{ a(b: {}{}", "[".repeat(64), "}]".repeat(100));
    assert_eq!(refused(&source).kind, Kind::TooDeep);
    let source = format!("{}{{ a(b: {}", "}".repeat(500), "[".repeat(63));
    assert_eq!(refused(&source).kind, Kind::TooDeep);
}

#[test]
fn places_are_counted_as_the_parser_counts_them() {
    let before = "{\r\n a\r b(c: \"é🦀\") ";
    let by_the_parser = refused(&format!("{before}{{ ...F }} }}"));
    let by_the_lexical_pass = refused(&format!("{before}{{ \"...F"));

    assert_eq!((by_the_parser.kind, by_the_lexical_pass.kind), (Kind::Invalid, Kind::ParseFailed));
    assert_eq!(by_the_parser.position, Some(Pos { line: 2, column: 15 }));
    assert_eq!(by_the_lexical_pass.position, by_the_parser.position);
}

#[test]
fn a_string_without_an_end_is_refused_where_it_begins() {
    for rest in ["x", "x\n\") }", "x\r\") }", "x\\\") }", "x\\\n\") }", "\u{feff}{[("] {
        let message = "the string at line 2, column 8 does not end: close its quotes";
        assert_refusal(&refused(&format!("{{\r\n  a(b: \"{rest}")), Kind::ParseFailed, "2:8", message);
    }
}

// The parser would read `""` and then `"abc"`, and see every bracket behind it.
#[test]
fn a_block_string_without_an_end_is_not_taken_for_an_empty_string() {
    async_graphql_parser::parse_query(r#"{ a(b: ["""abc"]) }"#).expect("the parser takes it");

    let message = "the string at line 1, column 9 does not end: close its quotes";
    assert_refusal(&refused(r#"{ a(b: ["""abc"]) }"#), Kind::ParseFailed, "1:9", message);
    assert_eq!(refused(r#"{ a(b: """ \""") }"#).kind, Kind::ParseFailed);
    assert_eq!(refused(&format!(r#"{{ a(b: ["""x"{}"#, "[".repeat(1_600))).kind, Kind::ParseFailed);
}
