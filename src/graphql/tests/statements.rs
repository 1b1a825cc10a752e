//! The number of statements of a page does not depend on how many records it has (no N+1).

use serde_json::Value as Json;

use super::world::World;

const PAGE: &str = "query($first: Int) { contacts(first: $first) { nodes {
    displayName emails phones tags owner { name }
    followers { user { name } addedBy { name } causedBy { kind } }
    viewerAccess { edit { allowed } changeOwner { scope } }
    activity(first: 3) { nodes { kind actor { name } causedBy { kind } changes { field } } }
    opportunities(first: 5) { totalCount { value } nodes {
        name owner { name } stage { name } pipeline { name } contact { displayName } contactName
        followers { user { name } } viewerAccess { changeOwner { scope } }
    } }
} } }";

const ISSUE: &str = "query($first: Int) { contacts(first: $first) { nodes {
    displayName owner { name } followers { user { name } }
    opportunities(first: 5) { nodes { name owner { name } stage { name } followers { user { name } } } }
} } }";

async fn world() -> World {
    let world = World::new().await;
    for place in 0..50 {
        let contact = world.contact(&format!("Contact {place}"), Some(world.ada)).await;
        world.follow(contact, world.restricted).await;
        for name in ["One", "Two"] {
            let opportunity = world.opportunity(contact, name, Some(world.bob)).await;
            world.follow(opportunity, world.restricted).await;
        }
    }
    world
}

async fn counted(world: &World, user: entity::UserId, document: &str) -> Vec<usize> {
    let mut counts = Vec::new();
    for first in [1, 10, 50] {
        let (answer, statements) =
            world.ask_and_count(user, document, serde_json::json!({ "first": first })).await;
        assert_eq!(answer["errors"], Json::Null, "{answer:#}");
        assert_eq!(answer["data"]["contacts"]["nodes"].as_array().unwrap().len(), first);
        counts.push(statements);
    }
    counts
}

#[tokio::test]
async fn a_page_costs_as_many_statements_for_one_record_as_for_fifty() {
    let world = world().await;
    for user in [world.ada, world.admin, world.restricted] {
        assert_eq!(
            counted(&world, user, "query($first: Int) { contacts(first: $first) { nodes { id } } }").await,
            [1; 3]
        );
        assert_eq!(counted(&world, user, ISSUE).await, [9; 3]);
        assert_eq!(counted(&world, user, PAGE).await, [31; 3]);
    }
    // Linked owners cost one statement for each of the two pages whose change of owner is selected.
    world.set(|settings| settings.separate_owners = Some(false)).await;
    assert_eq!(counted(&world, world.ada, PAGE).await, [33; 3]);
}

/// As deep as the guard lets through, by the objects with the most fields, on the stack that a thread has.
#[tokio::test]
async fn the_deepest_document_is_answered() {
    let world = world().await;
    let document =
        "{ contacts(first: 2) { nodes { opportunities(first: 2) { nodes { contact { opportunities(first: 2) {
        nodes { contact { activity { nodes { record { id } } } } } } } } } } } }";
    assert_eq!(guard::check(document, &guard::Limits::default()).unwrap().measure.depth, 12);
    let (answer, statements) = world.ask_and_count(world.ada, document, Json::Null).await;
    assert_eq!(answer["errors"], Json::Null, "{answer:#}");
    assert_eq!(statements, 9);
}
