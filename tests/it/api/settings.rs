//! The ownership settings (O1, O9).

use policy::Permission::ManageSettings;
use rstest::rstest;
use serde_json::{Value, json};

use super::document::mutation;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{AnyRecord as _, Person, Setting, World};

const SETTINGS: &str = "ownershipSettings {
    separateOwners opportunityOwnerFollowsContact contactOwnerFollowsOpportunities previousOwnerFollows version }";

fn settings(on: [bool; 4], version: i64) -> Value {
    json!({
        "separateOwners": on[0], "opportunityOwnerFollowsContact": on[1], "contactOwnerFollowsOpportunities": on[2],
        "previousOwnerFollows": on[3], "version": version
    })
}

async fn seen_by(person: &Person) -> Value {
    let answer = person.reads(format!("{{ account {{ {SETTINGS} }} }}")).await;
    answer.data()["account"]["ownershipSettings"].clone()
}

async fn save(person: &Person, input: Value) -> Value {
    let document = mutation("ownershipSettingsSave", SETTINGS);
    let answer = person.asks(document, json!({ "input": input })).await;
    let payload = answer.done();
    assert_eq!(payload["id"], json!(person.world_account()));
    payload["account"]["ownershipSettings"].clone()
}

impl Person {
    fn world_account(&self) -> String {
        use crate::world::Acts as _;
        self.world().account.to_string()
    }
}

// O1
#[rstest]
#[tokio::test]
async fn everything_is_off_at_first_and_everybody_reads_it(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let saga = world.user("Saga").restricted().holding([]).create().await;
    assert_eq!(seen_by(&saga).await, settings([false; 4], 1));
    saga.reads("{ account { id name country currency } }")
        .sees(json!({ "account": {
            "id": world.account.to_string(), "name": world.settings().await.name, "country": "DE", "currency": "EUR"
        } }))
        .await;
}

// O1
#[rstest]
#[tokio::test]
async fn saving_needs_manage_settings_and_no_more(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let input = json!({ "separateOwners": true, "expectedVersion": 1 });
    let error = ada.mutates("ownershipSettingsSave", input.clone()).is_refused("PERMISSION_DENIED").await;
    assert_eq!(
        error,
        json!({ "code": "PERMISSION_DENIED", "field": ["input"], "permission": "MANAGE_SETTINGS" })
    );
    assert_eq!(seen_by(&ada).await, settings([false; 4], 1));

    // P6: a restricted holder may, and an admin.
    let saga = world.user("Saga").restricted().holding([ManageSettings]).create().await;
    assert_eq!(save(&saga, input).await, settings([true, false, false, false], 2));
    let eve = world.user("Eve").admin().create().await;
    let input = json!({ "previousOwnerFollows": true, "expectedVersion": 2 });
    assert_eq!(save(&eve, input).await, settings([true, false, false, true], 3));
}

// O1
#[rstest]
#[tokio::test]
async fn one_save_changes_them_together_and_leaves_the_rest(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let eve = world.user("Eve").admin().create().await;
    let all = json!({
        "separateOwners": true, "opportunityOwnerFollowsContact": true, "contactOwnerFollowsOpportunities": true,
        "previousOwnerFollows": true, "expectedVersion": 1
    });
    assert_eq!(save(&eve, all).await, settings([true; 4], 2));
    let some = json!({ "opportunityOwnerFollowsContact": false, "previousOwnerFollows": null, "expectedVersion": 2 });
    assert_eq!(save(&eve, some).await, settings([true, false, true, true], 3));
    // Saved as they are, nothing happens.
    let same = json!({ "separateOwners": true, "expectedVersion": 3 });
    eve.mutates("ownershipSettingsSave", same).is_nothing_to_do().await;
    assert_eq!(seen_by(&eve).await, settings([true, false, true, true], 3));
}

