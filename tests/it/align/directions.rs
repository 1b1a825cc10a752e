//! Whose owner wins (O9).

use entity::job::State;
use entity::job_finding::Kind::{Disagrees, InactiveOwner};
use rstest::rstest;

use super::{DOWN, UP, aligns};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::invariants::{self, Owners};
use crate::world::{AnyRecord as _, Setting, World};

// O9: the contact's owner to its opportunities; an unassigned contact never wins.
#[rstest]
#[tokio::test]
async fn opportunities_get_their_contacts_owner(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let admin = world.user("Admin").admin().create().await;
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let owned = world.contact().owned_by(&ada).create().await;
    let same = world.opportunity(&owned).owned_by(&ada).create().await;
    let other = world.opportunity(&owned).owned_by(&bob).followed_by(&ada).create().await;
    let none = world.opportunity(&owned).create().await;
    let free = world.contact().create().await;
    let kept = world.opportunity(&free).owned_by(&cleo).create().await;
    world.turn_off([Setting::SeparateOwners]).await;
    world.turn_on([Setting::PreviousOwnerFollows]).await;

    let job = world.job(aligns(&admin, DOWN).await.expect("aligned").job).await;
    assert_eq!((job.state, job.moved, job.done, job.total), (State::Done, 2, 2, 2));
    let records =
        [owned.record(), same.record(), other.record(), none.record(), free.record(), kept.record()];
    let [a, c] = [Some(ada.id), Some(cleo.id)];
    assert_eq!(world.owners_of(&records).await, [a, a, a, a, None, c]);
    // F4: the new owner leaves the followers, and the previous one joins them.
    assert_eq!(other.followers().await, [bob.id]);
    assert_eq!((same.version().await, other.version().await, kept.version().await), (1, 2, 1));
    assert_eq!(world.findings(job.id).await, []);
    // Done once, there is nothing left of it.
    let again = world.job(aligns(&admin, DOWN).await.expect("aligned").job).await;
    assert_eq!((again.state, again.moved), (State::Done, 0));
    invariants::assert_hold(&world, Owners::MayDiffer).await;
}

// O9: the opportunities' one owner to their contact, and to those that have none; who disagrees is reported.
#[rstest]
#[tokio::test]
async fn contacts_get_the_one_owner_of_their_opportunities(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let admin = world.user("Admin").admin().create().await;
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let agreeing = world.contact().owned_by(&ada).create().await;
    let one = world.opportunity(&agreeing).owned_by(&bob).create().await;
    let none = world.opportunity(&agreeing).create().await;
    let free = world.contact().create().await;
    let only = world.opportunity(&free).owned_by(&cleo).create().await;
    let torn = world.contact().owned_by(&ada).create().await;
    let left = world.opportunity(&torn).owned_by(&bob).create().await;
    let right = world.opportunity(&torn).owned_by(&cleo).create().await;
    let empty = world.contact().owned_by(&ada).create().await;
    let unowned = world.opportunity(&empty).create().await;
    world.turn_off([Setting::SeparateOwners]).await;

    let job = world.job(aligns(&admin, UP).await.expect("aligned").job).await;
    assert_eq!((job.state, job.moved, job.done), (State::Done, 3, 4));
    let [a, b, c] = [Some(ada.id), Some(bob.id), Some(cleo.id)];
    let records = [agreeing.record(), one.record(), none.record(), free.record(), only.record()];
    assert_eq!(world.owners_of(&records).await, [b, b, b, c, c]);
    let records = [torn.record(), left.record(), right.record(), empty.record(), unowned.record()];
    assert_eq!(world.owners_of(&records).await, [a, b, c, a, None]);
    assert_eq!(world.findings(job.id).await, [(Disagrees, torn.id.0)]);
    assert_eq!(torn.activity().await, ["contact.created"]);
    invariants::assert_hold(&world, Owners::MayDiffer).await;
}

// O8: whoever has left wins nothing, and that is told.
#[rstest]
#[tokio::test]
async fn whoever_has_left_wins_nothing(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let admin = world.user("Admin").admin().create().await;
    let [ada, gone] = world.users(["Ada", "Gone"]).await;
    let below = world.contact().owned_by(&gone).create().await;
    let deal = world.opportunity(&below).owned_by(&ada).create().await;
    let above = world.contact().owned_by(&ada).create().await;
    let other = world.opportunity(&above).owned_by(&gone).create().await;
    gone.leaves().await;
    world.turn_off([Setting::SeparateOwners]).await;

    let job = aligns(&admin, DOWN).await.expect("aligned").job;
    assert_eq!(world.findings(job).await, [(InactiveOwner, below.id.0)]);
    assert_eq!((deal.owner().await, other.owner().await), (Some(ada.id), Some(ada.id)));
    let job = aligns(&admin, UP).await.expect("aligned").job;
    assert_eq!(world.findings(job).await, []);
    assert_eq!(below.owner().await, Some(ada.id));
}

// AF3: an alignment adds nobody, whatever the settings.
#[rstest]
#[tokio::test]
async fn it_adds_no_follower_by_a_setting(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let admin = world.user("Admin").admin().create().await;
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).owned_by(&bob).create().await;
    world.turn_on([Setting::OpportunityOwnerFollowsContact, Setting::ContactOwnerFollowsOpportunities]).await;
    world.turn_off([Setting::SeparateOwners]).await;
    aligns(&admin, DOWN).await.expect("aligned");
    assert_eq!(deal.owner().await, Some(ada.id));
    assert_eq!((contact.followers().await, deal.followers().await), (vec![], vec![]));
}
