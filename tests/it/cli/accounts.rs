//! `retinue account`, `user` and `token`.

use std::path::Path;

use rstest::rstest;
use tempfile::{TempDir, tempdir};

use super::program::{fails, prints};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::databases::Place;

/// A migrated database with an account that has an admin and a pipeline; and the folder of whoever types.
fn acme(on: Kind) -> Option<(Place, TempDir)> {
    let place = on.empty_place()?;
    let folder = tempdir().expect("a folder");
    let type_in = |arguments: &[&str]| with(&place, folder.path(), arguments);
    type_in(&["migrate", "up"]);
    let out = type_in(&[
        "account",
        "create",
        " Acme  Ltd ",
        "--country",
        "de",
        "--currency",
        "eur",
        "--admin-email",
        "ada@acme.example",
        "--admin-name",
        "Ada Byron",
        "--pipeline",
        "Sales: New, Qualified ,Won",
        "--pipeline",
        "Renewals:Due",
    ]);
    let words: Vec<Vec<&str>> = out.lines().map(|line| line.split(' ').collect()).collect();
    assert_eq!(words.len(), 4, "{out}");
    assert!(
        words[0][1].starts_with("account_")
            && out.lines().next().is_some_and(|line| line.ends_with(" Acme Ltd")),
        "{out}"
    );
    assert!(
        words[1][0] == "admin" && words[1][1].starts_with("user_") && words[1][2] == "ada@acme.example",
        "{out}"
    );
    assert_eq!((words[2][0], words[2][2], words[3][2]), ("pipeline", "Sales", "Renewals"));
    Some((place, folder))
}

fn with(place: &Place, folder: &Path, arguments: &[&str]) -> String {
    prints(folder, [arguments, &["--database", place.address.as_str()]].concat())
}

fn fails_with(place: &Place, folder: &Path, arguments: &[&str]) -> String {
    fails(folder, [arguments, &["--database", place.address.as_str()]].concat())
}

#[rstest]
fn an_account_is_made_and_its_settings_are_set(#[values(Sqlite, Postgres)] on: Kind) {
    let Some((place, folder)) = acme(on) else { return };
    let folder = folder.path();
    for (arguments, words) in [
        (
            ["account", "create", "Acme Ltd", "--country", "DE", "--currency", "EUR"],
            "there is an account `Acme Ltd` already",
        ),
        (["account", "create", "Other", "--country", "Germany", "--currency", "EUR"], "not a country"),
        (["account", "create", "Other", "--country", "DE", "--currency", "Mark"], "not a currency"),
        (["account", "create", "", "--country", "DE", "--currency", "EUR"], "must not be empty"),
        (
            ["account", "create", "Other", "--country", "DE", "--currency=EUR", "--pipeline=Sales"],
            "is not a pipeline",
        ),
    ] {
        let error = fails_with(&place, folder, &arguments);
        assert!(error.contains(words), "{error}");
    }
    let set =
        |arguments: &[&str]| with(&place, folder, &[&["account", "set", "Acme Ltd"], arguments].concat());
    let settings = |on: [bool; 4]| {
        format!(
            "separate owners: {}\nopportunity owner follows contact: {}\ncontact owner follows opportunities: {}\n\
             previous owner follows: {}\nallow duplicate opportunities: true\ncontact duplicates: ALLOW\n",
            on[0], on[1], on[2], on[3]
        )
    };
    assert_eq!(set(&[]), settings([false; 4]));
    let two = ["--separate-owners", "on", "--contact-owner-follows-opportunities", "on"];
    assert_eq!(set(&two), settings([true, false, true, false]));
    assert_eq!(
        set(&["--separate-owners", "off", "--previous-owner-follows", "on"]),
        settings([false, false, true, true])
    );
    assert_eq!(set(&["--opportunity-owner-follows-contact", "on"]), settings([false, true, true, true]));
    let error = fails_with(&place, folder, &["account", "set", "Nobody", "--separate-owners", "on"]);
    assert!(
        error.contains("there is no account `Nobody`") && error.contains("`retinue account create`"),
        "{error}"
    );
}

