//! `retinue migrate`, and what no other command does without it.

use std::sync::Arc;

use entity::contact_token;
use migration::{Migrator, MigratorTrait as _};
use rstest::rstest;
use sea_orm::{ConnectionTrait as _, EntityTrait as _};
use tempfile::tempdir;

use super::program::{fails, prints};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::databases::Place;
use crate::world::World;

fn names() -> Vec<String> {
    Migrator::migrations().iter().map(|step| step.name().to_owned()).collect()
}

/// The first so many applied, the others missing.
fn status(applied: usize) -> String {
    let line = |(place, name): (usize, &String)| {
        format!("{} {name}\n", if place < applied { "applied" } else { "missing" })
    };
    names().iter().enumerate().map(line).collect()
}

/// Changes the notes on what was applied, behind the program's back.
async fn notes(place: &Place, sql: &str) {
    place.connect().await.execute_unprepared(sql).await.expect("changed");
}

#[rstest]
#[tokio::test]
async fn the_schema_is_brought_up_and_back(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(place) = on.empty_place() else { return };
    let folder = tempdir().expect("a folder");
    let migrate = |arguments: &[&str]| {
        prints(folder.path(), [&["migrate", "--database", place.address.as_str()], arguments].concat())
    };
    let all = names().len();
    assert_eq!(migrate(&["status"]), status(0));
    assert_eq!(migrate(&["up"]), status(all));
    assert_eq!(migrate(&["up"]), status(all));
    // Data are not deleted by mistake.
    let error = fails(folder.path(), ["migrate", "down", "--database", &place.address]);
    assert!(error.contains("--yes"), "{error}");
    assert_eq!(migrate(&["status"]), status(all));
    assert_eq!(migrate(&["down", "--yes"]), status(all - 1));
    assert_eq!(migrate(&["down", "--steps", "2", "--yes"]), status(all - 3));
    assert_eq!(migrate(&["down", "--all", "--yes"]), status(0));
    assert_eq!(migrate(&["up"]), status(all));
}

// G3
#[rstest]
#[tokio::test]
async fn records_that_are_older_than_search_are_found_afterwards(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(place) = on.empty_place() else { return };
    let folder = tempdir().expect("a folder");
    let address = place.address.clone();
    prints(folder.path(), ["migrate", "up", "--database", &address]);
    let world = World::at(Arc::new(place)).await;
    world.contact().named("Zoe").create().await;
    let words = async || contact_token::Entity::find().all(&world.sql).await.expect("words").len();
    assert_eq!(words().await, 1);
    contact_token::Entity::delete_many().exec(&world.sql).await.expect("gone");
    prints(folder.path(), ["migrate", "up", "--database", &address]);
    assert_eq!(words().await, 1);
}

/// Every command that needs the data refuses, with the same advice.
fn is_refused(place: &Place, advice: &[&str]) {
    let folder = tempdir().expect("a folder");
    let commands: [&[&str]; 6] = [
        &["serve", "--listen", "127.0.0.1:0"],
        &["account", "create", "Acme", "--country", "DE", "--currency", "EUR"],
        &["account", "set", "Acme", "--separate-owners", "on"],
        &["user", "create", "--name", "Ada", "--email", "ada@acme.example"],
        &["user", "set", "ada@acme.example", "--active", "off"],
        &["token", "--user", "ada@acme.example"],
    ];
    for command in commands {
        let error = fails(folder.path(), [command, &["--database", place.address.as_str()]].concat());
        for words in advice {
            assert!(error.contains(words), "{command:?}: {error}");
        }
    }
    // Nothing was left behind, secrets included.
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 0);
}

#[rstest]
#[tokio::test]
async fn a_database_that_is_behind_newer_or_half_migrated_is_refused(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(place) = on.empty_place() else { return };
    let folder = tempdir().expect("a folder");
    let all = names().len();
    let migrate = |arguments: &[&str]| {
        prints(folder.path(), [&["migrate", "--database", place.address.as_str()], arguments].concat())
    };
    is_refused(
        &place,
        &[&format!("lacks {all} of {all} migrations"), "back it up", "run `retinue migrate up`"],
    );
    migrate(&["up"]);
    migrate(&["down", "--steps", "2", "--yes"]);
    is_refused(&place, &[&format!("lacks 2 of {all} migrations"), "run `retinue migrate up`"]);
    migrate(&["up"]);

    let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29991231_000001_tomorrow', 1)";
    notes(&place, newer).await;
    is_refused(&place, &["migrated by a newer program", "m29991231_000001_tomorrow", "run that version"]);
    assert_eq!(migrate(&["status"]), format!("{}unknown m29991231_000001_tomorrow\n", status(all)));
    let error = fails(folder.path(), ["migrate", "up", "--database", &place.address]);
    assert!(error.contains("newer program"), "{error}");
    notes(&place, "DELETE FROM seaql_migrations WHERE version = 'm29991231_000001_tomorrow'").await;

    let gap = names()[2].clone();
    notes(&place, &format!("DELETE FROM seaql_migrations WHERE version = '{gap}'")).await;
    is_refused(&place, &["half migrated", &gap, "restore a backup"]);
}

#[test]
fn an_address_that_is_none_is_told() {
    let folder = tempdir().expect("a folder");
    for address in ["mysql://localhost/x", "retinue.db", ""] {
        let error = fails(folder.path(), ["migrate", "status", "--database", address]);
        assert!(
            error.contains("is not a database address: use `sqlite:FILE` or `postgres://USER@HOST/NAME`"),
            "{error}"
        );
    }
    let error =
        fails(folder.path(), ["migrate", "status", "--database", "postgres://nobody@127.0.0.1:1/nothing"]);
    assert!(error.contains("cannot be opened") && error.contains("check the address"), "{error}");
    let error = fails(folder.path(), ["migrate", "status", "--database", "sqlite:no/such/folder/retinue.db"]);
    assert!(error.contains("cannot be opened"), "{error}");
}
