//! Search: every word of the query begins a word of name, company, e-mail or phone (G3), as far as the viewer may see
//! those (A7, A8).

use policy::Permission::ViewContacts;
use retinue::domain::contact::ContactFields;
use retinue::domain::patch::Patch;
use rstest::rstest;
use serde_json::{Value, json};

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, Contact, Person, World};

/// The names that a search finds, by name; the count says the same.
async fn finds(person: &Person, list: &str, search: &str) -> Vec<String> {
    let (kind, name) =
        if list == "contacts" { ("ContactFilter", "displayName") } else { ("OpportunityFilter", "name") };
    let document = format!(
        "query($filter: {kind}) {{ {list}(filter: $filter, sort: {{ by: NAME, direction: ASC }}) {{
            nodes {{ name: {name} }} totalCount {{ value isExact }} }} }}"
    );
    let answer = person.asks(document, json!({ "filter": { "search": search } })).await;
    let found = &answer.data()[list];
    let names = found["nodes"].as_array().expect("nodes").iter();
    let names: Vec<String> = names.map(|node| node["name"].as_str().expect("a name").to_owned()).collect();
    assert_eq!(found["totalCount"], json!({ "value": names.len(), "isExact": true }), "{search}");
    names
}

/// A contact with a name, a company, an address and a number.
async fn known(world: &World, [first, last, company, email, phone]: [&str; 5]) -> Contact {
    let text = |text: &str| if text.is_empty() { Patch::Clear } else { Patch::Set(text.to_owned()) };
    let several = |text: &str| if text.is_empty() { Patch::Clear } else { Patch::Set(vec![text.to_owned()]) };
    let contact = world.contact().create().await;
    let fields = ContactFields {
        first_name: text(first),
        last_name: text(last),
        company: text(company),
        emails: several(email),
        phones: several(phone),
        ..ContactFields::default()
    };
    world.command_line().updates_contact(&contact, fields).await.expect("it changes");
    contact
}

// G3
#[rstest]
#[tokio::test]
async fn every_word_begins_a_word_of_the_contact(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    known(&world, ["Ada", "Lovelace", "Engines Ltd", "ada.l@mail.acme.example", "+493012345678"]).await;
    known(&world, ["Adam", "O’Neil-Meyer", "", "", "+1 415 555 2671"]).await;
    known(&world, ["", "", "Adler & Söhne (Köln)", "info@adler.example", ""]).await;
    known(&world, ["100%", "_under\\score", "", "", ""]).await;
    known(&world, ["", "", "", "nameless@adler.example", ""]).await;
    for (search, names) in [
        (
            "",
            vec![
                "100% _under\\score",
                "Ada Lovelace",
                "Adam O’Neil-Meyer",
                "Adler & Söhne (Köln)",
                "Unnamed contact",
            ],
        ),
        ("ad", vec!["Ada Lovelace", "Adam O’Neil-Meyer", "Adler & Söhne (Köln)", "Unnamed contact"]),
        ("ADA", vec!["Ada Lovelace", "Adam O’Neil-Meyer"]),
        ("love ada", vec!["Ada Lovelace"]),
        ("ada eng", vec!["Ada Lovelace"]),
        ("lace", vec![]),
        ("ada meyer", vec!["Adam O’Neil-Meyer"]),
        ("o'neil", vec!["Adam O’Neil-Meyer"]),
        ("oneil", vec!["Adam O’Neil-Meyer"]),
        ("neil-mey", vec!["Adam O’Neil-Meyer"]),
        ("köln", vec!["Adler & Söhne (Köln)"]),
        ("(Köln)", vec!["Adler & Söhne (Köln)"]),
        ("adler & s", vec!["Adler & Söhne (Köln)"]),
        // By the whole address, and by its parts.
        ("ada.l@mail", vec!["Ada Lovelace"]),
        ("mail.acme", vec!["Ada Lovelace"]),
        ("acme", vec!["Ada Lovelace"]),
        ("info@adler.example", vec!["Adler & Söhne (Köln)"]),
        ("@adler", vec!["Adler & Söhne (Köln)", "Unnamed contact"]),
        ("l@mail", vec![]),
        // The top-level domain is no word of its own.
        ("exam", vec![]),
        // With and without the country code, and as it is dialled.
        ("+49 30 1234", vec!["Ada Lovelace"]),
        ("0049 (0)30 12345", vec!["Ada Lovelace"]),
        ("49301", vec!["Ada Lovelace"]),
        ("030/1234-56", vec!["Ada Lovelace"]),
        ("(030) 12345678", vec!["Ada Lovelace"]),
        ("30 12345678", vec!["Ada Lovelace"]),
        ("(415) 555-2671", vec!["Adam O’Neil-Meyer"]),
        ("+1 415", vec!["Adam O’Neil-Meyer"]),
        ("2671", vec!["Adam O’Neil-Meyer"]),
        ("ada 030", vec!["Ada Lovelace"]),
        ("555 999", vec![]),
        // Nothing in it is a pattern.
        ("%", vec![]),
        ("_", vec![]),
        ("100%", vec!["100% _under\\score"]),
        ("_under\\s", vec!["100% _under\\score"]),
        ("' OR 1=1 --", vec![]),
        ("\u{0}ada\u{0}", vec!["Ada Lovelace", "Adam O’Neil-Meyer"]),
        ("unnamed", vec!["Unnamed contact"]),
    ] {
        assert_eq!(finds(&ada, "contacts", search).await, names, "{search}");
    }
    // What has changed is found by the new words alone.
    let contact = known(&world, ["Zoe", "", "", "", ""]).await;
    ada.does("Update", &contact, json!({ "firstName": "Yara", "emails": ["y@yara.example"] }))
        .is_done()
        .await;
    assert_eq!(finds(&ada, "contacts", "zoe").await, Vec::<String>::new());
    assert_eq!(finds(&ada, "contacts", "yara.ex").await, ["Yara"]);
}

