//! Which records a list holds, and in which order (G3).

use entity::UserId;
use entity::opportunity::Status;
use retinue::domain::patch::Patch;
use rstest::rstest;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, Person, World};

/// The names in a list that a filter lets pass, by name, and its count says the same.
async fn pass(person: &Person, list: &str, filter: Value) -> Vec<String> {
    let (kind, name) =
        if list == "contacts" { ("ContactFilter", "displayName") } else { ("OpportunityFilter", "name") };
    let document = format!(
        "query($filter: {kind}) {{ {list}(filter: $filter, sort: {{ by: NAME, direction: ASC }}) {{
            nodes {{ name: {name} }} totalCount {{ value }} }} }}"
    );
    let answer = person.asks(document, json!({ "filter": filter })).await;
    let found = &answer.data()[list];
    let names = found["nodes"].as_array().expect("nodes").iter();
    let names: Vec<String> = names.map(|node| node["name"].as_str().expect("a name").to_owned()).collect();
    assert_eq!(found["totalCount"]["value"], names.len(), "{filter}");
    names
}

/// A: owned by Ada, followed by Bob. B: owned by Bob, followed by Ada and Cleo. C: nobody's, followed by nobody. D: owned
/// by Ada, whom Bob followed until now.
async fn four(world: &World, people: &[Person; 3], list: &str) {
    let [ada, bob, cleo] = people;
    let until = world.in_seconds(30);
    if list == "contacts" {
        world.contact().named("A").owned_by(ada).followed_by(bob).tagged(["VIP", "new"]).create().await;
        world
            .contact()
            .named("B")
            .owned_by(bob)
            .followed_by(ada)
            .followed_by(cleo)
            .tagged(["vip"])
            .create()
            .await;
        world.contact().named("C").tagged(["old"]).create().await;
        world.contact().named("D").owned_by(ada).followed_until(bob, until).create().await;
    } else {
        let contact = world.contact().create().await;
        let stage = |place: usize| world.stages[place];
        let deal = |name: &str| world.opportunity(&contact).named(name);
        deal("A").owned_by(ada).followed_by(bob).in_stage(stage(0)).create().await;
        deal("B").owned_by(bob).followed_by(ada).followed_by(cleo).in_stage(stage(1)).create().await;
        deal("C").in_stage(stage(1)).create().await;
        deal("D").owned_by(ada).followed_until(bob, until).in_stage(stage(2)).create().await;
    }
    world.clock.advance_seconds(30);
}

// G3
#[rstest]
#[tokio::test]
async fn records_are_found_by_their_owner_and_their_followers(
    #[values(Sqlite, Postgres)] on: Kind,
    #[values("contacts", "opportunities")] list: &str,
) {
    let Some(world) = World::separate_on(on).await else { return };
    let people = world.users(["Ada", "Bob", "Cleo"]).await;
    let [ada, bob, cleo] = &people;
    four(&world, &people, list).await;
    let nobody = UserId(Uuid::from_u128(7)).to_string();
    for (filter, names) in [
        (json!({}), "ABCD"),
        (json!({ "owner": { "is": ada } }), "AD"),
        (json!({ "owner": { "isNot": ada } }), "BC"),
        (json!({ "owner": { "is": cleo } }), ""),
        (json!({ "owner": { "isNot": cleo } }), "ABCD"),
        (json!({ "owner": { "is": nobody } }), ""),
        (json!({ "owner": { "isNot": nobody } }), "ABCD"),
        (json!({ "owner": { "any": true } }), "ABD"),
        (json!({ "owner": { "none": true } }), "C"),
        (json!({ "owner": { "me": true } }), "AD"),
        (json!({ "followers": { "is": bob } }), "A"),
        (json!({ "followers": { "isNot": bob } }), "BCD"),
        (json!({ "followers": { "is": cleo } }), "B"),
        (json!({ "followers": { "isNot": cleo } }), "ACD"),
        (json!({ "followers": { "any": true } }), "AB"),
        (json!({ "followers": { "none": true } }), "CD"),
        (json!({ "followers": { "me": true } }), "B"),
        (json!({ "owner": { "me": true }, "followers": { "any": true } }), "A"),
        (json!({ "owner": { "any": true }, "followers": { "none": true } }), "D"),
        (json!({ "owner": null, "followers": null }), "ABCD"),
    ] {
        assert_eq!(pass(ada, list, filter.clone()).await.concat(), names, "{filter}");
    }
    // A filter starts from what one may see.
    let saga = world.user("Saga").restricted().create().await;
    for filter in [json!({}), json!({ "owner": { "is": ada } }), json!({ "followers": { "isNot": saga } })] {
        assert_eq!(pass(&saga, list, filter).await, Vec::<String>::new());
    }
}

