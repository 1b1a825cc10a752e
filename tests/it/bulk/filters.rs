//! Records that a filter picks: only those that the viewer sees, and never a part of too many (A7, G3).

use policy::Permission::ChangeOwners;
use retinue::domain::access::{ContactFilter, PersonFilter};
use retinue::domain::bulk::{self, BulkAddFollowers, BulkDone, Choice};
use retinue::domain::contact::{ContactFields, CreateContact, create_in};
use retinue::domain::error::{RefusalKind, Result};
use retinue::domain::patch::Patch;
use rstest::rstest;

use super::{told, word};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts, AnyRecord as _, Person, World};

/// So many contacts of somebody's, in one change.
pub async fn contacts_of(owner: &Person, count: usize) -> Vec<entity::ContactId> {
    let access = owner.world().command_line().access().await;
    let mut unit = access.begin().await.expect("a change");
    let mut made = Vec::new();
    for number in 0..count {
        let first_name = Patch::Set(format!("Contact {number}"));
        let fields = ContactFields { first_name, ..ContactFields::default() };
        let wish = CreateContact { fields, owner: Patch::Set(owner.id), ..CreateContact::default() };
        made.push(create_in(&mut unit, &wish).await.expect("made"));
    }
    unit.commit().await.expect("a commit");
    made
}

async fn follows_all(who: &impl Acts, filter: ContactFilter, person: &Person) -> Result<BulkDone> {
    let wish = BulkAddFollowers { choice: Choice::Passing(filter), users: vec![person.id], until: None };
    bulk::add_followers::<policy::Contact>(&who.access().await, &wish).await
}

fn owned_by(person: &Person) -> ContactFilter {
    ContactFilter { owner: Some(PersonFilter::Is(person.id)), ..ContactFilter::default() }
}

// G3: exactly 500 are taken, 501 are refused with their number.
#[rstest]
#[tokio::test]
async fn more_than_500_are_refused_with_their_number(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contacts = contacts_of(&ada, 501).await;
    let refused = world.refused(follows_all(&ada, ContactFilter::default(), &bob)).await;
    assert_eq!(refused.kind, RefusalKind::InvalidInput);
    assert!(refused.message.contains("501 records") && refused.message.contains("narrow it"), "{refused:?}");
    let named: Vec<_> = contacts.iter().map(|contact| (*contact).into()).collect();
    let refused = world.refused(super::adds(&ada, &named, &[&bob])).await;
    assert_eq!(
        (refused.kind, refused.field),
        (RefusalKind::InvalidInput, vec!["input".into(), "ids".into()])
    );

    ada.gives(&world.contact_with(contacts[0]), &bob).await.expect("given");
    let done = told(follows_all(&ada, owned_by(&ada), &bob).await);
    assert_eq!(done, vec!["done"; 500]);
}

// A7: whoever sees less is told of less, as if there were no more.
#[rstest]
#[tokio::test]
async fn only_what_the_viewer_sees_takes_part(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").restricted().also_holding([ChangeOwners]).create().await;
    let [bob, cleo] = world.users(["Bob", "Cleo"]).await;
    let seen = world.contact().owned_by(&bob).followed_by(&ada).create().await;
    let hidden = world.contact().owned_by(&bob).create().await;
    let before = follows_all(&ada, owned_by(&bob), &cleo).await.expect("done");
    assert_eq!(before.results.iter().map(|answered| answered.record).collect::<Vec<_>>(), [seen.record()]);
    assert_eq!(before.results.iter().map(word).collect::<Vec<_>>(), ["done"]);
    assert_eq!(hidden.followers().await, []);
    assert_eq!(hidden.activity().await, ["contact.created"]);
    // Five hundred hidden ones do not fill the call.
    contacts_of(&bob, 501).await;
    assert_eq!(told(follows_all(&ada, owned_by(&bob), &cleo).await), ["unchanged"]);
}
