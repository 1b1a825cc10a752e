//! The inbox on the graph.

mod inbox;
mod inputs;
mod kinds;
mod mutation;
mod payloads;
mod siblings;
mod subscription;
mod types;

pub use inbox::{Wanted, inbox, preferences, unread_count};
pub use mutation::NotificationMutation;
pub use subscription::NotificationSubscription;
pub use types::Notification;
