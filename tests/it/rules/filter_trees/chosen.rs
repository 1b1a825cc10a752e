//! Filters by chance.

use entity::Timestamp;
use retinue::domain::access::{
    AmountFilter, ChannelFilter, ContactFilter, OpportunitiesFilter, OpportunityFilter, PersonFilter,
    TextFilter, TimeFilter,
};
use retinue::domain::contact::Channel;
use retinue::domain::search::Search;

use super::facts::{COUNTRIES, EMAILS, Facts, NAMES, PHONES, STATUSES, TAGS, TEXTS};
use crate::chance::Chance;
use crate::world::World;

const QUERIES: [&str; 12] =
    ["ada", "ac", "A", "ada@acme", "030 1234", "4155", "o'n", "oneil", "100%", "öl", "ada acme", ""];

/// Chooses filters.
pub struct Chosen<'c> {
    pub facts: &'c Facts,
    pub world: &'c World,
    pub chance: &'c mut Chance,
}

impl Chosen<'_> {
    /// One over contacts, so many levels deep.
    pub fn contacts(&mut self, depth: usize) -> ContactFilter {
        let mut filter = ContactFilter::default();
        for _ in 0..1 + self.chance.below(2) {
            self.add_to(&mut filter, depth);
        }
        filter
    }

    fn add_to(&mut self, filter: &mut ContactFilter, depth: usize) {
        let deeper = depth.saturating_sub(1);
        match self.chance.below(if depth == 0 { 18 } else { 22 }) {
            0 => filter.search = Search::parse(self.chance.of::<&str>(&QUERIES)).ok(),
            1 => filter.owner = Some(self.person()),
            2 => filter.followers = Some(self.person()),
            3 => filter.any_tag = Some(self.tags()),
            4 => filter.all_tags = Some(self.tags()),
            5 => filter.has_tags = Some(self.chance.one_in(2)),
            6 => filter.name = Some(self.text(&NAMES)),
            7 => filter.company = Some(self.text(&TEXTS)),
            8 => filter.email = Some(self.text(&EMAILS)),
            9 => filter.phone = Some(self.text(&PHONES)),
            10 => filter.city = Some(self.text(&TEXTS)),
            11 => filter.region = Some(self.text(&TEXTS)),
            12 => filter.postal_code = Some(self.text(&TEXTS)),
            13 => filter.source = Some(self.text(&TEXTS)),
            14 => filter.country = Some(self.text(&COUNTRIES)),
            15 => filter.do_not_disturb = Some(self.channels()),
            16 => filter.created = Some(self.time()),
            17 => filter.last_activity = Some(self.time()),
            18 => filter.and = Some((0..self.chance.below(3)).map(|_| self.contacts(deeper)).collect()),
            19 => filter.or = Some((0..self.chance.below(3)).map(|_| self.contacts(deeper)).collect()),
            20 => filter.not = Some(Box::new(self.contacts(deeper))),
            _ => {
                let mut of = OpportunitiesFilter::default();
                let inner = Some(Box::new(self.opportunities(deeper)));
                match self.chance.below(3) {
                    0 => of.some = inner,
                    1 => of.every = inner,
                    _ => of.none = inner,
                }
                filter.opportunities = Some(of);
            }
        }
    }

    /// One over opportunities, so many levels deep.
    pub fn opportunities(&mut self, depth: usize) -> OpportunityFilter {
        let mut filter = OpportunityFilter::default();
        for _ in 0..1 + self.chance.below(2) {
            self.add_to_deals(&mut filter, depth);
        }
        filter
    }

    fn add_to_deals(&mut self, filter: &mut OpportunityFilter, depth: usize) {
        let deeper = depth.saturating_sub(1);
        match self.chance.below(if depth == 0 { 13 } else { 18 }) {
            0 => filter.search = Search::parse(self.chance.of::<&str>(&QUERIES)).ok(),
            1 => filter.owner = Some(self.person()),
            2 => filter.followers = Some(self.person()),
            3 => filter.contact = Some(self.chance.of(&self.facts.contacts).row.id),
            4 => {
                let stages = (0..self.chance.below(3)).map(|_| *self.chance.of(&self.world.stages));
                filter.stages = Some(stages.collect());
            }
            5 => {
                let statuses = (0..self.chance.below(3)).map(|_| *self.chance.of(&STATUSES));
                filter.statuses = Some(statuses.collect());
            }
            6 => filter.name = Some(self.text(&NAMES)),
            7 => filter.source = Some(self.text(&TEXTS)),
            8 => filter.lost_reason = Some(self.text(&TEXTS)),
            9 => filter.value = Some(self.amount()),
            10 => filter.updated = Some(self.time()),
            11 => filter.stage_changed = Some(self.time()),
            12 => filter.status_changed = Some(self.time()),
            13 => filter.and = Some((0..self.chance.below(3)).map(|_| self.opportunities(deeper)).collect()),
            14 => filter.or = Some((0..self.chance.below(3)).map(|_| self.opportunities(deeper)).collect()),
            15 => filter.not = Some(Box::new(self.opportunities(deeper))),
            // The one whose hidden contacts count as absent is asked for more often.
            _ => filter.of_contact = Some(Box::new(self.contacts(deeper))),
        }
    }

    fn person(&mut self) -> PersonFilter {
        let person = *self.chance.of(&self.facts.people);
        match self.chance.below(6) {
            0 => PersonFilter::Is(person),
            1 => PersonFilter::IsNot(person),
            2 => PersonFilter::In(
                (0..self.chance.below(3)).map(|_| *self.chance.of(&self.facts.people)).collect(),
            ),
            3 => PersonFilter::Any,
            4 => PersonFilter::Nobody,
            _ => PersonFilter::Me,
        }
    }

    fn tags(&mut self) -> Vec<String> {
        (0..self.chance.below(3)).map(|_| self.chance.of::<&str>(&TAGS).to_lowercase()).collect()
    }

    fn text(&mut self, texts: &[&str]) -> TextFilter {
        let text = |chance: &mut Chance| (*chance.of(texts)).to_owned();
        let mut filter = TextFilter::default();
        let part = text(self.chance);
        let part: Vec<char> = part.chars().collect();
        let (from, to) = (self.chance.below(part.len()), self.chance.below(part.len() + 1));
        match self.chance.below(7) {
            0 => filter.is = Some(text(self.chance).to_uppercase()),
            1 => filter.is_not = Some(text(self.chance)),
            2 => filter.any_of = Some((0..self.chance.below(3)).map(|_| text(self.chance)).collect()),
            3 => filter.none_of = Some((0..self.chance.below(3)).map(|_| text(self.chance)).collect()),
            4 => filter.starts_with = Some(part[..to].iter().collect()),
            5 => filter.contains = Some(part[from.min(to)..to].iter().collect()),
            _ => filter.is_null = Some(self.chance.one_in(2)),
        }
        filter
    }

    fn channels(&mut self) -> ChannelFilter {
        let channels = Channel::ALL.into_iter().filter(|_| self.chance.one_in(2)).collect();
        let mut filter = ChannelFilter::default();
        match self.chance.below(3) {
            0 => filter.any_of = Some(channels),
            1 => filter.all_of = Some(channels),
            _ => filter.none_of = Some(channels),
        }
        filter
    }

    fn time(&mut self) -> TimeFilter {
        let mut at = || {
            let since = self.chance.below(40) as i64;
            (!self.chance.one_in(3)).then_some(Timestamp(self.facts.seen_at.0 - since * 1_000_000))
        };
        TimeFilter { from: at(), before: at() }
    }

    fn amount(&mut self) -> AmountFilter {
        let mut amount = || self.chance.one_in(2).then(|| self.chance.below(5) as i64 * 100);
        let (at_least, at_most) = (amount(), amount());
        AmountFilter { at_least, at_most, is_null: self.chance.one_in(4).then(|| self.chance.one_in(2)) }
    }
}
