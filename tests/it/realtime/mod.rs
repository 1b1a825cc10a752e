//! Streams: who hears what, in which order, from where, and until when (N4 to N6).

mod buses;
mod calendars;
mod chaos;
mod ear;
mod ends;
mod fleet;
mod from_outside;
mod inbox;
mod nats;
mod once;
pub mod opening;
mod pipelines;
mod records;
mod resumed;
mod slow;

use ear::Listens;
