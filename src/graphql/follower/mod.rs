//! Followers, and what an act did to them, for both records.

mod inputs;
mod outcome;
mod types;

pub use inputs::{AddFollowersInput, RemoveFollowersInput};
pub use outcome::{FollowChange, SkippedFollower, follow_changes, skipped};
pub use types::{FollowCause, Follower};
