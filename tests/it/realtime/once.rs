//! What an event costs: the same for one subscriber of a kind as for many (N5).

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use policy::Permission;
use rstest::rstest;
use serde_json::json;

use super::Listens as _;
use super::ear::document;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, Contact, Person, World};

/// How long a process may use what it has read of a record or a viewer without a sign that it has changed.
const LIFETIME: Duration = Duration::from_millis(900);

/// How many statements are sent while everybody, with so many streams each, hears of one change, and how long it takes.
async fn cost(record: &Contact, owner: &Person, people: &[&Person], streams: usize) -> (usize, Duration) {
    let listen = document("contactChanged", "id", "contact { firstName } activity { kind }");
    let mut ears = Vec::new();
    for person in people.iter().cycle().take(people.len() * streams) {
        ears.push(person.listens(&listen, json!({ "id": record })).await);
    }
    join_all(ears.iter_mut().map(|ear| ear.hears())).await;
    // After one change all of them wait for the next, and have nothing else to ask.
    owner.renames(record, "Before").await.expect("renamed");
    join_all(ears.iter_mut().map(|ear| ear.hears())).await;

    let begun = Instant::now();
    let telling = async {
        owner.renames(record, "After").await.expect("renamed");
        for heard in join_all(ears.iter_mut().map(|ear| ear.hears())).await {
            assert_eq!(heard["contact"]["firstName"], "After", "{heard}");
        }
    };
    let ((), statements) = owner.world().sent_by(telling).await;
    (statements.len(), begun.elapsed())
}

// N5
#[rstest]
#[tokio::test]
async fn an_event_is_read_once_for_all_who_see_it_alike(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [oda, ada, uma] = world.users(["Oda", "Ada", "Uma"]).await;
    let poor = world.user("Poor").lacking([Permission::ViewLeadValue]).create().await;
    let record = world.contact().owned_by(&oda).create().await;
    let people = [&oda, &ada, &uma, &poor];
    let (alone, _) = cost(&record, &oda, &people, 1).await;
    let (many, took) = cost(&record, &oda, &people, 25).await;
    // On a machine that is slow enough, the record and its people, and each viewer, are read anew meanwhile.
    let again = usize::try_from(took.as_nanos() / LIFETIME.as_nanos()).expect("a number");
    let more = (again + 1) * people.len() + again * 2;
    assert!(many <= alone + more, "{many} statements for 100 streams, {alone} for 4");
}
