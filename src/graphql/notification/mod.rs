//! The inbox on the graph.

mod inbox;
mod inputs;
mod kinds;
mod mutation;
mod payloads;
mod siblings;
mod types;

pub use inbox::{Wanted, inbox, preferences, unread_count};
pub use mutation::NotificationMutation;
pub use types::Notification;
