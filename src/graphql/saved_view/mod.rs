//! Saved views on the graph. Only this room knows how filters and orders are written, so it reads those of a view and
//! tells the domain what they name.

mod inputs;
mod mutation;
mod needs;
mod query;
mod reading;
mod types;

pub use mutation::SavedViewMutation;
pub use query::SavedViewQuery;
pub use types::SavedView;
