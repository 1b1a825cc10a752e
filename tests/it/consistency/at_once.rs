//! Many short histories by eight writers at once, over records that they share: what is maintained is the truth at the
//! end, and every board of everybody says what the rows say.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use rstest::rstest;

use super::acts::{ACTS, Act, Shared};
use super::boards;
use crate::chance::Chance;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::invariants::{self, Owners};
use crate::world::{Setting, World};

/// How many histories each database gets: half of them with linked owners, half with separate ones and every setting on.
const HISTORIES: usize = 2_000;
const WRITERS: usize = 8;
const PEOPLE: usize = 12;
const FIRST_CONTACTS: usize = 4;

// F1, F2, F3, F7, AF1, AF2, AF4, N1, R6
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn totals_and_members_are_the_truth_after_histories_of_eight_writers(
    #[values(Sqlite, Postgres)] on: Kind,
    #[values(Setting::SeparateOwners, Setting::PreviousOwnerFollows)] mode: Setting,
) {
    // The sweep looks at every account, so that this one has a database of its own.
    let Some(place) = on.empty_place() else { return };
    let database = retinue::domain::database::Database::open(&place.address).await.expect("it opens");
    database.migrate_up().await.expect("up");
    let world = World::at(Arc::new(place)).await;
    let separate = mode == Setting::SeparateOwners;
    world.turn_on([mode]).await;
    if separate {
        world
            .turn_on([Setting::OpportunityOwnerFollowsContact, Setting::ContactOwnerFollowsOpportunities])
            .await;
    }
    let mut chance = Chance::new();
    let mut people = Vec::new();
    for number in 0..PEOPLE {
        let builder = world.user(&format!("Person {number}"));
        let builder = if number < 2 { builder.admin() } else { builder };
        people.push(if number % 3 == 2 { builder.restricted() } else { builder }.create().await);
    }
    let mut contacts = Vec::new();
    for person in &people[..FIRST_CONTACTS] {
        contacts.push(world.contact().owned_by(person).create().await.id);
    }
    let (contacts, deals) = (Mutex::new(contacts), Mutex::default());
    let shared = Arc::new(Shared { world: world.clone(), people, contacts, deals });

    let writers: Vec<_> = (0..WRITERS)
        .map(|_| {
            let (shared, mut chance) = (Arc::clone(&shared), chance.split());
            tokio::spawn(async move {
                let mut done: BTreeMap<Act, usize> = BTreeMap::new();
                for _ in 0..HISTORIES / 2 / WRITERS {
                    for act in shared.history(&mut chance).await {
                        *done.entry(act).or_default() += 1;
                    }
                }
                done
            })
        })
        .collect();
    let mut done: BTreeMap<Act, usize> = BTreeMap::new();
    for writer in writers {
        for (act, times) in writer.await.expect("a writer comes to its end") {
            *done.entry(act).or_default() += times;
        }
    }
    println!("{done:?}");
    for act in ACTS {
        assert!(done.contains_key(&act), "{act:?} never succeeded: {done:?}");
    }

    let contacts = shared.contacts.lock().expect("not poisoned").clone();
    for contacts in contacts.chunks(8) {
        // Where somebody left, a new opportunity of their contact has no owner: owners may differ in linked mode too.
        invariants::assert_hold_of(&world, contacts, Owners::MayDiffer).await;
    }
    invariants::assert_totals(&world).await;
    invariants::assert_inboxes(&world).await;
    boards::assert_tell_the_truth(&shared).await;
}
