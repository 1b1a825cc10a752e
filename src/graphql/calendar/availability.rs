//! When a calendar is open, as it is shown and as callers say it.

use async_graphql::{Enum, InputObject, SimpleObject};

use crate::domain::calendar::availability::{Availability, Opening as OpeningTime};
use crate::domain::calendar::{GivenAvailability, GivenDate, GivenWeekday};
use crate::graphql::scalars::{Date, LocalTime};

/// A day of the week.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weekday {
    /// The first day of the week, as ISO 8601 counts.
    Monday,
    /// The second day of the week.
    Tuesday,
    /// The third day of the week.
    Wednesday,
    /// The fourth day of the week.
    Thursday,
    /// The fifth day of the week.
    Friday,
    /// The sixth day of the week.
    Saturday,
    /// The last day of the week.
    Sunday,
}

impl Weekday {
    const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];
}

/// A time of day during which a calendar is open. Slots follow one another from its beginning, as many as fit. Where the
/// clocks are changed, it is as long as it is by them: an hour that they skip is not there.
#[derive(SimpleObject, Clone, Copy, Debug)]
pub struct Opening {
    /// When it begins, by the clocks of the calendar's zone.
    from: LocalTime,
    /// When it ends, by the clocks of the calendar's zone; `24:00` is the midnight at the end of the day.
    until: LocalTime,
}

/// When a calendar is open on a weekday.
#[derive(SimpleObject, Clone, Debug)]
pub struct WeekdayOpenings {
    /// Which weekday.
    day: Weekday,
    /// When it is open, in order. Empty when it is closed.
    openings: Vec<Opening>,
}

/// When a calendar is open on a date that is unlike its weekday.
#[derive(SimpleObject, Clone, Debug)]
pub struct DateOpenings {
    /// Which date, in the calendar's zone.
    date: Date,
    /// When it is open, in order. Empty when it is closed, as on a holiday.
    openings: Vec<Opening>,
}

/// When a calendar is open: by weekday, and by date where that is different.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(name = "Availability")]
pub struct AvailabilityObject {
    /// All seven weekdays, Monday first.
    weekdays: Vec<WeekdayOpenings>,
    /// The dates that are unlike their weekday, in order.
    dates: Vec<DateOpenings>,
}

impl From<&Availability> for AvailabilityObject {
    fn from(availability: &Availability) -> Self {
        let weekdays = Weekday::ALL.into_iter().zip(&availability.weekdays);
        let dates = availability.dates.iter();
        Self {
            weekdays: weekdays.map(|(day, open)| WeekdayOpenings { day, openings: shown(open) }).collect(),
            dates: dates
                .map(|(date, open)| DateOpenings { date: Date(*date), openings: shown(open) })
                .collect(),
        }
    }
}

fn shown(openings: &[OpeningTime]) -> Vec<Opening> {
    let shown =
        |opening: &OpeningTime| Opening { from: LocalTime(opening.from), until: LocalTime(opening.until) };
    openings.iter().map(shown).collect()
}

/// A time of day during which a calendar is open.
#[derive(InputObject)]
pub struct OpeningInput {
    /// When it begins, by the clocks of the calendar's zone.
    from: LocalTime,
    /// When it ends, later on the same day; `24:00` is the midnight at its end.
    until: LocalTime,
}

/// When a calendar is open on a weekday.
#[derive(InputObject)]
pub struct WeekdayOpeningsInput {
    /// Which weekday; each at most once.
    day: Weekday,
    /// When it is open: at most 12 times of day, none of which overlap.
    openings: Vec<OpeningInput>,
}

/// When a calendar is open on a date that is unlike its weekday.
#[derive(InputObject)]
pub struct DateOpeningsInput {
    /// Which date, in the calendar's zone; each at most once.
    date: Date,
    /// When it is open: at most 12 times of day, none of which overlap. Empty when it is closed on that date.
    openings: Vec<OpeningInput>,
}

/// When a calendar is open. It takes the place of everything that was said before.
#[derive(InputObject)]
pub struct AvailabilityInput {
    /// The weekdays on which it is open. Those that are left out are closed.
    #[graphql(default)]
    weekdays: Vec<WeekdayOpeningsInput>,
    /// The dates that are unlike their weekday: at most 400.
    #[graphql(default)]
    dates: Vec<DateOpeningsInput>,
}

impl AvailabilityInput {
    pub(super) fn decode(self) -> GivenAvailability {
        let weekdays = self.weekdays.into_iter();
        let dates = self.dates.into_iter();
        GivenAvailability {
            weekdays: weekdays
                .map(|given| GivenWeekday { day: given.day as usize, openings: read(given.openings) })
                .collect(),
            dates: dates
                .map(|given| GivenDate { date: given.date.0, openings: read(given.openings) })
                .collect(),
        }
    }
}

fn read(openings: Vec<OpeningInput>) -> Vec<OpeningTime> {
    let read = |opening: OpeningInput| OpeningTime { from: opening.from.0, until: opening.until.0 };
    openings.into_iter().map(read).collect()
}
