//! A refused call stores nothing: its key stays free.

use policy::Permission::EditContacts;
use rstest::rstest;
use serde_json::{Value, json};

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{AnyRecord as _, World};

// R6
#[rstest]
#[tokio::test]
async fn a_refused_call_leaves_its_key_free(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&ada).followed_by(&bob).create().await;
    let crowd = world.crowd(10).await;
    // Each is refused at another place: not found, denied, invalid, stale, limit.
    let add = |people: Value| json!({ "id": contact, "userIds": people });
    for (name, input, code) in [
        ("contactUpdate", json!({ "id": "contact_no", "city": "Rome" }), "NOT_FOUND"),
        ("contactAddFollowers", add(json!(["user_no"])), "NOT_FOUND"),
        ("contactChangeOwner", json!({ "id": contact, "ownerId": bob }), "OWNER_CHANGE_DENIED"),
        ("contactChangeOwner", json!({ "id": contact }), "INVALID_INPUT"),
        ("contactUpdate", json!({ "id": contact, "city": "" }), "INVALID_INPUT"),
        ("contactUpdate", json!({ "id": contact, "city": "Rome", "expectedVersion": 9 }), "STALE_VERSION"),
        ("contactAddFollowers", add(json!(crowd)), "FOLLOWER_LIMIT_REACHED"),
        (
            "ownershipSettingsSave",
            json!({ "separateOwners": false, "expectedVersion": 1 }),
            "PERMISSION_DENIED",
        ),
    ] {
        for _ in 0..2 {
            bob.calls(name, "k", input.clone()).is_refused(code).await;
        }
        assert_eq!(world.keys().await, [], "{name}: {code}");
    }
    bob.calls("contactUpdate", "k", json!({ "id": contact, "city": "Rome" })).is_done().await;
    assert_eq!(world.keys().await.len(), 1);
}

// R6: what was refused is tried anew, since the reason may be gone.
#[rstest]
#[tokio::test]
async fn the_same_call_may_succeed_later(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    bob.loses(EditContacts).await;
    let update = || bob.calls("contactUpdate", "k", json!({ "id": contact, "city": "Rome" }));
    update().is_refused("PERMISSION_DENIED").await;
    bob.is_granted(EditContacts).await;
    update().is_done().await;
    assert_eq!(contact.version().await, 2);
    update().is_nothing_to_do().await;
}

// R6: the act is not asked for again, so that who has lost the answer, and the right with it, still gets the answer.
#[rstest]
#[tokio::test]
async fn a_replay_asks_for_no_right_to_act(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let give = || {
        let input = json!({ "id": contact, "ownerId": bob, "expectedVersion": 1 });
        ada.calls("contactChangeOwner", "k", input)
    };
    let given = give().is_done().await;
    assert_eq!(given["previousOwner"], json!({ "name": "Ada" }));
    // By now it is Bob's, and has another version: a second change would be refused.
    ada.calls("contactChangeOwner", "l", json!({ "id": contact, "ownerId": ada }))
        .is_refused("OWNER_CHANGE_DENIED")
        .await;
    assert_eq!(give().is_nothing_to_do().await, given);

    ada.loses(EditContacts).await;
    assert_eq!(give().is_nothing_to_do().await, given);
}
