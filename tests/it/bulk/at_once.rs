//! Many records at the same instant, and all or nothing (F2, one transaction).

use futures_util::future::join_all;
use retinue::domain::error::Error;
use retinue::domain::record::RecordRef;
use retinue::domain::retry::retrying;
use rstest::rstest;
use sea_orm::ConnectionTrait as _;

use super::filters::contacts_of;
use super::{gives, gives_in, told};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::invariants::{self, Owners};
use crate::world::{Acts as _, World};

// F2: whoever comes in whichever order, none is left waiting and one of them wins everything.
#[rstest]
#[tokio::test]
async fn two_calls_in_opposite_order_get_through(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let (here, there) = (world.command_line(), world.replica().await.command_line());
    let contacts: Vec<RecordRef> = contacts_of(&ada, 100).await.into_iter().map(RecordRef::from).collect();
    let mut backward = contacts.clone();
    backward.reverse();
    for contact in contacts.iter().step_by(10) {
        let RecordRef::Contact(id) = contact else { continue };
        world.opportunity(&world.contact_with(*id)).owned_by(&ada).create().await;
    }
    for _ in 0..5 {
        let (one, other) = (here.access().await, there.access().await);
        let racers = [(&one, &contacts, &bob), (&other, &backward, &cleo)];
        let racers = racers
            .map(|(access, records, owner)| retrying(async || gives_in(access, records, Some(owner)).await));
        for done in join_all(racers).await {
            assert_eq!(done.expect("neither is left over").results.len(), 100);
        }
        let owner = world.owner_of(contacts[0]).await;
        for contact in &contacts {
            assert_eq!(world.owner_of(*contact).await, owner);
        }
        invariants::assert_hold(&world, Owners::AreOne).await;
    }
}

// G3: one transaction. The database itself objects to the last record, and the first is as it was.
#[rstest]
#[tokio::test]
async fn what_the_database_refuses_undoes_all(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let records =
        [world.contact().owned_by(&ada).create().await, world.contact().owned_by(&ada).create().await];
    let last = records[1].id.0.simple().to_string();
    let guard = match on {
        Sqlite => format!(
            "CREATE TRIGGER stays_{last} BEFORE INSERT ON contact_member WHEN NEW.record_id = x'{last}' \
             BEGIN SELECT RAISE(ABORT, 'it stays'); END;"
        ),
        Postgres => format!(
            "CREATE FUNCTION stays_{last}() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION 'it stays'; END $$; \
             CREATE TRIGGER stays_{last} BEFORE INSERT ON contact_member FOR EACH ROW \
             WHEN (NEW.record_id = '{last}'::uuid) EXECUTE FUNCTION stays_{last}();"
        ),
    };
    world.sql.execute_unprepared(&guard).await.expect("a trigger");
    let before = world.tables().await;
    let records: Vec<RecordRef> = records.iter().map(crate::world::AnyRecord::record).collect();
    let failed = gives(&ada, &records, Some(&bob)).await;
    assert!(matches!(failed, Err(Error::Broken(_))), "{failed:?}");
    before.assert_same(&world.tables().await);
    assert_eq!(told(gives(&ada, &records[..1], Some(&bob)).await), ["done"]);
    assert!(bob.sees(&world.contact_with(entity::ContactId(records[0].uuid()))).await);
}
