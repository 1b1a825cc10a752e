//! What gives access to an appointment can be taken away, and the boundary of the account holds (A7, C4, C5, F7, F9).

use policy::Action;
use policy::Permission::{ManageCalendars, ViewCalendars, ViewContacts};
use rstest::rstest;

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, Appointment, Person, World};

/// What somebody may do with an appointment, as a change sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum May {
    Nothing,
    View,
    Manage,
}

async fn may(person: &Person, appointment: &Appointment) -> May {
    let access = person.access().await;
    let mut unit = access.begin().await.expect("a change");
    let held = unit.hold_appointments(&[appointment.id]).await.expect("what one may view");
    let Some(held) = held.get(&appointment.id) else { return May::Nothing };
    let manages = unit.decide_appointment(held, Action::Edit).is_granted();
    if manages { May::Manage } else { May::View }
}

async fn may_book(person: &Person, calendar: &crate::world::Calendar) -> bool {
    let access = person.access().await;
    let unit = access.begin().await.expect("a change");
    let found = retinue::domain::calendar::HeldCalendar::find(&unit, calendar.id, "calendarId").await;
    found.is_ok_and(|calendar| calendar.decide(&unit, Action::Book).is_granted())
}

// C3, F7, F9
#[rstest]
#[tokio::test]
async fn who_follows_the_contact_no_more_sees_its_appointments_no_more(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let other = world.user("Other").create().await;
    let person = world.user("Person").restricted().create().await;
    let calendar = world.calendar().of([&other, &person]).create().await;
    let contact = world.contact().owned_by(&other).followed_by(&person).create().await;
    let deal = world.opportunity(&contact).owned_by(&other).followed_by(&person).create().await;
    let appointment = world.appointment(&calendar, &contact).create().await;
    assert_eq!(may(&person, &appointment).await, May::Manage);

    other.removes([&person], &contact).await.expect("removed");
    assert!(person.sees(&deal).await, "the opportunity is still followed");
    assert_eq!(may(&person, &appointment).await, May::Nothing);

    other.adds_until([&person], &contact, Some(world.in_seconds(60))).await.expect("added for a while");
    assert_eq!(may(&person, &appointment).await, May::Manage);
    world.clock.advance_seconds(59);
    assert_eq!(may(&person, &appointment).await, May::Manage);
    world.clock.advance_seconds(1);
    assert_eq!(may(&person, &appointment).await, May::Nothing, "the follow ends at that instant");

    other.gives(&contact, &person).await.expect("given");
    assert_eq!(may(&person, &appointment).await, May::Manage);
    person.loses(ViewContacts).await;
    assert_eq!(may(&person, &appointment).await, May::Nothing, "able to view it");
    person.is_granted(ViewContacts).await;
    person.loses(ViewCalendars).await;
    assert_eq!(may(&person, &appointment).await, May::Nothing, "P3");
}

// C4, C5
#[rstest]
#[tokio::test]
async fn who_is_no_member_any_more_neither_manages_nor_books(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let other = world.user("Other").create().await;
    let person = world.user("Person").restricted().also_holding([ManageCalendars]).create().await;
    let calendar = world.calendar().of([&other, &person]).create().await;
    let contact = world.contact().owned_by(&other).followed_by(&person).create().await;
    let of_other = world.appointment(&calendar, &contact).of(&other).create().await;
    let own = world.appointment(&calendar, &contact).of(&person).create().await;
    assert_eq!([may(&person, &of_other).await, may(&person, &own).await], [May::Manage; 2]);
    assert!(may_book(&person, &calendar).await);

    calendar.lets_go(person.id).await;
    assert_eq!(may(&person, &of_other).await, May::View, "C3 does not ask for a membership");
    assert_eq!(may(&person, &own).await, May::Manage, "one's own stays one's own");
    assert!(!may_book(&person, &calendar).await);
}

// A7
#[rstest]
#[tokio::test]
async fn nothing_crosses_to_another_account(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let own = world.user("Own").create().await;
    let calendar = world.calendar().of([&own]).create().await;
    let contact = world.contact().create().await;
    let appointment = world.appointment(&calendar, &contact).create().await;
    let stranger = world.beside().await.user("Stranger").admin().create().await;
    assert_eq!(may(&own, &appointment).await, May::Manage);
    assert_eq!(may(&stranger, &appointment).await, May::Nothing);
    assert!(may_book(&own, &calendar).await && !may_book(&stranger, &calendar).await);
}

// C4, C5: its appointments stay, and it takes no more.
#[rstest]
#[tokio::test]
async fn a_deleted_calendar_keeps_its_appointments(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let person = world.user("Person").restricted().create().await;
    let calendar = world.calendar().of([&person]).create().await;
    let contact = world.contact().owned_by(&person).create().await;
    let appointment = world.appointment(&calendar, &contact).create().await;
    calendar.closes().await;
    assert_eq!(may(&person, &appointment).await, May::Manage);
    assert!(!may_book(&person, &calendar).await);
}
