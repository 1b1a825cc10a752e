//! Filters of every kind, put together by chance.

use entity::{Timestamp, UserId};
use retinue::domain::access::{
    AppointmentFilter, ContactFilter, PersonFilter, TextFilter, TimeFilter, TimeRange,
};
use retinue::domain::search::Search;

use super::facts::{Facts, STATUSES};
use crate::chance::Chance;

const SEARCHES: [&str; 7] = ["ada", "secret", "first lo", "berlin", "mül", "bea room", ""];

/// Chooses among what there is.
pub struct Chosen<'c> {
    pub facts: &'c Facts,
    pub chance: &'c mut Chance,
}

impl Chosen<'_> {
    pub fn filter(&mut self, depth: usize) -> AppointmentFilter {
        let mut filter = AppointmentFilter::default();
        for _ in 0..=self.chance.below(2) {
            self.condition(&mut filter, depth);
        }
        filter
    }

    fn condition(&mut self, filter: &mut AppointmentFilter, depth: usize) {
        let few = 1 + self.chance.below(2);
        match self.chance.below(if depth == 0 { 12 } else { 16 }) {
            0 => filter.search = Search::parse(SEARCHES[self.chance.below(SEARCHES.len())]).ok(),
            1 => {
                let from = self.moment();
                let until = Timestamp(from.0 + 3_600_000_000 * (1 + self.below(40)));
                filter.range = Some(TimeRange {
                    from: (!self.chance.one_in(5)).then_some(from),
                    until: (!self.chance.one_in(5)).then_some(until),
                });
            }
            2 => {
                filter.calendars = Some((0..few).map(|_| self.chance.of(&self.facts.calendars).id).collect());
            }
            3 => filter.groups = Some(vec![*self.chance.of(&self.facts.groups)]),
            4 => filter.assignee = Some(self.person()),
            5 => filter.attendees = Some(self.person()),
            6 => {
                filter.contacts = Some((0..few).map(|_| self.chance.of(&self.facts.contacts).id).collect());
            }
            7 => filter.of_contact = Some(Box::new(self.contact(1))),
            8 => filter.statuses = Some((0..few).map(|_| *self.chance.of(&STATUSES)).collect()),
            9 => filter.overbooked = Some(self.chance.one_in(2)),
            10 => filter.starts = Some(self.time()),
            11 => {
                let times = if self.chance.one_in(2) { &mut filter.created } else { &mut filter.updated };
                let made = &self.facts.all[self.chance.below(self.facts.all.len())].row.created_at;
                *times = Some(TimeFilter { from: Some(*made), before: None });
            }
            12 => filter.and = Some(self.parts(depth)),
            13 => filter.or = Some(self.parts(depth)),
            _ => filter.not = Some(Box::new(self.filter(depth - 1))),
        }
    }

    fn parts(&mut self, depth: usize) -> Vec<AppointmentFilter> {
        (0..self.chance.below(3)).map(|_| self.filter(depth - 1)).collect()
    }

    fn person(&mut self) -> PersonFilter {
        let somebody = |chance: &mut Chance, people: &[UserId]| *chance.of(people);
        match self.chance.below(6) {
            0 => PersonFilter::Is(somebody(self.chance, &self.facts.people)),
            1 => PersonFilter::IsNot(somebody(self.chance, &self.facts.people)),
            2 => {
                let few = self.chance.below(3);
                PersonFilter::In((0..few).map(|_| somebody(self.chance, &self.facts.people)).collect())
            }
            3 => PersonFilter::Any,
            4 => PersonFilter::Nobody,
            _ => PersonFilter::Me,
        }
    }

    fn contact(&mut self, depth: usize) -> ContactFilter {
        let mut filter = ContactFilter::default();
        match self.chance.below(if depth == 0 { 5 } else { 6 }) {
            0 => filter.owner = Some(self.person()),
            1 => filter.followers = Some(self.person()),
            2 => filter.has_tags = Some(self.chance.one_in(2)),
            3 => {
                filter.name = Some(TextFilter { starts_with: Some("ad".into()), ..TextFilter::default() });
            }
            4 => filter.search = Search::parse(SEARCHES[self.chance.below(SEARCHES.len())]).ok(),
            _ => filter.not = Some(Box::new(self.contact(0))),
        }
        filter
    }

    fn time(&mut self) -> TimeFilter {
        let from = self.moment();
        match self.chance.below(3) {
            0 => TimeFilter { from: Some(from), before: None },
            1 => TimeFilter { from: None, before: Some(from) },
            _ => {
                let before = Timestamp(from.0 + 3_600_000_000 * self.below(30));
                TimeFilter { from: Some(from), before: Some(before) }
            }
        }
    }

    /// A moment at which something begins or ends, or none does.
    fn moment(&mut self) -> Timestamp {
        let row = &self.facts.all[self.chance.below(self.facts.all.len())].row;
        match self.chance.below(3) {
            0 => row.starts_at,
            1 => row.ends_at,
            _ => Timestamp(self.facts.start.0 + 3_600_000_000 * self.below(100) + 1),
        }
    }

    fn below(&mut self, count: usize) -> i64 {
        i64::try_from(self.chance.below(count)).expect("small")
    }
}
