//! What owners and followers are told of their records (N2, R4).

use entity::notification::{Kind as What, Reason};
use entity::opportunity::Status;
use policy::Permission::ChangeOwners;
use retinue::domain::contact::{ContactFields, CreateContact};
use retinue::domain::opportunity::CreateOpportunity;
use retinue::domain::patch::Patch;
use rstest::rstest;

use super::line;
use crate::bulk;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, AnyRecord as _, World};

// N2
#[rstest]
#[tokio::test]
async fn who_is_named_at_the_making_is_told_of_their_place(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let wish = CreateContact {
        fields: ContactFields { first_name: Patch::Set("Zoe".into()), ..Default::default() },
        owner: Patch::Set(bob.id),
        followers: vec![cleo.id],
        made_at: None,
    };
    let told = world.told_of(ada.makes_contact(wish)).await;
    let bob_gains = line(&bob, What::OwnershipGained, Reason::Assigned, 2);
    assert_eq!(told, [bob_gains.clone(), line(&cleo, What::FollowGained, Reason::Added, 2)]);

    let contact = world.contact().owned_by(&bob).create().await;
    let wish = CreateOpportunity { owner: Patch::Keep, ..world.opportunity_wish(contact.id) };
    let told = world.told_of(ada.makes_opportunity(wish)).await;
    assert_eq!(told, [line(&bob, What::OwnershipGained, Reason::Assigned, 1)]);
    let wish = CreateOpportunity { owner: Patch::Set(ada.id), ..world.opportunity_wish(contact.id) };
    assert_eq!(world.told_of(ada.makes_opportunity(wish)).await, []);
}

// N2
#[rstest]
#[tokio::test]
async fn a_change_of_fields_stage_and_status_is_told(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, finn] = world.users(["Ada", "Finn"]).await;
    let contact = world.contact().create().await;
    let deal = world.opportunity(&contact).owned_by(&ada).followed_by(&finn).create().await;
    let expected = [line(&finn, What::RecordUpdated, Reason::Follower, 1)];
    assert_eq!(world.told_of(ada.renames(&deal, "Deal")).await, expected);
    assert_eq!(world.told_of(ada.moves(&deal, world.stages[2])).await, expected);
    assert_eq!(world.told_of(ada.closes(&deal, Status::Won, Patch::Keep)).await, expected);
    let expected = [line(&ada, What::RecordUpdated, Reason::Owner, 1)];
    assert_eq!(world.told_of(finn.closes(&deal, Status::Open, Patch::Keep)).await, expected);
    // O7: what changes nothing is told to nobody.
    assert_eq!(world.told_of(finn.closes(&deal, Status::Open, Patch::Keep)).await, []);
    assert_eq!(world.told_of(finn.moves(&deal, world.stages[2])).await, []);
}

// R4
#[rstest]
#[tokio::test]
async fn a_deletion_and_its_undoing_are_told_to_whoever_had_it(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let admin = world.user("Admin").admin().create().await;
    let [ada, bob, finn, meg] = world.users(["Ada", "Bob", "Finn", "Meg"]).await;
    let contact = world.contact().named("Zoe").owned_by(&ada).followed_by(&meg).create().await;
    let deal = world.opportunity(&contact).named("Deal").owned_by(&bob).followed_by(&finn).create().await;
    let other = world.opportunity(&contact).owned_by(&ada).followed_by(&finn).create().await;
    meg.mutes(&contact, true).await.expect("muted");

    let told = world.notices_of(admin.deletes(&contact)).await;
    let of = |person: &crate::world::Person| told.iter().find(|notice| notice.user_id == person.id);
    let of_ada = of(&ada).expect("Ada is told");
    assert_eq!((of_ada.kind, of_ada.reason, of_ada.activity_count), (What::RecordDeleted, Reason::Owner, 2));
    assert_eq!((of_ada.contact_id, of_ada.display_name.as_deref()), (Some(contact.id), Some("Zoe")));
    let of_bob = of(&bob).expect("Bob is told");
    assert_eq!((of_bob.opportunity_id, of_bob.display_name.as_deref()), (Some(deal.id), Some("Deal")));
    let of_finn = of(&finn).expect("Finn is told");
    assert_eq!(
        (of_finn.kind, of_finn.reason, of_finn.activity_count),
        (What::RecordDeleted, Reason::Follower, 2)
    );
    assert_eq!(told.len(), 3, "who muted it is not told");

    let told = world.told_of(admin.restores(&contact)).await;
    assert_eq!(
        told,
        [
            line(&ada, What::RecordRestored, Reason::Owner, 2),
            line(&bob, What::RecordRestored, Reason::Owner, 1),
            line(&finn, What::RecordRestored, Reason::Follower, 2),
        ]
    );
    let told = world.told_of(admin.deletes(&other)).await;
    assert_eq!(
        told,
        [
            line(&ada, What::RecordDeleted, Reason::Owner, 1),
            line(&finn, What::RecordDeleted, Reason::Follower, 1)
        ]
    );
}

// N2, G3: a bulk change is one act.
#[rstest]
#[tokio::test]
async fn a_bulk_change_is_one_notice_for_each_person(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let clerk = world.user("Clerk").also_holding([ChangeOwners]).create().await;
    let [ada, bob, finn] = world.users(["Ada", "Bob", "Finn"]).await;
    let mut records = Vec::new();
    for number in 0..25 {
        let contact = world.contact().owned_by(&ada);
        let contact = if number % 2 == 0 { contact.followed_by(&finn) } else { contact };
        records.push(contact.create().await.record());
    }
    let told = world.notices_of(bulk::gives(&clerk, &records, Some(&bob))).await;
    let of = |person: &crate::world::Person| told.iter().find(|notice| notice.user_id == person.id);
    let counts =
        [&ada, &bob, &finn].map(|person| of(person).map(|notice| (notice.kind, notice.activity_count)));
    assert_eq!(
        counts,
        [Some((What::OwnershipLost, 25)), Some((What::OwnershipGained, 25)), Some((What::OwnerChanged, 13))]
    );
    assert_eq!(told.len(), 3);
    let named = world.named_by(of(&ada).expect("Ada is told")).await;
    assert_eq!(named, ["contact.owner_changed"; 20], "the most that a notice names");

    let told = world.told_of(bulk::adds(&bob, &records, &[&ada])).await;
    let ada_follows = line(&ada, What::FollowGained, Reason::Added, 25);
    assert_eq!(told, [ada_follows, line(&finn, What::FollowersChanged, Reason::Follower, 13)]);
}

// N2: the number of statements does not grow with the records.
#[rstest]
#[tokio::test]
async fn a_large_act_asks_as_often_as_a_small_one(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let clerk = world.user("Clerk").also_holding([ChangeOwners]).create().await;
    let [ada, bob, finn] = world.users(["Ada", "Bob", "Finn"]).await;
    let mut asked = Vec::new();
    for size in [1, 30] {
        let mut records = Vec::new();
        for _ in 0..size {
            records.push(world.contact().owned_by(&ada).followed_by(&finn).create().await.record());
        }
        let (done, sent) = world.sent_by(bulk::gives(&clerk, &records, Some(&bob))).await;
        assert_eq!(bulk::told(done).len(), size);
        // The entries themselves are written in portions.
        let of_inbox =
            sent.iter().filter(|sent| sent.sql.contains("\"user\"") || sent.sql.contains("notification"));
        let of_inbox = of_inbox.filter(|sent| !sent.sql.starts_with("INSERT")).count();
        asked.push(of_inbox);
    }
    assert_eq!(asked[0], asked[1]);
}
