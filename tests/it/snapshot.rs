//! Texts that are kept in `tests/snapshots` and read by reviewers.

use std::path::Path;

/// Set to write the texts anew.
const UPDATE: &str = "RETINUE_TEST_UPDATE";

/// Compares `text` with the kept one.
pub fn assert_kept(name: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(name);
    if std::env::var_os(UPDATE).is_some() {
        std::fs::write(&file, text).expect("the kept text is written");
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    let mut lines = (1..).zip(kept.lines().zip(text.lines()));
    let place = lines.find(|(_, (kept, new))| kept != new);
    let (number, (kept_line, line)) = match place {
        Some(place) => place,
        None if kept == text => return,
        None => (kept.lines().count().min(text.lines().count()) + 1, ("(another length)", "")),
    };
    panic!(
        "tests/snapshots/{name}, line {number}\n  kept: {kept_line}\n   now: {line}\n\
         read the difference; if it is right, run the test with {UPDATE}=1 and commit the text"
    );
}
