//! The board of a pipeline on the graph.

mod inputs;
mod query;
mod types;

pub use query::BoardQuery;
