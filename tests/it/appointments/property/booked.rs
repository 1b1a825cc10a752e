//! Days full of bookings in calendars by chance, around the days on which clocks change.

use std::collections::BTreeMap;

use entity::appointment::Status;
use entity::{AppointmentId, Timestamp, UserId};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use retinue::domain::access::Access;
use retinue::domain::appointment::{self, Book, DeleteAppointment, Reschedule, SetStatus};
use retinue::domain::calendar::availability::{Availability, Opening};
use retinue::domain::calendar::diary::Span;
use retinue::domain::calendar::slots::FreeSlot;
use retinue::domain::error::{Error, RefusalKind};
use rstest::rstest;

use super::places::CHANGES;
use crate::appointments::checked::{assert_nobody_is_booked_twice, assert_sound};
use crate::chance::Chance;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, Calendar, Contact, Person, World};

/// How many worlds each database gets, and how much happens in each.
const WORLDS: usize = 12;
const STEPS: usize = 60;

const MINUTE: i64 = 60_000_000;

/// A world with calendars by chance, a day before its clocks change.
struct Days {
    world: World,
    people: Vec<Person>,
    calendars: Vec<Calendar>,
    contacts: Vec<Contact>,
    range: Span,
}

impl Days {
    async fn by_chance(on: Kind, chance: &mut Chance, number: usize) -> Option<Self> {
        let world = World::separate_on(on).await?;
        let people: Vec<Person> = world.users(["One", "Two", "Three"]).await.into();
        let mut contacts = Vec::new();
        for _ in 0..3 {
            contacts.push(world.contact().create().await);
        }
        // Those that lie behind us cannot be booked.
        let change = CHANGES[number % (CHANGES.len() - 1)];
        let day: Date = change.1.parse().expect("a date");
        let midnight = day.to_zoned(TimeZone::UTC).expect("a day").timestamp().as_microsecond();
        let ahead = (midnight - world.now().0) / 1_000_000 - 20 * 3_600;
        world.clock.advance_seconds(ahead.max(0));
        let mut calendars = Vec::new();
        for _ in 0..3 {
            let zone = if chance.one_in(3) { chance.of(&CHANGES[..13]).0 } else { change.0 };
            let members = people.iter().filter(|_| !chance.one_in(3)).collect::<Vec<_>>();
            let members = if members.is_empty() { vec![&people[0]] } else { members };
            let calendar = world
                .calendar()
                .in_zone(zone)
                .of(members)
                .open(availability(chance))
                .slots_of_minutes(*chance.of(&[20, 30, 45, 60, 90]))
                .buffered(*chance.of(&[0, 0, 5, 30]), *chance.of(&[0, 0, 10, 45]))
                .noticed(*chance.of(&[0, 0, 60, 600]));
            let calendar = if chance.one_in(3) { calendar.seating(3) } else { calendar };
            calendars.push(calendar.create().await);
        }
        let now = world.now().0;
        let range = Span { from: Timestamp(now), until: Timestamp(now + 48 * 60 * MINUTE) };
        Some(Self { world, people, calendars, contacts, range })
    }

    async fn free(&self, access: &Access, calendar: &Calendar) -> Vec<FreeSlot> {
        let row = calendar.row().await;
        let mut free = access.free_slots(&[&row], self.range).await.expect("free slots");
        free.remove(&calendar.id).unwrap_or_default()
    }

    /// An existing appointment by chance.
    async fn some_appointment(&self, chance: &mut Chance) -> Option<AppointmentId> {
        let there = self.world.all_appointments().await;
        let there: Vec<AppointmentId> =
            there.iter().filter(|row| row.deleted_at.is_none()).map(|row| row.id).collect();
        (!there.is_empty()).then(|| *chance.of(&there))
    }
}

fn availability(chance: &mut Chance) -> Availability {
    let mut availability = Availability::default();
    for day in &mut availability.weekdays {
        let mut from = 15 * u16::try_from(chance.below(40)).unwrap_or(0);
        while from < 24 * 60 && day.len() < 3 {
            let until = (from + 60 + 15 * u16::try_from(chance.below(40)).unwrap_or(0)).min(24 * 60);
            day.push(Opening { from, until });
            from = until + 15 * u16::try_from(chance.below(20)).unwrap_or(0);
        }
    }
    availability
}

fn seats_of(free: &[FreeSlot], time: Span, person: UserId) -> usize {
    let slot = free.iter().find(|slot| slot.time == time);
    let people = slot.map(|slot| slot.people.as_slice()).unwrap_or_default();
    people.iter().find(|(user, _)| *user == person).map_or(0, |(_, seats)| *seats)
}

// C1, C7
#[rstest]
#[tokio::test]
async fn what_is_free_can_be_booked_and_what_is_booked_was_free(#[values(Sqlite, Postgres)] on: Kind) {
    let mut chance = Chance::new();
    let mut done: BTreeMap<&str, usize> = BTreeMap::new();
    for number in 0..WORLDS {
        let Some(days) = Days::by_chance(on, &mut chance, number).await else { return };
        let access = days.world.command_line().access().await;
        for _ in 0..STEPS {
            let told = step(&days, &access, &mut chance).await;
            *done.entry(told).or_default() += 1;
            assert_nobody_is_booked_twice(&days.world).await;
        }
        let calendar = chance.of(&days.calendars);
        fill(&days, &access, calendar).await;
        assert_sound(&days.world).await;
    }
    println!("{done:?}");
    for told in ["booked a free one", "booked whatever was free", "refused what was not free", "moved"] {
        assert!(done.contains_key(told), "{told} never happened: {done:?}");
    }
}

