//! Pages by keyset, both ways, and the cursors that name a place (G1).

use entity::{ContactId, contact};
use retinue::domain::contact::{ContactFields, CreateContact, create_in};
use retinue::domain::patch::Patch;
use rstest::rstest;
use sea_orm::{EntityTrait as _, Set};
use serde_json::{Value, json};

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, Person, World};

/// That many contacts with the same name, made at the same instant, in the order of their ids.
async fn alike(world: &World, count: usize, owner: Option<&Person>) -> Vec<String> {
    let access = world.command_line().access().await;
    let mut unit = access.begin().await.expect("a change");
    let mut made: Vec<ContactId> = Vec::new();
    for place in 0..count {
        let fields = ContactFields {
            first_name: Patch::Set("Ada".into()),
            tags: Patch::Set(vec![if place % 2 == 0 { "even".into() } else { "odd".into() }]),
            ..ContactFields::default()
        };
        let owner = owner.map_or(Patch::Clear, |owner| Patch::Set(owner.id));
        let wish = CreateContact { fields, owner, ..CreateContact::default() };
        made.push(create_in(&mut unit, &wish).await.expect("made"));
    }
    unit.commit().await.expect("a commit");
    made.sort();
    made.iter().map(ToString::to_string).collect()
}

const PAGE: &str = "nodes { id } edges { cursor node { id } } totalCount { value isExact }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }";

/// The ids of a page, whose edges say the same as its nodes and whose cursors are those of its ends.
fn ids(page: &Value) -> Vec<String> {
    let edges = page["edges"].as_array().expect("edges");
    let nodes: Value = edges.iter().map(|edge| edge["node"].clone()).collect();
    assert_eq!(nodes, page["nodes"]);
    let cursor = |edge: Option<&Value>| edge.map_or(Value::Null, |edge| edge["cursor"].clone());
    assert_eq!(page["pageInfo"]["startCursor"], cursor(edges.first()));
    assert_eq!(page["pageInfo"]["endCursor"], cursor(edges.last()));
    edges.iter().map(|edge| edge["node"]["id"].as_str().expect("an id").to_owned()).collect()
}

fn neighbours(page: &Value) -> (bool, bool) {
    let has = |name: &str| page["pageInfo"][name].as_bool().expect("a flag");
    (has("hasPreviousPage"), has("hasNextPage"))
}

// G1
#[rstest]
#[tokio::test]
async fn pages_of_equal_keys_neither_overlap_nor_leave_gaps(
    #[values(Sqlite, Postgres)] on: Kind,
    #[values(false, true)] restricted: bool,
) {
    let Some(world) = World::separate_on(on).await else { return };
    let viewer = world.user("Ada");
    let viewer = if restricted { viewer.restricted().create().await } else { viewer.create().await };
    let all = alike(&world, 130, Some(&viewer)).await;
    for by in ["UPDATED_AT", "CREATED_AT", "NAME"] {
        for direction in ["ASC", "DESC"] {
            let mut expected = all.clone();
            if direction == "DESC" {
                expected.reverse();
            }
            let sort = format!("sort: {{ by: {by}, direction: {direction} }}");
            let forward =
                format!("query($from: String) {{ contacts({sort}, first: 60, after: $from) {{ {PAGE} }} }}");
            let backward =
                format!("query($from: String) {{ contacts({sort}, last: 60, before: $from) {{ {PAGE} }} }}");

            let mut from = Value::Null;
            let mut seen = Vec::new();
            for page in [(false, true), (true, true), (true, false)] {
                let answer = viewer.asks(&forward, json!({ "from": from })).await;
                let contacts = &answer.data()["contacts"];
                assert_eq!(neighbours(contacts), page, "{sort}");
                assert_eq!(contacts["totalCount"], json!({ "value": 130, "isExact": true }));
                seen.extend(ids(contacts));
                from = contacts["pageInfo"]["endCursor"].clone();
            }
            assert_eq!(seen, expected, "{sort}");
            let after_the_end = viewer.asks(&forward, json!({ "from": from })).await;
            assert_eq!(ids(&after_the_end.data()["contacts"]), Vec::<String>::new());

            let mut from = Value::Null;
            let mut seen: Vec<String> = Vec::new();
            for page in [(true, false), (true, true), (false, true)] {
                let answer = viewer.asks(&backward, json!({ "from": from })).await;
                let contacts = &answer.data()["contacts"];
                assert_eq!(neighbours(contacts), page, "{sort}");
                seen.splice(0..0, ids(contacts));
                from = contacts["pageInfo"]["startCursor"].clone();
            }
            assert_eq!(seen, expected, "backward, {sort}");
        }
    }
}

