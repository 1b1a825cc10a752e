//! Events: what happened, in the past tense. The history, and later the inbox and the streams, are made of them.

use std::borrow::Cow;

use entity::activity::Cause;
use entity::{
    ActivityId, AppointmentId, BlockedSlotId, CalendarGroupId, CalendarId, ContactId, LostReasonId, NoteId,
    PipelineId, StageId, TaskId, Timestamp, UserId, member,
};
use serde::{Deserialize, Serialize};

use super::error::{Error, Result};
use super::record::RecordRef;

/// Something that happened in a transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The activity that it becomes.
    pub id: ActivityId,
    /// To what.
    pub subject: Subject,
    /// What.
    pub what: What,
    /// Through what.
    pub cause: Cause,
    /// The event that it follows from.
    pub caused_by: Option<ActivityId>,
    /// The fields that changed. Values lie in the history alone: an idempotency key does not keep them (R6).
    #[serde(skip)]
    pub changes: Vec<Change>,
}

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Subject {
    /// A contact or an opportunity.
    Record(RecordRef),
    /// A user.
    User(UserId),
    /// A pipeline.
    Pipeline(PipelineId),
    /// A stage of a pipeline.
    Stage {
        /// Which.
        stage: StageId,
        /// Of which pipeline.
        pipeline: PipelineId,
    },
    /// A calendar.
    Calendar(CalendarId),
    /// A group of calendars.
    CalendarGroup(CalendarGroupId),
    /// A time that a person or a calendar cannot be booked in.
    BlockedSlot {
        /// Which.
        slot: BlockedSlotId,
        /// Of which calendar.
        calendar: Option<CalendarId>,
        /// Of whom.
        user: Option<UserId>,
    },
    /// An appointment.
    Appointment {
        /// Which.
        appointment: AppointmentId,
        /// With whom.
        contact: ContactId,
    },
    /// A note.
    Note {
        /// Which.
        note: NoteId,
        /// On what.
        on: RecordRef,
    },
    /// A task.
    Task {
        /// Which.
        task: TaskId,
        /// On what.
        on: RecordRef,
    },
    /// The account's list of lost reasons.
    LostReason {
        /// One of the list; none for the list as a whole.
        reason: Option<LostReasonId>,
    },
    /// The account's settings.
    Account,
}

