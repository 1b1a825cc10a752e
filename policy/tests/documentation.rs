//! The documentation's rules are the policy's.

use std::path::Path;
use std::{env, fs};

const BEGIN: &str =
    "<!-- rules: begin; written by `UPDATE_DOCS=1 cargo test -p policy --test documentation` -->\n";
const END: &str = "<!-- rules: end -->\n";

#[test]
fn the_rules_in_the_documentation_are_those_of_the_policy() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/authorization.md");
    let page = fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(BEGIN).expect("the page has a place for the rules");
    let (_, after) = rest.split_once(END).expect("the place for the rules ends");
    let wanted = format!("{before}{BEGIN}\n{}\n{END}{after}", policy::rules_table());
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &wanted).unwrap();
    }
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        wanted,
        "run it with UPDATE_DOCS=1, and read the difference"
    );
}
