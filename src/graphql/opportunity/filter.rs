//! Which opportunities callers ask for.

use async_graphql::{ID, InputObject};
use policy::MONETARY_VALUE;

use super::types::Status;
use crate::domain::access::{AmountFilter, OpportunityFilter};
use crate::graphql::contact::ContactFilterInput;
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::gated::needs;
use crate::graphql::id::{all_required, required};
use crate::graphql::lists::{
    AmountFilterInput, Reading, TextFilterInput, TimeFilterInput, UserFilter, choices,
};

/// Which opportunities a list holds. Everything that is given must hold; an empty filter lets everything pass. At most 8
/// levels deep and 100 parts large.
#[derive(InputObject, Clone, Debug, Default)]
#[graphql(name = "OpportunityFilter")]
pub struct OpportunityFilterInput {
    /// All of these must hold as well. An empty list lets everything pass.
    and: Option<Vec<OpportunityFilterInput>>,
    /// At least one of these must hold. An empty list lets nothing pass.
    or: Option<Vec<OpportunityFilterInput>>,
    /// This must not hold.
    not: Option<Box<OpportunityFilterInput>>,
    /// Every word of it begins a word of the opportunity's name or of its contact's name, without regard to case, or,
    /// where the viewer may see the contact, of the contact's company, e-mail addresses and phone numbers. At most 10
    /// words and 200 characters; without any, everything passes.
    search: Option<String>,
    /// By who owns them.
    owner: Option<UserFilter>,
    /// By who follows them.
    followers: Option<UserFilter>,
    /// Only those of this contact. None pass when the viewer may not see the contact.
    contact_id: Option<ID>,
    /// By their contact. One that the viewer may not see has a name and nothing else here: `isNull` and `not` hold of
    /// everything about it.
    contact: Option<Box<ContactFilterInput>>,
    /// Only those in one of these pipelines; at most 100.
    pipeline_ids: Option<Vec<ID>>,
    /// Only those in one of these stages; at most 100.
    stage_ids: Option<Vec<ID>>,
    /// Only those that stand in one of these ways.
    statuses: Option<Vec<Status>>,
    /// By the name.
    name: Option<TextFilterInput>,
    /// By where they came from.
    source: Option<TextFilterInput>,
    /// By why they were lost.
    lost_reason: Option<TextFilterInput>,
    /// By what they are worth. Needs `VIEW_LEAD_VALUE`: without it the list is refused.
    #[graphql(directive = needs::apply(MONETARY_VALUE.needs.into()))]
    monetary_value: Option<AmountFilterInput>,
    /// By when they were made.
    created_at: Option<TimeFilterInput>,
    /// By when they themselves last changed.
    updated_at: Option<TimeFilterInput>,
    /// By when they came into their stage.
    stage_changed_at: Option<TimeFilterInput>,
    /// By when their status last changed.
    status_changed_at: Option<TimeFilterInput>,
    /// By when anything last happened to them.
    last_activity_at: Option<TimeFilterInput>,
}

impl OpportunityFilterInput {
    /// The filter of the domain.
    ///
    /// # Errors
    /// Bad input; forbidden, when a part of it needs a permission that the viewer lacks.
    pub fn decode(self, viewpoint: &Viewpoint) -> Result<OpportunityFilter, Failure> {
        self.read(&Reading::new(viewpoint))
    }

    /// The same as a part of a larger filter.
    ///
    /// # Errors
    /// As [`OpportunityFilterInput::decode`].
    pub fn read(self, reading: &Reading<'_>) -> Result<OpportunityFilter, Failure> {
        reading.part(|reading| self.fields(reading))
    }

    fn fields(self, reading: &Reading<'_>) -> Result<OpportunityFilter, Failure> {
        let text = |filter: Option<TextFilterInput>, name: &str| {
            filter.map(|filter| filter.decode(name)).transpose()
        };
        let pipelines = choices(self.pipeline_ids, "pipelineIds")?;
        let stages = choices(self.stage_ids, "stageIds")?;
        let statuses = choices(self.statuses, "statuses")?;
        Ok(OpportunityFilter {
            and: reading.parts(self.and, Self::read)?,
            or: reading.parts(self.or, Self::read)?,
            not: self.not.map(|not| not.read(reading).map(Box::new)).transpose()?,
            search: reading.search(self.search)?,
            owner: self.owner.map(UserFilter::decode).transpose()?,
            followers: self.followers.map(UserFilter::decode).transpose()?,
            contact: self.contact_id.map(|id| required(&id, "contactId")).transpose()?,
            of_contact: reading.relation(self.contact, ContactFilterInput::read)?,
            pipelines: pipelines.map(|ids| all_required(&ids, "pipelineIds")).transpose()?,
            stages: stages.map(|ids| all_required(&ids, "stageIds")).transpose()?,
            statuses: statuses.map(|all| all.into_iter().map(Into::into).collect()),
            name: text(self.name, "name")?,
            source: text(self.source, "source")?,
            lost_reason: text(self.lost_reason, "lostReason")?,
            value: self.monetary_value.map(|value| amount(value, reading)).transpose()?,
            created: self.created_at.map(Into::into),
            updated: self.updated_at.map(Into::into),
            stage_changed: self.stage_changed_at.map(Into::into),
            status_changed: self.status_changed_at.map(Into::into),
            last_activity: self.last_activity_at.map(Into::into),
        })
    }
}

fn amount(filter: AmountFilterInput, reading: &Reading<'_>) -> Result<AmountFilter, Failure> {
    reading.require(MONETARY_VALUE)?;
    Ok(filter.decode(&reading.viewpoint().access().account().currency))
}
