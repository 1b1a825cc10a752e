//! Calendars: when they are open, who is free in them, and what can be done to them (C1, C5, C7, C9).

pub mod availability;
pub mod blocked_slot;
mod create;
mod delete;
pub mod diary;
mod fields;
pub mod group;
mod held;
mod members;
mod set_members;
pub mod slots;
mod update;
pub mod zone;

pub use create::{CreateCalendar, create};
pub use delete::{DeleteCalendar, delete};
pub use fields::{CalendarFields, GivenAvailability, GivenDate, GivenWeekday};
pub use held::{HeldCalendar, schedule_of};
pub use set_members::{SetCalendarMembers, set_members};
pub use update::{UpdateCalendar, update};

/// The most calendars that an account has, those not counted that were deleted.
pub const MAX_CALENDARS: usize = 500;

/// The most members that a calendar has.
pub const MAX_MEMBERS: usize = 100;

/// The most groups that an account has.
pub const MAX_GROUPS: usize = 100;

/// The most blocked slots that one person or one calendar has ahead.
pub const MAX_BLOCKED_SLOTS: usize = 2_000;
