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
    /// Make one (A12).
    Create,
    /// Save the ownership settings (O1).
    SaveSettings,
    /// Make, change, arrange and delete what the whole account works with: pipelines, lost reasons (R1).
    Manage,
    /// Make a shared view private again.
    Unshare,
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
            Action::Create => "create",
            Action::SaveSettings => "save_settings",
            Action::Manage => "manage",
            Action::Unshare => "unshare",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
