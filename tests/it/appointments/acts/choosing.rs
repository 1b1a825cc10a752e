//! Whom a calendar books when nobody is named (C1, A7).

use retinue::domain::appointment::Book;
use rstest::rstest;

use super::{Keeps as _, TAKEN, slot};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::World;

// C1, C7
#[rstest]
#[tokio::test]
async fn the_first_by_priority_is_booked_and_of_equals_whoever_has_the_least_to_come(
    #[values(Sqlite, Postgres)] on: Kind,
) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let contact = world.contact().create().await;
    let calendar = world.calendar().create().await;
    calendar.takes_in(cleo.id, 9).await;
    calendar.takes_in(ada.id, 1).await;
    calendar.takes_in(bob.id, 1).await;
    // Bob has one to come already.
    world.appointment(&calendar, &contact).of(&bob).at(world.hour(90)).create().await;

    let book = async |hour| {
        let booked = ada.books(slot(&calendar, &contact, world.hour(hour))).await.expect("booked");
        booked.assignee
    };
    assert_eq!(book(30).await, ada.id, "the fewest to come");
    assert_eq!(book(30).await, bob.id, "who is free");
    assert_eq!(book(30).await, cleo.id, "the last by priority comes when nobody else is free");
    assert_eq!(world.refusal(ada.books(slot(&calendar, &contact, world.hour(30)))).await, TAKEN);
    assert_eq!(book(31).await, ada.id, "one to come, Bob has two");
}

// A7: what the booker may not see decides nothing but that somebody is busy.
#[rstest]
#[tokio::test]
async fn hidden_appointments_do_not_show_in_whom_the_calendar_chooses(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let booker = world.user("Booker").restricted().create().await;
    let (hidden, mine) = (world.contact().create().await, world.contact().owned_by(&booker).create().await);
    let calendar = world.calendar().of([&booker, &ada, &bob]).create().await;
    for user in [ada.id, bob.id] {
        calendar.lets_go(user).await;
        calendar.takes_in(user, -1).await;
    }
    let (first, second) = if ada.id < bob.id { (&ada, &bob) } else { (&bob, &ada) };
    for hour in [60, 61, 62] {
        world.appointment(&calendar, &hidden).of(first).at(world.hour(hour)).create().await;
    }
    let booked = booker.books(slot(&calendar, &mine, world.hour(30))).await.expect("booked");
    assert_eq!(booked.assignee, first.id, "three hidden ones to come do not count");
    let booked = booker.books(slot(&calendar, &mine, world.hour(60))).await.expect("booked");
    assert_eq!(booked.assignee, second.id, "C7: that somebody is busy shows, and why does not");
}

// C7: overlap within one slot's seats is one booking.
#[rstest]
#[tokio::test]
async fn a_class_takes_as_many_as_it_has_seats(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let contact = world.contact().create().await;
    let class = world.calendar().of([&ada]).seating(2).create().await;
    let single = world.calendar().of([&ada]).create().await;
    let time = world.hour(30);
    for _ in 0..2 {
        ada.books(slot(&class, &contact, time)).await.expect("a seat");
    }
    assert_eq!(world.refusal(ada.books(slot(&class, &contact, time))).await, TAKEN);
    assert_eq!(world.refusal(ada.books(slot(&single, &contact, time))).await, TAKEN, "another calendar");
    let to_ada = Book { assignee: Some(ada.id), ..slot(&class, &contact, world.hour(31)) };
    ada.books(to_ada).await.expect("the next slot");
}