// G3
#[rstest]
#[tokio::test]
async fn contacts_are_found_by_their_tags(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let people = world.users(["Ada", "Bob", "Cleo"]).await;
    four(&world, &people, "contacts").await;
    for (filter, names) in [
        (json!({ "anyTag": ["vip"] }), "AB"),
        (json!({ "anyTag": ["VIP", "OLD"] }), "ABC"),
        (json!({ "anyTag": ["nothing"] }), ""),
        (json!({ "anyTag": [] }), ""),
        (json!({ "allTags": ["Vip", "new"] }), "A"),
        (json!({ "allTags": ["vip"] }), "AB"),
        (json!({ "allTags": ["vip", "old"] }), ""),
        (json!({ "allTags": [] }), "ABCD"),
        (json!({ "allTags": ["vip"], "anyTag": ["new", "old"] }), "A"),
        (json!({ "anyTag": ["vip"], "owner": { "is": people[1] } }), "B"),
        // Nothing in a tag is a pattern.
        (json!({ "anyTag": ["v%"] }), ""),
        (json!({ "anyTag": ["' OR 1=1 --"] }), ""),
    ] {
        assert_eq!(pass(&people[0], "contacts", filter.clone()).await.concat(), names, "{filter}");
    }
}

// G3
#[rstest]
#[tokio::test]
async fn opportunities_are_found_by_pipeline_stage_status_and_contact(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let [one, other] = [world.contact().create().await, world.contact().create().await];
    for (name, contact, stage, status) in [
        ("A", &one, 0, Status::Open),
        ("B", &one, 1, Status::Won),
        ("C", &other, 1, Status::Lost),
        ("D", &other, 2, Status::Abandoned),
    ] {
        let deal = world.opportunity(contact).named(name).in_stage(world.stages[stage]).create().await;
        world.command_line().closes(&deal, status, Patch::Keep).await.expect("it is closed");
    }
    let stage = |place: usize| world.stages[place].to_string();
    let pipeline = world.pipeline.to_string();
    let unknown = entity::PipelineId(Uuid::from_u128(7)).to_string();
    for (filter, names) in [
        (json!({ "stageIds": [stage(1)] }), "BC"),
        (json!({ "stageIds": [stage(0), stage(2)] }), "AD"),
        (json!({ "stageIds": [] }), ""),
        (json!({ "pipelineIds": [pipeline] }), "ABCD"),
        (json!({ "pipelineIds": [unknown] }), ""),
        (json!({ "pipelineIds": [unknown, pipeline], "stageIds": [stage(2)] }), "D"),
        (json!({ "statuses": ["OPEN"] }), "A"),
        (json!({ "statuses": ["WON", "LOST", "WON"] }), "BC"),
        (json!({ "statuses": [] }), ""),
        (json!({ "contactId": one }), "AB"),
        (json!({ "contactId": other, "stageIds": [stage(1)], "statuses": ["LOST"] }), "C"),
        (json!({ "contactId": null, "statuses": null }), "ABCD"),
    ] {
        assert_eq!(pass(&ada, "opportunities", filter.clone()).await.concat(), names, "{filter}");
    }
    // The same filters within a contact.
    let nested = "opportunities(filter: { statuses: [WON, LOST] }) { nodes { name } totalCount { value } }";
    assert_eq!(
        ada.looks_at(&one, nested).await,
        json!({ "opportunities": { "nodes": [{ "name": "B" }], "totalCount": { "value": 1 } } })
    );
}

