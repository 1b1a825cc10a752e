//! What is too large for one transaction: batches that are atomic each, resumed after a crash, with the rights of the
//! moment (P4, O11).

use std::sync::atomic::{AtomicUsize, Ordering};

use entity::JobId;
use entity::job::{State, StoppedBecause};
use policy::Permission::{ChangeOwners, ManageSettings};
use retinue::domain::error::RefusalKind;
use retinue::domain::job::{LEASE_MICROSECONDS, cancel, run_next};
use retinue::domain::record::RecordRef;
use rstest::rstest;
use sea_orm::ConnectionTrait as _;

use super::{DOWN, UP, aligns, aligns_at_once};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, AnyRecord as _, Person, Setting, World};

/// Nine contacts with two opportunities each that differ; every third has opportunities that disagree.
async fn differing(world: &World) -> (Vec<RecordRef>, Vec<RecordRef>) {
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let (mut contacts, mut deals) = (Vec::new(), Vec::new());
    for number in 0..9 {
        let contact = world.contact().owned_by(&ada).create().await;
        let other = if number % 3 == 0 { &cleo } else { &bob };
        deals.push(world.opportunity(&contact).owned_by(&bob).create().await.record());
        deals.push(world.opportunity(&contact).owned_by(other).create().await.record());
        contacts.push(contact.record());
    }
    world.turn_off([Setting::SeparateOwners]).await;
    (contacts, deals)
}

/// Stops after so many batches.
fn after(batches: usize) -> impl Fn() -> bool + Sync {
    let asked = AtomicUsize::new(0);
    move || asked.fetch_add(1, Ordering::SeqCst) >= batches
}

async fn runs(world: &World, batches: usize) -> bool {
    run_next(&world.base, 2, after(batches)).await.expect("it runs")
}

/// The names of the owners, which are alike in two worlds.
async fn names(world: &World, records: &[RecordRef]) -> Vec<Option<String>> {
    let mut names = Vec::new();
    for owner in world.owners_of(records).await {
        let row = match owner {
            Some(id) => Some(Person::named_by(world, id).await),
            None => None,
        };
        names.push(row);
    }
    names
}

impl Person {
    async fn named_by(world: &World, id: entity::UserId) -> String {
        use sea_orm::EntityTrait as _;
        let row = entity::user::Entity::find_by_id(id).one(&world.sql).await;
        row.expect("the user is read").expect("the user is there").name
    }
}

// O9, O11: more than fits is a job; killed in the middle and taken up again it comes to the same end.
#[rstest]
#[tokio::test]
async fn a_job_that_is_killed_comes_to_the_same_end(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let admin = world.user("Admin").admin().create().await;
    let (contacts, deals) = differing(&world).await;
    let before = world.owners_of(&contacts).await;
    let job = aligns_at_once(&admin, UP, 5).await.expect("started").job;
    assert_eq!((world.job(job).await.state, world.owners_of(&contacts).await), (State::Waiting, before));
    assert_eq!(world.job(job).await.total, 9);

    // The database objects to the fifth contact: the second batch is done, of the third nothing is.
    let stop = contacts[4].uuid().simple().to_string();
    let (guard, lifted) = match on {
        Sqlite => (
            format!(
                "CREATE TRIGGER stuck_{stop} BEFORE INSERT ON contact_member WHEN NEW.record_id = x'{stop}' \
                 BEGIN SELECT RAISE(ABORT, 'stuck'); END;"
            ),
            format!("DROP TRIGGER stuck_{stop}"),
        ),
        Postgres => (
            format!(
                "CREATE FUNCTION stuck_{stop}() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN RAISE EXCEPTION 'stuck'; END $$; \
                 CREATE TRIGGER stuck_{stop} BEFORE INSERT ON contact_member FOR EACH ROW \
                 WHEN (NEW.record_id = '{stop}'::uuid) EXECUTE FUNCTION stuck_{stop}();"
            ),
            format!("DROP TRIGGER stuck_{stop} ON contact_member"),
        ),
    };
    world.sql.execute_unprepared(&guard).await.expect("a trigger");
    run_next(&world.base, 2, || false).await.expect_err("the third batch fails");
    world.sql.execute_unprepared(&lifted).await.expect("no trigger");
    let half = world.job(job).await;
    assert_eq!(
        (half.state, half.done, half.reached.map(RecordRef::from)),
        (State::Running, 4, Some(contacts[3]))
    );

    // Its lease keeps others away, and then somebody else goes on.
    let there = world.replica().await;
    assert!(!runs(&there, 100).await);
    world.clock.advance_seconds(LEASE_MICROSECONDS / 1_000_000 + 1);
    assert!(runs(&there, 100).await);
    let ended = world.job(job).await;
    assert_eq!((ended.state, ended.done, ended.total, ended.moved), (State::Done, 9, 9, 6));
    assert!(!runs(&world, 100).await);

    // The same in one go.
    let other = world.beside().await;
    other.turn_on([Setting::SeparateOwners]).await;
    let clerk = other.user("Admin").admin().create().await;
    let (its_contacts, its_deals) = differing(&other).await;
    let at_once = other.job(aligns(&clerk, UP).await.expect("aligned").job).await;
    assert_eq!((at_once.moved, at_once.done), (ended.moved, ended.done));
    assert_eq!(names(&world, &contacts).await, names(&other, &its_contacts).await);
    assert_eq!(names(&world, &deals).await, names(&other, &its_deals).await);
    assert_eq!(world.findings(job).await.len(), other.findings(at_once.id).await.len());
}

