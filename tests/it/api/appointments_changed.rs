//! What can be done to appointments over the graph, and what it answers (C2, C5, C7, C8, R4, G2).

use policy::Permission::{ManageAppointments, ManageCalendars};
use retinue::domain::validate::rfc3339;
use rstest::rstest;
use serde_json::{Value, json};

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::World;

/// An hour of the world, as the graph takes it.
fn hour(world: &World, hours: i64) -> Value {
    json!(rfc3339(world.hour(hours).from))
}

// C2, C5, C7, G2
#[rstest]
#[tokio::test]
async fn one_is_booked_moved_given_called_off_and_brought_back(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let contact = world.contact().named("Bea").owned_by(&ada).create().await;
    let calendar = world.calendar().named("Visits").of([&bob, &cleo]).create().await.id.to_string();

    let input = json!({ "calendarId": calendar, "contactId": contact, "assigneeId": bob, "startsAt": hour(&world, 30),
        "zone": "Europe/Berlin", "title": "Talk", "attendeeIds": [ada] });
    let booked = ada.mutates("appointmentBook", input.clone()).is_done().await;
    let (id, shown) = (&booked["id"], &booked["appointment"]);
    assert_eq!(shown["calendarName"], "Visits");
    assert_eq!((&shown["contactName"], &shown["assignee"]["name"]), (&json!("Bea"), &json!("Bob")));
    assert_eq!(shown["attendees"], json!([{ "name": "Ada" }]));
    assert_eq!((&shown["status"], &shown["zone"]), (&json!("CONFIRMED"), &json!("Europe/Berlin")));
    assert_eq!(booked["contactOwner"], json!({ "outcome": "NOT_GIVEN", "reason": null, "permission": null }));

    let taken = ada.mutates("appointmentBook", input).is_refused("SLOT_UNAVAILABLE").await;
    assert_eq!(taken["field"], json!(["input", "startsAt"]));
    let odd = json!({ "id": id, "startsAt": rfc3339(entity::Timestamp(world.hour(40).from.0 + 60_000_000)) });
    ada.mutates("appointmentReschedule", odd.clone()).is_refused("SLOT_UNAVAILABLE").await;
    let mut against = odd;
    against["overbook"] = json!(true);
    ada.mutates("appointmentReschedule", against).is_refused("PERMISSION_DENIED").await;
    let moved = json!({ "id": id, "startsAt": hour(&world, 40), "expectedVersion": 1 });
    let moved = ada.mutates("appointmentReschedule", moved).is_done().await;
    assert_eq!(
        (&moved["appointment"]["startsAt"], &moved["appointment"]["version"]),
        (&hour(&world, 40), &json!(2))
    );

    let given = ada.mutates("appointmentReassign", json!({ "id": id, "assigneeId": cleo })).is_done().await;
    assert_eq!(given["appointment"]["assignee"]["name"], "Cleo");
    let edit = json!({ "id": id, "title": null, "location": "Room 1", "attendeeIds": [] });
    let edited = ada.mutates("appointmentUpdate", edit).is_done().await;
    assert_eq!(edited["appointment"]["title"], Value::Null);
    assert_eq!(
        (&edited["appointment"]["location"], &edited["appointment"]["attendees"]),
        (&json!("Room 1"), &json!([]))
    );
    let status = json!({ "id": id, "status": "NO_SHOW", "expectedVersion": 1 });
    let stale = ada.mutates("appointmentSetStatus", status).is_refused("STALE_VERSION").await;
    assert_eq!(stale["field"], json!(["input", "expectedVersion"]));
    let off = ada.mutates("appointmentCancel", json!({ "id": id })).is_done().await;
    assert_eq!(off["appointment"]["status"], "CANCELLED");
    let again =
        ada.mutates("appointmentSetStatus", json!({ "id": id, "status": "CONFIRMED" })).is_done().await;
    assert_eq!(again["appointment"]["version"], 6);

    let gone = ada.mutates("appointmentDelete", json!({ "id": id })).is_done().await;
    assert_eq!((&gone["id"], &gone["appointment"]), (id, &Value::Null), "R4");
    let back = ada.mutates("appointmentRestore", json!({ "id": id })).is_done().await;
    assert_eq!((&back["slotWasGone"], &back["appointment"]["status"]), (&json!(false), &json!("CONFIRMED")));
}

// C4, C8: without the right to change the owner the booking stands, and the payload says why the owner stays.
#[rstest]
#[tokio::test]
async fn a_booking_tells_what_it_meant_for_the_owner(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let manager = world.user("Manager").also_holding([ManageCalendars]).create().await;
    let contact = world.contact().owned_by(&ada).followed_by(&bob).create().await;
    let calendar = world.calendar().of([&manager]).giving_the_contact().create().await.id.to_string();
    let input =
        |hours| json!({ "calendarId": calendar, "contactId": contact, "startsAt": hour(&world, hours) });

    let booked = bob.mutates("appointmentBook", input(30)).is_done().await;
    let denied = json!({ "outcome": "DENIED", "reason": "FOLLOWER", "permission": null });
    assert_eq!(booked["contactOwner"], denied);
    let booked = manager.mutates("appointmentBook", input(31)).is_done().await;
    let denied =
        json!({ "outcome": "DENIED", "reason": "MISSING_PERMISSION", "permission": "CHANGE_OWNERS" });
    assert_eq!(booked["contactOwner"], denied);
    let booked = ada.mutates("appointmentBook", input(32)).is_done().await;
    assert_eq!(booked["contactOwner"]["outcome"], "GIVEN", "the owner gives it away");

    let looks = world.user("Looks").lacking([ManageAppointments]).create().await;
    for (mutation, input) in [
        ("appointmentBook", input(33)),
        ("appointmentCancel", json!({ "id": booked["id"] })),
        ("appointmentDelete", json!({ "id": booked["id"] })),
    ] {
        looks.mutates(mutation, input).is_refused("PERMISSION_DENIED").await;
    }
}
