//! Many records change hands where owners are linked (O3, A6).

use policy::Permission::ChangeOwners;
use rstest::rstest;

use super::{gives, told};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::invariants::{self, Owners};
use crate::world::{AnyRecord as _, Setting, World};

// G3: one that the call moved already is a no-op, with one version and one entry.
#[rstest]
#[tokio::test]
async fn one_that_the_call_brought_along_is_unchanged(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let one = world.opportunity(&contact).owned_by(&ada).create().await;
    let other = world.opportunity(&contact).owned_by(&ada).create().await;
    let done = told(gives(&ada, &[other.record(), one.record()], Some(&bob)).await);
    assert_eq!(done, ["done", "unchanged"]);
    for record in [contact.record(), one.record(), other.record()] {
        assert_eq!(world.owner_of(record).await, Some(bob.id));
    }
    assert_eq!((contact.version().await, one.version().await, other.version().await), (2, 2, 2));
    assert_eq!(one.activity().await, ["opportunity.created", "opportunity.owner_changed"]);
    invariants::assert_hold(&world, Owners::AreOne).await;
}

// A5, O3: whoever follows one that a change would reach is refused for that family, and for no other.
#[rstest]
#[tokio::test]
async fn a_follower_of_a_reached_one_is_refused_for_its_family_alone(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let clerk = world.user("Clerk").also_holding([ChangeOwners]).create().await;
    let [bob, cleo] = world.users(["Bob", "Cleo"]).await;
    let held = world.contact().owned_by(&bob).create().await;
    let followed = world.opportunity(&held).owned_by(&bob).followed_by(&clerk).create().await;
    let free = world.contact().owned_by(&bob).create().await;
    let deal = world.opportunity(&free).owned_by(&bob).create().await;

    let contacts = [held.record(), free.record()];
    assert_eq!(told(gives(&clerk, &contacts, Some(&clerk)).await), ["FollowsReached", "done"]);
    assert_eq!((held.owner().await, followed.owner().await), (Some(bob.id), Some(bob.id)));
    assert_eq!((free.owner().await, deal.owner().await), (Some(clerk.id), Some(clerk.id)));
    let deals = [followed.record(), deal.record()];
    assert_eq!(told(gives(&clerk, &deals, Some(&cleo)).await), ["Follower", "done"]);
    assert_eq!((held.version().await, followed.version().await), (1, 1));
}

// G3: authorized as things stood at the start; what the call itself changes gives no right.
#[rstest]
#[tokio::test]
async fn what_the_call_moves_gives_no_right_to_the_rest(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let own = world.opportunity(&contact).owned_by(&ada).create().await;
    let differing = world.opportunity(&contact).owned_by(&bob).create().await;
    let free = world.contact().create().await;
    let unassigned = world.opportunity(&free).create().await;
    world.turn_off([Setting::SeparateOwners]).await;

    let records = [own.record(), differing.record(), unassigned.record()];
    let done = told(gives(&ada, &records, Some(&cleo)).await);
    assert_eq!(done, ["done", "MissingPermission(ChangeOwners)", "OnlyOneself"]);
    assert_eq!((contact.owner().await, differing.owner().await), (Some(cleo.id), Some(bob.id)));
    // Now the contact is not hers any more, and nothing of it.
    let refused = told(gives(&ada, &records, Some(&ada)).await);
    assert_eq!(refused, ["LinkedContact", "LinkedContact", "done"]);
    assert_eq!(free.owner().await, Some(ada.id));
}

// O6
#[rstest]
#[tokio::test]
async fn clearing_many_clears_their_families(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let [ada] = world.users(["Ada"]).await;
    let mut contacts = Vec::new();
    for _ in 0..5 {
        let contact = world.contact().owned_by(&ada).create().await;
        world.opportunity(&contact).owned_by(&ada).create().await;
        contacts.push(contact.record());
    }
    assert_eq!(told(gives(&ada, &contacts, None).await), ["done"; 5]);
    for contact in &contacts {
        assert_eq!(world.owner_of(*contact).await, None);
    }
    invariants::assert_hold(&world, Owners::AreOne).await;
}
