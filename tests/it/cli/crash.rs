//! A server that is killed while it works. Whoever has lost the answer sends the same call again under its key, and it
//! is done once (R6).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::thread;

use rstest::rstest;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement, TransactionTrait as _};
use serde_json::{Value, json};

use super::serve::{acme, serve, with};
use super::wire::{ask, question, received, start};
use crate::databases::Kind::{self, Postgres, Sqlite};

/// How many clients call, each again and again, and how many calls are answered before the server is killed.
const CLIENTS: usize = 6;
const ANSWERED: usize = 20;

const CREATE: &str = "mutation($input: ContactCreateInput!) {
    contactCreate(input: $input) { id contact { firstName } userErrors { code } } }";

/// The call of a number, which has a key of its own.
fn creation(number: usize) -> Value {
    let name = format!("Contact {number}");
    json!({ "input": { "firstName": name, "idempotencyKey": format!("key-{number}") } })
}

/// What a server answers to a call; none where it is gone, or goes before the answer is complete.
fn answer(address: &str, token: &str, number: usize) -> Option<Value> {
    let stream = start(address, &question(address, token, CREATE, &creation(number))).ok()?;
    serde_json::from_str(&received(stream)?.body).ok()
}

// R6
#[rstest]
fn calls_that_are_sent_again_after_a_crash_are_done_once(#[values(Sqlite, Postgres)] on: Kind) {
    let Some((place, folder)) = acme(on) else { return };
    let token = with(&place, folder.path(), &["token", "--user", "ada@acme.example"]);
    let token = token.trim();
    let (server, address) = serve(&place, folder.path(), &[]);

    let (tell, hear) = channel();
    let called = AtomicUsize::new(0);
    let mut answered: BTreeMap<usize, Value> = thread::scope(|scope| {
        for _ in 0..CLIENTS {
            let (tell, called, address) = (tell.clone(), &called, &address);
            scope.spawn(move || {
                loop {
                    let number = called.fetch_add(1, Ordering::SeqCst);
                    let Some(answer) = answer(address, token, number) else { return };
                    tell.send((number, answer)).expect("somebody hears it");
                }
            });
        }
        drop(tell);
        let mut answered: BTreeMap<_, _> = hear.iter().take(ANSWERED).collect();
        server.signal("-KILL");
        answered.extend(hear.iter());
        answered
    });
    assert_eq!(server.ends().code, None);
    let called = called.into_inner();
    assert_eq!(called - answered.len(), CLIENTS, "each client has lost one answer");

    let (server, address) = serve(&place, folder.path(), &[]);
    for number in 0..called {
        let again = answer(&address, token, number).expect("an answer");
        assert_eq!(again["data"]["contactCreate"]["contact"]["firstName"], format!("Contact {number}"));
        assert_eq!(&again, answered.entry(number).or_insert_with(|| again.clone()));
    }
    let made: BTreeSet<String> =
        answered.values().map(|answer| answer["data"]["contactCreate"]["id"].to_string()).collect();
    let seen = ask(&address, token, "{ contacts(first: 1) { totalCount { value } } }", &json!({}));
    assert_eq!((made.len(), &seen["contacts"]["totalCount"]["value"]), (called, &json!(called)));
    assert_eq!(server.stops().code, Some(0));
}

// R6: killed for certain after the key was claimed, and before the commit.
#[tokio::test]
async fn a_key_goes_with_the_change_that_was_cut_off() {
    let Some((place, folder)) = acme(Postgres) else { return };
    let token = with(&place, folder.path(), &["token", "--user", "ada@acme.example"]);
    let token = token.trim();
    let (server, address) = serve(&place, folder.path(), &[]);
    let made = ask(&address, token, CREATE, &creation(0))["contactCreate"]["id"].clone();
    let rename = "mutation($input: ContactUpdateInput!) {
        contactUpdate(input: $input) { contact { firstName version } userErrors { code } } }";
    let input = json!({ "input": { "id": made, "firstName": "Grace", "idempotencyKey": "key" } });

    // The change claims its key, then it waits for the contact, which the test holds.
    let (sql, beside) = (place.connect().await, place.connect().await);
    let holding = sql.begin().await.expect("a transaction");
    let run = |text: &str| Statement::from_string(DbBackend::Postgres, text);
    holding.execute_raw(run("SELECT id FROM contact FOR UPDATE")).await.expect("held");
    let cut_off = start(&address, &question(&address, token, rename, &input)).expect("sent");
    let waits =
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let waiting = async || while beside.query_one_raw(run(waits)).await.expect("asked").is_none() {};
    tokio::time::timeout(std::time::Duration::from_secs(60), waiting()).await.expect("it waits");
    server.signal("-KILL");
    assert_eq!(server.ends().code, None);
    assert!(received(cut_off).is_none());
    holding.rollback().await.expect("let go");

    let (server, address) = serve(&place, folder.path(), &[]);
    let expected = json!({ "contact": { "firstName": "Grace", "version": 2 }, "userErrors": [] });
    for _ in 0..2 {
        assert_eq!(ask(&address, token, rename, &input)["contactUpdate"], expected);
    }
    let history = "query($id: ID!) { contact(id: $id) { activity { nodes { kind } } } }";
    let seen = ask(&address, token, history, &json!({ "id": made }));
    assert_eq!(
        seen["contact"]["activity"]["nodes"],
        json!([{ "kind": "contact.updated" }, { "kind": "contact.created" }])
    );
    assert_eq!(server.stops().code, Some(0));
}
