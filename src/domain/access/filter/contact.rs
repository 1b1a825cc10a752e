//! Which contacts.

use policy::Contact;
use sea_orm::ExprTrait;
use sea_orm::sea_query::{Cond, Expr, Query};

use super::Filter;
use super::opportunity::OpportunityFilter;
use super::people::PersonFilter;
use super::truth::Truth;
use super::values::{TextFilter, TimeFilter};
use crate::domain::access::{Access, search};
use crate::domain::contact::Channels;
use crate::domain::search::Search;
use crate::domain::text;

/// Which contacts. Everything that is given must hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct ContactFilter {
    /// All of these.
    pub and: Option<Vec<ContactFilter>>,
    /// At least one of these.
    pub or: Option<Vec<ContactFilter>>,
    /// Not this.
    pub not: Option<Box<ContactFilter>>,
    /// Every word of it begins a word of the contact.
    pub search: Option<Search>,
    /// By owner.
    pub owner: Option<PersonFilter>,
    /// By follower.
    pub followers: Option<PersonFilter>,
    /// Has at least one of these tags.
    pub any_tag: Option<Vec<String>>,
    /// Has every one of these tags.
    pub all_tags: Option<Vec<String>>,
    /// Has any tag at all, or none.
    pub has_tags: Option<bool>,
    /// By display name.
    pub name: Option<TextFilter>,
    /// By company.
    pub company: Option<TextFilter>,
    /// By any of the e-mail addresses.
    pub email: Option<TextFilter>,
    /// By any of the phone numbers, in E.164.
    pub phone: Option<TextFilter>,
    /// By city.
    pub city: Option<TextFilter>,
    /// By state or region.
    pub region: Option<TextFilter>,
    /// By postal code.
    pub postal_code: Option<TextFilter>,
    /// By country, in capital letters.
    pub country: Option<TextFilter>,
    /// By source.
    pub source: Option<TextFilter>,
    /// By the channels on which not to disturb.
    pub do_not_disturb: Option<ChannelFilter>,
    /// By when it was made.
    pub created: Option<TimeFilter>,
    /// By when it last changed.
    pub updated: Option<TimeFilter>,
    /// By its last activity.
    pub last_activity: Option<TimeFilter>,
    /// By those of its opportunities that the viewer may see.
    pub opportunities: Option<OpportunitiesFilter>,
}

/// Which channels are closed. Everything that is given must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct ChannelFilter {
    /// At least one of these.
    pub any_of: Option<Channels>,
    /// Every one of these.
    pub all_of: Option<Channels>,
    /// None of these.
    pub none_of: Option<Channels>,
}

/// Which opportunities a contact has, among those that the viewer may see. Everything that is given must hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct OpportunitiesFilter {
    /// At least one such.
    pub some: Option<Box<OpportunityFilter>>,
    /// None but such; true without any.
    pub every: Option<Box<OpportunityFilter>>,
    /// No such.
    pub none: Option<Box<OpportunityFilter>>,
}

/// How much of a contact shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Showing {
    /// Everything.
    Whole,
    /// Its display name: everything else counts as absent (A8).
    NameAlone,
}

impl Filter<Contact> for ContactFilter {
    fn condition(&self, access: &Access) -> Cond {
        self.truth(access, Showing::Whole).into_condition()
    }

    fn searches(&self) -> Vec<&Search> {
        let deeper = self.and.iter().flatten().flat_map(Self::searches);
        self.search.iter().chain(deeper).collect()
    }
}

impl ContactFilter {
    pub(super) fn truth(&self, access: &Access, showing: Showing) -> Truth {
        let deeper = |filter: &Self| filter.truth(access, showing);
        Truth::all(
            [
                self.and.as_ref().map(|all| Truth::all(all.iter().map(deeper))),
                self.or.as_ref().map(|any| Truth::any(any.iter().map(deeper))),
                self.not.as_ref().map(|not| deeper(not).not()),
                self.search.as_ref().map(|search| search::in_contact(search, showing == Showing::NameAlone)),
                Some(self.people(access, showing)),
                Some(self.tags(showing)),
                Some(self.texts(showing)),
                Some(self.times(showing)),
                self.do_not_disturb.map(|channels| channels.truth(showing)),
                self.opportunities.as_ref().map(|opportunities| opportunities.truth(access, showing)),
            ]
            .into_iter()
            .flatten(),
        )
    }

    fn people(&self, access: &Access, showing: Showing) -> Truth {
        if showing == Showing::NameAlone {
            let people = [&self.owner, &self.followers].into_iter().flatten();
            return Truth::all(people.map(|person| person.of_nobody(access)));
        }
        let owner = self.owner.as_ref().map(|owner| owner.of_owner::<Contact>(access));
        let followers = self.followers.as_ref().map(|followers| followers.of_followers::<Contact>(access));
        Truth::all([owner, followers].into_iter().flatten())
    }

    fn tags(&self, showing: Showing) -> Truth {
        let has_tag = |tags: Option<&[String]>| match (showing, tags) {
            (Showing::NameAlone, _) | (_, Some([])) => Truth::Never,
            (Showing::Whole, tags) => tagged(tags),
        };
        let every = self.all_tags.iter().flatten().map(|tag| has_tag(Some(std::slice::from_ref(tag))));
        let any = self.any_tag.as_deref().map(|tags| has_tag(Some(tags)));
        let some = self.has_tags.map(|wanted| if wanted { has_tag(None) } else { has_tag(None).not() });
        Truth::all(every.chain(any).chain(some))
    }

