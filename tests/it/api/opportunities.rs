//! Pipelines, stages, statuses and values of opportunities (R1, R2).

use entity::account;
use retinue::domain::pipeline;
use rstest::rstest;
use sea_orm::{ActiveModelTrait as _, Set};
use serde_json::{Value, json};

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, World};

// R1
#[rstest]
#[tokio::test]
async fn a_stage_belongs_to_its_pipeline(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let access = world.command_line().access().await;
    let unit = access.begin().await.expect("a change");
    let names = ["First", "Second"].map(str::to_owned);
    let (renewals, stages) = pipeline::ensure(&unit, "Renewals", &names).await.expect("a pipeline");
    unit.commit().await.expect("a commit");
    let deal = world.opportunity(&world.contact().create().await).create().await;
    let place = "pipeline { name } stage { name pipeline { name } } stageChangedAt version";
    let seen = |pipeline: &str, stage: &str, at: &str, version: i64| {
        json!({
            "pipeline": { "name": pipeline }, "stage": { "name": stage, "pipeline": { "name": pipeline } },
            "stageChangedAt": at, "version": version
        })
    };
    let to = |stage: &str, more: Value| {
        let mut input = json!({ "stageId": stage });
        input.as_object_mut().expect("input").extend(more.as_object().cloned().unwrap_or_default());
        ada.does("MoveStage", &deal, input)
    };
    let (second, other) = (world.stages[1].to_string(), stages[1].id.to_string());

    world.clock.advance_seconds(10);
    let moved_at = retinue::domain::validate::rfc3339(world.now());
    to(&second, json!({})).is_done().await;
    assert_eq!(ada.looks_at(&deal, place).await, seen("Sales", "Working", &moved_at, 2));
    world.clock.advance_seconds(10);
    to(&second, json!({})).is_nothing_to_do().await;
    to(&second, json!({ "pipelineId": world.pipeline.to_string() })).is_nothing_to_do().await;

    // A stage of another pipeline is moved to by naming that pipeline.
    let error = to(&other, json!({})).is_refused("INVALID_INPUT").await;
    assert_eq!(error["field"], json!(["input", "stageId"]));
    to(&second, json!({ "pipelineId": renewals.id.to_string() })).is_refused("INVALID_INPUT").await;
    for (input, field) in [
        (json!({ "stageId": "stage_no" }), "stageId"),
        (json!({ "stageId": second, "pipelineId": "pipeline_no" }), "pipelineId"),
    ] {
        let error = ada.does("MoveStage", &deal, input).is_refused("NOT_FOUND").await;
        assert_eq!(error["field"], json!(["input", field]));
    }
    let moved_at = retinue::domain::validate::rfc3339(world.now());
    to(&other, json!({ "pipelineId": renewals.id.to_string() })).is_done().await;
    assert_eq!(ada.looks_at(&deal, place).await, seen("Renewals", "Second", &moved_at, 3));
    let history = "activity(first: 1) { nodes { kind actor { name } changes { field before after } } }";
    assert_eq!(
        ada.looks_at(&deal, history).await["activity"]["nodes"],
        json!([{
            "kind": "opportunity.stage_moved", "actor": { "name": "Ada" },
            "changes": [{ "field": "stage", "before": second, "after": other }]
        }])
    );
    ada.reads("{ pipelines { name position stages { name position } } }")
        .sees(json!({ "pipelines": [
            { "name": "Sales", "position": 0, "stages": [
                { "name": "New", "position": 0 }, { "name": "Working", "position": 1 }, { "name": "Agreed", "position": 2 }
            ] },
            { "name": "Renewals", "position": 1, "stages": [
                { "name": "First", "position": 0 }, { "name": "Second", "position": 1 }
            ] },
        ] }))
        .await;

    // Creation: the first stage unless another of that pipeline is named.
    let contact = world.contact().create().await;
    let create = |more: Value| {
        let mut input =
            json!({ "contactId": contact, "pipelineId": renewals.id.to_string(), "name": "Deal" });
        input.as_object_mut().expect("input").extend(more.as_object().cloned().unwrap_or_default());
        ada.mutates("opportunityCreate", input)
    };
    let made = create(json!({})).is_done().await;
    let stage = "query($id: ID!) { opportunity(id: $id) { stage { name } } }";
    ada.asks(stage, json!({ "id": made["id"] }))
        .sees(json!({ "opportunity": { "stage": { "name": "First" } } }))
        .await;
    let error = create(json!({ "stageId": second })).is_refused("INVALID_INPUT").await;
    assert_eq!(error["field"], json!(["input", "stageId"]));
    let error = create(json!({ "pipelineId": "pipeline_no" })).is_refused("NOT_FOUND").await;
    assert_eq!(error["field"], json!(["input", "pipelineId"]));
}

