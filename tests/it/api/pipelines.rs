//! Pipelines: made, renamed, put in order and deleted (R1).

use entity::TypedId as _;
use policy::Permission::{ManagePipelines, ViewOpportunities};
use rstest::rstest;
use serde_json::{Value, json};

use super::client::Answer;
use super::document::mutation;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::invariants::assert_totals;
use crate::world::{Acts as _, AnyRecord as _, Person, World};

/// The pipelines as somebody sees them, each with its place and the names of its stages.
async fn pipelines(person: &Person) -> Vec<String> {
    let answer = person.reads("{ pipelines { name position stages { name position } } }").await;
    let all = answer.data()["pipelines"].as_array().expect("pipelines").clone();
    let text = |pipeline: &Value| {
        let stages = pipeline["stages"].as_array().expect("stages").iter().enumerate();
        let names: Vec<&str> = stages
            .map(|(place, stage)| {
                assert_eq!(stage["position"], json!(place), "the places are dense");
                stage["name"].as_str().expect("a name")
            })
            .collect();
        format!(
            "{} {}: {}",
            pipeline["position"],
            pipeline["name"].as_str().expect("a name"),
            names.join(", ")
        )
    };
    all.iter().map(text).collect()
}

/// Makes a pipeline, and answers with its id and those of its stages.
pub async fn make(person: &Person, name: &str, stages: &[&str]) -> (String, Vec<String>) {
    let done = person.mutates("pipelineCreate", json!({ "name": name, "stages": stages })).is_done().await;
    let stages = done["pipeline"]["stages"].as_array().expect("stages").iter();
    let id = |value: &Value| value["id"].as_str().expect("an id").to_owned();
    (id(&done), stages.map(id).collect())
}

/// The kinds of what happened to a pipeline, as somebody sees it, newest first.
pub async fn history(person: &Person, pipeline: &str) -> Vec<String> {
    let document = "query($id: ID!) { node(id: $id) { ... on Pipeline { activity { nodes { kind } } } } }";
    let answer = person.asks(document, json!({ "id": pipeline })).await;
    let nodes = answer.data()["node"]["activity"]["nodes"].as_array().expect("entries").clone();
    nodes.iter().map(|node| node["kind"].as_str().expect("a kind").to_owned()).collect()
}

fn field(error: &Value) -> String {
    let steps = error["field"].as_array().expect("a path").iter();
    steps.map(|step| step.as_str().unwrap_or_default()).collect::<Vec<_>>().join(".")
}

// R1, design 8
#[rstest]
#[tokio::test]
async fn a_pipeline_is_made_with_its_stages(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    // P6 does not name pipelines: a restricted holder arranges them too.
    let mia = world.user("Mia").restricted().holding([ManagePipelines]).create().await;
    let before = world.settings().await.access_version;
    let (id, stages) = make(&mia, " Renewals ", &["Due", " In  talks", "Agreed"]).await;
    assert_eq!(pipelines(&mia).await, ["0 Sales: New, Working, Agreed", "1 Renewals: Due, In talks, Agreed"]);
    assert_eq!(stages.len(), 3);
    assert_eq!(world.settings().await.access_version, before + 1);
    assert_eq!(history(&mia, &id).await, ["pipeline.created"]);

    let document = "query($id: ID!) { node(id: $id) { ... on Pipeline { version activity { totalCount { value } nodes {
        kind actor { name } record { id } pipeline { name } stage { name } changes { field before after } } } } } }";
    mia.asks(document, json!({ "id": id }))
        .sees(json!({ "node": { "version": 1, "activity": { "totalCount": { "value": 1 }, "nodes": [{
            "kind": "pipeline.created", "actor": { "name": "Mia" }, "record": null,
            "pipeline": { "name": "Renewals" }, "stage": null,
            "changes": [
                { "field": "name", "before": null, "after": "Renewals" },
                { "field": "stages", "before": null, "after": "Due, In talks, Agreed" }
            ]
        }] } } }))
        .await;
}

