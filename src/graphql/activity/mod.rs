//! The history of records on the graph, read through the viewer's eyes.

mod changes;
mod siblings;
mod types;

pub use siblings::{ActivitySiblings, Causes};
pub use types::Activity;
