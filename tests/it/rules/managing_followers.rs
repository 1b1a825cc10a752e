//! Who adds followers and takes them off (A4, F9, F11).

use entity::member::Cause;
use policy::Permission::{ChangeOwners, EditContacts};
use retinue::domain::error::RefusalKind;
use retinue::domain::ownership::Whom;
use rstest::rstest;

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, AnyRecord as _, Setting, World};

const DENIED: RefusalKind = RefusalKind::PermissionDenied { permission: Some(EditContacts) };

// A4
#[rstest]
#[tokio::test]
async fn who_edits_by_inheritance_adds_but_removes_nobody_else(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [owner, friend, other] = world.users(["Owner", "Friend", "Other"]).await;
    let follower = world.user("Follower").lacking([EditContacts]).create().await;
    let contact = world.contact().owned_by(&owner).followed_by(&follower).followed_by(&other).create().await;
    follower.adds([&friend], &contact).await.expect("they may edit it");
    assert_eq!(world.refusal(follower.removes([&other], &contact)).await, DENIED);
    assert_eq!(world.refusal(follower.removes([&follower, &other], &contact)).await, DENIED);
    assert_eq!(world.refusal(follower.takes_off(Whom::Everybody, &contact)).await, DENIED);
    assert_eq!(world.refusal(follower.removes_by_cause([Cause::Manual], &contact)).await, DENIED);
    let answer = follower.removes([&follower], &contact).await.expect("anybody may leave");
    assert_eq!(answer.removed, [follower.id]);
    assert_eq!(contact.followers().await, [other.id, friend.id]);
}

// A4: following oneself is an add.
#[rstest]
#[tokio::test]
async fn following_oneself_needs_what_an_add_needs(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let reader = world.user("Reader").lacking([EditContacts]).also_holding([ChangeOwners]).create().await;
    let editor = world.user("Editor").create().await;
    let contact = world.contact().create().await;
    assert_eq!(world.refusal(reader.adds([&reader], &contact)).await, DENIED);
    editor.adds([&editor], &contact).await.expect("they may edit it");
    assert_eq!(contact.followers().await, [editor.id]);
}

// A4
#[rstest]
#[tokio::test]
async fn anyone_who_sees_a_record_may_leave_it(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let follower = world.user("Follower").lacking([EditContacts]).create().await;
    let contact = world.contact().followed_by(&follower).create().await;
    follower.removes([&follower], &contact).await.expect("they leave");
    assert_eq!(contact.followers().await, []);
    let answer = world.unmoved(follower.removes([&follower], &contact)).await;
    assert_eq!((answer.removed.len(), answer.skipped.len()), (0, 1));
}

// F9
#[rstest]
#[tokio::test]
async fn a_follower_who_is_taken_off_sees_it_no_more(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [owner] = world.users(["Owner"]).await;
    let restricted = world.user("Restricted").restricted().create().await;
    let unrestricted = world.user("Unrestricted").lacking([EditContacts]).create().await;
    let contact =
        world.contact().owned_by(&owner).followed_by(&restricted).followed_by(&unrestricted).create().await;
    owner.removes([&restricted, &unrestricted], &contact).await.expect("both off");
    assert_eq!(world.refusal(restricted.renames(&contact, "X")).await, RefusalKind::NotFound);
    assert!(!restricted.sees(&contact).await);
    // Another grant remains: they see it, and inherit nothing any more.
    assert!(unrestricted.sees(&contact).await);
    assert_eq!(world.refusal(unrestricted.renames(&contact, "X")).await, DENIED);
}

// F11
#[rstest]
#[tokio::test]
async fn followers_are_taken_off_by_cause(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    world.turn_on([Setting::OpportunityOwnerFollowsContact]).await;
    let [owner, named, of_deal] = world.users(["Owner", "Named", "Of the deal"]).await;
    let contact = world.contact().owned_by(&owner).followed_by(&named).create().await;
    world.opportunity(&contact).owned_by(&of_deal).create().await;
    assert_eq!(contact.followers().await, [named.id, of_deal.id]);

    let auto = [Cause::OpportunityOwnerFollowsContact, Cause::ContactOwnerFollowsOpportunities];
    let answer = owner.removes_by_cause(auto, &contact).await.expect("all auto-follows");
    assert_eq!(answer.removed, [of_deal.id]);
    assert_eq!(contact.followers().await, [named.id]);
    let answer = world.unmoved(owner.removes_by_cause(auto, &contact)).await;
    assert!(answer.removed.is_empty() && answer.skipped.is_empty());
}

// F11
#[rstest]
#[tokio::test]
async fn everybody_is_taken_off_at_once_and_the_owner_stays(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [owner, one, other] = world.users(["Owner", "One", "Other"]).await;
    let contact = world.contact().owned_by(&owner).followed_by(&one).followed_by(&other).create().await;
    let known = contact.activity().await.len();
    let answer = owner.takes_off(Whom::Everybody, &contact).await.expect("all off");
    assert_eq!(answer.removed, [one.id, other.id]);
    assert_eq!(contact.seats().await.len(), 1);
    let told = contact.activity_after(known).await;
    assert_eq!(told, ["contact.follower_removed", "contact.follower_removed"]);
}
