//! Deleting and restoring on the graph (A3, R4).

use policy::Permission::{DeleteContacts, DeleteOpportunities};
use rstest::rstest;
use serde_json::json;

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, World};

const TRASH: &str = "{ deletedContacts { totalCount { value isExact } nodes {
    contactId displayName owner { name } deletedBy { name } deletedAt purgedAt opportunityCount } }
  deletedOpportunities { nodes { opportunityId name contactName deletedWithContact owner { name } deletedBy { name }
    deletedAt purgedAt } } }";

// A3, A10, R4, G2
#[rstest]
#[tokio::test]
async fn a_contact_is_deleted_found_and_restored(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").also_holding([DeleteContacts, DeleteOpportunities]).create().await;
    let bob = world.user("Bob").create().await;
    let contact = world.contact().named("Bea").owned_by(&bob).create().await;
    let deal = world.opportunity(&contact).named("Roof").owned_by(&bob).create().await;
    let access = format!(
        "{{ contact(id: \"{}\") {{ viewerAccess {{ delete {{ allowed reason permission }} }} }} }}",
        contact.id
    );
    let allowed = json!({ "allowed": true, "reason": null, "permission": null });
    ada.reads(&access).sees(json!({ "contact": { "viewerAccess": { "delete": allowed } } })).await;
    let denied = json!({ "allowed": false, "reason": "MISSING_PERMISSION", "permission": "DELETE_CONTACTS" });
    bob.reads(&access).sees(json!({ "contact": { "viewerAccess": { "delete": denied } } })).await;

    let no = bob.mutates("contactDelete", json!({ "id": contact })).is_refused("PERMISSION_DENIED").await;
    assert_eq!(no["permission"], "DELETE_CONTACTS");
    bob.mutates("opportunityDelete", json!({ "id": deal })).is_refused("PERMISSION_DENIED").await;
    let stale = json!({ "id": contact, "expectedVersion": 7 });
    let stale = ada.mutates("contactDelete", stale).is_refused("STALE_VERSION").await;
    assert_eq!(stale["current"]["version"], 1);

    let done = ada.mutates("contactDelete", json!({ "id": contact, "expectedVersion": 1 })).is_done().await;
    assert_eq!(done, json!({ "id": contact, "contact": null, "opportunityCount": 1 }));
    ada.mutates("contactDelete", json!({ "id": contact })).is_refused("NOT_FOUND").await;
    for person in [&ada, &bob] {
        let ids = json!({ "ids": [contact, deal] });
        person
            .asks("query($ids: [ID!]!) { nodes(ids: $ids) { id } contacts { nodes { id } } opportunities { nodes { id } } }", ids)
            .sees(json!({ "nodes": [null, null], "contacts": { "nodes": [] }, "opportunities": { "nodes": [] } }))
            .await;
    }
    let (at, until) = ("2026-01-05T", "2026-03-06T");
    let found = ada.reads(TRASH).await.data().clone();
    let mine = &found["deletedContacts"]["nodes"][0];
    assert_eq!(mine["contactId"], json!(contact));
    assert_eq!((&mine["displayName"], &mine["opportunityCount"]), (&json!("Bea"), &json!(1)));
    assert_eq!((&mine["owner"]["name"], &mine["deletedBy"]["name"]), (&json!("Bob"), &json!("Ada")));
    assert!(mine["deletedAt"].as_str().expect("an instant").starts_with(at));
    assert!(mine["purgedAt"].as_str().expect("an instant").starts_with(until));
    assert_eq!(found["deletedContacts"]["totalCount"], json!({ "value": 1, "isExact": true }));
    let its = &found["deletedOpportunities"]["nodes"][0];
    assert_eq!((&its["contactName"], &its["deletedWithContact"]), (&json!("Bea"), &json!(true)));
    let none = bob.reads(TRASH).await.data().clone();
    assert_eq!(
        (&none["deletedContacts"]["nodes"], &none["deletedOpportunities"]["nodes"]),
        (&json!([]), &json!([]))
    );

    ada.mutates("opportunityRestore", json!({ "id": deal })).is_refused("INVALID_INPUT").await;
    bob.mutates("contactRestore", json!({ "id": contact })).is_refused("NOT_FOUND").await;
    bob.mutates("opportunityRestore", json!({ "id": deal })).is_refused("NOT_FOUND").await;
    let done = ada.mutates("contactRestore", json!({ "id": contact })).is_done().await;
    assert_eq!(done, json!({ "id": contact, "contact": { "id": contact }, "opportunityCount": 1 }));
    assert!(bob.sees(&deal).await);

    let done = ada.mutates("opportunityDelete", json!({ "id": deal })).is_done().await;
    assert_eq!(done, json!({ "id": deal, "opportunity": null }));
    let done = ada.mutates("opportunityRestore", json!({ "id": deal })).is_done().await;
    assert_eq!(done, json!({ "id": deal, "opportunity": { "id": deal } }));
}

// R4: a page of the deleted costs the same whatever its size.
#[rstest]
#[tokio::test]
async fn the_list_of_the_deleted_takes_a_constant_number_of_statements(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").admin().create().await;
    let mut counts = Vec::new();
    for more in [1, 6] {
        for _ in 0..more {
            let contact = world.contact().owned_by(&ada).create().await;
            world.opportunity(&contact).owned_by(&ada).create().await;
            ada.deletes(&contact).await.expect("deleted");
        }
        counts.push(ada.reads(TRASH).counted().await.1.len());
    }
    assert_eq!(counts[0], counts[1]);
}
