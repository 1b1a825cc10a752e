//! Who makes records, and who owns and follows what was made (A12, O4, O5, F12).

use policy::Permission::{EditContacts, EditOpportunities, ManagePipelines, ViewContacts, ViewOpportunities};
use rstest::rstest;
use serde_json::{Value, json};

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Contact, Person, World};

fn deal(world: &World, contact: &Contact, more: Value) -> Value {
    let mut input = json!({ "contactId": contact, "pipelineId": world.pipeline.to_string(), "name": "Deal" });
    input.as_object_mut().expect("input").extend(more.as_object().cloned().unwrap_or_default());
    input
}

/// Who owns and who follows what a payload has made, with the cause, as an admin sees it.
async fn made(world: &World, kind: &str, payload: &Value) -> Value {
    let admin = world.user("Eve").admin().create().await;
    let document = format!(
        "query($id: ID!) {{ {kind}(id: $id) {{ owner {{ name }} followers {{ user {{ name }} cause }} }} }}"
    );
    let answer = admin.asks(document, json!({ "id": payload["id"] })).await;
    answer.data()[kind].clone()
}

fn owned(owner: Option<&str>, followers: &[(&str, &str)]) -> Value {
    let owner = owner.map(|name| json!({ "name": name }));
    let follower = |(name, cause): &(&str, &str)| json!({ "user": { "name": name }, "cause": cause });
    json!({ "owner": owner, "followers": followers.iter().map(follower).collect::<Vec<_>>() })
}

// A12
#[rstest]
#[tokio::test]
async fn making_a_contact_needs_view_and_edit(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let input = json!({ "firstName": "Ada" });
    for missing in [ViewContacts, EditContacts] {
        let person = world.user("Ina").lacking([missing]).create().await;
        let error = person.mutates("contactCreate", input.clone()).is_refused("PERMISSION_DENIED").await;
        let expected =
            json!({ "code": "PERMISSION_DENIED", "field": ["input"], "permission": missing.name() });
        assert_eq!(error, expected);
    }
    let able = world.user("Able").holding([ViewContacts, EditContacts]).create().await;
    able.mutates("contactCreate", input).is_done().await;
}

// A12
#[rstest]
#[tokio::test]
async fn making_an_opportunity_needs_view_and_edit_and_its_contact(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let contact = world.contact().create().await;
    for missing in [ViewOpportunities, EditOpportunities] {
        let person = world.user("Ina").lacking([missing]).also_holding([ManagePipelines]).create().await;
        let error = person
            .mutates("opportunityCreate", deal(&world, &contact, json!({})))
            .is_refused("PERMISSION_DENIED")
            .await;
        let expected =
            json!({ "code": "PERMISSION_DENIED", "field": ["input"], "permission": missing.name() });
        assert_eq!(error, expected);
    }
    // View of the contact is enough.
    let able =
        world.user("Able").holding([ViewContacts, ViewOpportunities, EditOpportunities]).create().await;
    able.mutates("opportunityCreate", deal(&world, &contact, json!({}))).is_done().await;

    let restricted = world.user("Saga").restricted().create().await;
    for person in [&restricted, &world.user("Bob").lacking([ViewContacts]).create().await] {
        let error = person
            .mutates("opportunityCreate", deal(&world, &contact, json!({})))
            .is_refused("NOT_FOUND")
            .await;
        assert_eq!(error["field"], json!(["input", "contactId"]));
    }
}

// A12
#[rstest]
#[tokio::test]
async fn who_inherits_an_edit_makes_nothing_with_it(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let owner = world.user("Oda").create().await;
    let finn = world.user("Finn").lacking([EditContacts, EditOpportunities]).create().await;
    let contact = world.contact().owned_by(&owner).followed_by(&finn).create().await;
    finn.does("Update", &contact, json!({ "city": "Bonn" })).is_done().await;
    let error = finn
        .mutates("opportunityCreate", deal(&world, &contact, json!({})))
        .is_refused("PERMISSION_DENIED")
        .await;
    assert_eq!(error["permission"], "EDIT_OPPORTUNITIES");
}

