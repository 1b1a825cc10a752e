//! The history: every change says who, through what, because of what, and from what to what (N1, O10).

use entity::activity;
use retinue::domain::validate::rfc3339;
use rstest::rstest;
use sea_orm::{ConnectionTrait as _, EntityTrait as _, QueryOrder as _};
use serde_json::{Value, json};

use super::sentences::Named;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Person, Setting, World};

const ENTRIES: &str =
    "nodes { kind at cause actor { name } causedBy { kind } record { id } changes { field before after } }";

async fn newest(person: &Person, record: &impl Named, count: usize) -> Value {
    let seen = person.looks_at(record, &format!("activity(first: {count}) {{ {ENTRIES} }}")).await;
    seen["activity"]["nodes"].clone()
}

fn entry(record: &impl Named, event: &str, at: &str, changes: Value) -> Value {
    json!({
        "kind": format!("{}.{event}", record.kind()), "at": at, "cause": "USER", "actor": { "name": "Ada" },
        "causedBy": null, "record": { "id": record }, "changes": changes
    })
}

fn changed(field: &str, before: impl serde::Serialize, after: impl serde::Serialize) -> Value {
    json!({ "field": field, "before": before, "after": after })
}

/// Every mutation of a record appends exactly what it did.
async fn is_written_down(world: &World, ada: &Person, record: &impl Named) {
    let [bob, cleo] = world.users(["Bob", "Cleo"]).await;
    let none = Value::Null;
    let until = rfc3339(world.in_seconds(3_600));
    for (verb, input, entries) in [
        (
            "Update",
            json!({ "source": "fair" }),
            vec![("updated", json!([changed("source", none.clone(), "fair")]))],
        ),
        (
            "ChangeOwner",
            json!({ "ownerId": bob }),
            vec![("owner_changed", json!([changed("owner", none.clone(), &bob)]))],
        ),
        (
            "AddFollowers",
            json!({ "userIds": [cleo] }),
            vec![("follower_added", json!([changed("followers", none.clone(), &cleo)]))],
        ),
        ("AddFollowers", json!({ "userIds": [cleo], "until": until }), vec![("follower_changed", json!([]))]),
        (
            "RemoveFollowers",
            json!({ "userIds": [cleo] }),
            vec![("follower_removed", json!([changed("followers", &cleo, none.clone())]))],
        ),
        (
            "ChangeOwner",
            json!({ "ownerId": null }),
            vec![("owner_changed", json!([changed("owner", &bob, none.clone())]))],
        ),
    ] {
        world.clock.advance_seconds(1);
        let before = record.activity().await.len();
        ada.does(verb, record, input).is_done().await;
        let at = rfc3339(world.now());
        let expected: Vec<Value> =
            entries.into_iter().map(|(event, changes)| entry(record, event, &at, changes)).collect();
        assert_eq!(record.activity().await.len(), before + expected.len(), "{verb}");
        assert_eq!(newest(ada, record, expected.len()).await, json!(expected), "{verb}");
    }
}

// N1, O10
#[rstest]
#[tokio::test]
async fn every_change_of_a_record_is_written_down(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").admin().create().await;
    let contact = world.contact().create().await;
    let deal = world.opportunity(&contact).create().await;
    is_written_down(&world, &ada, &contact).await;
    is_written_down(&world, &ada, &deal).await;
}

// N1
#[rstest]
#[tokio::test]
async fn a_creation_is_written_down_with_what_it_began_with(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let input = json!({
        "lastName": "Byron", "emails": ["a@b.example", "c@d.example"], "doNotDisturb": ["SMS"], "ownerId": ada,
        "followerIds": [bob]
    });
    let made = ada.mutates("contactCreate", input).is_done().await;
    let history = format!(
        "query($id: ID!) {{ contact(id: $id) {{ activity {{ {ENTRIES} totalCount {{ value isExact }} }} }} }}"
    );
    let answer = ada.asks(history, json!({ "id": made["id"] })).await;
    let activity = &answer.data()["contact"]["activity"];
    let at = rfc3339(world.now());
    let entry = |event: &str, caused_by: Value, changes: Value| {
        json!({
            "kind": format!("contact.{event}"), "at": at, "cause": "USER", "actor": { "name": "Ada" },
            "causedBy": caused_by, "record": { "id": made["id"] }, "changes": changes
        })
    };
    let none = Value::Null;
    assert_eq!(
        activity,
        &json!({
            "nodes": [
                entry("follower_added", json!({ "kind": "contact.created" }), json!([changed("followers", none.clone(), &bob)])),
                entry("created", none.clone(), json!([
                    changed("lastName", none.clone(), "Byron"),
                    changed("emails", none.clone(), "a@b.example, c@d.example"),
                    changed("doNotDisturb", none.clone(), "SMS"),
                    changed("owner", none.clone(), &ada),
                ])),
            ],
            "totalCount": { "value": 2, "isExact": true }
        })
    );
}

// N1
#[rstest]
#[tokio::test]
async fn what_answers_a_change_names_it_as_its_cause(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let ada = world.user("Ada").admin().create().await;
    let [bob, cleo] = world.users(["Bob", "Cleo"]).await;
    let contact = world.contact().owned_by(&bob).followed_by(&cleo).create().await;
    let deal = world.opportunity(&contact).owned_by(&bob).create().await;
    world.turn_on([Setting::PreviousOwnerFollows]).await;
    ada.hands(&contact, &cleo).is_done().await;

    let caused = |kind: &str, caused_by: Option<&str>| json!({ "kind": kind, "causedBy": caused_by.map(|kind| json!({ "kind": kind })) });
    let chain = async |record: Value| {
        let document = "query($id: ID!) { node(id: $id) { ... on Record { activity(first: 3) { nodes { kind causedBy { kind } } } } } }";
        let answer = ada.asks(document, json!({ "id": record })).await;
        answer.data()["node"]["activity"]["nodes"].clone()
    };
    assert_eq!(
        chain(json!(contact)).await,
        json!([
            caused("contact.follower_added", Some("contact.owner_changed")),
            caused("contact.follower_removed", Some("contact.owner_changed")),
            caused("contact.owner_changed", None),
        ])
    );
    let deals = chain(json!(deal)).await;
    assert_eq!(deals[0], caused("opportunity.follower_added", Some("opportunity.owner_changed")));
    assert_eq!(deals[1], caused("opportunity.owner_changed", Some("contact.owner_changed")));
}

// N1
#[rstest]
#[tokio::test]
async fn the_history_is_never_edited(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let contact = world.contact().create().await;
    ada.does("Update", &contact, json!({ "city": "Bonn" })).is_done().await;
    let before = world.tables().await;
    for sql in [
        "UPDATE activity SET kind = 'contact.nothing'",
        "UPDATE activity SET actor_id = NULL",
        "DELETE FROM activity",
    ] {
        assert!(world.sql.execute_unprepared(sql).await.is_err(), "{sql}");
    }
    before.assert_same(&world.tables().await);
    let rows =
        activity::Entity::find().order_by_asc(activity::Column::Id).all(&world.sql).await.expect("rows");
    assert!(!rows.is_empty());
}
