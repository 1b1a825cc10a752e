//! A flag beats the environment, the environment beats the file, the file beats the default.

use tempfile::tempdir;

use super::program::{Running, command, prints, run};

/// The files in a folder, but for what SQLite keeps beside its own.
fn files(folder: &std::path::Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).expect("the folder").flatten();
    let mut names: Vec<String> =
        names.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| !name.ends_with("-wal") && !name.ends_with("-shm"));
    names.sort();
    names
}

#[test]
fn a_setting_is_taken_from_the_flag_the_environment_the_file_or_the_default() {
    let folder = tempdir().expect("a folder");
    prints(folder.path(), ["migrate", "status"]);
    assert_eq!(files(folder.path()), ["retinue.db"]);

    std::fs::write(folder.path().join("retinue.toml"), "database = \"sqlite:file.db\"\n").expect("written");
    prints(folder.path(), ["migrate", "status"]);
    assert_eq!(files(folder.path()), ["file.db", "retinue.db", "retinue.toml"]);

    let in_environment = |arguments: &[&str]| {
        let mut command = command(folder.path(), arguments);
        command.env("RETINUE_DATABASE", "sqlite:environment.db");
        assert_eq!(Running::start(command).ends().code, Some(0));
    };
    in_environment(&["migrate", "status"]);
    assert_eq!(files(folder.path()), ["environment.db", "file.db", "retinue.db", "retinue.toml"]);
    in_environment(&["migrate", "status", "--database", "sqlite:flag.db"]);
    assert_eq!(files(folder.path()), ["environment.db", "file.db", "flag.db", "retinue.db", "retinue.toml"]);
}

#[test]
fn a_file_that_is_wrong_is_told() {
    let folder = tempdir().expect("a folder");
    std::fs::write(folder.path().join("retinue.toml"), "databse = \"sqlite:file.db\"\n").expect("written");
    let ended = run(folder.path(), ["migrate", "status"]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.err.contains("retinue.toml") && ended.err.contains("databse"), "{}", ended.err);
    let ended = run(folder.path(), ["migrate", "status", "--config", "missing.toml"]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.err.contains("missing.toml"), "{}", ended.err);
}
