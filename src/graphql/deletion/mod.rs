//! Deleting and restoring records on the graph.

mod inputs;
mod mutation;
mod payloads;
mod query;
mod types;

pub use mutation::DeletionMutation;
pub use query::DeletionQuery;
