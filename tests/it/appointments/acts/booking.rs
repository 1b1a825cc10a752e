//! Booking: what is asked for, what is written, and in which order it is refused (C2, C5, C7, O7).

use entity::appointment::Status;
use entity::{AppointmentId, CalendarId, ContactId, UserId};
use policy::Permission::{ManageAppointments, ManageCalendars, ViewCalendars, ViewContacts};
use retinue::domain::appointment::{Book, ContactOwner};
use retinue::domain::error::RefusalKind;
use retinue::domain::patch::Patch;
use rstest::rstest;
use uuid::Uuid;

use super::{Keeps as _, NO_SLOT, TAKEN, TOO_SOON, minutes_after, slot, times};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::World;

// C2, C5
#[rstest]
#[tokio::test]
async fn a_booking_is_kept_with_everything_that_was_said_of_it(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let contact = world.contact().owned_by(&cleo).create().await;
    let calendar = world.calendar().of([&bob]).buffered(10, 20).awaiting_confirmation().create().await;
    let time = world.hour(30);
    let before = contact.row().await;

    let wish = Book {
        zone: Some("europe/berlin".into()),
        title: Patch::Set("  First   talk ".into()),
        location: Patch::Set("Room 3".into()),
        description: Patch::Set("one\r\ntwo\n".into()),
        attendees: vec![cleo.id, ada.id, cleo.id, bob.id],
        ..slot(&calendar, &contact, time)
    };
    let booked = ada.books(wish).await.expect("booked");
    assert_eq!((booked.assignee, &booked.contact_owner), (bob.id, &ContactOwner::NotGiven));

    let appointment = world.appointment_with(booked.appointment);
    let row = appointment.row().await;
    assert_eq!((row.calendar_id, row.contact_id, row.assignee_id), (calendar.id, contact.id, bob.id));
    assert_eq!(
        (row.status, row.overbooked, row.booked_by, row.version),
        (Status::New, false, Some(ada.id), 1)
    );
    assert_eq!(row.zone, "Europe/Berlin", "as the database of time zones spells it");
    assert_eq!(row.title.as_deref(), Some("First talk"));
    assert_eq!((row.location.as_deref(), row.description.as_deref()), (Some("Room 3"), Some("one\ntwo")));
    let (at, busy) = times(&row);
    assert_eq!(at, time);
    assert_eq!((busy.from, busy.until), (minutes_after(time.from, -10), minutes_after(time.until, 20)));
    let mut attendees = [ada.id, cleo.id];
    attendees.sort_unstable();
    assert_eq!(appointment.attendees().await, attendees, "each once, and not the assignee");
    assert_eq!(appointment.activity().await, ["appointment.booked"]);
    assert_eq!(contact.row().await, before, "A7: nothing of the contact itself has changed");
}

// C2: the calendar's auto-confirm chooses the first status.
#[rstest]
#[tokio::test]
async fn the_calendar_says_whether_a_booking_is_confirmed_at_once(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let contact = world.contact().create().await;
    for (calendar, status) in [
        (world.calendar().of([&ada]).create().await, Status::Confirmed),
        (world.calendar().of([&ada]).awaiting_confirmation().create().await, Status::New),
    ] {
        let hour = if status == Status::New { 40 } else { 41 };
        let booked = ada.books(slot(&calendar, &contact, world.hour(hour))).await.expect("booked");
        assert_eq!(world.appointment_with(booked.appointment).row().await.status, status);
    }
}

