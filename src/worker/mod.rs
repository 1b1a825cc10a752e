//! What happens by the clock, beside the requests.

mod follow_ends;
mod jobs;
mod old_keys;
mod old_notifications;
mod purge;

pub use follow_ends::take_off_ended_follows;
pub use jobs::run_jobs;
pub use old_keys::delete_old_keys;
pub use old_notifications::delete_old_notifications;
pub use purge::purge_deleted;
