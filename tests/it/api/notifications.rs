//! The inbox over the graph: one's own alone, read with the rights of the moment (N3, N4).

use policy::Permission::ViewContacts;
use rstest::rstest;
use serde_json::{Value, json};

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, Person, World};

const INBOX: &str =
    "query($first: Int, $after: String, $unreadOnly: Boolean, $archived: Boolean) { viewer { unreadCount
    notifications(first: $first, after: $after, unreadOnly: $unreadOnly, archived: $archived) {
        totalCount { value } pageInfo { hasNextPage endCursor }
        nodes { id number at kind reason actor { name } record { __typename id } activity { kind }
            activities { kind } activityCount displayName isHidden isRead readAt archivedAt } } } }";

/// The notices of a page, the newest first.
async fn inbox(person: &Person, variables: Value) -> Vec<Value> {
    let answer = person.asks(INBOX, variables).await;
    answer.data()["viewer"]["notifications"]["nodes"].as_array().expect("notices").clone()
}

async fn unread(person: &Person) -> Value {
    person.reads("{ viewer { unreadCount } }").await.data()["viewer"]["unreadCount"].clone()
}

fn numbers(notices: &[Value]) -> Vec<i64> {
    notices.iter().map(|notice| notice["number"].as_i64().expect("a number")).collect()
}

// N2, N3
#[rstest]
#[tokio::test]
async fn an_inbox_says_what_happened_the_newest_first(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().named("Zoe").owned_by(&ada).create().await;
    ada.adds([&bob], &contact).await.expect("added");
    world.clock.advance_seconds(1);
    ada.renames(&contact, "Zora").await.expect("renamed");
    let notices = inbox(&bob, json!({})).await;
    let at = |seconds: i64| retinue::domain::validate::rfc3339(world.in_seconds(seconds));
    let expected = |number: i64, kind: &str, reason: &str, activity: &str, seconds| {
        json!({ "id": notices[usize::try_from(2 - number).expect("a place")]["id"], "number": number,
            "at": at(seconds), "kind": kind, "reason": reason, "actor": { "name": "Ada" },
            "record": { "__typename": "Contact", "id": contact }, "activity": { "kind": activity },
            "activities": [{ "kind": activity }], "activityCount": 1, "displayName": null, "isHidden": false,
            "isRead": false, "readAt": null, "archivedAt": null })
    };
    assert_eq!(
        notices,
        [
            expected(2, "RECORD_UPDATED", "FOLLOWER", "contact.updated", 0),
            expected(1, "FOLLOW_GAINED", "ADDED", "contact.follower_added", -1),
        ]
    );
    assert_eq!(unread(&bob).await, 2);

    // Pages.
    let answer = bob.asks(INBOX, json!({ "first": 1 })).await;
    let page = &answer.data()["viewer"]["notifications"];
    assert_eq!((&page["totalCount"]["value"], &page["pageInfo"]["hasNextPage"]), (&json!(2), &json!(true)));
    let next = inbox(&bob, json!({ "first": 1, "after": page["pageInfo"]["endCursor"] })).await;
    assert_eq!(numbers(&next), [1]);
    bob.asks(INBOX, json!({ "first": 201 })).await.has_errors(["BAD_USER_INPUT viewer.notifications"]);
}

