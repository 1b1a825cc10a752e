//! Linked owners: a contact and its opportunities have one owner after every round, whichever record was named and
//! whatever was made meanwhile (O3, O4).

use retinue::domain::opportunity::CreateOpportunity;
use retinue::domain::patch::Patch;
use rstest::rstest;

use super::{Racer, race, racer};
use crate::chance::Chance;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::invariants::{self, Owners};
use crate::world::{Acts as _, Setting, World};

const ROUNDS: usize = 60;

// F2, O3, O4, O6
#[rstest]
#[tokio::test]
async fn owners_stay_one_while_deals_are_made_and_given(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    world.turn_on([Setting::PreviousOwnerFollows]).await;
    let mut chance = Chance::new();
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let (here, there) = (world.command_line(), world.replica().await.command_line());

    for round in 0..ROUNDS {
        let name = format!("Round {round}");
        let contact = world.contact().owned_by(&ada).followed_by(&bob).create().await;
        let deals = [world.opportunity(&contact).owned_by(&ada), world.opportunity(&contact).owned_by(&ada)];
        let [one, other] = deals.map(|deal| deal.followed_by(&cleo));
        let (one, other) = (one.create().await, other.create().await);
        let made = |owner| CreateOpportunity { owner, ..world.opportunity_wish(contact.id) };
        let racers: Vec<Racer<'_>> = vec![
            racer(here.gives(&contact, &bob), |answer| answer.committed),
            racer(there.gives(&one, &cleo), |answer| answer.committed),
            racer(here.clears_owner_of(&other), |answer| answer.committed),
            racer(there.makes_opportunity(made(Patch::Keep)), |_| Default::default()),
            racer(here.makes_opportunity(made(Patch::Set(cleo.id))), |_| Default::default()),
            racer(there.makes_opportunity(made(Patch::Clear)), |_| Default::default()),
            racer(here.adds([&ada, &bob, &cleo], &one), |answer| answer.committed),
            racer(there.renames(&other, &name), |committed| committed),
        ];
        let refusals = race(&mut chance, racers).await;
        assert_eq!(refusals, [], "round {round}: an admin may do all of this");
        invariants::assert_hold_of(&world, &[contact.id], Owners::AreOne).await;
    }
}
