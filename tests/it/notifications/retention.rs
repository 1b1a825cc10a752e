//! How long notices are kept, and what a purge leaves of them (N4, R4).

use entity::stream_event;
use retinue::domain::deletion::{DAYS, purge_of};
use retinue::domain::notification::{Forgotten, forget_old_of};
use rstest::rstest;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, World};

const DAY: i64 = 24 * 60 * 60;

// N4: numbers go on.
#[rstest]
#[tokio::test]
async fn what_is_old_goes_and_numbers_go_on(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let elsewhere = world.beside().await;
    let other = elsewhere.contact().owned_by(&elsewhere.user("Else").create().await).create().await;
    elsewhere.command_line().renames(&other, "Else").await.expect("renamed");
    let others = elsewhere.tables().await;
    let contact = world.contact().owned_by(&ada).create().await;
    bob.renames(&contact, "Zoe").await.expect("renamed");
    assert_eq!(ada.numbers().await, [1, 2]);
    world.clock.advance_seconds(10 * DAY - 1);
    bob.renames(&contact, "Zora").await.expect("renamed");
    let events = stream_event::Entity::find().filter(stream_event::Column::AccountId.eq(world.account));
    let all = events.clone().count(&world.sql).await.expect("counted");

    let access = world.command_line().access().await;
    let forgotten = forget_old_of(&access, 11).await.expect("nothing is so old");
    assert_eq!(forgotten, Forgotten::default());
    let forgotten = forget_old_of(&access, 10).await.expect("forgotten");
    assert_eq!(forgotten.notifications, 1, "a second passed after the first");
    let forgotten_then = forget_old_of(&access, 9).await.expect("forgotten");
    assert_eq!(forgotten_then.notifications, 1);
    let left = events.count(&world.sql).await.expect("counted");
    assert_eq!((left, forgotten.events + forgotten_then.events), (1, all - 1));
    assert_eq!(ada.numbers().await, [3]);
    bob.renames(&contact, "Zuleika").await.expect("renamed");
    assert_eq!(ada.numbers().await, [3, 4]);
    others.assert_same(&elsewhere.tables().await);
}

// R4
#[rstest]
#[tokio::test]
async fn a_purge_takes_the_names_out_of_the_notices(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let admin = world.user("Admin").admin().create().await;
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().named("Zuleika").owned_by(&ada).followed_by(&bob).create().await;
    let deal = world.opportunity(&contact).named("Hemlig").followed_by(&bob).create().await;
    let living = world.contact().named("Living").followed_by(&bob).create().await;
    admin.removes([&bob], &contact).await.expect("removed");
    admin.removes([&bob], &deal).await.expect("removed");
    admin.removes([&bob], &living).await.expect("removed");
    admin.deletes(&contact).await.expect("deleted");
    let names = async || -> Vec<String> {
        let rows = world.all_notifications().await;
        let mut names: Vec<String> = rows.into_iter().filter_map(|row| row.display_name).collect();
        names.sort();
        names
    };
    assert_eq!(names().await, ["Hemlig", "Living", "Zuleika", "Zuleika"]);
    let told = world.all_notifications().await.len();
    world.clock.advance_seconds(DAYS * DAY);
    let access = world.command_line().access().await;
    assert!(purge_of(&access).await.expect("purged") > 0);
    assert_eq!(names().await, ["Living"]);
    assert_eq!(world.all_notifications().await.len(), told, "a purge tells nobody");
}
