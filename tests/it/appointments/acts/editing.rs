//! Changing what an appointment is about, and who takes part (C2, C4, F5, R6).

use policy::Permission::ManageAppointments;
use retinue::domain::appointment::UpdateAppointment;
use retinue::domain::error::RefusalKind;
use retinue::domain::patch::Patch;
use rstest::rstest;

use super::{Keeps as _, unedited};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::World;

// C4, F5
#[rstest]
#[tokio::test]
async fn its_fields_and_attendees_change_together(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let gone = world.user("Gone").inactive().create().await;
    let contact = world.contact().create().await;
    let calendar = world.calendar().of([&ada]).create().await;
    let appointment = world
        .appointment(&calendar, &contact)
        .attended_by(&bob)
        .attended_by(&gone)
        .titled("Talk")
        .create()
        .await;

    let wish = UpdateAppointment {
        title: Patch::Clear,
        location: Patch::Set("Room 1".into()),
        attendees: Patch::Set(vec![cleo.id, gone.id, ada.id]),
        ..unedited(appointment.id)
    };
    bob.edits(wish.clone()).await.expect("changed");
    let row = appointment.row().await;
    assert_eq!((row.title, row.location.as_deref(), row.version), (None, Some("Room 1"), 2));
    let mut attendees = [cleo.id, gone.id];
    attendees.sort_unstable();
    assert_eq!(
        appointment.attendees().await,
        attendees,
        "whoever has left may stay; the assignee attends anyway"
    );
    assert_eq!(appointment.activity().await, ["appointment.updated"]);
    world.unmoved(bob.edits(wish)).await;

    bob.edits(UpdateAppointment { attendees: Patch::Clear, ..unedited(appointment.id) })
        .await
        .expect("cleared");
    let back = UpdateAppointment { attendees: Patch::Set(vec![gone.id]), ..unedited(appointment.id) };
    let refusal = world.refused(bob.edits(back)).await;
    assert_eq!((refusal.kind, refusal.field[1..].join(".")), (RefusalKind::NotFound, "attendeeIds.0".into()));
    let stale = UpdateAppointment {
        title: Patch::Set("Other".into()),
        expected_version: Some(1),
        ..unedited(appointment.id)
    };
    let refusal = world.refusal(bob.edits(stale)).await;
    assert_eq!(refusal, RefusalKind::StaleVersion { current: 3, record: None }, "R6");
    let looks = world.user("Looks").without([ManageAppointments]).create().await;
    let refusal = world.refusal(looks.edits(unedited(appointment.id))).await;
    assert_eq!(refusal, RefusalKind::PermissionDenied { permission: Some(ManageAppointments) });
}
