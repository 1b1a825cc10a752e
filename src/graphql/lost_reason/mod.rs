//! The account's list of lost reasons on the graph.

mod inputs;
mod mutation;
mod payloads;
mod query;
mod types;

pub use mutation::LostReasonMutation;
pub use query::LostReasonQuery;
pub use types::LostReason;
