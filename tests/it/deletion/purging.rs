//! What is left after sixty days (R4).

use entity::{activity_value, contact_email, import_row};
use retinue::domain::access::Access;
use retinue::domain::contact::ContactFields;
use retinue::domain::deletion::{self, DAYS};
use retinue::domain::patch::Patch;
use rstest::rstest;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::invariants::{self, Owners};
use crate::world::{Acts as _, AnyRecord as _, CommandLine, World};

const DAY: i64 = 24 * 60 * 60;

/// Purges the account. The others in the same database have times of their own.
async fn purge(who: &CommandLine) -> retinue::domain::error::Result<usize> {
    let access: Access = who.access().await;
    deletion::purge_of(&access).await
}

/// Every row of the account as text, the history's own apart.
async fn everything(world: &World) -> String {
    let tables = format!("{:?}", world.tables().await);
    let values = activity_value::Entity::find()
        .filter(activity_value::Column::AccountId.eq(world.account))
        .all(&world.sql)
        .await
        .expect("values");
    format!("{tables} {values:?}")
}

// R4, N1
#[rstest]
#[tokio::test]
async fn a_purge_leaves_the_history_without_its_values(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").admin().create().await;
    let contact = world.contact().named("Zuleika").tagged(["sekret"]).owned_by(&ada).create().await;
    let fields = ContactFields {
        emails: Patch::Set(vec!["zuleika@example.com".into()]),
        phones: Patch::Set(vec!["+4930901820".into()]),
        street: Patch::Set("Geheimgasse 7".into()),
        ..ContactFields::default()
    };
    ada.updates_contact(&contact, fields).await.expect("changed");
    let deal = world.opportunity(&contact).named("Hemlig").worth(7).followed_by(&ada).create().await;
    let earlier = world.opportunity(&contact).named("Tidigare").create().await;
    let living = world.contact().named("Living").owned_by(&ada).create().await;
    let alone = world.opportunity(&living).named("Ensam").owned_by(&ada).create().await;
    let row = import_row::ActiveModel {
        account_id: Set(world.account),
        identity: Set(vec![7]),
        opportunity_id: Set(deal.id),
        content: Set(vec![7]),
        note: Set(None),
        imported_at: Set(world.now()),
    };
    import_row::Entity::insert(row).exec_without_returning(&world.sql).await.expect("noted");
    ada.deletes(&earlier).await.expect("deleted by itself");
    ada.deletes(&contact).await.expect("deleted");
    ada.deletes(&alone).await.expect("deleted");
    let (told, of_deal) = (contact.history().await, deal.history().await);
    let words = [
        "Zuleika",
        "zuleika",
        "sekret",
        "4930901820",
        "Geheimgasse",
        "Hemlig",
        "hemlig",
        "Tidigare",
        "Ensam",
    ];

    world.clock.advance_seconds(DAYS * DAY - 1);
    assert_eq!(purge(&world.command_line()).await.expect("nothing is over"), 0);
    let before = everything(&world).await;
    assert!(words.iter().all(|word| before.contains(word)));
    world.clock.advance_seconds(1);
    let (here, there) = (world.command_line(), world.replica().await.command_line());
    let (one, other) = tokio::join!(purge(&here), purge(&there));
    assert_eq!(one.expect("purged") + other.expect("purged"), 4, "each record goes once");
    assert_eq!(purge(&world.command_line()).await.expect("it is done"), 0);

    let after = everything(&world).await;
    for word in words {
        assert!(!after.contains(word), "`{word}` is left");
    }
    assert!(after.contains("Living") && world.command_line().sees(&living).await);
    for (record, before) in [(contact.record(), told), (deal.record(), of_deal)] {
        let mut history = match record {
            retinue::domain::record::RecordRef::Contact(_) => contact.history().await,
            retinue::domain::record::RecordRef::Opportunity(_) => deal.history().await,
        };
        let last = history.pop().expect("an entry");
        assert!(last.kind.ends_with(".purged") && last.actor_id.is_none());
        assert_eq!(history, before, "the history stays, with the hashes of its values");
        assert!(history[0].values_hash.is_some());
    }
    let emails = contact_email::Entity::find()
        .filter(contact_email::Column::ContactId.eq(contact.id))
        .all(&world.sql)
        .await
        .expect("emails");
    assert_eq!(emails, []);
    invariants::assert_hold(&world, Owners::MayDiffer).await;
}

// R4
#[rstest]
#[tokio::test]
async fn what_was_restored_in_time_stays(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let contact = world.contact().named("Bea").create().await;
    let deal = world.opportunity(&contact).create().await;
    for _ in 0..2 {
        world.command_line().deletes(&contact).await.expect("deleted");
        world.clock.advance_seconds((DAYS - 1) * DAY);
        world.command_line().restores(&contact).await.expect("restored");
    }
    world.clock.advance_seconds(2 * DAYS * DAY);
    assert_eq!(purge(&world.command_line()).await.expect("nothing to purge"), 0);
    assert!(world.command_line().sees(&contact).await && world.command_line().sees(&deal).await);
}

// R4: in every account. On a database of its own, since it is asked of all of them.
#[tokio::test]
async fn every_account_is_purged() {
    let Some(world) = World::separate_on(Sqlite).await else { return };
    let neighbour = world.beside().await;
    for world in [&world, &neighbour] {
        let contact = world.contact().create().await;
        for _ in 0..3 {
            let deal = world.opportunity(&contact).create().await;
            world.command_line().deletes(&deal).await.expect("deleted");
        }
    }
    world.clock.advance_seconds(DAYS * DAY + 3_600);
    assert_eq!(deletion::purge(&world.base).await.expect("purged"), 6);
    assert_eq!(deletion::purge(&world.base).await.expect("it is done"), 0);
    assert_eq!(world.command_line().deleted::<policy::Opportunity>().await.len(), 0);
}
