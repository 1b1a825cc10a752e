//! What the program prints is what is committed.

use std::path::Path;

use tempfile::tempdir;

use super::program::{prints, run};

fn committed(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

// G4
#[test]
fn the_schema_is_the_one_that_is_committed() {
    let folder = tempdir().expect("a folder");
    let schema = prints(folder.path(), ["schema"]);
    assert!(
        schema == committed("schema.graphql"),
        "run `cargo run -- schema > schema.graphql`, and read the difference"
    );
    assert_eq!(schema, retinue::graphql::sdl());
}

#[test]
fn the_matrix_and_the_rules_are_those_that_are_committed() {
    let folder = tempdir().expect("a folder");
    assert_eq!(
        prints(folder.path(), ["policy", "matrix"]),
        committed("tests/snapshots/permission_matrix.txt")
    );
    let rules = prints(folder.path(), ["policy", "rules"]);
    assert!(rules.contains("`contact.change_owner.follower`"));
    assert!(committed("docs/authorization.md").contains(rules.trim()));
}

#[test]
fn these_commands_touch_nothing() {
    let folder = tempdir().expect("a folder");
    for command in [["schema", "--help"], ["policy", "matrix"], ["policy", "rules"], ["migrate", "--help"]] {
        prints(folder.path(), command);
    }
    prints(folder.path(), ["schema"]);
    assert!(prints(folder.path(), ["--version"]).starts_with("retinue "));
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 0);
}

#[test]
fn what_is_no_command_is_told() {
    let folder = tempdir().expect("a folder");
    for arguments in
        [vec![], vec!["nothing"], vec!["serve", "--nothing"], vec!["migrate"], vec!["user", "create"]]
    {
        let ended = run(folder.path(), &arguments);
        assert_eq!(ended.code, Some(2), "{arguments:?}: {ended:#?}");
        assert!(ended.err.contains("Usage"), "{ended:#?}");
    }
}
