//! What runs on a socket.

use entity::contact;
use rstest::rstest;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _, TransactionTrait as _,
};
use serde_json::json;
use tokio::time::timeout;

use super::VIEWER;
use crate::api::document::mutation;
use crate::api::served::{DEADLINE, serve};
use crate::api::socket::{Socket, subscribe};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::World;
use policy::Permission::ViewContacts;

#[rstest]
#[tokio::test]
async fn queries_and_mutations_run_as_over_http(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let ada = world.user("Ada").admin().create().await;
    let served = serve(&world).await;
    let mut socket = Socket::of(&ada, &served).await;
    assert_eq!(socket.asks(VIEWER, json!({})).await, json!({ "data": { "viewer": { "name": "Ada" } } }));
    let create = "mutation($input: ContactCreateInput!) {
        contactCreate(input: $input) { contact { displayName } userErrors { code } } }";
    let done = socket.asks(create, json!({ "input": { "lastName": "Lovelace" } })).await;
    let expected = json!({ "contactCreate": { "contact": { "displayName": "Lovelace" }, "userErrors": [] } });
    assert_eq!(done, json!({ "data": expected }));
    let mine = socket.asks("{ contacts(first: 5) { nodes { displayName } } }", json!({})).await;
    assert_eq!(mine, json!({ "data": { "contacts": { "nodes": [{ "displayName": "Lovelace" }] } } }));
    // A field that fails is part of a result.
    let failed = socket.asks("{ node(id: \"garbage\") { id } viewer { name } }", json!({})).await;
    assert_eq!(failed["data"]["viewer"]["name"], "Ada", "{failed:#}");
}

#[tokio::test]
async fn several_operations_run_side_by_side() {
    let Some(world) = World::on(Sqlite).await else { return };
    let ada = world.user("Ada").create().await;
    let served = serve(&world).await;
    let mut socket = Socket::of(&ada, &served).await;
    let ids: Vec<String> = (0..20).map(|number| number.to_string()).collect();
    let messages: Vec<_> = ids.iter().map(|id| subscribe(id, VIEWER, json!({}))).collect();
    socket.says(&messages.iter().collect::<Vec<_>>()).await;
    let mut heard = Vec::new();
    for _ in 0..40 {
        let message = socket.next().await;
        heard.push((message["id"].as_str().expect("an id").to_owned(), message["type"].clone()));
    }
    for id in ids {
        let of_it: Vec<_> = heard.iter().filter(|(of, _)| *of == id).map(|(_, kind)| kind).collect();
        assert_eq!(of_it, ["next", "complete"], "{id}");
    }
}

#[rstest]
#[tokio::test]
async fn the_guard_stands_before_every_operation(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let served = serve(&world).await;
    let mut socket = Socket::of(&ada, &served).await;
    let deep = format!("{{ a{}{} }}", "{ a".repeat(300), "}".repeat(300));
    let brackets = format!("{{ viewer(x: {}{}) {{ name }} }}", "[".repeat(2000), "]".repeat(2000));
    let long = format!("{{ viewer {{ name }} }} #{}", "x".repeat(150 * 1024));
    let many: String = (0..2000).map(|number| format!("a{number}: viewer {{ name }} ")).collect();
    let circular = "{ viewer { ...A } } fragment A on User { ...A }";
    let before = world.tables().await;
    for document in [
        "{ secret",
        "",
        &deep,
        &brackets,
        &long,
        &format!("{{ {many} }}"),
        circular,
        "{ nothing }",
        "{ viewer }",
    ] {
        // The same as over HTTP, of which the documents' own tests tell more.
        let over_http = ada.reads(document).await;
        socket.starts("1", document, json!({})).await;
        let message = socket.next().await;
        assert_eq!(message["type"], "error", "{document:.60}");
        assert_eq!(message["payload"], over_http.json["errors"], "{document:.60}");
        assert!(!message.to_string().contains("secret"), "{message}");
    }
    before.assert_same(&world.tables().await);
    assert_eq!(socket.asks(VIEWER, json!({})).await, json!({ "data": { "viewer": { "name": "Ada" } } }));
}

// P4
#[rstest]
#[tokio::test]
async fn each_operation_has_the_rights_of_its_moment(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let [ada, clara] = world.users(["Ada", "Clara"]).await;
    world.contact().named("Lovelace").owned_by(&clara).create().await;
    let served = serve(&world).await;
    let mut socket = Socket::of(&ada, &served).await;
    let list = "{ contacts(first: 5) { nodes { displayName } } }";
    let seen = json!({ "data": { "contacts": { "nodes": [{ "displayName": "Lovelace" }] } } });
    assert_eq!(socket.asks(list, json!({})).await, seen);
    ada.loses(ViewContacts).await;
    let refused = socket.asks(list, json!({})).await;
    assert_ne!(refused, seen);
    assert!(!refused.to_string().contains("Lovelace"), "{refused}");
    ada.is_granted(ViewContacts).await;
    assert_eq!(socket.asks(list, json!({})).await, seen);
}

/// Somebody else holds what the mutation needs; meanwhile its client completes it, or leaves.
#[rstest]
#[tokio::test]
async fn a_mutation_that_has_begun_is_finished_though_nobody_waits(
    #[values(Sqlite, Postgres)] on: Kind,
    #[values(true, false)] leaves: bool,
) {
    let Some(world) = World::on(on).await else { return };
    let ada = world.user("Ada").admin().create().await;
    let served = serve(&world).await;
    let mut socket = Socket::of(&ada, &served).await;

    let held = world.sql.begin().await.expect("a transaction");
    let hold = match on {
        Sqlite => "UPDATE account SET name = name".to_owned(),
        Postgres => "LOCK TABLE contact IN ACCESS EXCLUSIVE MODE".to_owned(),
    };
    held.execute_unprepared(&hold).await.expect("held");
    let create = mutation("contactCreate", "");
    socket.starts("1", &create, json!({ "input": { "lastName": "Lovelace" } })).await;
    // Its answer comes later than the start of what was said before.
    assert_eq!(socket.asks(VIEWER, json!({})).await, json!({ "data": { "viewer": { "name": "Ada" } } }));
    if leaves {
        socket.leaves().await;
    } else {
        socket.completes("1").await;
        assert_eq!(socket.asks(VIEWER, json!({})).await, json!({ "data": { "viewer": { "name": "Ada" } } }));
    }
    held.rollback().await.expect("let go");

    // A server that stops waits for it.
    served.stop.send_replace(true);
    timeout(DEADLINE, served.ends()).await.expect("in time");
    let mine = contact::Entity::find().filter(contact::Column::AccountId.eq(world.account));
    let names: Vec<_> =
        mine.all(&world.sql).await.expect("read").into_iter().map(|contact| contact.last_name).collect();
    assert_eq!(names.len(), 1, "{names:?}");
}
