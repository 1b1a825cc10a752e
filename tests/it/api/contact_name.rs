//! An opportunity whose contact is hidden shows the contact's name, and nothing more (A8).

use entity::ContactId;
use retinue::domain::contact::{ContactFields, CreateContact};
use retinue::domain::patch::Patch;
use rstest::rstest;
use serde_json::json;

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, Contact, World};

const EMAIL: &str = "secret@hidden.example";
const PHONE: &str = "+4930901820";

/// A contact that has these names, an e-mail address, a phone number and more.
async fn contact(world: &World, names: [Option<&str>; 3]) -> Contact {
    let [first_name, last_name, company] =
        names.map(|name| name.map_or(Patch::Keep, |name| Patch::Set(name.into())));
    let fields = ContactFields {
        first_name,
        last_name,
        company,
        emails: Patch::Set(vec![EMAIL.into()]),
        phones: Patch::Set(vec![PHONE.into()]),
        city: Patch::Set("Geheimstadt".into()),
        tags: Patch::Set(vec!["geheim".into()]),
        source: Patch::Set("Geheimquelle".into()),
        ..ContactFields::default()
    };
    let made = world.command_line().makes_contact(CreateContact { fields, ..CreateContact::default() }).await;
    made.expect("the contact is made")
}

// A8
#[rstest]
#[tokio::test]
async fn the_contacts_name_is_all_that_shows(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let finn = world.user("Finn").restricted().create().await;
    for (names, expected) in [
        ([Some("Ada"), Some("Byron"), Some("Engines Ltd")], "Ada Byron"),
        ([Some("Ada"), None, Some("Engines Ltd")], "Ada"),
        ([None, Some("Byron"), None], "Byron"),
        ([None, None, Some("Engines Ltd")], "Engines Ltd"),
        ([None, None, None], "Unnamed contact"),
    ] {
        let contact = contact(&world, names).await;
        let deal = world.opportunity(&contact).named("Deal").followed_by(&finn).create().await;
        let everything = "query($id: ID!) { opportunity(id: $id) {
            name contactName contact { id displayName emails phones tags source address { city } owner { name } }
            followers { user { name } causedBy { kind record { id } } } viewerAccess { edit { allowed } }
            activity { nodes { kind actor { name } record { id } causedBy { kind } changes { field before after } } }
        } }";
        let answer = finn.asks(everything, json!({ "id": deal })).await;
        let opportunity = &answer.data()["opportunity"];
        assert_eq!(opportunity["contactName"], expected);
        assert_eq!(opportunity["contact"], json!(null));
        for secret in [EMAIL, PHONE, "Geheim", "geheim", &contact.id.to_string()] {
            assert!(!answer.text.contains(secret), "`{secret}` is in {}", answer.text);
        }
        for name in names.into_iter().flatten().filter(|name| !expected.contains(name)) {
            assert!(!answer.text.contains(name), "`{name}` is in {}", answer.text);
        }
    }
}

// A8
#[rstest]
#[tokio::test]
async fn the_history_does_not_name_a_hidden_contact(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [una, finn] = [world.user("Una").create().await, world.user("Finn").restricted().create().await];
    let contact = contact(&world, [Some("Ada"), None, None]).await;
    let deal = world.opportunity(&contact).named("Deal").followed_by(&finn).create().await;
    let created = "activity(last: 1) { nodes { kind changes { field after } } }";
    let stage = world.stages[0].to_string();
    let rest = [json!({ "field": "stage", "after": stage }), json!({ "field": "status", "after": "OPEN" })];
    let name = json!({ "field": "name", "after": "Deal" });
    let its_contact = json!({ "field": "contact", "after": contact });
    let entry =
        |changes| json!({ "activity": { "nodes": [{ "kind": "opportunity.created", "changes": changes }] } });
    let all = json!([name, its_contact, rest[0], rest[1]]);
    assert_eq!(una.looks_at(&deal, created).await, entry(all));
    assert_eq!(finn.looks_at(&deal, created).await, entry(json!([name, rest[0], rest[1]])));
}

// A8
#[rstest]
#[tokio::test]
async fn a_filter_by_a_hidden_contact_finds_nothing(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [una, finn] = [world.user("Una").create().await, world.user("Finn").restricted().create().await];
    let contact = contact(&world, [Some("Ada"), None, None]).await;
    let deal = world.opportunity(&contact).followed_by(&finn).create().await;
    assert!(finn.finds(&deal).await);

    let of =
        "query($id: ID!) { opportunities(filter: { contactId: $id }) { totalCount { value } nodes { id } } }";
    una.asks(of, json!({ "id": contact }))
        .sees(json!({ "opportunities": { "totalCount": { "value": 1 }, "nodes": [{ "id": deal }] } }))
        .await;
    let unknown: ContactId = world.base.ids.next();
    for id in [contact.id, unknown] {
        finn.asks(of, json!({ "id": id.to_string() }))
            .sees(json!({ "opportunities": { "totalCount": { "value": 0 }, "nodes": [] } }))
            .await;
    }
}

// A8
#[rstest]
#[tokio::test]
async fn access_to_a_contact_gives_none_to_its_opportunities(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let finn = world.user("Finn").restricted().create().await;
    let contact = world.contact().named("Ada").followed_by(&finn).create().await;
    let hidden = world.opportunity(&contact).create().await;
    let seen = world.opportunity(&contact).owned_by(&finn).create().await;
    assert!(!finn.finds(&hidden).await);
    let nested = "displayName opportunities { totalCount { value } nodes { id } edges { node { id } }
        pageInfo { hasNextPage hasPreviousPage } }";
    let one = json!({ "id": seen });
    assert_eq!(
        finn.looks_at(&contact, nested).await,
        json!({ "displayName": "Ada", "opportunities": {
            "totalCount": { "value": 1 }, "nodes": [one], "edges": [{ "node": one }],
            "pageInfo": { "hasNextPage": false, "hasPreviousPage": false }
        } })
    );
}
