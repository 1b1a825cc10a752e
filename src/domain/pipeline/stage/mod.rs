//! What can be done to the stages of a pipeline. Each change of them is one of the pipeline, and raises its version.

mod create;
mod delete;
mod rename;
mod reorder;

pub use create::{CreateStage, create};
pub use delete::{DeleteStage, delete};
pub use rename::{RenameStage, rename};
pub use reorder::{ReorderStages, reorder};