// R1
#[rstest]
#[tokio::test]
async fn a_status_is_independent_of_the_stage_and_only_what_is_lost_has_a_reason(
    #[values(Sqlite, Postgres)] on: Kind,
) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let stage = world.stages[1];
    let deal = world.opportunity(&world.contact().create().await).in_stage(stage).create().await;
    let set = |status: &str, more: Value| {
        let mut input = json!({ "status": status });
        input.as_object_mut().expect("input").extend(more.as_object().cloned().unwrap_or_default());
        ada.does("SetStatus", &deal, input)
    };
    let stands = async || {
        let seen = ada.looks_at(&deal, "status lostReason stage { name }").await;
        assert_eq!(seen["stage"]["name"], "Working");
        (seen["status"].as_str().map(str::to_owned), seen["lostReason"].as_str().map(str::to_owned))
    };
    let is = |status: &str, reason: Option<&str>| (Some(status.to_owned()), reason.map(str::to_owned));

    set("OPEN", json!({})).is_nothing_to_do().await;
    set("LOST", json!({ "lostReason": "price" })).is_done().await;
    assert_eq!(stands().await, is("LOST", Some("price")));
    set("LOST", json!({})).is_nothing_to_do().await;
    set("LOST", json!({ "lostReason": "price" })).is_nothing_to_do().await;
    set("LOST", json!({ "lostReason": null })).is_done().await;
    assert_eq!(stands().await, is("LOST", None));
    set("LOST", json!({ "lostReason": " too  dear " })).is_done().await;
    assert_eq!(stands().await, is("LOST", Some("too dear")));
    for status in ["WON", "ABANDONED", "OPEN"] {
        let error = set(status, json!({ "lostReason": "price" })).is_refused("INVALID_INPUT").await;
        assert_eq!(error["field"], json!(["input", "lostReason"]));
    }
    let error = set("LOST", json!({ "lostReason": "" })).is_refused("INVALID_INPUT").await;
    assert_eq!(error["field"], json!(["input", "lostReason"]));

    // Any other status takes the reason away, and stays without one.
    world.clock.advance_seconds(10);
    set("WON", json!({ "lostReason": null })).is_done().await;
    assert_eq!(stands().await, is("WON", None));
    let at = retinue::domain::validate::rfc3339(world.now());
    assert_eq!(ada.looks_at(&deal, "statusChangedAt").await, json!({ "statusChangedAt": at }));
    set("ABANDONED", json!({})).is_done().await;
    set("LOST", json!({})).is_done().await;
    assert_eq!(stands().await, is("LOST", None));
    let history = "activity(first: 1) { nodes { kind changes { field before after } } }";
    assert_eq!(
        ada.looks_at(&deal, history).await["activity"]["nodes"],
        json!([{
            "kind": "opportunity.status_changed",
            "changes": [{ "field": "status", "before": "ABANDONED", "after": "LOST" }]
        }])
    );
}

// R2
#[rstest]
#[tokio::test]
async fn a_value_is_an_exact_decimal_of_its_currency(#[values(Sqlite, Postgres)] on: Kind) {
    for (currency, values) in [
        (
            "EUR",
            [
                (json!("1054.50"), Ok("1054.50")),
                (json!("1054.5"), Ok("1054.50")),
                (json!("0.1"), Ok("0.10")),
                (json!("0.10000"), Ok("0.10")),
                (json!("0"), Ok("0.00")),
                (json!("-0"), Ok("0.00")),
                (json!(12), Ok("12.00")),
                (json!("1000000000000.00"), Ok("1000000000000.00")),
                (json!("1000000000000.01"), Err("INVALID_INPUT")),
                (json!("79228162514264337593543950335"), Err("INVALID_INPUT")),
                (json!("0.001"), Err("INVALID_INPUT")),
                (json!("10.005"), Err("INVALID_INPUT")),
                (json!("-0.01"), Err("INVALID_INPUT")),
                (json!(-5), Err("INVALID_INPUT")),
                (json!(10.5), Err("BAD_USER_INPUT")),
                (json!("1,000"), Err("BAD_USER_INPUT")),
                (json!("1e3"), Err("BAD_USER_INPUT")),
                (json!("NaN"), Err("BAD_USER_INPUT")),
                (json!(""), Err("BAD_USER_INPUT")),
                (json!("792281625142643375935439503350"), Err("BAD_USER_INPUT")),
            ]
            .to_vec(),
        ),
        (
            "JPY",
            [(json!("500"), Ok("500")), (json!("500.0"), Ok("500")), (json!("0.5"), Err("INVALID_INPUT"))]
                .to_vec(),
        ),
        ("KWD", [(json!("0.125"), Ok("0.125")), (json!("0.1255"), Err("INVALID_INPUT"))].to_vec()),
    ] {
        let Some(world) = World::separate_on(on).await else { return };
        let account = account::ActiveModel {
            id: Set(world.account),
            currency: Set(currency.into()),
            ..Default::default()
        };
        account.update(&world.sql).await.expect("another currency");
        let ada = world.user("Ada").create().await;
        let deal = world.opportunity(&world.contact().create().await).create().await;
        for (given, expected) in values {
            ada.does("Update", &deal, json!({ "monetaryValue": null })).await.done();
            let ask = ada.does("Update", &deal, json!({ "monetaryValue": given }));
            match expected {
                Ok(amount) => {
                    ask.is_done().await;
                    let seen = ada.looks_at(&deal, "monetaryValue { amount currency }").await;
                    assert_eq!(
                        seen,
                        json!({ "monetaryValue": { "amount": amount, "currency": currency } }),
                        "{given}"
                    );
                }
                Err("INVALID_INPUT") => {
                    let error = ask.is_refused("INVALID_INPUT").await;
                    assert_eq!(error["field"], json!(["input", "monetaryValue"]), "{given}");
                }
                Err(code) => {
                    ask.changes_nothing().await.has_errors([code]);
                }
            }
        }
        // A literal with a fraction is no float either.
        let literal = format!(
            r#"mutation {{ opportunityUpdate(input: {{ id: "{}", monetaryValue: 10.5 }}) {{ id }} }}"#,
            deal.id
        );
        let answer = ada.reads(literal).changes_nothing().await;
        assert!(!answer.errors().is_empty(), "{}", answer.text);
    }
}
