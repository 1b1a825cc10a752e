//! What holds of the appointments of an account at every moment, read from the tables and judged in plain Rust (C2, C7).

use std::collections::{BTreeSet, HashMap, HashSet};

use entity::appointment::{self, Status};
use entity::{
    AppointmentId, CalendarId, Timestamp, UserId, activity, appointment_attendee, blocked_slot, calendar,
    contact,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use crate::world::World;

/// Fails when anybody is booked twice, or when something was done by half.
pub async fn assert_sound(world: &World) {
    assert_nobody_is_booked_twice(world).await;
    assert_nothing_is_half_done(world).await;
}

/// C7: no two appointments of one person overlap, buffers included, over all calendars; those within the seats of one
/// slot are one booking. What an override put there may stand beside another.
pub async fn assert_nobody_is_booked_twice(world: &World) {
    let calendars = calendar::Entity::find().filter(calendar::Column::AccountId.eq(world.account));
    let calendars = calendars.all(&world.sql).await.expect("calendars");
    let seats: HashMap<CalendarId, i32> = calendars.iter().map(|row| (row.id, row.seats)).collect();

    let mut of_person: HashMap<UserId, Vec<appointment::Model>> = HashMap::new();
    for row in world.all_appointments().await {
        let takes_time = !matches!(row.status, Status::Cancelled | Status::Invalid);
        if takes_time && row.deleted_at.is_none() && !row.overbooked {
            of_person.entry(row.assignee_id).or_default().push(row);
        }
    }
    for (person, rows) in of_person {
        let mut slots: HashMap<(CalendarId, Timestamp, Timestamp), i32> = HashMap::new();
        for row in &rows {
            *slots.entry((row.calendar_id, row.starts_at, row.ends_at)).or_default() += 1;
        }
        for ((calendar, from, _), count) in &slots {
            assert!(*count <= seats[calendar], "{person} has {count} at {from:?} in {calendar}");
        }
        for (place, one) in rows.iter().enumerate() {
            for other in &rows[..place] {
                let shared = one.calendar_id == other.calendar_id
                    && one.starts_at == other.starts_at
                    && one.ends_at == other.ends_at;
                let apart = one.busy_until <= other.busy_from || other.busy_until <= one.busy_from;
                assert!(shared || apart, "{person} is booked twice: {one:?} and {other:?}");
            }
        }
    }
}

/// C7: nothing that takes time lies in a blocked slot of its assignee or of its calendar. Only where every slot was
/// blocked before anything was booked.
pub async fn assert_nothing_is_booked_where_it_is_blocked(world: &World) {
    let blocked = blocked_slot::Entity::find().filter(blocked_slot::Column::AccountId.eq(world.account));
    let blocked = blocked.all(&world.sql).await.expect("blocked slots");
    for row in world.all_appointments().await {
        let takes_time = !matches!(row.status, Status::Cancelled | Status::Invalid);
        if !takes_time || row.deleted_at.is_some() || row.overbooked {
            continue;
        }
        for block in &blocked {
            let is_meant =
                block.user_id == Some(row.assignee_id) || block.calendar_id == Some(row.calendar_id);
            let apart = row.busy_until <= block.starts_at || block.ends_at <= row.busy_from;
            assert!(!is_meant || apart, "{row:?} lies in {block:?}");
        }
    }
}

/// N1: every appointment was booked once and is told of as it stands, nothing is told of one that is not there, and
/// nobody attends one that is not there. R4: none is there without its contact.
async fn assert_nothing_is_half_done(world: &World) {
    let rows = world.all_appointments().await;
    let there: HashSet<AppointmentId> = rows.iter().map(|row| row.id).collect();
    let entries = activity::Entity::find()
        .filter(activity::Column::AccountId.eq(world.account))
        .filter(activity::Column::AppointmentId.is_not_null());
    let mut told: HashMap<AppointmentId, Vec<activity::Model>> = HashMap::new();
    for entry in entries.all(&world.sql).await.expect("the history") {
        if let Some(appointment) = entry.appointment_id {
            assert!(there.contains(&appointment), "told of what is not there: {entry:?}");
            told.entry(appointment).or_default().push(entry);
        }
    }
    let contacts = contact::Entity::find().filter(contact::Column::AccountId.eq(world.account));
    let contacts = contacts.all(&world.sql).await.expect("contacts");
    let deleted: HashSet<_> =
        contacts.iter().filter(|row| row.deleted_at.is_some()).map(|row| row.id).collect();
    for row in &rows {
        let told = told.get(&row.id).map(Vec::as_slice).unwrap_or_default();
        let count = |kind: &str| told.iter().filter(|entry| entry.kind == kind).count();
        assert_eq!(count("appointment.booked"), 1, "{row:?}: {told:?}");
        let gone = count("appointment.deleted") - count("appointment.restored");
        assert_eq!(gone, usize::from(row.deleted_at.is_some()), "{row:?}: {told:?}");
        // R6: everything but the booking raised it; that a restore cancels is one act with it.
        let by_restore =
            |entry: &activity::Model| entry.kind == "appointment.status_changed" && entry.caused_by.is_some();
        let raised = told.iter().filter(|entry| !by_restore(entry)).count();
        assert_eq!(row.version, i64::try_from(raised).unwrap_or(0), "{row:?}: {told:?}");
        assert!(
            row.deleted_at.is_some() || !deleted.contains(&row.contact_id),
            "without its contact: {row:?}"
        );
        assert_eq!(row.deleted_at.is_some(), row.deletion_id.is_some(), "{row:?}");
    }
    let attendees = appointment_attendee::Entity::find()
        .filter(appointment_attendee::Column::AccountId.eq(world.account))
        .all(&world.sql)
        .await
        .expect("attendees");
    let attended: BTreeSet<_> = attendees.iter().map(|row| row.appointment_id).collect();
    assert!(attended.iter().all(|appointment| there.contains(appointment)));
    for attendee in attendees {
        let row = rows.iter().find(|row| row.id == attendee.appointment_id).expect("checked");
        assert_ne!(row.assignee_id, attendee.user_id, "an assignee attends anyway: {row:?}");
    }
}
