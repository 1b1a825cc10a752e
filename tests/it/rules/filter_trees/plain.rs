//! What filters mean, in plain Rust over the records that somebody may see.

use std::collections::BTreeSet;

use entity::{Timestamp, UserId};
use policy::Permission::{ViewContacts, ViewOpportunities};
use retinue::domain::access::{
    Access, AmountFilter, ChannelFilter, ContactFilter, OpportunityFilter, PersonFilter, TextFilter,
    TimeFilter,
};
use retinue::domain::contact::display_name;
use retinue::domain::search::{Search, contact_words, opportunity_words};

use super::facts::{Contact, Deal, Facts};

/// Whose eyes the records are seen through.
#[derive(Debug)]
pub struct Eyes<'f> {
    facts: &'f Facts,
    user: UserId,
    restricted: bool,
    sees_contacts: bool,
    sees_deals: bool,
}

/// A contact as it shows.
#[derive(Clone, Copy)]
enum Shown<'f> {
    Whole(&'f Contact),
    /// A8: nothing but its display name.
    Named(&'f Contact),
}

impl<'f> Eyes<'f> {
    pub fn of(facts: &'f Facts, access: &Access) -> Self {
        let actor = access.actor();
        Self {
            facts,
            user: actor.user.expect("somebody"),
            restricted: actor.restricted,
            sees_contacts: actor.holds(ViewContacts),
            sees_deals: actor.holds(ViewOpportunities),
        }
    }

    // A1
    pub fn sees(&self, contact: &Contact) -> bool {
        let related = contact.row.owner_id == Some(self.user) || contact.followers.contains(&self.user);
        self.sees_contacts && (!self.restricted || related)
    }

    fn sees_deal(&self, deal: &Deal) -> bool {
        let related = deal.row.owner_id == Some(self.user) || deal.followers.contains(&self.user);
        self.sees_deals && (!self.restricted || related)
    }

    pub fn contacts(&self) -> impl Iterator<Item = &'f Contact> {
        self.facts.contacts.iter().filter(|contact| self.sees(contact))
    }

    pub fn deals(&self) -> impl Iterator<Item = &'f Deal> {
        self.facts.deals.iter().filter(|deal| self.sees_deal(deal))
    }

    /// Whether a contact that they see passes.
    pub fn passes(&self, contact: &'f Contact, filter: &ContactFilter) -> bool {
        self.shown_passes(Shown::Whole(contact), filter)
    }

    fn shown_passes(&self, shown: Shown<'f>, filter: &ContactFilter) -> bool {
        let (contact, whole) = match shown {
            Shown::Whole(contact) => (contact, Some(contact)),
            Shown::Named(contact) => (contact, None),
        };
        let row = whole.map(|contact| &contact.row);
        let name = named(contact);
        let owner: Vec<UserId> = row.and_then(|row| row.owner_id).into_iter().collect();
        let followers = whole.map(|contact| contact.followers.clone()).unwrap_or_default();
        let tags: Vec<String> =
            whole.into_iter().flat_map(|contact| &contact.tags).map(|tag| tag.to_lowercase()).collect();
        let of = |text: fn(&entity::contact::Model) -> &Option<String>| -> Vec<String> {
            row.and_then(|row| text(row).clone()).into_iter().collect()
        };
        let emails = whole.map(|contact| contact.emails.clone()).unwrap_or_default();
        let phones = whole.map(|contact| contact.phones.clone()).unwrap_or_default();
        let closed = row.map(|row| row.do_not_disturb);
        let deals: Vec<&Deal> =
            self.deals().filter(|deal| whole.is_some() && deal.row.contact_id == contact.row.id).collect();

        let all = [
            opt(&filter.and, |all| all.iter().all(|filter| self.shown_passes(shown, filter))),
            opt(&filter.or, |any| any.iter().any(|filter| self.shown_passes(shown, filter))),
            opt(&filter.not, |not| !self.shown_passes(shown, not)),
            opt(&filter.search, |search| found(search, &words(shown))),
            opt(&filter.owner, |person| self.is(person, &owner)),
            opt(&filter.followers, |person| self.is(person, &followers)),
            opt(&filter.any_tag, |any| any.iter().any(|tag| tags.contains(tag))),
            opt(&filter.all_tags, |all| all.iter().all(|tag| tags.contains(tag))),
            opt(&filter.has_tags, |wanted| tags.is_empty() != *wanted),
            opt(&filter.name, |text| texts(text, std::slice::from_ref(&name))),
            opt(&filter.company, |text| texts(text, &of(|row| &row.company))),
            opt(&filter.email, |text| texts(text, &emails)),
            opt(&filter.phone, |text| texts(text, &phones)),
            opt(&filter.city, |text| texts(text, &of(|row| &row.city))),
            opt(&filter.region, |text| texts(text, &of(|row| &row.region))),
            opt(&filter.postal_code, |text| texts(text, &of(|row| &row.postal_code))),
            opt(&filter.country, |text| texts(text, &of(|row| &row.country))),
            opt(&filter.source, |text| texts(text, &of(|row| &row.source))),
            opt(&filter.do_not_disturb, |channels| sees_it_close(*channels, closed.unwrap_or_default())),
            opt(&filter.created, |time| within(*time, row.map(|row| row.created_at))),
            opt(&filter.updated, |time| within(*time, row.map(|row| row.updated_at))),
            opt(&filter.last_activity, |time| within(*time, row.map(|row| row.last_activity_at))),
            opt(&filter.opportunities, |of| {
                opt(&of.some, |some| deals.iter().any(|deal| self.lets_pass(deal, some)))
                    && opt(&of.every, |every| deals.iter().all(|deal| self.lets_pass(deal, every)))
                    && opt(&of.none, |none| !deals.iter().any(|deal| self.lets_pass(deal, none)))
            }),
        ];
        all.into_iter().all(|holds| holds)
    }

    /// Whether an opportunity that they see passes.
    pub fn lets_pass(&self, deal: &'f Deal, filter: &OpportunityFilter) -> bool {
        let row = &deal.row;
        let contact = self.facts.contacts.iter().find(|contact| contact.row.id == row.contact_id);
        let contact = contact.expect("every opportunity has a contact");
        let shown = if self.sees(contact) { Shown::Whole(contact) } else { Shown::Named(contact) };
        let owner: Vec<UserId> = row.owner_id.into_iter().collect();
        let of = |text: &Option<String>| -> Vec<String> { text.clone().into_iter().collect() };
        let all = [
            opt(&filter.and, |all| all.iter().all(|filter| self.lets_pass(deal, filter))),
            opt(&filter.or, |any| any.iter().any(|filter| self.lets_pass(deal, filter))),
            opt(&filter.not, |not| !self.lets_pass(deal, not)),
            opt(&filter.search, |search| {
                let mut words = words(shown);
                words.extend(opportunity_words(&row.name));
                found(search, &words)
            }),
            opt(&filter.owner, |person| self.is(person, &owner)),
            opt(&filter.followers, |person| self.is(person, &deal.followers)),
            opt(&filter.contact, |id| row.contact_id == *id && self.sees(contact)),
            opt(&filter.of_contact, |filter| self.shown_passes(shown, filter)),
            opt(&filter.pipelines, |ids| ids.contains(&row.pipeline_id)),
            opt(&filter.stages, |ids| ids.contains(&row.stage_id)),
            opt(&filter.statuses, |statuses| statuses.contains(&row.status)),
            opt(&filter.name, |text| texts(text, std::slice::from_ref(&row.name))),
            opt(&filter.source, |text| texts(text, &of(&row.source))),
            opt(&filter.lost_reason, |text| texts(text, &of(&row.lost_reason))),
            opt(&filter.value, |amount| is_worth(*amount, row.value_minor)),
            opt(&filter.created, |time| within(*time, Some(row.created_at))),
            opt(&filter.updated, |time| within(*time, Some(row.updated_at))),
            opt(&filter.stage_changed, |time| within(*time, Some(row.stage_changed_at))),
            opt(&filter.status_changed, |time| within(*time, Some(row.status_changed_at))),
            opt(&filter.last_activity, |time| within(*time, Some(row.last_activity_at))),
        ];
        all.into_iter().all(|holds| holds)
    }

    fn is(&self, person: &PersonFilter, people: &[UserId]) -> bool {
        match person {
            PersonFilter::Is(user) => people.contains(user),
            PersonFilter::IsNot(user) => !people.contains(user),
            PersonFilter::In(users) => people.iter().any(|person| users.contains(person)),
            PersonFilter::Any => !people.is_empty(),
            PersonFilter::Nobody => people.is_empty(),
            PersonFilter::Me => people.contains(&self.user),
        }
    }
}