// G1
#[rstest]
#[tokio::test]
async fn a_page_has_the_size_that_was_asked_for(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let all = alike(&world, 52, None).await;
    let page = async |arguments: &str| {
        let answer = ada.reads(format!("{{ contacts{arguments} {{ {PAGE} }} }}")).await;
        let contacts = answer.data()["contacts"].clone();
        (ids(&contacts).len(), neighbours(&contacts))
    };
    assert_eq!(page("").await, (50, (false, true)));
    assert_eq!(page("(first: 200)").await, (52, (false, false)));
    assert_eq!(page("(last: 200)").await, (52, (false, false)));
    assert_eq!(page("(first: 52)").await, (52, (false, false)));
    assert_eq!(page("(first: 0)").await, (0, (false, true)));
    assert_eq!(page("(last: 0)").await, (0, (true, false)));
    assert_eq!(page("(first: null)").await, (50, (false, true)));
    for wrong in ["(first: 201)", "(first: -1)", "(last: 201)", "(last: -1)", "(first: 1, last: 1)"] {
        let answer = ada.reads(format!("{{ contacts{wrong} {{ nodes {{ id }} }} viewer {{ name }} }}")).await;
        answer.has_errors(["BAD_USER_INPUT contacts"]);
        assert_eq!(answer.partial(), &json!({ "contacts": null, "viewer": { "name": "Ada" } }));
    }
    assert_eq!(all.len(), 52);
}

// G1
#[rstest]
#[tokio::test]
async fn a_cursor_belongs_to_its_account_list_and_order(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let all = alike(&world, 4, None).await;
    let deal = world.opportunity(&world.contact_with(all[0].parse().expect("an id"))).create().await;
    let by_name = "sort: { by: NAME, direction: ASC }";
    let answer =
        ada.reads(format!("{{ contacts({by_name}, first: 2) {{ pageInfo {{ endCursor }} }} }}")).await;
    let cursor = answer.data()["contacts"]["pageInfo"]["endCursor"].as_str().expect("a cursor").to_owned();
    let after = |list: &str, arguments: &str, cursor: &str| {
        let document = format!(
            "query($from: String) {{ {list}({arguments}first: 9, after: $from) {{ nodes {{ id }} }} }}"
        );
        ada.asks(document, json!({ "from": cursor }))
    };
    let nodes = |ids: &[&String]| ids.iter().map(|id| json!({ "id": id })).collect::<Vec<_>>();

    after("contacts", &format!("{by_name}, "), &cursor)
        .sees(json!({ "contacts": { "nodes": nodes(&[&all[2], &all[3]]) } }))
        .await;
    // The filter may change between pages.
    after("contacts", &format!("{by_name}, filter: {{ anyTag: [\"odd\"] }}, "), &cursor)
        .sees(json!({ "contacts": { "nodes": nodes(&[&all[3]]) } }))
        .await;

    let other_order = ["sort: { by: NAME }, ", "sort: { by: CREATED_AT, direction: ASC }, ", ""];
    for arguments in other_order {
        after("contacts", arguments, &cursor).await.has_errors(["BAD_USER_INPUT contacts"]);
    }
    after("opportunities", &format!("{by_name}, "), &cursor)
        .await
        .has_errors(["BAD_USER_INPUT opportunities"]);
    after("users", "", &cursor).await.has_errors(["BAD_USER_INPUT users"]);
    let history = "query($id: ID!, $from: String) { opportunity(id: $id) { activity(first: 1, after: $from) { nodes { id } } } }";
    let answer = ada.asks(history, json!({ "id": deal, "from": cursor })).await;
    answer.has_errors(["BAD_USER_INPUT opportunity.activity"]);

    // Another account, where the same server seals its cursors.
    let foreign = world.beside().await.user("Foreign").create().await;
    let document = format!(
        "query($from: String) {{ contacts({by_name}, first: 9, after: $from) {{ nodes {{ id }} }} }}"
    );
    foreign.asks(document, json!({ "from": cursor })).await.has_errors(["BAD_USER_INPUT contacts"]);

    // Any letter of it.
    for place in 0..cursor.len() {
        let mut forged = cursor.clone().into_bytes();
        forged[place] = if forged[place] == b'A' { b'B' } else { b'A' };
        let forged = String::from_utf8(forged).expect("text");
        after("contacts", &format!("{by_name}, "), &forged).await.has_errors(["BAD_USER_INPUT contacts"]);
    }
    for garbage in ["", "x", "=", "AAAA", &cursor[1..], &format!("{cursor}A")] {
        after("contacts", &format!("{by_name}, "), garbage).await.has_errors(["BAD_USER_INPUT contacts"]);
    }
}

