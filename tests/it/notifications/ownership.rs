//! What people are told of their own place on a record (N2, F7, AF4).

use entity::notification::{Kind as What, Reason};
use policy::Permission::{ChangeOwners, ViewContacts};
use retinue::domain::ownership::sweep::sweep;
use rstest::rstest;

use super::line;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, Setting, World};

// N2
#[rstest]
#[tokio::test]
async fn a_change_of_owner_tells_both_owners_and_the_followers(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let clerk = world.user("Clerk").also_holding([ChangeOwners]).create().await;
    let [ada, bob, finn] = world.users(["Ada", "Bob", "Finn"]).await;
    let contact = world.contact().named("Zoe").owned_by(&ada).followed_by(&finn).create().await;
    let told = world.told_of(clerk.gives(&contact, &bob)).await;
    assert_eq!(
        told,
        [
            line(&ada, What::OwnershipLost, Reason::Removed, 1),
            line(&bob, What::OwnershipGained, Reason::Assigned, 1),
            line(&finn, What::OwnerChanged, Reason::Follower, 1),
        ]
    );
    let told = world.notices_of(clerk.clears_owner_of(&contact)).await;
    assert_eq!(told.len(), 2);
    let lost = told.iter().find(|notice| notice.user_id == bob.id).expect("Bob is told");
    assert_eq!((lost.kind, lost.actor_id), (What::OwnershipLost, Some(clerk.id)));
    assert_eq!((lost.display_name.as_deref(), lost.contact_id), (Some("Zoe"), Some(contact.id)));
    let other = told.iter().find(|notice| notice.user_id == finn.id).expect("Finn is told");
    assert_eq!((other.kind, other.display_name.as_deref()), (What::OwnerChanged, None));

    let told = world.told_of(clerk.gives(&contact, &finn)).await;
    assert_eq!(told, [line(&finn, What::OwnershipGained, Reason::Assigned, 2)], "who followed until then");
}

// N2: who did it is told of nothing, also where they give their own away.
#[rstest]
#[tokio::test]
async fn the_previous_owner_who_stays_on_is_told_once(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let clerk = world.user("Clerk").also_holding([ChangeOwners]).create().await;
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let deal = world.opportunity(&world.contact().create().await).named("Deal").owned_by(&ada).create().await;
    let told = world.notices_of(clerk.gives_while_the_previous_follows(&deal, Some(&bob))).await;
    let of_ada = told.iter().find(|notice| notice.user_id == ada.id).expect("Ada is told");
    assert_eq!(
        (of_ada.kind, of_ada.reason, of_ada.activity_count),
        (What::OwnershipLost, Reason::Removed, 2)
    );
    assert_eq!(of_ada.display_name.as_deref(), Some("Deal"));
    let named = world.named_by(of_ada).await;
    assert_eq!(named, ["opportunity.owner_changed", "opportunity.follower_added"]);
    assert_eq!(told.len(), 2);
    let told = world.told_of(bob.gives(&deal, &ada)).await;
    assert_eq!(told, [line(&ada, What::OwnershipGained, Reason::Assigned, 2)]);
}

