//! Pages, both ways.

use serde_json::{Value as Json, json};

use super::world::World;

const FORWARD: &str =
    "query($after: String) { contacts(sort: { by: NAME, direction: ASC }, first: 2, after: $after) {
    edges { cursor node { displayName } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";
const BACKWARD: &str =
    "query($before: String) { contacts(sort: { by: NAME, direction: ASC }, last: 2, before: $before) {
    nodes { displayName } pageInfo { hasNextPage hasPreviousPage startCursor } } }";

async fn world() -> World {
    let world = World::new().await;
    for name in ["Eve", "Ann", "Cid", "Ben", "Dora"] {
        world.contact(name, None).await;
    }
    world
}

fn names(data: &Json) -> Vec<String> {
    let contacts = &data["contacts"];
    let nodes = contacts["nodes"].as_array().cloned().unwrap_or_else(|| {
        contacts["edges"].as_array().unwrap().iter().map(|edge| edge["node"].clone()).collect()
    });
    nodes.iter().map(|node| node["displayName"].as_str().unwrap().to_owned()).collect()
}

// G1
#[tokio::test]
async fn pages_go_forward_and_backward_through_the_whole_list() {
    let world = world().await;
    let mut seen = Vec::new();
    let mut after = Json::Null;
    loop {
        let data = world.data(world.ada, FORWARD, json!({ "after": after })).await;
        seen.extend(names(&data));
        let info = &data["contacts"]["pageInfo"];
        assert_eq!(info["hasPreviousPage"], !after.is_null());
        assert_eq!(
            info["endCursor"],
            data["contacts"]["edges"].as_array().unwrap().last().unwrap()["cursor"]
        );
        if info["hasNextPage"] == false {
            break;
        }
        after = info["endCursor"].clone();
    }
    assert_eq!(seen, ["Ann", "Ben", "Cid", "Dora", "Eve"]);

    let last = world.data(world.ada, BACKWARD, json!({})).await;
    assert_eq!(names(&last), ["Dora", "Eve"]);
    let before = last["contacts"]["pageInfo"]["startCursor"].clone();
    let previous = world.data(world.ada, BACKWARD, json!({ "before": before })).await;
    assert_eq!(names(&previous), ["Ben", "Cid"]);
    assert_eq!(previous["contacts"]["pageInfo"]["hasPreviousPage"], true);
}

// G1
#[tokio::test]
async fn what_cannot_be_a_page_is_refused() {
    let world = world().await;
    let data = world.data(world.ada, FORWARD, json!({})).await;
    let cursor = data["contacts"]["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
    for (arguments, reason) in [
        ("first: 1, last: 1".to_owned(), "not both"),
        ("first: -1".to_owned(), "between 0 and 200"),
        ("first: 201".to_owned(), "between 0 and 200"),
        ("first: 3000000000".to_owned(), "between 0 and 200"),
        ("last: 2, after: \"x\"".to_owned(), "`after` goes with `first`"),
        ("first: 2, after: \"x\"".to_owned(), "does not belong to this list"),
        (format!("first: 2, after: \"{cursor}\""), "does not belong to this list"),
    ] {
        let document = format!("{{ viewer {{ id }} contacts({arguments}) {{ nodes {{ id }} }} }}");
        let answer = world.ask(world.ada, &document, Json::Null).await;
        assert_eq!(answer["data"]["contacts"], Json::Null);
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer:#}");
        assert!(answer["errors"][0]["message"].as_str().unwrap().contains(reason), "{answer:#}");
    }
    let document = "{ contacts { nodes { opportunities(first: 200) { nodes { activity(first: 200) { nodes { id } } } } } } }";
    world.data(world.ada, document, Json::Null).await;
    let data = world.data(world.ada, "{ contacts(first: 0) { nodes { id } } }", Json::Null).await;
    assert_eq!(data["contacts"]["nodes"], json!([]));
}
