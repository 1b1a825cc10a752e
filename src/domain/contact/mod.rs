//! What can be done to contacts.

mod create;
mod fields;
mod update;

pub use create::{CreateContact, create, create_in};
pub(in crate::domain) use fields::token_rows;
pub use fields::{Channel, Channels, ContactFields, UNNAMED, display_name};
pub use update::{UpdateContact, update, update_in};
