//! What the database itself refuses, whatever the code above it does: the last net under F1, F3, O8 and N1.

use entity::TypedId as _;
use rstest::rstest;
use sea_orm::{ConnectionTrait as _, DbBackend, DbErr};

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, AnyRecord as _, World};

// N1
#[rstest]
#[tokio::test]
async fn the_history_is_never_edited(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let contact = world.contact().create().await;
    let before = world.tables().await;
    let account = literal(&world, world.account.uuid());
    for sql in [
        format!("UPDATE activity SET kind = 'nothing.happened' WHERE account_id = {account}"),
        format!("UPDATE activity SET at = 0 WHERE account_id = {account}"),
        format!("DELETE FROM activity WHERE account_id = {account}"),
        format!("UPDATE activity_value SET changes = '[]' WHERE account_id = {account}"),
    ] {
        let error = world.sql.execute_unprepared(&sql).await.expect_err(&sql);
        assert!(error.to_string().contains("activity is never edited"), "{sql}: {error}");
    }
    before.assert_same(&world.tables().await);
    assert_eq!(contact.activity().await, ["contact.created"]);
}

// N1
#[tokio::test]
async fn the_history_is_never_emptied_at_once() {
    let Some(place) = Postgres.empty_place() else { return };
    let database = retinue::domain::database::Database::open(&place.address).await.expect("it opens");
    database.migrate_up().await.expect("up");
    let sql = place.connect().await;
    for truncate in [
        "TRUNCATE activity CASCADE",
        "TRUNCATE activity, activity_value, stream_event, notification, notification_activity",
    ] {
        let error = sql.execute_unprepared(truncate).await.expect_err(truncate);
        assert!(error.to_string().contains("activity is never edited"), "{truncate}: {error}");
    }
}

// N1, R4: what was before and after lies apart and can be erased; that it happened stays.
#[rstest]
#[tokio::test]
async fn values_can_be_erased_and_their_hash_stays(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let contact = world.contact().create().await;
    let before = contact.history().await;
    let account = literal(&world, world.account.uuid());
    let delete = format!("DELETE FROM activity_value WHERE account_id = {account}");
    let erased = world.sql.execute_unprepared(&delete).await.expect("erased").rows_affected();
    assert!(erased > 0);
    assert_eq!(contact.history().await, before);
    assert!(before.iter().all(|entry| entry.values_hash.as_ref().is_some_and(|hash| hash.len() == 32)));
}

// F1, F3, F7
#[rstest]
#[tokio::test]
async fn a_seat_that_breaks_a_rule_has_no_place(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let stranger = world.beside().await.user("Stranger").create().await;
    let contact = world.contact().owned_by(&ada).followed_by(&bob).create().await;
    let deal = world.opportunity(&contact).owned_by(&ada).followed_by(&bob).create().await;
    let before = world.tables().await;

    for (table, record) in [("contact_member", contact.id.uuid()), ("opportunity_member", deal.id.uuid())] {
        let seat = async |user, slot: i16, until: &str| -> Result<u64, DbErr> {
            let (record, user) = (literal(&world, record), literal(&world, user));
            let account = literal(&world, world.account.uuid());
            let insert = format!(
                "INSERT INTO {table} (record_id, user_id, account_id, slot, cause, added_at, until, inherits_edit, \
                 record_updated_at) VALUES ({record}, {user}, {account}, {slot}, 'MANUAL', 0, {until}, false, 0)"
            );
            world.sql.execute_unprepared(&insert).await.map(|done| done.rows_affected())
        };
        seat(cleo.id.uuid(), 11, "NULL").await.expect_err("there is no eleventh place");
        seat(cleo.id.uuid(), -1, "NULL").await.expect_err("nor one below the owner's");
        seat(cleo.id.uuid(), 1, "NULL").await.expect_err("a place has one person");
        seat(cleo.id.uuid(), 0, "NULL").await.expect_err("there is one owner");
        seat(ada.id.uuid(), 2, "NULL").await.expect_err("the owner is no follower");
        seat(bob.id.uuid(), 2, "NULL").await.expect_err("nobody follows twice");
        seat(stranger.id.uuid(), 2, "NULL").await.expect_err("nobody of another account follows");
        let moved = format!("UPDATE {table} SET until = 5 WHERE slot = 0");
        let of_owner = world.sql.execute_unprepared(&moved).await;
        of_owner.expect_err("owning does not end by itself");
    }
    before.assert_same(&world.tables().await);
}

// O8: nothing crosses between accounts.
#[rstest]
#[tokio::test]
async fn a_row_of_one_account_names_nothing_of_another(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let other = world.beside().await;
    let stranger = other.user("Stranger").create().await;
    let contact = world.contact().create().await;
    let deal = world.opportunity(&contact).create().await;
    let theirs = other.contact().create().await;
    let (contact_id, deal_id) = (literal(&world, contact.id.uuid()), literal(&world, deal.id.uuid()));
    let stranger_id = literal(&world, stranger.id.uuid());
    for sql in [
        format!("UPDATE contact SET owner_id = {stranger_id} WHERE id = {contact_id}"),
        format!("UPDATE opportunity SET owner_id = {stranger_id} WHERE id = {deal_id}"),
        format!(
            "UPDATE opportunity SET contact_id = {} WHERE id = {deal_id}",
            literal(&world, theirs.id.uuid())
        ),
        format!(
            "UPDATE opportunity SET pipeline_id = {} WHERE id = {deal_id}",
            literal(&world, other.pipeline.uuid())
        ),
        format!(
            "UPDATE opportunity SET stage_id = {} WHERE id = {deal_id}",
            literal(&world, other.stages[0].uuid())
        ),
        format!(
            "UPDATE contact SET account_id = {} WHERE id = {contact_id}",
            literal(&world, other.account.uuid())
        ),
    ] {
        world.sql.execute_unprepared(&sql).await.expect_err(&sql);
    }
    assert!(world.command_line().sees(&deal).await);
}

fn literal(world: &World, id: uuid::Uuid) -> String {
    match world.sql.get_database_backend() {
        DbBackend::Postgres => format!("'{id}'"),
        _ => format!("x'{}'", id.simple()),
    }
}
