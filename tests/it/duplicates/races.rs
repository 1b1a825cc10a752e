//! Two who make the same at once (R3, F2).

use entity::account::ContactDuplicates;
use entity::opportunity::Status;
use retinue::domain::error::RefusalKind;
use retinue::domain::patch::Patch;
use rstest::rstest;

use super::{reach, reached_by};
use crate::chance::Chance;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::races::{Racer, race, racer};
use crate::world::{Acts as _, World};

const ROUNDS: usize = 25;

// R3, F2
#[rstest]
#[tokio::test]
async fn of_those_who_take_one_address_one_gets_it(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    world.tells_apart(ContactDuplicates::ByEmailThenPhone, true).await;
    let mut chance = Chance::new();
    let (here, there) = (world.command_line(), world.replica().await.command_line());
    for round in 0..ROUNDS {
        let (email, phone) = (format!("r{round}@example.com"), format!("+4930{:06}", 901_000 + round));
        let other = here.makes_contact(reached_by("", None)).await.expect("made");
        let racers: Vec<Racer<'_>> = vec![
            racer(here.makes_contact(reached_by(&email, None)), |_| Default::default()),
            racer(there.makes_contact(reached_by(&email.to_uppercase(), Some(&phone))), |_| {
                Default::default()
            }),
            racer(there.updates_contact(&other, reach(&email, None)), |done| done),
        ];
        let refusals = race(&mut chance, racers).await;
        assert_eq!(refusals.len(), 2, "round {round}: {refusals:?}");
        assert!(refusals.iter().all(|no| matches!(no.kind, RefusalKind::DuplicateFound { .. })));
    }
    assert_eq!(world.flags().await, []);
}

// R3, F2
#[rstest]
#[tokio::test]
async fn of_those_who_open_for_one_contact_one_does(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    world.tells_apart(ContactDuplicates::Allow, false).await;
    let mut chance = Chance::new();
    let (here, there) = (world.command_line(), world.replica().await.command_line());
    for round in 0..ROUNDS {
        let contact = world.contact().create().await;
        let gone = world.opportunity(&contact).create().await;
        here.deletes(&gone).await.expect("deleted");
        let won = world.opportunity(&contact).create().await;
        here.closes(&won, Status::Won, Patch::Keep).await.expect("won");
        let racers: Vec<Racer<'_>> = vec![
            racer(here.makes_opportunity(world.opportunity_wish(contact.id)), |_| Default::default()),
            racer(there.makes_opportunity(world.opportunity_wish(contact.id)), |_| Default::default()),
            racer(there.closes(&won, Status::Open, Patch::Keep), |done| done),
            racer(here.restores(&gone), |done| done.committed),
        ];
        let refusals = race(&mut chance, racers).await;
        assert_eq!(refusals.len(), 3, "round {round}: {refusals:?}");
        assert!(refusals.iter().all(|no| matches!(no.kind, RefusalKind::DuplicateFound { .. })));
    }
}
