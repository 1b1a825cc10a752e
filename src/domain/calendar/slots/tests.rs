//! Slots through every change of clocks that there is, and who is free in them.

use entity::{AppointmentId, CalendarId, Timestamp, UserId};
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::super::availability::{Availability, Opening};
use super::super::diary::{Agendas, Blocked, Diary, Span, Taken};
use super::{MICROSECONDS_A_MINUTE, Schedule};

fn at(text: &str) -> Timestamp {
    Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_microsecond())
}

/// A calendar that is open every day at these minutes.
fn open(zone: &str, slot: i64, openings: &[(u16, u16)]) -> Schedule {
    let openings: Vec<Opening> =
        openings.iter().map(|(from, until)| Opening { from: *from, until: *until }).collect();
    Schedule {
        calendar: CalendarId(Uuid::from_u128(1)),
        zone: TimeZone::get(zone).unwrap(),
        availability: Availability {
            weekdays: std::array::from_fn(|_| openings.clone()),
            ..Availability::default()
        },
        slot,
        buffer_before: 0,
        buffer_after: 0,
        minimum_notice: 0,
        seats: 1,
        members: Vec::new(),
    }
}

/// When the slots of a time begin, in UTC.
fn begin(schedule: &Schedule, from: &str, until: &str) -> Vec<String> {
    let slots = schedule.slots(Span { from: at(from), until: at(until) });
    for slot in &slots {
        assert_eq!(slot.until.0 - slot.from.0, schedule.slot * MICROSECONDS_A_MINUTE);
        assert!(schedule.has(*slot));
    }
    let written = |slot: &Span| jiff::Timestamp::from_microsecond(slot.from.0).unwrap().to_string();
    slots.iter().map(written).collect()
}

// C1
#[test]
fn an_hour_that_the_clocks_skip_is_not_there() {
    let of_night = |openings: &[(u16, u16)], slot| {
        begin(&open("Europe/Berlin", slot, openings), "2026-03-28T23:00:00Z", "2026-03-29T12:00:00Z")
    };
    assert_eq!(of_night(&[(60, 240)], 60), ["2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z"]);
    assert_eq!(of_night(&[(120, 180)], 30), [""; 0]);
    assert_eq!(of_night(&[(150, 240)], 30), ["2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z"]);
    assert_eq!(of_night(&[(60, 150)], 30), ["2026-03-29T00:00:00Z", "2026-03-29T00:30:00Z"]);
}

// C1
#[test]
fn an_hour_that_the_clocks_show_twice_is_there_twice() {
    let of_night = |openings: &[(u16, u16)], slot| {
        begin(&open("Europe/Berlin", slot, openings), "2026-10-24T22:00:00Z", "2026-10-25T12:00:00Z")
    };
    assert_eq!(
        of_night(&[(60, 240)], 60),
        ["2026-10-24T23:00:00Z", "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z"]
    );
    // It ends at the three o'clock that comes once, and begins at the first two o'clock.
    assert_eq!(of_night(&[(120, 180)], 60), ["2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z"]);
    // What follows by the clock follows in fact.
    assert_eq!(of_night(&[(60, 150), (150, 180)], 90), ["2026-10-24T23:00:00Z", "2026-10-25T00:30:00Z"]);
}

// C1
#[test]
fn a_day_is_as_long_as_it_is() {
    let all_day = |zone| open(zone, 60, &[(0, 1440)]);
    let hours = |zone, from, until| begin(&all_day(zone), from, until).len();
    assert_eq!(hours("Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"), 23);
    assert_eq!(hours("Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"), 25);
    assert_eq!(hours("Europe/Berlin", "2026-06-30T22:00:00Z", "2026-07-01T22:00:00Z"), 24);
    // The rules of the zone go on where its table ends.
    assert_eq!(hours("Europe/Berlin", "2090-03-25T23:00:00Z", "2090-03-26T22:00:00Z"), 23);
    // Midnight at the end of a day is the one at the beginning of the next: nothing is there twice.
    let three = begin(&all_day("Europe/Berlin"), "2026-07-01T00:00:00Z", "2026-07-04T00:00:00Z");
    assert_eq!(three.len(), 72);
}

// C1: Cairo puts its clocks forward at midnight, so the day begins at one.
#[test]
fn a_midnight_that_is_skipped_ends_one_day_and_begins_the_next() {
    let of_night = |openings: &[(u16, u16)]| {
        begin(&open("Africa/Cairo", 60, openings), "2026-04-23T18:00:00Z", "2026-04-24T06:00:00Z")
    };
    assert_eq!(of_night(&[(0, 120)]), ["2026-04-23T22:00:00Z"]);
    assert_eq!(of_night(&[(22 * 60, 1440)]), ["2026-04-23T20:00:00Z", "2026-04-23T21:00:00Z"]);
    assert_eq!(of_night(&[(0, 120), (23 * 60, 1440)]), ["2026-04-23T21:00:00Z", "2026-04-23T22:00:00Z"]);
}

