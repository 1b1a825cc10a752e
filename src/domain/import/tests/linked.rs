//! Contacts and opportunities with one owner (O3, O4, AF5).

use entity::contact_member;
use entity::member::Cause;

use super::world::{World, file};
use crate::domain::contact::{self, ContactFields, CreateContact};
use crate::domain::import::Options;
use crate::domain::patch::Patch;

// O4
#[tokio::test]
async fn a_contacts_second_owner_is_refused_and_told_before_it_starts() {
    let world = World::new().await;
    let (ann, _) = (world.user("Ann Lee").await, world.user("Bob Ray").await);
    let rows = file(&[
        &[("assigned", "Ann Lee")],
        &[("assigned", "Bob Ray")],
        &[("assigned", "")],
        &[("assigned", "Ann Lee"), ("Opportunity name", "Other")],
    ]);
    let imported = world.import(&rows).await;
    assert!(imported.preview.is_linked);
    assert_eq!((imported.preview.contested_contacts, imported.preview.contested_rows), (1, 1));
    assert_eq!(imported.counts(), [4, 3, 0, 0, 1]);
    assert_eq!(
        (imported.rejected("line"), imported.rejected("column")),
        (vec!["3".into()], vec!["assigned".into()])
    );

    assert!(world.opportunities().await.iter().all(|row| row.owner_id == Some(ann)));
    assert_eq!(world.contacts().await[0].owner_id, Some(ann));
    let members = world.rows::<contact_member::Entity>(contact_member::Column::Slot).await;
    assert_eq!((members.len(), members[0].slot, members[0].cause), (1, 0, Cause::Import));
    // Nothing moved.
    assert!(!world.history().await.contains_key("contact.owner_changed"));
}

// O4
#[tokio::test]
async fn the_owner_of_a_contact_that_was_there_never_moves() {
    let world = World::new().await;
    let (ann, _) = (world.user("Ann Lee").await, world.user("Bob Ray").await);
    for (name, owner) in [("Owned", Patch::Set(ann)), ("Unowned", Patch::Clear)] {
        let fields = ContactFields { company: Patch::Set(name.into()), ..ContactFields::default() };
        let wish = CreateContact { fields, owner, ..CreateContact::default() };
        contact::create(&world.access, &wish).await.unwrap();
    }
    let rows = file(&[
        &[("Contact Name", "Owned"), ("assigned", "Bob Ray")],
        &[("Contact Name", "Unowned"), ("assigned", "Bob Ray")],
        &[("Contact Name", "Owned"), ("assigned", "Ann Lee")],
        &[("Contact Name", "Owned"), ("assigned", "")],
        &[("Contact Name", "Unowned"), ("assigned", "")],
    ]);
    let imported = world.import(&rows).await;
    assert_eq!(imported.counts(), [5, 3, 0, 0, 2]);
    assert_eq!(imported.rejected("line"), ["2", "3"]);
    let owners: Vec<_> = world.opportunities().await.iter().map(|row| row.owner_id).collect();
    assert_eq!(owners, [Some(ann), Some(ann), None]);
    let owners: Vec<_> = world.contacts().await.iter().map(|row| row.owner_id).collect();
    assert_eq!(owners, [Some(ann), None]);
}

// O1, O2
#[tokio::test]
async fn the_switch_allows_different_owners_first() {
    let world = World::new().await;
    let rows = file(&[&[("assigned", "Ann Lee")], &[("assigned", "Bob Ray")]]);
    let options = Options { create_users: true, separate_owners: true, ..Options::default() };
    let first = world.import_with(&rows, &options).await.unwrap();
    assert!(first.summary.separate_owners_switched_on && !first.preview.is_linked);
    assert_eq!(first.counts(), [2, 2, 0, 0, 0]);
    assert_eq!(world.contacts().await[0].owner_id, None);

    let second = world.import_with(&rows, &options).await.unwrap();
    assert!(!second.summary.separate_owners_switched_on);
    assert_eq!(world.history().await["account.settings_saved"], 1);
}

#[tokio::test]
async fn a_file_that_cannot_be_read_switches_nothing_on() {
    let world = World::new().await;
    let options = Options { separate_owners: true, ..Options::default() };
    assert!(world.import_with("a,b\n1,2\n", &options).await.is_err());
    assert!(!world.access.refreshed().await.unwrap().unwrap().account().separate_owners);
}
