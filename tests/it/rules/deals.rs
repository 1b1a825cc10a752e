//! Pipelines, stages, status and value (R1, R2).

use entity::opportunity::Status;
use policy::MONETARY_VALUE;
use policy::Permission::ViewLeadValue;
use retinue::domain::error::RefusalKind;
use retinue::domain::opportunity::{CreateOpportunity, OpportunityFields};
use retinue::domain::patch::Patch;
use retinue::domain::pipeline;
use retinue::domain::validate::decimal_of;
use rstest::rstest;
use rust_decimal::Decimal;

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, AnyRecord as _, World};

// R1
#[rstest]
#[tokio::test]
async fn an_opportunity_moves_between_the_stages_of_its_pipeline(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let person = world.user("Person").create().await;
    let contact = world.contact().create().await;
    let deal = world.opportunity(&contact).in_stage(world.stages[0]).create().await;
    person.moves(&deal, world.stages[2]).await.expect("moved");
    let row = deal.row().await;
    assert_eq!((row.stage_id, row.stage_changed_at, row.version), (world.stages[2], world.now(), 2));
    assert_eq!(deal.activity().await, ["opportunity.created", "opportunity.stage_moved"]);
    world.unmoved(person.moves(&deal, world.stages[2])).await;
}

// R1
#[rstest]
#[tokio::test]
async fn a_stage_belongs_to_its_pipeline(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let person = world.user("Person").create().await;
    let contact = world.contact().create().await;
    let deal = world.opportunity(&contact).create().await;
    let access = world.command_line().access().await;
    let unit = access.begin().await.expect("a change");
    let (other, stages) =
        pipeline::ensure(&unit, "Renewals", &["Due".to_owned()]).await.expect("another pipeline");
    unit.commit().await.expect("a commit");

    let refusal = world.refused(person.moves(&deal, stages[0].id)).await;
    assert_eq!((refusal.kind, refusal.field), (RefusalKind::InvalidInput, path("stageId")));
    let wish = CreateOpportunity { stage: Some(stages[0].id), ..world.opportunity_wish(contact.id) };
    assert_eq!(world.refusal(person.makes_opportunity(wish.clone())).await, RefusalKind::InvalidInput);
    let there = CreateOpportunity { pipeline: other.id, ..wish };
    let there = person.makes_opportunity(there).await.expect("in the other pipeline");
    assert_eq!(there.row().await.pipeline_id, other.id);
    let theirs = world.beside().await;
    assert_eq!(world.refusal(person.moves(&deal, theirs.stages[0])).await, RefusalKind::NotFound);
}

// R1: names are unique, whatever their case and spacing.
#[rstest]
#[tokio::test]
async fn the_same_name_is_the_same_pipeline_and_stage(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let access = world.command_line().access().await;
    let unit = access.begin().await.expect("a change");
    let names = ["  new ", "WORKING", "Late"].map(str::to_owned);
    let (same, stages) = pipeline::ensure(&unit, " SALES ", &names).await.expect("the same");
    unit.commit().await.expect("a commit");
    assert_eq!(same.id, world.pipeline);
    let shown: Vec<(&str, i32)> = stages.iter().map(|stage| (stage.name.as_str(), stage.position)).collect();
    assert_eq!(shown, [("New", 0), ("Working", 1), ("Agreed", 2), ("Late", 3)]);
}

// R1: status is independent of the stage, and only what is lost has a reason.
#[rstest]
#[tokio::test]
async fn only_a_lost_opportunity_has_a_reason(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let person = world.user("Person").create().await;
    let contact = world.contact().create().await;
    let deal = world.opportunity(&contact).create().await;
    let reason = || Patch::Set("too dear".to_owned());
    for status in [Status::Won, Status::Abandoned, Status::Open] {
        let refusal = world.refused(person.closes(&deal, status, reason())).await;
        assert_eq!((refusal.kind, refusal.field), (RefusalKind::InvalidInput, path("lostReason")));
    }
    person.closes(&deal, Status::Lost, reason()).await.expect("lost");
    let row = deal.row().await;
    assert_eq!((row.status, row.lost_reason.as_deref()), (Status::Lost, Some("too dear")));
    assert_eq!((row.status_changed_at, row.stage_id), (world.now(), world.stages[0]));
    world.unmoved(person.closes(&deal, Status::Lost, Patch::Keep)).await;
    person.closes(&deal, Status::Open, Patch::Keep).await.expect("open again");
    assert_eq!(deal.row().await.lost_reason, None);
    assert_eq!(deal.version().await, 3);
}

// R2
#[rstest]
#[case("EUR", "12.30", Some(1230))]
#[case("EUR", "0.1", Some(10))]
#[case("EUR", "1000000000000.00", Some(100_000_000_000_000))]
#[case("JPY", "1230", Some(1230))]
#[case("KWD", "1.234", Some(1234))]
#[case("EUR", "12.345", None)]
#[case("EUR", "12.300", Some(1230))]
#[case("JPY", "0.5", None)]
#[case("EUR", "-1", None)]
#[case("EUR", "1000000000000.01", None)]
#[case("EUR", "92233720368547758.08", None)]
fn a_value_is_exact_in_its_currency(#[case] currency: &str, #[case] text: &str, #[case] minor: Option<i64>) {
    let mut problems = retinue::domain::validate::Problems::new();
    let value: Decimal = text.parse().expect("a decimal");
    assert_eq!(problems.amount("monetaryValue", value, currency), minor);
    assert_eq!(problems.none().is_ok(), minor.is_some());
    if let Some(minor) = minor {
        assert_eq!(decimal_of(minor, currency), value);
    }
}

// R2
#[rstest]
#[tokio::test]
async fn a_value_comes_back_as_it_was_given(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let person = world.user("Person").create().await;
    assert_eq!(MONETARY_VALUE.needs, ViewLeadValue);
    let contact = world.contact().create().await;
    let deal = world.opportunity(&contact).create().await;
    for text in ["0.10", "0.30", "999999999999.99"] {
        let value: Decimal = text.parse().expect("a decimal");
        let fields = OpportunityFields { value: Patch::Set(value), ..Default::default() };
        person.updates_opportunity(&deal, fields).await.expect("set");
        let minor = deal.row().await.value_minor.expect("a value");
        assert_eq!(decimal_of(minor, "EUR").to_string(), text);
    }
    let fields = OpportunityFields { value: Patch::Clear, ..Default::default() };
    person.updates_opportunity(&deal, fields).await.expect("cleared");
    assert_eq!(deal.row().await.value_minor, None);
    let dear =
        OpportunityFields { value: Patch::Set("1.005".parse().expect("a decimal")), ..Default::default() };
    assert_eq!(world.refusal(person.updates_opportunity(&deal, dear)).await, RefusalKind::InvalidInput);
}

fn path(field: &str) -> Vec<String> {
    vec!["input".to_owned(), field.to_owned()]
}