// C1
#[test]
fn lord_howe_moves_its_clocks_by_half_an_hour() {
    let lord_howe = open("Australia/Lord_Howe", 30, &[(60, 180)]);
    let fold = begin(&lord_howe, "2026-04-04T12:00:00Z", "2026-04-04T20:00:00Z");
    assert_eq!(
        fold,
        ["14:00", "14:30", "15:00", "15:30", "16:00"].map(|time| format!("2026-04-04T{time}:00Z"))
    );
    let gap = begin(&lord_howe, "2026-10-03T12:00:00Z", "2026-10-03T20:00:00Z");
    assert_eq!(gap, ["14:30", "15:00", "15:30"].map(|time| format!("2026-10-03T{time}:00Z")));
}

// C1: Samoa went from the 29th to the 31st.
#[test]
fn a_date_that_never_was_has_no_slots() {
    let mut apia = open("Pacific/Apia", 60, &[(9 * 60, 11 * 60)]);
    let days = begin(&apia, "2011-12-29T12:00:00Z", "2011-12-31T12:00:00Z");
    let expected = ["29T19", "29T20", "30T19", "30T20"].map(|hour| format!("2011-12-{hour}:00:00Z"));
    assert_eq!(days, expected);
    apia.availability.weekdays = Default::default();
    let never_was = jiff::civil::date(2011, 12, 30);
    apia.availability.dates.insert(never_was, vec![Opening { from: 0, until: 1440 }]);
    assert_eq!(begin(&apia, "2011-12-28T00:00:00Z", "2012-01-02T00:00:00Z"), [""; 0]);
}

// C1
#[test]
fn a_date_takes_the_place_of_its_weekday() {
    let mut berlin = open("Europe/Berlin", 60, &[(9 * 60, 10 * 60)]);
    berlin.availability.dates.insert(jiff::civil::date(2026, 12, 24), Vec::new());
    let late = vec![Opening { from: 12 * 60, until: 13 * 60 }];
    berlin.availability.dates.insert(jiff::civil::date(2026, 12, 25), late);
    assert_eq!(
        begin(&berlin, "2026-12-23T00:00:00Z", "2026-12-26T00:00:00Z"),
        ["2026-12-23T08:00:00Z", "2026-12-25T11:00:00Z"]
    );
}

// C7
#[test]
fn who_is_free_in_many_slots_is_who_is_free_in_each() {
    let mut seed: u64 = 42;
    let mut below = |most: i64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(seed >> 33).unwrap() % most
    };
    let (person, other) = (UserId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
    let start = at("2026-07-06T00:00:00Z");
    let range = Span { from: start, until: Timestamp(start.0 + 3 * 24 * 60 * MICROSECONDS_A_MINUTE) };
    for _ in 0..300 {
        let mut schedule = open("UTC", 15 * (1 + below(4)), &[(0, 11 * 60), (12 * 60, 1440)]);
        schedule.buffer_before = 10 * below(4);
        schedule.buffer_after = 10 * below(4);
        schedule.seats = usize::try_from(1 + below(3)).unwrap();
        schedule.members = vec![person, other];
        let slots = schedule.slots(range);
        let mut diary = Diary::default();
        for number in 0..below(12) {
            let slot = slots[usize::try_from(below(i64::try_from(slots.len()).unwrap())).unwrap()];
            let moved = 5 * below(3) * MICROSECONDS_A_MINUTE;
            let time = Span { from: Timestamp(slot.from.0 + moved), until: Timestamp(slot.until.0 + moved) };
            diary.taken.push(Taken {
                appointment: AppointmentId(Uuid::from_u128(u128::try_from(number).unwrap())),
                calendar: CalendarId(Uuid::from_u128(u128::try_from(1 + below(2)).unwrap())),
                assignee: if below(2) == 0 { person } else { other },
                time,
                busy: schedule.wanted(time).busy,
            });
            let of_calendar = CalendarId(Uuid::from_u128(u128::try_from(1 + below(2)).unwrap()));
            let (user, calendar) =
                if below(2) == 0 { (Some(person), None) } else { (None, Some(of_calendar)) };
            if below(4) == 0 {
                diary.blocked.push(Blocked { user, calendar, time });
            }
        }
        let found = schedule.free(range, &Agendas::from(diary.clone()), start);
        let one_by_one = slots.iter().filter_map(|slot| {
            let wanted = schedule.wanted(*slot);
            let people = schedule.members.iter().map(|person| (*person, diary.seats_left(*person, &wanted)));
            let people: Vec<_> = people.filter(|(_, seats)| *seats > 0).collect();
            (!people.is_empty()).then_some((*slot, people))
        });
        let found: Vec<_> = found.into_iter().map(|slot| (slot.time, slot.people)).collect();
        assert_eq!(found, one_by_one.collect::<Vec<_>>());
    }
}