// N3
#[rstest]
#[tokio::test]
async fn an_inbox_is_its_owners_alone(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let admin = world.user("Admin").admin().create().await;
    let bob = world.user("Bob").create().await;
    world.contact().owned_by(&bob).create().await;
    let id = inbox(&bob, json!({})).await[0]["id"].clone();
    let answer = admin
        .asks(
            "query($id: ID!, $notice: ID!) { node(id: $id) { ... on User { name unreadCount
                notifications { nodes { id } } notificationPreferences { kind } } }
                notice: node(id: $notice) { id } nodes(ids: [$notice]) { id } }",
            json!({ "id": bob, "notice": id }),
        )
        .await;
    answer.has_errors([
        "FORBIDDEN node.notificationPreferences",
        "FORBIDDEN node.notifications",
        "FORBIDDEN node.unreadCount",
    ]);
    let user =
        json!({ "name": "Bob", "unreadCount": null, "notifications": null, "notificationPreferences": null });
    assert_eq!(answer.partial(), &json!({ "node": user, "notice": null, "nodes": [null] }));
    for mutation in
        ["notificationMarkRead", "notificationMarkUnread", "notificationArchive", "notificationUnarchive"]
    {
        let error = admin.mutates(mutation, json!({ "ids": [id] })).is_refused("NOT_FOUND").await;
        assert_eq!(error["field"], json!(["input", "ids", "0"]));
    }
    let node = "query($id: ID!) { node(id: $id) { __typename id ... on Notification { kind number } } }";
    let expected = json!({ "__typename": "Notification", "id": id, "kind": "OWNERSHIP_GAINED", "number": 1 });
    bob.asks(node, json!({ "id": id })).sees(json!({ "node": expected })).await;
}

// N3: nobody else's business: no history, no notice, no event.
#[rstest]
#[tokio::test]
async fn notices_are_read_archived_and_brought_back(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let bob = world.user("Bob").create().await;
    let contact = world.contact().owned_by(&bob).create().await;
    for name in ["Zoe", "Zora"] {
        world.command_line().renames(&contact, name).await.expect("renamed");
    }
    let ids: Vec<Value> = inbox(&bob, json!({})).await.iter().map(|notice| notice["id"].clone()).collect();
    let others = world.tables().await.but_for("notification");

    let done = bob.mutates("notificationMarkRead", json!({ "ids": [ids[0], ids[0]] })).is_done().await;
    assert_eq!((&done["unreadCount"], done["notifications"].as_array().map(Vec::len)), (&json!(2), Some(1)));
    assert_eq!(
        (&done["notifications"][0]["isRead"], &done["notifications"][0]["number"]),
        (&json!(true), &json!(3))
    );
    let at = done["notifications"][0]["readAt"].clone();
    world.clock.advance_seconds(1);
    let again = bob.mutates("notificationMarkRead", json!({ "ids": [ids[0]] })).is_nothing_to_do().await;
    assert_eq!(again["notifications"][0]["readAt"], at);
    assert_eq!(numbers(&inbox(&bob, json!({ "unreadOnly": true })).await), [2, 1]);
    assert_eq!(numbers(&inbox(&bob, json!({})).await), [3, 2, 1]);

    // All that are named, or none.
    let nobody = world.base.ids.next::<entity::NotificationId>().to_string();
    let error =
        bob.mutates("notificationMarkRead", json!({ "ids": [ids[1], nobody] })).is_refused("NOT_FOUND").await;
    assert_eq!(error["field"], json!(["input", "ids", "1"]));
    let error = bob
        .mutates("notificationArchive", json!({ "ids": vec![ids[1].clone(); 201] }))
        .is_refused("INVALID_INPUT")
        .await;
    assert_eq!(error["field"], json!(["input", "ids"]));
    assert_eq!(unread(&bob).await, 2);

    let done = bob.mutates("notificationArchive", json!({ "ids": [ids[1]] })).is_done().await;
    assert_eq!(done["unreadCount"], 1, "what is archived counts no more");
    assert_ne!(done["notifications"][0]["archivedAt"], Value::Null);
    bob.mutates("notificationArchive", json!({ "ids": [ids[1]] })).is_nothing_to_do().await;
    assert_eq!(numbers(&inbox(&bob, json!({})).await), [3, 1]);
    assert_eq!(numbers(&inbox(&bob, json!({ "archived": true })).await), [2]);
    bob.mutates("notificationUnarchive", json!({ "ids": [ids[1]] })).is_done().await;
    bob.mutates("notificationUnarchive", json!({ "ids": [ids[1]] })).is_nothing_to_do().await;
    assert_eq!(numbers(&inbox(&bob, json!({})).await), [3, 2, 1]);

    bob.mutates("notificationMarkUnread", json!({ "ids": [ids[0]] })).is_done().await;
    bob.mutates("notificationMarkUnread", json!({ "ids": [ids[0]] })).is_nothing_to_do().await;
    assert_eq!(unread(&bob).await, 3);
    let done = bob.mutates("notificationMarkAllRead", json!({ "upTo": 2 })).is_done().await;
    assert_eq!(done, json!({ "unreadCount": 1 }), "what came later stays unread");
    bob.mutates("notificationMarkAllRead", json!({ "upTo": 2 })).is_nothing_to_do().await;
    bob.mutates("notificationMarkAllRead", json!({ "upTo": -7 })).is_nothing_to_do().await;
    others.assert_same(&world.tables().await.but_for("notification"));
}

