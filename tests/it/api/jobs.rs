//! Aligning owners, jobs and the preview over the graph (O9, P6).

use policy::Permission::{ChangeOwners, ManageSettings};
use retinue::domain::job::run_next;
use rstest::rstest;
use serde_json::{Value, json};

use crate::align::{DOWN, aligns_at_once};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, Person, Setting, World};

const ALIGN: &str = "mutation($input: AccountAlignOwnersInput!) { accountAlignOwners(input: $input) {
    id job { kind state stoppedBecause createdBy { name } done total moved
        disagreeing { nodes { id } totalCount { value } } withInactiveOwner { nodes { id } }
        unassignedContacts { nodes { id } } unassignedOpportunities { nodes { id } totalCount { value } } }
    userErrors { __typename code message field ... on PermissionDenied { permission } } } }";

const JOB: &str =
    "query($id: ID!) { job(id: $id) { id state done total disagreeing(first: 1) { nodes { id } } } }";

const CANCEL: &str = "mutation($input: JobCancelInput!) { jobCancel(input: $input) { id job { state }
    userErrors { __typename code message field } } }";

const PREVIEW: &str =
    "query($settings: OwnershipSettingsPreviewInput!) { ownershipSettingsPreview(settings: $settings) {
    differing { contacts opportunities }
    ifAlignedToContacts { user { name } gained { opportunities } lost { opportunities } }
    ifAlignedToOpportunities { user { name } gained { contacts } lost { contacts } }
    cannotHandOver { user { name } opportunities }
    autoFollowOpens { user { name } opened { contacts opportunities } } } }";

fn aligned(person: &Person, direction: &str) -> super::client::Ask {
    person.asks(ALIGN, json!({ "input": { "direction": direction } }))
}

// O9, P6
#[rstest]
#[tokio::test]
async fn an_alignment_is_done_when_it_fits_and_reports(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let clerk = world.user("Clerk").also_holding([ManageSettings, ChangeOwners]).create().await;
    let settings = world.user("Settings").also_holding([ManageSettings]).create().await;
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let torn = world.contact().owned_by(&ada).create().await;
    world.opportunity(&torn).owned_by(&bob).create().await;
    world.opportunity(&torn).owned_by(&ada).create().await;
    let own = world.contact().owned_by(&clerk).create().await;
    let followed = world.opportunity(&own).owned_by(&bob).followed_by(&clerk).create().await;
    let refused = aligned(&clerk, "CONTACTS_TO_OPPORTUNITIES").is_refused("INVALID_INPUT").await;
    assert_eq!(refused["field"], json!(["input"]));
    world.turn_off([Setting::SeparateOwners]).await;
    let refused = aligned(&settings, "CONTACTS_TO_OPPORTUNITIES").is_refused("PERMISSION_DENIED").await;
    assert_eq!(refused["permission"], "CHANGE_OWNERS");

    let up = aligned(&clerk, "OPPORTUNITIES_TO_CONTACTS").is_done().await;
    let job = &up["job"];
    assert_eq!(
        (&job["state"], &job["moved"], &job["createdBy"]["name"]),
        (&json!("DONE"), &json!(1), &json!("Clerk"))
    );
    assert_eq!(job["disagreeing"], json!({ "nodes": [{ "id": torn }], "totalCount": { "value": 1 } }));
    clerk.clears_owner_of(&followed).await.expect_err("a follower clears nothing");
    let down = aligned(&clerk, "CONTACTS_TO_OPPORTUNITIES").is_done().await;
    assert_eq!(down["job"]["moved"], 1);

    // Its report is read through the eyes of whoever reads it.
    let id = up["id"].clone();
    let admin = world.user("Admin").admin().create().await;
    admin.asks(JOB, json!({ "id": id })).await.data()["job"]["disagreeing"]["nodes"]
        .as_array()
        .map(|nodes| assert_eq!(nodes.len(), 1))
        .expect("nodes");
    clerk.loses(policy::Permission::ViewContacts).await;
    let seen = clerk.asks(JOB, json!({ "id": id })).await;
    assert_eq!(seen.data()["job"]["disagreeing"]["nodes"], json!([]));
}