// R1
#[rstest]
#[tokio::test]
async fn names_are_there_and_unique(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let mia = world.user("Mia").also_holding([ManagePipelines]).create().await;
    let long = "x".repeat(201);
    let many: Vec<String> = (0..101).map(|place| format!("Stage {place}")).collect();
    for (name, stages, fields) in [
        ("", json!(["A"]), vec!["input.name"]),
        (&long, json!(["A"]), vec!["input.name"]),
        (" SALES", json!(["A"]), vec!["input.name"]),
        ("Renewals", json!([]), vec!["input.stages"]),
        ("Renewals", json!(many), vec!["input.stages"]),
        ("Renewals", json!(["A", "", "a"]), vec!["input.stages.1", "input.stages.2"]),
        (" ", json!([]), vec!["input.name", "input.stages"]),
    ] {
        let input = json!({ "name": name, "stages": stages });
        let errors = mia.mutates("pipelineCreate", input).are_refused().await;
        assert!(errors.iter().all(|error| error["code"] == "INVALID_INPUT"), "{errors:#?}");
        assert_eq!(errors.iter().map(field).collect::<Vec<_>>(), fields);
    }

    let (id, _) = make(&mia, "Renewals", &["A"]).await;
    for name in ["", "sales", " Sales "] {
        let error = mia
            .mutates("pipelineRename", json!({ "id": id, "name": name }))
            .is_refused("INVALID_INPUT")
            .await;
        assert_eq!(field(&error), "input.name");
    }
    // Another case of its own name is another name.
    mia.mutates("pipelineRename", json!({ "id": id, "name": "RENEWALS" })).is_done().await;
    mia.mutates("pipelineRename", json!({ "id": id, "name": " RENEWALS " })).is_nothing_to_do().await;
    assert_eq!(pipelines(&mia).await, ["0 Sales: New, Working, Agreed", "1 RENEWALS: A"]);
    assert_eq!(history(&mia, &id).await, ["pipeline.renamed", "pipeline.created"]);
}

// R1, A7: who may see pipelines is denied, who may not finds none.
#[rstest]
#[tokio::test]
async fn arranging_needs_manage_pipelines(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let admin = world.user("Admin").admin().create().await;
    let ada = world.user("Ada").holding([ViewOpportunities]).create().await;
    let nemo = world.user("Nemo").holding([]).create().await;
    let (other, stages) = make(&admin, "Renewals", &["Due", "Done"]).await;
    let (sales, first) = (world.pipeline.to_string(), world.stages[0].to_string());
    let calls = [
        ("pipelineRename", json!({ "id": other, "name": "X" })),
        ("pipelineReorder", json!({ "pipelineIds": [other, sales] })),
        ("pipelineDelete", json!({ "id": other, "moveTo": first })),
        ("stageCreate", json!({ "pipelineId": other, "name": "X" })),
        ("stageRename", json!({ "id": stages[0], "name": "X" })),
        ("stageReorder", json!({ "pipelineId": other, "stageIds": [stages[1], stages[0]] })),
        ("stageDelete", json!({ "id": stages[0], "moveTo": stages[1] })),
    ];
    let create = ("pipelineCreate", json!({ "name": "Other", "stages": ["A"] }));
    for (name, input) in calls.iter().chain([&create]) {
        let error = ada.mutates(name, input.clone()).is_refused("PERMISSION_DENIED").await;
        assert_eq!(error["permission"], "MANAGE_PIPELINES", "{name}");
    }
    for (name, input) in &calls {
        nemo.mutates(name, input.clone()).is_refused("NOT_FOUND").await;
    }
    nemo.mutates(create.0, create.1).is_refused("PERMISSION_DENIED").await;
    // Neither finds nothing to do, where there is nothing.
    for who in [&ada, &nemo] {
        who.mutates("pipelineReorder", json!({ "pipelineIds": [] })).is_refused("PERMISSION_DENIED").await;
    }
    assert_eq!(pipelines(&nemo).await, Vec::<String>::new());
    for (name, input) in calls {
        admin.mutates(name, input).await;
    }
}

// R1
#[rstest]
#[tokio::test]
async fn an_order_names_every_pipeline_once(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let mia = world.user("Mia").also_holding([ManagePipelines]).create().await;
    let sales = world.pipeline.to_string();
    let (renewals, _) = make(&mia, "Renewals", &["A"]).await;
    let (rentals, _) = make(&mia, "Rentals", &["A"]).await;
    for (ids, code, fields) in [
        (vec![&rentals, &sales], "INVALID_INPUT", vec!["input.pipelineIds"]),
        (vec![&rentals, &sales, &sales], "INVALID_INPUT", vec!["input.pipelineIds.2", "input.pipelineIds"]),
        (vec![&rentals, &sales, &renewals, &renewals], "INVALID_INPUT", vec!["input.pipelineIds.3"]),
        (vec![], "INVALID_INPUT", vec!["input.pipelineIds"; 3]),
    ] {
        let errors = mia.mutates("pipelineReorder", json!({ "pipelineIds": ids })).are_refused().await;
        assert!(errors.iter().all(|error| error["code"] == code), "{errors:#?}");
        assert_eq!(errors.iter().map(field).collect::<Vec<_>>(), fields);
    }
    let unknown = json!({ "pipelineIds": [sales, "pipeline_no", rentals] });
    let error = mia.mutates("pipelineReorder", unknown).is_refused("NOT_FOUND").await;
    assert_eq!(field(&error), "input.pipelineIds.1");

    let order = json!({ "pipelineIds": [rentals, sales, renewals] });
    let done = mia.mutates("pipelineReorder", order.clone()).is_done().await;
    let names: Vec<&Value> =
        done["pipelines"].as_array().expect("all").iter().map(|pipeline| &pipeline["name"]).collect();
    assert_eq!(names, ["Rentals", "Sales", "Renewals"]);
    // A place among the others is no change of the pipeline itself.
    assert!(done["pipelines"].as_array().expect("all").iter().all(|pipeline| pipeline["version"] == 1));
    mia.mutates("pipelineReorder", order).is_nothing_to_do().await;
    assert_eq!(history(&mia, &rentals).await, ["pipeline.reordered", "pipeline.created"]);
}

