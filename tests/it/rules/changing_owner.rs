//! Who gives a record to whom, and what that does (A5, O2, O6, O7, O8, F4).

use entity::UserId;
use entity::member::Cause;
use policy::OwnerChange::{Anyone, No, OnlyOneself};
use policy::Permission::{ChangeOwners, EditContacts};
use policy::Reason;
use retinue::domain::activity::What;
use retinue::domain::error::RefusalKind;
use retinue::domain::ownership::ChangeOwner;
use rstest::rstest;

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, AnyRecord as _, Setting, World, change_of};

const fn denied(reason: Reason) -> RefusalKind {
    RefusalKind::OwnerChangeDenied { reason }
}

// A5
#[rstest]
#[tokio::test]
async fn a_follower_never_takes_a_record(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [owner] = world.users(["Owner"]).await;
    let follower = world.user("Follower").also_holding([ChangeOwners]).create().await;
    let contact = world.contact().owned_by(&owner).followed_by(&follower).create().await;
    let unowned = world.contact().followed_by(&follower).create().await;
    assert_eq!(world.refusal(follower.gives(&contact, &follower)).await, denied(Reason::Follower));
    assert_eq!(world.refusal(follower.clears_owner_of(&contact)).await, denied(Reason::Follower));
    assert_eq!(world.refusal(follower.gives(&unowned, &follower)).await, denied(Reason::Follower));
    assert_eq!(follower.may_give(&contact).await, Some(No(Reason::Follower)));

    // Who unfollows first in order to change leaves both steps in the history.
    let known = contact.activity().await.len();
    follower.removes([&follower], &contact).await.expect("they leave");
    follower.gives(&contact, &follower).await.expect("they hold CHANGE_OWNERS");
    assert_eq!(contact.activity_after(known).await, ["contact.follower_removed", "contact.owner_changed"]);
}

// A5: the one exception.
#[rstest]
#[tokio::test]
async fn an_admin_who_follows_may(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [owner] = world.users(["Owner"]).await;
    let admin = world.user("Admin").admin().create().await;
    let contact = world.contact().owned_by(&owner).followed_by(&admin).create().await;
    assert_eq!(admin.may_give(&contact).await, Some(Anyone));
    admin.gives(&contact, &admin).await.expect("an admin may");
    assert_eq!(contact.owner().await, Some(admin.id));
    assert_eq!(contact.followers().await, []);
}

// A5
#[rstest]
#[tokio::test]
async fn the_owner_gives_it_away_if_they_may_edit_it(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let owner = world.user("Owner").restricted().create().await;
    let [next] = world.users(["Next"]).await;
    let contact = world.contact().owned_by(&owner).create().await;
    owner.loses(EditContacts).await;
    let missing = denied(Reason::MissingPermission(EditContacts));
    assert_eq!(world.refusal(owner.gives(&contact, &next)).await, missing);
    owner.is_granted(EditContacts).await;
    assert_eq!(owner.may_give(&contact).await, Some(Anyone));
    owner.gives(&contact, &next).await.expect("their own");
    assert!(!owner.sees(&contact).await, "who gives away what only owners see sees it no more");
}

// A5
#[rstest]
#[tokio::test]
async fn a_stranger_needs_the_permission(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [owner, stranger] = world.users(["Owner", "Stranger"]).await;
    let contact = world.contact().owned_by(&owner).create().await;
    let missing = denied(Reason::MissingPermission(ChangeOwners));
    assert_eq!(world.refusal(stranger.gives(&contact, &stranger)).await, missing);
    assert_eq!(stranger.may_give(&contact).await, Some(No(Reason::MissingPermission(ChangeOwners))));
    stranger.is_granted(ChangeOwners).await;
    stranger.gives(&contact, &stranger).await.expect("they hold it");
}

