//! `retinue serve`.

use std::path::Path;

use rstest::rstest;
use serde_json::json;
use tempfile::{TempDir, tempdir};

use super::program::{Running, command, fails, prints};
use super::wire::{ask, get, send};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::databases::Place;

/// A database with an account and its admin, and a folder with the secrets.
pub fn acme(on: Kind) -> Option<(Place, TempDir)> {
    let place = on.empty_place()?;
    let folder = tempdir().expect("a folder");
    with(&place, folder.path(), &["migrate", "up"]);
    let account = [
        "account",
        "create",
        "Acme",
        "--country",
        "DE",
        "--currency",
        "EUR",
        "--admin-email",
        "ada@acme.example",
    ];
    with(&place, folder.path(), &account);
    Some((place, folder))
}

pub fn with(place: &Place, folder: &Path, arguments: &[&str]) -> String {
    prints(folder, [arguments, &settings(place)].concat())
}

fn settings(place: &Place) -> [&str; 4] {
    ["--database", place.address.as_str(), "--secrets", "secrets"]
}

/// A server on a free port, and its address.
pub fn serve(place: &Place, folder: &Path, more: &[&str]) -> (Running, String) {
    let arguments = [&["serve", "--listen", "127.0.0.1:0"], more, &settings(place)[..]].concat();
    let mut server = Running::start(command(folder, arguments));
    let address = address(&server.logs("serving"));
    (server, address)
}

/// The address in a line of the log, with the port that was really taken.
pub fn address(line: &str) -> String {
    let port = line.split("127.0.0.1:").nth(1).expect("an address");
    let port: String = port.chars().take_while(char::is_ascii_digit).collect();
    assert_ne!(port, "0", "{line}");
    format!("127.0.0.1:{port}")
}

#[rstest]
fn a_token_of_the_command_line_works_against_the_server(
    #[values(Sqlite, Postgres)] on: Kind,
    #[values("-TERM", "-INT")] signal: &str,
) {
    let Some((place, folder)) = acme(on) else { return };
    let token = with(&place, folder.path(), &["token", "--user", "ada@acme.example"]);
    let (server, address) = serve(&place, folder.path(), &[]);
    let document = "{ viewer { name role } account { name ownershipSettings { separateOwners } } }";
    let seen = ask(&address, token.trim(), document, &json!({}));
    let expected = json!({
        "viewer": { "name": "Admin", "role": "ADMIN" },
        "account": { "name": "Acme", "ownershipSettings": { "separateOwners": false } }
    });
    assert_eq!(seen, expected);

    // P4: what the command line changes counts for the next request.
    with(&place, folder.path(), &["account", "set", "Acme", "--separate-owners", "on"]);
    let seen = ask(&address, token.trim(), document, &json!({}));
    assert_eq!(seen["account"]["ownershipSettings"]["separateOwners"], true);

    assert_eq!(get(&address, "/health").status, 200);
    assert_eq!(get(&address, "/playground/").status, 200);
    assert_eq!(get(&address, "/graphql").status, 405);
    server.signal(signal);
    let ended = server.ends();
    assert_eq!(ended.code, Some(0), "{ended:#?}");
    assert!(ended.err.contains("stopped"), "{}", ended.err);
    // What was asked is in no log.
    assert!(!ended.err.contains(token.trim()), "{}", ended.err);
}

#[test]
fn without_a_playground_the_graph_alone_is_served() {
    let Some((place, folder)) = acme(Sqlite) else { return };
    let (server, address) = serve(&place, folder.path(), &["--no-playground"]);
    for path in ["/playground", "/playground/", "/playground/session.json", "/"] {
        assert_eq!(get(&address, path).status, 404, "{path}");
    }
    assert_eq!(get(&address, "/health").status, 200);
    assert_eq!(server.stops().code, Some(0));
}

