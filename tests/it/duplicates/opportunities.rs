//! One open opportunity for each contact and pipeline (R3, A7).

use entity::account::ContactDuplicates;
use entity::opportunity::Status;
use retinue::domain::error::RefusalKind;
use retinue::domain::opportunity::{CreateOpportunity, MoveStage, move_stage};
use retinue::domain::patch::Patch;
use rstest::rstest;

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, AnyRecord as _, World};

// R3, R4
#[rstest]
#[tokio::test]
async fn a_second_open_one_is_refused_on_every_way(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").admin().create().await;
    let contact = world.contact().create().await;
    let won = world.opportunity(&contact).create().await;
    ada.closes(&won, Status::Won, Patch::Keep).await.expect("won");
    let deleted = world.opportunity(&contact).create().await;
    ada.deletes(&deleted).await.expect("deleted");
    let access = world.command_line().access().await;
    let unit = access.begin().await.expect("a change");
    let (second, stages) =
        retinue::domain::pipeline::ensure(&unit, "Second", &["New".to_owned()]).await.expect("a pipeline");
    unit.commit().await.expect("a commit");
    let elsewhere = CreateOpportunity::new(contact.id, second.id, "Elsewhere");
    let elsewhere = ada.makes_opportunity(elsewhere).await.expect("made");
    world.tells_apart(ContactDuplicates::Allow, false).await;

    let open = ada.makes_opportunity(world.opportunity_wish(contact.id)).await.expect("the first one");
    let found = RefusalKind::DuplicateFound { record: open.record() };
    assert_eq!(world.refusal(ada.makes_opportunity(world.opportunity_wish(contact.id))).await, found);
    assert_eq!(world.refusal(ada.closes(&won, Status::Open, Patch::Keep)).await, found);
    assert_eq!(world.refusal(ada.restores(&deleted)).await, found);
    let here = |opportunity, stage, pipeline| MoveStage {
        opportunity,
        stage,
        pipeline: Some(pipeline),
        expected_version: None,
    };
    let access = ada.access().await;
    let moves = here(elsewhere.id, world.stages[0], world.pipeline);
    assert_eq!(world.refusal(move_stage(&access, &moves)).await, found);
    let lost = CreateOpportunity { status: Some(Status::Lost), ..world.opportunity_wish(contact.id) };
    ada.makes_opportunity(lost).await.expect("what is closed does not count");
    let other = world.contact().create().await;
    ada.makes_opportunity(world.opportunity_wish(other.id)).await.expect("another contact");

    ada.closes(&open, Status::Won, Patch::Keep).await.expect("won");
    ada.restores(&deleted).await.expect("now there is none");
    let found = RefusalKind::DuplicateFound { record: deleted.record() };
    assert_eq!(world.refusal(ada.closes(&open, Status::Open, Patch::Keep)).await, found);
    let moves = here(deleted.id, stages[0].id, second.id);
    let taken = RefusalKind::DuplicateFound { record: elsewhere.record() };
    assert_eq!(world.refusal(move_stage(&ada.access().await, &moves)).await, taken);
    assert_eq!(world.flags().await, []);
    // A contact that comes back brings what it had.
    ada.deletes(&contact).await.expect("deleted");
    ada.restores(&contact).await.expect("restored");
}

// R3, A7
#[rstest]
#[tokio::test]
async fn a_hidden_open_one_passes_and_is_flagged(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    world.tells_apart(ContactDuplicates::Allow, false).await;
    let saga = world.user("Saga").restricted().create().await;
    let [busy, free] = [
        world.contact().followed_by(&saga).create().await,
        world.contact().followed_by(&saga).create().await,
    ];
    let hidden = world.opportunity(&busy).create().await;
    let (mine, one) = world.sent_by(saga.makes_opportunity(world.opportunity_wish(busy.id))).await;
    let (other, others) = world.sent_by(saga.makes_opportunity(world.opportunity_wish(free.id))).await;
    let (mine, _) = (mine.expect("it passes"), other.expect("it passes"));
    let texts = |sent: Vec<sea_orm::Statement>| sent.into_iter().map(|one| one.sql).collect::<Vec<_>>();
    assert_eq!(texts(one), texts(others), "A7");
    let flags = world.flags().await;
    assert_eq!(flags.len(), 1);
    assert_eq!(flags[0].opportunity_id, Some(mine.id));
    assert_eq!(flags[0].other_opportunity_id, Some(hidden.id));
    // Reopened, it is the same pair.
    saga.closes(&mine, Status::Won, Patch::Keep).await.expect("won");
    saga.closes(&mine, Status::Open, Patch::Keep).await.expect("open again");
    assert_eq!(world.flags().await, flags);
}
