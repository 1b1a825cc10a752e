//! The tables, one file each: columns, relations and typed values. No behaviour lives here.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod account;
pub mod activity;
pub mod activity_value;
pub mod appointment;
pub mod appointment_attendee;
pub mod appointment_token;
pub mod blocked_slot;
pub mod calendar;
pub mod calendar_group;
pub mod calendar_member;
pub mod contact;
pub mod contact_email;
pub mod contact_member;
pub mod contact_phone;
pub mod contact_tag;
pub mod contact_token;
pub mod deletion;
pub mod duplicate_flag;
pub mod id;
pub mod idempotency_key;
pub mod import_row;
pub mod job;
pub mod job_finding;
pub mod lost_reason;
pub mod member;
pub mod member_stage_total;
pub mod note;
pub mod note_mention;
pub mod notification;
pub mod notification_activity;
pub mod notification_preference;
pub mod opportunity;
pub mod opportunity_member;
pub mod opportunity_token;
pub mod pipeline;
pub mod saved_view;
pub mod stage;
pub mod stage_total;
pub mod stream;
pub mod stream_event;
pub mod task;
pub mod time;
pub mod user;

pub use id::{
    AccountId, ActivityId, AppointmentId, BlockedSlotId, CalendarGroupId, CalendarId, ContactId, DeletionId,
    DuplicateFlagId, IdError, JobId, LostReasonId, NoteId, NotificationId, OpportunityId, PipelineId,
    SavedViewId, StageId, TaskId, TypedId, UserId,
};
pub use time::Timestamp;
