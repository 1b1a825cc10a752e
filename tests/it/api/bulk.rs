//! Bulk acts over the graph: what each record answers, and what refuses the whole call (G2, G3, P1).

use policy::Permission::{BulkActions, ChangeOwners, DeleteContacts, DeleteOpportunities};
use rstest::rstest;
use serde_json::{Value, json};

use super::client::Ask;
use super::document::input_type;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, Person, World};

/// Every mutation of many records, with what it takes beside the records.
fn all(world: &World, person: &Person) -> Vec<(&'static str, Value)> {
    let stage = world.stages[1].to_string();
    vec![
        ("contactBulkChangeOwner", json!({ "ownerId": person })),
        ("contactBulkAddFollowers", json!({ "userIds": [person] })),
        ("contactBulkRemoveFollowers", json!({ "all": true })),
        ("contactBulkTag", json!({ "add": ["vip"] })),
        ("contactBulkDelete", json!({})),
        ("opportunityBulkChangeOwner", json!({ "ownerId": person })),
        ("opportunityBulkAddFollowers", json!({ "userIds": [person] })),
        ("opportunityBulkRemoveFollowers", json!({ "all": true })),
        ("opportunityBulkMoveStage", json!({ "stageId": stage })),
        ("opportunityBulkDelete", json!({})),
    ]
}

impl Person {
    /// Calls a mutation of many records.
    fn bulk(&self, name: &str, which: Value, more: &Value) -> Ask {
        let mut input = which;
        let fields = input.as_object_mut().expect("an input");
        fields.extend(more.as_object().cloned().expect("more of it"));
        let kind = input_type(name);
        let document = format!(
            "mutation($input: {kind}!) {{ {name}(input: $input) {{
                results {{ id outcome record {{ id }} errors {{ __typename code field message
                    ... on OwnerChangeDenied {{ reason permission }} ... on FollowerLimitReached {{ limit }} }} }}
                followChanges {{ record {{ id }} user {{ name }} outcome cause }}
                userErrors {{ __typename code field message ... on PermissionDenied {{ permission }} }} }} }}"
        );
        self.asks(document, json!({ "input": input }))
    }
}

/// What became of each record: the id as it was given, the outcome, and the codes of the errors.
fn told(payload: &Value) -> Vec<(String, String, Vec<String>)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let one = |result: &Value| {
        let errors = result["errors"].as_array().expect("errors").iter();
        (text(&result["id"]), text(&result["outcome"]), errors.map(|error| text(&error["code"])).collect())
    };
    payload["results"].as_array().expect("results").iter().map(one).collect()
}

// G3, A7: a text that is no id, an id of another kind, and a hidden record answer alike, each at its place.
#[rstest]
#[tokio::test]
async fn every_mutation_answers_per_record(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let holds = [ChangeOwners, DeleteContacts, DeleteOpportunities];
    let viewer = world.user("Viewer").restricted().also_holding(holds).create().await;
    let [owner, friend] = world.users(["Owner", "Friend"]).await;
    for (name, more) in all(&world, &friend) {
        let contact = world.contact().owned_by(&viewer).followed_by(&owner).create().await;
        let deal = world.opportunity(&contact).owned_by(&viewer).followed_by(&owner).create().await;
        let hidden = world.contact().owned_by(&owner).create().await;
        let hidden_deal = world.opportunity(&hidden).owned_by(&owner).create().await;
        let (own, other_kind, hidden) = if name.starts_with("contact") {
            (json!(contact), json!(deal), json!(hidden))
        } else {
            (json!(deal), json!(contact), json!(hidden_deal))
        };
        let ids = json!({ "ids": ["nonsense", own, other_kind, hidden, own] });
        let answer = viewer.bulk(name, ids, &more).await;
        let payload = answer.done();
        let missing = |id: &Value| {
            let id = id.as_str().expect("an id").to_owned();
            (id, "REFUSED".to_owned(), vec!["NOT_FOUND".to_owned()])
        };
        let done = (own.as_str().expect("an id").to_owned(), "DONE".to_owned(), vec![]);
        let expected = [missing(&json!("nonsense")), done, missing(&other_kind), missing(&hidden)];
        assert_eq!(told(&payload), expected, "{name}");
        for place in [0, 2, 3] {
            assert_eq!(payload["results"][place]["record"], Value::Null, "{name}");
        }
        let errors = |place: usize| {
            let mut error = payload["results"][place]["errors"][0].clone();
            error["field"][2] = json!("somewhere");
            error
        };
        assert_eq!((errors(0), errors(2)), (errors(3), errors(3)), "{name}");
        assert_eq!(payload["results"][3]["errors"][0]["field"], json!(["input", "ids", "3"]), "{name}");

        // By a filter only what one sees is there at all.
        let filtered = viewer.bulk(name, json!({ "filter": { "owner": { "is": owner } } }), &more).await;
        assert_eq!(told(&filtered.done()), [], "{name}");
    }
}