// N2, O3: what is linked is one act.
#[rstest]
#[tokio::test]
async fn a_linked_change_is_one_notice_for_each(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let clerk = world.user("Clerk").also_holding([ChangeOwners]).create().await;
    let [ada, bob, finn] = world.users(["Ada", "Bob", "Finn"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    for _ in 0..2 {
        world.opportunity(&contact).owned_by(&ada).followed_by(&finn).create().await;
    }
    let told = world.told_of(clerk.gives(&contact, &bob)).await;
    assert_eq!(
        told,
        [
            line(&ada, What::OwnershipLost, Reason::Removed, 3),
            line(&bob, What::OwnershipGained, Reason::Assigned, 3),
            line(&finn, What::OwnerChanged, Reason::Follower, 2),
        ]
    );
}

// N2
#[rstest]
#[tokio::test]
async fn followers_hear_of_their_own_place_and_of_one_another(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let bound = world.user("Bound").restricted().create().await;
    let contact = world.contact().named("Zoe").owned_by(&ada).followed_by(&bob).create().await;
    let told = world.told_of(ada.adds([&bob, &cleo, &bound], &contact)).await;
    assert_eq!(
        told,
        [
            line(&bob, What::FollowersChanged, Reason::Follower, 2),
            line(&bound, What::FollowGained, Reason::Added, 2),
            line(&cleo, What::FollowGained, Reason::Added, 2),
        ]
    );
    assert_eq!(world.told_of(ada.adds([&bob, &cleo], &contact)).await, [], "who follows already");

    cleo.mutes(&contact, true).await.expect("muted");
    let told = world.notices_of(ada.removes([&cleo, &bound], &contact)).await;
    let kinds: Vec<_> = told.iter().map(|notice| (notice.user_id, notice.kind)).collect();
    assert_eq!(kinds.len(), 3);
    for person in [&cleo, &bound] {
        assert!(kinds.contains(&(person.id, What::FollowLost)), "F8: no mute silences what concerns oneself");
    }
    assert!(kinds.contains(&(bob.id, What::FollowersChanged)));
    let named = told.iter().filter(|notice| notice.display_name.as_deref() == Some("Zoe")).count();
    assert_eq!(named, 2, "as last seen");
    let told = world.told_of(bob.removes([&bob], &contact)).await;
    assert_eq!(told, [line(&ada, What::FollowersChanged, Reason::Owner, 1)], "who leaves knows it");
}

// N2, P3
#[rstest]
#[tokio::test]
async fn who_sees_no_contacts_is_not_told_that_they_lost_one(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let blind = world.user("Blind").lacking([ViewContacts]).create().await;
    let contact = world.contact().create().await;
    assert_eq!(world.told_of(world.command_line().adds([&blind], &contact)).await, []);
    assert_eq!(world.told_of(world.command_line().removes([&blind], &contact)).await, []);
    assert_eq!(world.told_of(world.command_line().gives(&contact, &blind)).await, []);
    assert_eq!(world.told_of(world.command_line().clears_owner_of(&contact)).await, []);
}

// N2: who switches off what concerns them is not told of it as of anybody else's.
#[rstest]
#[tokio::test]
async fn a_switch_silences_ones_own_place_too(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    bob.wants(What::FollowGained, false).await;
    assert_eq!(world.told_of(ada.adds([&bob], &contact)).await, []);
}

// F7: the actor is nobody.
#[rstest]
#[tokio::test]
async fn an_end_that_came_tells_whose_it_was(#[values(Sqlite, Postgres)] on: Kind) {
    // The sweep looks at every account, so that this one has a database of its own.
    let Some(place) = on.empty_place() else { return };
    let database = retinue::domain::database::Database::open(&place.address).await.expect("it opens");
    database.migrate_up().await.expect("up");
    let world = World::at(std::sync::Arc::new(place)).await;
    world.turn_on([Setting::SeparateOwners]).await;
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().named("Zoe").owned_by(&ada).create().await;
    ada.adds_until([&bob], &contact, Some(world.in_seconds(60))).await.expect("added");
    world.clock.advance_seconds(60);
    let swept = async { Ok(sweep(&world.base).await.expect("swept")) };
    let told: Vec<_> = world.notices_of(swept).await.into_iter().collect();
    let of = |person: &crate::world::Person| {
        told.iter()
            .find(|notice| notice.user_id == person.id)
            .map(|notice| (notice.kind, notice.reason, notice.actor_id, notice.display_name.as_deref()))
    };
    assert_eq!(told.len(), 2);
    assert_eq!(of(&bob), Some((What::FollowLost, Reason::Removed, None, Some("Zoe"))));
    assert_eq!(of(&ada), Some((What::FollowersChanged, Reason::Owner, None, None)));
}

// F7: in whosever change it is written down.
#[rstest]
#[tokio::test]
async fn an_end_that_comes_in_ones_own_act_is_nobodys_doing(#[values(Sqlite, Postgres)] on: Kind) {
    // Further than the sweep of any other test looks.
    const FAR: i64 = 400 * 24 * 60 * 60;
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    ada.adds_until([&bob], &contact, Some(world.in_seconds(FAR))).await.expect("added");
    world.clock.advance_seconds(FAR);
    let told = world.notices_of(bob.renames(&contact, "Zoe")).await;
    let of_bob = told.iter().find(|notice| notice.user_id == bob.id).expect("Bob is told");
    assert_eq!((of_bob.kind, of_bob.actor_id, of_bob.activity_count), (What::FollowLost, None, 1));
    let of_ada = told.iter().find(|notice| notice.user_id == ada.id).expect("Ada is told");
    assert_eq!((of_ada.kind, of_ada.actor_id), (What::RecordUpdated, Some(bob.id)));
    assert_eq!((of_ada.activity_count, told.len()), (2, 2));
}

// AF1, AF4
#[rstest]
#[tokio::test]
async fn who_should_have_followed_is_told_that_there_was_no_room(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    world.turn_on([Setting::ContactOwnerFollowsOpportunities]).await;
    let crowd = world.crowd(10).await;
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let bound = world.user("Bound").restricted().create().await;
    for owner in [&ada, &bound] {
        let contact = world.contact().owned_by(owner).create().await;
        let deal = world.opportunity(&contact).owned_by(owner).create().await;
        world.command_line().clears_owner_of(&deal).await.expect("cleared");
        world.command_line().adds(&crowd, &deal).await.expect("full");
        let told = world.told_of(world.command_line().gives(&deal, &bob)).await;
        let own: Vec<_> = told.iter().filter(|line| line.0 == owner.name).collect();
        assert_eq!(own, [&line(owner, What::FollowSkipped, Reason::Skipped, 1)]);
        let of_bob: Vec<_> = told.iter().filter(|line| line.0 == bob.name).collect();
        assert_eq!(of_bob, [&line(&bob, What::OwnershipGained, Reason::Assigned, 2)]);
        let others = told.iter().filter(|line| line.1 == What::OwnerChanged && line.3 == 2).count();
        assert_eq!((others, told.len()), (10, 12));
    }
}

// AF1
#[rstest]
#[tokio::test]
async fn a_derived_follow_tells_who_follows_now(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    world.turn_on([Setting::OpportunityOwnerFollowsContact]).await;
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).owned_by(&ada).create().await;
    let told = world.told_of(ada.gives(&deal, &bob)).await;
    assert_eq!(told, [line(&bob, What::OwnershipGained, Reason::Assigned, 2)], "one act, one notice");
}
