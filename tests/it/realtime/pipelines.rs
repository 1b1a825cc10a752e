//! The stream of a pipeline: what happens to those opportunities that the subscriber may see, and one removal for each that
//! leaves their sight (N4, N5).

use policy::Permission;
use rstest::rstest;
use serde_json::{Value, json};

use super::Listens as _;
use super::ear::{Ear, document};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, Opportunity, Person, World};

fn pipeline() -> String {
    document("pipelineChanged", "id", "opportunityId opportunity { name } activity { kind }")
}

async fn listens(world: &World, person: &Person) -> Ear {
    let mut ear = person.listens(&pipeline(), json!({ "id": world.pipeline.to_string() })).await;
    assert_eq!(ear.hears().await["kind"], "STARTED");
    ear
}

fn changed(deal: &Opportunity, name: &str, what: &str) -> Value {
    json!({
        "kind": "CHANGED", "opportunityId": deal, "opportunity": { "name": name }, "activity": { "kind": what }
    })
}

fn removed(deal: &Opportunity) -> Value {
    json!({ "kind": "REMOVED", "opportunityId": deal, "opportunity": null, "activity": null })
}

// N4, N5, A7
#[rstest]
#[tokio::test]
async fn each_hears_of_what_they_see_and_nothing_of_the_rest(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [oda] = world.users(["Oda"]).await;
    let finn = world.user("Finn").restricted().create().await;
    let contact = world.contact().owned_by(&oda).create().await;
    let mine = world.opportunity(&contact).named("Mine").owned_by(&oda).followed_by(&finn).create().await;
    let other = world.opportunity(&contact).named("Other").owned_by(&oda).create().await;
    let (mut all, mut some) = (listens(&world, &oda).await, listens(&world, &finn).await);

    oda.moves(&other, world.stages[1]).await.expect("moved");
    oda.moves(&mine, world.stages[1]).await.expect("moved");
    all.hears_this(changed(&other, "Other", "opportunity.stage_moved")).await;
    all.hears_this(changed(&mine, "Mine", "opportunity.stage_moved")).await;
    some.hears_this(changed(&mine, "Mine", "opportunity.stage_moved")).await;

    // He loses it: one removal, with the id. Of what happens to it afterwards he hears nothing.
    oda.removes([&finn], &mine).await.expect("removed");
    oda.renames(&mine, "Gone").await.expect("renamed");
    some.hears_this(removed(&mine)).await;
    let fresh = world.opportunity(&contact).named("Fresh").owned_by(&finn).create().await;
    some.hears_this(changed(&fresh, "Fresh", "opportunity.created")).await;
}

// N5, R4
#[rstest]
#[tokio::test]
async fn a_deletion_is_a_removal_for_those_who_saw_it(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let oda = world.user("Oda").admin().create().await;
    let finn = world.user("Finn").restricted().create().await;
    let rita = world.user("Rita").restricted().create().await;
    let contact = world.contact().owned_by(&oda).create().await;
    let deal = world.opportunity(&contact).owned_by(&oda).followed_by(&finn).create().await;
    let ritas = world.opportunity(&contact).named("Hers").owned_by(&rita).create().await;
    let (mut ada, mut follower, mut stranger) =
        (listens(&world, &oda).await, listens(&world, &finn).await, listens(&world, &rita).await);

    oda.deletes(&deal).await.expect("deleted");
    oda.renames(&ritas, "Still hers").await.expect("renamed");
    ada.hears_this(removed(&deal)).await;
    follower.hears_this(removed(&deal)).await;
    stranger.hears_this(changed(&ritas, "Still hers", "opportunity.updated")).await;
}

// N5, P3
#[rstest]
#[tokio::test]
async fn the_stream_ends_with_the_module_and_says_when_sight_has_changed(
    #[values(Sqlite, Postgres)] on: Kind,
) {
    let Some(world) = World::separate_on(on).await else { return };
    let [uma] = world.users(["Uma"]).await;
    let mut ear = listens(&world, &uma).await;
    let flagged = retinue::domain::user::SetUser { only_assigned_data: Some(true), ..Default::default() };
    uma.becomes(flagged).await;
    assert_eq!(ear.hears().await["kind"], "RELOAD");
    uma.loses(Permission::ViewOpportunities).await;
    assert_eq!(ear.hears().await["kind"], "ACCESS_ENDED");
    ear.hears_no_more().await;
}

// P4, N5
#[rstest]
#[tokio::test]
async fn a_right_that_is_taken_away_counts_before_the_next_event(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [uma] = world.users(["Uma"]).await;
    let boss = world.user("Boss").admin().create().await;
    let (mut ear, mut other) = (listens(&world, &uma).await, listens(&world, &boss).await);

    uma.loses(Permission::ViewOpportunities).await;
    let wish = json!({ "id": world.pipeline.to_string(), "name": "Renamed" });
    boss.mutates("pipelineRename", wish).is_done().await;
    // Somebody else has got it, so that it is there for her too.
    assert_eq!(other.hears().await["activity"]["kind"], "pipeline.renamed");
    assert_eq!(ear.hears().await["kind"], "ACCESS_ENDED");
    ear.hears_no_more().await;
}
