//! Follows that end by themselves (F7).

use std::sync::Arc;

use entity::activity;
use policy::Permission::EditContacts;
use retinue::domain::access::{ContactFilter, PersonFilter};
use retinue::domain::error::RefusalKind;
use retinue::domain::ownership::sweep::sweep;
use rstest::rstest;

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::invariants::{self, Owners};
use crate::world::{Acts as _, AnyRecord as _, World};

// F7
#[rstest]
#[tokio::test]
async fn at_its_end_a_follow_is_none(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [owner] = world.users(["Owner"]).await;
    let follower = world.user("Follower").restricted().lacking([EditContacts]).create().await;
    let contact = world.contact().owned_by(&owner).create().await;
    owner.adds_until([&follower], &contact, Some(world.in_seconds(60))).await.expect("for a minute");
    world.clock.advance_seconds(59);
    assert_eq!(follower.contacts().await, [contact.id]);
    follower.renames(&contact, "A").await.expect("until the end");

    world.clock.advance_seconds(1);
    assert_eq!(follower.contacts().await, []);
    assert_eq!(world.refusal(follower.renames(&contact, "B")).await, RefusalKind::NotFound);
    let access = owner.access().await;
    assert!(access.followers::<policy::Contact>(&[contact.id]).await.expect("listed").is_empty());
    let filter = ContactFilter { followers: Some(PersonFilter::Any), ..Default::default() };
    assert_eq!(access.count::<policy::Contact>(&filter).await.expect("counted").value, 0);
}

// F1, F7
#[rstest]
#[tokio::test]
async fn its_place_is_free_at_that_instant(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let crowd = world.crowd(12).await;
    let contact = world.contact().owned_by(&crowd[0]).create().await;
    crowd[0].adds(&crowd[1..10], &contact).await.expect("nine");
    crowd[0].adds_until([&crowd[10]], &contact, Some(world.in_seconds(60))).await.expect("the tenth");
    world.clock.advance_seconds(59);
    let full = RefusalKind::FollowerLimitReached { limit: 10, current: 10 };
    assert_eq!(world.refusal(crowd[0].adds([&crowd[11]], &contact)).await, full);
    world.clock.advance_seconds(1);
    let known = contact.activity().await.len();
    crowd[0].adds([&crowd[11]], &contact).await.expect("the place is free");
    assert_eq!(contact.activity_after(known).await, ["contact.follow_ended", "contact.follower_added"]);
    invariants::assert_hold(&world, Owners::MayDiffer).await;
}

// F7, N1: nobody ended it but the clock, whoever came across it.
#[rstest]
#[tokio::test]
async fn the_history_names_the_clock_and_no_actor(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [owner, follower] = world.users(["Owner", "Follower"]).await;
    let contact = world.contact().owned_by(&owner).create().await;
    owner.adds_until([&follower], &contact, Some(world.in_seconds(60))).await.expect("for a minute");
    world.clock.advance_seconds(60);
    owner.renames(&contact, "A").await.expect("something else");
    let history = contact.history().await;
    let ended: Vec<_> = history.iter().filter(|entry| entry.kind == "contact.follow_ended").collect();
    assert_eq!(ended.len(), 1);
    assert_eq!((ended[0].cause, ended[0].actor_id), (activity::Cause::Clock, None));
}

// F3, F7
#[rstest]
#[tokio::test]
async fn who_followed_until_now_is_added_anew(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [owner, follower] = world.users(["Owner", "Follower"]).await;
    let contact = world.contact().owned_by(&owner).create().await;
    owner.adds_until([&follower], &contact, Some(world.in_seconds(60))).await.expect("for a minute");
    world.clock.advance_seconds(60);
    let answer = owner.removes([&follower], &contact).await.expect("they follow no more");
    assert_eq!((answer.removed.len(), answer.skipped.len()), (0, 1));
    let answer = owner.adds([&follower], &contact).await.expect("added");
    assert_eq!(answer.added, [follower.id]);
    let seat = contact.seat_of(&follower).await.expect("they follow");
    assert_eq!((seat.until, seat.added_at), (None, world.now()));
}

// F7
#[rstest]
#[tokio::test]
async fn an_end_lies_in_the_future(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [owner, follower] = world.users(["Owner", "Follower"]).await;
    let contact = world.contact().owned_by(&owner).create().await;
    for until in [world.now(), world.in_seconds(-1)] {
        let refusal = world.refused(owner.adds_until([&follower], &contact, Some(until))).await;
        assert_eq!(
            (refusal.kind, refusal.field),
            (RefusalKind::InvalidInput, vec!["input".into(), "until".into()])
        );
    }
}

// F7: the sweep looks at every account of a database, so this one has a database of its own.
#[rstest]
#[tokio::test]
async fn the_sweep_takes_off_what_has_ended(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(place) = on.empty_place() else { return };
    let database = retinue::domain::database::Database::open(&place.address).await.expect("it opens");
    database.migrate_up().await.expect("up");
    let world = World::at(Arc::new(place)).await;
    let [owner, short, long] = world.users(["Owner", "Short", "Long"]).await;
    let contact = world.contact().owned_by(&owner).create().await;
    let deal = world.opportunity(&contact).owned_by(&owner).create().await;
    for seconds in [10, 20] {
        let until = Some(world.in_seconds(seconds));
        let who = if seconds == 10 { &short } else { &long };
        owner.adds_until([who], &contact, until).await.expect("for a while");
        owner.adds_until([who], &deal, until).await.expect("for a while");
    }
    assert_eq!(sweep(&world.base).await.expect("swept"), 0);
    world.clock.advance_seconds(10);
    assert_eq!(sweep(&world.base).await.expect("swept"), 2);
    for seats in [contact.seats().await, deal.seats().await] {
        let people: Vec<_> = seats.iter().map(|seat| seat.user).collect();
        assert_eq!(people, [owner.id, long.id]);
    }
    assert_eq!(contact.activity().await.pop().as_deref(), Some("contact.follow_ended"));
    let before = world.tables().await;
    assert_eq!(sweep(&world.base).await.expect("swept"), 0);
    before.assert_same(&world.tables().await);
    invariants::assert_hold(&world, Owners::MayDiffer).await;
}

// F5, F7
#[rstest]
#[tokio::test]
async fn who_leaves_loses_what_they_follow_and_what_had_ended_ended_by_itself(
    #[values(Sqlite, Postgres)] on: Kind,
) {
    let Some(world) = World::separate_on(on).await else { return };
    let [owner, follower] = world.users(["Owner", "Follower"]).await;
    let ended = world.contact().owned_by(&owner).create().await;
    let lasting = world.contact().owned_by(&owner).create().await;
    owner.adds_until([&follower], &ended, Some(world.in_seconds(60))).await.expect("for a minute");
    owner.adds([&follower], &lasting).await.expect("for good");
    let known = (ended.activity().await.len(), lasting.activity().await.len());
    world.clock.advance_seconds(60);
    follower.leaves().await;

    assert_eq!(ended.activity_after(known.0).await, ["contact.follow_ended"]);
    assert_eq!(lasting.activity_after(known.1).await, ["contact.follower_removed"]);
    invariants::assert_hold(&world, Owners::MayDiffer).await;
}