// Several servers: one job has one worker.
#[rstest]
#[tokio::test]
async fn of_many_workers_one_gets_the_job(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let admin = world.user("Admin").admin().create().await;
    let (contacts, _) = differing(&world).await;
    let job = aligns_at_once(&admin, DOWN, 5).await.expect("started").job;
    let there = world.replica().await;
    let workers = (0..6).map(|number| {
        let base = if number % 2 == 0 { &world.base } else { &there.base };
        run_next(base, 2, || false)
    });
    let ran = futures_util::future::join_all(workers).await;
    let ran = ran.into_iter().filter(|ran| *ran.as_ref().expect("none fails")).count();
    assert_eq!(ran, 1);
    let ended = world.job(job).await;
    assert_eq!((ended.state, ended.done, ended.moved), (State::Done, 9, 18));
    assert_eq!(contacts.len(), 9);
}

// P4: rights are those of each batch.
#[rstest]
#[tokio::test]
async fn it_stops_when_the_rights_end(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let holds = [ManageSettings, ChangeOwners];
    let [losing, leaving] = [
        world.user("Losing").also_holding(holds).create().await,
        world.user("Leaving").also_holding(holds).create().await,
    ];
    let (_, deals) = differing(&world).await;
    let before = world.owners_of(&deals).await;
    for person in [&losing, &leaving] {
        let job = aligns_at_once(person, DOWN, 5).await.expect("started").job;
        assert!(runs(&world, 1).await);
        assert_eq!(world.job(job).await.state, State::Running);
        if person.name == "Losing" {
            person.loses(ChangeOwners).await
        } else {
            person.leaves().await
        }
        assert!(runs(&world, 100).await);
        let ended = world.job(job).await;
        assert_eq!((ended.state, ended.stopped_because), (State::Stopped, Some(StoppedBecause::RightsLost)));
    }
    let after = world.owners_of(&deals).await;
    assert_ne!(after[..8], before[..8]);
    assert_eq!(after[8..], before[8..]);
}

// O9: linked mode only, at each batch.
#[rstest]
#[tokio::test]
async fn it_stops_when_owners_become_separate(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let admin = world.user("Admin").admin().create().await;
    differing(&world).await;
    let job = aligns_at_once(&admin, DOWN, 5).await.expect("started").job;
    world.turn_on([Setting::SeparateOwners]).await;
    assert!(runs(&world, 100).await);
    let ended = world.job(job).await;
    assert_eq!(ended.stopped_because, Some(StoppedBecause::OwnersAreSeparate));
    assert_eq!((ended.done, ended.moved), (0, 0));
}

// A job is called off by whoever may see it; what it has done stays.
#[rstest]
#[tokio::test]
async fn a_job_can_be_called_off(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let clerk = world.user("Clerk").also_holding([ManageSettings, ChangeOwners]).create().await;
    let other = world.user("Other").also_holding([ManageSettings, ChangeOwners]).create().await;
    let (_, deals) = differing(&world).await;
    let job = aligns_at_once(&clerk, DOWN, 5).await.expect("started").job;
    assert!(runs(&world, 2).await);
    let half = world.owners_of(&deals).await;
    for (person, id) in [(&other, job), (&clerk, world.base.ids.next::<JobId>())] {
        let refused = world.refusal(async { cancel(&person.access().await, id).await }).await;
        assert_eq!(refused, RefusalKind::NotFound);
    }
    cancel(&clerk.access().await, job).await.expect("called off");
    assert!(!runs(&world, 100).await);
    assert_eq!((world.job(job).await.state, world.owners_of(&deals).await), (State::Cancelled, half));
    world.unmoved(async { cancel(&clerk.access().await, job).await }).await;
}
