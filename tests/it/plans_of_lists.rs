//! How the two databases answer lists of an account with a hundred thousand contacts: from an index in the order of the
//! list, or from the words of a search, and never by going through all of them.

use std::sync::Arc;
use std::time::Instant;

use entity::TypedId as _;
use retinue::domain::access::{
    Access, ContactFilter, Filter, List, OpportunitiesFilter, OpportunityFilter, PersonFilter, Sort, SortKey,
};
use retinue::domain::database::Database;
use retinue::domain::page::Window;
use retinue::domain::record::RecordTable;
use retinue::domain::search::Search;
use rstest::rstest;
use sea_orm::{ConnectionTrait as _, DbBackend};

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::plans::{KEPT_FOR, explained, version};
use crate::snapshot::assert_kept;
use crate::world::{Acts as _, LAST_CHANGED, Person, World};

/// How many contacts there are.
const CONTACTS: u32 = 100_000;

/// The name of each list, its plans, and what must not stand in them.
struct Asked<'w> {
    world: &'w World,
    text: String,
}

// G3, W1
#[rstest]
#[tokio::test]
async fn a_hundred_thousand_contacts_are_never_gone_through(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(place) = on.empty_place() else { return };
    let database = Database::open(&place.address).await.expect("it opens");
    database.migrate_up().await.expect("up");
    let world = World::at(Arc::new(place)).await;
    let una = world.user("Una").create().await;
    let rita = world.user("Rita").restricted().create().await;
    let began = Instant::now();
    fill(&world, &una, &rita).await;
    println!("filled in {:?}", began.elapsed());

    let rita_id = rita.id;
    let (una, rita) = (una.access().await, rita.access().await);
    let mut asked = Asked { world: &world, text: String::new() };
    let by = |key| Sort { key, descending: true };
    let searching = |text: &str| ContactFilter { search: Search::parse(text).ok(), ..Default::default() };
    let with = |some: OpportunityFilter| ContactFilter {
        opportunities: Some(OpportunitiesFilter { some: Some(Box::new(some)), ..Default::default() }),
        ..Default::default()
    };
    let in_stage =
        |place: usize| OpportunityFilter { stages: Some(vec![world.stages[place]]), ..Default::default() };
    let searching_deals =
        |text: &str| OpportunityFilter { search: Search::parse(text).ok(), ..Default::default() };

    let owned = ContactFilter { owner: Some(PersonFilter::Is(rita_id)), ..Default::default() };
    for (who, access) in [("everything", &una), ("her own", &rita)] {
        let contacts = |name: &str| format!("contacts of somebody who sees {who}, {name}");
        asked.of(&contacts("as they are"), access, ContactFilter::default(), LAST_CHANGED).await;
        asked
            .of(&contacts("by last activity"), access, ContactFilter::default(), by(SortKey::LastActivity))
            .await;
        asked.of(&contacts("found by a rare word"), access, searching("rare777"), LAST_CHANGED).await;
        asked.of(&contacts("found by a common beginning"), access, searching("comm"), LAST_CHANGED).await;
        asked.of(&contacts("found by both"), access, searching("common rare777"), LAST_CHANGED).await;
        asked.of(&contacts("of one owner"), access, owned.clone(), LAST_CHANGED).await;
        asked.of(&contacts("with a deal in a full stage"), access, with(in_stage(0)), LAST_CHANGED).await;
        let deals = |name: &str| format!("opportunities of somebody who sees {who}, {name}");
        asked.of(&deals("in a full stage"), access, in_stage(0), LAST_CHANGED).await;
        asked.of(&deals("found by a rare word"), access, searching_deals("rare777"), LAST_CHANGED).await;
        asked.of(&deals("found by a common beginning"), access, searching_deals("comm"), LAST_CHANGED).await;
    }
    let by_value = "opportunities of somebody who sees everything, by value";
    asked.of(by_value, &una, OpportunityFilter::default(), by(SortKey::Value)).await;
    match on {
        Sqlite => assert_kept("plan_of_lists_sqlite.txt", &asked.text),
        Postgres if version(&world).await.starts_with(KEPT_FOR) => {
            assert_kept("plan_of_lists_postgres.txt", &asked.text);
        }
        Postgres => {}
    }
}