// G3
#[rstest]
#[tokio::test]
async fn a_filter_that_says_nothing_sensible_is_refused(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let contact = world.contact().create().await;
    let many = vec![json!(ada); 101];
    let tags = vec![json!("vip"); 101];
    for (list, filter) in [
        ("contacts", json!({ "owner": { "is": contact } })),
        ("contacts", json!({ "owner": { "is": "user_no" } })),
        ("contacts", json!({ "owner": { "any": false } })),
        ("contacts", json!({ "followers": { "none": false } })),
        ("contacts", json!({ "followers": { "me": false } })),
        ("contacts", json!({ "anyTag": tags })),
        ("contacts", json!({ "allTags": tags })),
        ("opportunities", json!({ "contactId": ada })),
        ("opportunities", json!({ "pipelineIds": ["stage_no"] })),
        ("opportunities", json!({ "stageIds": many })),
        ("opportunities", json!({ "owner": { "isNot": "" } })),
    ] {
        let kind = if list == "contacts" { "ContactFilter" } else { "OpportunityFilter" };
        let document = format!("query($filter: {kind}) {{ {list}(filter: $filter) {{ nodes {{ id }} }} }}");
        let answer = ada.asks(document, json!({ "filter": filter })).await;
        assert_eq!(answer.errors(), [format!("BAD_USER_INPUT {list}")], "{filter}");
        assert_eq!(answer.partial(), &json!({ list: null }));
    }
    // Exactly one of the five.
    for filter in
        [json!({}), json!({ "any": true, "me": true }), json!({ "is": null }), json!({ "who": ada })]
    {
        let document = "query($filter: UserFilter) { contacts(filter: { owner: $filter }) { nodes { id } } }";
        let answer = ada.asks(document, json!({ "filter": filter })).await;
        assert_eq!(answer.errors(), ["BAD_USER_INPUT"], "{filter}");
        assert_eq!(answer.status, 400);
    }
}

// G3
#[rstest]
#[tokio::test]
async fn lists_are_sorted_by_change_creation_or_name(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let contact = world.contact().named("zoe").create().await;
    world.contact().named("Ärger").create().await;
    world.contact().named("ada").create().await;
    world.contact().named("Bea").create().await;
    for name in ["b", "C", "a"] {
        world.opportunity(&contact).named(name).create().await;
    }
    ada.does("Update", &contact, json!({ "city": "Bonn" })).is_done().await;
    let order = async |list: &str, name: &str, sort: &str| {
        let answer = ada.reads(format!("{{ {list}{sort} {{ nodes {{ name: {name} }} }} }}")).await;
        let nodes = answer.data()[list]["nodes"].as_array().expect("nodes").clone();
        nodes.iter().map(|node| node["name"].as_str().expect("a name").to_owned()).collect::<Vec<_>>()
    };
    for (sort, contacts, deals) in [
        ("", ["zoe", "Bea", "ada", "Ärger"], ["a", "C", "b"]),
        ("(sort: { by: UPDATED_AT })", ["zoe", "Bea", "ada", "Ärger"], ["a", "C", "b"]),
        ("(sort: { by: UPDATED_AT, direction: ASC })", ["Ärger", "ada", "Bea", "zoe"], ["b", "C", "a"]),
        ("(sort: { by: CREATED_AT, direction: ASC })", ["zoe", "Ärger", "ada", "Bea"], ["b", "C", "a"]),
        ("(sort: { by: CREATED_AT, direction: DESC })", ["Bea", "ada", "Ärger", "zoe"], ["a", "C", "b"]),
        // Folded: case does not matter. The same on both databases, whatever their collation.
        ("(sort: { by: NAME, direction: ASC })", ["ada", "Bea", "zoe", "Ärger"], ["a", "b", "C"]),
        ("(sort: { by: NAME })", ["Ärger", "zoe", "Bea", "ada"], ["C", "b", "a"]),
    ] {
        assert_eq!(order("contacts", "displayName", sort).await, contacts, "{sort}");
        assert_eq!(order("opportunities", "name", sort).await, deals, "{sort}");
        let nested = ada.looks_at(&contact, &format!("opportunities{sort} {{ nodes {{ name }} }}")).await;
        let names: Vec<Value> = deals.iter().map(|name| json!({ "name": name })).collect();
        assert_eq!(nested, json!({ "opportunities": { "nodes": names } }), "{sort}");
    }
}
