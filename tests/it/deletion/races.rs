//! Deleting and restoring while others act (F2, R4).

use retinue::domain::error::RefusalKind;
use rstest::rstest;

use crate::chance::Chance;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::invariants::{self, Owners};
use crate::races::{Racer, race, racer};
use crate::world::{Acts as _, AnyRecord as _, Setting, World};

const ROUNDS: usize = 25;

// R4, F2, O3
#[rstest]
#[tokio::test]
async fn a_contact_is_deleted_while_everything_happens_to_it(
    #[values(Sqlite, Postgres)] on: Kind,
    #[values(true, false)] separate: bool,
) {
    let Some(world) = World::on(on).await else { return };
    if separate {
        world.turn_on([Setting::SeparateOwners, Setting::ContactOwnerFollowsOpportunities]).await;
    }
    let mut chance = Chance::new();
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let (here, there) = (world.command_line(), world.replica().await.command_line());
    for round in 0..ROUNDS {
        let contact = world.contact().owned_by(&ada).create().await;
        let deal = world.opportunity(&contact).worth(3).create().await;
        let racers: Vec<Racer<'_>> = vec![
            racer(here.deletes(&contact), |done| done.committed),
            racer(there.gives(&contact, &bob), |done| done.committed),
            racer(there.gives(&deal, &bob), |done| done.committed),
            racer(here.adds([&bob], &deal), |done| done.committed),
            racer(there.makes_opportunity(world.opportunity_wish(contact.id)), |_| Default::default()),
            racer(there.deletes(&deal), |done| done.committed),
        ];
        for refusal in race(&mut chance, racers).await {
            assert_eq!(refusal.kind, RefusalKind::NotFound, "round {round}");
        }
        assert!(contact.row().await.deleted_at.is_some(), "round {round}: nothing keeps it");
        assert_eq!(world.command_line().opportunities().await, [], "round {round}: all of them went");
        let owners = if separate { Owners::MayDiffer } else { Owners::AreOne };
        invariants::assert_hold(&world, owners).await;
    }
}

// R4, F2
#[rstest]
#[tokio::test]
async fn of_two_who_restore_one_wins(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let mut chance = Chance::new();
    let [ada] = world.users(["Ada"]).await;
    let (here, there) = (world.command_line(), world.replica().await.command_line());
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).worth(3).owned_by(&ada).create().await;
    for round in 0..ROUNDS {
        let before = contact.version().await;
        here.deletes(&contact).await.expect("deleted");
        let racers: Vec<Racer<'_>> = vec![
            racer(here.restores(&contact), |done| done.committed),
            racer(there.restores(&contact), |done| done.committed),
        ];
        let refusals = race(&mut chance, racers).await;
        let kinds: Vec<_> = refusals.into_iter().map(|refusal| refusal.kind).collect();
        assert_eq!(kinds, [RefusalKind::NotFound], "round {round}");
        assert_eq!(contact.version().await, before + 2);
        assert!(here.sees(&deal).await);
        invariants::assert_hold(&world, Owners::MayDiffer).await;
    }
}

// R4, F2: an opportunity never comes back under a contact that goes.
#[rstest]
#[tokio::test]
async fn an_opportunity_is_restored_while_its_contact_is_deleted(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let mut chance = Chance::new();
    let (here, there) = (world.command_line(), world.replica().await.command_line());
    for round in 0..ROUNDS {
        let contact = world.contact().create().await;
        let deal = world.opportunity(&contact).create().await;
        here.deletes(&deal).await.expect("deleted");
        let racers: Vec<Racer<'_>> = vec![
            racer(here.restores(&deal), |done| done.committed),
            racer(there.deletes(&contact), |done| done.committed),
        ];
        for refusal in race(&mut chance, racers).await {
            assert_eq!(refusal.kind, RefusalKind::InvalidInput, "round {round}");
        }
        assert!(!here.sees(&contact).await && !here.sees(&deal).await, "round {round}");
        invariants::assert_hold(&world, Owners::MayDiffer).await;
    }
}
