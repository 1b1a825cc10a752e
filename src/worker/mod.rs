//! What happens by the clock, beside the requests.

mod follow_ends;
mod old_keys;

pub use follow_ends::take_off_ended_follows;
pub use old_keys::delete_old_keys;