// C5, A7, F5, O7
#[rstest]
#[tokio::test]
async fn what_the_booker_cannot_see_is_not_there(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").restricted().create().await;
    let gone = world.user("Gone").create().await;
    gone.leaves().await;
    let blind = world.user("Blind").lacking([ViewCalendars]).create().await;
    let mine = world.contact().owned_by(&ada).create().await;
    let hidden = world.contact().create().await;
    let (open, closed) = (world.calendar().of([&ada]).create().await, world.calendar().create().await);
    let deleted = world.calendar().of([&ada]).create().await;
    deleted.closes().await;
    let time = world.hour(30);
    let field_of = async |who: &crate::world::Person, wish: Book| {
        let refusal = world.refused(who.books(wish)).await;
        assert_eq!(refusal.kind, RefusalKind::NotFound);
        refusal.field.last().cloned().expect("a field")
    };

    assert_eq!(field_of(&ada, slot(&closed, &mine, time)).await, "calendarId", "C5: no member of it");
    assert_eq!(field_of(&ada, slot(&deleted, &mine, time)).await, "calendarId");
    assert_eq!(field_of(&blind, slot(&open, &mine, time)).await, "calendarId", "P3");
    let nowhere = Book::new(CalendarId(Uuid::nil()), mine.id, time.from);
    assert_eq!(field_of(&ada, nowhere).await, "calendarId");
    assert_eq!(field_of(&ada, slot(&open, &hidden, time)).await, "contactId", "C5: View of the contact");
    let nobody = Book::new(open.id, ContactId(Uuid::nil()), time.from);
    assert_eq!(field_of(&ada, nobody).await, "contactId");
    let to = |assignee| Book { assignee: Some(assignee), ..slot(&open, &mine, time) };
    assert_eq!(field_of(&ada, to(gone.id)).await, "assigneeId");
    assert_eq!(field_of(&ada, to(UserId(Uuid::nil()))).await, "assigneeId");
    let with = Book { attendees: vec![ada.id, gone.id], ..slot(&open, &mine, time) };
    assert_eq!(field_of(&ada, with).await, "1", "attendeeIds.1");
}

// C5, C7, O7: denied before invalid.
#[rstest]
#[tokio::test]
async fn booking_and_overbooking_need_their_permissions(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let looks = world.user("Looks").lacking([ManageAppointments]).create().await;
    let books = world.user("Books").create().await;
    let contact = world.contact().create().await;
    let calendar = world.calendar().of([&books]).create().await;
    let wrong = Book { zone: Some("Middle/Earth".into()), ..slot(&calendar, &contact, world.hour(30)) };

    let refusal = world.refused(looks.books(wrong.clone())).await;
    assert_eq!(refusal.kind, RefusalKind::PermissionDenied { permission: Some(ManageAppointments) });
    let refusal = world.refused(books.books(Book { overbook: true, ..wrong.clone() })).await;
    assert_eq!(refusal.kind, RefusalKind::PermissionDenied { permission: Some(ManageCalendars) });
    assert_eq!(refusal.field, ["input", "overbook"]);
    let refusal = world.refused(books.books(wrong)).await;
    assert_eq!(
        (refusal.kind, refusal.field.last().map(String::as_str)),
        (RefusalKind::InvalidInput, Some("zone"))
    );

    let viewer = world.user("No contacts").lacking([ViewContacts]).create().await;
    let refusal = world.refused(viewer.books(slot(&calendar, &contact, world.hour(30)))).await;
    assert_eq!(refusal.kind, RefusalKind::NotFound, "P3: the contact is not there");
}

// C2, O7
#[rstest]
#[tokio::test]
async fn what_cannot_be_taken_is_said_at_once(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let admin = world.user("Admin").admin().create().await;
    let contact = world.contact().create().await;
    let calendar = world.calendar().of([&ada]).create().await;
    let time = world.hour(30);
    let fields = async |wish: Book| {
        let refusals = world.refused_for(admin.books(wish)).await;
        assert!(refusals.iter().all(|refusal| refusal.kind == RefusalKind::InvalidInput), "{refusals:?}");
        refusals.into_iter().map(|refusal| refusal.field[1..].join(".")).collect::<Vec<_>>()
    };

    let wish = Book {
        assignee: Some(bob.id),
        zone: Some("CEST+1".into()),
        title: Patch::Set("x".repeat(201)),
        location: Patch::Set("a\u{7}b".into()),
        description: Patch::Set("y".repeat(5_001)),
        ends_at: Some(time.from),
        ..slot(&calendar, &contact, time)
    };
    let wrong = ["endsAt", "zone", "title", "location", "description", "assigneeId"];
    assert_eq!(fields(wish).await, wrong, "C2: Bob is no member");
    let wish = Book {
        ends_at: Some(minutes_after(time.from, 24 * 60 + 1)),
        overbook: true,
        attendees: (0..51).map(|_| bob.id).collect(),
        ..slot(&calendar, &contact, time)
    };
    assert_eq!(fields(wish).await, ["endsAt", "attendeeIds"]);
    for at in [i64::MIN, i64::MAX] {
        let wish = Book { overbook: true, ..Book::new(calendar.id, contact.id, entity::Timestamp(at)) };
        assert_eq!(fields(wish).await, ["startsAt"]);
    }
    let empty = world.calendar().create().await;
    assert_eq!(fields(slot(&empty, &contact, time)).await, ["calendarId"], "nobody could be booked");
}

