//! Where slots lie and how many seats they have, against plain ways to find out.

use std::collections::BTreeMap;

use entity::{AppointmentId, CalendarId, Timestamp, TypedId as _, UserId};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use retinue::domain::calendar::availability::{Availability, Opening};
use retinue::domain::calendar::diary::{Blocked, Diary, Span, Taken};
use retinue::domain::calendar::slots::Schedule;
use uuid::Uuid;

const MINUTE: i64 = 60_000_000;

/// Zones and days around which their clocks change: by an hour, by half an hour, at midnight, not at all, by a whole day.
pub const CHANGES: [(&str, &str); 14] = [
    ("Europe/Berlin", "2026-03-29"),
    ("Europe/Berlin", "2026-10-25"),
    ("America/New_York", "2026-03-08"),
    ("America/New_York", "2026-11-01"),
    ("Australia/Lord_Howe", "2026-04-05"),
    ("Australia/Lord_Howe", "2026-10-04"),
    ("America/Santiago", "2026-04-05"),
    ("America/Santiago", "2026-09-06"),
    ("Asia/Beirut", "2026-03-29"),
    ("Asia/Beirut", "2026-10-25"),
    ("Asia/Kathmandu", "2026-06-01"),
    ("UTC", "2026-01-01"),
    ("Pacific/Chatham", "2026-09-27"),
    ("Pacific/Apia", "2011-12-30"),
];

/// What a case is made from.
#[derive(Clone, Debug)]
struct Plan {
    change: usize,
    days: i64,
    slot: i64,
    buffers: (i64, i64),
    seats: usize,
    openings: Vec<(u8, u16, u16)>,
    /// Minutes from the beginning of the range, length, and what it is.
    things: Vec<(i64, i64, u8)>,
    notice: i64,
    from: i64,
}

fn plans() -> impl Strategy<Value = Plan> {
    let opening = (0..8_u8, 0..96_u16, 1..60_u16);
    let thing = (-100..3_000_i64, 5..200_i64, any::<u8>());
    (
        (0..CHANGES.len(), 0..3_i64, prop::sample::select(vec![5_i64, 20, 30, 45, 60, 95])),
        (0..90_i64, 0..90_i64),
        1..4_usize,
        prop::collection::vec(opening, 1..12),
        prop::collection::vec(thing, 0..25),
        (0..3_000_i64, -1_500..1_500_i64),
    )
        .prop_map(|((change, days, slot), buffers, seats, openings, things, (notice, from))| Plan {
            change,
            days,
            slot,
            buffers,
            seats,
            openings,
            things,
            notice,
            from,
        })
}

impl Plan {
    fn date(&self) -> Date {
        CHANGES[self.change].1.parse().expect("a date")
    }

    /// Openings that do not overlap: each begins where those before it on its day have ended.
    fn availability(&self) -> Availability {
        let mut availability = Availability::default();
        let mut openings = self.openings.clone();
        openings.sort_unstable();
        for (day, quarter, quarters) in openings {
            let own = |openings: &mut Vec<Opening>| {
                let from = openings.last().map_or(0, |open: &Opening| open.until).max(quarter * 15);
                let until = (from + quarters * 15).min(24 * 60);
                if from < until {
                    openings.push(Opening { from, until });
                }
            };
            match availability.weekdays.get_mut(usize::from(day)) {
                Some(weekday) => own(weekday),
                // The eighth day is the date itself, in the place of its weekday.
                None => own(availability.dates.entry(self.date()).or_default()),
            }
        }
        availability
    }

    fn schedule(&self) -> Schedule {
        Schedule {
            calendar: id(1),
            zone: TimeZone::get(CHANGES[self.change].0).expect("a zone"),
            availability: self.availability(),
            slot: self.slot,
            buffer_before: self.buffers.0,
            buffer_after: self.buffers.1,
            minimum_notice: self.notice,
            seats: self.seats,
            members: vec![person(1), person(2)],
        }
    }

    fn range(&self) -> Span {
        let midnight = self.date().to_zoned(TimeZone::UTC).expect("a day").timestamp();
        let from = midnight.as_microsecond() + self.from * MINUTE;
        Span { from: Timestamp(from), until: Timestamp(from + (self.days * 24 * 60 + 700) * MINUTE) }
    }

    /// Appointments and blocked times, some of them exactly in slots of the calendar.
    fn diary(&self, slots: &[Span]) -> Diary {
        let mut diary = Diary::default();
        let start = self.range().from.0;
        for (number, (from, length, kind)) in self.things.iter().enumerate() {
            let time = Span {
                from: Timestamp(start + from * MINUTE),
                until: Timestamp(start + (from + length) * MINUTE),
            };
            let who = person(1 + u128::from(kind & 1));
            match kind / 64 {
                0 => {
                    let calendar = (kind & 2 != 0).then(|| id(1));
                    let user = calendar.is_none().then_some(who);
                    diary.blocked.push(Blocked { user, calendar, time });
                }
                1 => diary.taken.push(taken(number, 2, who, time, (10, 20))),
                _ if slots.is_empty() => {}
                _ => {
                    let slot = slots[number * 7 % slots.len()];
                    diary.taken.push(taken(number, 1, who, slot, self.buffers));
                }
            }
        }
        diary
    }
}

