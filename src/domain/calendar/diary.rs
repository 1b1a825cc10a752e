//! When people are busy: their appointments with the buffers, and what is blocked (C7).

use std::collections::HashMap;

use entity::{AppointmentId, CalendarId, Timestamp, UserId};

/// A time from an instant until another, that one not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

impl Span {
    /// Whether two have an instant in common.
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.from.0 < other.until.0 && other.from.0 < self.until.0
    }

    /// The time from the earlier beginning to the later end.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self { from: Ord::min(self.from, other.from), until: Ord::max(self.until, other.until) }
    }
}

/// An appointment that takes somebody's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Which.
    pub appointment: AppointmentId,
    /// In which calendar.
    pub calendar: CalendarId,
    /// Whose time.
    pub assignee: UserId,
    /// The appointment itself.
    pub time: Span,
    /// The same with its buffers.
    pub busy: Span,
}

/// A blocked slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// Who cannot be booked, in any calendar.
    pub user: Option<UserId>,
    /// Or the calendar in which nobody can be.
    pub calendar: Option<CalendarId>,
    /// When.
    pub time: Span,
}

/// What is in the way of some people in some calendars, over a stretch of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diary {
    /// Their appointments, in all calendars.
    pub taken: Vec<Taken>,
    /// What is blocked, theirs and the calendars'.
    pub blocked: Vec<Blocked>,
}

/// A time that somebody wants to be booked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// In which calendar.
    pub calendar: CalendarId,
    /// The appointment itself.
    pub time: Span,
    /// The same with its buffers.
    pub busy: Span,
    /// How many appointments fit into one slot of the calendar.
    pub seats: usize,
    /// The appointment that is to be there, where it is in the diary already.
    pub itself: Option<AppointmentId>,
}

impl Diary {
    /// How many seats a person has left at a time; none when anything else is in the way. Appointments of the same slot of
    /// the same calendar are one booking, up to its seats (C7).
    #[must_use]
    pub fn seats_left(&self, person: UserId, wanted: &Wanted) -> usize {
        let in_the_way = |blocked: &Blocked| {
            let is_meant = blocked.user == Some(person) || blocked.calendar == Some(wanted.calendar);
            is_meant && blocked.time.overlaps(wanted.busy)
        };
        if self.blocked.iter().any(in_the_way) {
            return 0;
        }
        let others = self.taken.iter().filter(|taken| {
            taken.assignee == person
                && Some(taken.appointment) != wanted.itself
                && taken.busy.overlaps(wanted.busy)
        });
        let mut left = wanted.seats;
        for taken in others {
            let shares = taken.calendar == wanted.calendar && taken.time == wanted.time;
            if !shares || left == 0 {
                return 0;
            }
            left -= 1;
        }
        left
    }
}

/// A diary, sorted by whose it is, for many looks at it.
#[derive(Clone, Debug, Default)]
pub struct Agendas {
    people: HashMap<UserId, Diary>,
    calendars: HashMap<CalendarId, Vec<Blocked>>,
}

impl Agendas {
    /// What is in the way of one person in one calendar.
    pub(super) fn blocked(&self, person: UserId, calendar: CalendarId) -> impl Iterator<Item = &Blocked> {
        let own = self.people.get(&person).map(|diary| diary.blocked.as_slice());
        let of_calendar = self.calendars.get(&calendar).map(Vec::as_slice);
        own.into_iter().chain(of_calendar).flatten()
    }

    /// The appointments of one person, in all calendars.
    pub(super) fn taken(&self, person: UserId) -> &[Taken] {
        self.people.get(&person).map_or(&[], |diary| diary.taken.as_slice())
    }
}

impl From<Diary> for Agendas {
    fn from(diary: Diary) -> Self {
        let mut agendas = Self::default();
        for taken in diary.taken {
            agendas.people.entry(taken.assignee).or_default().taken.push(taken);
        }
        for blocked in diary.blocked {
            match (blocked.user, blocked.calendar) {
                (Some(user), _) => agendas.people.entry(user).or_default().blocked.push(blocked),
                (None, Some(calendar)) => agendas.calendars.entry(calendar).or_default().push(blocked),
                (None, None) => {}
            }
        }
        agendas
    }
}
