//! Many records change hands, where owners are separate (A5, A6, A7, P1).

use policy::Permission::{BulkActions, ChangeOwners, EditContacts};
use retinue::domain::error::RefusalKind;
use rstest::rstest;

use super::{gives, told};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, AnyRecord as _, Setting, World};

// A6, G3: each line of A5 for itself, hidden and unknown alike, one named twice once.
#[rstest]
#[tokio::test]
async fn each_record_answers_for_itself(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let clerk = world.user("Clerk").also_holding([ChangeOwners]).create().await;
    let [bob, cleo] = world.users(["Bob", "Cleo"]).await;
    let free = world.contact().owned_by(&bob).create().await;
    let already = world.contact().owned_by(&cleo).create().await;
    let followed = world.contact().owned_by(&bob).followed_by(&clerk).create().await;
    let unassigned = world.contact().create().await;
    let deal = world.opportunity(&free).owned_by(&bob).create().await;
    let unknown = world.contact_with(world.base.ids.next());
    let elsewhere = world.beside().await.contact().create().await;

    let known = followed.activity().await.len();
    let records = [
        free.record(),
        already.record(),
        followed.record(),
        unassigned.record(),
        deal.record(),
        unknown.record(),
        elsewhere.record(),
        free.record(),
    ];
    let done = told(gives(&clerk, &records, Some(&cleo)).await);
    assert_eq!(done, ["done", "unchanged", "Follower", "done", "not found", "not found", "not found"]);
    for (contact, owner) in [(&free, &cleo), (&already, &cleo), (&followed, &bob), (&unassigned, &cleo)] {
        assert_eq!(contact.owner().await, Some(owner.id));
    }
    assert_eq!((free.version().await, already.version().await, followed.version().await), (2, 1, 1));
    assert_eq!(followed.activity_after(known).await, Vec::<String>::new());
    assert_eq!((deal.owner().await, elsewhere.owner().await), (Some(bob.id), None));
    assert_eq!(told(gives(&clerk, &[free.record()], Some(&cleo)).await), ["unchanged"]);
}

// A5: every kind of person, over one contact of Oda's that Finn follows and one without owner.
#[rstest]
#[tokio::test]
async fn every_kind_of_person_may_what_they_may_alone(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [oda, heir] = world.users(["Oda", "Heir"]).await;
    let finn = world.user("Finn").also_holding([ChangeOwners]).create().await;
    let admin = world.user("Admin").admin().create().await;
    let clerk = world.user("Clerk").lacking([EditContacts]).also_holding([ChangeOwners]).create().await;
    let plain = world.user("Plain").create().await;
    let reader = world.user("Reader").lacking([EditContacts]).create().await;
    let restricted = world.user("Restricted").restricted().also_holding([ChangeOwners]).create().await;
    let bound = world.user("Bound").restricted().also_holding([ChangeOwners]).create().await;

    let missing = "MissingPermission(ChangeOwners)";
    for (person, to, expected) in [
        (&admin, &heir, ["done", "done"]),
        (&oda, &heir, ["done", "OnlyOneself"]),
        (&oda, &oda, ["unchanged", "done"]),
        (&finn, &finn, ["Follower", "done"]),
        (&clerk, &heir, ["done", "done"]),
        (&plain, &plain, [missing, "done"]),
        (&plain, &heir, [missing, "OnlyOneself"]),
        (&reader, &reader, [missing, missing]),
        (&restricted, &heir, ["not found", "not found"]),
        (&bound, &heir, ["Follower", "not found"]),
    ] {
        let owned = world.contact().owned_by(&oda).followed_by(&finn).followed_by(&bound).create().await;
        let unowned = world.contact().create().await;
        let done = told(gives(person, &[owned.record(), unowned.record()], Some(to)).await);
        assert_eq!(done, expected, "{} to {}", person.name, to.name);
        for (contact, word, before) in [(&owned, expected[0], Some(oda.id)), (&unowned, expected[1], None)] {
            let after = if word == "done" { Some(to.id) } else { before };
            assert_eq!(contact.owner().await, after, "{} to {}", person.name, to.name);
        }
    }
}

// P1
#[rstest]
#[tokio::test]
async fn it_needs_bulk_actions_of_everybody(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").lacking([BulkActions]).also_holding([ChangeOwners]).create().await;
    let bob = world.user("Bob").create().await;
    let contact = world.contact().owned_by(&ada).create().await;
    let refused = world.refusal(gives(&ada, &[contact.record()], Some(&bob))).await;
    assert_eq!(refused, RefusalKind::PermissionDenied { permission: Some(BulkActions) });
    ada.gives(&contact, &bob).await.expect("one alone is hers to give");
}

// O8: the owner is an active user; said once, for the whole call.
#[rstest]
#[tokio::test]
async fn an_owner_who_is_none_refuses_the_call(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let admin = world.user("Admin").admin().create().await;
    let gone = world.user("Gone").create().await;
    gone.leaves().await;
    let stranger = world.beside().await.user("Stranger").create().await;
    let contact = world.contact().create().await;
    for nobody in [&gone, &stranger] {
        let refused = world.refused(gives(&admin, &[contact.record()], Some(nobody))).await;
        assert_eq!(
            (refused.kind, refused.field),
            (RefusalKind::NotFound, vec!["input".into(), "ownerId".into()])
        );
    }
}

// F4, AF1: what follows from each change follows once, on the owners as they stand at the end.
#[rstest]
#[tokio::test]
async fn previous_owners_and_settings_add_followers(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    world.turn_on([Setting::OpportunityOwnerFollowsContact, Setting::PreviousOwnerFollows]).await;
    let admin = world.user("Admin").admin().create().await;
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let one = world.opportunity(&contact).owned_by(&ada).create().await;
    let other = world.opportunity(&contact).owned_by(&ada).create().await;
    let known = contact.activity().await.len();
    assert_eq!(told(gives(&admin, &[one.record(), other.record()], Some(&bob)).await), ["done", "done"]);
    for deal in [&one, &other] {
        assert_eq!((deal.owner().await, deal.followers().await), (Some(bob.id), vec![ada.id]));
    }
    assert_eq!(contact.followers().await, [bob.id]);
    assert_eq!(contact.activity_after(known).await, ["contact.follower_added"]);
}

// A5: who gives what only owners see away loses sight of it, in bulk too.
#[rstest]
#[tokio::test]
async fn a_restricted_owner_gives_away_what_they_own(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").restricted().create().await;
    let bob = world.user("Bob").create().await;
    let own = world.contact().owned_by(&ada).create().await;
    let hidden = world.contact().owned_by(&bob).create().await;
    let records = [own.record(), hidden.record()];
    assert_eq!(told(gives(&ada, &records, Some(&bob)).await), ["done", "not found"]);
    assert!(!ada.sees(&own).await);
    assert_eq!(told(gives(&ada, &records, Some(&ada)).await), ["not found", "not found"]);
}
