//! Flagged duplicates on the graph.

mod mutation;
mod query;
mod types;

pub use mutation::DuplicateMutation;
pub use query::DuplicateQuery;
