//! Making opportunities (A12, O4, O5, F12).

use entity::UserId;
use entity::member::Cause;
use policy::Permission::{EditOpportunities, ViewContacts, ViewLeadValue, ViewOpportunities};
use retinue::domain::error::RefusalKind;
use retinue::domain::opportunity::CreateOpportunity;
use retinue::domain::patch::Patch;
use rstest::rstest;
use rust_decimal::Decimal;

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, AnyRecord as _, World};

// A12
#[rstest]
#[tokio::test]
async fn it_takes_both_permissions_and_the_sight_of_the_contact(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let contact = world.contact().create().await;
    let wish = || world.opportunity_wish(contact.id);
    let reader = world.user("Reader").lacking([EditOpportunities]).create().await;
    let denied = RefusalKind::PermissionDenied { permission: Some(EditOpportunities) };
    assert_eq!(world.refusal(reader.makes_opportunity(wish())).await, denied);
    for person in [
        world.user("Blind to contacts").lacking([ViewContacts]),
        world.user("Restricted").restricted(),
        // Pipelines are not there for whom opportunities are off.
        world.user("Blind to opportunities").lacking([ViewOpportunities]),
    ] {
        let person = person.create().await;
        assert_eq!(world.refusal(person.makes_opportunity(wish())).await, RefusalKind::NotFound);
    }
    let person = world.user("Person").create().await;
    let deal = person.makes_opportunity(wish()).await.expect("made");
    assert_eq!(deal.row().await.contact_id, contact.id);
    assert_eq!(deal.activity().await, ["opportunity.created"]);
}

// A12: nothing is inherited here.
#[rstest]
#[tokio::test]
async fn a_follow_does_not_let_one_create(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [owner] = world.users(["Owner"]).await;
    let follower = world.user("Follower").lacking([EditOpportunities]).create().await;
    let contact = world.contact().owned_by(&owner).followed_by(&follower).create().await;
    let kind = world.refusal(follower.makes_opportunity(world.opportunity_wish(contact.id))).await;
    assert_eq!(kind, RefusalKind::PermissionDenied { permission: Some(EditOpportunities) });
}

// O4
#[rstest]
#[tokio::test]
async fn it_takes_the_owner_of_the_contact_unless_another_is_given(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let unowned = world.contact().create().await;
    let wish = |contact: &crate::world::Contact| world.opportunity_wish(contact.id);
    let made = async |wish| bob.makes_opportunity(wish).await.expect("made").owner().await;
    assert_eq!(made(wish(&contact)).await, Some(ada.id));
    assert_eq!(made(wish(&unowned)).await, None);
    assert_eq!(made(CreateOpportunity { owner: Patch::Clear, ..wish(&contact) }).await, None);
    assert_eq!(made(CreateOpportunity { owner: Patch::Set(bob.id), ..wish(&contact) }).await, Some(bob.id));
    assert_eq!(contact.owner().await, Some(ada.id));
}

// O4, O8
#[rstest]
#[tokio::test]
async fn somebody_who_left_is_nobodys_owner_anew(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [left, bob] = world.users(["Left", "Bob"]).await;
    let contact = world.contact().owned_by(&left).create().await;
    left.leaves().await;
    let deal = bob.makes_opportunity(world.opportunity_wish(contact.id)).await.expect("made");
    assert_eq!(deal.owner().await, None);
    let wish = CreateOpportunity { owner: Patch::Set(left.id), ..world.opportunity_wish(contact.id) };
    assert_eq!(world.refusal(bob.makes_opportunity(wish)).await, RefusalKind::NotFound);
}

// O5
#[rstest]
#[tokio::test]
async fn a_restricted_creator_loses_nothing(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let creator = world.user("Creator").restricted().create().await;
    let [ada] = world.users(["Ada"]).await;
    let contact = world.contact().owned_by(&ada).followed_by(&creator).create().await;
    let deal = creator.makes_opportunity(world.opportunity_wish(contact.id)).await.expect("made");
    assert_eq!((deal.owner().await, deal.followers().await), (Some(ada.id), vec![creator.id]));
    let seat = deal.seat_of(&creator).await.expect("they follow");
    assert_eq!((seat.cause, seat.inherits_edit, seat.added_by), (Cause::Created, true, Some(creator.id)));
    assert_eq!(seat.event_id, Some(deal.history().await[0].id));
    assert!(creator.sees(&deal).await);
}

// O5, F12
#[rstest]
#[tokio::test]
async fn the_place_of_the_creator_counts(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let creator = world.user("Creator").restricted().create().await;
    let crowd = world.crowd(10).await;
    let contact = world.contact().followed_by(&creator).create().await;
    let followers: Vec<UserId> = crowd.iter().map(|person| person.id).collect();
    let wish = CreateOpportunity { followers, ..world.opportunity_wish(contact.id) };
    let full = RefusalKind::FollowerLimitReached { limit: 10, current: 0 };
    assert_eq!(world.refusal(creator.makes_opportunity(wish.clone())).await, full);
    let named = CreateOpportunity {
        followers: wish.followers[1..].iter().copied().chain([creator.id]).collect(),
        ..wish
    };
    let deal = creator.makes_opportunity(named).await.expect("the creator is one of ten");
    assert_eq!(deal.seat_of(&creator).await.expect("they follow").cause, Cause::Manual);
}

// A9
#[rstest]
#[tokio::test]
async fn a_value_is_refused_from_whom_may_not_see_it(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let person = world.user("Person").lacking([ViewLeadValue]).create().await;
    let contact = world.contact().create().await;
    for value in [Patch::Set(Decimal::ONE), Patch::Clear] {
        let wish = CreateOpportunity { value, ..world.opportunity_wish(contact.id) };
        let kind = world.refusal(person.makes_opportunity(wish)).await;
        assert_eq!(kind, RefusalKind::PermissionDenied { permission: Some(ViewLeadValue) });
    }
    person.makes_opportunity(world.opportunity_wish(contact.id)).await.expect("without a value");
}
