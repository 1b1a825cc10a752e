//! Calendars, their groups and blocked slots on the graph.

mod access;
mod appointments;
mod availability;
mod blocked_slot;
mod free_slot;
mod group;
mod inputs;
mod mutation;
mod payloads;
mod query;
mod types;

pub use blocked_slot::BlockedSlot;
pub use group::CalendarGroup;
pub use mutation::CalendarMutation;
pub use query::CalendarQuery;
pub use types::Calendar;
