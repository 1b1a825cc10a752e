//! Who sees a record (A1, A7, A8).

use policy::Permission::ViewOpportunities;
use retinue::domain::access::{ContactFilter, OpportunityFilter, PersonFilter};
use retinue::domain::error::RefusalKind;
use rstest::rstest;

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, World};

// A1
#[rstest]
#[tokio::test]
async fn a_restricted_person_sees_what_they_own_or_follow(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let person = world.user("Person").restricted().create().await;
    let owned = world.contact().owned_by(&person).create().await;
    let followed = world.contact().followed_by(&person).create().await;
    let other = world.contact().create().await;
    assert_eq!(person.contacts().await, [followed.id, owned.id]);
    assert!(!person.sees(&other).await);
}

// A1
#[rstest]
#[tokio::test]
async fn everybody_else_sees_everything_of_the_account(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let person = world.user("Person").create().await;
    let admin = world.user("Admin").admin().restricted().create().await;
    let contact = world.contact().create().await;
    let stranger = world.beside().await.user("Stranger").admin().create().await;
    assert_eq!(person.contacts().await, [contact.id]);
    assert_eq!(admin.contacts().await, [contact.id]);
    assert_eq!(stranger.contacts().await, []);
    assert!(!stranger.sees(&contact).await);
}

// A8
#[rstest]
#[tokio::test]
async fn access_to_a_contact_gives_none_to_its_opportunities(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [one, other] =
        [world.user("One").restricted().create().await, world.user("Other").restricted().create().await];
    let contact = world.contact().owned_by(&one).create().await;
    let deal = world.opportunity(&contact).owned_by(&other).create().await;
    assert!(one.sees(&contact).await && !one.sees(&deal).await);
    assert!(other.sees(&deal).await && !other.sees(&contact).await);

    let of_contact = OpportunityFilter { contact: Some(contact.id), ..Default::default() };
    let counted = other.access().await.count::<policy::Opportunity>(&of_contact).await.expect("a count");
    assert_eq!(counted.value, 0, "a filter by a hidden contact finds nothing");
}

// A7
#[rstest]
#[tokio::test]
async fn counts_and_filters_know_nothing_of_hidden_records(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let person = world.user("Person").restricted().create().await;
    let [owner] = world.users(["Owner"]).await;
    world.contact().owned_by(&owner).followed_by(&person).create().await;
    world.contact().owned_by(&owner).tagged(["VIP"]).create().await;
    let access = person.access().await;
    for (filter, visible) in [
        (ContactFilter::default(), 1),
        (ContactFilter { owner: Some(PersonFilter::Is(owner.id)), ..Default::default() }, 1),
        (ContactFilter { any_tag: Some(vec!["vip".into()]), ..Default::default() }, 0),
        (ContactFilter { followers: Some(PersonFilter::Nobody), ..Default::default() }, 0),
    ] {
        let count = access.count::<policy::Contact>(&filter).await.expect("a count");
        assert_eq!((count.value, count.is_exact), (visible, true), "{filter:?}");
    }
}

// A7
#[rstest]
#[tokio::test]
async fn a_hidden_record_is_not_found_by_any_act(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let person = world.user("Person").restricted().create().await;
    let contact = world.contact().create().await;
    let deal = world.opportunity(&contact).create().await;
    let nothing = RefusalKind::NotFound;
    assert_eq!(world.refusal(person.renames(&contact, "X")).await, nothing);
    assert_eq!(world.refusal(person.gives(&contact, &person)).await, nothing);
    assert_eq!(world.refusal(person.adds([&person], &contact)).await, nothing);
    assert_eq!(world.refusal(person.removes([&person], &contact)).await, nothing);
    assert_eq!(world.refusal(person.mutes(&contact, true)).await, nothing);
    assert_eq!(world.refusal(person.moves(&deal, world.stages[1])).await, nothing);
    assert_eq!(world.refusal(person.makes_opportunity(world.opportunity_wish(contact.id))).await, nothing);
    assert_eq!(person.may_give(&deal).await, None);
}

// P3, A8
#[rstest]
#[tokio::test]
async fn a_contact_shows_no_opportunities_to_whom_they_are_off(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let person = world.user("Person").lacking([ViewOpportunities]).create().await;
    let contact = world.contact().create().await;
    world.opportunity(&contact).owned_by(&person).create().await;
    let access = person.access().await;
    let filter = OpportunityFilter::default();
    let counts = access.count_opportunities_of(&[contact.id], &filter).await.expect("counts");
    assert_eq!(counts[&contact.id], 0);
    assert!(access.pipelines().await.expect("pipelines").is_empty());
}