// N3
#[rstest]
#[tokio::test]
async fn a_kind_is_switched_off_and_on(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let bob = world.user("Bob").create().await;
    let contact = world.contact().owned_by(&bob).create().await;
    let asked = "{ viewer { notificationPreferences { kind wanted } } }";
    let answer = bob.reads(asked).await;
    let all = answer.data()["viewer"]["notificationPreferences"].as_array().expect("kinds").clone();
    assert_eq!(all.len(), 17);
    assert!(
        all.iter().all(|preference| preference["wanted"] == true),
        "one is told, until one says otherwise"
    );

    let set = |wanted: bool| {
        bob.mutates("notificationPreferenceSet", json!({ "kind": "RECORD_UPDATED", "wanted": wanted }))
    };
    set(true).is_nothing_to_do().await;
    let others = world.tables().await.but_for("notification_preference");
    let done = set(false).is_done().await;
    let off: Vec<Value> = done["preferences"].as_array().expect("kinds").clone();
    let off: Vec<&Value> = off.iter().filter(|one| one["wanted"] == false).map(|one| &one["kind"]).collect();
    assert_eq!(off, ["RECORD_UPDATED"]);
    set(false).is_nothing_to_do().await;
    others.assert_same(&world.tables().await.but_for("notification_preference"));
    world.command_line().renames(&contact, "Zoe").await.expect("renamed");
    assert_eq!(numbers(&inbox(&bob, json!({})).await), [1]);
    set(true).is_done().await;
    world.command_line().renames(&contact, "Zora").await.expect("renamed");
    assert_eq!(numbers(&inbox(&bob, json!({})).await), [2, 1], "and no number was left out");
}

// F8
#[rstest]
#[tokio::test]
async fn a_mute_silences_the_record_and_not_oneself(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let bob = world.user("Bob").create().await;
    let contact = world.contact().owned_by(&bob).create().await;
    let deal = world.opportunity(&contact).owned_by(&bob).create().await;
    let known = inbox(&bob, json!({})).await.len();
    bob.mutates("contactSetMuted", json!({ "id": contact, "muted": true })).is_done().await;
    bob.mutates("opportunitySetMuted", json!({ "id": deal, "muted": true })).is_done().await;
    world.command_line().renames(&contact, "Zoe").await.expect("renamed");
    world.command_line().renames(&deal, "Deal").await.expect("renamed");
    assert_eq!(inbox(&bob, json!({})).await.len(), known);
    world.command_line().clears_owner_of(&contact).await.expect("cleared");
    assert_eq!(inbox(&bob, json!({})).await[0]["kind"], "OWNERSHIP_LOST");
    bob.mutates("opportunitySetMuted", json!({ "id": deal, "muted": false })).is_done().await;
    world.command_line().renames(&deal, "Bigger").await.expect("renamed");
    assert_eq!(inbox(&bob, json!({})).await[0]["kind"], "RECORD_UPDATED");
}

