//! Contacts go and come back while they are booked (C5, C7, R4).

use entity::appointment::Status;
use futures_util::future::join;
use retinue::domain::appointment;
use retinue::domain::deletion::{self, Delete, Restore};
use retinue::domain::error::{Error, RefusalKind};
use retinue::domain::record::RecordRef;
use rstest::rstest;

use super::{Crowd, TAKEN, sorted, wish};
use crate::appointments::checked::assert_sound;
use crate::chance::Chance;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, World};

const ROUNDS: usize = 40;

// C5, R4: an appointment goes with its contact, or is never made.
#[rstest]
#[tokio::test]
async fn no_appointment_is_left_of_a_contact_that_goes(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let mut chance = Chance::new();
    let person = world.user("Person").create().await;
    let calendar = world.calendar().of([&person]).create().await;
    let crowd = Crowd::of(&world).await;
    let admin = world.command_line().access().await;
    let (mut taken_along, mut too_late) = (0, 0);
    for round in 0..ROUNDS {
        let contact = world.contact().create().await;
        let time = world.hour(24 + i64::try_from(round).unwrap_or(0));
        let booking = wish(&calendar, &contact, time);
        let delete = Delete { record: contact.id.into(), expected_version: None };
        let book = appointment::book(crowd.access(1, round), &booking);
        let goes = deletion::delete(&admin, &delete);
        let (booked, deleted) = if chance.one_in(2) {
            join(book, goes).await
        } else {
            let (deleted, booked) = join(goes, book).await;
            (booked, deleted)
        };
        let deleted = deleted.expect("it goes");
        match booked {
            Ok(booked) => {
                assert_eq!(deleted.appointments, [booked.appointment], "round {round}");
                taken_along += 1;
            }
            Err(Error::Refused(refusals)) => {
                assert_eq!(refusals[0].kind, RefusalKind::NotFound, "round {round}");
                assert_eq!(deleted.appointments, [], "round {round}");
                too_late += 1;
            }
            Err(error) => panic!("round {round}: {error}"),
        }
    }
    println!("{taken_along} went along, {too_late} came too late");
    assert_sound(&world).await;
}

// R4, C7: whose slot is gone comes back cancelled.
#[rstest]
#[tokio::test]
async fn what_comes_back_and_what_is_booked_do_not_share_a_slot(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let mut chance = Chance::new();
    let person = world.user("Person").create().await;
    let [calendar, other] =
        [world.calendar().of([&person]).create().await, world.calendar().of([&person]).create().await];
    let crowd = Crowd::of(&world).await;
    let admin = world.command_line().access().await;
    let (mut cancelled, mut stayed) = (0, 0);
    for round in 0..ROUNDS {
        let contact = world.contact().create().await;
        let record = RecordRef::from(contact.id);
        let time = world.hour(24 + i64::try_from(round).unwrap_or(0));
        let first = appointment::book(&admin, &wish(&calendar, &contact, time)).await.expect("booked");
        deletion::delete(&admin, &Delete { record, expected_version: None }).await.expect("deleted");

        let booking = wish(&other, &crowd.contacts[1], time);
        let book = appointment::book(crowd.access(1, round), &booking);
        let restore = Restore { record };
        let comes = deletion::restore(&admin, &restore);
        let (booked, restored) = if chance.one_in(2) {
            join(book, comes).await
        } else {
            let (restored, booked) = join(comes, book).await;
            (booked, restored)
        };
        assert_eq!(restored.expect("it comes back").appointments, [first.appointment], "round {round}");
        let status = world.appointment_with(first.appointment).row().await.status;
        let (won, lost) = sorted(vec![booked]);
        if won.len() == 1 {
            assert_eq!(status, Status::Cancelled, "round {round}");
            cancelled += 1;
        } else {
            assert_eq!((lost[0].kind.clone(), status), (TAKEN, Status::Confirmed), "round {round}");
            stayed += 1;
        }
    }
    println!("{cancelled} came back cancelled, {stayed} as they were");
    assert_sound(&world).await;
}
