//! Who may delete, and what goes (A3, R4).

use entity::opportunity::Status;
use policy::Permission::{
    DeleteContacts, DeleteOpportunities, EditContacts, EditOpportunities, ViewContacts, ViewOpportunities,
};
use retinue::domain::error::RefusalKind;
use rstest::rstest;

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::invariants::{self, Owners};
use crate::world::{Acts as _, AnyRecord as _, Setting, World};

// A3
#[rstest]
#[tokio::test]
async fn who_sees_a_record_and_holds_delete_may_delete_it(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let oda = world.user("Oda").create().await;
    let both = [DeleteContacts, DeleteOpportunities];
    let edits = [EditContacts, EditOpportunities];
    let people = [
        world.user("Admin").admin().create().await,
        world.user("Stranger").also_holding(both).create().await,
        world.user("Stranger without edit").also_holding(both).lacking(edits).create().await,
        world.user("Follower").restricted().also_holding(both).create().await,
    ];
    for person in &people {
        let contact = world.contact().owned_by(&oda).followed_by(person).create().await;
        let deal = world.opportunity(&contact).owned_by(&oda).followed_by(person).create().await;
        person.deletes(&deal).await.expect("the opportunity is deleted");
        person.deletes(&contact).await.expect("the contact is deleted");
        assert!(!world.command_line().sees(&contact).await && !world.command_line().sees(&deal).await);
    }
    let owner = world.user("Owner").restricted().also_holding(both).create().await;
    let contact = world.contact().owned_by(&owner).create().await;
    owner.deletes(&contact).await.expect("the owner deletes what they own");
    invariants::assert_hold(&world, Owners::MayDiffer).await;
}

// A3, A7
#[rstest]
#[tokio::test]
async fn nobody_else_may(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let both = [DeleteContacts, DeleteOpportunities];
    let oda = world.user("Oda").create().await;
    let giver = world.user("Giver").also_holding(both).create().await;
    let follower = world.user("Follower").lacking([EditContacts, EditOpportunities]).create().await;
    let hidden = world.user("Hidden").restricted().also_holding(both).create().await;
    let blind =
        world.user("Blind").also_holding(both).lacking([ViewContacts, ViewOpportunities]).create().await;
    let contact = world.contact().owned_by(&giver).followed_by(&follower).create().await;
    let deal = world.opportunity(&contact).owned_by(&giver).followed_by(&follower).create().await;

    let denied = |permission| RefusalKind::PermissionDenied { permission: Some(permission) };
    for person in [&oda, &follower] {
        // A follower inherits the right to edit, and nothing else.
        assert_eq!(world.refusal(person.deletes(&contact)).await, denied(DeleteContacts));
        assert_eq!(world.refusal(person.deletes(&deal)).await, denied(DeleteOpportunities));
    }
    for person in [&hidden, &blind] {
        assert_eq!(world.refusal(person.deletes(&contact)).await, RefusalKind::NotFound);
        assert_eq!(world.refusal(person.deletes(&deal)).await, RefusalKind::NotFound);
    }
    let neighbour = world.beside().await;
    let theirs = neighbour.contact().create().await;
    assert_eq!(world.refusal(giver.deletes(&theirs)).await, RefusalKind::NotFound);
    // O7: denied comes before stale.
    assert_eq!(world.refusal(oda.deletes_expecting(&contact, Some(9))).await, denied(DeleteContacts));
    let stale = world.refusal(giver.deletes_expecting(&contact, Some(9))).await;
    assert_eq!(stale, RefusalKind::StaleVersion { current: 1, record: Some(contact.record()) });
    giver.deletes_expecting(&contact, Some(1)).await.expect("the version is right");
}

