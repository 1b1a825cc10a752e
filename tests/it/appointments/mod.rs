//! Calendars and appointments: who may see, manage and book what (C3 to C6), and that nobody is booked twice (C7).

mod acts;
mod reading;
mod truth_table;