fn opt<T>(condition: &Option<T>, holds: impl FnOnce(&T) -> bool) -> bool {
    condition.as_ref().is_none_or(holds)
}

fn named(contact: &Contact) -> String {
    let row = &contact.row;
    display_name(row.first_name.as_deref(), row.last_name.as_deref(), row.company.as_deref())
}

/// What a contact is found by.
fn words(shown: Shown<'_>) -> BTreeSet<String> {
    match shown {
        Shown::Named(contact) => opportunity_words(&named(contact)),
        Shown::Whole(contact) => {
            let row = &contact.row;
            let names = [&row.first_name, &row.last_name, &row.company].map(Option::as_deref);
            let emails = contact.emails.iter().map(String::as_str);
            contact_words(names, emails, contact.phones.iter().map(String::as_str)).into_keys().collect()
        }
    }
}

fn found(search: &Search, words: &BTreeSet<String>) -> bool {
    let begins = |wanted: &String| words.iter().any(|word| word.starts_with(wanted.as_str()));
    search.terms().iter().all(|term| term.readings().iter().any(|reading| reading.iter().all(begins)))
}

/// A condition over texts, of which there may be none.
fn texts(filter: &TextFilter, texts: &[String]) -> bool {
    let texts: Vec<String> = texts.iter().map(|text| text.to_lowercase()).collect();
    let low = |text: &String| text.to_lowercase();
    // Spaces around a text are not a part of it.
    let part = |text: &String| text.to_lowercase().trim().to_owned();
    [
        opt(&filter.is, |is| texts.contains(&low(is))),
        opt(&filter.is_not, |is| !texts.contains(&low(is))),
        opt(&filter.any_of, |any| any.iter().any(|is| texts.contains(&low(is)))),
        opt(&filter.none_of, |none| !none.iter().any(|is| texts.contains(&low(is)))),
        opt(&filter.starts_with, |start| texts.iter().any(|text| text.starts_with(&part(start)))),
        opt(&filter.contains, |inner| texts.iter().any(|text| text.contains(&part(inner)))),
        opt(&filter.is_null, |wanted| texts.is_empty() == *wanted),
    ]
    .into_iter()
    .all(|holds| holds)
}

fn sees_it_close(filter: ChannelFilter, closed: i32) -> bool {
    opt(&filter.any_of, |any| any.0 & closed != 0)
        && opt(&filter.all_of, |all| all.0 & closed == all.0)
        && opt(&filter.none_of, |none| none.0 & closed == 0)
}

fn within(filter: TimeFilter, at: Option<Timestamp>) -> bool {
    opt(&filter.from, |from| at.is_some_and(|at| at >= *from))
        && opt(&filter.before, |before| at.is_some_and(|at| at < *before))
}

fn is_worth(filter: AmountFilter, worth: Option<i64>) -> bool {
    opt(&filter.at_least, |least| worth.is_some_and(|worth| worth >= *least))
        && opt(&filter.at_most, |most| worth.is_some_and(|worth| worth <= *most))
        && opt(&filter.is_null, |wanted| worth.is_none() == *wanted)
}
