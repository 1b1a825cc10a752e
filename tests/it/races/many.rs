//! More acts at once than the pool has connections: each needs one and no second, or all would wait for each other.

use rstest::rstest;

use super::{Racer, race, racer};
use crate::chance::Chance;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::invariants::{self, Owners};
use crate::world::{Acts as _, AnyRecord as _, World};

const AT_ONCE: usize = 40;

// F2
#[rstest]
#[tokio::test]
async fn forty_acts_of_every_kind_get_through(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let mut chance = Chance::new();
    let crowd = world.crowd(AT_ONCE).await;
    let contact = world.contact().owned_by(&crowd[0]).create().await;
    let deal = world.opportunity(&contact).owned_by(&crowd[0]).create().await;
    let here = world.command_line();
    here.adds(&crowd[1..11], &contact).await.expect("ten");
    let names: Vec<String> = (0..AT_ONCE).map(|number| format!("Name {number}")).collect();

    let removals =
        crowd.iter().map(|person| racer(here.removes([person], &contact), |answer| answer.committed));
    assert_eq!(race(&mut chance, removals.collect()).await, []);
    assert_eq!(contact.followers().await, []);
    let mutes = (0..AT_ONCE).map(|_| racer(crowd[0].mutes(&contact, true), |()| Default::default()));
    assert_eq!(race(&mut chance, mutes.collect()).await, []);
    let renames = names.iter().map(|name| racer(here.renames(&contact, name), |committed| committed));
    assert_eq!(race(&mut chance, renames.collect()).await, []);
    let moves = (0..AT_ONCE).map(|n| racer(here.moves(&deal, world.stages[n % 3]), |committed| committed));
    assert_eq!(race(&mut chance, moves.collect()).await, []);
    let gives = crowd.iter().map(|person| racer(here.gives(&deal, person), |answer| answer.committed));
    assert_eq!(race(&mut chance, gives.collect()).await, []);
    let makes = crowd.iter().map(|_| -> Racer<'_> {
        racer(here.makes_opportunity(world.opportunity_wish(contact.id)), |_| Default::default())
    });
    assert_eq!(race(&mut chance, makes.collect()).await, []);
    invariants::assert_hold(&world, Owners::MayDiffer).await;
}
