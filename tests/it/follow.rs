//! Followers come and go (A4, F1 to F9, F11).

use rstest::rstest;

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts, AnyRecord, World};

// F3
#[rstest]
#[tokio::test]
async fn the_owner_is_never_a_follower_too(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let contact =
        world.contact().owned_by(&ada).followed_by(&bob).followed_without_inheriting_by(&cleo).create().await;
    println!("{:#?}", contact.seats().await);
    println!("{:#?}", contact.activity().await);
    let answer = world.unmoved(ada.adds([&ada], &contact)).await;
    println!("{answer:?}");
}
