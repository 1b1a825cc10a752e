//! What became of an appointment, and the slot that it frees or takes again (C2, C4, C7).

use entity::appointment::Status;
use policy::Permission::ManageCalendars;
use retinue::domain::appointment::SetStatus;
use retinue::domain::error::RefusalKind;
use rstest::rstest;

use super::{Keeps as _, TAKEN, became, slot};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::World;

// C7: cancelled and invalid ones free the slot, and need it to be free when they come back.
#[rstest]
#[tokio::test]
async fn what_is_called_off_frees_its_slot_and_needs_it_again(
    #[values(Sqlite, Postgres)] on: Kind,
    #[values(Status::Cancelled, Status::Invalid)] off: Status,
) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let contact = world.contact().create().await;
    let calendar = world.calendar().of([&ada]).create().await;
    let appointment = world.appointment(&calendar, &contact).at(world.hour(30)).create().await;

    for status in [Status::Showed, Status::NoShow, Status::New] {
        ada.says(became(appointment.id, status)).await.expect("said");
        assert_eq!(world.refusal(ada.books(slot(&calendar, &contact, world.hour(30)))).await, TAKEN);
    }
    world.unmoved(ada.says(became(appointment.id, Status::New))).await;
    ada.says(became(appointment.id, off)).await.expect("called off");
    ada.says(became(appointment.id, Status::Confirmed)).await.expect("the slot is free still");
    ada.says(became(appointment.id, off)).await.expect("called off");
    let booked = ada.books(slot(&calendar, &contact, world.hour(30))).await.expect("the slot is free");

    let back = became(appointment.id, Status::Confirmed);
    assert_eq!(world.refusal(ada.says(back)).await, TAKEN);
    let denied = RefusalKind::PermissionDenied { permission: Some(ManageCalendars) };
    assert_eq!(world.refusal(ada.says(SetStatus { overbook: true, ..back })).await, denied);
    let other = if off == Status::Invalid { Status::Cancelled } else { Status::Invalid };
    ada.says(became(appointment.id, other)).await.expect("it takes no time this way either");
    world.admin().await.says(SetStatus { overbook: true, ..back }).await.expect("overbooked");
    assert!(appointment.row().await.overbooked);
    ada.says(became(booked.appointment, off)).await.expect("called off");
    let stale = SetStatus { expected_version: Some(1), ..became(booked.appointment, Status::New) };
    let refusal = world.refusal(ada.says(stale)).await;
    assert_eq!(refusal, RefusalKind::StaleVersion { current: 2, record: None }, "R6");
}
