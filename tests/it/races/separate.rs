//! Separate owners, auto-follow on: owners change while others add, remove, create and edit (F3, F4, AF1, AF2).

use retinue::domain::opportunity::CreateOpportunity;
use retinue::domain::patch::Patch;
use rstest::rstest;

use super::{Racer, race, racer};
use crate::chance::Chance;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::invariants::{self, Owners};
use crate::world::{Acts as _, AnyRecord as _, Setting, World};

const ROUNDS: usize = 60;

// F2, F3, F4
#[rstest]
#[tokio::test]
async fn the_new_owner_is_added_as_a_follower_meanwhile(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let mut chance = Chance::new();
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let (here, there) = (world.command_line(), world.replica().await.command_line());

    for round in 0..ROUNDS {
        let racers: Vec<Racer<'_>> = vec![
            racer(here.gives(&contact, &bob), |answer| answer.committed),
            racer(there.adds([&bob, &cleo], &contact), |answer| answer.committed),
            racer(here.adds([&bob], &contact), |answer| answer.committed),
            racer(there.gives_while_the_previous_follows(&contact, Some(&cleo)), |answer| answer.committed),
            racer(here.removes([&cleo], &contact), |answer| answer.committed),
        ];
        let refusals = race(&mut chance, racers).await;
        assert_eq!(refusals, [], "round {round}: there is room, and everybody may");
        invariants::assert_hold(&world, Owners::MayDiffer).await;

        let owner = contact.owner().await;
        assert!([Some(bob.id), Some(cleo.id)].contains(&owner), "round {round}: the last change stands");
        here.gives(&contact, &ada).await.expect("back to Ada");
        here.removes([&bob, &cleo], &contact).await.expect("nobody follows");
    }
}

// F2, AF1, AF2, AF3
#[rstest]
#[tokio::test]
async fn both_sides_of_auto_follow_change_at_once(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    world.turn_on([Setting::OpportunityOwnerFollowsContact, Setting::ContactOwnerFollowsOpportunities]).await;
    let mut chance = Chance::new();
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let eight = world.crowd(8).await;
    let (here, there) = (world.command_line(), world.replica().await.command_line());

    for round in 0..ROUNDS {
        let name = format!("Round {round}");
        let contact = world.contact().create().await;
        let [one, other] =
            [world.opportunity(&contact).create().await, world.opportunity(&contact).create().await];
        // Two places are left on these: the third one who should follow is skipped.
        here.adds(&eight, &contact).await.expect("eight fit");
        here.adds(&eight, &one).await.expect("eight fit");
        let made = CreateOpportunity {
            owner: Patch::Set(cleo.id),
            followers: vec![ada.id],
            ..world.opportunity_wish(contact.id)
        };
        let racers: Vec<Racer<'_>> = vec![
            racer(here.gives(&contact, &ada), |answer| answer.committed),
            racer(there.gives(&one, &bob), |answer| answer.committed),
            racer(here.gives(&other, &cleo), |answer| answer.committed),
            racer(there.gives(&contact, &bob), |answer| answer.committed),
            racer(here.gives(&one, &ada), |answer| answer.committed),
            racer(there.renames(&contact, &name), |committed| committed),
            racer(here.makes_opportunity(made), |_| Default::default()),
        ];
        let refusals = race(&mut chance, racers).await;
        assert_eq!(refusals, [], "round {round}: nobody is refused, derived follows are skipped");
        invariants::assert_hold_of(&world, &[contact.id], Owners::MayDiffer).await;
    }
}