// O1, R6
#[rstest]
#[tokio::test]
async fn settings_that_somebody_else_has_saved_are_not_overwritten(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let eve = world.user("Eve").admin().create().await;
    save(&eve, json!({ "separateOwners": true, "expectedVersion": 1 })).await;
    for version in [1, 3] {
        let input = json!({ "separateOwners": false, "expectedVersion": version });
        let error = eve.mutates("ownershipSettingsSave", input).is_refused("STALE_VERSION").await;
        assert_eq!(
            error,
            json!({ "code": "STALE_VERSION", "field": ["input", "expectedVersion"], "current": null, "currentVersion": 2 })
        );
    }
    // The payload has the current state, so that nobody must ask again.
    let document = mutation("ownershipSettingsSave", SETTINGS);
    let answer = eve.asks(document, json!({ "input": { "expectedVersion": 1 } })).await;
    assert_eq!(answer.payload()["account"]["ownershipSettings"], settings([true, false, false, false], 2));
}

// O9, AF3
#[rstest]
#[tokio::test]
async fn switching_changes_no_owner_and_adds_nobody(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [oda, erik] = world.users(["Oda", "Erik"]).await;
    let eve = world.user("Eve").admin().create().await;
    let contact = world.contact().owned_by(&oda).create().await;
    let deal = world.opportunity(&contact).owned_by(&erik).create().await;
    let (contact_row, deal_row) = (contact.row().await, deal.row().await);

    for (version, on) in [(2, true), (3, false), (4, true)] {
        let input = json!({
            "separateOwners": on, "opportunityOwnerFollowsContact": true, "contactOwnerFollowsOpportunities": true,
            "expectedVersion": version
        });
        save(&eve, input).await;
        assert_eq!((contact.row().await, deal.row().await), (contact_row.clone(), deal_row.clone()));
        assert_eq!((contact.followers().await, deal.followers().await), (vec![], vec![]));
    }
    // Records that differ stay so until their next change.
    world.turn_off([Setting::SeparateOwners]).await;
    oda.does("Update", &contact, json!({ "city": "Bonn" })).is_done().await;
    assert_eq!(eve.sees_owner_of(&deal).await.as_deref(), Some("Erik"));
    eve.hands(&contact, &erik).is_done().await;
    assert_eq!(eve.sees_owner_of(&deal).await.as_deref(), Some("Erik"));
    eve.hands(&contact, &oda).is_done().await;
    assert_eq!(eve.sees_owner_of(&deal).await.as_deref(), Some("Oda"));
}

// N1, O1
#[rstest]
#[tokio::test]
async fn a_save_stands_in_the_history(#[values(Sqlite, Postgres)] on: Kind) {
    use entity::activity;
    use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

    let Some(world) = World::on(on).await else { return };
    let eve = world.user("Eve").admin().create().await;
    let saga = world.user("Saga").restricted().create().await;
    save(&eve, json!({ "separateOwners": true, "previousOwnerFollows": false, "expectedVersion": 1 })).await;
    let saved = activity::Entity::find()
        .filter(activity::Column::AccountId.eq(world.account))
        .filter(activity::Column::Kind.eq("account.settings_saved"))
        .order_by_asc(activity::Column::Id)
        .all(&world.sql)
        .await
        .expect("the history is read");
    let [entry] = &saved[..] else { panic!("one entry, not {saved:#?}") };
    let node = "query($id: ID!) { node(id: $id) { ... on Activity {
        kind at actor { name } cause causedBy { id } record { id } changes { field before after } } } }";
    saga.asks(node, json!({ "id": entry.id.to_string() }))
        .sees(json!({ "node": {
            "kind": "account.settings_saved", "at": retinue::domain::validate::rfc3339(world.now()),
            "actor": { "name": "Eve" }, "cause": "USER", "causedBy": null, "record": null,
            "changes": [{ "field": "separateOwners", "before": "false", "after": "true" }]
        } }))
        .await;
}
