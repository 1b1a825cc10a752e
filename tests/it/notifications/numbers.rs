//! The numbers of an inbox: without a gap, whoever acts at once, and none for what did not happen (N4).

use rstest::rstest;

use crate::chance::Chance;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::invariants;
use crate::races::{Racer, race, racer};
use crate::world::{Acts as _, AnyRecord as _, World};

const WRITERS: usize = 8;
const ROUNDS: usize = 12;
const READERS: usize = 6;

// N4
#[rstest]
#[tokio::test]
async fn writers_at_once_leave_no_gap_and_lock_nobody_out(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let mut chance = Chance::new();
    let readers = world.crowd(READERS).await;
    let writers = world.crowd(WRITERS).await;
    let mut contacts = Vec::new();
    let mut deals = Vec::new();
    for number in 0..WRITERS {
        let contact = world.contact().create().await;
        // Each the other way round than the one before.
        let mut order: Vec<_> = readers.iter().collect();
        if number % 2 == 1 {
            order.reverse();
        }
        for reader in order {
            world.command_line().adds([reader], &contact).await.expect("added");
        }
        let deal = world.opportunity(&contact).followed_by(&readers[number % READERS]).create().await;
        contacts.push(contact);
        deals.push(deal);
    }
    let mut before = Vec::new();
    for reader in &readers {
        before.push(reader.numbers().await.len());
    }
    let replica = world.replica().await;
    // On SQLite two writers of one file wait by polling: one server is enough there.
    let at = |place: usize| if on == Postgres && place.is_multiple_of(2) { &replica } else { &world };
    let people: Vec<_> = writers.iter().enumerate().map(|(place, writer)| writer.on(at(place))).collect();
    for round in 0..ROUNDS {
        let name = format!("Round {round}");
        let stage = world.stages[(round + 1) % 3];
        let renames = people.iter().zip(&contacts);
        let renames = renames.map(|(who, contact)| racer(who.renames(contact, &name), |done| done));
        let moves = people.iter().zip(deals.iter().rev());
        let moves = moves.map(|(who, deal)| racer(who.moves(deal, stage), |done| done));
        let racers: Vec<Racer<'_>> = renames.chain(moves).collect();
        assert_eq!(race(&mut chance, racers).await, []);
    }
    for (reader, before) in readers.iter().zip(before) {
        let numbers = reader.numbers().await;
        let own = deals.len() / READERS + usize::from(place_of(&readers, reader) < deals.len() % READERS);
        assert_eq!(numbers.len(), before + ROUNDS * (WRITERS + own), "{reader:?}");
        let all: Vec<i64> = (1..).take(numbers.len()).collect();
        assert_eq!(numbers, all, "{reader:?}");
    }
    invariants::assert_inboxes(&world).await;
}

fn place_of(people: &[crate::world::Person], person: &crate::world::Person) -> usize {
    people.iter().position(|other| other == person).expect("one of them")
}

// N4
#[rstest]
#[tokio::test]
async fn what_is_refused_or_undone_takes_no_number(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let known = ada.numbers().await;
    let before = world.tables().await;
    world.refusal(bob.renames_expecting(&contact, "Zoe", Some(7))).await;
    let access = bob.access().await;
    {
        let mut unit = access.begin().await.expect("a change");
        let reach = retinue::domain::unit_of_work::Reach::Alone;
        unit.hold(contact.record(), reach, "id").await.expect("held");
        unit.record(contact.record(), retinue::domain::activity::What::Updated, Vec::new(), None);
    }
    before.assert_same(&world.tables().await);
    bob.renames(&contact, "Zoe").await.expect("renamed");
    let next = known.last().copied().unwrap_or_default() + 1;
    assert_eq!(ada.numbers().await.last(), Some(&next));
}
