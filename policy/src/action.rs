//! What can be done to a resource.

use std::fmt;

/// One act that rules speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// See it (A1).
    View,
    /// Change its fields (A2).
    Edit,
    /// Add followers, change or end a follow (A4).
    ManageFollowers,
    /// Take somebody else off the followers, or all of one cause (A4).
    RemoveFollowers,
    /// Take oneself off the followers, or mute (A4, F8).
    Unfollow,
    /// Set or clear the owner (A5).
    ChangeOwner,
    /// Delete it (A3).
    Delete,
    /// Bring a deleted one back (A3, R4). Without the right to, there is nothing to bring back.
    Restore,
    /// Make one (A12).
    Create,
    /// Save the ownership settings (O1).
    SaveSettings,
    /// Make, change, arrange and delete what the whole account works with: pipelines, lost reasons (R1).
    Manage,
    /// Make a shared view private again.
    Unshare,
    /// Ask what saving the ownership settings would come to (O9).
    PreviewSettings,
    /// Give contacts and their opportunities one owner, over the whole account (O9).
    AlignOwners,
    /// Act on many records in one call (P1).
    Bulk,
    /// See and stop the jobs of others.
    ManageJobs,
    /// Book an appointment in a calendar (C5).
    Book,
    /// Book, or move to, a time that is no free slot (C7).
    Overbook,
    /// Move an appointment to another calendar (C4).
    ChangeCalendar,
    /// Say that a task is done, or is to be done after all (R5).
    Complete,
}

impl Action {
    /// The word used in rule names and in the permission matrix.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Action::View => "view",
            Action::Edit => "edit",
            Action::ManageFollowers => "manage_followers",
            Action::RemoveFollowers => "remove_followers",
            Action::Unfollow => "unfollow",
            Action::ChangeOwner => "change_owner",
            Action::Delete => "delete",
            Action::Restore => "restore",
            Action::Create => "create",
            Action::SaveSettings => "save_settings",
            Action::Manage => "manage",
            Action::Unshare => "unshare",
            Action::PreviewSettings => "preview_settings",
            Action::AlignOwners => "align_owners",
            Action::Bulk => "bulk",
            Action::ManageJobs => "manage_jobs",
            Action::Book => "book",
            Action::Overbook => "overbook",
            Action::ChangeCalendar => "change_calendar",
            Action::Complete => "complete",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
