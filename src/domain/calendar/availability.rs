//! When a calendar is open: by weekday, and by date where that is different (C1).

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use crate::domain::error::{Error, Result};
use crate::domain::validate::Problems;

/// The minutes of a day.
pub const MINUTES_A_DAY: u16 = 24 * 60;

/// How many openings one day can have.
pub const MAX_OPENINGS: usize = 12;

/// How many dates a calendar can have that are unlike their weekday.
pub const MAX_DATES: usize = 400;

/// A time of day during which a calendar is open, in its own time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Opening {
    /// From which minute of the day.
    pub from: u16,
    /// Until which minute of the day, that one not included; 1,440 is midnight.
    pub until: u16,
}

impl Opening {
    fn readable(&self) -> String {
        format!("{}-{}", time_of_day(self.from), time_of_day(self.until))
    }
}

/// A minute of the day as the clock shows it, `09:00` to `24:00`.
#[must_use]
pub fn time_of_day(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// When a calendar is open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Availability {
    /// By weekday, Monday first.
    pub weekdays: [Vec<Opening>; 7],
    /// By date, in the place of its weekday; a date without openings is closed.
    pub dates: BTreeMap<Date, Vec<Opening>>,
}

impl Availability {
    /// Open at the same times from Monday to Friday.
    #[must_use]
    pub fn on_workdays(from: u16, until: u16) -> Self {
        let mut weekdays: [Vec<Opening>; 7] = Default::default();
        for day in &mut weekdays[..5] {
            day.push(Opening { from, until });
        }
        Self { weekdays, dates: BTreeMap::new() }
    }

    /// When it is open on a date, in order.
    #[must_use]
    pub fn on(&self, date: Date) -> &[Opening] {
        self.dates.get(&date).map_or_else(|| self.of(date.weekday()), Vec::as_slice)
    }

    /// When it is open on a weekday that is like all others.
    #[must_use]
    pub fn of(&self, day: Weekday) -> &[Opening] {
        let index = usize::try_from(day.to_monday_zero_offset()).unwrap_or_default();
        &self.weekdays[index]
    }

    /// Reads what [`Availability::written`] wrote.
    ///
    /// # Errors
    /// A bug: a text that it did not write.
    pub fn read(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|error| Error::bug(format!("unreadable availability: {error}")))
    }

    /// As stored.
    ///
    /// # Errors
    /// A bug.
    pub fn written(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|error| Error::bug(format!("unwritable availability: {error}")))
    }

    /// For people to read: `Mon 09:00-12:00, 13:00-17:00; 2026-12-24 closed`.
    #[must_use]
    pub fn readable(&self) -> String {
        const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        let open = |openings: &[Opening]| {
            let written: Vec<String> = openings.iter().map(Opening::readable).collect();
            if written.is_empty() { "closed".to_owned() } else { written.join(", ") }
        };
        let weekdays = DAYS.iter().zip(&self.weekdays).filter(|(_, openings)| !openings.is_empty());
        let weekdays = weekdays.map(|(day, openings)| format!("{day} {}", open(openings)));
        let dates = self.dates.iter().map(|(date, openings)| format!("{date} {}", open(openings)));
        let days: Vec<String> = weekdays.chain(dates).collect();
        if days.is_empty() { "never".to_owned() } else { days.join("; ") }
    }

    /// Puts the openings of each day in order, and says what is wrong with them: `field` names the weekday or the date.
    pub fn check(&mut self, problems: &mut Problems, field: impl Fn(&Day) -> String) {
        let weekdays = self.weekdays.iter_mut().enumerate().map(|(day, open)| (Day::Weekday(day), open));
        let dates = self.dates.iter_mut().map(|(date, open)| (Day::Date(*date), open));
        for (day, openings) in weekdays.chain(dates) {
            openings.sort_unstable();
            let field = field(&day);
            if openings.len() > MAX_OPENINGS {
                problems.add(&field, format!("a day has at most {MAX_OPENINGS} openings"));
            }
            if openings.iter().any(|open| open.from >= open.until || open.until > MINUTES_A_DAY) {
                problems.add(&field, "an opening ends after it begins, and by 24:00");
            }
            if openings.windows(2).any(|pair| pair[0].until > pair[1].from) {
                problems.add(&field, "two openings of one day overlap: make them one");
            }
        }
    }
}

/// A day of an [`Availability`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Day {
    /// A weekday, Monday is 0.
    Weekday(usize),
    /// A date.
    Date(Date),
}