// G1
#[rstest]
#[tokio::test]
async fn the_direction_and_its_cursor_go_together(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let all = alike(&world, 3, None).await;
    let answer = ada.reads("{ contacts(first: 1) { pageInfo { endCursor } } }").await;
    let cursor = answer.data()["contacts"]["pageInfo"]["endCursor"].clone();
    let page = |arguments: &str| {
        let document = format!("query($c: String) {{ contacts({arguments}) {{ nodes {{ id }} }} }}");
        ada.asks(document, json!({ "c": cursor }))
    };
    page("after: $c").sees(json!({ "contacts": { "nodes": [{ "id": all[1] }, { "id": all[0] }] } })).await;
    for wrong in
        ["before: $c", "first: 1, before: $c", "last: 1, after: $c", "first: 1, after: $c, before: $c"]
    {
        page(wrong).await.has_errors(["BAD_USER_INPUT contacts"]);
    }
}

// G1
#[rstest]
#[tokio::test]
async fn colleagues_and_histories_are_paged_alike(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [zoe, _, gone] = world.users(["Zoe", "adam", "Gone"]).await;
    world.user("Zoe").create().await;
    gone.leaves().await;
    // Active colleagues by name, whatever its case.
    let answer = zoe.reads("{ users(first: 2) { nodes { name } totalCount { value isExact } pageInfo { endCursor hasNextPage } } }").await;
    let users = answer.data()["users"].clone();
    let cursor = users["pageInfo"]["endCursor"].clone();
    assert_eq!(users["nodes"], json!([{ "name": "adam" }, { "name": "Zoe" }]));
    assert_eq!(
        (&users["totalCount"], &users["pageInfo"]["hasNextPage"]),
        (&json!({ "value": 3, "isExact": true }), &json!(true))
    );
    zoe.asks("query($c: String) { users(first: 2, after: $c) { nodes { name } } }", json!({ "c": cursor }))
        .sees(json!({ "users": { "nodes": [{ "name": "Zoe" }] } }))
        .await;

    let contact = world.contact().create().await;
    for city in ["A", "B", "C"] {
        zoe.does("Update", &contact, json!({ "city": city })).is_done().await;
    }
    let cities = async |arguments: &str, cursor: &Value| {
        let document = format!(
            "query($id: ID!, $c: String) {{ contact(id: $id) {{ activity({arguments}) {{
                nodes {{ changes {{ after }} }} pageInfo {{ startCursor endCursor hasNextPage hasPreviousPage }} }} }} }}"
        );
        let answer = zoe.asks(document, json!({ "id": contact, "c": cursor })).await;
        let page = answer.data()["contact"]["activity"].clone();
        let nodes = page["nodes"].as_array().expect("entries").iter();
        let cities: Vec<String> =
            nodes.map(|entry| entry["changes"][0]["after"].as_str().expect("a city").to_owned()).collect();
        (
            cities,
            neighbours(&page),
            page["pageInfo"]["startCursor"].clone(),
            page["pageInfo"]["endCursor"].clone(),
        )
    };
    let (newest, sides, _, end) = cities("first: 2, after: $c", &Value::Null).await;
    assert_eq!((newest, sides), (vec!["C".to_owned(), "B".to_owned()], (false, true)));
    let (rest, sides, start, _) = cities("first: 2, after: $c", &end).await;
    assert_eq!((rest[0].as_str(), rest.len(), sides), ("A", 2, (true, false)));
    let (before, sides, ..) = cities("last: 1, before: $c", &start).await;
    assert_eq!((before, sides), (vec!["B".to_owned()], (true, true)));
}

// G1
#[rstest]
#[tokio::test]
async fn nested_pages_have_a_limit_over_all_their_parents(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    alike(&world, 101, None).await;
    for nested in ["opportunities", "activity"] {
        let nodes = |first: usize| {
            format!(
                "{{ contacts(first: {first}) {{ nodes {{ {nested}(first: 200) {{ nodes {{ id }} }} }} }} }}"
            )
        };
        ada.reads(nodes(100)).await.data();
        let answer = ada.reads(nodes(101)).await;
        assert_eq!(answer.errors(), [format!("BAD_USER_INPUT contacts.nodes.0.{nested}")]);
    }
}

// G1
#[rstest]
#[tokio::test]
async fn a_count_is_exact_up_to_ten_thousand(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let counted = async || {
        let answer = ada.reads("{ contacts(first: 1) { totalCount { value isExact } } }").await;
        answer.data()["contacts"]["totalCount"].clone()
    };
    let mut more = 10_000;
    while more > 0 {
        let now = world.now();
        let rows = (0..more.min(1_000)).map(|_| contact::ActiveModel {
            id: Set(world.base.ids.next()),
            account_id: Set(world.account),
            name_key: Set("ada".into()),
            do_not_disturb: Set(0),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        });
        contact::Entity::insert_many(rows).exec_without_returning(&world.sql).await.expect("many contacts");
        more -= more.min(1_000);
    }
    assert_eq!(counted().await, json!({ "value": 10_000, "isExact": true }));
    world.contact().create().await;
    assert_eq!(counted().await, json!({ "value": 10_000, "isExact": false }));
}
