//! The fields of a calendar: what a caller says of them, checked and laid over what is there.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::calendar::{self, Kind};
use entity::{CalendarGroupId, Timestamp};
use jiff::civil::Date;
use sea_orm::Set;

use super::availability::{Availability, Day, MAX_DATES, Opening};
use super::zone;
use crate::domain::activity::Change;
use crate::domain::error::Result;
use crate::domain::patch::Patch;
use crate::domain::text;
use crate::domain::validate::Problems;

/// The longest description, in characters.
const MAX_DESCRIPTION: usize = 2_000;

/// What a caller says of a calendar. What is left out stays as it is.
#[derive(Clone, Debug, Default)]
pub struct CalendarFields {
    /// The group that it is in.
    pub group: Patch<CalendarGroupId>,
    /// What it is called.
    pub name: Patch<String>,
    /// What it is for.
    pub description: Patch<String>,
    /// How it finds whom it books.
    pub kind: Option<Kind>,
    /// The IANA name of its time zone.
    pub zone: Patch<String>,
    /// How long a slot is, in minutes.
    pub slot: Option<i32>,
    /// For how many minutes before an appointment its assignee is busy.
    pub buffer_before: Option<i32>,
    /// For how many minutes after an appointment its assignee is busy.
    pub buffer_after: Option<i32>,
    /// How many minutes ahead a slot is booked at the latest.
    pub minimum_notice: Option<i32>,
    /// When it is open, in the place of all that was said before.
    pub availability: Option<GivenAvailability>,
    /// Whether an appointment starts as confirmed.
    pub auto_confirm: Option<bool>,
    /// How many appointments fit into one slot of one person.
    pub seats: Option<i32>,
    /// Whether booking makes the assignee the owner of the contact (C8).
    pub gives_contact: Option<bool>,
    /// Whether a contact that has an owner keeps that one all the same.
    pub keeps_owner: Option<bool>,
}

/// When a calendar is open, as given: a day that is named twice is a mistake to tell of.
#[derive(Clone, Debug, Default)]
pub struct GivenAvailability {
    /// The weekdays on which it is open; those left out are closed.
    pub weekdays: Vec<GivenWeekday>,
    /// The dates that are unlike their weekday.
    pub dates: Vec<GivenDate>,
}

/// The openings of a weekday, as given.
#[derive(Clone, Debug)]
pub struct GivenWeekday {
    /// Which, Monday is 0.
    pub day: usize,
    /// When it is open.
    pub openings: Vec<Opening>,
}

/// The openings of a date, as given.
#[derive(Clone, Debug)]
pub struct GivenDate {
    /// Which.
    pub date: Date,
    /// When it is open; not at all, when there are none.
    pub openings: Vec<Opening>,
}

/// The fields of a calendar when everything is right with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Checked {
    pub group: Option<CalendarGroupId>,
    pub name: String,
    pub description: Option<String>,
    pub kind: Kind,
    pub zone: String,
    pub slot: i32,
    pub buffer_before: i32,
    pub buffer_after: i32,
    pub minimum_notice: i32,
    pub availability: Availability,
    pub auto_confirm: bool,
    pub seats: i32,
    pub gives_contact: bool,
    pub keeps_owner: bool,
}

impl Checked {
    /// A calendar of which nothing was said: half an hour long, open from nine to five on workdays.
    pub fn new() -> Self {
        Self {
            group: None,
            name: String::new(),
            description: None,
            kind: Kind::RoundRobin,
            zone: String::new(),
            slot: 30,
            buffer_before: 0,
            buffer_after: 0,
            minimum_notice: 0,
            availability: Availability::on_workdays(9 * 60, 17 * 60),
            auto_confirm: true,
            seats: 1,
            gives_contact: false,
            keeps_owner: false,
        }
    }

