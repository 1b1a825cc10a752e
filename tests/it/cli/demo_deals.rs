//! `retinue demo --import`: a pipeline of one's own in the playground.

use std::fmt::Write as _;

use serde_json::{Value, json};
use tempfile::tempdir;

use super::demo::{address, demo, token};
use super::program::{fails, run};
use super::wire::{ask, get};

const HEADER: &str = "Opportunity name,Contact Name,phone,email,pipeline,stage,Lead Value,source,assigned,Created on,Updated on,lost reason ID,lost reason name,Followers,Notes,tags,Engagement score,status\n";

/// Anna owns three of the deals, Bo one; Cleo follows two, Dan one. A row without a contact is none.
fn export() -> String {
    let mut text = HEADER.to_owned();
    for (name, contact, stage, owner, followers, status) in [
        ("Lamp", "Cancity", "Won", "Anna Lind", "Cleo Falk", "won"),
        ("Desk", "Isdom", "Talking", "Anna Lind", "Cleo Falk", "open"),
        ("Door", "Isdom", "Talking", "Anna Lind", "Dan Ek", "open"),
        ("Roof", "Isdom", "New", "Bo Berg", "", "open"),
        ("Void", "", "New", "Bo Berg", "", "open"),
    ] {
        writeln!(
            text,
            "{name},{contact},,,Hardware,{stage},10,,{owner},2016-10-20T09:00:00.000Z,2017-03-01T09:00:00.000Z,,,{followers},,,0,{status}"
        )
        .expect("a text");
    }
    text
}

#[test]
fn the_demo_shows_deals_of_ones_own_on_their_board() {
    let folder = tempdir().expect("a folder");
    std::fs::write(folder.path().join("deals.csv"), export()).expect("written");
    let import = ["--import", "deals.csv", "--stages", "New,Talking,Won"];
    let (server, first) = demo(folder.path(), &import);
    let keys = |demo: &Value| -> Vec<Value> {
        demo["people"].as_array().expect("people").iter().map(|person| person["key"].clone()).collect()
    };
    let all = ["admin", "coordinator", "provider", "follower", "stranger", "no-value", "agent", "manager"];
    assert_eq!(keys(&first), all);
    let named = |key: &str| {
        let people = first["people"].as_array().expect("people").iter();
        people.clone().find(|person| person["key"] == key).expect("that person")["name"].clone()
    };
    assert_eq!((named("agent"), named("manager")), (json!("Anna Lind"), json!("Cleo Falk")));

    // The last three tabs are boards, and what they ask works for those who tell them.
    let at = address(&first);
    let session: Value = serde_json::from_str(&get(&at, "/playground/session.json").body).expect("JSON");
    let tabs = session["tabs"].as_array().expect("tabs");
    let boards = &tabs[tabs.len() - 3..];
    let people: Vec<&Value> = boards.iter().map(|tab| &tab["person"]).collect();
    assert_eq!(people, ["agent", "manager", "no-value"]);
    let variables: Value =
        serde_json::from_str(boards[0]["variables"].as_str().expect("variables")).expect("JSON");
    let counts =
        "query($pipeline: ID!) { board(pipelineId: $pipeline) { count stages { stage { name } count } } }";
    let board = |key: &str, new: u64, talking: u64, won: u64| {
        let seen = ask(&at, token(&first, key), counts, &variables);
        let stage = |name: &str, count: u64| json!({ "stage": { "name": name }, "count": count });
        let stages = [stage("New", new), stage("Talking", talking), stage("Won", won)];
        assert_eq!(seen, json!({ "board": { "count": new + talking + won, "stages": stages } }), "{key}");
    };
    for key in ["agent", "no-value", "admin", "provider"] {
        board(key, 1, 2, 1);
    }
    board("manager", 0, 1, 1);
    board("follower", 0, 0, 0);
    assert_eq!(server.stops().code, Some(0));

    // They are there after a restart, with the file or without it, and once only.
    for more in [&import[..], &[]] {
        let (server, again) = demo(folder.path(), more);
        assert_eq!(keys(&again), all);
        let seen = ask(&address(&again), token(&again, "agent"), counts, &variables);
        assert_eq!(seen["board"]["count"], 4);
        assert_eq!(server.stops().code, Some(0));
    }
    let error = fails(folder.path(), ["demo", "--listen", "127.0.0.1:0", "--import", "nothing.csv"]);
    assert!(error.contains("`nothing.csv` cannot be opened"), "{error}");
    assert_eq!(run(folder.path(), ["demo", "--stages", "New"]).code, Some(2));
}
