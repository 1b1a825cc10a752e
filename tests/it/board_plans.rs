//! How the two databases answer a board at a hundred thousand opportunities: counts and sums from the maintained totals
//! without a look at the opportunities, the first cards of each stage through an index without sorting.

use std::sync::Arc;

use entity::TypedId as _;
use retinue::domain::access::{Access, BoardFilter, List, OpportunityFilter, PersonFilter, Sort, SortKey};
use retinue::domain::doctor;
use retinue::domain::page::Window;
use rstest::rstest;
use sea_orm::{ConnectionTrait as _, DbBackend};

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::plans::{KEPT_FOR, explained, version};
use crate::snapshot::assert_kept;
use crate::world::{Acts as _, LAST_CHANGED, Person, World};

/// How many opportunities there are.
const DEALS: u64 = 100_000;

/// What would look at every opportunity.
const WHOLE: [&str; 3] = ["Seq Scan on opportunity", "SCAN opportunity", "opportunity_stage"];

/// What would sort every opportunity of a stage.
const SORTED: [&str; 2] = ["Sort", "TEMP B-TREE"];

#[rstest]
#[tokio::test]
async fn boards_are_read_from_totals_and_indexes(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(place) = on.empty_place() else { return };
    let database = retinue::domain::database::Database::open(&place.address).await.expect("it opens");
    database.migrate_up().await.expect("up");
    let world = World::at(Arc::new(place)).await;
    let person = world.user("Restricted").restricted().create().await;
    let other = world.user("Other").create().await;
    fill(&world, &person, &other).await;
    let (restricted, unrestricted) = (person.access().await, other.access().await);

    let mut text = String::new();
    let by = |owner, followers| BoardFilter { owner, followers, statuses: None };
    let is = PersonFilter::Is(person.id);
    for (name, access, filter, count) in [
        ("everything", &unrestricted, by(None, None), DEALS),
        ("of one owner", &unrestricted, by(Some(is.clone()), None), DEALS / 100),
        ("of some owners", &unrestricted, by(Some(PersonFilter::In(vec![person.id, other.id])), None), DEALS),
        ("of other owners", &unrestricted, by(Some(PersonFilter::IsNot(person.id)), None), DEALS / 100 * 99),
        ("of one follower", &unrestricted, by(None, Some(is)), DEALS / 100 * 9),
        ("for a restricted viewer", &restricted, by(None, None), DEALS / 10),
    ] {
        let plan = plan_of_totals(&world, access, &filter, count).await;
        for slow in WHOLE {
            assert!(!plan.contains(slow), "totals {name}: {slow}\n{plan}");
        }
        text.push_str(&format!("## totals {name}\n\n{plan}\n"));
    }
    // Nothing is maintained for these: they are counted, however the database likes to.
    let anybody = by(None, Some(PersonFilter::Any));
    plan_of_totals(&world, &unrestricted, &anybody, DEALS / 100 * 9).await;

    let by_name = Sort { key: SortKey::Name, descending: false };
    for (name, access, sort, is_by_index) in [
        ("first cards", &unrestricted, LAST_CHANGED, true),
        ("first cards for a restricted viewer", &restricted, LAST_CHANGED, true),
        ("first cards by name", &unrestricted, by_name, false),
    ] {
        let plan = plan_of_cards(&world, access, sort).await;
        for slow in WHOLE[..2].iter().chain(&SORTED).filter(|_| is_by_index) {
            assert!(!plan.contains(slow), "{name}: {slow}\n{plan}");
        }
        text.push_str(&format!("## {name}\n\n{plan}\n"));
    }
    match on {
        Sqlite => assert_kept("plan_board_sqlite.txt", &text),
        Postgres if version(&world).await.starts_with(KEPT_FOR) => {
            assert_kept("plan_board_postgres.txt", &text);
        }
        Postgres => {}
    }
}