// A12
#[tokio::test]
async fn the_contact_of_an_opportunity_is_no_field_of_an_update() {
    let Some(world) = World::separate_on(Sqlite).await else { return };
    let ada = world.user("Ada").create().await;
    let answer = ada.reads(r#"{ __type(name: "OpportunityUpdateInput") { inputFields { name } } }"#).await;
    let fields = &answer.data()["__type"]["inputFields"];
    let names: Vec<&str> =
        fields.as_array().expect("fields").iter().filter_map(|field| field["name"].as_str()).collect();
    assert_eq!(names, ["id", "name", "monetaryValue", "source", "expectedVersion", "idempotencyKey"]);
}

// O5
#[rstest]
#[tokio::test]
async fn who_makes_a_contact_says_who_owns_it(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [una, bob] = world.users(["Una", "Bob"]).await;
    let saga = world.user("Saga").restricted().create().await;
    let create = async |person: &Person, input: Value| {
        let payload = person.mutates("contactCreate", input).is_done().await;
        assert!(payload["contact"].is_object(), "one sees what one has just made");
        made(&world, "contact", &payload).await
    };
    assert_eq!(create(&una, json!({})).await, owned(None, &[]));
    assert_eq!(create(&una, json!({ "ownerId": null })).await, owned(None, &[]));
    assert_eq!(create(&una, json!({ "ownerId": bob })).await, owned(Some("Bob"), &[]));
    // A restricted creator owns what they leave open, and follows what they give away.
    assert_eq!(create(&saga, json!({})).await, owned(Some("Saga"), &[]));
    assert_eq!(create(&saga, json!({ "ownerId": null })).await, owned(None, &[("Saga", "CREATED")]));
    assert_eq!(create(&saga, json!({ "ownerId": bob })).await, owned(Some("Bob"), &[("Saga", "CREATED")]));
    // Named among the followers, they follow for that reason.
    let named = create(&saga, json!({ "ownerId": bob, "followerIds": [una, saga] })).await;
    assert_eq!(named, owned(Some("Bob"), &[("Una", "MANUAL"), ("Saga", "MANUAL")]));
}

// O4, O5
#[rstest]
#[tokio::test]
async fn a_new_opportunity_takes_the_owner_of_its_contact(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [una, bob, cleo] = world.users(["Una", "Bob", "Cleo"]).await;
    let saga = world.user("Saga").restricted().create().await;
    let of_bob = world.contact().owned_by(&bob).followed_by(&saga).create().await;
    let of_nobody = world.contact().followed_by(&saga).create().await;
    let create = async |person: &Person, contact: &Contact, more: Value| {
        let payload = person.mutates("opportunityCreate", deal(&world, contact, more)).is_done().await;
        assert!(payload["opportunity"].is_object(), "one sees what one has just made");
        made(&world, "opportunity", &payload).await
    };
    assert_eq!(create(&una, &of_bob, json!({})).await, owned(Some("Bob"), &[]));
    assert_eq!(create(&una, &of_nobody, json!({})).await, owned(None, &[]));
    assert_eq!(create(&una, &of_bob, json!({ "ownerId": cleo })).await, owned(Some("Cleo"), &[]));
    assert_eq!(create(&una, &of_bob, json!({ "ownerId": null })).await, owned(None, &[]));

    assert_eq!(create(&saga, &of_bob, json!({})).await, owned(Some("Bob"), &[("Saga", "CREATED")]));
    assert_eq!(create(&saga, &of_bob, json!({ "ownerId": saga })).await, owned(Some("Saga"), &[]));
    assert_eq!(create(&saga, &of_nobody, json!({})).await, owned(None, &[("Saga", "CREATED")]));

    // O8: whoever has left is nobody's owner anew.
    bob.leaves().await;
    assert_eq!(create(&una, &of_bob, json!({})).await, owned(None, &[]));
}

// F12
#[rstest]
#[tokio::test]
async fn a_create_names_followers_under_the_same_rules(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let una = world.user("Una").create().await;
    let saga = world.user("Saga").restricted().create().await;
    let crowd = world.crowd(11).await;
    let contact = world.contact().followed_by(&saga).create().await;
    let gone = world.user("Gone").create().await;
    gone.leaves().await;
    let inputs =
        |more: Value| [("contactCreate", more.clone()), ("opportunityCreate", deal(&world, &contact, more))];

    // F3: the owner, and whoever is named twice, take no place.
    let named: Vec<&Person> = crowd[..10].iter().chain([&crowd[10], &crowd[0]]).collect();
    for (mutation, input) in inputs(json!({ "ownerId": crowd[10], "followerIds": named })) {
        let payload = una.mutates(mutation, input).is_done().await;
        let seen = made(&world, mutation.trim_end_matches("Create"), &payload).await;
        let names: Vec<&Value> =
            seen["followers"].as_array().expect("followers").iter().map(|one| &one["user"]["name"]).collect();
        assert_eq!(names, crowd[..10].iter().map(|person| person.name.as_str()).collect::<Vec<_>>());
        assert_eq!(payload["followChanges"].as_array().map(Vec::len), Some(10));
    }
    // F1
    let limit = json!({ "code": "FOLLOWER_LIMIT_REACHED", "field": ["input", "followerIds"], "limit": 10, "present": 0 });
    for (mutation, input) in inputs(json!({ "followerIds": crowd })) {
        assert_eq!(una.mutates(mutation, input).is_refused("FOLLOWER_LIMIT_REACHED").await, limit);
    }
    // O5: ten and the creator are eleven.
    for (mutation, input) in inputs(json!({ "ownerId": null, "followerIds": crowd[..10] })) {
        assert_eq!(saga.mutates(mutation, input).is_refused("FOLLOWER_LIMIT_REACHED").await, limit);
    }
    // F5, every stranger is told.
    for (mutation, input) in inputs(json!({ "followerIds": [crowd[0], gone, "user_no"] })) {
        let errors = una.mutates(mutation, input).are_refused().await;
        let unknown = |place| json!({ "code": "NOT_FOUND", "field": ["input", "followerIds", place] });
        assert_eq!(errors, [unknown("1"), unknown("2")]);
    }
    // O8
    for (mutation, input) in inputs(json!({ "ownerId": gone })) {
        let error = una.mutates(mutation, input).is_refused("NOT_FOUND").await;
        assert_eq!(error["field"], json!(["input", "ownerId"]));
    }
}
