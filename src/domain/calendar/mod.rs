//! Calendars: when they are open, who is free in them, and what can be done to them (C1, C5, C7, C9).

pub mod availability;
pub mod diary;
mod held;
pub mod slots;
pub mod zone;

pub use held::HeldCalendar;
