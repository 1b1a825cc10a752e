//! What holds for every document.

use async_graphql_parser::parse_query;
use guard::{Kind, Limits, check};
use proptest::{
    prelude::*,
    sample::{Index, select},
};

use crate::{brackets, generate, unfolded, unfolded::Counts, unlimited};

/// What text is made of that looks like GraphQL and mostly is not.
#[rustfmt::skip]
const SCRAPS: [&str; 34] = [
    "{", "}", "[", "]", "(", ")", "\"", "\"\"\"", "\\", "\\\"", "\\u00e9", "#", "\n", "\r", "\r\n", " ", ",",
    "\u{feff}", "...", "..", "on ", "query ", "mutation ", "fragment F on Q", "...F", "a", "a:", "$v", "@d", "-", "0",
    "1.5e3", "é🦀", "\"s3cret, w0rd\"",
];

fn scraps() -> impl Strategy<Value = String> {
    prop::collection::vec(select(&SCRAPS[..]), 0..60).prop_map(|scraps| scraps.concat())
}

fn split(source: &str, at: Index) -> (&str, &str) {
    let places: Vec<usize> = source.char_indices().map(|(place, _)| place).collect();
    source.split_at(*at.get(&places))
}

fn spoiled(source: &str, scrap: &str, at: Index) -> String {
    let (start, end) = split(source, at);
    [start, scrap, end].concat()
}

proptest! {
    #[test]
    fn no_text_makes_the_guard_panic(source in any::<String>()) {
        let _ = check(&source, &Limits::default());
    }

    #[test]
    fn no_refusal_quotes_a_string_of_the_source(source in scraps()) {
        if let Err(refusal) = check(&source, &Limits::default()) {
            prop_assert!(!refusal.message.contains("s3cret"), "{}", refusal.message);
        }
    }

    #[test]
    fn no_part_of_a_document_makes_the_guard_panic((_, source) in generate::document(), at in any::<Index>()) {
        let (start, end) = split(&source, at);
        let _ = check(start, &Limits::default());
        let _ = check(end, &Limits::default());
    }

    #[test]
    fn no_bracket_that_the_parser_descends_into_is_missed(
        (_, source) in generate::document(),
        scrap in select(&SCRAPS[..]),
        at in any::<Index>(),
    ) {
        let source = spoiled(&source, scrap, at);
        if let Ok(document) = parse_query(&source) {
            let limits = Limits { bracket_depth: brackets::depth(&document) - 1, ..unlimited() };
            prop_assert!(check(&source, &limits).is_err());
        }
    }

    #[test]
    fn the_lexical_pass_sees_the_brackets_and_tokens_that_the_parser_sees((tokens, source) in generate::document()) {
        let depth = brackets::depth(&parse_query(&source).expect("what is generated parses"));

        let limits = Limits { bracket_depth: depth, ..unlimited() };
        let measure = check(&source, &limits).expect("no more brackets are seen").measure;
        prop_assert_eq!(measure.tokens, tokens);

        let limits = Limits { bracket_depth: depth - 1, ..unlimited() };
        let refusal = check(&source, &limits).expect_err("no fewer brackets are seen");
        prop_assert_eq!(refusal.kind, Kind::TooDeep);
    }

    #[test]
    fn counting_a_fragment_once_is_as_good_as_unfolding_it((_, source) in generate::document()) {
        let checked = check(&source, &unlimited()).expect("what is generated is let in");
        let measure = checked.measure;
        let counts = Counts {
            depth: measure.depth,
            fields: measure.fields,
            aliases: measure.aliases,
            inputs: measure.inputs,
        };
        prop_assert_eq!(counts, unfolded::count(&checked.document));
    }
}
