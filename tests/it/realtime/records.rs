//! The stream of one record: everything that happens to it, in order, as the subscriber may see it.

use rstest::rstest;
use serde_json::{Value, json};

use super::Listens as _;
use super::ear::document;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, World};

const WHAT: &str = "activity { kind actor { name } cause }";

fn contact() -> String {
    document("contactChanged", "id", &format!("contactId contact {{ firstName owner {{ name }} }} {WHAT}"))
}

fn said(kind: &str, who: &str) -> Value {
    json!({ "kind": kind, "actor": { "name": who }, "cause": "USER" })
}

// N4
#[rstest]
#[tokio::test]
async fn a_follower_hears_what_the_owner_does(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [oda, ada] = world.users(["Oda", "Ada"]).await;
    let finn = world.user("Finn").restricted().create().await;
    let record = world.contact().named("First").owned_by(&oda).followed_by(&finn).create().await;

    let mut ear = finn.listens(&contact(), json!({ "id": record })).await;
    let now = json!({ "firstName": "First", "owner": { "name": "Oda" } });
    ear.hears_this(json!({ "kind": "STARTED", "contactId": record, "contact": now, "activity": null })).await;

    oda.renames(&record, "Second").await.expect("renamed");
    let now = json!({ "firstName": "Second", "owner": { "name": "Oda" } });
    let heard = json!({
        "kind": "CHANGED", "contactId": record, "contact": now, "activity": said("contact.updated", "Oda")
    });
    ear.hears_this(heard).await;

    oda.gives(&record, &ada).await.expect("given");
    let now = json!({ "firstName": "Second", "owner": { "name": "Ada" } });
    let heard = json!({
        "kind": "CHANGED", "contactId": record, "contact": now, "activity": said("contact.owner_changed", "Oda")
    });
    ear.hears_this(heard).await;
}

// N4, A8
#[rstest]
#[tokio::test]
async fn the_stream_of_an_opportunity_shows_nothing_of_a_hidden_contact(
    #[values(Sqlite, Postgres)] on: Kind,
) {
    let Some(world) = World::separate_on(on).await else { return };
    let [oda] = world.users(["Oda"]).await;
    let finn = world.user("Finn").restricted().create().await;
    let hidden = world.contact().named("Hidden").owned_by(&oda).create().await;
    let deal = world.opportunity(&hidden).named("Deal").owned_by(&oda).followed_by(&finn).create().await;
    let listen = document("opportunityChanged", "id", "opportunityId opportunity { name contact { id } }");

    let mut ear = finn.listens(&listen, json!({ "id": deal })).await;
    ear.hears().await;
    oda.renames(&deal, "Renamed").await.expect("renamed");
    let heard = json!({
        "kind": "CHANGED", "opportunityId": deal, "opportunity": { "name": "Renamed", "contact": null }
    });
    ear.hears_this(heard).await;

    // What happens to the contact is nothing to this stream.
    oda.renames(&hidden, "Still hidden").await.expect("renamed");
    oda.renames(&deal, "Again").await.expect("renamed");
    assert_eq!(ear.hears().await["opportunity"]["name"], "Again");
}

// A9, N4
#[rstest]
#[tokio::test]
async fn the_value_is_denied_in_events_as_it_is_in_queries(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [oda] = world.users(["Oda"]).await;
    let poor = world.user("Poor").lacking([policy::Permission::ViewLeadValue]).create().await;
    let contact = world.contact().owned_by(&oda).create().await;
    let deal = world.opportunity(&contact).worth(100).owned_by(&oda).create().await;
    let listen = document("opportunityChanged", "id", "opportunity { name monetaryValue { amount } }");
    let (mut rich, mut poor) = (
        oda.listens(&listen, json!({ "id": deal })).await,
        poor.listens(&listen, json!({ "id": deal })).await,
    );
    rich.hears().await;
    poor.next().await;

    oda.renames(&deal, "Deal").await.expect("renamed");
    let heard = rich.hears().await;
    assert!(heard["opportunity"]["monetaryValue"]["amount"].is_string(), "{heard}");
    let Some(retinue::graphql::Sent::Next { json, .. }) = poor.next().await else { panic!("an event") };
    let answer: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(answer["data"]["heard"]["opportunity"], json!({ "name": "Deal", "monetaryValue": null }));
    assert_eq!(answer["errors"][0]["extensions"]["permission"], "VIEW_LEAD_VALUE");
}

// R2, N4
#[rstest]
#[tokio::test]
async fn a_subscription_has_one_plain_root_field(#[values(Sqlite)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [oda] = world.users(["Oda"]).await;
    let record = world.contact().owned_by(&oda).create().await;
    let two = "subscription($id: ID!) { one: contactChanged(id: $id) { kind } two: contactChanged(id: $id) { kind } }";
    let conditional = "subscription($id: ID!) { heard: contactChanged(id: $id) @include(if: true) { kind } }";
    for document in [two, conditional] {
        let answer = oda.opens(document, json!({ "id": record })).await.err().expect("it does not open");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
    }
    // Fragments at the root are as good as fields.
    let spread = "subscription($id: ID!) { ...Root } fragment Root on Subscription { heard: contactChanged(id: $id) { ...Event } } fragment Event on ContactEvent { kind }";
    let mut ear = oda.listens(spread, json!({ "id": record })).await;
    assert_eq!(ear.hears().await["kind"], "STARTED");

    let unknown = "subscription($id: ID!) { heard: contactChanged(id: $id) { nothing } }";
    let answer = oda.opens(unknown, json!({ "id": record })).await.err().expect("it does not open");
    assert_eq!(answer["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "{answer}");
}
