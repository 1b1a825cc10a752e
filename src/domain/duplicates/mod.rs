//! Duplicates (R3): refused where whoever makes one sees the other, flagged for an admin where they do not.
//!
//! Only what is new is looked at: a record that was a duplicate before the rule can still be changed. Two who make the
//! same at once take turns: contacts by a lock on each address and number, opportunities by the lock of their contact.

mod contacts;
mod dismiss;
mod opportunities;

pub use contacts::{Marks, flag_contact, marks_of, refuse_contact};
pub use dismiss::{DismissFlag, dismiss};
pub use opportunities::{flag_opportunity, reach, refuse_opportunity};
