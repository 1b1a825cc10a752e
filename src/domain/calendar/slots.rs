//! The slots of a calendar: where its openings lie on the line of time, daylight saving and all, and who is free in them.

use entity::{CalendarId, Timestamp, UserId};
use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::availability::{Availability, MINUTES_A_DAY};
use super::diary::{Agendas, Span, Wanted};

const MICROSECONDS_A_MINUTE: i64 = 60_000_000;

/// What decides where the slots of a calendar lie.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// The calendar.
    pub calendar: CalendarId,
    /// The zone that its openings are meant in.
    pub zone: TimeZone,
    /// When it is open.
    pub availability: Availability,
    /// How long a slot is, in minutes.
    pub slot: i64,
    /// For how many minutes before an appointment its assignee is busy.
    pub buffer_before: i64,
    /// For how many minutes after an appointment its assignee is busy.
    pub buffer_after: i64,
    /// How many minutes ahead a slot is booked at the latest.
    pub minimum_notice: i64,
    /// How many appointments fit into one slot of one person.
    pub seats: usize,
    /// Whoever can be booked, in the order of priority.
    pub members: Vec<UserId>,
}

/// A slot that can be booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreeSlot {
    /// When.
    pub time: Span,
    /// Who can be booked in it, in the order of priority, with the seats that each has left.
    pub people: Vec<(UserId, usize)>,
}

impl Schedule {
    /// Every slot that begins within `range`, in order, free or not.
    #[must_use]
    pub fn slots(&self, range: Span) -> Vec<Span> {
        let (Some(first), Some(last)) = (self.date_of(range.from), self.date_of(range.until)) else {
            return Vec::new();
        };
        // An opening of yesterday may reach into today where the clocks were put forward over midnight.
        let mut date = first.yesterday().unwrap_or(first);
        let mut slots = Vec::new();
        loop {
            let of_date = self.slots_of(date);
            slots.extend(of_date.filter(|slot| range.from <= slot.from && slot.from < range.until));
            match date.tomorrow() {
                Ok(next) if date < last => date = next,
                _ => break,
            }
        }
        slots.sort_unstable();
        slots
    }

    /// Whether a slot begins and ends just so.
    #[must_use]
    pub fn has(&self, time: Span) -> bool {
        let instant = Span { from: time.from, until: Timestamp(time.from.0 + 1) };
        self.slots(instant).contains(&time)
    }

    /// Whether it is late enough now to refuse what begins at `from` (C1, minimum notice).
    #[must_use]
    pub const fn is_too_soon(&self, from: Timestamp, now: Timestamp) -> bool {
        from.0 < now.0 + self.minimum_notice * MICROSECONDS_A_MINUTE
    }

    /// A time in this calendar, with its buffers.
    #[must_use]
    pub const fn wanted(&self, time: Span) -> Wanted {
        let busy = Span {
            from: Timestamp(time.from.0 - self.buffer_before * MICROSECONDS_A_MINUTE),
            until: Timestamp(time.until.0 + self.buffer_after * MICROSECONDS_A_MINUTE),
        };
        Wanted { calendar: self.calendar, time, busy, seats: self.seats, itself: None }
    }

    /// The end of a slot that begins at `from`.
    #[must_use]
    pub const fn end_of(&self, from: Timestamp) -> Timestamp {
        Timestamp(from.0 + self.slot * MICROSECONDS_A_MINUTE)
    }

    /// The free slots that begin within `range`. `agendas` must hold what is in the way of the members there.
    #[must_use]
    pub fn free(&self, range: Span, agendas: &Agendas, now: Timestamp) -> Vec<FreeSlot> {
        let mut slots = self.slots(range);
        slots.retain(|slot| !self.is_too_soon(slot.from, now));
        let mut free: Vec<FreeSlot> =
            slots.iter().map(|time| FreeSlot { time: *time, people: Vec::new() }).collect();
        for person in &self.members {
            let seats = self.seats_of(*person, &slots, agendas);
            for (slot, seats) in free.iter_mut().zip(seats).filter(|(_, seats)| *seats > 0) {
                slot.people.push((*person, seats));
            }
        }
        free.retain(|slot| !slot.people.is_empty());
        free
    }

    /// The time in which something may be in the way of a slot that begins within `range`.
    #[must_use]
    pub fn reach(&self, range: Span) -> Span {
        let last = self.end_of(range.until);
        self.wanted(Span { from: range.from, until: last }).busy
    }

    /// What [`super::diary::Diary::seats_left`] says of each of these slots, which are in order: whatever is in the way is
    /// laid over those that it meets, so that a long range costs no more than what it holds.
    fn seats_of(&self, person: UserId, slots: &[Span], agendas: &Agendas) -> Vec<usize> {
        let mut left = vec![self.seats; slots.len()];
        let met = |busy: Span| {
            let first = slots.partition_point(|slot| self.wanted(*slot).busy.until <= busy.from);
            let after = slots.partition_point(|slot| self.wanted(*slot).busy.from < busy.until);
            first..Ord::max(first, after)
        };
        for blocked in agendas.blocked(person, self.calendar) {
            left[met(blocked.time)].fill(0);
        }
        for taken in agendas.taken(person) {
            for place in met(taken.busy) {
                let shares = taken.calendar == self.calendar && taken.time == slots[place];
                left[place] = if shares { left[place].saturating_sub(1) } else { 0 };
            }
        }
        left
    }

    fn slots_of(&self, date: Date) -> impl Iterator<Item = Span> {
        let length = self.slot * MICROSECONDS_A_MINUTE;
        self.availability.on(date).iter().flat_map(move |opening| {
            let from = instant(&self.zone, date, opening.from);
            let until = instant(&self.zone, date, opening.until);
            let bounds = from.zip(until);
            let (from, until) = bounds.map_or((0, 0), |(from, until)| (from.0, until.0));
            let count = (until - from).div_euclid(length).max(0);
            (0..count).map(move |place| Span {
                from: Timestamp(from + place * length),
                until: Timestamp(from + (place + 1) * length),
            })
        })
    }

    fn date_of(&self, at: Timestamp) -> Option<Date> {
        let at = jiff::Timestamp::from_microsecond(at.0).ok()?;
        Some(self.zone.to_datetime(at).date())
    }
}

/// The instant of a minute of a local day. A time that the clocks skip is the instant at which they do, and of a time that
/// they show twice it is the first: so what comes later by the clock never comes earlier in fact.
fn instant(zone: &TimeZone, date: Date, minute: u16) -> Option<Timestamp> {
    let local = at_minute(date, minute)?;
    let ambiguous = zone.to_ambiguous_timestamp(local);
    let at = match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => ambiguous.earlier().ok()?,
        // Read with the offset after the gap, it lies before it.
        AmbiguousOffset::Gap { .. } => {
            let before = ambiguous.earlier().ok()?;
            zone.following(before).next()?.timestamp()
        }
    };
    Some(Timestamp(at.as_microsecond()))
}

fn at_minute(date: Date, minute: u16) -> Option<DateTime> {
    if minute >= MINUTES_A_DAY {
        return Some(date.tomorrow().ok()?.at(0, 0, 0, 0));
    }
    let (hour, minute) = (i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?);
    Some(date.at(hour, minute, 0, 0))
}

#[cfg(test)]
mod tests;
