//! What people are told.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{AccountId, ActivityId, ContactId, NotificationId, OpportunityId, Timestamp, UserId};

/// What a notice is about (N3).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    EnumIter,
    DeriveActiveEnum,
    Serialize,
    Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// A record came to be.
    #[sea_orm(string_value = "RECORD_CREATED")]
    RecordCreated,
    /// Fields, stage or status of a record changed.
    #[sea_orm(string_value = "RECORD_UPDATED")]
    RecordUpdated,
    /// A record was deleted.
    #[sea_orm(string_value = "RECORD_DELETED")]
    RecordDeleted,
    /// A record is there again.
    #[sea_orm(string_value = "RECORD_RESTORED")]
    RecordRestored,
    /// A record has another owner, or none.
    #[sea_orm(string_value = "OWNER_CHANGED")]
    OwnerChanged,
    /// Others follow a record, or follow it no more.
    #[sea_orm(string_value = "FOLLOWERS_CHANGED")]
    FollowersChanged,
    /// A note was written, changed or deleted.
    #[sea_orm(string_value = "NOTE")]
    Note,
    /// A task was made, changed, done or deleted.
    #[sea_orm(string_value = "TASK")]
    Task,
    /// An appointment was booked, changed or deleted.
    #[sea_orm(string_value = "APPOINTMENT")]
    Appointment,
    /// A note mentions the person.
    #[sea_orm(string_value = "MENTIONED")]
    Mentioned,
    /// The person owns a record now.
    #[sea_orm(string_value = "OWNERSHIP_GAINED")]
    OwnershipGained,
    /// The person does not own a record any more.
    #[sea_orm(string_value = "OWNERSHIP_LOST")]
    OwnershipLost,
    /// The person follows a record now.
    #[sea_orm(string_value = "FOLLOW_GAINED")]
    FollowGained,
    /// The person does not follow a record any more.
    #[sea_orm(string_value = "FOLLOW_LOST")]
    FollowLost,
    /// The person should have followed a record, but there was no room (AF4).
    #[sea_orm(string_value = "FOLLOW_SKIPPED")]
    FollowSkipped,
    /// A task is the person's to do.
    #[sea_orm(string_value = "TASK_ASSIGNED")]
    TaskAssigned,
    /// An appointment is the person's to hold.
    #[sea_orm(string_value = "APPOINTMENT_ASSIGNED")]
    AppointmentAssigned,
}

/// Why somebody got a notice (N2).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    EnumIter,
    DeriveActiveEnum,
    Serialize,
    Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Reason {
    /// They own the record.
    #[sea_orm(string_value = "OWNER")]
    Owner,
    /// They follow the record.
    #[sea_orm(string_value = "FOLLOWER")]
    Follower,
    /// They were mentioned.
    #[sea_orm(string_value = "MENTIONED")]
    Mentioned,
    /// They were made owner, or it is theirs to do or to hold.
    #[sea_orm(string_value = "ASSIGNED")]
    Assigned,
    /// They take part in the appointment.
    #[sea_orm(string_value = "ATTENDEE")]
    Attendee,
    /// They were added as a follower.
    #[sea_orm(string_value = "ADDED")]
    Added,
    /// They own or follow it no more.
    #[sea_orm(string_value = "REMOVED")]
    Removed,
    /// They should have followed it, but there was no room.
    #[sea_orm(string_value = "SKIPPED")]
    Skipped,
}

/// One notice to one person about one act (N2).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notification")]
pub struct Model {
    /// Whose inbox.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    /// Its place in the inbox, counted from 1 without a gap.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    /// Its id.
    pub id: NotificationId,
    /// The tenant.
    pub account_id: AccountId,
    /// When.
    pub at: Timestamp,
    /// Of what kind.
    pub kind: Kind,
    /// Why they are told.
    pub reason: Reason,
    /// Who did it; none for the command line and the clock.
    pub actor_id: Option<UserId>,
    /// The activity that matters most to the person.
    pub activity_id: ActivityId,
    /// How many activities of the act it stands for.
    pub activity_count: i64,
    /// The contact that it is about.
    pub contact_id: Option<ContactId>,
    /// The opportunity that it is about.
    pub opportunity_id: Option<OpportunityId>,
    /// The name of the record as the person last saw it, where they may have lost it by this.
    pub display_name: Option<String>,
    /// Since when it is read.
    pub read_at: Option<Timestamp>,
    /// Since when it is archived.
    pub archived_at: Option<Timestamp>,
}

/// None that the code uses: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
