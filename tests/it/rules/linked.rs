//! A contact and its opportunities with one owner (O3, O4, O6).

use entity::opportunity::Status;
use policy::OwnerChange::{Anyone, No};
use policy::Permission::{ChangeOwners, EditOpportunities, ViewContacts};
use policy::Reason;
use retinue::domain::error::RefusalKind;
use retinue::domain::opportunity::CreateOpportunity;
use retinue::domain::patch::Patch;
use rstest::rstest;

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::invariants::{self, Owners};
use crate::world::{Acts as _, AnyRecord as _, Setting, World};

const fn denied(reason: Reason) -> RefusalKind {
    RefusalKind::OwnerChangeDenied { reason }
}

// O3
#[rstest]
#[tokio::test]
async fn naming_either_moves_all_of_any_status(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let open = world.opportunity(&contact).owned_by(&ada).create().await;
    let won = world.opportunity(&contact).owned_by(&ada).create().await;
    ada.closes(&won, Status::Won, Patch::Keep).await.expect("won");
    let elsewhere = world.contact().owned_by(&ada).create().await;

    ada.gives(&contact, &bob).await.expect("the contact named");
    for owner in [contact.owner().await, open.owner().await, won.owner().await] {
        assert_eq!(owner, Some(bob.id));
    }
    bob.gives(&won, &cleo).await.expect("an opportunity named");
    for owner in [contact.owner().await, open.owner().await, won.owner().await] {
        assert_eq!(owner, Some(cleo.id));
    }
    assert_eq!(elsewhere.owner().await, Some(ada.id));
    invariants::assert_hold_of(&world, &[contact.id], Owners::AreOne).await;
}

// O3, N1: one change, of which the others follow.
#[rstest]
#[tokio::test]
async fn the_named_record_is_the_cause_of_the_others(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let [named, other] = [
        world.opportunity(&contact).owned_by(&ada).create().await,
        world.opportunity(&contact).owned_by(&ada).create().await,
    ];
    ada.gives(&named, &bob).await.expect("given");
    let last = |history: Vec<entity::activity::Model>| history.last().cloned().expect("a history");
    let cause = last(named.history().await);
    assert_eq!((cause.kind.as_str(), cause.caused_by), ("opportunity.owner_changed", None));
    let of_contact = last(contact.history().await);
    assert_eq!((of_contact.kind.as_str(), of_contact.caused_by), ("contact.owner_changed", Some(cause.id)));
    assert_eq!(last(other.history().await).caused_by, Some(cause.id));
    assert_eq!((named.version().await, contact.version().await, other.version().await), (2, 2, 2));
}

// O3: the viewer needs A5 on the contact too, and the refusal says so.
#[rstest]
#[tokio::test]
async fn the_contact_may_stand_in_the_way(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let blind = world.user("Blind").lacking([ViewContacts]).create().await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).owned_by(&bob).create().await;
    let of_blind = world.opportunity(&contact).owned_by(&blind).create().await;
    world.turn_off([Setting::SeparateOwners]).await;

    assert_eq!(world.refusal(bob.gives(&deal, &ada)).await, denied(Reason::LinkedContact));
    assert_eq!(bob.may_give(&deal).await, Some(No(Reason::LinkedContact)));
    assert_eq!(world.refusal(blind.gives(&of_blind, &ada)).await, denied(Reason::LinkedContact));
    bob.is_granted(ChangeOwners).await;
    assert_eq!(bob.may_give(&deal).await, Some(Anyone));
    bob.gives(&deal, &bob).await.map(|_| ()).expect("a no-op is authorized first, then done");
}