// A5
#[rstest]
#[tokio::test]
async fn an_unassigned_record_can_be_claimed_and_no_more(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [person, friend] = world.users(["Person", "Friend"]).await;
    let reader = world.user("Reader").lacking([EditContacts]).create().await;
    let contact = world.contact().create().await;
    assert_eq!(person.may_give(&contact).await, Some(OnlyOneself));
    assert_eq!(world.refusal(person.gives(&contact, &friend)).await, denied(Reason::OnlyOneself));
    assert_eq!(world.refusal(person.clears_owner_of(&contact)).await, denied(Reason::OnlyOneself));
    assert!(matches!(
        world.refusal(reader.gives(&contact, &reader)).await,
        RefusalKind::OwnerChangeDenied { .. }
    ));
    person.gives(&contact, &person).await.expect("they name themselves");
    assert_eq!(contact.owner().await, Some(person.id));
}

// O2
#[rstest]
#[tokio::test]
async fn separate_owners_leave_each_other_alone(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).owned_by(&ada).create().await;
    ada.gives(&contact, &bob).await.expect("the contact");
    assert_eq!((contact.owner().await, deal.owner().await), (Some(bob.id), Some(ada.id)));
    ada.gives(&deal, &cleo).await.expect("the opportunity");
    assert_eq!((contact.owner().await, deal.owner().await), (Some(bob.id), Some(cleo.id)));
    assert_eq!((contact.version().await, deal.version().await), (2, 2));
}

// O6
#[rstest]
#[tokio::test]
async fn clearing_an_owner_is_a_change_like_another(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [owner] = world.users(["Owner"]).await;
    let contact = world.contact().owned_by(&owner).create().await;
    let answer = owner.clears_owner_of(&contact).await.expect("nobody's");
    assert_eq!(answer.previous, Some(owner.id));
    assert_eq!((contact.owner().await, contact.version().await), (None, 2));
    assert_eq!(contact.seats().await, []);
    let what: Vec<What> = answer.committed.events.iter().map(|event| event.what).collect();
    assert_eq!(what, [What::OwnerChanged { from: Some(owner.id), to: None }]);
}

// O7: not found, denied, stale, no-op: in this order.
#[rstest]
#[tokio::test]
async fn answers_come_in_their_order(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [owner, stranger] = world.users(["Owner", "Stranger"]).await;
    let contact = world.contact().owned_by(&owner).create().await;
    let nobody: UserId = world.base.ids.next();
    let wish = ChangeOwner { owner: Some(nobody), expected_version: Some(7), ..change_of(&contact) };
    assert_eq!(world.refusal(stranger.changes_owner(wish)).await, RefusalKind::NotFound);
    let wish = ChangeOwner { owner: Some(owner.id), ..wish };
    assert!(matches!(
        world.refusal(stranger.changes_owner(wish)).await,
        RefusalKind::OwnerChangeDenied { .. }
    ));
    let stale = RefusalKind::StaleVersion { current: 1, record: Some(contact.record()) };
    assert_eq!(world.refusal(owner.changes_owner(wish)).await, stale);
    let answer = world.unmoved(owner.changes_owner(ChangeOwner { expected_version: Some(1), ..wish })).await;
    assert!(answer.committed.events.is_empty(), "the owner is set already");
    assert_eq!(answer.previous, Some(owner.id));
}

// O7: nothing at all happens.
#[rstest]
#[tokio::test]
async fn setting_the_same_owner_again_does_nothing(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [owner] = world.users(["Owner"]).await;
    let contact = world.contact().owned_by(&owner).create().await;
    let deal = world.opportunity(&contact).owned_by(&owner).create().await;
    world
        .turn_on([
            Setting::ContactOwnerFollowsOpportunities,
            Setting::OpportunityOwnerFollowsContact,
            Setting::PreviousOwnerFollows,
        ])
        .await;
    world.unmoved(owner.gives(&contact, &owner)).await;
    world.unmoved(owner.gives(&deal, &owner)).await;
    owner.clears_owner_of(&deal).await.expect("nobody's");
    world.unmoved(world.command_line().clears_owner_of(&deal)).await;
}

