//! Pipelines and stages: what can be done to them, how they are found, and how imports and commands make them (R1).
//!
//! Whoever changes them is alone in the account meanwhile: an opportunity that is made or moved at the same time finds
//! them as they were before or as they are after, never in between.

mod create;
mod delete;
mod ensure;
mod find;
mod names;
pub(in crate::domain) mod order;
mod rename;
mod reorder;
pub mod stage;
mod structure;

pub use create::{CreatePipeline, create};
pub use delete::{DeletePipeline, delete};
pub use ensure::ensure;
pub use find::{known_stage, require_known_stage, stage_of, stages};
pub use rename::{RenamePipeline, rename};
pub use reorder::{ReorderPipelines, reorder};

pub(in crate::domain) use structure::{place, require_room};
