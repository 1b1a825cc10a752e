//! The history: one row per change, never edited (N1).

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    AccountId, ActivityId, AppointmentId, CalendarId, ContactId, NoteId, OpportunityId, PipelineId, StageId,
    TaskId, Timestamp, UserId,
};

/// Through what a change came about (N1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Cause {
    /// A person, by a request of their own.
    #[sea_orm(string_value = "USER")]
    User,
    /// A setting that adds followers.
    #[sea_orm(string_value = "AUTO_FOLLOW")]
    AutoFollow,
    /// An import.
    #[sea_orm(string_value = "IMPORT")]
    Import,
    /// The command line.
    #[sea_orm(string_value = "COMMAND_LINE")]
    CommandLine,
    /// The clock: an end that was set beforehand came.
    #[sea_orm(string_value = "CLOCK")]
    Clock,
}

/// One change of one subject: a contact, an opportunity, a user, a pipeline or stage, a calendar, an appointment, or (none
/// of them) the account.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "activity")]
pub struct Model {
    /// Primary key; grows with time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ActivityId,
    /// The tenant.
    pub account_id: AccountId,
    /// When.
    pub at: Timestamp,
    /// Who; none for the command line and the clock.
    pub actor_id: Option<UserId>,
    /// Through what.
    pub cause: Cause,
    /// The activity that this one follows from.
    pub caused_by: Option<ActivityId>,
    /// Past tense, `contact.owner_changed`.
    pub kind: String,
    /// The contact that changed.
    pub contact_id: Option<ContactId>,
    /// The opportunity that changed.
    pub opportunity_id: Option<OpportunityId>,
    /// The user that changed.
    pub user_id: Option<UserId>,
    /// The pipeline that changed, or whose stage did.
    pub pipeline_id: Option<PipelineId>,
    /// The stage that changed.
    pub stage_id: Option<StageId>,
    /// The calendar that changed; of a blocked slot, the calendar that it is in the way of.
    pub calendar_id: Option<CalendarId>,
    /// The appointment that changed; its contact is named too.
    pub appointment_id: Option<AppointmentId>,
    /// The note that changed; its record is named too.
    pub note_id: Option<NoteId>,
    /// The task that changed; its record is named too.
    pub task_id: Option<TaskId>,
    /// Salted SHA-256 of the values, which lie in `activity_value` and may be purged.
    pub values_hash: Option<Vec<u8>>,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
