//! Pipelines and stages on the graph.

mod query;
mod types;

pub use query::PipelineQuery;
pub use types::{Pipeline, Stage};
