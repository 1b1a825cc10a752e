//! Appointments: what can be done to them, one act a file (C2 to C8).

mod book;
mod delete;
mod fields;
mod give_contact;
mod place;
mod reassign;
mod reschedule;
mod restore;
mod set_status;
mod update;

pub use book::{Book, Booked, book};
pub use delete::{DeleteAppointment, delete};
pub use fields::MAX_ATTENDEES;
pub use give_contact::ContactOwner;
pub use place::LONGEST_HOURS;
pub use reassign::{Reassign, reassign};
pub use reschedule::{Reschedule, reschedule};
pub use restore::{RestoreAppointment, Restored, restore};
pub use set_status::{SetStatus, set_status};
pub use update::{UpdateAppointment, update};

pub(in crate::domain) use delete::{Going, delete_with_contacts};
pub(in crate::domain) use restore::{Undone, people_of, restore_with_contacts};
