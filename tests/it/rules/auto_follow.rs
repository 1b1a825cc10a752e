//! The settings that add followers when an owner changes (AF1 to AF5).

use entity::activity;
use entity::member::Cause;
use policy::Permission::{ChangeOwners, EditContacts, ViewContacts};
use retinue::domain::activity::What;
use retinue::domain::opportunity::CreateOpportunity;
use retinue::domain::patch::Patch;
use rstest::rstest;

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, AnyRecord as _, Setting, World};

/// The world where whoever owns an opportunity follows its contact.
async fn first(on: Kind) -> Option<World> {
    let world = World::separate_on(on).await?;
    world.turn_on([Setting::OpportunityOwnerFollowsContact]).await;
    Some(world)
}

/// The world where whoever owns a contact follows its opportunities.
async fn second(on: Kind) -> Option<World> {
    let world = World::separate_on(on).await?;
    world.turn_on([Setting::ContactOwnerFollowsOpportunities]).await;
    Some(world)
}

// AF1
#[rstest]
#[tokio::test]
async fn the_owner_of_an_opportunity_follows_its_contact(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = first(on).await else { return };
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).owned_by(&bob).create().await;
    assert_eq!(contact.followers().await, [bob.id], "by creation");
    bob.gives(&deal, &cleo).await.expect("given");
    assert_eq!(contact.followers().await, [bob.id, cleo.id], "by a change, which removes nobody");
    assert_eq!(deal.followers().await, []);

    let seat = contact.seat_of(&cleo).await.expect("they follow");
    let change = deal.history().await.pop().expect("a history");
    assert_eq!((seat.cause, seat.added_by), (Cause::OpportunityOwnerFollowsContact, Some(bob.id)));
    assert_eq!((seat.event_id, change.kind.as_str()), (Some(change.id), "opportunity.owner_changed"));
    let told = contact.history().await.pop().expect("a history");
    assert_eq!((told.kind.as_str(), told.cause), ("contact.follower_added", activity::Cause::AutoFollow));
    assert_eq!(told.caused_by, Some(change.id));
}

// AF1
#[rstest]
#[tokio::test]
async fn a_claimed_opportunity_and_an_inherited_owner_count_too(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = first(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).create().await;
    bob.gives(&deal, &bob).await.expect("claimed");
    assert_eq!(contact.followers().await, [bob.id]);
    bob.makes_opportunity(world.opportunity_wish(contact.id)).await.expect("made");
    assert_eq!(contact.followers().await, [bob.id], "the contact's owner owns it: nothing to add");
}

// AF2
#[rstest]
#[tokio::test]
async fn the_owner_of_a_contact_follows_its_opportunities(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = second(on).await else { return };
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).owned_by(&bob).create().await;
    assert_eq!(deal.followers().await, [ada.id], "by creation of one with another owner");
    let own = world.opportunity(&contact).owned_by(&cleo).create().await;
    ada.gives(&contact, &cleo).await.expect("given");
    assert_eq!(deal.followers().await, [ada.id, cleo.id], "by a change of the contact's owner");
    assert_eq!(own.followers().await, [ada.id], "whoever owns it does not follow it");
    let seat = deal.seat_of(&cleo).await.expect("they follow");
    assert_eq!(seat.cause, Cause::ContactOwnerFollowsOpportunities);
}

// AF2
#[rstest]
#[tokio::test]
async fn an_opportunity_that_gets_another_owner_is_followed_by_the_contacts(
    #[values(Sqlite, Postgres)] on: Kind,
) {
    let Some(world) = second(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).owned_by(&ada).create().await;
    assert_eq!(deal.followers().await, []);
    ada.gives(&deal, &bob).await.expect("given");
    assert_eq!(deal.followers().await, [ada.id]);
    bob.clears_owner_of(&deal).await.expect("nobody's");
    assert_eq!(deal.followers().await, [ada.id], "clearing adds nobody and removes nobody");

    let unowned = world.contact().create().await;
    let lonely = world.opportunity(&unowned).owned_by(&bob).create().await;
    assert_eq!(lonely.followers().await, [], "there is no owner who could follow");
}

