//! How the two databases answer lists of appointments in an account that has a hundred thousand of them: from an index in the
//! order of the list, from the words of a search, or, for a restricted viewer, from what leads to their own; never by going
//! through all of them.

use std::sync::Arc;
use std::time::Instant;

use entity::{Timestamp, TypedId as _};
use retinue::domain::access::{
    Access, AppointmentFilter, AppointmentList, AppointmentSort, AppointmentSortKey, PersonFilter, TimeRange,
};
use retinue::domain::database::Database;
use retinue::domain::page::Window;
use retinue::domain::search::Search;
use rstest::rstest;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::plans::{KEPT_FOR, explained, version};
use crate::snapshot::assert_kept;
use crate::world::{Acts as _, Person, World};

/// How many appointments there are, one each quarter of an hour, and half as many contacts.
const APPOINTMENTS: u32 = 100_000;

const QUARTER: i64 = 900_000_000;

/// How many of these the viewer who sees few of them holds, attends, or has through a contact.
const ONE_IN: u32 = 500;

struct Asked<'w> {
    world: &'w World,
    text: String,
}

// G3, C3
#[rstest]
#[tokio::test]
async fn a_hundred_thousand_appointments_are_never_gone_through(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(place) = on.empty_place() else { return };
    let database = Database::open(&place.address).await.expect("it opens");
    database.migrate_up().await.expect("up");
    let world = World::at(Arc::new(place)).await;
    let una = world.user("Una").create().await;
    let rita = world.user("Rita").restricted().create().await;
    let calendar = world.calendar().named("Full").of([&una, &rita]).create().await;
    let small = world.calendar().named("Small").of([&rita]).create().await;
    let began = Instant::now();
    fill(&world, &una, &rita, &[calendar.id.uuid(), small.id.uuid()]).await;
    println!("filled in {:?}", began.elapsed());

    let rita_id = rita.id;
    let (una, rita) = (una.access().await, rita.access().await);
    let mut asked = Asked { world: &world, text: String::new() };
    let by = |key| AppointmentSort { key, descending: key != AppointmentSortKey::Starts };
    let starts = by(AppointmentSortKey::Starts);
    let week = TimeRange {
        from: Some(Timestamp(QUARTER * 50_000)),
        until: Some(Timestamp(QUARTER * (50_000 + 4 * 24 * 7))),
    };
    let in_week = || AppointmentFilter { range: Some(week), ..AppointmentFilter::default() };
    let searching = |text: &str| AppointmentFilter { search: Search::parse(text).ok(), ..Default::default() };
    let of_rita =
        AppointmentFilter { assignee: Some(PersonFilter::Is(rita_id)), ..AppointmentFilter::default() };

    for (who, access) in [("everything", &una), ("her own", &rita)] {
        let name = |name: &str| format!("appointments of somebody who sees {who}, {name}");
        asked.of(&name("as they begin"), access, AppointmentFilter::default(), starts).await;
        let updated = by(AppointmentSortKey::Updated);
        asked.of(&name("last changed first"), access, AppointmentFilter::default(), updated).await;
        asked.of(&name("of a week"), access, in_week(), starts).await;
        let calendars = Some(vec![calendar.id]);
        asked
            .of(
                &name("of a week of a calendar"),
                access,
                AppointmentFilter { calendars, ..in_week() },
                starts,
            )
            .await;
        asked.of(&name("of one assignee"), access, of_rita.clone(), starts).await;
        asked.of(&name("found by a rare word"), access, searching("rare11"), starts).await;
        asked.of(&name("found by a common beginning"), access, searching("comm"), starts).await;
    }
    asked.children(&una, &rita, rita_id, [calendar.id, small.id]).await;
    match on {
        Sqlite => assert_kept("plan_of_appointments_sqlite.txt", &asked.text),
        Postgres if version(&world).await.starts_with(KEPT_FOR) => {
            assert_kept("plan_of_appointments_postgres.txt", &asked.text);
        }
        Postgres => {}
    }
}

