//! Stages of a pipeline: made, renamed, put in order and deleted (R1).

use policy::Permission::ManagePipelines;
use retinue::domain::record::RecordRef;
use retinue::domain::unit_of_work::{Reach, UnitOfWork};
use rstest::rstest;
use sea_orm::Set;
use serde_json::{Value, json};

use super::pipelines::{history, make};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::invariants::assert_totals;
use crate::world::{Acts as _, AnyRecord as _, Opportunity, Person, World};

fn names(payload: &Value) -> Vec<String> {
    let stages = payload["pipeline"]["stages"].as_array().expect("stages").iter().enumerate();
    stages
        .map(|(place, stage)| {
            assert_eq!(stage["position"], json!(place), "the places are dense");
            stage["name"].as_str().expect("a name").to_owned()
        })
        .collect()
}

async fn manager(world: &World) -> Person {
    world.user("Mia").also_holding([ManagePipelines]).create().await
}

// R1
#[rstest]
#[tokio::test]
async fn a_stage_takes_the_place_that_it_is_given(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let mia = manager(&world).await;
    let sales = world.pipeline.to_string();
    let create = |name: &str, position: Value| {
        mia.mutates("stageCreate", json!({ "pipelineId": sales, "name": name, "position": position }))
    };
    assert_eq!(names(&create("Last", Value::Null).is_done().await), ["New", "Working", "Agreed", "Last"]);
    let done = create("First", json!(0)).is_done().await;
    assert_eq!(names(&done), ["First", "New", "Working", "Agreed", "Last"]);
    assert_eq!(done["stage"], json!({ "id": done["id"], "name": "First", "position": 0 }));
    let done = create("Between", json!(5)).is_done().await;
    assert_eq!(names(&done), ["First", "New", "Working", "Agreed", "Last", "Between"]);
    assert_eq!(done["pipeline"]["version"], 4);

    for (name, position, field) in [
        ("X", json!(-1), "position"),
        ("X", json!(7), "position"),
        ("", json!(0), "name"),
        (" WORKING ", Value::Null, "name"),
    ] {
        let error = create(name, position).is_refused("INVALID_INPUT").await;
        assert_eq!(error["field"], json!(["input", field]));
    }
    // The same name may stand in another pipeline.
    make(&mia, "Renewals", &["Working"]).await;
    assert_eq!(history(&mia, &sales).await, ["stage.created"; 3]);
}

// R1
#[rstest]
#[tokio::test]
async fn there_is_room_for_a_hundred_stages(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let mia = manager(&world).await;
    let names: Vec<String> = (0..100).map(|place| format!("Stage {place}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (id, _) = make(&mia, "Long", &names).await;
    let error = mia
        .mutates("stageCreate", json!({ "pipelineId": id, "name": "X" }))
        .is_refused("LIMIT_REACHED")
        .await;
    assert_eq!((&error["limit"], &error["present"]), (&json!(100), &json!(100)));
}

// R1
#[rstest]
#[tokio::test]
async fn a_stage_is_renamed_and_an_order_names_every_stage_once(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let mia = manager(&world).await;
    let sales = world.pipeline.to_string();
    let stages: Vec<String> = world.stages.iter().map(ToString::to_string).collect();
    let (_, others) = make(&mia, "Renewals", &["Due"]).await;

    let rename = |name: &str| mia.mutates("stageRename", json!({ "id": stages[0], "name": name }));
    let done = rename("Fresh").is_done().await;
    assert_eq!(done["stage"], json!({ "id": stages[0], "name": "Fresh", "position": 0 }));
    assert_eq!(
        (names(&done), &done["pipeline"]["version"]),
        (["Fresh", "Working", "Agreed"].map(str::to_owned).into(), &json!(2))
    );
    rename(" Fresh").is_nothing_to_do().await;
    for wrong in ["", "agreed"] {
        let error = rename(wrong).is_refused("INVALID_INPUT").await;
        assert_eq!(error["field"], json!(["input", "name"]));
    }

    let reorder = |ids: Value| mia.mutates("stageReorder", json!({ "pipelineId": sales, "stageIds": ids }));
    let done = reorder(json!([stages[2], stages[0], stages[1]])).is_done().await;
    assert_eq!(names(&done), ["Agreed", "Fresh", "Working"]);
    assert_eq!(done["pipeline"]["version"], 3);
    reorder(json!([stages[2], stages[0], stages[1]])).is_nothing_to_do().await;
    for wrong in [json!([stages[0], stages[1]]), json!([stages[0], stages[1], stages[1], stages[2]])] {
        reorder(wrong).is_refused("INVALID_INPUT").await;
    }
    // A stage of another pipeline is none of this one.
    let error = reorder(json!([stages[0], stages[1], stages[2], others[0]])).is_refused("NOT_FOUND").await;
    assert_eq!(error["field"], json!(["input", "stageIds", "3"]));
    assert_eq!(history(&mia, &sales).await, ["pipeline.reordered", "stage.renamed"]);

    let document = "query($id: ID!) { node(id: $id) { ... on Pipeline { activity { nodes {
        stage { id } changes { field before after } } } } } }";
    let answer = mia.asks(document, json!({ "id": sales })).await;
    let entries = &answer.data()["node"]["activity"]["nodes"];
    assert_eq!(entries[1]["stage"]["id"], json!(stages[0]));
    assert_eq!(
        entries[0]["changes"],
        json!([{ "field": "stages", "before": "Fresh, Working, Agreed", "after": "Agreed, Fresh, Working" }])
    );
}

