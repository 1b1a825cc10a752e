//! Pipelines are arranged while others arrange them too, and while deals are made and moved (R1, F2).

use entity::{opportunity, stage};
use retinue::domain::error::RefusalKind;
use retinue::domain::opportunity::CreateOpportunity;
use retinue::domain::pipeline::stage::{CreateStage, DeleteStage, ReorderStages};
use retinue::domain::pipeline::{self, CreatePipeline, ReorderPipelines};
use rstest::rstest;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::{Racer, race, racer};
use crate::chance::Chance;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::invariants::assert_totals;
use crate::world::{Acts as _, World};

const ROUNDS: usize = 15;

async fn stages(world: &World) -> Vec<stage::Model> {
    let of_pipeline = stage::Column::PipelineId.eq(world.pipeline);
    let stages = stage::Entity::find().filter(of_pipeline).order_by_asc(stage::Column::Position);
    let stages = stages.all(&world.sql).await.expect("the stages");
    let places: Vec<i32> = stages.iter().map(|stage| stage.position).collect();
    let dense: Vec<i32> = (0..).take(stages.len()).collect();
    assert_eq!(places, dense, "the places are dense");
    stages
}

// R1, F2
#[rstest]
#[tokio::test]
async fn two_orders_at_once_leave_one_of_them(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let mut chance = Chance::new();
    let (here, there) = (world.command_line(), world.replica().await.command_line());
    let mut pipelines = vec![world.pipeline];
    for name in ["Renewals", "Rentals"] {
        let wish = CreatePipeline { name: name.into(), stages: vec!["A".into()] };
        pipelines.push(pipeline::create(&here.access().await, &wish).await.expect("made").0);
    }
    for round in 0..ROUNDS {
        let (one, other) = (here.access().await, there.access().await);
        let first = [world.stages[2], world.stages[0], world.stages[1]];
        let second = [world.stages[1], world.stages[2], world.stages[0]];
        let order = |stages: [entity::StageId; 3]| ReorderStages {
            pipeline: world.pipeline,
            stages: stages.to_vec(),
            expected_version: None,
        };
        let (first_order, second_order) = (order(first), order(second));
        let all =
            |order: [usize; 3]| ReorderPipelines { pipelines: order.map(|place| pipelines[place]).to_vec() };
        let (these, those) = (all([2, 0, 1]), all([1, 2, 0]));
        let racers: Vec<Racer<'_>> = vec![
            racer(pipeline::stage::reorder(&one, &first_order), |committed| committed),
            racer(pipeline::stage::reorder(&other, &second_order), |committed| committed),
            racer(pipeline::reorder(&one, &these), |committed| committed),
            racer(pipeline::reorder(&other, &those), |committed| committed),
        ];
        assert_eq!(race(&mut chance, racers).await, [], "round {round}: nobody is refused");
        let left: Vec<entity::StageId> = stages(&world).await.into_iter().map(|stage| stage.id).collect();
        assert!(left == first || left == second, "round {round}: {left:?}");
        let seen = here.access().await.pipelines().await.expect("pipelines");
        let places: Vec<i32> = seen.iter().map(|pipeline| pipeline.position).collect();
        assert_eq!(places, [0, 1, 2], "round {round}");
    }
}

// R1, F2: of two that make the same name, one wins; of two that delete the same stage, too.
#[rstest]
#[tokio::test]
async fn of_two_with_the_same_name_one_wins(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let mut chance = Chance::new();
    let (here, there) = (world.command_line(), world.replica().await.command_line());
    for round in 0..ROUNDS {
        let (one, other) = (here.access().await, there.access().await);
        let named = |name: &str| CreateStage {
            pipeline: world.pipeline,
            name: name.to_owned(),
            position: Some(0),
            expected_version: None,
        };
        let (lower, upper) = (named("extra"), named("EXTRA"));
        let racers: Vec<Racer<'_>> = vec![
            racer(pipeline::stage::create(&one, &lower), |(_, committed)| committed),
            racer(pipeline::stage::create(&other, &upper), |(_, committed)| committed),
        ];
        let refusals = race(&mut chance, racers).await;
        assert_eq!(refusals.len(), 1, "round {round}");
        assert_eq!(refusals[0].kind, RefusalKind::InvalidInput);
        let extra = stages(&world).await[0].clone();
        assert_eq!(extra.name_key, "extra");

        let delete = DeleteStage { stage: extra.id, move_to: world.stages[0], expected_version: None };
        let racers: Vec<Racer<'_>> = vec![
            racer(pipeline::stage::delete(&one, &delete), |committed| committed),
            racer(pipeline::stage::delete(&other, &delete), |committed| committed),
        ];
        let refusals = race(&mut chance, racers).await;
        assert_eq!(refusals.len(), 1, "round {round}");
        assert_eq!(refusals[0].kind, RefusalKind::NotFound);
        assert_eq!(stages(&world).await.len(), 3);
    }
}

// R1, F2: a deal that is made or moved into a stage that goes at the same time is in another one, or is refused.
#[rstest]
#[tokio::test]
async fn no_deal_is_left_in_a_stage_that_goes(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let mut chance = Chance::new();
    let (here, there) = (world.command_line(), world.replica().await.command_line());
    let contact = world.contact().create().await;
    let deal = world.opportunity(&contact).create().await;
    let mut refused = 0;
    for round in 0..ROUNDS {
        let one = here.access().await;
        let wish = CreateStage {
            pipeline: world.pipeline,
            name: format!("Round {round}"),
            position: None,
            expected_version: None,
        };
        let (gone, _) = pipeline::stage::create(&one, &wish).await.expect("made");
        let delete = DeleteStage { stage: gone, move_to: world.stages[1], expected_version: None };
        let made = || CreateOpportunity { stage: Some(gone), ..world.opportunity_wish(contact.id) };
        let (first, second) = (made(), made());
        let racers: Vec<Racer<'_>> = vec![
            racer(pipeline::stage::delete(&one, &delete), |committed| committed),
            racer(there.makes_opportunity(first), |_| Default::default()),
            racer(here.makes_opportunity(second), |_| Default::default()),
            racer(there.moves(&deal, gone), |committed| committed),
        ];
        for refusal in race(&mut chance, racers).await {
            let typed = matches!(refusal.kind, RefusalKind::InvalidInput | RefusalKind::NotFound);
            assert!(typed, "round {round}: {refusal:?}");
            refused += 1;
        }
        assert_eq!(stages(&world).await.len(), 3, "round {round}");
        let there = opportunity::Column::StageId.eq(gone);
        let left = opportunity::Entity::find().filter(there).all(&world.sql).await.expect("read");
        assert!(left.is_empty(), "round {round}: {left:?}");
        assert_totals(&world).await;
    }
    println!("{refused} came too late");
}
