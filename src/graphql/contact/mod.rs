//! Contacts on the graph.

mod aggregates;
mod filter;
mod inputs;
mod mutation;
mod payloads;
mod query;
mod siblings;
mod subscription;
mod types;

pub use filter::ContactFilterInput;
pub use mutation::ContactMutation;
pub use query::ContactQuery;
pub use subscription::{ContactEvent, ContactSubscription};
pub use types::Contact;
