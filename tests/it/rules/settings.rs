//! The ownership settings (O1, O9, AF3).

use policy::Permission::ManageSettings;
use retinue::domain::account::{SaveSettings, save_settings};
use retinue::domain::error::RefusalKind;
use rstest::rstest;

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, AnyRecord as _, Setting, World};

// O1
#[rstest]
#[tokio::test]
async fn all_are_off_at_first_and_saved_together(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let first = world.settings().await;
    let flags = |row: &entity::account::Model| {
        [
            row.separate_owners,
            row.opportunity_owner_follows_contact,
            row.contact_owner_follows_opportunities,
            row.previous_owner_follows,
        ]
    };
    assert_eq!(flags(&first), [false; 4]);

    let keeper = world.user("Keeper").holding([ManageSettings]).restricted().create().await;
    let wish = SaveSettings {
        separate_owners: Some(true),
        contact_owner_follows_opportunities: Some(true),
        expected_version: first.version,
        ..Default::default()
    };
    // P6: not even restricted ones are refused.
    save_settings(&keeper.access().await, &wish).await.expect("saved");
    let second = world.settings().await;
    assert_eq!(flags(&second), [true, false, true, false]);
    assert_eq!(second.version, first.version + 1);
    assert_eq!(second.access_version, first.access_version + 2, "a user was made, and settings saved");
    assert!(keeper.access().await.account().separate_owners, "any user reads them");
}

// O1
#[rstest]
#[tokio::test]
async fn saving_needs_the_permission_and_the_expected_version(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let [person] = world.users(["Person"]).await;
    let admin = world.user("Admin").admin().create().await;
    let version = world.settings().await.version;
    let wish =
        SaveSettings { separate_owners: Some(true), expected_version: version + 1, ..Default::default() };
    let access = person.access().await;
    let denied = RefusalKind::PermissionDenied { permission: Some(ManageSettings) };
    assert_eq!(world.refusal(save_settings(&access, &wish)).await, denied);
    let access = admin.access().await;
    let stale = RefusalKind::StaleVersion { current: version, record: None };
    assert_eq!(world.refusal(save_settings(&access, &wish)).await, stale);

    let same = SaveSettings { separate_owners: Some(false), expected_version: version, ..Default::default() };
    let answer = world.unmoved(save_settings(&access, &same)).await;
    assert!(answer.events.is_empty(), "they are so already");
}

// O9, AF3
#[rstest]
#[tokio::test]
async fn switching_changes_no_owner_and_adds_nobody(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).owned_by(&bob).create().await;
    let seats = (contact.seats().await, deal.seats().await);
    world.turn_on([Setting::OpportunityOwnerFollowsContact, Setting::ContactOwnerFollowsOpportunities]).await;
    world.turn_off([Setting::SeparateOwners]).await;
    assert_eq!((contact.seats().await, deal.seats().await), seats);
    assert_eq!((contact.version().await, deal.version().await), (1, 1));
    assert_eq!((contact.owner().await, deal.owner().await), (Some(ada.id), Some(bob.id)));
}
