//! What happens by the clock, beside the requests.

mod follow_ends;

pub use follow_ends::take_off_ended_follows;
