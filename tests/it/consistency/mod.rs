//! Random histories by random people, compared after every act with a model in plain Rust: owners, followers with end
//! and inheritance, versions and times; and with everything that must hold in the tables (N1, R6).

mod acts;
mod at_once;
mod boards;
mod history;
mod model;

use std::collections::BTreeMap;

use rstest::rstest;

use crate::chance::Chance;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::invariants::{self, Owners};
use crate::world::World;

use history::History;

/// How many histories each database gets, and how long they are.
const HISTORIES: usize = 4;
const ACTS: usize = 250;

/// How many more where chance left something out.
const MORE_HISTORIES: usize = 8;

/// What must have been answered: a history in which nothing was refused proves little.
const TOLD: [&str; 18] = [
    "Add Denied",
    "Add Done",
    "Add Invalid",
    "Add Limit",
    "Add NotFound",
    "ChangeOwner Denied",
    "ChangeOwner Done",
    "ChangeOwner NotFound",
    "Create Denied",
    "Create Done",
    "Create NotFound",
    "Derived Skipped",
    "Remove Denied",
    "Remove Done",
    "Remove NotFound",
    "Rename Denied",
    "Rename Done",
    "Rename NotFound",
];

// A2, A4, A5, A12, O2 to O9, F1 to F7, F9, F12, AF1 to AF5, N1, R6
#[rstest]
#[tokio::test]
async fn random_histories_end_where_the_specification_says(#[values(Sqlite, Postgres)] on: Kind) {
    let mut chance = Chance::new();
    let mut answered: BTreeMap<String, usize> = BTreeMap::new();
    for number in 0..HISTORIES + MORE_HISTORIES {
        if number >= HISTORIES && TOLD.iter().all(|told| answered.contains_key(*told)) {
            break;
        }
        let Some(world) = World::on(on).await else { return };
        let mut history = History::begin(world, &mut chance, number % 2 == 0).await;
        for _ in 0..ACTS {
            history.goes_on(&mut chance).await;
            history.assert_told().await;
        }
        invariants::assert_hold(&history.world, Owners::MayDiffer).await;
        let skipped = history.skipped().await;
        if skipped > 0 {
            answered.insert("Derived Skipped".into(), skipped);
        }
        for (told, times) in history.answered {
            *answered.entry(told).or_default() += times;
        }
    }
    for told in TOLD {
        assert!(answered.contains_key(told), "no history had `{told}`: {answered:?}");
    }
    println!("{answered:?}");
}
