//! Opportunities on the graph.

mod inputs;
mod mutation;
mod payloads;
mod query;
mod siblings;
mod types;

pub use inputs::OpportunityFilterInput;
pub use mutation::OpportunityMutation;
pub use query::OpportunityQuery;
pub use types::{Money, Opportunity, Status};
