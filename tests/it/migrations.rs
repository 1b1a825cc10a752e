//! The schema goes up, down and up again, and a database whose schema is not this program's is refused (design 4).

use migration::{Migrator, MigratorTrait as _};
use retinue::domain::database::{Database, OpenError};
use rstest::rstest;
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, Statement};

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::databases::Place;

#[rstest]
#[tokio::test]
async fn the_schema_goes_up_and_down_and_up_to_the_same(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(place) = on.empty_place() else { return };
    let database = Database::open(&place.address).await.expect("it opens");
    let sql = place.connect().await;
    let empty = schema(&sql, on).await;
    assert_eq!(empty, Vec::<String>::new());

    database.migrate_up().await.expect("up");
    database.require_current_schema().await.expect("current");
    let first = schema(&sql, on).await;
    assert!(first.len() > 20, "{first:#?}");
    database.migrate_up().await.expect("up again does nothing");
    assert_eq!(schema(&sql, on).await, first);

    database.migrate_down(None).await.expect("down");
    assert_eq!(schema(&sql, on).await, empty, "nothing stays behind");
    database.migrate_up().await.expect("up");
    assert_eq!(schema(&sql, on).await, first);
}

#[rstest]
#[tokio::test]
async fn every_step_can_be_taken_back_alone(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(place) = on.empty_place() else { return };
    let database = Database::open(&place.address).await.expect("it opens");
    let sql = place.connect().await;
    let mut schemas = vec![schema(&sql, on).await];
    for _ in Migrator::migrations() {
        Migrator::up(&sql, Some(1)).await.expect("one step up");
        schemas.push(schema(&sql, on).await);
    }
    for before in schemas.iter().rev().skip(1) {
        database.migrate_down(Some(1)).await.expect("one step down");
        assert_eq!(&schema(&sql, on).await, before);
    }
}

#[rstest]
#[tokio::test]
async fn a_database_that_lacks_migrations_is_refused(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(place) = on.empty_place() else { return };
    let database = Database::open(&place.address).await.expect("it opens");
    let known = Migrator::migrations().len();
    let error = database.require_current_schema().await.expect_err("empty");
    assert!(matches!(error, OpenError::Behind { missing, known: all } if missing == known && all == known));

    database.migrate_up().await.expect("up");
    database.migrate_down(Some(2)).await.expect("two down");
    let error = database.require_current_schema().await.expect_err("behind");
    assert_eq!(
        error.to_string(),
        format!("the database lacks 2 of {known} migrations: back it up, then run `retinue migrate up`")
    );
    database.migrate_up().await.expect("up");
    database.require_current_schema().await.expect("current");
}

#[rstest]
#[tokio::test]
async fn a_database_of_a_newer_program_is_refused(#[values(Sqlite, Postgres)] on: Kind) {
    let Some((place, database)) = migrated(on).await else { return };
    let insert = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20991231_000001_future', 0)";
    place.connect().await.execute_unprepared(insert).await.expect("a future migration");
    let error = database.require_current_schema().await.expect_err("newer");
    assert!(matches!(&error, OpenError::Newer(name) if name == "m20991231_000001_future"), "{error:?}");
    let error = database.migrate_up().await.expect_err("newer");
    assert!(matches!(&error, OpenError::Newer(name) if name == "m20991231_000001_future"), "{error:?}");
}

#[rstest]
#[tokio::test]
async fn a_half_migrated_database_is_refused(#[values(Sqlite, Postgres)] on: Kind) {
    let Some((place, database)) = migrated(on).await else { return };
    let names: Vec<String> = Migrator::migrations().iter().map(|step| step.name().to_owned()).collect();
    let delete = format!("DELETE FROM seaql_migrations WHERE version = '{}'", names[2]);
    place.connect().await.execute_unprepared(&delete).await.expect("a gap");
    let error = database.require_current_schema().await.expect_err("half");
    assert!(matches!(&error, OpenError::HalfMigrated(name) if *name == names[2]), "{error:?}");
    let status = database.migrations().await.expect("a status");
    let expected: Vec<(String, bool)> = names.iter().map(|name| (name.clone(), *name != names[2])).collect();
    assert_eq!(status.known, expected);
}

#[tokio::test]
async fn an_address_of_another_kind_is_refused() {
    let error = Database::open("mysql://localhost/retinue").await.expect_err("unknown");
    assert!(matches!(&error, OpenError::Address(address) if address == "mysql://localhost/retinue"));
}

#[rstest]
#[case("sqlite:/there/is/no/such/folder/retinue.db")]
#[case("postgres://nobody@127.0.0.1:1/retinue")]
#[tokio::test]
async fn a_database_that_does_not_answer_is_refused_at_once(#[case] address: &str) {
    let started = std::time::Instant::now();
    let error = Database::open(address).await.expect_err("unreachable");
    assert!(matches!(error, OpenError::Unreachable(_)), "{error:?}");
    assert!(started.elapsed().as_secs() < 10, "it waited for {:?}", started.elapsed());
}

async fn migrated(on: Kind) -> Option<(Place, Database)> {
    let place = on.empty_place()?;
    let database = Database::open(&place.address).await.expect("it opens");
    database.migrate_up().await.expect("up");
    Some((place, database))
}

/// Everything that the schema consists of, as text, beside the list of migrations.
async fn schema(sql: &DatabaseConnection, on: Kind) -> Vec<String> {
    let (backend, select) = match on {
        Sqlite => (
            DbBackend::Sqlite,
            "SELECT type || ' ' || name || ' ' || coalesce(sql, '') AS line FROM sqlite_master \
             WHERE tbl_name NOT LIKE 'seaql%' ORDER BY 1",
        ),
        Postgres => (
            DbBackend::Postgres,
            "SELECT line FROM (
                SELECT 'column ' || table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable
                    || coalesce(' ' || collation_name, '') AS line
                FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'seaql%'
                UNION ALL SELECT indexdef FROM pg_indexes
                WHERE schemaname = 'public' AND tablename NOT LIKE 'seaql%'
                UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
                FROM pg_constraint
                WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text NOT LIKE 'seaql%'
                UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
                UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
            ) AS lines ORDER BY 1",
        ),
    };
    let rows = sql.query_all_raw(Statement::from_string(backend, select)).await.expect("the schema");
    rows.iter().map(|row| row.try_get("", "line").expect("a line")).collect()
}
