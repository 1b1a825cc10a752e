//! What a user may hold.

use async_graphql::Enum;

/// One thing that a user may hold. An admin holds all of them; what somebody inactive holds is without effect. A missing
/// `VIEW_…` switches its whole module off for that user, owned and followed records included.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "policy::Permission")]
pub enum Permission {
    /// See contacts: all of the account, or, for a restricted user, those that they own or follow.
    ViewContacts,
    /// Change and create contacts. A follower without it may still edit where the active owner holds it.
    EditContacts,
    /// Delete, restore and merge contacts.
    DeleteContacts,
    /// See opportunities and pipelines: all of the account, or, for a restricted user, the opportunities that they own
    /// or follow.
    ViewOpportunities,
    /// Change and create opportunities. A follower without it may still edit where the active owner holds it.
    EditOpportunities,
    /// Delete and restore opportunities.
    DeleteOpportunities,
    /// See and set what opportunities are worth, in fields, history, sums, sorts and filters.
    ViewLeadValue,
    /// Give records that one does not own to another owner. It never helps a follower of the record.
    ChangeOwners,
    /// Change many records in one call.
    BulkActions,
    /// Read files in and write them out.
    ImportExport,
    /// View appointments, calendars & groups.
    ViewCalendars,
    /// Book, reschedule and change appointments on calendars that one has access to.
    ManageAppointments,
    /// Change calendars, their groups and members, and override booking conflicts.
    ManageCalendars,
    /// Change pipelines and their stages; it also lets one see them.
    ManagePipelines,
    /// Write automation rules, which act with the access of whoever saved them last.
    ManageAutomation,
    /// Save the account's settings, those of ownership among them.
    ManageSettings,
    /// See the e-mail, role, permissions and flags of users, and change them.
    ManageUsers,
    /// Read the account's audit log.
    ViewAuditLog,
}