// P1, G2: what refuses the whole call.
#[rstest]
#[tokio::test]
async fn the_call_is_refused_without_the_permission_or_a_choice(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").admin().create().await;
    let plain = world.user("Plain").lacking([BulkActions]).create().await;
    let contact = world.contact().owned_by(&plain).create().await;
    let deal = world.opportunity(&contact).owned_by(&plain).create().await;
    for (name, more) in all(&world, &ada) {
        let id = if name.starts_with("contact") { json!(contact) } else { json!(deal) };
        let refused = plain.bulk(name, json!({ "ids": [id] }), &more).is_refused("PERMISSION_DENIED").await;
        assert_eq!(
            (&refused["permission"], &refused["field"]),
            (&json!("BULK_ACTIONS"), &json!(["input"])),
            "{name}"
        );
        for which in [json!({}), json!({ "ids": [id], "filter": {} })] {
            let refused = ada.bulk(name, which, &more).is_refused("INVALID_INPUT").await;
            assert_eq!(refused["field"], json!(["input"]), "{name}");
        }
        let many: Vec<String> =
            (0..501).map(|_| world.base.ids.next::<entity::ContactId>().to_string()).collect();
        let expected = if name.starts_with("contact") { "INVALID_INPUT" } else { "" };
        if !expected.is_empty() {
            let refused = ada.bulk(name, json!({ "ids": many }), &more).is_refused(expected).await;
            assert_eq!(refused["field"], json!(["input", "ids"]), "{name}");
        }
        let none = ada.bulk(name, json!({ "ids": [] }), &more).is_nothing_to_do().await;
        assert_eq!(none["results"], json!([]), "{name}");
    }
}

// A5, G2: the reason is each record's own, and what followed is told once.
#[rstest]
#[tokio::test]
async fn reasons_and_followers_are_told(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let clerk = world.user("Clerk").also_holding([ChangeOwners]).create().await;
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let free = world.contact().owned_by(&ada).create().await;
    let followed = world.contact().owned_by(&ada).followed_by(&clerk).create().await;
    let more = json!({ "ownerId": bob, "previousOwnerFollows": true });
    let ids = json!({ "ids": [free, followed] });
    let payload = clerk.bulk("contactBulkChangeOwner", ids, &more).is_done().await;
    assert_eq!(payload["results"][0]["outcome"], "DONE");
    let error = &payload["results"][1]["errors"][0];
    assert_eq!((&error["code"], &error["reason"]), (&json!("OWNER_CHANGE_DENIED"), &json!("FOLLOWER")));
    assert_eq!(error["field"], json!(["input", "ownerId"]));
    let stayed = json!([{ "record": { "id": free }, "user": { "name": "Ada" }, "outcome": "ADDED", "cause": "PREVIOUS_OWNER" }]);
    assert_eq!(payload["followChanges"], stayed);

    // Who gives away what only owners see gets null back, and that is success.
    let narrow = world.user("Narrow").restricted().create().await;
    let own = world.contact().owned_by(&narrow).create().await;
    let payload = narrow
        .bulk("contactBulkChangeOwner", json!({ "ids": [own] }), &json!({ "ownerId": bob }))
        .is_done()
        .await;
    let given = json!([{ "id": own, "outcome": "DONE", "record": null, "errors": [] }]);
    assert_eq!(payload["results"], given);
}

