//! Moving an appointment to another time, calendar or member (C4, C7, R6, O7).

use policy::Permission::{ManageAppointments, ManageCalendars};
use retinue::domain::appointment::Reschedule;
use retinue::domain::error::RefusalKind;
use rstest::rstest;

use super::{Keeps as _, NO_SLOT, TAKEN, minutes_after, same, times};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::World;

// C4, C7
#[rstest]
#[tokio::test]
async fn it_moves_to_a_free_slot_with_the_buffers_of_today(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().create().await;
    let calendar = world.calendar().of([&ada]).buffered(5, 5).create().await;
    let moved = world.appointment(&calendar, &contact).attended_by(&bob).at(world.hour(30)).create().await;
    let other = world.appointment(&calendar, &contact).at(world.hour(40)).create().await;
    let to = |hour: i64| Reschedule { starts_at: Some(world.hour(hour).from), ..same(moved.id) };

    assert_eq!(world.refusal(bob.reschedules(to(40))).await, TAKEN);
    assert_eq!(world.refusal(bob.reschedules(to(41))).await, TAKEN, "the buffers would meet");
    let late = Reschedule { starts_at: Some(minutes_after(world.hour(35).from, 30)), ..same(moved.id) };
    assert_eq!(world.refusal(bob.reschedules(late)).await, NO_SLOT);
    bob.reschedules(to(42)).await.expect("moved");
    let row = moved.row().await;
    let (time, busy) = times(&row);
    assert_eq!(time, world.hour(42));
    assert_eq!((busy.from, busy.until), (minutes_after(time.from, -5), minutes_after(time.until, 5)));
    assert_eq!((row.version, row.updated_at), (2, world.now()));
    assert_eq!(moved.activity().await, ["appointment.rescheduled"]);
    world.unmoved(bob.reschedules(to(42))).await;
    world.unmoved(bob.reschedules(same(moved.id))).await;
    assert_eq!(other.row().await.version, 1);

    let zone = Reschedule { zone: Some("Asia/Tokyo".into()), ..same(moved.id) };
    bob.reschedules(zone).await.expect("another zone");
    assert_eq!((moved.row().await.zone, moved.row().await.starts_at), ("Asia/Tokyo".into(), time.from));
    let stale = Reschedule { expected_version: Some(1), ..to(50) };
    let refusal = world.refusal(bob.reschedules(stale)).await;
    assert_eq!(refusal, RefusalKind::StaleVersion { current: 3, record: None }, "R6");
}

// C4: moving it to another calendar needs access to both.
#[rstest]
#[tokio::test]
async fn another_calendar_needs_access_to_both(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").restricted().create().await;
    let both = world.user("Both").restricted().create().await;
    let contact = world.contact().followed_by(&both).create().await;
    let from = world.calendar().of([&both]).create().await;
    let to = world.calendar().of([&both, &ada]).slots_of_minutes(30).create().await;
    let hidden = world.calendar().create().await;
    let moved = world.appointment(&from, &contact).of(&ada).at(world.hour(30)).create().await;
    let into =
        |calendar: &crate::world::Calendar| Reschedule { calendar: Some(calendar.id), ..same(moved.id) };

    let refusal = world.refused(ada.reschedules(into(&to))).await;
    assert_eq!(
        refusal.kind,
        RefusalKind::PermissionDenied { permission: None },
        "the assignee is in one only"
    );
    assert_eq!(refusal.field, ["input", "calendarId"]);
    let refusal = world.refused(both.reschedules(into(&hidden))).await;
    assert_eq!(
        (refusal.kind, refusal.field.last().map(String::as_str)),
        (RefusalKind::NotFound, Some("calendarId"))
    );
    both.reschedules(into(&to)).await.expect("moved");
    let row = moved.row().await;
    assert_eq!(row.calendar_id, to.id);
    assert_eq!((row.starts_at, row.ends_at), (world.hour(30).from, minutes_after(world.hour(30).from, 30)));

    to.closes().await;
    let refusal = world
        .refused(both.reschedules(Reschedule { starts_at: Some(world.hour(31).from), ..same(moved.id) }))
        .await;
    assert_eq!(
        (refusal.kind, refusal.field.last().map(String::as_str)),
        (RefusalKind::InvalidInput, Some("calendarId"))
    );
    both.reschedules(Reschedule { assignee: Some(both.id), ..into(&from) })
        .await
        .expect("back, to another member");
    assert_eq!((moved.row().await.calendar_id, moved.row().await.assignee_id), (from.id, both.id));
}

// C4, C7
#[rstest]
#[tokio::test]
async fn moving_needs_its_permissions_and_overbooking_its_own(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let looks = world.user("Looks").without([ManageAppointments]).create().await;
    let follower = world.user("Follower").restricted().create().await;
    let manager = world.user("Manager").also_holding([ManageCalendars]).create().await;
    let contact = world.contact().followed_by(&follower).create().await;
    let calendar = world.calendar().of([&ada]).create().await;
    let moved = world.appointment(&calendar, &contact).at(world.hour(30)).create().await;
    world.appointment(&calendar, &contact).at(world.hour(40)).create().await;
    let onto = Reschedule { starts_at: Some(world.hour(40).from), overbook: true, ..same(moved.id) };

    let denied = |permission| RefusalKind::PermissionDenied { permission };
    assert_eq!(world.refusal(looks.reschedules(onto.clone())).await, denied(Some(ManageAppointments)));
    assert_eq!(
        world.refusal(follower.reschedules(onto.clone())).await,
        denied(None),
        "C4: no calendar access"
    );
    assert_eq!(world.refusal(ada.reschedules(onto.clone())).await, denied(Some(ManageCalendars)));
    manager.reschedules(onto).await.expect("overbooked");
    assert!(moved.row().await.overbooked);
    manager
        .reschedules(Reschedule { starts_at: Some(world.hour(50).from), ..same(moved.id) })
        .await
        .expect("a free slot");
    assert!(!moved.row().await.overbooked, "it stands in a slot of its own again");

    // C2: whoever is no member any more is not booked again.
    calendar.lets_go(ada.id).await;
    let refusal = world
        .refused(manager.reschedules(Reschedule { starts_at: Some(world.hour(51).from), ..same(moved.id) }))
        .await;
    assert_eq!(
        (refusal.kind, refusal.field.last().map(String::as_str)),
        (RefusalKind::InvalidInput, Some("assigneeId"))
    );
}
