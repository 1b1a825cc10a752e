//! Which opportunities.

use entity::{ContactId, PipelineId, StageId, opportunity};
use policy::{MONETARY_VALUE, Opportunity};
use sea_orm::sea_query::{Cond, Expr};
use sea_orm::{ActiveEnum, ExprTrait};

use super::Filter;
use super::contact::ContactFilter;
use super::its_contact::ItsContact;
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
                self.contact.map(|contact| its_contact(access).is(contact)),
                self.of_contact.as_ref().map(|contact| its_contact(access).passes(contact)),
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

/// The contact of the opportunity in question.
pub(in crate::domain::access) fn its_contact(access: &Access) -> ItsContact<'_> {
    ItsContact { access, table: "opportunity", one_by_one: access.is_driven_by_membership::<Opportunity>() }
}

fn column(name: &'static str) -> Expr {
    Expr::col(("opportunity", name))
}