// O8
#[rstest]
#[tokio::test]
async fn an_owner_is_an_active_user_of_the_account(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [owner, left] = world.users(["Owner", "Left"]).await;
    let stranger = world.beside().await.user("Stranger").create().await;
    let contact = world.contact().owned_by(&owner).create().await;
    left.leaves().await;
    let one = world.refused(owner.gives(&contact, &left)).await;
    let other = world.refused(owner.gives(&contact, &stranger)).await;
    assert_eq!(one, other);
    assert_eq!((one.kind, one.field), (RefusalKind::NotFound, vec!["input".into(), "ownerId".into()]));
}

// F4
#[rstest]
#[tokio::test]
async fn a_follower_who_becomes_owner_leaves_the_list(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [owner, follower] = world.users(["Owner", "Follower"]).await;
    let contact = world.contact().owned_by(&owner).followed_by(&follower).create().await;
    let known = contact.activity().await.len();
    let answer = owner.gives_while_the_previous_follows(&contact, Some(&follower)).await.expect("given");
    assert_eq!((contact.owner().await, contact.followers().await), (Some(follower.id), vec![owner.id]));
    assert_eq!(contact.seat_of(&owner).await.expect("a seat").cause, Cause::PreviousOwner);
    assert_eq!(answer.previous, Some(owner.id));
    let told = contact.activity_after(known).await;
    assert_eq!(told, ["contact.owner_changed", "contact.follower_removed", "contact.follower_added"]);
}

// F4
#[rstest]
#[tokio::test]
async fn the_call_decides_before_the_setting_about_the_previous_owner(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let given = async |setting: bool, call: Option<bool>| {
        if setting {
            world.turn_on([Setting::PreviousOwnerFollows]).await;
        } else {
            world.turn_off([Setting::PreviousOwnerFollows]).await;
        }
        let contact = world.contact().owned_by(&ada).create().await;
        let wish = ChangeOwner { owner: Some(bob.id), previous_owner_follows: call, ..change_of(&contact) };
        ada.changes_owner(wish).await.expect("given");
        contact.followers().await == [ada.id]
    };
    assert!(!given(false, None).await && given(true, None).await);
    assert!(given(false, Some(true)).await && !given(true, Some(false)).await);
}

// F4, O8
#[rstest]
#[tokio::test]
async fn a_previous_owner_who_left_does_not_follow(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [left, next] = world.users(["Left", "Next"]).await;
    let contact = world.contact().owned_by(&left).create().await;
    left.leaves().await;
    world.command_line().gives_while_the_previous_follows(&contact, Some(&next)).await.expect("given");
    assert_eq!(contact.followers().await, []);
}

// F1, F4: a derived add is skipped and reported.
#[rstest]
#[tokio::test]
async fn without_room_the_previous_owner_is_skipped(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let crowd = world.crowd(12).await;
    let (ada, next) = (&crowd[0], &crowd[11]);
    let contact = world.contact().owned_by(ada).create().await;
    ada.adds(&crowd[1..11], &contact).await.expect("ten");
    let known = contact.activity().await.len();
    let answer = ada.gives_while_the_previous_follows(&contact, Some(next)).await.expect("it succeeds");
    let skipped = What::FollowerSkipped { user: ada.id, cause: Cause::PreviousOwner };
    assert!(answer.committed.events.iter().any(|event| event.what == skipped));
    assert_eq!(contact.activity_after(known).await, ["contact.owner_changed", "contact.follower_skipped"]);
    assert_eq!((contact.owner().await, contact.followers().await.len()), (Some(next.id), 10));

    // A new owner from among the ten makes room.
    let answer = next.gives_while_the_previous_follows(&contact, Some(&crowd[1])).await.expect("given");
    assert!(contact.followers().await.contains(&next.id), "{answer:?}");
}
