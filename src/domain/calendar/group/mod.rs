//! Groups of calendars: names to find calendars by. Whoever sees calendars at all sees every group.

mod create;
mod delete;
mod find;
mod rename;

pub use create::{CreateCalendarGroup, create};
pub use delete::{DeleteCalendarGroup, delete};
pub use rename::{RenameCalendarGroup, rename};

pub(super) use find::require;