    /// What a row says.
    pub fn of(row: &calendar::Model) -> Result<Self> {
        Ok(Self {
            group: row.group_id,
            name: row.name.clone(),
            description: row.description.clone(),
            kind: row.kind,
            zone: row.zone.clone(),
            slot: row.slot_minutes,
            buffer_before: row.buffer_before_minutes,
            buffer_after: row.buffer_after_minutes,
            minimum_notice: row.minimum_notice_minutes,
            availability: Availability::read(&row.availability)?,
            auto_confirm: row.auto_confirm,
            seats: row.seats,
            gives_contact: row.gives_contact,
            keeps_owner: row.keeps_owner,
        })
    }

    /// The row that says so, without what never changes.
    pub fn row(self, now: Timestamp) -> Result<calendar::ActiveModel> {
        Ok(calendar::ActiveModel {
            group_id: Set(self.group),
            name_key: Set(text::fold(&self.name)),
            name: Set(self.name),
            description: Set(self.description),
            kind: Set(self.kind),
            zone: Set(self.zone),
            slot_minutes: Set(self.slot),
            buffer_before_minutes: Set(self.buffer_before),
            buffer_after_minutes: Set(self.buffer_after),
            minimum_notice_minutes: Set(self.minimum_notice),
            availability: Set(self.availability.written()?),
            auto_confirm: Set(self.auto_confirm),
            seats: Set(self.seats),
            gives_contact: Set(self.gives_contact),
            keeps_owner: Set(self.keeps_owner),
            updated_at: Set(now),
            ..Default::default()
        })
    }

    /// What differs from `before`, as the history tells it; everything, when there was nothing before.
    pub fn changes(&self, before: Option<&Self>) -> Vec<Change> {
        let changes = [
            ("group", written(before, self, |fields| fields.group.map(|group| group.to_string()))),
            ("name", written(before, self, |fields| Some(fields.name.clone()))),
            ("description", written(before, self, |fields| fields.description.clone())),
            ("kind", written(before, self, |fields| Some(sea_orm::ActiveEnum::to_value(&fields.kind)))),
            ("zone", written(before, self, |fields| Some(fields.zone.clone()))),
            ("slotMinutes", written(before, self, |fields| Some(fields.slot.to_string()))),
            ("bufferBeforeMinutes", written(before, self, |fields| Some(fields.buffer_before.to_string()))),
            ("bufferAfterMinutes", written(before, self, |fields| Some(fields.buffer_after.to_string()))),
            ("minimumNoticeMinutes", written(before, self, |fields| Some(fields.minimum_notice.to_string()))),
            ("availability", written(before, self, |fields| Some(fields.availability.readable()))),
            ("autoConfirm", written(before, self, |fields| Some(fields.auto_confirm.to_string()))),
            ("seats", written(before, self, |fields| Some(fields.seats.to_string()))),
            ("givesContact", written(before, self, |fields| Some(fields.gives_contact.to_string()))),
            ("keepsOwner", written(before, self, |fields| Some(fields.keeps_owner.to_string()))),
        ];
        let between = |(field, (before, after))| Change::between(field, before, after);
        changes.into_iter().filter_map(between).collect()
    }
}

fn written(
    before: Option<&Checked>,
    after: &Checked,
    field: impl Fn(&Checked) -> Option<String>,
) -> (Option<String>, Option<String>) {
    (before.and_then(&field), field(after))
}

