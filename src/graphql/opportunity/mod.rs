//! Opportunities on the graph.

mod aggregates;
mod filter;
mod inputs;
mod mutation;
mod payloads;
mod query;
mod siblings;
mod subscription;
mod types;

pub use filter::OpportunityFilterInput;
pub use mutation::OpportunityMutation;
pub use query::OpportunityQuery;
pub use subscription::{OpportunityEvent, OpportunitySubscription};
pub use types::{Money, Opportunity, Status};
