//! Global ids: what callers give, and what it names.

use std::str::FromStr;

use async_graphql::ID;
use entity::{
    AccountId, ActivityId, AppointmentId, BlockedSlotId, CalendarGroupId, CalendarId, ContactId, JobId,
    LostReasonId, NoteId, NotificationId, OpportunityId, PipelineId, SavedViewId, StageId, TaskId, TypedId,
    UserId,
};
use uuid::Uuid;

use super::error::Failure;

/// What an id names. One that is malformed, or of another type, names nothing: it is read as the nil id, which no row
/// has, so that it is answered as any unknown one, by the same statements (A7).
#[must_use]
pub fn named<I: TypedId + FromStr>(id: &ID) -> I {
    id.parse().unwrap_or_else(|_| I::from_uuid(Uuid::nil()))
}

/// The same for a list.
#[must_use]
pub fn all_named<I: TypedId + FromStr>(ids: &[ID]) -> Vec<I> {
    ids.iter().map(named).collect()
}

/// What an id of a filter names.
///
/// # Errors
/// Bad input, when it is malformed or of another type: such a filter is a mistake.
pub fn required<I: TypedId + FromStr>(id: &ID, argument: &str) -> Result<I, Failure> {
    id.parse().map_err(|_| Failure::bad_input(format!("`{argument}` must be the id of a {}", I::PREFIX)))
}

/// The same for a list.
///
/// # Errors
/// As [`required`].
pub fn all_required<I: TypedId + FromStr>(ids: &[ID], argument: &str) -> Result<Vec<I>, Failure> {
    ids.iter().map(|id| required(id, argument)).collect()
}

/// An id of any type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnyId {
    /// Of the account.
    Account(AccountId),
    /// Of a user.
    User(UserId),
    /// Of a contact.
    Contact(ContactId),
    /// Of an opportunity.
    Opportunity(OpportunityId),
    /// Of an appointment.
    Appointment(AppointmentId),
    /// Of a note.
    Note(NoteId),
    /// Of a task.
    Task(TaskId),
    /// Of a pipeline.
    Pipeline(PipelineId),
    /// Of a stage.
    Stage(StageId),
    /// Of an activity.
    Activity(ActivityId),
    /// Of a lost reason.
    LostReason(LostReasonId),
    /// Of a saved view.
    SavedView(SavedViewId),
    /// Of a calendar.
    Calendar(CalendarId),
    /// Of a group of calendars.
    CalendarGroup(CalendarGroupId),
    /// Of a blocked slot.
    BlockedSlot(BlockedSlotId),
    /// Of a job.
    Job(JobId),
    /// Of a notification.
    Notification(NotificationId),
}

impl AnyId {
    /// The id in a text; none when it is of no type.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let parsed = match text.split_once('_')?.0 {
            AccountId::PREFIX => AnyId::Account(text.parse().ok()?),
            UserId::PREFIX => AnyId::User(text.parse().ok()?),
            ContactId::PREFIX => AnyId::Contact(text.parse().ok()?),
            OpportunityId::PREFIX => AnyId::Opportunity(text.parse().ok()?),
            AppointmentId::PREFIX => AnyId::Appointment(text.parse().ok()?),
            NoteId::PREFIX => AnyId::Note(text.parse().ok()?),
            TaskId::PREFIX => AnyId::Task(text.parse().ok()?),
            PipelineId::PREFIX => AnyId::Pipeline(text.parse().ok()?),
            StageId::PREFIX => AnyId::Stage(text.parse().ok()?),
            ActivityId::PREFIX => AnyId::Activity(text.parse().ok()?),
            LostReasonId::PREFIX => AnyId::LostReason(text.parse().ok()?),
            SavedViewId::PREFIX => AnyId::SavedView(text.parse().ok()?),
            CalendarId::PREFIX => AnyId::Calendar(text.parse().ok()?),
            CalendarGroupId::PREFIX => AnyId::CalendarGroup(text.parse().ok()?),
            BlockedSlotId::PREFIX => AnyId::BlockedSlot(text.parse().ok()?),
            JobId::PREFIX => AnyId::Job(text.parse().ok()?),
            NotificationId::PREFIX => AnyId::Notification(text.parse().ok()?),
            _ => return None,
        };
        Some(parsed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // A7
    #[test]
    fn what_names_nothing_is_the_nil_id() {
        let opportunity = OpportunityId(Uuid::from_u128(7)).to_string();
        for text in ["", "contact_", "7", opportunity.as_str()] {
            assert_eq!(named::<ContactId>(&ID::from(text)), ContactId(Uuid::nil()), "{text}");
        }
    }

    #[test]
    fn every_type_of_id_is_known_by_its_prefix() {
        let uuid = Uuid::from_u128(7);
        for id in [
            AnyId::Account(AccountId(uuid)),
            AnyId::User(UserId(uuid)),
            AnyId::Contact(ContactId(uuid)),
            AnyId::Opportunity(OpportunityId(uuid)),
            AnyId::Appointment(AppointmentId(uuid)),
            AnyId::Note(NoteId(uuid)),
            AnyId::Task(TaskId(uuid)),
            AnyId::Pipeline(PipelineId(uuid)),
            AnyId::Stage(StageId(uuid)),
            AnyId::Activity(ActivityId(uuid)),
            AnyId::LostReason(LostReasonId(uuid)),
            AnyId::SavedView(SavedViewId(uuid)),
            AnyId::Calendar(CalendarId(uuid)),
            AnyId::CalendarGroup(CalendarGroupId(uuid)),
            AnyId::BlockedSlot(BlockedSlotId(uuid)),
            AnyId::Job(JobId(uuid)),
            AnyId::Notification(NotificationId(uuid)),
        ] {
            let text = match id {
                AnyId::Account(id) => id.to_string(),
                AnyId::User(id) => id.to_string(),
                AnyId::Contact(id) => id.to_string(),
                AnyId::Opportunity(id) => id.to_string(),
                AnyId::Appointment(id) => id.to_string(),
                AnyId::Note(id) => id.to_string(),
                AnyId::Task(id) => id.to_string(),
                AnyId::Pipeline(id) => id.to_string(),
                AnyId::Stage(id) => id.to_string(),
                AnyId::Activity(id) => id.to_string(),
                AnyId::LostReason(id) => id.to_string(),
                AnyId::SavedView(id) => id.to_string(),
                AnyId::Calendar(id) => id.to_string(),
                AnyId::CalendarGroup(id) => id.to_string(),
                AnyId::BlockedSlot(id) => id.to_string(),
                AnyId::Job(id) => id.to_string(),
                AnyId::Notification(id) => id.to_string(),
            };
            assert_eq!(AnyId::parse(&text), Some(id));
        }
    }
}
