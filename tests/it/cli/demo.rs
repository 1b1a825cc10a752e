//! `retinue demo`.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::tempdir;

use super::program::{Running, command, fails, prints};
use super::wire::{ask, get, send};

/// A demo on a free port, and the one line that it prints.
pub fn demo(folder: &Path, more: &[&str]) -> (Running, Value) {
    let arguments = [&["demo", "--json", "--listen", "127.0.0.1:0"], more].concat();
    let mut server = Running::start(command(folder, arguments));
    let line = server.says();
    (server, serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}")))
}

pub fn address(demo: &Value) -> String {
    demo["address"]
        .as_str()
        .and_then(|address| address.strip_prefix("http://"))
        .expect("an address")
        .to_owned()
}

pub fn token<'a>(demo: &'a Value, key: &str) -> &'a str {
    let people = demo["people"].as_array().expect("people");
    let person = people.iter().find(|person| person["key"] == key).expect("that person");
    person["token"].as_str().expect("a token")
}

const COUNTS: &str =
    "{ viewer { name } contacts { totalCount { value } } opportunities { totalCount { value } } }";

/// How many contacts and opportunities somebody sees.
fn counts(demo: &Value, key: &str) -> (u64, u64) {
    let seen = ask(&address(demo), token(demo, key), COUNTS, &json!({}));
    let count = |list: &str| seen[list]["totalCount"]["value"].as_u64().expect("a count");
    (count("contacts"), count("opportunities"))
}

#[test]
fn the_demo_plays_six_people_survives_a_restart_and_starts_afresh() {
    let folder = tempdir().expect("a folder");
    let (mut server, first) = demo(folder.path(), &[]);
    let at = address(&first);
    assert_eq!(first["graphql"], format!("http://{at}/graphql"));
    assert_eq!(first["playground"], format!("http://{at}/playground"));
    let keys: Vec<&Value> =
        first["people"].as_array().expect("people").iter().map(|person| &person["key"]).collect();
    assert_eq!(keys, ["admin", "coordinator", "provider", "follower", "stranger", "no-value"]);

    // Each of them sees what the rules allow.
    let all = counts(&first, "admin");
    assert!(all.0 > 300 && all.1 > 300, "a few hundred: {all:?}");
    for key in ["coordinator", "provider", "no-value"] {
        assert_eq!(counts(&first, key), all, "{key}");
    }
    let followed = counts(&first, "follower");
    assert!(
        followed.0 > 0 && followed.0 < all.0 / 4 && followed.1 > 0 && followed.1 < all.1 / 4,
        "{followed:?}"
    );
    assert_eq!(counts(&first, "stranger"), (0, 0));
    for person in first["people"].as_array().expect("people") {
        let key = person["key"].as_str().expect("a key");
        let seen = ask(&at, token(&first, key), "{ viewer { name } }", &json!({}));
        assert_eq!(seen["viewer"]["name"], person["name"]);
    }

    // The page gets the same people, and the story.
    let session: Value = serde_json::from_str(&get(&at, "/playground/session.json").body).expect("JSON");
    assert_eq!((&session["mode"], &session["people"]), (&json!("demo"), &first["people"]));
    assert_eq!(session["tabs"].as_array().map(Vec::len), Some(17));
    // Nobody else is told.
    let evil = "GET /playground/session.json HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
    let refused = send(&at, evil);
    assert_eq!(refused.status, 403);
    assert!(!refused.body.contains("token"), "{refused:?}");

    // Secrets lie beside the database, for their owner alone.
    let secrets = folder.path().join("retinue-demo.db.secrets");
    assert_eq!(std::fs::metadata(&secrets).expect("secrets").permissions().mode() & 0o777, 0o600);

    // Data survive a restart, and so do tokens.
    let create = "mutation { contactCreate(input: { firstName: \"Kept\", tags: [\"kept\"] }) { id userErrors { code } } }";
    ask(&at, token(&first, "admin"), create, &json!({}));
    assert_eq!(server.stops().code, Some(0));
    let second;
    (server, second) = demo(folder.path(), &[]);
    assert_eq!(counts(&second, "admin"), (all.0 + 1, all.1));
    let kept = "{ contacts(filter: { allTags: [\"kept\"] }) { nodes { displayName } } }";
    let seen = ask(&address(&second), token(&first, "follower"), "{ viewer { name } }", &json!({}));
    assert_eq!(seen["viewer"]["name"], "Finn Berg");
    let seen = ask(&address(&second), token(&second, "admin"), kept, &json!({}));
    assert_eq!(seen, json!({ "contacts": { "nodes": [{ "displayName": "Kept" }] } }));
    assert_eq!(server.stops().code, Some(0));

    // Afresh: the same clinic as at first, and old tokens are of no use.
    let (server, third) = demo(folder.path(), &["--reset"]);
    assert_eq!(counts(&third, "admin"), all);
    let request = format!(
        "POST /graphql HTTP/1.1\r\nHost: {0}\r\nConnection: close\r\nAuthorization: Bearer {1}\r\n\
         Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}",
        address(&third),
        token(&first, "admin")
    );
    assert_eq!(send(&address(&third), &request).status, 401);
    assert_eq!(server.stops().code, Some(0));

    let files = std::fs::read_dir(folder.path()).expect("the folder").flatten();
    let mut files: Vec<String> =
        files.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    files.sort();
    assert_eq!(files, ["retinue-demo.db", "retinue-demo.db.secrets"], "what was made aside is gone");
}

#[test]
fn the_demo_listens_on_this_machine_only() {
    let folder = tempdir().expect("a folder");
    for listen in ["0.0.0.0:0", "[::]:0", "192.0.2.1:4000"] {
        let error = fails(folder.path(), ["demo", "--listen", listen]);
        assert!(error.contains("only listens on this machine"), "{error}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 0, "nothing was made");
}

#[test]
fn the_demo_takes_no_database_that_is_not_its_own() {
    let folder = tempdir().expect("a folder");
    let path = folder.path().join("retinue.db");
    prints(folder.path(), ["migrate", "up"]);
    prints(folder.path(), ["account", "create", "Acme", "--country", "DE", "--currency", "EUR"]);
    let account = prints(folder.path(), ["account", "set", "Acme"]);
    for more in [&["--reset"][..], &[]] {
        let arguments =
            [&["demo", "--listen", "127.0.0.1:0", "--database", "sqlite:retinue.db"], more].concat();
        let error = fails(folder.path(), arguments);
        assert!(error.contains("is not a demo's database"), "{error}");
    }
    assert!(path.exists());
    assert_eq!(prints(folder.path(), ["account", "set", "Acme"]), account, "it is as it was");

    // Nor a file that is no database at all.
    let other = folder.path().join("letter.txt");
    std::fs::write(&other, "dear Ada").expect("written");
    for more in [&["--reset"][..], &[]] {
        let arguments =
            [&["demo", "--listen", "127.0.0.1:0", "--database", "sqlite:letter.txt"], more].concat();
        fails(folder.path(), arguments);
    }
    assert_eq!(std::fs::read_to_string(&other).expect("read"), "dear Ada");
    let error =
        fails(folder.path(), ["demo", "--listen", "127.0.0.1:0", "--database", "postgres://x@127.0.0.1/x"]);
    assert!(error.contains("the demo uses an embedded database"), "{error}");
}
