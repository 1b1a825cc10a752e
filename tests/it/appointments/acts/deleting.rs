//! Deleting and restoring, alone and with the contact, and what a purge leaves (R4).

use entity::appointment::Status;
use entity::{activity, activity_value, appointment};
use policy::Permission::{DeleteContacts, ManageAppointments};
use retinue::domain::deletion;
use retinue::domain::error::RefusalKind;
use rstest::rstest;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};

use super::{Keeps as _, slot};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, World};

const DAY: i64 = 24 * 60 * 60;

/// What a restore must bring back: the row without what every change moves.
fn still(row: appointment::Model) -> appointment::Model {
    appointment::Model { version: 0, updated_at: row.created_at, ..row }
}

// R4, C4
#[rstest]
#[tokio::test]
async fn one_comes_back_as_it_was_or_cancelled_when_its_slot_is_gone(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let looks = world.user("Looks").without([ManageAppointments]).create().await;
    let contact = world.contact().create().await;
    let calendar = world.calendar().of([&ada]).create().await;
    let appointment = world.appointment(&calendar, &contact).at(world.hour(30)).create().await;
    let before = appointment.row().await;

    let denied = RefusalKind::PermissionDenied { permission: Some(ManageAppointments) };
    assert_eq!(world.refusal(looks.deletes_appointment(&appointment)).await, denied);
    ada.deletes_appointment(&appointment).await.expect("deleted");
    assert_eq!(world.refusal(ada.deletes_appointment(&appointment)).await, RefusalKind::NotFound);
    assert_eq!(world.refusal(looks.restores_appointment(&appointment)).await, RefusalKind::NotFound, "R4");
    assert!(!ada.restores_appointment(&appointment).await.expect("restored").slot_was_gone);
    assert_eq!(still(appointment.row().await), still(before));
    assert_eq!(appointment.row().await.version, 3, "R6");
    assert_eq!(appointment.activity().await, ["appointment.deleted", "appointment.restored"]);
    assert_eq!(
        world.refusal(ada.restores_appointment(&appointment)).await,
        RefusalKind::NotFound,
        "it is there"
    );

    ada.deletes_appointment(&appointment).await.expect("deleted");
    ada.books(slot(&calendar, &contact, world.hour(30))).await.expect("C7: a deleted one frees the slot");
    assert!(ada.restores_appointment(&appointment).await.expect("restored").slot_was_gone);
    assert_eq!(appointment.row().await.status, Status::Cancelled);
    let told = ["appointment.deleted", "appointment.restored", "appointment.status_changed"];
    assert_eq!(appointment.activity().await[2..], told);

    ada.deletes_appointment(&appointment).await.expect("deleted");
    world.clock.advance_seconds(60 * DAY + 1);
    assert_eq!(
        world.refusal(ada.restores_appointment(&appointment)).await,
        RefusalKind::NotFound,
        "its time is over"
    );
}

// R4
#[rstest]
#[tokio::test]
async fn a_contact_takes_its_appointments_along_and_brings_them_back(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let deleter = world.user("Deleter").restricted().also_holding([DeleteContacts]).create().await;
    let contact = world.contact().followed_by(&deleter).create().await;
    let other = world.contact().create().await;
    let class = world.calendar().of([&bob]).seating(2).create().await;
    let calendar = world.calendar().of([&ada]).create().await;
    let of = |hour: i64| world.appointment(&calendar, &contact).of(&ada).at(world.hour(hour));
    let (kept, lost, off) =
        (of(30).create().await, of(31).create().await, of(32).with_status(Status::Cancelled).create().await);
    let against = of(33).overbooked().create().await;
    let seats = [
        world.appointment(&class, &contact).at(world.hour(40)).create().await,
        world.appointment(&class, &contact).at(world.hour(40)).create().await,
    ];
    let alone = of(34).create().await;
    ada.deletes_appointment(&alone).await.expect("deleted by itself before");
    let (stays, before) = (other, kept.row().await);

    let deleted = deleter.deletes(&contact).await.expect("deleted");
    assert_eq!(deleted.appointments.len(), 6, "as far as they saw them");
    for gone in [&kept, &lost, &off, &against, &seats[0]] {
        assert!(gone.row().await.deleted_at.is_some());
        assert_eq!(gone.row().await.version, 2);
        assert_eq!(
            world.refusal(ada.restores_appointment(gone)).await,
            RefusalKind::InvalidInput,
            "with its contact"
        );
    }
    assert_eq!(world.refusal(ada.restores_appointment(&alone)).await, RefusalKind::InvalidInput);
    for (hour, in_calendar) in [(31, &calendar), (32, &calendar), (33, &calendar), (40, &class)] {
        ada.books(slot(in_calendar, &stays, world.hour(hour))).await.expect("its slot is free");
    }

    let restored = deleter.restores(&contact).await.expect("restored");
    assert_eq!(restored.appointments.len(), 6);
    assert_eq!(still(kept.row().await), still(before), "as it was");
    assert_eq!(kept.row().await.version, 3);
    assert_eq!(lost.row().await.status, Status::Cancelled, "its slot is gone");
    assert_eq!(off.row().await.status, Status::Cancelled, "as it was");
    assert_eq!(against.row().await.status, Status::Confirmed, "what was set against everything stands so");
    let mut of_class = [seats[0].row().await.status, seats[1].row().await.status];
    of_class.sort_unstable();
    assert_eq!(of_class, [Status::Confirmed, Status::Cancelled], "one of two seats was left");
    assert!(alone.row().await.deleted_at.is_some(), "its own deletion stands");
    ada.restores_appointment(&alone).await.expect("now it can be restored");
}

// R4: with the contact goes what its history held of appointments; one that was deleted alone is purged alone.
#[rstest]
#[tokio::test]
async fn a_purge_leaves_no_appointment_and_no_value(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let admin = world.admin().await;
    let [stays, goes] = [world.contact().create().await, world.contact().create().await];
    let calendar = world.calendar().of([&ada]).create().await;
    let book = async |contact, hour| {
        let booked = ada.books(slot(&calendar, contact, world.hour(hour))).await.expect("booked");
        world.appointment_with(booked.appointment)
    };
    let (left, alone, before, with) =
        (book(&stays, 30).await, book(&stays, 31).await, book(&goes, 32).await, book(&goes, 33).await);
    ada.deletes_appointment(&alone).await.expect("deleted");
    ada.deletes_appointment(&before).await.expect("deleted before its contact");
    admin.deletes(&goes).await.expect("deleted");

    world.clock.advance_seconds(61 * DAY);
    let purged = deletion::purge_of(&world.command_line().access().await).await.expect("purged");
    assert_eq!(purged, 4, "the contact and three appointments");
    let rows: Vec<_> = world.all_appointments().await.into_iter().map(|row| row.id).collect();
    assert_eq!(rows, [left.id]);
    for gone in [&alone, &before, &with] {
        assert_eq!(gone.activity().await.last().map(String::as_str), Some("appointment.purged"));
        let entries = activity::Entity::find()
            .filter(activity::Column::AppointmentId.eq(gone.id))
            .all(&world.sql)
            .await
            .expect("the history is read");
        let ids = entries.into_iter().map(|entry| entry.id);
        let values = activity_value::Entity::find().filter(activity_value::Column::ActivityId.is_in(ids));
        assert_eq!(values.count(&world.sql).await.expect("counted"), 0, "no value is left");
    }
}
