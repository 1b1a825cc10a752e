//! The account on the graph.

mod inputs;
mod mutation;
mod preview;
mod query;
mod types;

pub use mutation::AccountMutation;
pub use query::AccountQuery;
pub use types::Account;
