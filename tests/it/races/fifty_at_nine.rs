//! Fifty people are added to a record with nine followers: never eleven (F1, F2).

use entity::UserId;
use futures_util::future::join_all;
use retinue::domain::access::Access;
use retinue::domain::error::{Error, RefusalKind, Result};
use retinue::domain::ownership::{AddFollowers, FollowersAdded, follow};
use retinue::domain::record::RecordRef;
use rstest::rstest;

use crate::chance::Chance;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::invariants::{self, Owners};
use crate::world::{Acts as _, AnyRecord as _, World};

const ROUNDS: usize = 200;
const AT_ONCE: usize = 50;

// F1, F2
#[rstest]
#[tokio::test]
async fn of_fifty_at_once_the_tenth_place_goes_to_exactly_one(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let mut chance = Chance::new();
    let crowd = world.crowd(AT_ONCE).await;
    let nine = world.crowd(9).await;
    let contact = world.contact().create().await;
    let opportunity = world.opportunity(&contact).create().await;
    let command_line = world.command_line();
    command_line.adds(&nine, &contact).await.expect("nine fit");
    command_line.adds(&nine, &opportunity).await.expect("nine fit");
    let replica = world.replica().await;
    let accesses = [command_line.access().await, replica.command_line().access().await];

    for round in 0..ROUNDS {
        let record = if round % 2 == 0 { contact.record() } else { opportunity.record() };
        let first = chance.below(AT_ONCE);
        // On SQLite two writers of one file wait by polling: most rounds there have one server.
        let replicas = if on == Sqlite && round % 20 != 0 { 1 } else { 2 };
        let adds = (0..AT_ONCE).map(|place| {
            let user = crowd[(first + place) % AT_ONCE].id;
            add(&accesses[place % replicas], record, user)
        });
        let mut winners: Vec<UserId> = Vec::new();
        for answer in join_all(adds).await {
            match answer {
                Ok(answer) => winners.extend(answer.added),
                Err(Error::Refused(refusals)) => {
                    let full = RefusalKind::FollowerLimitReached { limit: 10, current: 10 };
                    assert_eq!(refusals.len(), 1);
                    assert_eq!(refusals[0].kind, full, "round {round}");
                }
                Err(error) => panic!("round {round}: an add failed instead of losing: {error}"),
            }
        }
        assert_eq!(winners.len(), 1, "round {round}");
        let followers: Vec<UserId> =
            world.seats_of(record).await.iter().filter(|seat| seat.slot > 0).map(|seat| seat.user).collect();
        assert_eq!(followers.len(), 10, "round {round}");
        assert!(followers.contains(&winners[0]), "round {round}");
        let winner = crowd.iter().find(|person| person.id == winners[0]);
        match record {
            RecordRef::Contact(_) => command_line.removes(winner, &contact).await,
            RecordRef::Opportunity(_) => command_line.removes(winner, &opportunity).await,
        }
        .expect("the winner leaves");
    }
    invariants::assert_hold(&world, Owners::MayDiffer).await;
}

async fn add(access: &Access, record: RecordRef, user: UserId) -> Result<FollowersAdded> {
    follow::add_followers(access, &AddFollowers { record, users: vec![user], until: None }).await
}
