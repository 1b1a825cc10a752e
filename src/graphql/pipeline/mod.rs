//! Pipelines and stages on the graph.

mod inputs;
mod mutation;
mod payloads;
mod query;
mod subscription;
mod types;

pub use mutation::PipelineMutation;
pub use query::PipelineQuery;
pub use subscription::{PipelineEvent, PipelineSubscription};
pub use types::{Pipeline, Stage};