// G3, A8
#[rstest]
#[tokio::test]
async fn an_opportunity_is_found_by_its_contact_as_far_as_that_shows(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let una = world.user("Una").create().await;
    let rita = world.user("Rita").restricted().create().await;
    let nell = world.user("Nell").lacking([ViewContacts]).create().await;
    let seen = known(&world, ["Ada", "", "Engines", "ada@acme.example", "+493012345678"]).await;
    let hidden = known(&world, ["Bea", "", "Motors", "bea@acme.example", "+493087654321"]).await;
    let company = known(&world, ["", "", "Wheels", "w@acme.example", ""]).await;
    world.command_line().adds([&rita], &seen).await.expect("she follows");
    for (name, contact) in [("Roof", &seen), ("Window", &hidden), ("Door", &company)] {
        world.opportunity(contact).named(name).followed_by(&rita).create().await;
    }
    for (search, all, some, names) in [
        ("roof", vec!["Roof"], vec!["Roof"], vec!["Roof"]),
        ("bea", vec!["Window"], vec!["Window"], vec!["Window"]),
        ("window be", vec!["Window"], vec!["Window"], vec!["Window"]),
        // The company is the name that shows.
        ("wheels", vec!["Door"], vec!["Door"], vec!["Door"]),
        ("engines", vec!["Roof"], vec!["Roof"], vec![]),
        ("motors", vec!["Window"], vec![], vec![]),
        ("acme", vec!["Door", "Roof", "Window"], vec!["Roof"], vec![]),
        ("030 876", vec!["Window"], vec![], vec![]),
        ("roof acme", vec!["Roof"], vec!["Roof"], vec![]),
    ] {
        assert_eq!(finds(&una, "opportunities", search).await, all, "{search} by Una");
        assert_eq!(finds(&rita, "opportunities", search).await, some, "{search} by Rita");
        assert_eq!(finds(&nell, "opportunities", search).await, names, "{search} by Nell");
    }
    assert_eq!(finds(&nell, "contacts", "ada").await, Vec::<String>::new());
    assert_eq!(finds(&rita, "contacts", "acme").await, ["Ada"]);
    // A renamed deal is found by its new name alone.
    world
        .command_line()
        .renames(&world.opportunity(&seen).named("Old").create().await, "New")
        .await
        .expect("renamed");
    assert_eq!(finds(&una, "opportunities", "old").await, Vec::<String>::new());
    assert_eq!(finds(&una, "opportunities", "new").await, ["New"]);
}

// G3
#[rstest]
#[tokio::test]
async fn a_search_stands_with_every_other_condition(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    known(&world, ["Ada", "One", "", "", ""]).await;
    known(&world, ["Ada", "Two", "", "", ""]).await;
    known(&world, ["Bea", "Two", "", "", ""]).await;
    for (filter, names) in [
        (json!({ "search": "ada", "name": { "contains": "two" } }), vec!["Ada Two"]),
        (json!({ "not": { "search": "ada" } }), vec!["Bea Two"]),
        (json!({ "or": [{ "search": "one" }, { "search": "bea" }] }), vec!["Ada One", "Bea Two"]),
        (json!({ "and": [{ "search": "two" }, { "not": { "search": "bea" } }] }), vec!["Ada Two"]),
        (json!({ "search": "ada", "and": [{ "search": "two" }] }), vec!["Ada Two"]),
    ] {
        let document =
            "query($filter: ContactFilter) { contacts(filter: $filter, sort: { by: NAME, direction: ASC }) {
            nodes { displayName } } }";
        let nodes: Vec<Value> = names.iter().map(|name| json!({ "displayName": name })).collect();
        ada.asks(document, json!({ "filter": filter })).sees(json!({ "contacts": { "nodes": nodes } })).await;
    }
    for search in ["a ".repeat(11), "a".repeat(201)] {
        let document = "query($filter: ContactFilter) { contacts(filter: $filter) { nodes { id } } }";
        let answer = ada.asks(document, json!({ "filter": { "search": search } })).await;
        answer.has_errors(["BAD_USER_INPUT contacts"]);
        assert!(answer.text.contains("at most 10 words and 200 characters"), "{}", answer.text);
    }
}

// Statements per request are constant: a search asks one more, for whoever sees everything.
#[rstest]
#[tokio::test]
async fn a_search_takes_one_statement_more_whatever_it_finds(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let una = world.user("Una").create().await;
    let rita = world.user("Rita").restricted().create().await;
    known(&world, ["Ada", "One", "", "", ""]).await;
    let document = "query($s: String) { contacts(filter: { search: $s }) { nodes { id } } opportunities(filter: { search: $s }) { nodes { id } } }";
    for (person, expected) in [(&una, 5), (&rita, 3)] {
        for search in ["ada", "nobody", "ada one two", "030 1234"] {
            let (answer, statements) = person.asks(document, json!({ "s": search })).counted().await;
            answer.data();
            assert_eq!(statements.len(), expected, "{search} by {person:?}: {statements:#?}");
        }
    }
}
