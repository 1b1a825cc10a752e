//! Notes on the graph.

mod inputs;
mod mutation;
mod payloads;
mod types;

pub use mutation::NoteMutation;
pub use types::Note;