async fn plan_of_totals(world: &World, access: &Access, filter: &BoardFilter, count: u64) -> String {
    let begun = std::time::Instant::now();
    let (totals, statements) = world.sent_by(access.stage_totals(&world.stages, filter)).await;
    let took = begun.elapsed();
    let counted: u64 = totals.expect("totals").values().map(|total| total.opportunities).sum();
    println!("totals {filter:?}: {counted} in {took:?}");
    assert_eq!((counted, statements.len()), (count, 1), "{filter:?}");
    explained(world, &statements[0]).await
}

async fn plan_of_cards(world: &World, access: &Access, sort: Sort) -> String {
    let list = List { filter: OpportunityFilter::default(), sort };
    let begun = std::time::Instant::now();
    let (cards, statements) =
        world.sent_by(access.opportunities_in(&world.stages, &list, &Window::first(20))).await;
    println!("cards {sort:?}: {:?}", begun.elapsed());
    for page in cards.expect("cards").values() {
        assert_eq!((page.items.len(), page.has_next), (20, true));
    }
    assert_eq!(statements.len(), 1);
    explained(world, &statements[0]).await
}

/// A hundred contacts with a thousand opportunities each, spread over the stages. The person follows every tenth and owns
/// every hundredth; somebody else owns the rest. The doctor counts the totals.
async fn fill(world: &World, person: &Person, other: &Person) {
    let postgres = world.sql.get_database_backend() == DbBackend::Postgres;
    let id = |id: uuid::Uuid| if postgres { format!("'{id}'::uuid") } else { format!("x'{}'", id.simple()) };
    let (account, person, other) = (id(world.account.uuid()), id(person.id.uuid()), id(other.id.uuid()));
    let pipeline = id(world.pipeline.uuid());
    let stages: Vec<String> = world.stages.iter().map(|stage| id(stage.uuid())).collect();
    let series = |count: u64| match postgres {
        true => format!("SELECT n FROM generate_series(1, {count}) AS s (n)"),
        false => format!(
            "WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count}) SELECT n FROM s"
        ),
    };
    let made = |n: &str| match postgres {
        true => format!("md5('row' || ({n}))::uuid"),
        false => format!("CAST(printf('%016d', {n}) AS BLOB)"),
    };
    let owner = format!("CASE WHEN n % 100 = 0 THEN {person} ELSE {other} END");
    let stage =
        format!("CASE n % 3 WHEN 0 THEN {} WHEN 1 THEN {} ELSE {} END", stages[0], stages[1], stages[2]);
    let deals = series(DEALS);
    let columns = "record_id, user_id, account_id, slot, cause, added_at, inherits_edit, record_updated_at";
    for sql in [
        format!(
            "INSERT INTO contact (id, account_id, name_key, do_not_disturb, version, created_at, updated_at) \
             SELECT {}, {account}, 'contact ' || n, 0, 1, n, n FROM ({}) AS t",
            made("n"),
            series(100)
        ),
        format!(
            "INSERT INTO opportunity (id, account_id, contact_id, pipeline_id, stage_id, owner_id, name, name_key, \
             value_minor, status, stage_changed_at, status_changed_at, version, created_at, updated_at) \
             SELECT {}, {account}, {}, {pipeline}, {stage}, {owner}, 'deal', 'deal ' || n, n, 'OPEN', n, n, 1, n, n \
             FROM ({deals}) AS t",
            made("n"),
            made("1 + n % 100")
        ),
        format!(
            "INSERT INTO opportunity_member ({columns}) SELECT {}, {owner}, {account}, 0, 'MANUAL', n, false, n \
             FROM ({deals}) AS t",
            made("n")
        ),
        format!(
            "INSERT INTO opportunity_member ({columns}) SELECT {}, {person}, {account}, 1, 'MANUAL', n, false, n \
             FROM ({deals}) AS t WHERE n % 10 = 0 AND n % 100 <> 0",
            made("n")
        ),
    ] {
        world.sql.execute_unprepared(&sql).await.expect("rows");
    }
    doctor::repair(&world.command_line().access().await).await.expect("the totals are counted");
    // The server gathers statistics by itself, the file has none: so they are in use.
    if postgres {
        world.sql.execute_unprepared("VACUUM ANALYZE").await.expect("statistics");
    }
}
