//! Contacts on the graph.

mod inputs;
mod mutation;
mod payloads;
mod query;
mod siblings;
mod types;

pub use inputs::ContactFilterInput;
pub use mutation::ContactMutation;
pub use query::ContactQuery;
pub use types::Contact;