/// Puts an opportunity under a deletion, as deleting it does.
async fn is_deleted(world: &World, deal: &Opportunity) {
    let access = world.command_line().access().await;
    let mut unit: UnitOfWork<'_> = access.begin().await.expect("a change");
    let record = RecordRef::Opportunity(deal.id);
    unit.hold(record, Reach::Alone, "id").await.expect("held");
    let id: entity::DeletionId = unit.new_id();
    unit.held_mut(record).expect("held").deletion = Some(id);
    unit.insert(entity::deletion::ActiveModel {
        id: Set(id),
        account_id: Set(world.account),
        at: Set(unit.now()),
        actor_id: Set(None),
        contact_id: Set(None),
        opportunity_id: Set(Some(deal.id)),
        appointment_id: Set(None),
    })
    .await
    .expect("a deletion");
    unit.commit().await.expect("deleted");
}

// R1, R4, A7: hidden and deleted ones go too, and only visible ones are counted.
#[rstest]
#[tokio::test]
async fn what_was_in_a_deleted_stage_goes_to_another(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let admin = world.user("Admin").admin().create().await;
    let mia = world.user("Mia").restricted().also_holding([ManagePipelines]).create().await;
    let contact = world.contact().create().await;
    let (from, to) = (world.stages[1], world.stages[2]);
    let seen = world.opportunity(&contact).followed_by(&mia).in_stage(from).worth(10).create().await;
    let hidden = world.opportunity(&contact).owned_by(&admin).in_stage(from).worth(20).create().await;
    let deleted = world.opportunity(&contact).owned_by(&mia).in_stage(from).worth(40).create().await;
    let elsewhere = world.opportunity(&contact).owned_by(&mia).in_stage(world.stages[0]).create().await;
    is_deleted(&world, &deleted).await;
    assert_totals(&world).await;
    let before = (deleted.version().await, elsewhere.row().await);
    world.clock.advance_seconds(60);

    let done = mia
        .mutates("stageDelete", json!({ "id": from.to_string(), "moveTo": to.to_string() }))
        .is_done()
        .await;
    assert_eq!((&done["movedCount"], names(&done)), (&json!(1), vec!["New".to_owned(), "Agreed".to_owned()]));
    assert_eq!(done["pipeline"]["version"], 2);
    for (deal, version) in [(&seen, 2), (&hidden, 2), (&deleted, before.0 + 1)] {
        let row = deal.row().await;
        assert_eq!(
            (row.stage_id, row.version, row.stage_changed_at, row.updated_at),
            (to, version, world.now(), world.now())
        );
        assert_eq!(deal.activity().await.last().map(String::as_str), Some("opportunity.stage_moved"));
    }
    assert!(deleted.row().await.deletion_id.is_some(), "it stays deleted");
    assert_eq!(elsewhere.row().await, before.1);
    assert_totals(&world).await;

    let cause = "activity(first: 1) { nodes { causedBy { kind pipeline { name } stage { name } } } }";
    let entry = &mia.looks_at(&seen, cause).await["activity"]["nodes"][0];
    assert_eq!(
        entry,
        &json!({ "causedBy": { "kind": "stage.deleted", "pipeline": { "name": "Sales" }, "stage": null } })
    );
}

// R1
#[rstest]
#[tokio::test]
async fn a_pipeline_keeps_a_stage_and_deals_stay_in_it(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let mia = manager(&world).await;
    let (_, other) = make(&mia, "Renewals", &["Only"]).await;
    let stages: Vec<String> = world.stages.iter().map(ToString::to_string).collect();
    let delete = |id: &str, move_to: &str| mia.mutates("stageDelete", json!({ "id": id, "moveTo": move_to }));
    for (id, move_to, code, field) in [
        (stages[0].as_str(), stages[0].as_str(), "INVALID_INPUT", "moveTo"),
        (&stages[0], &other[0], "INVALID_INPUT", "moveTo"),
        (&other[0], &stages[0], "INVALID_INPUT", "id"),
        (&other[0], &other[0], "INVALID_INPUT", "id"),
        ("stage_no", &stages[0], "NOT_FOUND", "id"),
        (&stages[0], "stage_no", "NOT_FOUND", "moveTo"),
    ] {
        let error = delete(id, move_to).is_refused(code).await;
        assert_eq!(error["field"], json!(["input", field]));
    }
    let answer = mia.mutates("stageDelete", json!({ "id": stages[0] })).changes_nothing().await;
    assert!(answer.json["errors"].is_array(), "{}", answer.text);
}
