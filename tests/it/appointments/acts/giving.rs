//! Giving an appointment to another member of its calendar (C2, C4, C7).

use entity::UserId;
use policy::Permission::ManageCalendars;
use retinue::domain::appointment::Reassign;
use retinue::domain::error::RefusalKind;
use rstest::rstest;
use uuid::Uuid;

use super::{Keeps as _, TAKEN, given};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::World;

// C2, C4, C7
#[rstest]
#[tokio::test]
async fn it_goes_to_a_member_who_is_free_then(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob, cleo, dan] = world.users(["Ada", "Bob", "Cleo", "Dan"]).await;
    let contact = world.contact().create().await;
    let calendar = world.calendar().of([&ada, &bob, &cleo]).create().await;
    let elsewhere = world.calendar().of([&bob]).create().await;
    let moved =
        world.appointment(&calendar, &contact).of(&ada).attended_by(&cleo).at(world.hour(30)).create().await;
    world.appointment(&elsewhere, &contact).of(&bob).at(world.hour(30)).create().await;

    assert_eq!(world.refusal(ada.reassigns(given(moved.id, bob.id))).await, TAKEN);
    let refusal = world.refused(ada.reassigns(given(moved.id, dan.id))).await;
    assert_eq!(
        (refusal.kind, refusal.field.last().map(String::as_str)),
        (RefusalKind::InvalidInput, Some("assigneeId"))
    );
    let nobody = given(moved.id, UserId(Uuid::nil()));
    assert_eq!(world.refusal(ada.reassigns(nobody)).await, RefusalKind::NotFound);
    world.unmoved(ada.reassigns(given(moved.id, ada.id))).await;

    ada.reassigns(given(moved.id, cleo.id)).await.expect("given");
    let row = moved.row().await;
    assert_eq!((row.assignee_id, row.version, row.overbooked), (cleo.id, 2, false));
    assert!(moved.attendees().await.is_empty(), "the assignee is no attendee too");
    assert_eq!(moved.activity().await, ["appointment.reassigned"]);

    let against = Reassign { overbook: true, ..given(moved.id, bob.id) };
    let denied = RefusalKind::PermissionDenied { permission: Some(ManageCalendars) };
    assert_eq!(world.refusal(ada.reassigns(against)).await, denied);
    world.admin().await.reassigns(against).await.expect("overbooked");
    assert!(moved.row().await.overbooked);
}
