//! The parser recurses; what the guard lets in must fit the stack of an ordinary thread.

use guard::{Kind, Limits, check};

use crate::{refused, unlimited};

const ORDINARY_STACK: usize = 2 * 1024 * 1024;

/// Every construct of the grammar that holds itself, `depth` brackets deep.
fn nested(depth: usize) -> [String; 6] {
    let within =
        |depth: usize, open: &str, close: &str| format!("{}1{}", open.repeat(depth), close.repeat(depth));
    [
        format!("{{ a(b: {}) }}", within(depth - 2, "[", "]")),
        format!("{{ a(b: {}) }}", within(depth - 2, "{a:", "}")),
        format!("query ($a: X = {}) {{ a }}", within(depth - 1, "[", "]")),
        format!("query ($a: {}) {{ a }}", within(depth - 1, "[", "]").replace('1', "X")),
        within(depth, "{a", "}").replace('1', ""),
        format!("{{a{}}}", within(depth - 1, "...{a", "}").replace('1', "")),
    ]
}

/// Runs on a stack of the size that threads have by default; an overflow aborts the test run.
fn on_an_ordinary_stack(run: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(ORDINARY_STACK);
    thread.spawn(run).expect("a thread starts").join().expect("the thread ends well");
}

#[test]
fn the_deepest_documents_let_in_are_parsed_on_an_ordinary_stack() {
    on_an_ordinary_stack(|| {
        for source in nested(64) {
            check(&source, &unlimited()).expect("64 brackets are let in");
        }
    });
}

#[test]
fn one_bracket_more_is_refused() {
    for source in nested(65) {
        assert_eq!(refused(&source).kind, Kind::TooDeep, "{source}");
    }
}

// The lists and objects among these abort a release build when given to the parser: its own guard against overflow
// covers the grammar, but not the tree that is built after it.
#[test]
fn lists_and_objects_that_overflow_the_parser_are_refused_before_it_runs() {
    on_an_ordinary_stack(|| {
        for source in nested(1_602) {
            let refusal = check(&source, &unlimited()).expect_err("1,602 brackets are too many");
            assert_eq!(refusal.code(), "DOCUMENT_TOO_DEEP");
        }
    });
}

#[test]
fn nesting_by_fragments_is_bounded_without_brackets() {
    on_an_ordinary_stack(|| {
        let chain: String = (0..500).map(|i| format!("fragment F{i} on Q {{ ...F{} }}", i + 1)).collect();
        let source = format!("{{ ...F0 }} {chain} fragment F500 on Q {{ a }}");
        let limits = Limits { nesting: 32, ..unlimited() };

        let refusal = check(&source, &limits).expect_err("500 fragments within each other are refused");

        assert_eq!(refusal.code(), "DOCUMENT_TOO_DEEP");
    });
}
