//! Says plainly, once per run, which databases it covers.

use std::io::Write as _;
use std::sync::Once;

use super::found;

/// Set to `both` where a run without PostgreSQL must fail.
const REQUIRE: &str = "RETINUE_TEST_REQUIRE";

/// Tells it on the first call: past the capture of the tests, and to a file that a script can read.
pub(super) fn announce() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let line = line();
        let _ = writeln!(std::io::stderr(), "{line}");
        let file = concat!(env!("CARGO_TARGET_TMPDIR"), "/covered.txt");
        std::fs::write(file, format!("{line}\n")).expect("the file that says what is covered");
    });
    let required = std::env::var(REQUIRE).is_ok_and(|wanted| wanted == "both");
    assert!(
        !required || found::server().is_some(),
        "{REQUIRE}=both, but there is no PostgreSQL: set TEST_POSTGRES_URL, or install its binaries"
    );
}

fn line() -> String {
    match found::server() {
        Some(server) => {
            format!("covered: SQLite, PostgreSQL (version {}, {})", server.version, server.origin)
        }
        None => {
            "covered: SQLite (PostgreSQL was skipped: none answers here, and there are no binaries)".into()
        }
    }
}

#[test]
fn the_run_says_which_databases_it_covers() {
    announce();
}
