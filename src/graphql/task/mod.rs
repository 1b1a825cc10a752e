//! Tasks on the graph.

mod inputs;
mod mutation;
mod payloads;
mod query;
mod types;

pub use mutation::TaskMutation;
pub use query::TaskQuery;
pub use types::Task;