// C1, C7
#[rstest]
#[tokio::test]
async fn only_a_free_slot_can_be_booked_unless_one_overbooks(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let admin = world.user("Admin").admin().create().await;
    let contact = world.contact().create().await;
    let calendar = world.calendar().of([&ada]).noticed(120).create().await;
    let other = world.calendar().of([&ada]).buffered(0, 1).create().await;
    let time = world.hour(30);
    let at = |from| Book::new(calendar.id, contact.id, from);

    assert_eq!(world.refusal(ada.books(at(minutes_after(time.from, 1)))).await, NO_SLOT);
    let longer = Book { ends_at: Some(minutes_after(time.until, 60)), ..at(time.from) };
    assert_eq!(world.refusal(ada.books(longer)).await, NO_SLOT);
    assert_eq!(world.refusal(ada.books(at(world.hour(-1).from))).await, TOO_SOON);
    assert_eq!(world.refusal(ada.books(at(world.hour(1).from))).await, TOO_SOON, "two hours of notice");
    ada.books(at(time.from)).await.expect("a slot");
    assert_eq!(world.refusal(ada.books(at(time.from))).await, TAKEN);

    let before = Book::new(other.id, contact.id, world.hour(29).from);
    assert_eq!(
        world.refusal(ada.books(before)).await,
        TAKEN,
        "its buffer reaches into the other calendar's hour"
    );
    ada.is_blocked(world.hour(50)).await;
    calendar.is_blocked(world.hour(51)).await;
    assert_eq!(world.refusal(ada.books(at(world.hour(50).from))).await, TAKEN);
    assert_eq!(world.refusal(ada.books(at(world.hour(51).from))).await, TAKEN);
    let elsewhere = Book::new(other.id, contact.id, world.hour(51).from);
    ada.books(elsewhere).await.expect("what is blocked in one calendar is free in another");

    for from in [time.from, world.hour(-3).from, minutes_after(time.from, 7), world.hour(50).from] {
        let wish = Book { overbook: true, ..at(from) };
        let booked = admin.books(wish).await.expect("overbooked");
        let row = world.appointment_with(booked.appointment).row().await;
        assert!(row.overbooked);
        let told = world.changes_of(booked.appointment).await;
        assert!(told.contains(&"overbooked".to_owned()), "C7: it is logged: {told:?}");
    }
}

impl World {
    /// The fields that the first entry of an appointment's history tells of.
    async fn changes_of(&self, appointment: AppointmentId) -> Vec<String> {
        use entity::{activity, activity_value};
        use retinue::domain::activity::Change;
        use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
        let entry = activity::Entity::find()
            .filter(activity::Column::AppointmentId.eq(appointment))
            .order_by_asc(activity::Column::Id)
            .one(&self.sql)
            .await
            .expect("the history is read")
            .expect("an entry");
        let values = activity_value::Entity::find_by_id(entry.id).one(&self.sql).await;
        let values = values.expect("the values are read").expect("values");
        let changes = Change::read(&values.changes).expect("changes");
        changes.into_iter().map(|change| change.field.into_owned()).collect()
    }
}