// N4: what may no longer be seen keeps its number, and that one lost it is told all the same.
#[rstest]
#[tokio::test]
async fn what_is_out_of_sight_keeps_its_number_alone(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").admin().create().await;
    let bob = world.user("Bob").restricted().create().await;
    let contact = world.contact().named("Zoe").create().await;
    ada.adds([&bob], &contact).await.expect("added");
    ada.renames(&contact, "Zora").await.expect("renamed");
    ada.removes([&bob], &contact).await.expect("removed");
    let what = |notices: &[Value]| -> Vec<Value> {
        let says = |notice: &Value| {
            json!([
                notice["number"],
                notice["kind"],
                notice["reason"],
                notice["actor"]["name"],
                notice["displayName"],
                notice["record"]["__typename"],
                notice["activity"]["kind"],
                notice["activityCount"],
                notice["activities"].as_array().map(Vec::len),
                notice["isHidden"]
            ])
        };
        notices.iter().map(says).collect()
    };
    let lost = json!([3, "FOLLOW_LOST", "REMOVED", "Ada", "Zora", null, null, 1, 0, false]);
    let hidden = |number: i64| json!([number, null, null, null, null, null, null, null, 0, true]);
    let answer = bob.asks(INBOX, json!({})).await;
    assert_eq!(
        what(answer.data()["viewer"]["notifications"]["nodes"].as_array().expect("notices")),
        [lost.clone(), hidden(2), hidden(1)]
    );
    assert!(!answer.text.contains(&contact.id.to_string()));

    // P3, P4: of a module that is switched off nothing is told at all.
    bob.loses(ViewContacts).await;
    assert_eq!(what(&inbox(&bob, json!({})).await), [hidden(3), hidden(2), hidden(1)]);
    bob.is_granted(ViewContacts).await;
    assert_eq!(what(&inbox(&bob, json!({})).await), [lost, hidden(2), hidden(1)]);

    // Who may see it still, or again, is told with the record.
    ada.adds([&bob], &contact).await.expect("added");
    let again = what(&inbox(&bob, json!({})).await);
    assert_eq!(
        again[0],
        json!([4, "FOLLOW_GAINED", "ADDED", "Ada", null, "Contact", "contact.follower_added", 1, 1, false])
    );
    assert_eq!(
        again[1],
        json!([
            3,
            "FOLLOW_LOST",
            "REMOVED",
            "Ada",
            "Zora",
            "Contact",
            "contact.follower_removed",
            1,
            1,
            false
        ])
    );
    assert_eq!(again[3][1], "FOLLOW_GAINED");

    // R4: what is deleted is out of sight for everybody, and that it was deleted is told by its name.
    ada.deletes(&contact).await.expect("deleted");
    let deleted = what(&inbox(&bob, json!({})).await);
    assert_eq!(deleted[0], json!([5, "RECORD_DELETED", "FOLLOWER", "Ada", "Zora", null, null, 1, 0, false]));
    assert_eq!(deleted[1], hidden(4));
    ada.restores(&contact).await.expect("restored");
    let restored = what(&inbox(&bob, json!({})).await);
    assert_eq!(restored[0][1], "RECORD_RESTORED");
    assert_eq!(restored[1][5], "Contact");
    assert_eq!(unread(&bob).await, 6);
}

// N3: the number of statements does not grow with the page, and what is hidden costs what is seen (A7).
#[rstest]
#[tokio::test]
async fn a_page_of_the_inbox_costs_the_same_whatever_is_in_it(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let bob = world.user("Bob").restricted().create().await;
    let contact = world.contact().owned_by(&bob).create().await;
    let deal = world.opportunity(&contact).owned_by(&bob).create().await;
    for number in 0..15 {
        world.command_line().renames(&contact, &format!("Zoe {number}")).await.expect("renamed");
        world.command_line().renames(&deal, &format!("Deal {number}")).await.expect("renamed");
    }
    let counted = async |first: i64| {
        let (answer, statements) = bob.asks(INBOX, json!({ "first": first })).counted().await;
        let nodes = answer.data()["viewer"]["notifications"]["nodes"].as_array().map(Vec::len);
        assert_eq!(nodes, usize::try_from(first).ok());
        statements.len()
    };
    let costs = [counted(1).await, counted(10).await, counted(30).await];
    assert_eq!(costs, [costs[0]; 3]);
    world.command_line().clears_owner_of(&contact).await.expect("cleared");
    world.command_line().clears_owner_of(&deal).await.expect("cleared");
    assert_eq!(
        [counted(1).await, counted(10).await, counted(30).await],
        [costs[0]; 3],
        "also where all is hidden"
    );
}