fn taken(number: usize, calendar: u128, assignee: UserId, time: Span, buffers: (i64, i64)) -> Taken {
    Taken {
        appointment: AppointmentId::from_uuid(Uuid::from_u128(number as u128)),
        calendar: id(calendar),
        assignee,
        time,
        busy: Span {
            from: Timestamp(time.from.0 - buffers.0 * MINUTE),
            until: Timestamp(time.until.0 + buffers.1 * MINUTE),
        },
    }
}

fn id(number: u128) -> CalendarId {
    CalendarId::from_uuid(Uuid::from_u128(number))
}

fn person(number: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(number))
}

/// The first minute at which the clock shows this time or a later one of that day, found by watching it minute by minute.
struct Watched(BTreeMap<i64, DateTime>);

impl Watched {
    fn over(zone: &TimeZone, range: Span) -> Self {
        let two_days = 2 * 24 * 60 * MINUTE;
        let (from, until) = (range.from.0 - two_days, range.until.0 + two_days);
        let minutes = (from / MINUTE..until / MINUTE).map(|minute| {
            let at = jiff::Timestamp::from_microsecond(minute * MINUTE).expect("an instant");
            (minute, zone.to_datetime(at))
        });
        Self(minutes.collect())
    }

    fn reaches(&self, date: Date, minute: u16) -> Option<i64> {
        let midnight = date.at(0, 0, 0, 0);
        let wanted = midnight.checked_add(jiff::Span::new().minutes(i64::from(minute))).expect("a time");
        let reached = self.0.iter().find(|(_, shown)| **shown >= wanted)?;
        Some(*reached.0)
    }

    fn dates(&self) -> Vec<Date> {
        let (first, last) = (self.0.values().next(), self.0.values().next_back());
        let (first, last) = (first.expect("a minute").date(), last.expect("a minute").date());
        first.series(jiff::Span::new().days(1)).take_while(|date| *date <= last).collect()
    }
}

/// Slots as one would find them with a watch and a list of openings.
fn watched(schedule: &Schedule, range: Span) -> Vec<Span> {
    let watched = Watched::over(&schedule.zone, range);
    let dates = watched.dates();
    let mut slots = Vec::new();
    // The first and the last day were not watched from their beginning to their end.
    for date in &dates[1..dates.len() - 1] {
        for opening in schedule.availability.on(*date) {
            let (Some(from), Some(until)) =
                (watched.reaches(*date, opening.from), watched.reaches(*date, opening.until))
            else {
                continue;
            };
            let mut at = from;
            while at + schedule.slot <= until {
                let slot =
                    Span { from: Timestamp(at * MINUTE), until: Timestamp((at + schedule.slot) * MINUTE) };
                if range.from <= slot.from && slot.from < range.until {
                    slots.push(slot);
                }
                at += schedule.slot;
            }
        }
    }
    slots.sort_unstable();
    slots
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    // C1, C7
    #[test]
    fn slots_lie_where_a_watched_clock_puts_them(plan in plans()) {
        let (schedule, range) = (plan.schedule(), plan.range());
        let slots = schedule.slots(range);
        prop_assert_eq!(&slots, &watched(&schedule, range));
        for pair in slots.windows(2) {
            prop_assert!(pair[0].until <= pair[1].from, "slots of one calendar overlap: {:?}", pair);
        }
        for slot in slots {
            prop_assert!(schedule.has(slot));
            let off = Span { from: slot.from, until: Timestamp(slot.until.0 + MINUTE) };
            prop_assert!(!schedule.has(off));
        }
    }

    // C7: what is laid over the slots all at once is what one would find for each slot by itself.
    #[test]
    fn free_slots_are_those_with_seats_left(plan in plans()) {
        let (schedule, range) = (plan.schedule(), plan.range());
        let slots = schedule.slots(range);
        let diary = plan.diary(&slots);
        let now = Timestamp(range.from.0 - 1_000 * MINUTE);
        let mut expected = Vec::new();
        for slot in slots {
            // C1: minimum notice.
            if slot.from.0 < now.0 + plan.notice * MINUTE {
                continue;
            }
            let mut people = Vec::new();
            for member in &schedule.members {
                let busy = Span {
                    from: Timestamp(slot.from.0 - plan.buffers.0 * MINUTE),
                    until: Timestamp(slot.until.0 + plan.buffers.1 * MINUTE),
                };
                let meets = |other: Span| busy.from < other.until && other.from < busy.until;
                let blocked = diary.blocked.iter().any(|blocked| {
                    (blocked.user.is_none() || blocked.user == Some(*member)) && meets(blocked.time)
                });
                let theirs = diary.taken.iter().filter(|taken| taken.assignee == *member);
                let met: Vec<&Taken> = theirs.filter(|taken| meets(taken.busy)).collect();
                let shared = met.iter().all(|taken| taken.calendar == schedule.calendar && taken.time == slot);
                let left = plan.seats.saturating_sub(met.len());
                if !blocked && shared && left > 0 {
                    people.push((*member, left));
                }
            }
            if !people.is_empty() {
                expected.push((slot, people));
            }
        }
        let free = schedule.free(range, &diary, now);
        let free: Vec<_> = free.into_iter().map(|slot| (slot.time, slot.people)).collect();
        prop_assert_eq!(free, expected);
    }
}
