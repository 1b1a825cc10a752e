//! Appointments are moved, given to others and called off, while others are booked (C4, C7).

use entity::AppointmentId;
use entity::appointment::Status;
use futures_util::future::join;
use retinue::domain::appointment::{self, Reassign, Reschedule, SetStatus};
use retinue::domain::calendar::diary::Span;
use retinue::domain::error::RefusalKind;
use rstest::rstest;

use super::{Crowd, TAKEN, sorted, wish};
use crate::appointments::checked::assert_sound;
use crate::chance::Chance;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::World;

const ROUNDS: usize = 40;

pub fn to_time(appointment: AppointmentId, time: Span) -> Reschedule {
    Reschedule {
        appointment,
        starts_at: Some(time.from),
        ends_at: None,
        zone: None,
        calendar: None,
        assignee: None,
        overbook: false,
        expected_version: None,
    }
}

pub fn to_person(appointment: AppointmentId, assignee: entity::UserId) -> Reassign {
    Reassign { appointment, assignee, overbook: false, expected_version: None }
}

pub fn to_status(appointment: AppointmentId, status: Status) -> SetStatus {
    SetStatus { appointment, status, overbook: false, expected_version: None }
}

fn kinds(refusals: &[retinue::domain::error::Refusal]) -> Vec<RefusalKind> {
    refusals.iter().map(|refusal| refusal.kind.clone()).collect()
}

// C7: of two that swap their times, or their people, at once, neither finds room: each holds what the other wants.
#[rstest]
#[tokio::test]
async fn a_swap_at_once_moves_nobody(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let mut chance = Chance::new();
    let [one, other] = world.users(["One", "Other"]).await;
    let calendar = world.calendar().of([&one, &other]).create().await;
    let crowd = Crowd::of(&world).await;
    for round in 0..ROUNDS {
        let hours = 24 + 4 * i64::try_from(round).unwrap_or(0);
        let (early, late) = (world.hour(hours), world.hour(hours + 1));
        let made = |place: usize, time| retinue::domain::appointment::Book {
            assignee: Some(one.id),
            ..wish(&calendar, &crowd.contacts[place], time)
        };
        let won = crowd.books(&mut chance, round, vec![made(0, early), made(1, late)]).await;
        assert_eq!(won.len(), 2);
        let (first, second) = (id_at(&world, early).await, id_at(&world, late).await);
        let (here, there) = (crowd.access(2, round), crowd.access(3, round));
        let (later, earlier) = (to_time(first, late), to_time(second, early));
        let (a, b) =
            join(appointment::reschedule(here, &later), appointment::reschedule(there, &earlier)).await;
        let (moved, refused) = sorted(vec![a, b]);
        assert_eq!((moved.len(), kinds(&refused)), (0, vec![TAKEN, TAKEN]), "round {round}");

        // One goes out of the way, and they swap people at the same time.
        appointment::reassign(here, &to_person(second, other.id)).await.expect("the other is free");
        appointment::reschedule(here, &to_time(second, early)).await.expect("and at that time too");
        let (give, take) = (to_person(first, other.id), to_person(second, one.id));
        let (a, b) = join(appointment::reassign(here, &give), appointment::reassign(there, &take)).await;
        let (moved, refused) = sorted(vec![a, b]);
        assert_eq!((moved.len(), kinds(&refused)), (0, vec![TAKEN, TAKEN]), "round {round}");
    }
    assert_sound(&world).await;
}

async fn id_at(world: &World, time: Span) -> AppointmentId {
    let there = world.all_appointments().await;
    there.into_iter().find(|row| row.starts_at == time.from).expect("it is there").id
}

// C7: a booking, a move in time, one from another person, and one that is taken up again want one hour of one person.
#[rstest]
#[tokio::test]
async fn whoever_comes_first_of_those_who_want_one_hour_has_it(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let mut chance = Chance::new();
    let [one, other] = world.users(["One", "Other"]).await;
    let calendar = world.calendar().of([&one, &other]).create().await;
    let elsewhere = world.calendar().of([&one]).create().await;
    let crowd = Crowd::of(&world).await;
    let mut winners = std::collections::BTreeMap::<usize, usize>::new();
    for round in 0..ROUNDS {
        let hours = 24 + 4 * i64::try_from(round).unwrap_or(0);
        let (wanted, before, after) = (world.hour(hours + 1), world.hour(hours), world.hour(hours + 2));
        let access = crowd.access(0, round);
        let book = async |calendar, place: usize, time, person: &crate::world::Person| {
            let wish = wish(calendar, &crowd.contacts[place], time);
            let wish = appointment::Book { assignee: Some(person.id), ..wish };
            appointment::book(access, &wish).await.expect("it is free").appointment
        };
        let to_move = book(&calendar, 0, before, &one).await;
        let to_move_over = book(&elsewhere, 1, after, &one).await;
        let to_give = book(&calendar, 2, wanted, &other).await;
        let to_revive = book(&calendar, 3, wanted, &one).await;
        let called_off = to_status(to_revive, Status::Cancelled);
        appointment::set_status(access, &called_off).await.expect("called off");

        let booking = wish(&elsewhere, &crowd.contacts[4], wanted);
        let (moving, giving) = (to_time(to_move, wanted), to_person(to_give, one.id));
        let over = Reschedule { calendar: Some(calendar.id), ..to_time(to_move_over, wanted) };
        let reviving = to_status(to_revive, Status::Confirmed);
        let of = |place| crowd.access(place, round);
        let mut racers: Vec<(usize, crate::races::Racer<'_>)> = vec![
            (0, crate::races::racer(appointment::book(of(5), &booking), |booked| booked.committed)),
            (1, crate::races::racer(appointment::reschedule(of(6), &moving), |committed| committed)),
            (2, crate::races::racer(appointment::reschedule(of(7), &over), |committed| committed)),
            (3, crate::races::racer(appointment::reassign(of(8), &giving), |committed| committed)),
            (4, crate::races::racer(appointment::set_status(of(9), &reviving), |committed| committed)),
        ];
        for place in (1..racers.len()).rev() {
            racers.swap(place, chance.below(place + 1));
        }
        let (numbers, racers): (Vec<usize>, Vec<_>) = racers.into_iter().unzip();
        let answers = futures_util::future::join_all(racers).await;
        for (number, answer) in numbers.iter().zip(&answers) {
            if answer.is_ok() {
                *winners.entry(*number).or_default() += 1;
            }
        }
        let (won, refused) = sorted(answers);
        assert_eq!((won.len(), kinds(&refused)), (1, vec![TAKEN; 4]), "round {round}");
        assert_sound(&world).await;
    }
    println!("who won how often: {winners:?}");
}
