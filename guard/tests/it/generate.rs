//! Documents by chance, as lists of tokens: all of them parse.

use proptest::{collection::vec, option, prelude::*, sample::select};

type Tokens = Vec<&'static str>;

/// What may stand between two tokens; each keeps names and numbers apart.
const IGNORED: [&str; 8] = [" ", ",", "\t", "\n", "\r\n", "\u{feff}", " # }]) \"\"\" ü\n", "#{[(\r"];
const NAMES: [&str; 6] = ["a", "b1", "_c", "fragment", "query", "on_"];
#[rustfmt::skip]
const LEAVES: [&str; 16] = [
    "0", "-12", "1.5", "-0.5E+3", "2e7", "true", "null", "LEAD",
    r#""""#, r#""{[(""#, r#""\"}])\\""#, r#""ü # 🦀""#,
    r#""""""""#, r#""""{[( " "" \""" }""""#, "\"\"\"\r\n  [[\n\"\"\"", r#""""\\"""]""""#,
];
/// In one piece, because the parser allows no blank within a type; each character is a token.
const TYPES: [&str; 3] = ["A", "[A!]", "[[A]]!"];
/// In one piece, because the parser allows nothing but blanks behind `on`.
const ON: &str = "on A";

const FRAGMENTS: [&str; 4] = ["F0", "F1", "F2", "F3"];
const KEYS: [&str; 3] = ["k0", "k1", "k2"];

/// A query of four fragments, all of them used, each spreading only later ones; its tokens and its text.
pub fn document() -> impl Strategy<Value = (usize, String)> {
    let fragments = (fragment(0), fragment(1), fragment(2), fragment(3));
    let tokens = (head(), selections(0), fragments)
        .prop_map(|(head, selections, (f0, f1, f2, f3))| concat([head, set(selections), f0, f1, f2, f3]));
    (tokens, vec(select(&IGNORED[..]), 1..20)).prop_map(|(tokens, ignored)| {
        let between = ignored.into_iter().cycle();
        let count = tokens.iter().map(|token| tokens_in(token)).sum();
        (count, tokens.iter().zip(between).flat_map(|(token, blank)| [blank, *token]).collect())
    })
}

fn tokens_in(piece: &str) -> usize {
    match piece {
        ON => 2,
        piece if TYPES.contains(&piece) => piece.len(),
        _ => 1,
    }
}

fn head() -> impl Strategy<Value = Tokens> {
    let variable = (select(&TYPES[..]), option::of(value())).prop_map(|(kind, default)| {
        let default = default.map(|value| concat([vec!["="], value])).unwrap_or_default();
        concat([vec!["(", "$", "v", ":"], vec![kind], default, vec![")"]])
    });
    (select(&NAMES[..]), option::of(variable), directives()).prop_map(|(name, variable, directives)| {
        concat([vec!["query", name], variable.unwrap_or_default(), directives])
    })
}

/// The fragment of this number, which is spread by the one before it.
fn fragment(number: usize) -> impl Strategy<Value = Tokens> {
    (directives(), selections(number + 1)).prop_map(move |(directives, selections)| {
        concat([vec!["fragment", FRAGMENTS[number], ON], directives, set(selections)])
    })
}

/// Selections that spread fragments from this number on, and the first of them for certain.
fn selections(from: usize) -> impl Strategy<Value = Tokens> {
    vec(selection(from), 1..4).prop_map(move |selections| {
        let spread = FRAGMENTS.get(from).map(|name| vec!["...", *name]).unwrap_or_default();
        concat([selections.concat(), spread])
    })
}

fn selection(from: usize) -> BoxedStrategy<Tokens> {
    let leaf = match &FRAGMENTS[from..] {
        [] => field().boxed(),
        later => prop_oneof![3 => field(), 1 => spread(later)].boxed(),
    };
    let nested = leaf.prop_recursive(4, 16, 3, |inner| {
        let inner = vec(inner, 1..3).prop_map(|selections| set(selections.concat()));
        let inline = (directives(), inner.clone())
            .prop_map(|(directives, set)| concat([vec!["..."], directives, set]));
        prop_oneof![(field(), inner).prop_map(|(field, set)| concat([field, set])), inline]
    });
    nested.boxed()
}

fn spread(fragments: &'static [&'static str]) -> impl Strategy<Value = Tokens> {
    (select(fragments), directives()).prop_map(|(name, directives)| concat([vec!["...", name], directives]))
}

fn field() -> impl Strategy<Value = Tokens> {
    (option::of(select(&NAMES[..])), select(&NAMES[..]), option::of(arguments()), directives()).prop_map(
        |(alias, name, arguments, directives)| {
            let alias = alias.map(|alias| vec![alias, ":"]).unwrap_or_default();
            concat([alias, vec![name], arguments.unwrap_or_default(), directives])
        },
    )
}

fn directives() -> impl Strategy<Value = Tokens> {
    prop_oneof![
        3 => Just(vec![]),
        1 => option::of(arguments()).prop_map(|arguments| concat([vec!["@", "d"], arguments.unwrap_or_default()])),
    ]
}

fn arguments() -> impl Strategy<Value = Tokens> {
    vec(value(), 1..3).prop_map(|values| concat([vec!["("], keyed(values), vec![")"]]))
}

fn value() -> impl Strategy<Value = Tokens> {
    let leaf = select(&LEAVES[..]).prop_map(|leaf| vec![leaf]);
    leaf.prop_recursive(4, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(|values| concat([vec!["["], values.concat(), vec!["]"]])),
            vec(inner, 0..3).prop_map(|values| concat([vec!["{"], keyed(values), vec!["}"]])),
        ]
    })
}

/// Values under names of their own, because the parser keeps only the last of a name.
fn keyed(values: Vec<Tokens>) -> Tokens {
    values.into_iter().zip(KEYS).flat_map(|(value, key)| concat([vec![key, ":"], value])).collect()
}

fn set(selections: Tokens) -> Tokens {
    concat([vec!["{"], selections, vec!["}"]])
}

fn concat<const PARTS: usize>(parts: [Tokens; PARTS]) -> Tokens {
    parts.concat()
}