impl CalendarFields {
    /// Lays what was said over `current`, and notes what cannot be taken. `members` is how many members the calendar has.
    pub(super) fn over(&self, problems: &mut Problems, mut current: Checked, members: usize) -> Checked {
        current.group = self.group.clone().over(current.group);
        match &self.name {
            Patch::Keep => {}
            Patch::Clear => problems.add("name", "must not be empty: a calendar has a name"),
            Patch::Set(name) => current.name = problems.required_line("name", name),
        }
        match &self.description {
            Patch::Keep => {}
            Patch::Clear => current.description = None,
            Patch::Set(text) => current.description = description(problems, text),
        }
        match &self.zone {
            Patch::Keep => {}
            Patch::Clear => {
                problems.add("zone", "must not be empty: give an IANA time zone such as `Europe/Berlin`")
            }
            Patch::Set(name) => current.zone = zone::named(problems, "zone", name),
        }
        let mut number = |field, given: Option<i32>, current: &mut i32, least, most| {
            let Some(given) = given else { return };
            if (least..=most).contains(&given) {
                *current = given;
            } else {
                problems.add(field, format!("must be between {least} and {most}"));
            }
        };
        number("slotMinutes", self.slot, &mut current.slot, 5, 1_440);
        number("bufferBeforeMinutes", self.buffer_before, &mut current.buffer_before, 0, 720);
        number("bufferAfterMinutes", self.buffer_after, &mut current.buffer_after, 0, 720);
        number("minimumNoticeMinutes", self.minimum_notice, &mut current.minimum_notice, 0, 525_600);
        let kind = self.kind.unwrap_or(current.kind);
        if kind != Kind::Class && self.seats.is_none() {
            // A calendar that is no class any more has nothing to share.
            current.seats = 1;
        }
        number("seats", self.seats, &mut current.seats, 1, 1_000);
        current.kind = kind;
        if kind != Kind::Class && current.seats > 1 {
            problems.add(
                "seats",
                "only calendars of the kind `CLASS` have more than one seat: leave it out, or change `kind`",
            );
        }
        if kind == Kind::Personal && members > 1 {
            let message = format!(
                "a calendar of the kind `PERSONAL` has one member, and this one has {members}: take the others off first, or choose another kind"
            );
            problems.add("kind", message);
        }
        if let Some(given) = &self.availability {
            current.availability = given.check(problems);
        }
        current.auto_confirm = self.auto_confirm.unwrap_or(current.auto_confirm);
        current.gives_contact = self.gives_contact.unwrap_or(current.gives_contact);
        current.keeps_owner = self.keeps_owner.unwrap_or(current.keeps_owner);
        current
    }
}

impl GivenAvailability {
    fn check(&self, problems: &mut Problems) -> Availability {
        let mut availability = Availability { weekdays: Default::default(), dates: BTreeMap::new() };
        let mut fields: HashMap<Day, String> = HashMap::new();
        let mut known: BTreeSet<usize> = BTreeSet::new();
        for (place, GivenWeekday { day, openings }) in self.weekdays.iter().enumerate() {
            let field = format!("availability.weekdays.{place}");
            let Some(open) = availability.weekdays.get_mut(*day).filter(|_| known.insert(*day)) else {
                problems.add(&field, "this weekday is given twice: put its openings together");
                continue;
            };
            open.clone_from(openings);
            fields.insert(Day::Weekday(*day), field);
        }
        if self.dates.len() > MAX_DATES {
            problems.add(
                "availability.dates",
                format!("at most {MAX_DATES} fit here: leave out those that are over"),
            );
            return availability;
        }
        for (place, GivenDate { date, openings }) in self.dates.iter().enumerate() {
            let field = format!("availability.dates.{place}");
            if availability.dates.insert(*date, openings.clone()).is_some() {
                problems.add(&field, "this date is given twice: put its openings together");
            }
            fields.insert(Day::Date(*date), field);
        }
        availability.check(problems, |day| fields.get(day).cloned().unwrap_or_default());
        availability
    }
}

/// A text of several lines; none when nothing is left of it.
fn description(problems: &mut Problems, text: &str) -> Option<String> {
    let text = text.trim();
    if text.chars().count() > MAX_DESCRIPTION {
        problems.add("description", format!("at most {MAX_DESCRIPTION} characters fit here"));
    }
    if text.chars().any(|character| character.is_control() && !matches!(character, '\n' | '\r' | '\t')) {
        problems.add("description", "control characters cannot be taken");
    }
    (!text.is_empty()).then(|| text.to_owned())
}
