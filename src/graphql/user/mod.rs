//! The people of an account on the graph.

mod permission;
mod query;
mod siblings;
mod types;

pub use permission::Permission;
pub use query::UserQuery;
pub use types::User;