impl Asked<'_> {
    /// Notes the plan of a first page.
    async fn of<R: RecordTable, F: Filter<R>>(&mut self, name: &str, access: &Access, filter: F, sort: Sort) {
        let list = List { filter, sort };
        let began = Instant::now();
        let (page, statements) = self.world.sent_by(access.page::<R>(&list, &Window::first(50))).await;
        let took = began.elapsed();
        let page = page.expect("a page");
        println!("{name}: {} in {took:?}", page.items.len());
        assert!(!page.items.is_empty(), "{name}");
        self.text.push_str(&format!("## {name}\n"));
        for statement in statements {
            let plan = explained(self.world, &statement).await;
            self.text.push_str(&format!("\n{plan}"));
            for slow in ["Seq Scan on contact", "Seq Scan on opportunity", "SCAN contact", "SCAN opportunity"]
            {
                assert!(!plan.contains(slow), "{name}: {slow}\n{plan}");
            }
        }
        self.text.push('\n');
    }
}

/// A hundred thousand contacts, found by a word that they all have and one that a hundred have, every fifth with an
/// opportunity. Una owns all but every five hundredth, which is Rita's.
async fn fill(world: &World, una: &Person, rita: &Person) {
    let postgres = world.sql.get_database_backend() == DbBackend::Postgres;
    let id = |id: uuid::Uuid| if postgres { format!("'{id}'::uuid") } else { format!("x'{}'", id.simple()) };
    let (account, una, rita) = (id(world.account.uuid()), id(una.id.uuid()), id(rita.id.uuid()));
    let (pipeline, full, other) =
        (id(world.pipeline.uuid()), id(world.stages[0].uuid()), id(world.stages[1].uuid()));
    let (series, made) = if postgres {
        (format!("SELECT n FROM generate_series(1, {CONTACTS}) AS s (n)"), "md5('contact' || n)::uuid")
    } else {
        (
            format!(
                "WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {CONTACTS}) SELECT n FROM s"
            ),
            "CAST(printf('%016d', n) AS BLOB)",
        )
    };
    let owner = format!("CASE WHEN n % 500 = 277 THEN {rita} ELSE {una} END");
    // Enough of them to be chosen from, and Rita's all.
    let some = "(n % 10 = 7 OR n % 10 = 3)";
    let stage = format!("CASE WHEN n % 10 = 3 THEN {other} ELSE {full} END");
    let mut inserts = vec![
        format!(
            "INSERT INTO contact (id, account_id, owner_id, name_key, do_not_disturb, version, created_at, updated_at, \
             last_activity_at) SELECT {made}, {account}, {owner}, 'contact ' || n, 0, 1, n, n, n FROM ({series}) AS t"
        ),
        format!(
            "INSERT INTO opportunity (id, account_id, contact_id, pipeline_id, stage_id, owner_id, name, name_key, \
             status, value_minor, stage_changed_at, status_changed_at, version, created_at, updated_at, \
             last_activity_at) SELECT {made}, {account}, {made}, {pipeline}, {stage}, {owner}, 'deal', 'deal', 'OPEN', \
             n, n, n, 1, n, n, n FROM ({series}) AS t WHERE {some}"
        ),
    ];
    for word in ["'common'", "'rare' || (n % 1000)"] {
        inserts.push(format!(
            "INSERT INTO contact_token (contact_id, word, account_id, shown) SELECT {made}, {word}, {account}, true \
             FROM ({series}) AS t"
        ));
    }
    inserts.push(format!(
        "INSERT INTO opportunity_token (opportunity_id, word, account_id) SELECT {made}, 'deal', {account} \
         FROM ({series}) AS t WHERE {some}"
    ));
    for table in ["contact_member", "opportunity_member"] {
        inserts.push(format!(
            "INSERT INTO {table} (record_id, user_id, account_id, slot, cause, added_at, inherits_edit, \
             record_updated_at) SELECT {made}, {owner}, {account}, 0, 'MANUAL', n, false, n FROM ({series}) AS t \
             WHERE {some}"
        ));
    }
    for sql in inserts {
        world.sql.execute_unprepared(&sql).await.expect("rows");
    }
    // The server gathers statistics by itself, the file has none: so they are in use.
    if postgres {
        world.sql.execute_unprepared("VACUUM ANALYZE").await.expect("statistics");
    }
}
