//! Jobs on the graph: how far they have come, and what they report.

mod inputs;
mod mutation;
mod query;
mod types;

pub use mutation::JobMutation;
pub use query::JobQuery;
pub use types::Job;
