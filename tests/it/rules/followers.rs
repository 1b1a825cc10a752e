//! What a list of followers is (F1, F3, F5, F6, F7).

use entity::UserId;
use entity::member::Cause;
use retinue::domain::error::RefusalKind;
use retinue::domain::ownership::{AddFollowers, SkipReason, Skipped, follow};
use rstest::rstest;

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, AnyRecord as _, World};

// F1
#[rstest]
#[tokio::test]
async fn the_eleventh_follower_is_refused_with_the_numbers(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let crowd = world.crowd(12).await;
    let contact = world.contact().owned_by(&crowd[0]).create().await;
    let answer = crowd[0].adds(&crowd[1..11], &contact).await.expect("ten beside the owner");
    assert_eq!(answer.added.len(), 10);
    let refusal = world.refused(crowd[0].adds([&crowd[11]], &contact)).await;
    assert_eq!(refusal.kind, RefusalKind::FollowerLimitReached { limit: 10, current: 10 });
    assert_eq!(refusal.field, ["input", "userIds"]);
}

// F1
#[rstest]
#[tokio::test]
async fn a_batch_that_would_exceed_the_limit_is_refused_whole(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let crowd = world.crowd(12).await;
    let (owner, crowd) = crowd.split_first().expect("somebody");
    let contact = world.contact().owned_by(owner).create().await;
    owner.adds(&crowd[..9], &contact).await.expect("nine");
    let kind = world.refusal(owner.adds(&crowd[8..], &contact)).await;
    assert_eq!(kind, RefusalKind::FollowerLimitReached { limit: 10, current: 9 });
    // The owner, who follows already, and a name that comes twice do not count.
    let people = [owner, &crowd[0], &crowd[9], &crowd[9]];
    let answer = owner.adds(people, &contact).await.expect("one newcomer");
    assert_eq!(answer.added, [crowd[9].id]);
    assert_eq!(contact.followers().await.len(), 10);
}

// F3
#[rstest]
#[tokio::test]
async fn who_owns_or_follows_already_is_skipped(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [owner, follower, other] = world.users(["Owner", "Follower", "Other"]).await;
    let contact = world.contact().owned_by(&owner).followed_by(&follower).create().await;
    let answer = world.unmoved(owner.adds([&owner, &follower], &contact)).await;
    let skipped = |user: UserId, reason| Skipped { user, reason };
    assert_eq!(
        answer.skipped,
        [skipped(owner.id, SkipReason::IsOwner), skipped(follower.id, SkipReason::AlreadyFollows)]
    );
    let answer = world.unmoved(owner.removes([&owner, &other], &contact)).await;
    assert_eq!(
        answer.skipped,
        [skipped(owner.id, SkipReason::IsOwner), skipped(other.id, SkipReason::DoesNotFollow)]
    );
}

// F3
#[rstest]
#[tokio::test]
async fn adding_again_with_another_end_changes_it(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [owner, follower] = world.users(["Owner", "Follower"]).await;
    let contact = world.contact().owned_by(&owner).followed_by(&follower).create().await;
    let before = contact.seat_of(&follower).await.expect("they follow");
    let known = contact.activity().await.len();

    let (soon, late) = (world.in_seconds(10), world.in_seconds(20));
    let answer = owner.adds_until([&follower], &contact, Some(soon)).await.expect("an end");
    assert_eq!((answer.added, answer.changed), (vec![], vec![follower.id]));
    let answer = owner.adds_until([&follower], &contact, Some(late)).await.expect("another end");
    assert_eq!(answer.changed, [follower.id]);
    let answer = world.unmoved(owner.adds([&follower], &contact)).await;
    assert_eq!(answer.skipped.len(), 1, "without an end it stays");
    let answer = world.unmoved(owner.adds_until([&follower], &contact, Some(late))).await;
    assert_eq!(answer.skipped.len(), 1, "the same end is none other");

    let after = contact.seat_of(&follower).await.expect("they follow");
    assert_eq!(after.until, Some(late));
    assert_eq!(crate::world::Seat { until: None, ..after }, before, "nothing else changed");
    let told = contact.activity_after(known).await;
    assert_eq!(told, ["contact.follower_changed", "contact.follower_changed"]);
}

// F5
#[rstest]
#[tokio::test]
async fn only_active_users_of_the_account_follow(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [owner, friend, left] = world.users(["Owner", "Friend", "Left"]).await;
    left.leaves().await;
    let stranger = world.beside().await.user("Stranger").create().await;
    let nobody: UserId = world.base.ids.next();
    let contact = world.contact().owned_by(&owner).create().await;
    let mut answers = Vec::new();
    for user in [left.id, stranger.id, nobody] {
        let wish = AddFollowers { record: contact.record(), users: vec![friend.id, user], until: None };
        let access = owner.access().await;
        answers.push(world.refused(follow::add_followers(&access, &wish)).await);
    }
    assert!(answers.iter().all(|answer| answer == &answers[0]), "they are told apart: {answers:#?}");
    assert_eq!(answers[0].kind, RefusalKind::NotFound);
    assert_eq!(answers[0].field, ["input", "userIds", "1"]);

    let wish = AddFollowers { record: contact.record(), users: vec![left.id, nobody], until: None };
    let access = owner.access().await;
    let all = world.refused_for(follow::add_followers(&access, &wish)).await;
    assert_eq!(all.len(), 2, "every unknown one is named");
}

// F6
#[rstest]
#[tokio::test]
async fn contact_and_opportunity_have_separate_lists(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let crowd = world.crowd(12).await;
    let contact = world.contact().owned_by(&crowd[0]).create().await;
    let deal = world.opportunity(&contact).owned_by(&crowd[0]).create().await;
    crowd[0].adds(&crowd[1..11], &contact).await.expect("ten on the contact");
    crowd[0].adds([&crowd[11]], &deal).await.expect("one on the opportunity");
    assert_eq!(deal.followers().await, [crowd[11].id]);
    assert!(!contact.followers().await.contains(&crowd[11].id));
    crowd[0].removes([&crowd[1]], &contact).await.expect("off the contact");
    assert_eq!(deal.followers().await, [crowd[11].id]);
}

// F7
#[rstest]
#[tokio::test]
async fn a_follow_keeps_where_it_comes_from(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [owner, follower] = world.users(["Owner", "Follower"]).await;
    let contact = world.contact().owned_by(&owner).create().await;
    let until = world.in_seconds(60);
    owner.adds_until([&follower], &contact, Some(until)).await.expect("added");
    let seat = contact.seat_of(&follower).await.expect("they follow");
    let event = contact.history().await.pop().expect("it was told");
    assert_eq!(event.kind, "contact.follower_added");
    assert_eq!((seat.cause, seat.added_by, seat.added_at), (Cause::Manual, Some(owner.id), world.now()));
    assert_eq!((seat.event_id, seat.until, seat.slot), (Some(event.id), Some(until), 1));
    assert_eq!((event.actor_id, event.at), (Some(owner.id), world.now()));
}

// F1: a place that becomes free is taken again.
#[rstest]
#[tokio::test]
async fn the_place_of_who_left_is_free(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let crowd = world.crowd(12).await;
    let contact = world.contact().owned_by(&crowd[0]).create().await;
    crowd[0].adds(&crowd[1..11], &contact).await.expect("ten");
    crowd[3].leaves().await;
    crowd[0].adds([&crowd[11]], &contact).await.expect("who left follows no more");
    let slots: Vec<i16> = contact.seats().await.iter().map(|seat| seat.slot).collect();
    assert_eq!(slots, (0..=10).collect::<Vec<_>>());
}
