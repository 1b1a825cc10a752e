//! What the viewer may do to calendars, groups and blocked slots (A10).

use async_graphql::SimpleObject;
use policy::{Action, Ties};

use crate::domain::access::Access;
use crate::graphql::viewer_access::AccessDecision;

/// What the viewer may do to a calendar at this moment, and why not. It is true exactly when the mutation would pass
/// authorization.
#[derive(SimpleObject, Clone, Copy, Debug)]
pub struct CalendarAccess {
    /// Book an appointment in one of its free slots, for a contact that the viewer sees. It needs `MANAGE_APPOINTMENTS`.
    book: AccessDecision,
    /// Book over what is in the way, such as another appointment of the same person or a blocked slot. It needs
    /// `MANAGE_CALENDARS` too.
    overbook: AccessDecision,
    /// Change it, set its members and block its time. It needs `MANAGE_CALENDARS`.
    edit: AccessDecision,
    /// Delete it, so that it takes no more appointments. It needs `MANAGE_CALENDARS`.
    delete: AccessDecision,
}

impl CalendarAccess {
    pub(super) fn new(access: &Access, ties: Ties) -> Self {
        let decide = |action| access.decide_tied::<policy::Calendar>(action, ties).into();
        Self {
            book: decide(Action::Book),
            overbook: decide(Action::Overbook),
            edit: decide(Action::Edit),
            delete: decide(Action::Delete),
        }
    }
}

/// What the viewer may do to a group of calendars at this moment, and why not.
#[derive(SimpleObject, Clone, Copy, Debug)]
pub struct CalendarGroupAccess {
    /// Rename and delete it. It needs `MANAGE_CALENDARS`.
    manage: AccessDecision,
}

impl CalendarGroupAccess {
    pub(super) fn new(access: &Access) -> Self {
        Self { manage: access.may::<policy::CalendarGroup>(Action::Manage).into() }
    }
}

/// What the viewer may do to a blocked slot at this moment, and why not.
#[derive(SimpleObject, Clone, Copy, Debug)]
pub struct BlockedSlotAccess {
    /// Delete it, so that the time can be booked again. It needs `MANAGE_CALENDARS`, or `MANAGE_APPOINTMENTS` where the
    /// time is the viewer's own.
    delete: AccessDecision,
}

impl BlockedSlotAccess {
    pub(super) fn new(access: &Access, ties: Ties) -> Self {
        Self { delete: access.decide_tied::<policy::BlockedSlot>(Action::Delete, ties).into() }
    }
}
