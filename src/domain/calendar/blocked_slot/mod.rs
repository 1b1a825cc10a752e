//! Blocked slots: times that a person or a calendar cannot be booked in (C7). They keep new appointments away and leave
//! those that are there alone.

mod create;
mod delete;

pub use create::{Blocks, CreateBlockedSlot, create};
pub use delete::{DeleteBlockedSlot, delete};
