//! The permissions of P1, and sets of them as one bit mask that SQL and Rust share.

use std::fmt;

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// One thing that a user may hold (P1). The order is the order of the bits and never changes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Permission { $($(#[$doc])* $name,)* }

        impl Permission {
            /// Every permission, in the order of P1.
            pub const ALL: &'static [Permission] = &[$(Permission::$name,)*];

            /// The name that the API uses, `EDIT_CONTACTS`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Permission::$name => $text,)* }
            }
        }
    };
}

permissions! {
    /// See contacts.
    ViewContacts = "VIEW_CONTACTS",
    /// Change and create contacts.
    EditContacts = "EDIT_CONTACTS",
    /// Delete, restore and merge contacts.
    DeleteContacts = "DELETE_CONTACTS",
    /// See opportunities.
    ViewOpportunities = "VIEW_OPPORTUNITIES",
    /// Change and create opportunities.
    EditOpportunities = "EDIT_OPPORTUNITIES",
    /// Delete and restore opportunities.
    DeleteOpportunities = "DELETE_OPPORTUNITIES",
    /// See and set what an opportunity is worth.
    ViewLeadValue = "VIEW_LEAD_VALUE",
    /// Change the owner of records that one does not own.
    ChangeOwners = "CHANGE_OWNERS",
    /// Act on many records at once.
    BulkActions = "BULK_ACTIONS",
    /// Import and export.
    ImportExport = "IMPORT_EXPORT",
    /// View appointments, calendars & groups.
    ViewCalendars = "VIEW_CALENDARS",
    /// Book and change appointments.
    ManageAppointments = "MANAGE_APPOINTMENTS",
    /// Change calendars and groups.
    ManageCalendars = "MANAGE_CALENDARS",
    /// Change pipelines and stages.
    ManagePipelines = "MANAGE_PIPELINES",
    /// Write automation rules.
    ManageAutomation = "MANAGE_AUTOMATION",
    /// Save the account's settings.
    ManageSettings = "MANAGE_SETTINGS",
    /// See and change users.
    ManageUsers = "MANAGE_USERS",
    /// Read the account's audit log.
    ViewAuditLog = "VIEW_AUDIT_LOG",
}

impl Permission {
    /// The bit in `user.effective_permissions`.
    #[must_use]
    pub const fn bit(self) -> i64 {
        1 << (self as i64)
    }

    /// The permission of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|permission| permission.name() == name)
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A set of permissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Permissions(i64);

impl Permissions {
    /// Holds nothing.
    pub const NONE: Self = Self(0);
    /// What an admin holds (P2).
    pub const ALL: Self = Self((1 << Permission::ALL.len()) - 1);

    /// What a new user starts with (P2).
    #[must_use]
    pub fn of_a_new_user() -> Self {
        use Permission::{
            BulkActions, EditContacts, EditOpportunities, ManageAppointments, ViewCalendars, ViewContacts,
            ViewLeadValue, ViewOpportunities,
        };
        [
            ViewContacts,
            EditContacts,
            ViewOpportunities,
            EditOpportunities,
            ViewLeadValue,
            ViewCalendars,
            ManageAppointments,
            BulkActions,
        ]
        .into_iter()
        .collect()
    }

    /// The set with these bits; unknown ones are dropped.
    #[must_use]
    pub const fn from_bits(bits: i64) -> Self {
        Self(bits & Self::ALL.0)
    }

    /// As stored.
    #[must_use]
    pub const fn bits(self) -> i64 {
        self.0
    }

    /// Whether the set holds `permission`.
    #[must_use]
    pub const fn holds(self, permission: Permission) -> bool {
        self.0 & permission.bit() != 0
    }

    /// The set with `permission`.
    #[must_use]
    pub const fn with(self, permission: Permission) -> Self {
        Self(self.0 | permission.bit())
    }

    /// The set without `permission`.
    #[must_use]
    pub const fn without(self, permission: Permission) -> Self {
        Self(self.0 & !permission.bit())
    }

    /// The members, in the order of P1.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.holds(*permission))
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        permissions.into_iter().fold(Self::NONE, Self::with)
    }
}
