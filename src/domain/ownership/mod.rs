//! Who owns a record, who follows it, and what a change of one does to the other.

pub mod align;
pub mod auto_follow;
pub mod follow;
pub mod mute;
pub mod newborn;
pub mod preview;
pub mod roster;
pub mod sweep;
pub mod transfer;

pub use follow::{
    AddFollowers, FollowersAdded, FollowersRemoved, RemoveFollowers, SkipReason, Skipped, Whom,
};
pub use transfer::{ChangeOwner, OwnerChanged};