    fn texts(&self, showing: Showing) -> Truth {
        let name = self.name.as_ref().map(|name| name.map(text::fold).of_column(&column("name_key")));
        let texts = [
            ("company_key", &self.company),
            ("city_key", &self.city),
            ("region_key", &self.region),
            ("postal_code_key", &self.postal_code),
            ("source_key", &self.source),
        ];
        let texts = texts.into_iter().filter_map(|(name, filter)| Some((name, filter.as_ref()?)));
        let texts = texts.map(|(name, filter)| match showing {
            Showing::NameAlone => filter.of_nothing(),
            Showing::Whole => filter.map(text::fold).of_column(&column(name)),
        });
        let country = self.country.as_ref().map(|country| match showing {
            Showing::NameAlone => country.of_nothing(),
            Showing::Whole => {
                country.map(|code| text::fold(code).to_uppercase()).of_column(&column("country"))
            }
        });
        let parts = [("contact_email", "address_key", &self.email), ("contact_phone", "number", &self.phone)];
        let parts =
            parts.into_iter().filter_map(|(table, name, filter)| Some((table, name, filter.as_ref()?)));
        let parts = parts.map(|(table, name, filter)| match showing {
            Showing::NameAlone => filter.of_nothing(),
            Showing::Whole if name == "number" => of_parts(filter, table, name),
            Showing::Whole => of_parts(&filter.map(text::fold), table, name),
        });
        Truth::all(name.into_iter().chain(texts).chain(country).chain(parts))
    }

    fn times(&self, showing: Showing) -> Truth {
        let times = [
            ("created_at", self.created),
            ("updated_at", self.updated),
            ("last_activity_at", self.last_activity),
        ];
        let times = times.into_iter().filter_map(|(name, filter)| Some((name, filter?)));
        Truth::all(times.map(|(name, filter)| match showing {
            Showing::NameAlone => filter.of_nothing(),
            Showing::Whole => filter.of_column(&column(name)),
        }))
    }
}

impl ChannelFilter {
    fn truth(self, showing: Showing) -> Truth {
        let closed = |channels: Channels| match (showing, channels.0) {
            (Showing::NameAlone, _) | (_, 0) => Truth::Never,
            (Showing::Whole, bits) => Truth::when(column("do_not_disturb").bit_and(bits).ne(0)),
        };
        let every = self.all_of.into_iter().flat_map(Channels::iter);
        let every = every.map(|channel| closed(std::iter::once(channel).collect()));
        let any = self.any_of.map(closed);
        let none = self.none_of.map(|channels| closed(channels).not());
        Truth::all(every.chain(any).chain(none))
    }
}

impl OpportunitiesFilter {
    fn truth(&self, access: &Access, showing: Showing) -> Truth {
        let has = |passes: Truth| match (showing, passes) {
            (Showing::NameAlone, _) | (_, Truth::Never) => Truth::Never,
            (Showing::Whole, passes) => has_opportunity(access, passes),
        };
        Truth::all(
            [
                self.some.as_ref().map(|some| has(some.truth(access))),
                self.every.as_ref().map(|every| has(every.truth(access).not()).not()),
                self.none.as_ref().map(|none| has(none.truth(access)).not()),
            ]
            .into_iter()
            .flatten(),
        )
    }
}

/// Whether the contact has an opportunity that the viewer may see and that passes.
fn has_opportunity(access: &Access, passes: Truth) -> Truth {
    let mut select = Query::select();
    access.scope_from::<policy::Opportunity>(&mut select);
    select
        .expr(Expr::value(1))
        .and_where(Expr::col(("opportunity", "contact_id")).equals(("contact", "id")))
        .cond_where(passes.into_condition());
    access.one_by_one::<Contact>(&mut select);
    Truth::when(Expr::exists(select))
}

/// Whether the contact has one of these tags, or any.
fn tagged(tags: Option<&[String]>) -> Truth {
    let mut select = Query::select();
    select
        .expr(Expr::value(1))
        .from_as("contact_tag", "tagged")
        .and_where(Expr::col(("tagged", "contact_id")).equals(("contact", "id")));
    if let Some(tags) = tags {
        select.and_where(Expr::col(("tagged", "tag_key")).is_in(tags.iter().map(|tag| text::fold(tag))));
    }
    Truth::when(Expr::exists(select))
}

/// A filter over the e-mail addresses or phone numbers: one of them has to be like that.
fn of_parts(filter: &TextFilter, table: &'static str, name: &'static str) -> Truth {
    let part = || {
        Query::select()
            .expr(Expr::value(1))
            .from_as(table, "part")
            .and_where(Expr::col(("part", "contact_id")).equals(("contact", "id")))
            .take()
    };
    let has = |condition: &dyn Fn(&Expr) -> Expr| {
        let condition = condition(&Expr::col(("part", name)));
        Truth::when(Expr::exists(part().and_where(condition).take()))
    };
    filter.of(|| Truth::when(Expr::exists(part())), has)
}

fn column(name: &'static str) -> Expr {
    Expr::col(("contact", name))
}
