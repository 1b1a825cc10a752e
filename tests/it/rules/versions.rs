//! Versions and times of records (R6).

use entity::contact;
use entity::opportunity::Status;
use retinue::domain::error::RefusalKind;
use retinue::domain::opportunity::{
    MoveStage, OpportunityFields, SetStatus, UpdateOpportunity, move_stage, set_status, update_in,
};
use retinue::domain::ownership::ChangeOwner;
use retinue::domain::patch::Patch;
use rstest::rstest;

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::invariants::{self, Owners};
use crate::world::{Acts as _, AnyRecord, World, change_of};

// R6
#[rstest]
#[tokio::test]
async fn every_change_of_the_record_raises_its_version(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).owned_by(&ada).create().await;
    ada.renames(&deal, "Roof").await.expect("renamed");
    ada.moves(&deal, world.stages[1]).await.expect("moved");
    ada.closes(&deal, Status::Won, Patch::Keep).await.expect("won");
    world.clock.advance_seconds(9);
    ada.gives(&deal, &bob).await.expect("given");
    assert_eq!((deal.version().await, deal.updated_at().await), (5, world.now()));
    assert!(deal.seats().await.iter().all(|seat| seat.record_updated_at == world.now()));
    assert_eq!(contact.version().await, 1, "A7: a record's version comes from itself alone");
}

// R6
#[rstest]
#[tokio::test]
async fn followers_and_mutes_raise_nothing(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let before = contact.row().await;
    world.clock.advance_seconds(9);
    ada.adds([&bob], &contact).await.expect("added");
    ada.mutes(&contact, true).await.expect("muted");
    ada.removes([&bob], &contact).await.expect("removed");
    bob.leaves().await;
    // The last activity is that of the history, which tells of followers too.
    assert_eq!(contact.row().await, contact::Model { last_activity_at: world.now(), ..before });
}

// R6
#[rstest]
#[tokio::test]
async fn a_change_that_changes_nothing_raises_nothing(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada] = world.users(["Ada"]).await;
    let contact = world.contact().named("Bea").owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).named("Roof").create().await;
    world.clock.advance_seconds(9);
    world.unmoved(ada.renames(&contact, "  Bea ")).await;
    world.unmoved(ada.renames(&deal, "Roof")).await;
    world.unmoved(ada.closes(&deal, Status::Open, Patch::Keep)).await;
}

// R6
#[rstest]
#[tokio::test]
async fn a_stale_change_is_refused_with_the_current_version(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada] = world.users(["Ada"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).owned_by(&ada).create().await;
    ada.renames(&contact, "Bea").await.expect("version 2");
    ada.renames(&deal, "Roof").await.expect("version 2");
    let stale = |record: &dyn Fn() -> retinue::domain::record::RecordRef| RefusalKind::StaleVersion {
        current: 2,
        record: Some(record()),
    };
    let (of_contact, of_deal) = (stale(&|| contact.record()), stale(&|| deal.record()));
    for version in [Some(1), Some(3), Some(-1)] {
        assert_eq!(world.refusal(ada.renames_expecting(&contact, "X", version)).await, of_contact);
        assert_eq!(world.refusal(ada.renames_expecting(&deal, "X", version)).await, of_deal);
        let wish = ChangeOwner { expected_version: version, ..change_of(&contact) };
        assert_eq!(world.refusal(ada.changes_owner(wish)).await, of_contact);
        let access = ada.access().await;
        let stage = world.stages[1];
        let wish = MoveStage { opportunity: deal.id, stage, pipeline: None, expected_version: version };
        assert_eq!(world.refusal(move_stage(&access, &wish)).await, of_deal);
        let wish = SetStatus {
            opportunity: deal.id,
            status: Status::Won,
            lost_reason: Patch::Keep,
            expected_version: version,
        };
        assert_eq!(world.refusal(set_status(&access, &wish)).await, of_deal);
    }
    ada.renames_expecting(&contact, "Cleo", Some(2)).await.expect("the current one");
    assert_eq!(contact.version().await, 3);
}

// R6, F2: on SQLite a change cannot even begin while another runs.
#[tokio::test]
async fn a_change_that_began_earlier_but_came_later_writes_the_later_time() {
    let Some(world) = World::separate_on(Postgres).await else { return };
    let [owner] = world.users(["Owner"]).await;
    let contact = world.contact().owned_by(&owner).create().await;
    let deal = world.opportunity(&contact).owned_by(&owner).create().await;

    let access = owner.access().await;
    let mut waiting = access.begin().await.expect("begun");
    world.clock.advance_seconds(10);
    owner.renames(&deal, "Overtaken").await.expect("renamed meanwhile");
    let overtaken = deal.row().await.updated_at;
    let wish = UpdateOpportunity {
        opportunity: deal.id,
        fields: OpportunityFields { name: Patch::Set("Late".into()), ..Default::default() },
        expected_version: None,
    };
    assert!(update_in(&mut waiting, &wish).await.expect("changed"));
    waiting.commit().await.expect("committed");

    let row = deal.row().await;
    assert_eq!((row.name.as_str(), row.updated_at), ("Late", overtaken));
    invariants::assert_hold(&world, Owners::MayDiffer).await;
}
