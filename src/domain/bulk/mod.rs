//! One act on many records: one transaction, each record authorized as things stood at its start and answered for
//! itself, the rest written as a set (G3, A6).

pub mod change_owner;
mod choice;
pub mod deletion;
pub mod followers;
mod kept;
mod run;
pub mod stage;
pub mod tags;

pub use change_owner::{BulkChangeOwner, change_owner};
pub use choice::{Choice, LIMIT};
pub use deletion::{BulkDelete, BulkRestore, delete, restore};
pub use followers::{BulkAddFollowers, BulkRemoveFollowers, add_followers, remove_followers};
pub use run::{Answered, BulkDone, Outcome};
pub use stage::{BulkMoveStage, move_stage};
pub use tags::{BulkTag, tag};
