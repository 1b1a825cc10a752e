//! The property that everything stands on (A1 to A7, A12, O3): for every person, record, act and wish, the decision,
//! the filter, what is shown, `viewerAccess` and what the acts allow are one and the same, and are what the
//! specification says.

mod acted;
mod decided;
mod deleted;
mod generate;
mod loaded;
pub mod oracle;
mod shown;

use policy::{Action, Actor, Wish};
use rstest::rstest;

use crate::chance::Chance;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::World;

use generate::{Generated, generate};
use loaded::Loaded;
use oracle::Somebody;

/// How many worlds each database gets, and how many more where chance left something out.
const WORLDS: usize = 4;
const MORE_WORLDS: usize = 14;

/// Every act on a record, with every wish where the wish matters.
const ASKED: [(Action, Wish); 10] = [
    (Action::View, Wish::Nobody),
    (Action::Edit, Wish::Nobody),
    (Action::ManageFollowers, Wish::Nobody),
    (Action::RemoveFollowers, Wish::Nobody),
    (Action::Unfollow, Wish::Nobody),
    (Action::Delete, Wish::Nobody),
    (Action::Restore, Wish::Nobody),
    (Action::ChangeOwner, Wish::Nobody),
    (Action::ChangeOwner, Wish::Oneself),
    (Action::ChangeOwner, Wish::Another),
];

/// What the worlds contained. A world without them proves nothing of them.
#[derive(Clone, Copy, Debug, Default)]
struct Coverage {
    refused_as_follower: usize,
    refused_for_the_contact: usize,
    refused_for_a_reached_one: usize,
    refused_for_an_unassigned_reached_one: usize,
    only_oneself: usize,
    inherited_edits: usize,
    owners_who_left: usize,
    unassigned: usize,
    ended_follows: usize,
    hidden: usize,
    restricted: usize,
    separate: usize,
    linked: usize,
}

// A1, A2, A4, A5, A6, A7, A12, O3
#[rstest]
#[tokio::test]
async fn every_evaluator_says_what_the_specification_says(#[values(Sqlite, Postgres)] on: Kind) {
    let mut chance = Chance::new();
    let mut coverage = Coverage::default();
    for number in 0..WORLDS + MORE_WORLDS {
        if number >= WORLDS && coverage.is_complete() {
            break;
        }
        let Some(world) = World::separate_on(on).await else { return };
        let neighbours = generate(beside(&world).await, &mut chance, true, (1, 1)).await;
        let generated = generate(world, &mut chance, number % 2 == 0, (4, 7)).await;
        let loaded = Loaded::of(&generated.world).await;
        let before = generated.world.tables().await;

        for somebody in everybody(&generated) {
            let actor = actor_of(&generated, &loaded, &somebody);
            decided::agrees(&generated, &loaded, &somebody, &actor, &mut coverage).await;
            if somebody.active {
                let access = generated.access_of(&somebody).await;
                shown::agrees(&generated, &loaded, &somebody, &access, &mut chance).await;
                shown::hides_the_neighbours(&neighbours, &access).await;
                acted::agrees(&generated, &somebody, &access).await;
                acted::hides_the_neighbours(&neighbours, &access).await;
            }
        }
        before.assert_same(&generated.world.tables().await);
        for somebody in everybody(&generated).into_iter().filter(|somebody| somebody.active) {
            acted::agrees_where_something_may_change(&generated, &somebody).await;
        }
        deleted::agrees(&generated).await;
    }
    println!("{coverage:?}");
    assert!(coverage.is_complete(), "the worlds lacked something: {coverage:?}");
}

async fn beside(world: &World) -> World {
    let neighbour = world.beside().await;
    neighbour.turn_on([crate::world::Setting::SeparateOwners]).await;
    neighbour
}

/// The people of a world, and the command line.
fn everybody(generated: &Generated) -> Vec<Somebody> {
    let command_line = Somebody {
        user: None,
        admin: true,
        restricted: false,
        active: true,
        granted: policy::Permissions::ALL,
    };
    generated.facts.people.iter().cloned().chain([command_line]).collect()
}

fn actor_of(generated: &Generated, loaded: &Loaded, somebody: &Somebody) -> Actor {
    match somebody.user {
        Some(user) => Actor::from_user(&loaded.users[&user]),
        None => Actor::command_line(generated.world.account),
    }
}

impl Coverage {
    fn is_complete(&self) -> bool {
        !format!("{self:?}").contains(": 0")
    }
}
