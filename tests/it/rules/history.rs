//! The history of records, people and settings (N1).

use entity::activity::{self, Cause};
use entity::activity_value;
use policy::Permission::ChangeOwners;
use retinue::domain::activity::Change;
use retinue::domain::contact::ContactFields;
use retinue::domain::page::Window;
use retinue::domain::patch::Patch;
use rstest::rstest;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use sha2::{Digest as _, Sha256};

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, AnyRecord as _, Setting, World};

// N1
#[rstest]
#[tokio::test]
async fn a_change_tells_who_when_through_what_and_from_what_to_what(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada] = world.users(["Ada"]).await;
    let contact = world.contact().named("Bea").create().await;
    world.clock.advance_seconds(3);
    let fields = ContactFields {
        first_name: Patch::Set("Cleo".into()),
        company: Patch::Set("Acme".into()),
        tags: Patch::Set(vec!["VIP".into(), "vip".into(), "new".into()]),
        ..Default::default()
    };
    ada.updates_contact(&contact, fields).await.expect("changed");
    let entry = contact.history().await.pop().expect("a history");
    assert_eq!((entry.kind.as_str(), entry.cause), ("contact.updated", Cause::User));
    assert_eq!((entry.actor_id, entry.at, entry.caused_by), (Some(ada.id), world.now(), None));

    let value = activity_value::Entity::find_by_id(entry.id).one(&world.sql).await;
    let value = value.expect("read").expect("it has values");
    let change = |field: &'static str, before: Option<&str>, after: &str| Change {
        field: field.into(),
        before: before.map(str::to_owned),
        after: Some(after.to_owned()),
    };
    assert_eq!(
        Change::read(&value.changes).expect("readable"),
        [
            change("firstName", Some("Bea"), "Cleo"),
            change("company", None, "Acme"),
            change("tags", None, "VIP, new"),
        ]
    );
    let hash = Sha256::new().chain_update(&value.salt).chain_update(&value.changes).finalize();
    assert_eq!(entry.values_hash.as_deref(), Some(&hash[..]), "the salted hash outlives the values");
}

// N1
#[rstest]
#[tokio::test]
async fn the_command_line_is_named_as_such(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let contact = world.contact().create().await;
    let entry = contact.history().await.remove(0);
    assert_eq!((entry.cause, entry.actor_id), (Cause::CommandLine, None));
}

// N1
#[rstest]
#[tokio::test]
async fn changes_of_people_and_settings_are_told_too(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let [ada] = world.users(["Ada"]).await;
    ada.is_granted(ChangeOwners).await;
    world.turn_on([Setting::SeparateOwners]).await;
    ada.leaves().await;
    let told = activity::Entity::find()
        .filter(activity::Column::AccountId.eq(world.account))
        .order_by_asc(activity::Column::Id)
        .all(&world.sql)
        .await
        .expect("the history");
    let kinds: Vec<(&str, bool)> =
        told.iter().map(|entry| (entry.kind.as_str(), entry.user_id == Some(ada.id))).collect();
    assert_eq!(
        kinds,
        [
            ("user.created", true),
            ("user.updated", true),
            ("account.settings_saved", false),
            ("user.updated", true)
        ]
    );
}

// N1, O11: whoever leaves is taken off everything that they followed, and that is told of each record.
#[rstest]
#[tokio::test]
async fn the_end_of_a_person_is_the_cause_of_the_end_of_their_follows(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let followed = world.contact().owned_by(&bob).followed_by(&ada).create().await;
    let owned = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&followed).followed_by(&ada).create().await;
    ada.leaves().await;
    let end = activity::Entity::find()
        .filter(activity::Column::UserId.eq(ada.id))
        .order_by_desc(activity::Column::Id)
        .one(&world.sql)
        .await
        .expect("the history")
        .expect("they left");
    for entry in [followed.history().await.pop(), deal.history().await.pop()] {
        let entry = entry.expect("a history");
        assert!(entry.kind.ends_with(".follower_removed"), "{entry:?}");
        assert_eq!(entry.caused_by, Some(end.id));
    }
    assert_eq!(owned.owner().await, Some(ada.id), "what they own keeps them until it is handed over");
    assert_eq!(owned.activity().await, ["contact.created"]);
}

// N1, A7: the history of a record is read newest first, through the viewer's eyes.
#[rstest]
#[tokio::test]
async fn a_cause_that_one_may_not_see_is_missing(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    world.turn_on([Setting::OpportunityOwnerFollowsContact]).await;
    let viewer = world.user("Viewer").restricted().create().await;
    let [bob] = world.users(["Bob"]).await;
    let contact = world.contact().owned_by(&viewer).create().await;
    let deal = world.opportunity(&contact).owned_by(&bob).create().await;

    let access = viewer.access().await;
    let pages = access.activity_of::<policy::Contact>(&[contact.id], &Window::first(10)).await;
    let pages = pages.expect("a history");
    let entries: Vec<_> = pages[&contact.id].items.iter().map(|(_, entry)| entry).collect();
    let kinds: Vec<&str> = entries.iter().map(|entry| entry.row.kind.as_str()).collect();
    assert_eq!(kinds, ["contact.follower_added", "contact.created"]);
    let cause = entries[0].row.caused_by.expect("it has a cause");
    assert_eq!(cause, deal.history().await[0].id);
    assert!(access.visible_activity(&[cause]).await.expect("looked up").is_empty());
    let seen = bob.access().await.visible_activity(&[cause]).await.expect("looked up");
    assert_eq!(seen.len(), 1);
}