// AF2: an opportunity that becomes unassigned got no owner.
#[rstest]
#[tokio::test]
async fn an_unassigned_opportunity_is_followed_by_nobody(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = second(on).await else { return };
    let [ada] = world.users(["Ada"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let made = world.opportunity(&contact).create().await;
    let cleared = world.opportunity(&contact).owned_by(&ada).create().await;
    ada.clears_owner_of(&cleared).await.expect("nobody's");
    assert_eq!((made.followers().await, cleared.followers().await), (vec![], vec![]));
}

// AF3
#[rstest]
#[tokio::test]
async fn both_settings_answer_one_change_without_end(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = first(on).await else { return };
    world.turn_on([Setting::ContactOwnerFollowsOpportunities]).await;
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).owned_by(&bob).create().await;
    assert_eq!((contact.followers().await, deal.followers().await), (vec![bob.id], vec![ada.id]));
    // Now they swap: nobody is owner and follower, and nobody else is added.
    world.command_line().gives(&contact, &bob).await.expect("given");
    assert_eq!((contact.owner().await, contact.followers().await), (Some(bob.id), vec![]));
    world.command_line().gives(&deal, &ada).await.expect("given");
    assert_eq!((deal.owner().await, deal.followers().await), (Some(ada.id), vec![bob.id]));
    assert_eq!(contact.followers().await, [ada.id]);
}

// AF3: an owner who left is added nowhere.
#[rstest]
#[tokio::test]
async fn who_left_does_not_follow(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = second(on).await else { return };
    let [left, bob] = world.users(["Left", "Bob"]).await;
    let contact = world.contact().owned_by(&left).create().await;
    left.leaves().await;
    let deal = world.opportunity(&contact).owned_by(&bob).create().await;
    assert_eq!(deal.followers().await, []);
}

// AF4
#[rstest]
#[tokio::test]
async fn at_the_limit_the_change_succeeds_and_the_follow_is_skipped(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = first(on).await else { return };
    let crowd = world.crowd(12).await;
    let (ada, bob) = (&crowd[0], &crowd[11]);
    let contact = world.contact().owned_by(ada).create().await;
    let deal = world.opportunity(&contact).owned_by(ada).create().await;
    ada.adds(&crowd[1..11], &contact).await.expect("ten");
    let known = contact.activity().await.len();
    let answer = ada.gives(&deal, bob).await.expect("it succeeds");
    assert_eq!((deal.owner().await, contact.followers().await.len()), (Some(bob.id), 10));
    let skipped = What::FollowerSkipped { user: bob.id, cause: Cause::OpportunityOwnerFollowsContact };
    let told: Vec<_> = answer.committed.events.iter().filter(|event| event.what == skipped).collect();
    assert_eq!(told.len(), 1, "the payload says so");
    assert_eq!(contact.activity_after(known).await, ["contact.follower_skipped"], "the history says so");
    assert_eq!(told[0].cause, activity::Cause::AutoFollow);
    assert_eq!(told[0].caused_by, Some(answer.committed.events[0].id));
}

// AF5
#[rstest]
#[tokio::test]
async fn with_both_off_nothing_is_added(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).owned_by(&bob).create().await;
    ada.gives(&contact, &bob).await.expect("given");
    bob.gives(&deal, &ada).await.expect("given");
    assert_eq!((contact.followers().await, deal.followers().await), (vec![], vec![]));
}

// AF5
#[rstest]
#[tokio::test]
async fn linked_owners_add_nobody(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).owned_by(&ada).create().await;
    let differing = world.opportunity(&contact).owned_by(&bob).create().await;
    world.turn_on([Setting::OpportunityOwnerFollowsContact, Setting::ContactOwnerFollowsOpportunities]).await;
    world.turn_off([Setting::SeparateOwners]).await;
    ada.gives(&deal, &cleo).await.expect("given");
    assert_eq!(differing.owner().await, Some(bob.id), "it stays, and is followed by nobody");
    for followers in [contact.followers().await, deal.followers().await, differing.followers().await] {
        assert_eq!(followers, []);
    }
}

// A2, AF1: who could not edit the contact gives no edit there.
#[rstest]
#[tokio::test]
async fn the_follow_inherits_only_from_who_could_edit(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = first(on).await else { return };
    let [ada] = world.users(["Ada"]).await;
    let bob = world.user("Bob").lacking([EditContacts]).create().await;
    let cleo = world.user("Cleo").lacking([EditContacts]).create().await;
    let clerk = world.user("Clerk").lacking([EditContacts]).also_holding([ChangeOwners]).create().await;
    let blind = world.user("Blind").lacking([ViewContacts]).also_holding([ChangeOwners]).create().await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).owned_by(&ada).create().await;
    clerk.gives(&deal, &bob).await.expect("given");
    blind.gives(&deal, &cleo).await.expect("given by somebody who does not even see the contact");
    for person in [&bob, &cleo] {
        assert!(!contact.seat_of(person).await.expect("they follow").inherits_edit);
    }
}

// O5, AF1: the creator's place comes before derived follows.
#[rstest]
#[tokio::test]
async fn named_followers_come_before_derived_ones(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = second(on).await else { return };
    let creator = world.user("Creator").restricted().create().await;
    let crowd = world.crowd(10).await;
    let contact = world.contact().owned_by(&crowd[9]).followed_by(&creator).create().await;
    let wish = CreateOpportunity {
        owner: Patch::Clear,
        followers: crowd[..9].iter().map(|person| person.id).collect(),
        ..world.opportunity_wish(contact.id)
    };
    let deal = creator.makes_opportunity(wish.clone()).await.expect("nine and the creator");
    assert!(deal.followers().await.contains(&creator.id));
    let owned = CreateOpportunity { owner: Patch::Set(crowd[0].id), ..wish };
    let deal = creator.makes_opportunity(owned).await.expect("eight, the creator, and the contact's owner");
    assert_eq!(deal.followers().await.len(), 10);
    assert!(deal.followers().await.contains(&crowd[9].id));
}