// A7: a job of somebody else's is not there.
#[rstest]
#[tokio::test]
async fn jobs_are_ones_own_and_for_admins_all(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let other_owner = world.user("Owner").create().await;
    let contact = world.contact().create().await;
    world.opportunity(&contact).owned_by(&other_owner).create().await;
    world.turn_off([Setting::SeparateOwners]).await;
    let holds = [ManageSettings, ChangeOwners];
    let clerk = world.user("Clerk").also_holding(holds).create().await;
    let other = world.user("Other").also_holding(holds).create().await;
    let admin = world.user("Admin").admin().create().await;
    let outside = world.beside().await.user("Outside").admin().create().await;
    let job = aligns_at_once(&clerk, DOWN, 0).await.expect("started").job;
    let id = json!({ "id": job.to_string() });
    for (person, sees) in [(&clerk, true), (&admin, true), (&other, false), (&outside, false)] {
        let (found, statements) = person.asks(JOB, id.clone()).counted().await;
        assert_eq!(found.data()["job"].is_object(), sees, "{}", person.name);
        let nothing = json!({ "id": world.base.ids.next::<entity::JobId>().to_string() });
        let (missing, same) = person.asks(JOB, nothing).counted().await;
        assert_eq!(missing.data(), &json!({ "job": null }));
        if !sees {
            assert_eq!(statements, same, "{}", person.name);
        }
        let list = person.reads("{ jobs { nodes { id } totalCount { value } } }").await;
        let count = usize::from(sees);
        assert_eq!(list.data()["jobs"]["nodes"].as_array().map(Vec::len), Some(count), "{}", person.name);
        assert_eq!(list.data()["jobs"]["totalCount"]["value"], count);
        let node = person.asks("query($id: ID!) { node(id: $id) { __typename } }", id.clone()).await;
        let expected = if sees { json!({ "__typename": "Job" }) } else { Value::Null };
        assert_eq!(node.data()["node"], expected, "{}", person.name);
        if !sees {
            let cancelled = person.asks(CANCEL, json!({ "input": id }));
            assert_eq!(cancelled.is_refused("NOT_FOUND").await["field"], json!(["input", "id"]));
        }
    }
    assert!(run_next(&world.base, 10, || true).await.expect("it waits"));
    let cancelled = admin.asks(CANCEL, json!({ "input": id })).is_done().await;
    assert_eq!(cancelled["job"]["state"], "CANCELLED");
    admin.asks(CANCEL, json!({ "input": id })).is_nothing_to_do().await;
}

// O9, P6
#[rstest]
#[tokio::test]
async fn the_preview_is_for_unrestricted_holders(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let holder = world.user("Holder").also_holding([ManageSettings]).create().await;
    let restricted = world.user("Restricted").restricted().also_holding([ManageSettings]).create().await;
    let bob = world.user("Bob").restricted().create().await;
    let contact = world.contact().owned_by(&holder).create().await;
    world.opportunity(&contact).owned_by(&bob).create().await;
    let linked = json!({ "settings": { "separateOwners": false } });
    for person in [&restricted, &bob] {
        let refused = person.asks(PREVIEW, linked.clone()).changes_nothing().await;
        refused.has_errors(["FORBIDDEN ownershipSettingsPreview"]);
        assert_eq!(refused.partial()["ownershipSettingsPreview"], Value::Null);
    }
    let zero = json!({ "opportunities": 0 });
    let one = json!({ "opportunities": 1 });
    let seen = holder.asks(PREVIEW, linked).changes_nothing().await;
    let expected = json!({
        "differing": { "contacts": 1, "opportunities": 1 },
        "ifAlignedToContacts": [{ "user": { "name": "Bob" }, "gained": zero, "lost": one }],
        "ifAlignedToOpportunities":
            [{ "user": { "name": "Bob" }, "gained": { "contacts": 1 }, "lost": { "contacts": 0 } }],
        "cannotHandOver": [{ "user": { "name": "Bob" }, "opportunities": 1 }],
        "autoFollowOpens": [],
    });
    assert_eq!(seen.data()["ownershipSettingsPreview"], expected);
    let following = json!({ "settings": { "opportunityOwnerFollowsContact": true } });
    let seen = holder.asks(PREVIEW, following).await;
    let opens = json!([{ "user": { "name": "Bob" }, "opened": { "contacts": 1, "opportunities": 0 } }]);
    assert_eq!(seen.data()["ownershipSettingsPreview"]["autoFollowOpens"], opens);
}
