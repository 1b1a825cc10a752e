//! The stream of a calendar: what happens to those of its appointments that the subscriber may see (N4, N5, C3).

use policy::Permission::ViewCalendars;
use retinue::domain::appointment::Reschedule;
use rstest::rstest;
use serde_json::{Value, json};

use super::Listens as _;
use super::ear::{Ear, document};
use crate::appointments::acts::{Keeps as _, given, same, slot};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, Appointment, Calendar, Person, World};

fn stream() -> String {
    document(
        "appointmentChanged",
        "calendarId",
        "calendarId appointmentId appointment { assignee { name } contact { id } } activity { kind actor { name } }",
    )
}

async fn listens(person: &Person, calendar: &Calendar) -> Ear {
    let mut ear = person.listens(&stream(), json!({ "id": calendar.id.to_string() })).await;
    assert_eq!(ear.hears().await["kind"], "STARTED");
    ear
}

/// The event without its cursor and what its appointment looks like.
fn told(mut heard: Value) -> Value {
    json!([heard["kind"].take(), heard["appointmentId"].take(), heard["activity"]["kind"].take()])
}

async fn hears(ear: &mut Ear, kind: &str, appointment: &Appointment, activity: Option<&str>) {
    assert_eq!(told(ear.hears().await), json!([kind, appointment.id.to_string(), activity]));
}

// N4, N5, C3
#[rstest]
#[tokio::test]
async fn each_hears_of_the_appointments_that_they_see(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let boss = world.user("Boss").admin().create().await;
    let rita = world.user("Rita").restricted().create().await;
    let mia = world.user("Mia").restricted().create().await;
    let contact = world.contact().owned_by(&boss).create().await;
    let calendar = world.calendar().of([&rita, &mia]).create().await;
    let other = world.calendar().of([&rita]).create().await;
    let (mut all, mut ritas, mut mias) =
        (listens(&boss, &calendar).await, listens(&rita, &calendar).await, listens(&mia, &calendar).await);

    // Rita's own: membership alone shows Mia nothing.
    let mut wish = slot(&calendar, &contact, world.hour(24));
    wish.assignee = Some(rita.id);
    let booked = boss.books(wish).await.expect("booked");
    let hers = world.appointment_with(booked.appointment);
    let seen = all.hears().await;
    assert_eq!(seen["appointment"], json!({ "assignee": { "name": "Rita" }, "contact": { "id": contact } }));
    assert_eq!(seen["activity"], json!({ "kind": "appointment.booked", "actor": { "name": "Boss" } }));
    // The contact is hidden from her (A8).
    let seen = ritas.hears().await;
    assert_eq!(seen["appointment"], json!({ "assignee": { "name": "Rita" }, "contact": null }));

    let later = Reschedule { starts_at: Some(world.hour(30).from), ..same(hers.id) };
    boss.reschedules(later).await.expect("moved");
    hears(&mut all, "CHANGED", &hers, Some("appointment.rescheduled")).await;
    hears(&mut ritas, "CHANGED", &hers, Some("appointment.rescheduled")).await;

    // Given to Mia: it leaves Rita's sight with its id alone, and comes into hers, with whatever has waited for her to
    // take it: events are judged when they are taken.
    boss.reassigns(given(hers.id, mia.id)).await.expect("given");
    hears(&mut all, "CHANGED", &hers, Some("appointment.reassigned")).await;
    hears(&mut mias, "CHANGED", &hers, Some("appointment.booked")).await;
    hears(&mut mias, "CHANGED", &hers, Some("appointment.rescheduled")).await;
    hears(&mut mias, "CHANGED", &hers, Some("appointment.reassigned")).await;
    hears(&mut ritas, "REMOVED", &hers, None).await;

    // Of what stays Rita's Mia hears nothing.
    let mut wish = slot(&calendar, &contact, world.hour(60));
    wish.assignee = Some(rita.id);
    let booked = boss.books(wish).await.expect("booked");
    let another = world.appointment_with(booked.appointment);
    hears(&mut all, "CHANGED", &another, Some("appointment.booked")).await;
    hears(&mut ritas, "CHANGED", &another, Some("appointment.booked")).await;

    // To another calendar, back to Rita; then it is deleted there.
    let mut there = listens(&boss, &other).await;
    let moved = Reschedule { calendar: Some(other.id), assignee: Some(rita.id), ..same(hers.id) };
    boss.reschedules(moved).await.expect("moved");
    hears(&mut all, "REMOVED", &hers, None).await;
    hears(&mut mias, "REMOVED", &hers, None).await;
    assert_eq!(told(there.hears().await)[0], "CHANGED");
    boss.deletes_appointment(&hers).await.expect("deleted");
    hears(&mut there, "REMOVED", &hers, None).await;

    // The next that Mia hears of is her own: of what was hidden from her nothing came.
    let mut wish = slot(&calendar, &contact, world.hour(48));
    wish.assignee = Some(mia.id);
    let booked = boss.books(wish).await.expect("booked");
    let next = world.appointment_with(booked.appointment);
    hears(&mut mias, "CHANGED", &next, Some("appointment.booked")).await;
}

// N5, P3, C9
#[rstest]
#[tokio::test]
async fn it_ends_with_the_access_to_the_calendar(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [uma] = world.users(["Uma"]).await;
    let rita = world.user("Rita").restricted().create().await;
    let calendar = world.calendar().of([&uma]).create().await;
    let id = json!({ "id": calendar.id.to_string() });
    let answer = rita.opens(&stream(), id.clone()).await.err().expect("she is no member");
    assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_FOUND", "{answer}");

    let mut ear = listens(&uma, &calendar).await;
    uma.loses(ViewCalendars).await;
    let over = ear.hears().await;
    assert_eq!((&over["kind"], &over["calendarId"]), (&json!("ACCESS_ENDED"), &id["id"]));
    assert_eq!((&over["appointmentId"], &over["activity"]), (&Value::Null, &Value::Null));
    ear.hears_no_more().await;
}

// C3, N4
#[rstest]
#[tokio::test]
async fn a_contact_tells_of_appointments_to_those_who_may_view_them(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let boss = world.user("Boss").admin().create().await;
    let uma = world.user("Uma").lacking([ViewCalendars]).create().await;
    let contact = world.contact().owned_by(&uma).create().await;
    let calendar = world.calendar().of([&boss]).create().await;
    let listen = document("contactChanged", "id", "activity { kind }");
    let (mut all, mut umas) = (
        boss.listens(&listen, json!({ "id": contact })).await,
        uma.listens(&listen, json!({ "id": contact })).await,
    );
    all.hears().await;
    umas.hears().await;

    boss.books(slot(&calendar, &contact, world.hour(24))).await.expect("booked");
    boss.renames(&contact, "Renamed").await.expect("renamed");
    assert_eq!(all.hears().await["activity"]["kind"], "appointment.booked");
    assert_eq!(all.hears().await["activity"]["kind"], "contact.updated");
    assert_eq!(umas.hears().await["activity"]["kind"], "contact.updated");
}