// R6
#[rstest]
#[tokio::test]
async fn a_stale_version_is_refused_with_the_pipeline_as_it_is(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let mia = world.user("Mia").also_holding([ManagePipelines]).create().await;
    let (id, stages) = make(&mia, "Renewals", &["Due", "Done"]).await;
    mia.mutates("stageRename", json!({ "id": stages[0], "name": "Coming" })).is_done().await;
    let calls = [
        ("pipelineRename", json!({ "id": id, "name": "X" })),
        ("stageReorder", json!({ "pipelineId": id, "stageIds": [stages[1], stages[0]] })),
        ("stageRename", json!({ "id": stages[1], "name": "Y" })),
        ("stageCreate", json!({ "pipelineId": id, "name": "X" })),
        ("stageDelete", json!({ "id": stages[0], "moveTo": stages[1] })),
        ("pipelineDelete", json!({ "id": id, "moveTo": world.stages[0].to_string() })),
    ];
    for (place, (name, mut input)) in calls.into_iter().enumerate() {
        let version = 2 + i64::try_from(place).expect("few");
        for expected in [version - 1, version + 1] {
            input["expectedVersion"] = json!(expected);
            let answer = mia.mutates(name, input.clone()).changes_nothing().await;
            let payload = answer.payload();
            assert_eq!(payload["userErrors"][0]["code"], "STALE_VERSION", "{name}: {payload:#}");
            assert_eq!(payload["userErrors"][0]["currentVersion"], json!(version), "{name}");
            assert_eq!(payload["pipeline"]["version"], json!(version), "{name}: {payload:#}");
        }
        input["expectedVersion"] = json!(version);
        mia.mutates(name, input).is_done().await;
    }
    assert_eq!(pipelines(&mia).await, ["0 Sales: New, Working, Agreed"]);
}

// R1, A7, N1
#[rstest]
#[tokio::test]
async fn what_was_in_a_deleted_pipeline_goes_to_a_stage_of_another(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let admin = world.user("Admin").admin().create().await;
    let mia = world.user("Mia").restricted().also_holding([ManagePipelines]).create().await;
    let (renewals, stages) = make(&admin, "Renewals", &["Due", "Done"]).await;
    make(&admin, "Rentals", &["A"]).await;
    let contact = world.contact().create().await;
    let seen = world.opportunity(&contact).owned_by(&mia).in_stage(world.stages[0]).worth(10).create().await;
    let hidden =
        world.opportunity(&contact).owned_by(&admin).in_stage(world.stages[2]).worth(20).create().await;
    world.clock.advance_seconds(60);

    let input = json!({ "id": world.pipeline.to_string(), "moveTo": stages[1] });
    let done = mia.mutates("pipelineDelete", input).is_done().await;
    // The hidden one went too, and is not counted.
    assert_eq!(done, json!({ "id": world.pipeline.to_string(), "pipeline": null, "movedCount": 1 }));
    for deal in [&seen, &hidden] {
        let row = deal.row().await;
        assert_eq!(
            (row.pipeline_id.to_string(), row.stage_id.to_string()),
            (renewals.clone(), stages[1].clone())
        );
        assert_eq!((row.version, row.updated_at, row.stage_changed_at), (2, world.now(), world.now()));
        assert_eq!(deal.activity().await, ["opportunity.created", "opportunity.stage_moved"]);
        assert!(deal.seats().await.iter().all(|seat| seat.record_updated_at == world.now()));
    }
    assert_eq!(pipelines(&mia).await, ["0 Renewals: Due, Done", "1 Rentals: A"]);
    assert_totals(&world).await;

    // The deletion is the cause, and is still told of.
    let cause =
        "activity(first: 1) { nodes { kind causedBy { kind actor { name } pipeline { id } record { id }
        changes { field before after } } changes { field before after } } }";
    let entry = &mia.looks_at(&seen, cause).await["activity"]["nodes"][0];
    assert_eq!(
        entry,
        &json!({
            "kind": "opportunity.stage_moved",
            "causedBy": {
                "kind": "pipeline.deleted", "actor": { "name": "Mia" }, "pipeline": null, "record": null,
                "changes": [
                    { "field": "name", "before": "Sales", "after": null },
                    { "field": "movedTo", "before": null, "after": stages[1] }
                ]
            },
            "changes": [{ "field": "stage", "before": world.stages[0].to_string(), "after": stages[1] }]
        })
    );
}

