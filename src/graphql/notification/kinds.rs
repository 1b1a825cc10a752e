//! What notices are about, and why somebody gets them.

use async_graphql::Enum;

/// What a notification is about. Each kind can be switched off for oneself (`notificationPreferenceSet`).
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::notification::Kind")]
pub enum NotificationKind {
    /// A record that one owns or follows came to be.
    RecordCreated,
    /// Fields, stage or status of a record that one owns or follows changed.
    RecordUpdated,
    /// A record that one owned or followed was deleted; it can be restored for 60 days.
    RecordDeleted,
    /// A record that one owned or followed is there again.
    RecordRestored,
    /// A record that one owns or follows has another owner, or none.
    OwnerChanged,
    /// Others follow a record that one owns or follows, or follow it no more.
    FollowersChanged,
    /// A note on a record that one owns or follows was written, changed or deleted.
    Note,
    /// A task on a record that one owns or follows, or one's own task, was made, changed, done or deleted.
    Task,
    /// An appointment of a contact that one owns or follows, or one that one holds or attends, was booked, changed or
    /// deleted.
    Appointment,
    /// A note mentions one.
    Mentioned,
    /// One owns a record now.
    OwnershipGained,
    /// One does not own a record any more. `displayName` says how it was called.
    OwnershipLost,
    /// One follows a record now.
    FollowGained,
    /// One does not follow a record any more, taken off by somebody or by the end that was set. `displayName` says how it
    /// was called.
    FollowLost,
    /// A setting should have made one a follower of a record, but it has ten already.
    FollowSkipped,
    /// A task is one's own to do.
    TaskAssigned,
    /// An appointment is one's own to hold.
    AppointmentAssigned,
}

/// Why somebody got a notification.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::notification::Reason")]
pub enum NotificationReason {
    /// They own the record.
    Owner,
    /// They follow the record.
    Follower,
    /// A note mentions them.
    Mentioned,
    /// They were made owner, or it is theirs to do or to hold.
    Assigned,
    /// They take part in the appointment.
    Attendee,
    /// They were added as a follower.
    Added,
    /// They own, follow or hold it no more.
    Removed,
    /// They should have followed it, but there was no room.
    Skipped,
}
