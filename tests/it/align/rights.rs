//! Who may align, and what an alignment keeps from whoever asks for it (P6, A5, A6).

use entity::job_finding::Kind::WentUnassigned;
use policy::Permission::{ChangeOwners, ManageSettings};
use retinue::domain::error::RefusalKind;
use rstest::rstest;

use super::{DOWN, UP, aligns};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{AnyRecord as _, Setting, World};

// P6
#[rstest]
#[tokio::test]
async fn only_these_may_align(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let admin = world.user("Admin").admin().create().await;
    let both = [ManageSettings, ChangeOwners];
    let clerk = world.user("Clerk").also_holding(both).create().await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).owned_by(&bob).create().await;

    // While owners are separate there is nothing to align.
    assert_eq!(world.refusal(aligns(&admin, DOWN)).await, RefusalKind::InvalidInput);
    world.turn_off([Setting::SeparateOwners]).await;
    let denied = |permission| RefusalKind::PermissionDenied { permission };
    for (person, permission) in [
        (world.user("Settings").also_holding([ManageSettings]).create().await, Some(ChangeOwners)),
        (world.user("Owners").also_holding([ChangeOwners]).create().await, Some(ManageSettings)),
        (world.user("Restricted").restricted().also_holding(both).create().await, None),
        (world.user("Nobody").create().await, None),
    ] {
        assert_eq!(world.refusal(aligns(&person, DOWN)).await, denied(permission), "{}", person.name);
    }
    aligns(&clerk, DOWN).await.expect("a clerk may");
    assert_eq!(deal.owner().await, Some(ada.id));
    aligns(&admin, UP).await.expect("an admin may");
}

// P6, A5: no record goes to an actor who follows it, in either direction, unless admin.
#[rstest]
#[tokio::test]
async fn it_gives_the_actor_nothing_that_they_follow(
    #[values(Sqlite, Postgres)] on: Kind,
    #[values(true, false)] is_admin: bool,
) {
    let Some(world) = World::separate_on(on).await else { return };
    let actor = world.user("Actor").also_holding([ManageSettings, ChangeOwners]);
    let actor = if is_admin { actor.admin() } else { actor }.create().await;
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let own = world.contact().owned_by(&actor).create().await;
    let followed = world.opportunity(&own).owned_by(&ada).followed_by(&actor).create().await;
    let unowned = world.opportunity(&own).followed_by(&actor).create().await;
    let plain = world.opportunity(&own).owned_by(&ada).create().await;
    // What somebody else gets moves although the actor follows it.
    let theirs = world.contact().owned_by(&bob).create().await;
    let watched = world.opportunity(&theirs).owned_by(&ada).followed_by(&actor).create().await;
    world.turn_off([Setting::SeparateOwners]).await;

    let job = aligns(&actor, DOWN).await.expect("aligned").job;
    let to_actor = is_admin.then_some(actor.id);
    let records = [followed.record(), unowned.record(), plain.record(), watched.record()];
    assert_eq!(world.owners_of(&records).await, [to_actor, to_actor, Some(actor.id), Some(bob.id)]);
    let kept =
        if is_admin { vec![] } else { vec![(WentUnassigned, followed.id.0), (WentUnassigned, unowned.id.0)] };
    assert_eq!(world.findings(job).await, kept);
    assert_eq!(world.job(job).await.moved, if is_admin { 4 } else { 3 });
    assert_eq!(followed.followers().await.is_empty(), is_admin);
}

// P6
#[rstest]
#[tokio::test]
async fn upward_it_gives_the_actor_no_contact_that_they_follow(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let actor = world.user("Actor").also_holding([ManageSettings, ChangeOwners]).create().await;
    let ada = world.user("Ada").create().await;
    let contact = world.contact().owned_by(&ada).followed_by(&actor).create().await;
    let deal = world.opportunity(&contact).owned_by(&actor).create().await;
    let free = world.opportunity(&contact).create().await;
    world.turn_off([Setting::SeparateOwners]).await;
    let job = aligns(&actor, UP).await.expect("aligned").job;
    let records = [contact.record(), deal.record(), free.record()];
    assert_eq!(world.owners_of(&records).await, [None, Some(actor.id), Some(actor.id)]);
    assert_eq!(world.findings(job).await, [(WentUnassigned, contact.id.0)]);
    assert_eq!(contact.followers().await, [actor.id]);
}

// A7: what the actor may not see takes no part.
#[rstest]
#[tokio::test]
async fn what_the_actor_may_not_see_takes_no_part(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let lacking = [policy::Permission::ViewOpportunities];
    let actor =
        world.user("Actor").also_holding([ManageSettings, ChangeOwners]).lacking(lacking).create().await;
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).owned_by(&bob).create().await;
    world.turn_off([Setting::SeparateOwners]).await;
    let job = world.job(aligns(&actor, DOWN).await.expect("done").job).await;
    assert_eq!((job.total, job.moved, deal.owner().await), (0, 0, Some(bob.id)));
    assert_eq!(deal.activity().await, ["opportunity.created"]);
}
