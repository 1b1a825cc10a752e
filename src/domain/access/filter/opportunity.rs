//! Which opportunities.

use entity::{ContactId, PipelineId, StageId, opportunity};
use policy::{MONETARY_VALUE, Opportunity, Scope};
use sea_orm::sea_query::{Cond, Expr, Query};
use sea_orm::{ActiveEnum, ExprTrait};

use super::Filter;
use super::contact::{ContactFilter, Showing};
use super::people::PersonFilter;
use super::truth::Truth;
use super::values::{AmountFilter, TextFilter, TimeFilter};
use crate::domain::access::{Access, search};
use crate::domain::search::Search;
use crate::domain::text;

/// Which opportunities. Everything that is given must hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct OpportunityFilter {
    /// All of these.
    pub and: Option<Vec<OpportunityFilter>>,
    /// At least one of these.
    pub or: Option<Vec<OpportunityFilter>>,
    /// Not this.
    pub not: Option<Box<OpportunityFilter>>,
    /// Every word of it begins a word of the opportunity, or of its contact as far as that shows.
    pub search: Option<Search>,
    /// By owner.
    pub owner: Option<PersonFilter>,
    /// By follower.
    pub followers: Option<PersonFilter>,
    /// Of this contact; answers nothing when the contact is hidden (A8).
    pub contact: Option<ContactId>,
    /// Of such a contact; of one that is hidden, all but the display name counts as absent (A8).
    pub of_contact: Option<Box<ContactFilter>>,
    /// In one of these pipelines.
    pub pipelines: Option<Vec<PipelineId>>,
    /// In one of these stages.
    pub stages: Option<Vec<StageId>>,
    /// With one of these.
    pub statuses: Option<Vec<opportunity::Status>>,
    /// By name.
    pub name: Option<TextFilter>,
    /// By source.
    pub source: Option<TextFilter>,
    /// By why it was lost.
    pub lost_reason: Option<TextFilter>,
    /// By value. Needs `VIEW_LEAD_VALUE`: whoever takes it from a caller refuses it to others (A9), and nothing passes it
    /// here for them.
    pub value: Option<AmountFilter>,
    /// By when it was made.
    pub created: Option<TimeFilter>,
    /// By when it last changed.
    pub updated: Option<TimeFilter>,
    /// By when its stage last changed.
    pub stage_changed: Option<TimeFilter>,
    /// By when its status last changed.
    pub status_changed: Option<TimeFilter>,
    /// By its last activity.
    pub last_activity: Option<TimeFilter>,
}

impl Filter<Opportunity> for OpportunityFilter {
    fn condition(&self, access: &Access) -> Cond {
        self.truth(access).into_condition()
    }

    fn searches(&self) -> Vec<&Search> {
        let deeper = self.and.iter().flatten().flat_map(Self::searches);
        self.search.iter().chain(deeper).collect()
    }
}

impl OpportunityFilter {
    pub(super) fn truth(&self, access: &Access) -> Truth {
        if self.value.is_some() && !access.actor().holds(MONETARY_VALUE.needs) {
            return Truth::Never;
        }
        let deeper = |filter: &Self| filter.truth(access);
        Truth::all(
            [
                self.and.as_ref().map(|all| Truth::all(all.iter().map(deeper))),
                self.or.as_ref().map(|any| Truth::any(any.iter().map(deeper))),
                self.not.as_ref().map(|not| deeper(not).not()),
                self.search.as_ref().map(|search| search::in_opportunity(access, search)),
                self.owner.as_ref().map(|owner| owner.of_owner::<Opportunity>(access)),
                self.followers.as_ref().map(|followers| followers.of_followers::<Opportunity>(access)),
                self.contact.map(|contact| is_of(access, contact)),
                self.of_contact.as_ref().map(|contact| of_contact(access, contact)),
                self.value.map(|value| value.of_column(&column("value_minor"))),
                Some(self.places()),
                Some(self.texts()),
                Some(self.times()),
            ]
            .into_iter()
            .flatten(),
        )
    }

    fn places(&self) -> Truth {
        let pipelines = self.pipelines.as_ref().map(|ids| match ids.is_empty() {
            true => Truth::Never,
            false => Truth::when(column("pipeline_id").is_in(ids.iter().copied())),
        });
        let stages = self.stages.as_ref().map(|ids| match ids.is_empty() {
            true => Truth::Never,
            false => Truth::when(column("stage_id").is_in(ids.iter().copied())),
        });
        let statuses = self.statuses.as_ref().map(|statuses| match statuses.is_empty() {
            true => Truth::Never,
            false => Truth::when(column("status").is_in(statuses.iter().map(ActiveEnum::to_value))),
        });
        Truth::all([pipelines, stages, statuses].into_iter().flatten())
    }

    fn texts(&self) -> Truth {
        let texts =
            [("name_key", &self.name), ("source_key", &self.source), ("lost_reason_key", &self.lost_reason)];
        let texts = texts.into_iter().filter_map(|(name, filter)| Some((name, filter.as_ref()?)));
        Truth::all(texts.map(|(name, filter)| filter.map(text::fold).of_column(&column(name))))
    }

    fn times(&self) -> Truth {
        let times = [
            ("created_at", self.created),
            ("updated_at", self.updated),
            ("stage_changed_at", self.stage_changed),
            ("status_changed_at", self.status_changed),
            ("last_activity_at", self.last_activity),
        ];
        let times = times.into_iter().filter_map(|(name, filter)| Some((name, filter?)));
        Truth::all(times.map(|(name, filter)| filter.of_column(&column(name))))
    }
}

/// Of this contact, which must be visible.
fn is_of(access: &Access, contact: ContactId) -> Truth {
    let visible = Expr::exists(access.visible_id::<policy::Contact>(contact));
    Truth::all([Truth::when(column("contact_id").eq(contact)), Truth::when(visible)])
}

/// Of such a contact. One that is hidden is read as one that has a display name and nothing else.
fn of_contact(access: &Access, filter: &ContactFilter) -> Truth {
    let hidden = match filter.truth(access, Showing::NameAlone) {
        Truth::When(condition) => Truth::when(Expr::exists(
            Query::select()
                .expr(Expr::value(1))
                .from("contact")
                .and_where(Expr::col(("contact", "account_id")).eq(access.actor().account))
                .and_where(is_the_contact())
                .cond_where(condition)
                .take(),
        )),
        settled => settled,
    };
    let visible = filter.truth(access, Showing::Whole);
    Truth::any([
        contact_shows(access, visible),
        Truth::all([contact_shows(access, Truth::Always).not(), hidden]),
    ])
}

/// Whether the viewer may see the opportunity's contact, and it passes.
pub(in crate::domain::access) fn contact_shows(access: &Access, passes: Truth) -> Truth {
    match (access.scope_of_contacts(), &passes) {
        (Scope::Nothing, _) | (_, Truth::Never) => return Truth::Never,
        // Every opportunity has a contact, and every contact is visible.
        (Scope::Everything, Truth::Always) => return Truth::Always,
        _ => {}
    }
    let mut select = Query::select();
    access.scope_from::<policy::Contact>(&mut select);
    select.expr(Expr::value(1)).and_where(is_the_contact()).cond_where(passes.into_condition());
    access.one_by_one::<Opportunity>(&mut select);
    Truth::when(Expr::exists(select))
}

fn is_the_contact() -> Expr {
    Expr::col(("contact", "id")).equals(("opportunity", "contact_id"))
}

fn column(name: &'static str) -> Expr {
    Expr::col(("opportunity", name))
}
