//! Fragments unfold exponentially; the guard counts each once.

use std::fmt::Write;

use guard::{Kind, check};

use crate::{accepted, assert_refusal, refused, unlimited};

/// A chain of fragments, each spreading the next twice, with one aliased field at the end of it.
pub fn bomb(levels: usize) -> String {
    let mut source = "{ ...F0 ...F0 }".to_owned();
    for level in 1..levels {
        write!(source, " fragment F{} on Q {{ ...F{level} ...F{level} }}", level - 1)
            .expect("a string takes it");
    }
    write!(source, " fragment F{} on Q {{ a: b(c: 1) }}", levels - 1).expect("a string takes it");
    source
}

// No limit on time: unfolded, neither of these would ever end.
#[test]
fn a_bomb_of_fragments_is_counted_and_not_unfolded() {
    let measure = check(&bomb(30), &unlimited()).expect("nothing limits it").measure;
    assert_eq!((measure.fields, measure.aliases, measure.inputs), (1 << 30, 1 << 30, 1 << 30));
    assert_eq!((measure.depth, measure.definitions), (1, 31));
}

#[test]
fn what_cannot_be_counted_saturates() {
    let measure = check(&bomb(300), &unlimited()).expect("nothing limits it").measure;
    assert_eq!((measure.fields, measure.aliases, measure.inputs), (usize::MAX, usize::MAX, usize::MAX));
}

#[test]
fn a_bomb_of_fragments_is_refused_with_its_true_size() {
    let message = "the document selects 1073741824 fields with its fragments unfolded, and at most 1000 are accepted: split it into several requests";
    assert_refusal(&refused(&bomb(30)), Kind::TooComplex, "1:1", message);
}

#[test]
fn depth_is_counted_through_fragments() {
    let source = "{ ...A } fragment A on Q { a { ...B } } fragment B on Q { b { ...C } ...C } fragment C on Q { c { d } }";
    let measure = accepted(source);
    assert_eq!((measure.depth, measure.fields), (4, 6));
}

#[test]
fn a_fragment_that_contains_itself_is_refused_by_name() {
    let message = "fragment `A` contains itself: take the spread out of it";
    assert_refusal(&refused("{ ...A } fragment A on Q { a ...A }"), Kind::Invalid, "1:30", message);
    assert_refusal(
        &refused("{ ...A } fragment A on Q { a { ... { ...A } } }"),
        Kind::Invalid,
        "1:38",
        message,
    );
    let circle = "{ ...A } fragment A on Q { ...B } fragment B on Q { ...C } fragment C on Q { b ...A }";
    assert_refusal(&refused(circle), Kind::Invalid, "1:80", message);
}

#[test]
fn a_circle_that_no_operation_reaches_is_refused_as_unused() {
    let message = "fragment `A` is not used: spread it in an operation, or leave it out";
    let refusal = refused("{ a } fragment A on Q { ...B } fragment B on Q { ...A }");
    assert_refusal(&refusal, Kind::Invalid, "1:7", message);
}

#[test]
fn a_fragment_that_is_not_there_is_refused_by_name() {
    let message = "fragment `A` is not in the document: define it, or take the spread out";
    assert_refusal(&refused("{ a { ...A } }"), Kind::Invalid, "1:7", message);
}

#[test]
fn a_fragment_that_one_of_the_operations_uses_is_used() {
    assert_eq!(
        accepted("query A { a } query B { ...F } fragment F on Q { ...G } fragment G on Q { a }").fields,
        2
    );
}
