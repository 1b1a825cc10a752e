//! The truth table of C3, C4 and C5 (C6): every kind of person with every kind of appointment, asked in every way there
//! is, against what the specification says.

mod decided;
mod ended;
mod made;
mod oracle;

use rstest::rstest;

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::World;

use made::Made;
use oracle::Who;

// C3, C4, C5, C6, C7, C9
#[rstest]
#[tokio::test]
async fn filter_and_decision_say_what_the_specification_says(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let made = Made::of(world, &Who::all()).await;
    let before = made.world.tables().await;
    for somebody in &made.people {
        decided::agrees(&made, somebody).await;
        decided::agrees_on_booking(&made, somebody).await;
        decided::agrees_on_what_is_held(somebody).await;
    }
    before.assert_same(&made.world.tables().await);
}