// A3, R4, A7
#[rstest]
#[tokio::test]
async fn a_contact_takes_every_opportunity_along_and_tells_of_the_visible_ones(
    #[values(Sqlite, Postgres)] on: Kind,
) {
    let Some(world) = World::separate_on(on).await else { return };
    let [oda, bob] = world.users(["Oda", "Bob"]).await;
    let deleter = world.user("Deleter").restricted().also_holding([DeleteContacts]).create().await;
    let contact = world.contact().owned_by(&deleter).followed_by(&bob).create().await;
    let seen = world.opportunity(&contact).worth(7).owned_by(&oda).followed_by(&deleter).create().await;
    let unseen = world.opportunity(&contact).worth(9).owned_by(&bob).create().await;
    let earlier = world.opportunity(&contact).create().await;
    world.command_line().deletes(&earlier).await.expect("deleted before");
    let elsewhere = world.opportunity(&world.contact().create().await).create().await;
    world.clock.advance_seconds(5);

    let deleted = deleter.deletes(&contact).await.expect("A3 on the contact suffices");
    assert_eq!(deleted.opportunities, [seen.id], "only what the deleter could see is told of");
    let under = contact.row().await.deletion_id;
    assert!(under.is_some());
    for deal in [&seen, &unseen] {
        let row = deal.row().await;
        assert_eq!((row.deletion_id, row.deleted_at, row.version), (under, Some(world.now()), 2));
        assert_eq!(deal.activity().await.last().map(String::as_str), Some("opportunity.deleted"));
        let entry = deal.history().await.pop().expect("an entry");
        let cause = contact.history().await.pop().expect("an entry");
        assert_eq!(entry.caused_by, Some(cause.id));
    }
    assert_ne!(earlier.row().await.deletion_id, under, "it has a deletion of its own");
    assert_eq!((contact.version().await, contact.updated_at().await), (2, world.now()));
    assert_eq!(contact.owner().await, Some(deleter.id), "owner and followers stay in the rows");
    assert_eq!(contact.followers().await, [bob.id]);
    assert!(world.command_line().sees(&elsewhere).await);
    assert_eq!(world.command_line().opportunities().await, [elsewhere.id]);
    invariants::assert_hold(&world, Owners::MayDiffer).await;
}

// R4, A7
#[rstest]
#[tokio::test]
async fn what_is_deleted_is_there_for_no_act(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let ada = world.user("Ada").admin().create().await;
    let bob = world.user("Bob").create().await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).owned_by(&ada).create().await;
    ada.deletes(&contact).await.expect("deleted");
    let not_found = RefusalKind::NotFound;
    assert_eq!(world.refusal(ada.deletes(&contact)).await, not_found, "it is deleted already");
    assert_eq!(world.refusal(ada.deletes(&deal)).await, not_found);
    assert_eq!(world.refusal(ada.gives(&contact, &bob)).await, not_found);
    assert_eq!(world.refusal(ada.gives(&deal, &bob)).await, not_found);
    assert_eq!(world.refusal(ada.adds([&bob], &deal)).await, not_found);
    assert_eq!(world.refusal(ada.removes([&bob], &contact)).await, not_found);
    assert_eq!(world.refusal(ada.renames(&contact, "X")).await, not_found);
    assert_eq!(world.refusal(ada.mutes(&deal, true)).await, not_found);
    assert_eq!(world.refusal(ada.moves(&deal, world.stages[1])).await, not_found);
    let closes = ada.closes(&deal, Status::Won, retinue::domain::patch::Patch::Keep);
    assert_eq!(world.refusal(closes).await, not_found);
    let makes = ada.makes_opportunity(world.opportunity_wish(contact.id));
    assert_eq!(world.refusal(makes).await, not_found);
    assert!(!ada.sees(&contact).await && !ada.sees(&deal).await);
    assert_eq!((ada.contacts().await, ada.opportunities().await), (vec![], vec![]));
}

// O3, R4
#[rstest]
#[tokio::test]
async fn a_linked_change_reaches_nothing_deleted(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).owned_by(&ada).create().await;
    let kept = world.opportunity(&contact).owned_by(&ada).create().await;
    world.command_line().deletes(&deal).await.expect("deleted");
    ada.gives(&contact, &bob).await.expect("given");
    assert_eq!((deal.owner().await, kept.owner().await), (Some(ada.id), Some(bob.id)));
    world.turn_on([Setting::SeparateOwners]).await;
    bob.leaves().await;
    invariants::assert_hold(&world, Owners::MayDiffer).await;
}
