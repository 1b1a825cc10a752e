//! How the two databases answer "what I own or follow, newest first" (design 5): through the index of the membership
//! table, without sorting, at twenty thousand records.

use std::sync::Arc;

use retinue::domain::access::{Access, ContactFilter, Filter, List, OpportunityFilter};
use retinue::domain::page::Window;
use retinue::domain::record::RecordTable;
use rstest::rstest;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::snapshot::assert_kept;
use crate::world::{Acts as _, LAST_CHANGED, Person, World};

/// The server whose plans are kept word for word; others must use the same index.
pub const KEPT_FOR: &str = "15.";

#[rstest]
#[tokio::test]
async fn the_restricted_list_is_read_from_the_membership_index(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(place) = on.empty_place() else { return };
    let database = retinue::domain::database::Database::open(&place.address).await.expect("it opens");
    database.migrate_up().await.expect("up");
    let world = World::at(Arc::new(place)).await;
    let person = world.user("Restricted").restricted().create().await;
    let others = world.user("Others").create().await;
    fill(&world, &person, &others).await;

    let access = person.access().await;
    let mut text = String::new();
    plans_of::<policy::Contact, ContactFilter>(&world, &access, &mut text).await;
    plans_of::<policy::Opportunity, OpportunityFilter>(&world, &access, &mut text).await;
    match on {
        Sqlite => assert_kept("plan_sqlite.txt", &text),
        Postgres if version(&world).await.starts_with(KEPT_FOR) => assert_kept("plan_postgres.txt", &text),
        Postgres => {}
    }
}

/// The plans of a first page, the page after it, and the page before that.
async fn plans_of<R: RecordTable, F: Filter<R> + Default>(world: &World, access: &Access, text: &mut String) {
    let list = List { filter: F::default(), sort: LAST_CHANGED };
    let first = access.page::<R>(&list, &Window::first(500)).await.expect("a page");
    assert_eq!((first.items.len(), first.has_next), (500, true));
    let last = first.items.last().map(|(position, _)| position.clone());
    for (name, window) in [
        ("first page", Window::first(50)),
        ("next page", Window { size: 50, backward: false, from: last.clone() }),
        ("previous page", Window { size: 50, backward: true, from: last }),
    ] {
        let (page, statements) = world.sent_by(access.page::<R>(&list, &window)).await;
        assert_eq!(page.expect("a page").items.len(), 50);
        assert_eq!(statements.len(), 1, "a page is one statement");
        let plan = explained(world, &statements[0]).await;
        let index = format!("{}_member_list", R::NAME);
        assert!(plan.contains(&index), "{name} of {}s is read through `{index}`:\n{plan}", R::NAME);
        for slow in ["Sort", "TEMP B-TREE", "Seq Scan on", "SCAN "] {
            assert!(!plan.contains(slow), "{name} of {}s: {slow}\n{plan}", R::NAME);
        }
        text.push_str(&format!("## list of each {}, {name}\n\n{plan}\n", R::NAME));
    }
}

pub async fn explained(world: &World, statement: &Statement) -> String {
    let (explain, column) = match statement.db_backend {
        DbBackend::Postgres => ("EXPLAIN (COSTS OFF) ", "QUERY PLAN"),
        _ => ("EXPLAIN QUERY PLAN ", "detail"),
    };
    let explain = Statement { sql: format!("{explain}{}", statement.sql), ..statement.clone() };
    let rows = world.sql.query_all_raw(explain).await.expect("a plan");
    rows.iter()
        .map(|row| without_values(&row.try_get::<String>("", column).expect("a line")) + "\n")
        .collect()
}

/// Literals differ from run to run.
fn without_values(line: &str) -> String {
    let mut text = String::new();
    for (place, part) in line.split('\'').enumerate() {
        text.push_str(if place % 2 == 0 { part } else { "…" });
    }
    text
}

/// Twenty thousand contacts with an opportunity each. The person follows every tenth and owns every hundredth; somebody
/// else owns the rest.
async fn fill(world: &World, person: &Person, others: &Person) {
    let postgres = world.sql.get_database_backend() == DbBackend::Postgres;
    let id = |id: uuid::Uuid| if postgres { format!("'{id}'::uuid") } else { format!("x'{}'", id.simple()) };
    use entity::TypedId as _;
    let (account, person, others) = (id(world.account.uuid()), id(person.id.uuid()), id(others.id.uuid()));
    let (pipeline, stage) = (id(world.pipeline.uuid()), id(world.stages[0].uuid()));
    let (series, made) = if postgres {
        ("SELECT n FROM generate_series(1, 20000) AS s (n)", "md5('contact' || n)::uuid")
    } else {
        (
            "WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 20000) SELECT n FROM s",
            "CAST(printf('%016d', n) AS BLOB)",
        )
    };
    let owner = format!("CASE WHEN n % 100 = 0 THEN {person} ELSE {others} END");
    for sql in [
        format!(
            "INSERT INTO \"user\" (id, account_id, name, name_key, email, email_key, role, permissions, \
             effective_permissions, only_assigned_data, active, created_at, updated_at) SELECT {made}, {account}, \
             'User', 'user', 'user' || n, 'user' || n, 'USER', 1, 1, false, true, n, n FROM ({series}) AS t \
             WHERE n <= 500"
        ),
        format!(
            "INSERT INTO contact (id, account_id, owner_id, name_key, do_not_disturb, version, created_at, \
             updated_at) SELECT {made}, {account}, {owner}, 'contact ' || n, 0, 1, n, n FROM ({series}) AS t"
        ),
        format!(
            "INSERT INTO opportunity (id, account_id, contact_id, pipeline_id, stage_id, owner_id, name, name_key, \
             status, stage_changed_at, status_changed_at, version, created_at, updated_at) SELECT {made}, {account}, \
             {made}, {pipeline}, {stage}, {owner}, 'deal', 'deal', 'OPEN', n, n, 1, n, n FROM ({series}) AS t"
        ),
    ] {
        world.sql.execute_unprepared(&sql).await.expect("rows");
    }
    for table in ["contact_member", "opportunity_member"] {
        let columns =
            "record_id, user_id, account_id, slot, cause, added_at, inherits_edit, record_updated_at";
        let insert = |user: &str, slot: u8, which: &str| {
            format!(
                "INSERT INTO {table} ({columns}) SELECT {made}, {user}, {account}, {slot}, 'MANUAL', n, false, n \
                 FROM ({series}) AS t WHERE {which}"
            )
        };
        let follows = "n % 10 = 0 AND n % 100 <> 0";
        for sql in [insert(&owner, 0, "true"), insert(&person, 1, follows)] {
            world.sql.execute_unprepared(&sql).await.expect("memberships");
        }
    }
    // The server gathers statistics by itself, the file has none: so they are in use.
    if postgres {
        world.sql.execute_unprepared("VACUUM ANALYZE").await.expect("statistics");
    }
}

pub async fn version(world: &World) -> String {
    let sql = "SELECT current_setting('server_version') AS version";
    let row = world.sql.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await;
    row.expect("a version").and_then(|row| row.try_get("", "version").ok()).unwrap_or_default()
}
