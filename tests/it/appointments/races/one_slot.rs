//! Many book what only one, or only a few, can have.

use entity::UserId;
use retinue::domain::appointment::Book;
use retinue::domain::calendar::diary::Span;
use rstest::rstest;

use super::{AT_ONCE, Crowd, wish};
use crate::appointments::checked::{assert_nothing_is_booked_where_it_is_blocked, assert_sound};
use crate::chance::Chance;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::World;

const ROUNDS: usize = 200;
const ROUNDS_OF_A_VARIANT: usize = 40;

/// The first hour that a test books; those after it follow.
const FIRST: i64 = 24;

fn hour(world: &World, round: usize) -> Span {
    world.hour(FIRST + 4 * i64::try_from(round).unwrap_or(0))
}

fn minutes_later(time: Span, minutes: i64) -> Span {
    let later = |at: entity::Timestamp| entity::Timestamp(at.0 + minutes * 60_000_000);
    Span { from: later(time.from), until: later(time.until) }
}

// C7
#[rstest]
#[tokio::test]
async fn of_twenty_at_once_exactly_one_gets_the_slot(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let mut chance = Chance::new();
    let person = world.user("Person").create().await;
    let calendar = world.calendar().personal().of([&person]).create().await;
    let crowd = Crowd::of(&world).await;
    for round in 0..ROUNDS {
        let time = hour(&world, round);
        let wishes = (0..AT_ONCE).map(|place| Book {
            assignee: chance.one_in(2).then_some(person.id),
            attendees: vec![person.id],
            ..wish(&calendar, &crowd.contacts[place], time)
        });
        let wishes = wishes.collect();
        let won = crowd.books(&mut chance, round, wishes).await;
        assert_eq!(won.len(), 1, "round {round}");
        let there = world.all_appointments().await;
        assert_eq!(there.len(), round + 1, "round {round}");
        let last = there.last().expect("the winner");
        assert_eq!((last.id, last.assignee_id, last.starts_at), (won[0].appointment, person.id, time.from));
    }
    assert_sound(&world).await;
}

// C7
#[rstest]
#[tokio::test]
async fn two_calendars_of_one_person_are_one_diary(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let mut chance = Chance::new();
    let person = world.user("Person").create().await;
    let hours = world.calendar().of([&person]).buffered(0, 15).create().await;
    let halves = world.calendar().of([&person]).slots_of_minutes(30).buffered(15, 0).create().await;
    let crowd = Crowd::of(&world).await;
    for round in 0..ROUNDS_OF_A_VARIANT {
        let time = hour(&world, round);
        // Within the hour, or just after it, where only the two buffers meet.
        let offset = [0, 30, 60][chance.below(3)];
        let wishes = (0..AT_ONCE).map(|place| {
            let contact = &crowd.contacts[place];
            if place % 3 == 0 {
                wish(&hours, contact, time)
            } else {
                wish(&halves, contact, minutes_later(time, offset))
            }
        });
        let won = crowd.books(&mut chance, round, wishes.collect()).await;
        assert_eq!(won.len(), 1, "round {round}, {offset} minutes later");
    }
    // A minute more between them, and both are there.
    let time = hour(&world, ROUNDS_OF_A_VARIANT);
    let wishes = vec![
        wish(&hours, &crowd.contacts[0], time),
        wish(&halves, &crowd.contacts[1], minutes_later(time, 90)),
    ];
    assert_eq!(crowd.books(&mut chance, 0, wishes).await.len(), 2);
    assert_sound(&world).await;
}

// C7
#[rstest]
#[tokio::test]
async fn a_class_is_booked_up_to_its_seats(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let mut chance = Chance::new();
    let person = world.user("Person").create().await;
    let crowd = Crowd::of(&world).await;
    for seats in [2, 3, 7] {
        let class = world.calendar().of([&person]).seating(seats).buffered(5, 5).create().await;
        let other = world.calendar().of([&person]).create().await;
        for round in 0..ROUNDS_OF_A_VARIANT / 2 {
            let time = world.hour(FIRST * i64::from(seats) * 30 + 4 * i64::try_from(round).unwrap_or(0));
            let disturbed = chance.one_in(2);
            let wishes = (0..AT_ONCE).map(|place| {
                let calendar = if disturbed && place == 0 { &other } else { &class };
                wish(calendar, &crowd.contacts[place], time)
            });
            let won = crowd.books(&mut chance, round, wishes.collect()).await;
            let there = world.all_appointments().await;
            let at = there.iter().filter(|row| row.starts_at == time.from);
            let by_other = at.clone().any(|row| row.calendar_id == other.id);
            let expected = if by_other { 1 } else { usize::try_from(seats).unwrap_or(0) };
            assert_eq!(won.len(), expected, "{seats} seats, round {round}");
            assert_eq!(at.count(), expected, "{seats} seats, round {round}");
            assert!(disturbed || !by_other);
        }
    }
    assert_sound(&world).await;
}

// C2, C7
#[rstest]
#[tokio::test]
async fn each_member_of_a_round_robin_is_booked_once(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let mut chance = Chance::new();
    let members = world.users(["One", "Two", "Three"]).await;
    let calendar = world.calendar().of(&members).create().await;
    let crowd = Crowd::of(&world).await;
    for round in 0..ROUNDS_OF_A_VARIANT {
        let time = hour(&world, round);
        let wishes = (0..AT_ONCE).map(|place| Book {
            // Some name whom they want, in another order than the ids are locked in.
            assignee: chance.one_in(3).then(|| members[2 - place % 3].id),
            ..wish(&calendar, &crowd.contacts[place], time)
        });
        let wishes = wishes.collect();
        let won = crowd.books(&mut chance, round, wishes).await;
        let mut booked: Vec<UserId> = won.iter().map(|booked| booked.assignee).collect();
        booked.sort_unstable();
        let mut expected: Vec<UserId> = members.iter().map(|member| member.id).collect();
        expected.sort_unstable();
        assert_eq!(booked, expected, "round {round}");
    }
    assert_sound(&world).await;
}

// C7: a blocked slot of the person is in the way in every calendar, one of the calendar in that one.
#[rstest]
#[tokio::test]
async fn what_is_blocked_is_booked_by_none_of_twenty(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let mut chance = Chance::new();
    let [person, other] = world.users(["Person", "Other"]).await;
    let blocked = world.calendar().of([&person, &other]).create().await;
    let open = world.calendar().of([&person, &other]).create().await;
    let crowd = Crowd::of(&world).await;
    let (first, second) = (hour(&world, 0), hour(&world, 1));
    person.is_blocked(minutes_later(first, 59)).await;
    blocked.is_blocked(minutes_later(second, -59)).await;
    let mut at = async |time: Span| {
        let both = |place| if place % 2 == 0 { &blocked } else { &open };
        let wishes = (0..AT_ONCE).map(|place| wish(both(place), &crowd.contacts[place], time));
        crowd.books(&mut chance, 0, wishes.collect()).await
    };
    let won = at(first).await;
    assert_eq!(won.iter().map(|won| won.assignee).collect::<Vec<_>>(), [other.id]);
    let won = at(second).await;
    assert_eq!(won.len(), 2, "one each, in the calendar that is open");
    let there = world.all_appointments().await;
    let at_second = there.iter().filter(|row| row.starts_at == second.from);
    assert!(at_second.into_iter().all(|row| row.calendar_id == open.id));
    assert_nothing_is_booked_where_it_is_blocked(&world).await;
    assert_sound(&world).await;
}