// R1
#[rstest]
#[tokio::test]
async fn opportunities_always_have_a_place(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let mia = world.user("Mia").also_holding([ManagePipelines]).create().await;
    let (sales, first) = (world.pipeline.to_string(), world.stages[0].to_string());
    // The last one stays, whether anything is in it or not.
    let last = json!({ "id": sales, "moveTo": first });
    let error = mia.mutates("pipelineDelete", last.clone()).is_refused("INVALID_INPUT").await;
    assert_eq!(field(&error), "input.id");
    let (renewals, _) = make(&mia, "Renewals", &["A"]).await;
    let error = mia.mutates("pipelineDelete", last).is_refused("INVALID_INPUT").await;
    assert_eq!(field(&error), "input.moveTo");
    for (id, move_to, at) in [("pipeline_no", first.as_str(), "id"), (sales.as_str(), "stage_no", "moveTo")] {
        let input = json!({ "id": id, "moveTo": move_to });
        let error = mia.mutates("pipelineDelete", input).is_refused("NOT_FOUND").await;
        assert_eq!(field(&error), format!("input.{at}"));
    }
    // Without a place it is not even asked.
    let answer = mia.mutates("pipelineDelete", json!({ "id": renewals })).changes_nothing().await;
    assert!(answer.json["errors"].is_array(), "{}", answer.text);
}

// A7: two accounts that differ in a hidden deal give a restricted manager the same answers.
#[rstest]
#[tokio::test]
async fn deleting_tells_nothing_of_what_is_hidden(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let mut answers = Vec::new();
    for hides in [false, true] {
        let world = world.beside().await;
        world.turn_on([crate::world::Setting::SeparateOwners]).await;
        let admin = world.user("Admin").admin().create().await;
        let mia = world.user("Mia").restricted().also_holding([ManagePipelines]).create().await;
        let contact = world.contact().create().await;
        if hides {
            world.opportunity(&contact).owned_by(&admin).in_stage(world.stages[0]).create().await;
        }
        let (_, stages) = make(&mia, "Renewals", &["Due"]).await;
        let stage = json!({ "id": world.stages[0].to_string(), "moveTo": world.stages[1].to_string() });
        let pipeline = json!({ "id": world.pipeline.to_string(), "moveTo": stages[0] });
        let mut told = vec![];
        for (name, input) in [("stageDelete", stage), ("pipelineDelete", pipeline)] {
            let answer: Answer = mia.mutates(name, input).await;
            let mut done = answer.done();
            done["id"].take();
            done["pipeline"]["id"].take();
            told.push(done);
        }
        told.push(json!(pipelines(&mia).await));
        answers.push(told);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0][0]["movedCount"], 0);
}

// Statements do not grow with what is moved, beyond the chunks in which rows are written.
#[rstest]
#[tokio::test]
async fn deleting_sends_as_many_statements_for_one_deal_as_for_many(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let admin = world.user("Admin").admin().create().await;
    let contact = world.contact().create().await;
    let mut counted = Vec::new();
    // Each deal is told of on two streams, its own and its pipeline's, and forty rows are one statement.
    for deals in [1, 18] {
        let name = format!("Pipeline {deals}");
        let (_, stages) = make(&admin, &name, &["From", "To"]).await;
        let stage = stages[0].parse().expect("an id");
        let pipeline = entity::PipelineId::from_uuid(row_of(&world, &stages[0]).await.pipeline_id.uuid());
        for _ in 0..deals {
            let wish = retinue::domain::opportunity::CreateOpportunity {
                stage: Some(stage),
                pipeline,
                ..world.opportunity_wish(contact.id)
            };
            admin.makes_opportunity(wish).await.expect("made");
        }
        let document = mutation("stageDelete", "");
        let input = json!({ "input": { "id": stages[0], "moveTo": stages[1] } });
        let (answer, statements) = admin.asks(document, input).counted().await;
        assert_eq!(answer.done()["movedCount"], json!(deals));
        counted.push(statements.len());
    }
    assert_eq!(counted[0], counted[1]);
    assert_totals(&world).await;
}

async fn row_of(world: &World, stage: &str) -> entity::stage::Model {
    use sea_orm::EntityTrait as _;
    let id: entity::StageId = stage.parse().expect("an id");
    entity::stage::Entity::find_by_id(id).one(&world.sql).await.expect("read").expect("there")
}