// R6: refusals of single records are told again as they were.
#[rstest]
#[tokio::test]
async fn a_replay_tells_each_record_again(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let crowd = world.crowd(10).await;
    let ada = world.user("Ada").create().await;
    let full = world.contact().owned_by(&ada).create().await;
    world.command_line().adds(&crowd, &full).await.expect("ten");
    let free = world.contact().owned_by(&ada).create().await;
    let more = json!({ "userIds": [world.user("New").create().await], "idempotencyKey": "once" });
    let ids = json!({ "ids": [full, "nonsense", free] });
    let first = ada.bulk("contactBulkAddFollowers", ids.clone(), &more).await;
    let outcomes = told(&first.done());
    assert_eq!(outcomes[0].2, ["FOLLOWER_LIMIT_REACHED"]);
    assert_eq!((outcomes[1].2.as_slice(), outcomes[2].1.as_str()), (&["NOT_FOUND".to_owned()][..], "DONE"));
    let again = ada.bulk("contactBulkAddFollowers", ids, &more).changes_nothing().await;
    assert_eq!(again.text, first.text);
}

// The whole answer takes the same statements for one record and for fifty, up to the rows that are inserted.
#[rstest]
#[tokio::test]
async fn the_answer_takes_the_same_statements_at_any_size(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let mut counted = Vec::new();
    for size in [1, 30] {
        let mut ids = Vec::new();
        for _ in 0..size {
            ids.push(world.contact().owned_by(&ada).create().await);
        }
        let asked = ada.bulk("contactBulkChangeOwner", json!({ "ids": ids }), &json!({ "ownerId": bob }));
        let (answer, statements) = asked.counted().await;
        assert_eq!(told(&answer.done()).len(), size);
        counted.push(statements.len());
    }
    assert_eq!(counted[0], counted[1]);
}

// A3, R4: what is deleted in bulk is restored in bulk, and whoever may not restore it is told that it is not there.
#[rstest]
#[tokio::test]
async fn many_are_deleted_and_restored(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let holds = [DeleteContacts, DeleteOpportunities];
    let ada = world.user("Ada").also_holding(holds).create().await;
    let bound = world.user("Bound").restricted().also_holding(holds).create().await;
    let plain = world.user("Plain").create().await;
    let one = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&one).owned_by(&ada).create().await;
    let other = world.contact().owned_by(&ada).create().await;
    let lone = world.opportunity(&other).owned_by(&ada).create().await;
    let none = json!({});
    let ids = json!({ "ids": [one, other] });
    let outcomes = |payload: &Value| -> Vec<String> {
        told(payload)
            .into_iter()
            .map(|(_, outcome, codes)| codes.into_iter().next().unwrap_or(outcome))
            .collect()
    };
    let refused = plain.bulk("contactBulkDelete", ids.clone(), &none).is_nothing_to_do().await;
    assert_eq!(outcomes(&refused), ["PERMISSION_DENIED", "PERMISSION_DENIED"]);
    ada.bulk("opportunityBulkDelete", json!({ "ids": [lone] }), &none).is_done().await;
    let done = ada.bulk("contactBulkDelete", ids.clone(), &none).is_done().await;
    assert_eq!(outcomes(&done), ["DONE", "DONE"]);
    assert!(!ada.sees(&one).await && !ada.sees(&deal).await);
    let gone = ada.bulk("contactBulkDelete", ids.clone(), &none).is_nothing_to_do().await;
    assert_eq!(outcomes(&gone), ["NOT_FOUND", "NOT_FOUND"]);

    for person in [&plain, &bound] {
        let missing = person.bulk("contactBulkRestore", ids.clone(), &none).is_nothing_to_do().await;
        assert_eq!(outcomes(&missing), ["NOT_FOUND", "NOT_FOUND"], "{}", person.name);
    }
    // Neither comes back without its contact.
    let deals = json!({ "ids": [deal, lone, "nonsense"] });
    let early = ada.bulk("opportunityBulkRestore", deals.clone(), &none).is_nothing_to_do().await;
    assert_eq!(outcomes(&early), ["INVALID_INPUT", "INVALID_INPUT", "NOT_FOUND"]);
    let back = ada.bulk("contactBulkRestore", ids.clone(), &none).is_done().await;
    assert_eq!(outcomes(&back), ["DONE", "DONE"]);
    assert!(ada.sees(&one).await && ada.sees(&deal).await && !ada.sees(&lone).await);
    let back = ada.bulk("opportunityBulkRestore", deals, &none).is_done().await;
    assert_eq!(outcomes(&back), ["NOT_FOUND", "DONE", "NOT_FOUND"]);
    assert!(ada.sees(&lone).await);
    crate::invariants::assert_hold(&world, crate::invariants::Owners::MayDiffer).await;
}