#[test]
fn address_and_playground_are_set_in_the_environment_or_the_file_too() {
    let Some((place, folder)) = acme(Sqlite) else { return };
    let file = format!(
        "database = {:?}\nsecrets = \"secrets\"\nlisten = \"127.0.0.1:0\"\nplayground = false\nlog = \"info\"\n",
        place.address
    );
    std::fs::write(folder.path().join("retinue.toml"), file).expect("written");
    let mut server = Running::start(command(folder.path(), ["serve"]));
    let at = address(&server.logs("serving"));
    assert_eq!((get(&at, "/health").status, get(&at, "/playground/").status), (200, 404));
    assert_eq!(server.stops().code, Some(0));

    std::fs::remove_file(folder.path().join("retinue.toml")).expect("deleted");
    let mut in_environment = command(folder.path(), ["serve"]);
    in_environment.env("RETINUE_DATABASE", &place.address).env("RETINUE_SECRETS", "secrets");
    in_environment.env("RETINUE_LISTEN", "127.0.0.1:0").env("RETINUE_NO_PLAYGROUND", "true");
    let mut server = Running::start(in_environment);
    let at = address(&server.logs("serving"));
    assert_eq!((get(&at, "/health").status, get(&at, "/playground/").status), (200, 404));
    assert_eq!(server.stops().code, Some(0));
}

/// Whether a page of this origin may open a socket. The handshake offers no protocol, so it is refused either way.
fn may_open(address: &str, origin: &str) -> bool {
    let request = format!(
        "GET /graphql HTTP/1.1\r\nHost: {address}\r\nConnection: upgrade, close\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: {origin}\r\n\r\n"
    );
    match send(address, &request).status {
        400 => true,
        403 => false,
        status => panic!("{status}"),
    }
}

#[test]
fn the_pages_that_may_open_sockets_are_set() {
    let Some((place, folder)) = acme(Sqlite) else { return };
    let origins = ["https://a.example", "https://b.example:8443", "https://c.example"];
    let allowed = |mut server: Running| {
        let at = address(&server.logs("serving"));
        let allowed = origins.map(|origin| may_open(&at, origin));
        assert!(may_open(&at, &format!("http://{at}")));
        assert_eq!(server.stops().code, Some(0));
        allowed
    };
    let arguments = [&["serve", "--listen", "127.0.0.1:0"], &settings(&place)[..]].concat();
    let run = |more: &[&str]| command(folder.path(), [&arguments[..], more].concat());
    assert_eq!(allowed(Running::start(run(&[]))), [false; 3]);

    std::fs::write(folder.path().join("retinue.toml"), "allowed_origins = [\"https://c.example\"]\n")
        .expect("written");
    assert_eq!(allowed(Running::start(run(&[]))), [false, false, true]);
    let mut in_environment = run(&[]);
    in_environment.env("RETINUE_ALLOWED_ORIGINS", "https://a.example,https://b.example:8443");
    assert_eq!(allowed(Running::start(in_environment)), [true, true, false]);
    assert_eq!(
        allowed(Running::start(run(&["--allowed-origins", "https://a.example"]))),
        [true, false, false]
    );

    let error = fails(folder.path(), [&arguments[..], &["--allowed-origins", "*"]].concat());
    assert!(error.contains("`*` is no origin"), "{error}");
}

#[test]
fn secrets_are_made_at_the_first_start_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let Some((place, folder)) = acme(Sqlite) else { return };
    let secrets = folder.path().join("secrets");
    let token = with(&place, folder.path(), &["token", "--user", "ada@acme.example"]);
    let made = std::fs::metadata(&secrets).expect("the secrets");
    assert_eq!(made.permissions().mode() & 0o777, 0o600);

    // Who could have read them may have done so.
    std::fs::set_permissions(&secrets, std::fs::Permissions::from_mode(0o640)).expect("changed");
    let serve_it = [&["serve", "--listen", "127.0.0.1:0"], &settings(&place)[..]].concat();
    let error = fails(folder.path(), serve_it.clone());
    assert!(error.contains("can be read by others") && error.contains("chmod 600"), "{error}");
    std::fs::set_permissions(&secrets, std::fs::Permissions::from_mode(0o600)).expect("changed");
    std::fs::write(&secrets, "token_key = \"\"").expect("damaged");
    let error = fails(folder.path(), serve_it);
    assert!(error.contains("is damaged"), "{error}");

    // Without them every token ends.
    std::fs::remove_file(&secrets).expect("deleted");
    let (server, address) = serve(&place, folder.path(), &[]);
    let request = format!(
        "POST /graphql HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}",
        token.trim()
    );
    assert_eq!(send(&address, &request).status, 401);
    assert_eq!(server.stops().code, Some(0));
}

#[test]
fn an_address_that_is_taken_is_told() {
    let Some((place, folder)) = acme(Sqlite) else { return };
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("its number").to_string();
    let error =
        fails(folder.path(), [&["serve", "--listen", address.as_str()], &settings(&place)[..]].concat());
    assert!(
        error.contains(&format!("cannot listen on {address}: choose another address with `--listen`")),
        "{error}"
    );
}
