//! What lists of appointments mean, in plain Rust over what somebody may see.

use std::collections::BTreeSet;

use entity::{AppointmentId, Timestamp, UserId};
use policy::Permission::{ViewCalendars, ViewContacts};
use retinue::domain::access::{
    Access, AppointmentFilter, AppointmentList, AppointmentSortKey, ContactFilter, PersonFilter, TimeFilter,
    TimeRange,
};
use retinue::domain::search::{Search, appointment_words, contact_words};

use super::facts::{Facts, Its, OfCalendar, OfContact};

/// Whose eyes they are seen through.
#[derive(Debug)]
pub struct Eyes<'f> {
    pub facts: &'f Facts,
    user: UserId,
    restricted: bool,
    views_contacts: bool,
    views_calendars: bool,
}

impl<'f> Eyes<'f> {
    pub fn of(facts: &'f Facts, access: &Access) -> Self {
        let actor = access.actor();
        Self {
            facts,
            user: actor.user.expect("somebody"),
            restricted: actor.restricted,
            views_contacts: actor.holds(ViewContacts),
            views_calendars: actor.holds(ViewCalendars),
        }
    }

    // A1
    pub fn sees_contact(&self, contact: &OfContact) -> bool {
        let related = contact.owner == Some(self.user) || contact.followers.contains(&self.user);
        self.views_contacts && (!self.restricted || related)
    }

    // C1
    pub fn has_access_to(&self, calendar: &OfCalendar) -> bool {
        self.views_calendars && (!self.restricted || calendar.members.contains(&self.user))
    }

    // C3
    fn sees(&self, its: &Its) -> bool {
        let contact = self.facts.contact(its.row.contact_id);
        let through_contact = self.sees_contact(contact) && self.restricted;
        self.views_calendars && (!self.restricted || its.is_of(self.user) || through_contact)
    }

    pub fn all(&self) -> impl Iterator<Item = &'f Its> {
        self.facts.all.iter().filter(|its| self.sees(its))
    }

    /// What a list holds of those of which `also` holds, in its order.
    pub fn ordered(&self, list: &AppointmentList, also: impl Fn(&Its) -> bool) -> Vec<AppointmentId> {
        let key = |its: &Its| match list.sort.key {
            AppointmentSortKey::Starts => its.row.starts_at,
            AppointmentSortKey::Created => its.row.created_at,
            AppointmentSortKey::Updated => its.row.updated_at,
        };
        let passing = self.all().filter(|its| also(its) && self.passes(its, &list.filter));
        let mut keyed: Vec<_> = passing.map(|its| (key(its), its.row.id)).collect();
        keyed.sort_unstable();
        if list.sort.descending {
            keyed.reverse();
        }
        keyed.into_iter().map(|(_, id)| id).collect()
    }

    fn passes(&self, its: &Its, filter: &AppointmentFilter) -> bool {
        let row = &its.row;
        let contact = self.facts.contact(row.contact_id);
        let calendar = self.facts.calendar(row.calendar_id);
        let shows = self.sees_contact(contact);
        let all = [
            opt(&filter.and, |all| all.iter().all(|filter| self.passes(its, filter))),
            opt(&filter.or, |any| any.iter().any(|filter| self.passes(its, filter))),
            opt(&filter.not, |not| !self.passes(its, not)),
            opt(&filter.search, |search| {
                let mut words = appointment_words(row.title.as_deref(), row.location.as_deref());
                words.extend(words_of(contact, shows));
                found(search, &words)
            }),
            opt(&filter.range, |range| overlaps(*range, row.starts_at, row.ends_at)),
            opt(&filter.calendars, |ids| self.has_access_to(calendar) && ids.contains(&calendar.id)),
            opt(&filter.groups, |ids| {
                self.has_access_to(calendar) && calendar.group.is_some_and(|group| ids.contains(&group))
            }),
            opt(&filter.assignee, |person| self.is(person, &[row.assignee_id])),
            opt(&filter.attendees, |person| self.is(person, &its.attendees)),
            opt(&filter.contacts, |ids| shows && ids.contains(&contact.id)),
            opt(&filter.of_contact, |of| self.contact_passes(contact, shows, of)),
            opt(&filter.statuses, |statuses| statuses.contains(&row.status)),
            opt(&filter.overbooked, |wanted| row.overbooked == *wanted),
            opt(&filter.starts, |time| within(*time, row.starts_at)),
            opt(&filter.created, |time| within(*time, row.created_at)),
            opt(&filter.updated, |time| within(*time, row.updated_at)),
        ];
        all.into_iter().all(|holds| holds)
    }

    // A8
    fn contact_passes(&self, contact: &OfContact, shows: bool, filter: &ContactFilter) -> bool {
        let owner: Vec<UserId> = contact.owner.filter(|_| shows).into_iter().collect();
        let followers = if shows { &contact.followers[..] } else { &[] };
        let all = [
            opt(&filter.not, |not| !self.contact_passes(contact, shows, not)),
            opt(&filter.owner, |person| self.is(person, &owner)),
            opt(&filter.followers, |person| self.is(person, followers)),
            opt(&filter.has_tags, |wanted| (contact.is_tagged && shows) == *wanted),
            opt(&filter.name, |name| {
                let begins = name.starts_with.as_deref().expect("the only condition");
                contact.name.to_lowercase().starts_with(begins)
            }),
            opt(&filter.search, |search| found(search, &words_of(contact, shows))),
        ];
        all.into_iter().all(|holds| holds)
    }

    fn is(&self, filter: &PersonFilter, people: &[UserId]) -> bool {
        match filter {
            PersonFilter::Is(user) => people.contains(user),
            PersonFilter::IsNot(user) => !people.contains(user),
            PersonFilter::In(users) => users.iter().any(|user| people.contains(user)),
            PersonFilter::Any => !people.is_empty(),
            PersonFilter::Nobody => people.is_empty(),
            PersonFilter::Me => people.contains(&self.user),
        }
    }
}

fn words_of(contact: &OfContact, shows: bool) -> BTreeSet<String> {
    let words = contact_words([Some(contact.name), None, None], [contact.email], []);
    words.into_iter().filter(|(_, of_the_name)| shows || *of_the_name).map(|(word, _)| word).collect()
}

fn found(search: &Search, words: &BTreeSet<String>) -> bool {
    let begins = |wanted: &String| words.iter().any(|word| word.starts_with(wanted.as_str()));
    search.terms().iter().all(|term| term.readings().iter().any(|reading| reading.iter().all(begins)))
}

fn overlaps(range: TimeRange, starts: Timestamp, ends: Timestamp) -> bool {
    range.from.is_none_or(|from| ends > from) && range.until.is_none_or(|until| starts < until)
}

fn within(time: TimeFilter, at: Timestamp) -> bool {
    time.from.is_none_or(|from| at >= from) && time.before.is_none_or(|before| at < before)
}

fn opt<T>(condition: &Option<T>, holds: impl FnOnce(&T) -> bool) -> bool {
    condition.as_ref().is_none_or(holds)
}