// O3: where both stand in the way, the contact is named.
#[rstest]
#[tokio::test]
async fn where_both_stand_in_the_way_the_contact_is_named(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, stranger] = world.users(["Ada", "Stranger"]).await;
    let follower = world.user("Follower").also_holding([ChangeOwners]).create().await;
    let contact = world.contact().owned_by(&ada).followed_by(&follower).create().await;
    let deal = world.opportunity(&contact).owned_by(&ada).followed_by(&follower).create().await;
    world.turn_off([Setting::SeparateOwners]).await;
    for person in [&stranger, &follower] {
        assert_eq!(world.refusal(person.gives(&deal, person)).await, denied(Reason::LinkedContact));
        assert_eq!(person.may_give(&deal).await, Some(No(Reason::LinkedContact)));
    }
}

// O3: the named opportunity alone may stand in the way.
#[rstest]
#[tokio::test]
async fn the_named_opportunity_may_stand_in_the_way(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let [bob] = world.users(["Bob"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).owned_by(&bob).create().await;
    world.turn_off([Setting::SeparateOwners]).await;
    let missing = denied(Reason::MissingPermission(ChangeOwners));
    assert_eq!(world.refusal(ada.gives(&deal, &ada)).await, missing);
    ada.gives(&contact, &bob).await.expect("the contact is hers to give");
}

// O3: one that differs moves only if it is named, or the viewer has A5 on it.
#[rstest]
#[tokio::test]
async fn one_that_differs_moves_only_with_the_right_to_it(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let same = world.opportunity(&contact).owned_by(&ada).create().await;
    let differing = world.opportunity(&contact).owned_by(&bob).create().await;
    world.turn_off([Setting::SeparateOwners]).await;

    ada.gives(&contact, &cleo).await.expect("given");
    assert_eq!((same.owner().await, differing.owner().await), (Some(cleo.id), Some(bob.id)));
    assert_eq!(differing.version().await, 1);
    cleo.is_granted(ChangeOwners).await;
    cleo.gives(&contact, &ada).await.expect("given");
    assert_eq!((same.owner().await, differing.owner().await), (Some(ada.id), Some(ada.id)));
}

// O3: claiming moves what the claim may have.
#[rstest]
#[tokio::test]
async fn a_claim_takes_the_unassigned_ones_along(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().create().await;
    let free = world.opportunity(&contact).create().await;
    let taken = world.opportunity(&contact).owned_by(&bob).create().await;
    world.turn_off([Setting::SeparateOwners]).await;
    assert_eq!(ada.may_give(&free).await, Some(policy::OwnerChange::OnlyOneself));
    ada.gives(&free, &ada).await.expect("both are unassigned");
    assert_eq!(
        (contact.owner().await, free.owner().await, taken.owner().await),
        (Some(ada.id), Some(ada.id), Some(bob.id))
    );
}

// O3: whoever follows one that it would reach is refused, unless admin.
#[rstest]
#[tokio::test]
async fn who_follows_a_reached_one_is_refused(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").also_holding([ChangeOwners]).create().await;
    let admin = world.user("Admin").admin().create().await;
    let [bob, cleo] = world.users(["Bob", "Cleo"]).await;
    let contact = world.contact().owned_by(&bob).create().await;
    let followed =
        world.opportunity(&contact).owned_by(&bob).followed_by(&ada).followed_by(&admin).create().await;
    let other = world.opportunity(&contact).owned_by(&bob).create().await;
    world.turn_off([Setting::SeparateOwners]).await;
    for kind in [
        world.refusal(ada.gives(&contact, &ada)).await,
        world.refusal(ada.gives(&other, &ada)).await,
        world.refusal(ada.clears_owner_of(&contact)).await,
    ] {
        assert_eq!(kind, denied(Reason::FollowsReached));
    }
    assert_eq!(world.refusal(ada.gives(&followed, &ada)).await, denied(Reason::Follower));
    assert_eq!(ada.may_give(&contact).await, Some(No(Reason::FollowsReached)));
    admin.gives(&contact, &cleo).await.expect("an admin may");
    assert_eq!(followed.owner().await, Some(cleo.id));
}

// O3: one that differs and is followed stays, and is no hindrance.
#[rstest]
#[tokio::test]
async fn a_followed_one_that_is_not_reached_is_no_hindrance(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").also_holding([ChangeOwners]).create().await;
    let [bob, cleo] = world.users(["Bob", "Cleo"]).await;
    let contact = world.contact().owned_by(&bob).create().await;
    let followed = world.opportunity(&contact).owned_by(&cleo).followed_by(&ada).create().await;
    world.turn_off([Setting::SeparateOwners]).await;
    assert_eq!(ada.may_give(&contact).await, Some(Anyone));
    ada.gives(&contact, &ada).await.expect("it is not reached");
    assert_eq!((contact.owner().await, followed.owner().await), (Some(ada.id), Some(cleo.id)));
}

// O6
#[rstest]
#[tokio::test]
async fn clearing_clears_what_a_change_would_reach(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let [ada] = world.users(["Ada"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).owned_by(&ada).create().await;
    ada.clears_owner_of(&deal).await.expect("nobody's");
    assert_eq!((contact.owner().await, deal.owner().await), (None, None));
}

// F4: on every record that changed.
#[rstest]
#[tokio::test]
async fn previous_owners_follow_every_record_that_changed(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).owned_by(&bob).create().await;
    world.turn_off([Setting::SeparateOwners]).await;
    let everywhere = world.command_line();
    everywhere.gives_while_the_previous_follows(&contact, Some(&cleo)).await.expect("given");
    assert_eq!((contact.followers().await, deal.followers().await), (vec![ada.id], vec![bob.id]));
}

// O4
#[rstest]
#[tokio::test]
async fn a_new_opportunity_with_another_owner_moves_the_contact(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let old = world.opportunity(&contact).owned_by(&ada).create().await;
    let wish = CreateOpportunity { owner: Patch::Set(bob.id), ..world.opportunity_wish(contact.id) };

    assert_eq!(
        world.refusal(bob.makes_opportunity(wish.clone())).await,
        denied(Reason::MissingPermission(ChangeOwners))
    );
    let new = ada.makes_opportunity(wish).await.expect("it is hers to give");
    for owner in [contact.owner().await, old.owner().await, new.owner().await] {
        assert_eq!(owner, Some(bob.id));
    }
    let cause = new.history().await[0].clone();
    assert_eq!(cause.kind, "opportunity.created");
    assert_eq!(contact.history().await.pop().expect("a history").caused_by, Some(cause.id));
}

// O4
#[rstest]
#[tokio::test]
async fn a_new_opportunity_without_owner_clears_the_contact(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let [ada] = world.users(["Ada"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let wish = CreateOpportunity { owner: Patch::Clear, ..world.opportunity_wish(contact.id) };
    let follower = world.user("Follower").also_holding([ChangeOwners]).create().await;
    ada.adds([&follower], &contact).await.expect("they follow");
    let refused = world.refusal(follower.makes_opportunity(wish.clone())).await;
    assert_eq!(refused, denied(Reason::Follower));
    let deal = ada.makes_opportunity(wish.clone()).await.expect("hers to clear");
    assert_eq!((contact.owner().await, deal.owner().await), (None, None));

    // Where the contact has none already, nothing is changed by it.
    let known = contact.activity().await.len();
    follower.makes_opportunity(wish).await.expect("no change of owner");
    assert_eq!(contact.activity_after(known).await, Vec::<String>::new());
}

// AF5, O3: whoever could not edit the others passes nothing on there (A2).
#[rstest]
#[tokio::test]
async fn what_moves_along_inherits_by_its_own_standing(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).owned_by(&ada).create().await;
    let clerk = world.user("Clerk").lacking([EditOpportunities]).also_holding([ChangeOwners]).create().await;
    clerk.gives_while_the_previous_follows(&contact, Some(&bob)).await.expect("given");
    let inherits = async |seat: Option<crate::world::Seat>| seat.expect("they follow").inherits_edit;
    assert!(inherits(contact.seat_of(&ada).await).await);
    assert!(!inherits(deal.seat_of(&ada).await).await);
}