async fn step(days: &Days, access: &Access, chance: &mut Chance) -> &'static str {
    let calendar = chance.of(&days.calendars);
    let contact = chance.of(&days.contacts);
    let free = days.free(access, calendar).await;
    match chance.below(10) {
        0..4 if !free.is_empty() => {
            let slot = chance.of(&free);
            let (person, seats) = *chance.of(&slot.people);
            let wish = Book { assignee: Some(person), ..Book::new(calendar.id, contact.id, slot.time.from) };
            let booked = appointment::book(access, &wish).await.expect("a free slot can be booked");
            let row = days.world.appointment_with(booked.appointment).row().await;
            assert_eq!((row.starts_at, row.ends_at), (slot.time.from, slot.time.until));
            let after = days.free(access, calendar).await;
            assert_eq!(seats_of(&after, slot.time, person), seats - 1, "a seat less: {slot:?}");
            "booked a free one"
        }
        0..7 => {
            // Some time, now and then one of a slot that may be taken, for somebody or for whoever is free.
            let quarter = i64::try_from(chance.below(48 * 4)).unwrap_or(0);
            let mut from = Timestamp(days.range.from.0 / (15 * MINUTE) * 15 * MINUTE + quarter * 15 * MINUTE);
            if let (Some(slot), true) = (free.get(chance.below(free.len().max(1))), chance.one_in(3)) {
                from = slot.time.from;
            }
            let assignee = chance.one_in(2).then(|| chance.of(&days.people).id);
            let slot = free.iter().find(|slot| slot.time.from == from);
            let expected = slot.is_some_and(|slot| {
                assignee.is_none_or(|person| slot.people.iter().any(|(user, _)| *user == person))
            });
            let wish = Book { assignee, ..Book::new(calendar.id, contact.id, from) };
            match appointment::book(access, &wish).await {
                Ok(booked) => {
                    assert!(expected, "{wish:?} was not free: {free:?}");
                    assert!(seats_of(&free, slot.expect("free").time, booked.assignee) > 0);
                    "booked whatever was free"
                }
                Err(Error::Refused(refusals)) => {
                    let kind = &refusals[0].kind;
                    let told = matches!(kind, RefusalKind::SlotUnavailable { .. });
                    // C2: whoever is no member is refused as invalid.
                    assert!(told || *kind == RefusalKind::InvalidInput, "{kind:?}");
                    assert!(!expected, "{wish:?} was free: {refusals:?}");
                    "refused what was not free"
                }
                Err(error) => panic!("{error}"),
            }
        }
        7 => {
            let minute = i64::try_from(chance.below(47 * 60)).unwrap_or(0);
            let from = Timestamp(days.range.from.0 + minute * MINUTE);
            let time = Span { from, until: Timestamp(from.0 + 40 * MINUTE) };
            if chance.one_in(2) {
                calendar.is_blocked(time).await;
            } else {
                chance.of(&days.people).is_blocked(time).await;
            }
            let after = days.free(access, calendar).await;
            assert!(after.len() <= free.len(), "what is blocked frees nothing");
            "blocked"
        }
        8 => {
            let Some(appointment) = days.some_appointment(chance).await else { return "nothing" };
            if chance.one_in(2) {
                let wish = DeleteAppointment { appointment, expected_version: None };
                appointment::delete(access, &wish).await.expect("deleted");
            } else {
                let status = *chance.of(&[Status::Cancelled, Status::Invalid]);
                let wish = SetStatus { appointment, status, overbook: false, expected_version: None };
                appointment::set_status(access, &wish).await.expect("called off");
            }
            let after = days.free(access, calendar).await;
            assert!(after.len() >= free.len(), "what goes takes nothing");
            "freed"
        }
        _ if !free.is_empty() => {
            let Some(appointment) = days.some_appointment(chance).await else { return "nothing" };
            let slot = chance.of(&free);
            let wish = Reschedule {
                appointment,
                starts_at: Some(slot.time.from),
                ends_at: None,
                zone: None,
                calendar: Some(calendar.id),
                assignee: Some(chance.of(&slot.people).0),
                overbook: false,
                expected_version: None,
            };
            appointment::reschedule(access, &wish).await.expect("a free slot can be moved to");
            "moved"
        }
        _ => "nothing",
    }
}

/// Every free slot of a calendar is booked, seat by seat, until none is left.
async fn fill(days: &Days, access: &Access, calendar: &Calendar) {
    let mut booked = 0;
    loop {
        let free = days.free(access, calendar).await;
        let Some(slot) = free.first() else { break };
        let wish = Book::new(calendar.id, days.contacts[0].id, slot.time.from);
        appointment::book(access, &wish).await.expect("a free slot can be booked");
        booked += 1;
        assert!(booked < 2_000, "it never ends");
    }
    let row = calendar.row().await;
    assert!(access.free_slots(&[&row], days.range).await.expect("read")[&calendar.id].is_empty());
}
