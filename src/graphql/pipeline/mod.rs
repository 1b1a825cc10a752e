//! Pipelines and stages on the graph.

mod inputs;
mod mutation;
mod payloads;
mod query;
mod types;

pub use mutation::PipelineMutation;
pub use query::PipelineQuery;
pub use types::{Pipeline, Stage};