// P2, P5
#[rstest]
fn people_are_added_and_changed(#[values(Sqlite, Postgres)] on: Kind) {
    let Some((place, folder)) = acme(on) else { return };
    let folder = folder.path();
    let new = "VIEW_CONTACTS, EDIT_CONTACTS, VIEW_OPPORTUNITIES, EDIT_OPPORTUNITIES, VIEW_LEAD_VALUE, BULK_ACTIONS, \
               VIEW_CALENDARS, MANAGE_APPOINTMENTS";
    let out = with(&place, folder, &["user", "create", "--name", "Bo Ek", "--email", "bo@acme.example"]);
    assert!(out.starts_with("user user_") && out.ends_with(" bo@acme.example\n"), "{out}");
    let id = out.split(' ').nth(1).expect("an id").to_owned();
    let shown = |role: &str, restricted: bool, active: bool, holds: &str| {
        format!(
            "user {id} bo@acme.example\nrole: {role}\nonly assigned data: {restricted}\nactive: {active}\nholds: {holds}\n"
        )
    };
    let set =
        |arguments: &[&str]| with(&place, folder, &[&["user", "set", "BO@acme.example"], arguments].concat());
    assert_eq!(set(&[]), shown("User", false, true, new));
    let less = new.replace("EDIT_CONTACTS, ", "").replace(", VIEW_CALENDARS", "");
    assert_eq!(set(&["--revoke", "EDIT_CONTACTS,view_calendars"]), shown("User", false, true, &less));
    let more =
        format!("{}, MANAGE_SETTINGS", less.replace("VIEW_LEAD_VALUE", "VIEW_LEAD_VALUE, CHANGE_OWNERS"));
    let granted = ["--grant", "CHANGE_OWNERS", "--grant", "MANAGE_SETTINGS", "--only-assigned-data", "on"];
    assert_eq!(set(&granted), shown("User", true, true, &more));
    assert_eq!(set(&["--active", "off"]), shown("User", true, false, ""));
    let by_id = with(&place, folder, &["user", "set", &id, "--active", "on"]);
    assert_eq!(by_id, shown("User", true, true, &more));
    assert!(set(&["--role", "admin"]).contains("holds: VIEW_CONTACTS, EDIT_CONTACTS, DELETE_CONTACTS, "));

    // The last active admin stays.
    set(&["--role", "user"]);
    for last in [["--role", "user"], ["--active", "off"]] {
        let error = fails_with(&place, folder, &[&["user", "set", "ada@acme.example"], &last[..]].concat());
        assert!(error.contains("the last active admin stays"), "{error}");
    }
    for (arguments, words) in [
        (vec!["user", "create", "--name", "Other", "--email", "Bo@Acme.example"], "somebody has the address"),
        (vec!["user", "create", "--name", "Other", "--email", "no mail"], "not an e-mail address"),
        (vec!["user", "create", "--name", " ", "--email", "x@acme.example"], "must not be empty"),
        (
            vec!["user", "set", "nobody@acme.example", "--active", "off"],
            "there is no user `nobody@acme.example`",
        ),
    ] {
        let error = fails_with(&place, folder, &arguments);
        assert!(error.contains(words), "{error}");
    }
    let ended = super::program::run(folder, ["user", "set", "x", "--grant", "EVERYTHING"]);
    assert_eq!(ended.code, Some(2));
    assert!(
        ended.err.contains("no such permission: there are VIEW_CONTACTS, EDIT_CONTACTS"),
        "{}",
        ended.err
    );
}

#[rstest]
fn among_several_accounts_one_is_named(#[values(Sqlite, Postgres)] on: Kind) {
    let Some((place, folder)) = acme(on) else { return };
    let folder = folder.path();
    let user = ["user", "create", "--name", "Bo", "--email", "bo@acme.example"];
    with(&place, folder, &["account", "create", "Beta", "--country", "SE", "--currency", "SEK"]);
    let error = fails_with(&place, folder, &user);
    assert!(error.contains("there are 2 accounts: name one with `--account`"), "{error}");
    for account in ["Beta", "Acme Ltd"] {
        with(&place, folder, &[&user[..], &["--account", account]].concat());
    }
    let error = fails_with(&place, folder, &["token", "--user", "ada@acme.example", "--account", "Beta"]);
    assert!(error.contains("there is no user `ada@acme.example` in this account"), "{error}");
}

#[rstest]
fn a_token_is_made_for_an_active_user(#[values(Sqlite, Postgres)] on: Kind) {
    let Some((place, folder)) = acme(on) else { return };
    let folder = folder.path();
    let token = with(&place, folder, &["token", "--user", "ada@acme.example"]);
    assert_eq!((token.lines().count(), token.split('.').count()), (1, 3), "{token}");
    with(&place, folder, &["user", "create", "--name", "Bo", "--email", "bo@acme.example"]);
    with(&place, folder, &["user", "set", "bo@acme.example", "--active", "off"]);
    let error = fails_with(&place, folder, &["token", "--user", "bo@acme.example"]);
    assert!(error.contains("is not active"), "{error}");
    for minutes in ["0", "-1", "43201", "ten"] {
        let ended = super::program::run(folder, ["token", "--user", "x", &format!("--minutes={minutes}")]);
        assert_eq!(ended.code, Some(2), "{ended:#?}");
    }
}