impl From<RecordRef> for Subject {
    fn from(record: RecordRef) -> Self {
        Subject::Record(record)
    }
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "happened", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum What {
    /// It was made.
    Created,
    /// Its own fields changed.
    Updated,
    /// It moved to another stage.
    StageMoved,
    /// Of an opportunity: it was won, lost, given up or opened again. Of an appointment: it was confirmed, called off, kept
    /// or missed.
    StatusChanged,
    /// It got another owner, or none.
    OwnerChanged {
        /// The owner before.
        from: Option<UserId>,
        /// The owner now.
        to: Option<UserId>,
    },
    /// Somebody follows it now.
    FollowerAdded {
        /// Who.
        user: UserId,
        /// Why (F7).
        cause: member::Cause,
        /// Until when.
        #[serde(skip)]
        until: Option<Timestamp>,
    },
    /// The end of a follow changed.
    FollowerChanged {
        /// Whose.
        user: UserId,
        /// To when.
        #[serde(skip)]
        until: Option<Timestamp>,
    },
    /// Somebody was taken off, or left, or became the owner.
    FollowerRemoved {
        /// Who.
        user: UserId,
    },
    /// A follow came to its set end (F7).
    FollowEnded {
        /// Whose.
        user: UserId,
    },
    /// Somebody should have followed, but there was no room (AF4).
    FollowerSkipped {
        /// Who.
        user: UserId,
        /// Why they should have.
        cause: member::Cause,
    },
    /// An appointment was made (C5).
    Booked,
    /// It is at another time, or in another calendar.
    Rescheduled,
    /// It is somebody else's to hold.
    Reassigned {
        /// Whose it was.
        from: UserId,
        /// Whose it is.
        to: UserId,
    },
    /// A note mentions somebody whom it did not mention before.
    Mentioned {
        /// Whom.
        user: UserId,
    },
    /// A task is somebody else's to do, or nobody's.
    Assigned {
        /// Whose it was.
        from: Option<UserId>,
        /// Whose it is.
        to: Option<UserId>,
    },
    /// A task is done.
    Completed,
    /// A task is to be done after all.
    Reopened,
    /// The members of a calendar are others, or come in another order.
    MembersChanged,
    /// The ownership settings were saved (O1).
    SettingsSaved,
    /// It got another name (R1).
    Renamed,
    /// It, or what it consists of, got another order (R1).
    Reordered,
    /// It is no more. A contact, an opportunity or an appointment can be restored (R4).
    Deleted,
    /// A contact, an opportunity or an appointment is there again (R4).
    Restored,
    /// It was deleted for so long that it is gone for good, and what its history held of people with it (R4).
    Purged,
}

impl What {
    /// The word after the dot in `contact.owner_changed`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            What::Created => "created",
            What::Updated => "updated",
            What::StageMoved => "stage_moved",
            What::StatusChanged => "status_changed",
            What::OwnerChanged { .. } => "owner_changed",
            What::FollowerAdded { .. } => "follower_added",
            What::FollowerChanged { .. } => "follower_changed",
            What::FollowerRemoved { .. } => "follower_removed",
            What::FollowEnded { .. } => "follow_ended",
            What::FollowerSkipped { .. } => "follower_skipped",
            What::Booked => "booked",
            What::Rescheduled => "rescheduled",
            What::Reassigned { .. } => "reassigned",
            What::Mentioned { .. } => "mentioned",
            What::Assigned { .. } => "assigned",
            What::Completed => "completed",
            What::Reopened => "reopened",
            What::MembersChanged => "members_changed",
            What::SettingsSaved => "settings_saved",
            What::Renamed => "renamed",
            What::Reordered => "reordered",
            What::Deleted => "deleted",
            What::Restored => "restored",
            What::Purged => "purged",
        }
    }
}

impl Subject {
    /// The contact or opportunity that it is, or that it hangs on. An appointment is none of its contact's own (A7).
    #[must_use]
    pub const fn record(self) -> Option<RecordRef> {
        match self {
            Subject::Record(record) | Subject::Note { on: record, .. } | Subject::Task { on: record, .. } => {
                Some(record)
            }
            _ => None,
        }
    }

    /// The word before the dot.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Subject::Record(record) => record.kind(),
            Subject::User(_) => "user",
            Subject::Pipeline(_) => "pipeline",
            Subject::Stage { .. } => "stage",
            Subject::Calendar(_) => "calendar",
            Subject::CalendarGroup(_) => "calendar_group",
            Subject::BlockedSlot { .. } => "blocked_slot",
            Subject::Appointment { .. } => "appointment",
            Subject::Note { .. } => "note",
            Subject::Task { .. } => "task",
            Subject::LostReason { .. } => "lost_reason",
            Subject::Account => "account",
        }
    }
}

/// One field of an event, from and to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The field as the API names it, `monetaryValue`.
    pub field: Cow<'static, str>,
    /// Its value before, as text.
    pub before: Option<String>,
    /// Its value after, as text.
    pub after: Option<String>,
}

impl Change {
    /// A change from `before` to `after`; none when they are the same.
    pub fn between(field: &'static str, before: Option<String>, after: Option<String>) -> Option<Self> {
        (before != after).then_some(Self { field: Cow::Borrowed(field), before, after })
    }

    /// Reads the list that the log wrote.
    ///
    /// # Errors
    /// A text that the log did not write.
    pub fn read(json: &str) -> Result<Vec<Self>> {
        serde_json::from_str(json).map_err(|error| Error::bug(format!("unreadable activity: {error}")))
    }
}
