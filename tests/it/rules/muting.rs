//! Hearing nothing of a record (F8).

use policy::Permission::EditContacts;
use retinue::domain::error::RefusalKind;
use rstest::rstest;

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, AnyRecord as _, World};

// F8
#[rstest]
#[tokio::test]
async fn a_mute_changes_nothing_but_itself(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let follower = world.user("Follower").restricted().lacking([EditContacts]).create().await;
    let contact = world.contact().followed_by(&follower).create().await;
    let (version, known, at) =
        (contact.version().await, contact.activity().await, contact.updated_at().await);
    follower.mutes(&contact, true).await.expect("muted");
    assert_eq!(contact.seat_of(&follower).await.expect("they follow").muted_at, Some(world.now()));
    assert!(follower.sees(&contact).await);
    world.clock.advance_seconds(5);
    world.unmoved(follower.mutes(&contact, true)).await;
    follower.mutes(&contact, false).await.expect("unmuted");
    assert_eq!(contact.seat_of(&follower).await.expect("they follow").muted_at, None);
    assert_eq!((contact.version().await, contact.updated_at().await), (version, at));
    assert_eq!(contact.activity().await, known);
}

// F8: it belongs to person and record, whichever of the two they are.
#[rstest]
#[tokio::test]
async fn a_mute_survives_becoming_owner_and_follower_again(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&bob).followed_by(&ada).create().await;
    ada.mutes(&contact, true).await.expect("muted as a follower");
    let muted = contact.seat_of(&ada).await.expect("a seat").muted_at;
    bob.gives(&contact, &ada).await.expect("Ada owns it");
    let seat = contact.seat_of(&ada).await.expect("a seat");
    assert_eq!((seat.slot, seat.muted_at), (0, muted));
    ada.gives_while_the_previous_follows(&contact, Some(&bob)).await.expect("Ada follows it");
    let seat = contact.seat_of(&ada).await.expect("a seat");
    assert_eq!((seat.slot > 0, seat.muted_at), (true, muted));
    assert_eq!(contact.seat_of(&bob).await.expect("a seat").muted_at, None);
}

// F8
#[rstest]
#[tokio::test]
async fn who_neither_owns_nor_follows_has_nothing_to_mute(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let person = world.user("Person").create().await;
    let contact = world.contact().followed_until(&person, world.in_seconds(60)).create().await;
    world.clock.advance_seconds(60);
    assert_eq!(world.refusal(person.mutes(&contact, true)).await, RefusalKind::InvalidInput);
}
