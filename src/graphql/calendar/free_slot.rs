//! Slots that can be booked.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{ID, InputObject, Object, SimpleObject};
use entity::{CalendarId, UserId};
use jiff::tz::TimeZone;

use super::types::CalendarSiblings;
use crate::domain::calendar::diary::Span;
use crate::domain::calendar::slots::FreeSlot as Free;
use crate::domain::calendar::zone;
use crate::domain::error::Error;
use crate::domain::validate::Problems;
use crate::graphql::answer::Answer;
use crate::graphql::error::Failure;
use crate::graphql::scalars::{Date, DateTime, LocalTime};
use crate::graphql::siblings::{Once, distinct};
use crate::graphql::user::User;

/// The longest range, in days.
const MAX_DAYS: i64 = 62;

const MICROSECONDS_A_DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// From an instant until another one.
#[derive(InputObject, Clone, Copy, Debug)]
#[graphql(name = "TimeRange")]
pub struct TimeRangeInput {
    /// Where it begins.
    from: DateTime,
    /// Where it ends, later than `from`; what begins at this instant is not in it.
    until: DateTime,
}

impl TimeRangeInput {
    /// The time.
    ///
    /// # Errors
    /// Bad input: it ends before it begins.
    pub fn decode(self) -> Result<Span, Failure> {
        let span = Span { from: self.from.0, until: self.until.0 };
        if span.until <= span.from {
            return Err(Failure::bad_input("`range.until` must be later than `range.from`"));
        }
        Ok(span)
    }

    /// The time, where every slot in it is looked at.
    pub(super) fn decode_short(self) -> Result<Span, Failure> {
        let span = self.decode()?;
        if span.until.0.saturating_sub(span.from.0) > MAX_DAYS * MICROSECONDS_A_DAY {
            let message =
                format!("`range` is at most {MAX_DAYS} days long: ask for one part after the other");
            return Err(Failure::bad_input(message));
        }
        Ok(span)
    }
}

/// The zone that a caller names, else the calendar's own.
pub(super) fn zone_of(named: Option<&str>, own: &str) -> Result<TimeZone, Failure> {
    let Some(named) = named else { return Ok(zone::stored(own)?) };
    let mut problems = Problems::new();
    let name = zone::named(&mut problems, "zone", named);
    if let Err(Error::Refused(_)) = problems.none() {
        return Err(Failure::bad_input("`zone` must be an IANA time zone such as `Europe/Berlin`"));
    }
    Ok(zone::stored(&name)?)
}

/// The free slots of the calendars of one page, and who is free in them.
#[derive(Debug)]
pub struct FreeSlots {
    of: HashMap<CalendarId, Vec<Arc<Free>>>,
    people: Arc<People>,
}

#[derive(Debug)]
struct People {
    ids: Vec<UserId>,
    found: Once<HashMap<UserId, User>>,
}

impl FreeSlots {
    /// Loads them for all siblings.
    pub(super) async fn load(siblings: &CalendarSiblings, range: Span) -> Result<Self, Failure> {
        let rows = siblings.rows();
        let found = siblings.viewpoint().access().free_slots(&rows, range).await;
        let found = match found {
            Ok(found) => found,
            Err(Error::Refused(refusals)) => return Err(Failure::refused(&refusals)),
            Err(broken) => return Err(broken.into()),
        };
        let ids = distinct(found.values().flatten().flat_map(|slot| slot.people.iter().map(|(id, _)| *id)));
        let shared = |slots: Vec<Free>| slots.into_iter().map(Arc::new).collect();
        let of = found.into_iter().map(|(calendar, slots)| (calendar, shared(slots))).collect();
        Ok(Self { of, people: Arc::new(People { ids, found: Once::default() }) })
    }

    /// Those of one calendar, told by the clocks of `zone`.
    pub(super) fn of(
        &self,
        calendar: CalendarId,
        siblings: &Arc<CalendarSiblings>,
        zone: &TimeZone,
    ) -> Vec<FreeSlot> {
        let slots = self.of.get(&calendar).map_or(&[][..], Vec::as_slice);
        let shown = |slot: &Arc<Free>| FreeSlot {
            slot: Arc::clone(slot),
            zone: zone.clone(),
            siblings: Arc::clone(siblings),
            people: Arc::clone(&self.people),
        };
        slots.iter().map(shown).collect()
    }
}

/// A slot that can be booked.
#[derive(Clone, Debug)]
pub struct FreeSlot {
    slot: Arc<Free>,
    zone: TimeZone,
    siblings: Arc<CalendarSiblings>,
    people: Arc<People>,
}

impl FreeSlot {
    fn local(&self) -> Result<jiff::Zoned, Failure> {
        let at = jiff::Timestamp::from_microsecond(self.slot.time.from.0);
        let at = at.map_err(|_| Failure::bug("a slot lies out of all time"))?;
        Ok(at.to_zoned(self.zone.clone()))
    }

    async fn free(&self) -> Result<Vec<FreeMember>, Failure> {
        let load = User::all(self.siblings.viewpoint(), &self.people.ids);
        let found = self.people.found.get(load).await?;
        let member = |(id, seats): &(UserId, usize)| FreeMember {
            user_id: (*id).into(),
            user: Ok(found.get(id).cloned()).into(),
            seats_left: *seats,
        };
        Ok(self.slot.people.iter().map(member).collect())
    }
}

/// A slot of a calendar that can still be booked: the calendar is open, the minimum notice is kept, and at least one member
/// is free. What is in the way of the others is not told.
#[Object]
impl FreeSlot {
    /// When it begins.
    async fn starts_at(&self) -> DateTime {
        self.slot.time.from.into()
    }

    /// When it ends; this instant is not part of it.
    async fn ends_at(&self) -> DateTime {
        self.slot.time.until.into()
    }

    /// The date on which it begins, in the zone that was asked for: the day to show it under.
    async fn day(&self) -> Answer<Date> {
        self.local().map(|local| Date(local.date())).into()
    }

    /// What the clocks show when it begins, in the zone that was asked for. Where they are put back, two slots of a day may
    /// show the same: `startsAt` tells them apart.
    async fn local_start(&self) -> Answer<LocalTime> {
        let minute = |local: jiff::Zoned| {
            let (hour, minute) = (u16::try_from(local.hour()), u16::try_from(local.minute()));
            LocalTime(hour.unwrap_or_default() * 60 + minute.unwrap_or_default())
        };
        self.local().map(minute).into()
    }

    /// How many appointments can still be booked in it, over all members who are free: one for each of them, or as many as
    /// their seats in a calendar of the kind `CLASS`.
    async fn seats_left(&self) -> usize {
        self.slot.people.iter().map(|(_, seats)| seats).sum()
    }

    /// The members who are free, whoever is booked first in front.
    async fn members(&self) -> Answer<Vec<FreeMember>> {
        Answer::of(self.free()).await
    }
}

/// A member of a calendar who can be booked in a slot.
#[derive(SimpleObject, Clone, Debug)]
pub struct FreeMember {
    /// The id of the person, to be given as `assigneeId` when the slot is booked.
    user_id: ID,
    /// The person.
    user: Answer<User>,
    /// How many appointments the slot still takes with this person: 1, or more in a calendar of the kind `CLASS`.
    seats_left: usize,
}
