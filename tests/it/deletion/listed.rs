//! The lists of what is deleted (R4, A7).

use policy::Permission::{DeleteContacts, DeleteOpportunities, ViewContacts};
use rstest::rstest;

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts, World};

async fn contacts_of(who: &impl Acts) -> Vec<String> {
    who.deleted::<policy::Contact>().await.into_iter().map(|deleted| deleted.name).collect()
}

// R4, A7
#[rstest]
#[tokio::test]
async fn each_finds_what_they_may_restore_the_latest_first(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let both = [DeleteContacts, DeleteOpportunities];
    let ada = world.user("Ada").also_holding(both).create().await;
    let saga = world.user("Saga").restricted().also_holding(both).create().await;
    let blind = world.user("Blind").also_holding(both).lacking([ViewContacts]).create().await;
    let bob = world.user("Bob").create().await;
    let one = world.contact().named("One").owned_by(&saga).create().await;
    let two = world.contact().named("Two").followed_by(&bob).create().await;
    let there = world.contact().named("There").owned_by(&saga).create().await;
    let deal = world.opportunity(&one).named("Roof").owned_by(&bob).create().await;
    let alone = world.opportunity(&there).named("Wall").followed_by(&saga).create().await;
    for seconds in [1, 2] {
        world.clock.advance_seconds(seconds);
        if seconds == 1 { ada.deletes(&one).await } else { world.command_line().deletes(&two).await }
            .expect("deleted");
    }
    ada.deletes(&alone).await.expect("deleted");

    assert_eq!(contacts_of(&ada).await, ["Two", "One"]);
    assert_eq!(contacts_of(&world.command_line()).await, ["Two", "One"]);
    assert_eq!(contacts_of(&saga).await, ["One"], "as if it were there");
    assert_eq!(contacts_of(&bob).await, [""; 0], "he may restore nothing");
    assert_eq!(contacts_of(&blind).await, [""; 0]);
    assert_eq!(contacts_of(&world.beside().await.command_line()).await, [""; 0]);

    let found = ada.deleted::<policy::Contact>().await;
    assert_eq!((found[0].by, found[1].by), (None, Some(ada.id)));
    assert_eq!((found[1].owner, found[1].id), (Some(saga.id), one.id));
    let deletions: Vec<_> = found.iter().map(|deleted| deleted.deletion).collect();
    let taken = ada.access().await.count_taken(&deletions).await.expect("counted");
    assert_eq!(taken.get(&deletions[1]), Some(&1));
    let taken = saga.access().await.count_taken(&deletions).await.expect("counted");
    assert_eq!(taken.get(&deletions[1]), None, "A7: one that they could not see does not count");

    let deals = ada.deleted::<policy::Opportunity>().await;
    let told: Vec<_> = deals
        .iter()
        .map(|deal| (deal.name.as_str(), deal.contact_name.as_str(), deal.with_contact))
        .collect();
    assert_eq!(told, [("Wall", "There", false), ("Roof", "One", true)]);
    assert_eq!(deals[1].id, deal.id);
    assert_eq!(saga.deleted::<policy::Opportunity>().await.len(), 1);

    world.command_line().restores(&two).await.expect("restored");
    assert_eq!(contacts_of(&ada).await, ["One"]);
}
