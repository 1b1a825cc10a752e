//! Who hears what, and when. The database holds every event with its number before anything here happens: this only says
//! that there is something to read, reads it once for everybody in the process, and asks for each listener whether they
//! may see it (N4 to N6).

pub mod bus;
mod channel;
mod hub;
mod listener;
mod read_once;
mod stream;
mod tenant;

pub use channel::Rendered;
pub use hub::{Hub, Pace};
pub use listener::{Heard, Listener, MOST_BEHIND};
pub use stream::{Happened, Record, Start, Stream, Told};
