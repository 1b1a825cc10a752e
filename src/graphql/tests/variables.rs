//! Variables, coerced before the engine sees them.

use serde_json::{Value as Json, json};

use super::world::World;

async fn refused(world: &World, document: &str, variables: Json) -> String {
    let answer = world.ask(world.ada, document, variables).await;
    assert_eq!(answer.get("data"), None, "{answer:#}");
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer:#}");
    answer["errors"][0]["message"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn variables_are_held_to_their_types() {
    let world = World::new().await;
    let by_id = "query($id: ID!) { contact(id: $id) { id } }";
    assert_eq!(refused(&world, by_id, Json::Null).await, "the variable `$id` of type `ID!` must be given");
    assert_eq!(
        refused(&world, by_id, json!({ "id": null })).await,
        "`$id` must not be null: its type is `ID!`"
    );
    assert_eq!(refused(&world, by_id, json!({ "id": true })).await, "`$id` is not of the type `ID`");
    assert_eq!(refused(&world, by_id, json!([])).await, "`variables` must be an object");

    let update = "mutation($input: ContactUpdateInput!) { contactUpdate(input: $input) { id } }";
    for (input, message) in [
        (json!({}), "`$input.id` of type `ID!` must be given"),
        (json!({ "id": "x", "emails": ["a", 7] }), "`$input.emails.1` is not of the type `String`"),
        (
            json!({ "id": "x", "doNotDisturb": ["hunter2"] }),
            "`$input.doNotDisturb.0` is not of the type `Channel`",
        ),
        (
            json!({ "id": "x", "hunter2": 1 }),
            "`$input` has a field that the type `ContactUpdateInput` does not have",
        ),
    ] {
        assert_eq!(refused(&world, update, json!({ "input": input })).await, message);
    }
    let below_zero =
        world.data(world.ada, update, json!({ "input": { "id": "x", "expectedVersion": -1 } })).await;
    assert_eq!(below_zero["contactUpdate"]["id"], Json::Null);
    let filter = "query($owner: UserFilter) { contacts(filter: { owner: $owner }) { nodes { id } } }";
    assert_eq!(
        refused(&world, filter, json!({ "owner": { "me": true, "any": true } })).await,
        "`$owner` must have exactly one field, which is not null"
    );
    let value =
        "mutation($value: Decimal) { opportunityUpdate(input: { id: \"x\", monetaryValue: $value }) { id } }";
    assert_eq!(
        refused(&world, value, json!({ "value": 10.5 })).await,
        "`$value` is not of the type `Decimal`"
    );
}

#[tokio::test]
async fn defaults_count_also_where_fields_are_included() {
    let world = World::new().await;
    let document = "query($names: Boolean! = true, $ids: Boolean = false) { viewer {
        name @include(if: $names) id @include(if: $ids) } }";
    let name = json!({ "viewer": { "name": "Ada" } });
    assert_eq!(world.data(world.ada, document, Json::Null).await, name);
    assert_eq!(world.data(world.ada, document, json!({ "undeclared": 1 })).await, name);
    let data = world.data(world.ada, document, json!({ "names": false, "ids": true })).await;
    assert_eq!(data, json!({ "viewer": { "id": world.ada.to_string() } }));
}

#[tokio::test]
async fn one_item_stands_for_a_list_of_it() {
    let world = World::new().await;
    let contact = world.contact("Grace", None).await.to_string();
    let document = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let data = world.data(world.ada, document, json!({ "ids": contact })).await;
    assert_eq!(data["nodes"], json!([{ "id": contact }]));
}
