//! Pipelines and stages (R1).

use super::world::{World, file};
use crate::domain::import::Options;

#[tokio::test]
async fn stages_are_made_in_the_given_order_then_as_they_appear() {
    let world = World::new().await;
    let rows = file(&[
        &[("stage", "Won")],
        &[("stage", "Later")],
        &[("stage", "Engaging")],
        &[("stage", "Refused"), ("Contact Name", "")],
    ]);
    let stages = ["engaging", "Offer", " Won "].map(str::to_owned).to_vec();
    let options = Options { stages, ..Options::default() };
    let imported = world.import_with(&rows, &options).await.unwrap();
    assert_eq!((imported.summary.pipelines_created, imported.summary.stages_created), (1, 4));
    assert_eq!(world.stages().await, ["engaging", "Offer", "Won", "Later"]);
    assert_eq!(world.pipelines().await, ["Sales"]);

    // What is there keeps its place; what is new comes at the end.
    let more = world.import(&file(&[&[("stage", "Newest")], &[("stage", "WON")]])).await;
    assert_eq!((more.summary.pipelines_created, more.summary.stages_created), (0, 1));
    assert_eq!(world.stages().await, ["engaging", "Offer", "Won", "Later", "Newest"]);
}

#[tokio::test]
async fn a_stage_belongs_to_its_own_pipeline() {
    let world = World::new().await;
    let rows =
        file(&[&[("pipeline", "Sales"), ("stage", "New")], &[("pipeline", "Renewals"), ("stage", "Due")]]);
    let options = Options { stages: vec!["Due".into(), "New".into()], ..Options::default() };
    let imported = world.import_with(&rows, &options).await.unwrap();
    // Nobody knows of which pipeline a listed stage is, so each has only its own.
    assert_eq!((imported.summary.pipelines_created, imported.summary.stages_created), (2, 2));
    assert_eq!(world.pipelines().await, ["Sales", "Renewals"]);
}
