//! Calendars and appointments: who may see, manage and book what (C3 to C6), that nobody is booked twice (C7), and what
//! booking means for the owner of the contact (C8).

pub mod acts;
mod checked;
mod ownership;
mod property;
mod races;
mod reading;
mod truth_table;
