//! What is told of the appointments of a contact, each under its own View (N2, C3).

use entity::appointment::Status;
use entity::notification::{Kind as What, Reason};
use policy::Permission::ViewCalendars;
use retinue::domain::appointment::Book;
use retinue::domain::patch::Patch;
use rstest::rstest;

use super::line;
use crate::appointments::acts::{Keeps as _, became, given, unedited};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, World};

// N2, C3
#[rstest]
#[tokio::test]
async fn everybody_whom_an_appointment_concerns_is_told(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let admin = world.user("Admin").admin().create().await;
    let [oda, finn] = world.users(["Oda", "Finn"]).await;
    let held = world.user("Held").restricted().create().await;
    let next = world.user("Next").restricted().create().await;
    let guest = world.user("Guest").restricted().create().await;
    let meg = world.user("Meg").create().await;
    let blind = world.user("Blind").lacking([ViewCalendars]).create().await;
    let bound = world.user("Bound").restricted().create().await;
    let contact = world
        .contact()
        .owned_by(&oda)
        .followed_by(&finn)
        .followed_by(&meg)
        .followed_by(&blind)
        .create()
        .await;
    world.opportunity(&contact).owned_by(&bound).create().await;
    meg.mutes(&contact, true).await.expect("muted");
    let calendar = world.calendar().of([&held, &next]).create().await;

    let mut wish = Book::new(calendar.id, contact.id, world.hour(30).from);
    wish.assignee = Some(held.id);
    wish.attendees = vec![guest.id, meg.id];
    let told = world.told_of(admin.books(wish)).await;
    let related = |kind| {
        [
            line(&finn, What::Appointment, Reason::Follower, 1),
            line(&guest, What::Appointment, Reason::Attendee, 1),
            line(&held, kind, Reason::Assigned, 1),
            line(&meg, What::Appointment, Reason::Attendee, 1),
            line(&oda, What::Appointment, Reason::Owner, 1),
        ]
    };
    assert_eq!(told, related(What::AppointmentAssigned), "who attends is concerned, muted or not");
    let appointment = world.appointment_with(world.all_appointments().await[0].id);

    let told = world.told_of(admin.says(became(appointment.id, Status::Showed))).await;
    assert_eq!(told, related(What::Appointment));
    let told = world.told_of(held.says(became(appointment.id, Status::Confirmed))).await;
    assert_eq!(told.len(), 4, "not the actor");

    let told = world.told_of(admin.reassigns(given(appointment.id, next.id))).await;
    let named: Vec<_> = told.iter().map(|line| (line.0.as_str(), line.1, line.2)).collect();
    assert_eq!(
        named,
        [
            ("Finn", What::Appointment, Reason::Follower),
            ("Guest", What::Appointment, Reason::Attendee),
            ("Meg", What::Appointment, Reason::Attendee),
            ("Next", What::AppointmentAssigned, Reason::Assigned),
            ("Oda", What::Appointment, Reason::Owner),
        ],
        "whose it was sees it no more"
    );

    let mut edit = unedited(appointment.id);
    edit.attendees = Patch::Set(vec![meg.id]);
    let told = world.told_of(admin.edits(edit)).await;
    let named: Vec<&str> = told.iter().map(|line| line.0.as_str()).collect();
    assert_eq!(named, ["Finn", "Meg", "Next", "Oda"], "who attends no more sees it no more");

    let told = world.told_of(admin.deletes(&contact)).await;
    assert_eq!(
        told,
        [
            // The contact and its appointment; who follows without seeing appointments hears of the contact alone.
            line(&blind, What::RecordDeleted, Reason::Follower, 1),
            line(&bound, What::RecordDeleted, Reason::Owner, 1),
            line(&finn, What::RecordDeleted, Reason::Follower, 2),
            line(&meg, What::Appointment, Reason::Attendee, 1),
            line(&next, What::Appointment, Reason::Assigned, 1),
            line(&oda, What::RecordDeleted, Reason::Owner, 2),
        ]
    );
    let told = world.told_of(admin.restores(&contact)).await;
    assert_eq!(told.len(), 6);
}