impl Asked<'_> {
    /// Notes the plan of a first page.
    async fn of(&mut self, name: &str, access: &Access, filter: AppointmentFilter, sort: AppointmentSort) {
        let list = AppointmentList { filter, sort };
        let began = Instant::now();
        let (page, statements) = self.world.sent_by(access.appointments(&list, &Window::first(50))).await;
        println!("{name}: {:?}", began.elapsed());
        assert!(!page.expect("a page").items.is_empty(), "{name}");
        self.note(name, statements).await;
    }

    /// The same for the pages of what appointments belong to.
    async fn children(
        &mut self,
        una: &Access,
        rita: &Access,
        user: entity::UserId,
        calendars: [entity::CalendarId; 2],
    ) {
        let sort = AppointmentSort { key: AppointmentSortKey::Starts, descending: false };
        let list = AppointmentList { filter: AppointmentFilter::default(), sort };
        let window = Window::first(5);
        for (who, access) in [("everything", una), ("her own", rita)] {
            let began = Instant::now();
            let (found, statements) =
                self.world.sent_by(access.appointments_of_people(&[user], &list, &window)).await;
            println!("of people, {who}: {:?}", began.elapsed());
            assert_eq!(found.expect("pages")[&user].items.len(), 5);
            self.note(&format!("appointments of people, for somebody who sees {who}"), statements).await;
            let began = Instant::now();
            let (found, statements) =
                self.world.sent_by(access.appointments_of_calendars(&calendars, &list, &window)).await;
            println!("of calendars, {who}: {:?}", began.elapsed());
            assert_eq!(found.expect("pages")[&calendars[0]].items.len(), 5);
            self.note(&format!("appointments of calendars, for somebody who sees {who}"), statements).await;
        }
    }

    async fn note(&mut self, name: &str, statements: Vec<Statement>) {
        self.text.push_str(&format!("## {name}\n"));
        for statement in statements {
            let plan = explained(self.world, &statement).await;
            self.text.push_str(&format!("\n{plan}"));
            for slow in ["Seq Scan on appointment", "Seq Scan on contact", "SCAN appointment", "SCAN contact"]
            {
                // Small tables are read whole; of these there are many.
                let whole = plan.lines().any(|line| line.trim_end().ends_with(slow));
                assert!(!whole, "{name}: {slow}\n{plan}");
            }
        }
        self.text.push('\n');
    }
}

/// A hundred thousand appointments of Una's in one calendar, found by a word that they all have and one that a few have.
/// Every five hundredth is Rita's to hold, another one to attend, and of every five hundredth contact she is the owner.
async fn fill(world: &World, una: &Person, rita: &Person, calendars: &[uuid::Uuid; 2]) {
    let postgres = world.sql.get_database_backend() == DbBackend::Postgres;
    let id = |id: uuid::Uuid| if postgres { format!("'{id}'::uuid") } else { format!("x'{}'", id.simple()) };
    let (account, una, rita) = (id(world.account.uuid()), id(una.id.uuid()), id(rita.id.uuid()));
    let calendar = id(calendars[0]);
    let series = |count: u32| match postgres {
        true => format!("SELECT n FROM generate_series(1, {count}) AS s (n)"),
        false => format!(
            "WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count}) SELECT n FROM s"
        ),
    };
    let made = |number: &str| match postgres {
        true => format!("md5('contact' || {number})::uuid"),
        false => format!("CAST(printf('%016d', {number}) AS BLOB)"),
    };
    let (contacts, all) = (series(APPOINTMENTS / 2), series(APPOINTMENTS));
    let own = made("n");
    let owner = format!("CASE WHEN n % {ONE_IN} = 277 THEN {rita} ELSE {una} END");
    let inserts = [
        format!(
            "INSERT INTO contact (id, account_id, owner_id, name_key, do_not_disturb, version, created_at, updated_at, \
             last_activity_at) SELECT {own}, {account}, {owner}, 'contact ' || n, 0, 1, n, n, n FROM ({contacts}) AS t"
        ),
        format!(
            "INSERT INTO contact_member (record_id, user_id, account_id, slot, cause, added_at, inherits_edit, \
             record_updated_at) SELECT {own}, {owner}, {account}, 0, 'MANUAL', n, false, n FROM ({contacts}) AS t"
        ),
        format!(
            "INSERT INTO contact_token (contact_id, word, account_id, shown) SELECT {own}, 'common', {account}, true \
             FROM ({contacts}) AS t"
        ),
        format!(
            "INSERT INTO appointment (id, account_id, calendar_id, contact_id, assignee_id, status, starts_at, ends_at, \
             busy_from, busy_until, zone, overbooked, version, created_at, updated_at) SELECT {own}, {account}, \
             {calendar}, {}, CASE WHEN n % {ONE_IN} = 11 THEN {rita} ELSE {una} END, 'CONFIRMED', n * CAST({QUARTER} AS bigint), \
             (n + 4) * CAST({QUARTER} AS bigint), n * CAST({QUARTER} AS bigint), (n + 4) * CAST({QUARTER} AS bigint), 'UTC', false, 1, n, n FROM ({all}) AS t",
            made("((n + 1) / 2)")
        ),
        format!(
            "INSERT INTO appointment_attendee (appointment_id, user_id, account_id) SELECT {own}, \
             CASE WHEN n % {ONE_IN} = 33 THEN {rita} ELSE {una} END, {account} FROM ({all}) AS t WHERE n % 10 = 3"
        ),
        format!(
            "INSERT INTO appointment_token (appointment_id, word, account_id) SELECT {own}, 'rare' || (n % {ONE_IN}), \
             {account} FROM ({all}) AS t"
        ),
    ];
    for sql in inserts {
        world.sql.execute_unprepared(&sql).await.expect("rows");
    }
    // The server gathers statistics by itself, the file has none: so they are in use.
    if postgres {
        world.sql.execute_unprepared("VACUUM ANALYZE").await.expect("statistics");
    }
}
