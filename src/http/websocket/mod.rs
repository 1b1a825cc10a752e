//! GraphQL over WebSocket: the protocol `graphql-transport-ws`, as the client `graphql-ws` speaks it.
//!
//! The loop is our own: it has deadlines and limits for everything, and an idle socket costs few kilobytes. A socket is one
//! task that reads ([`listening`]) and writes ([`outgoing`]); every operation is a task of its own ([`operations`]) that
//! waits for room in the socket's queue, so a slow reader is felt where the events come from, and nowhere else.

mod closing;
mod handshake;
mod listening;
mod message;
mod operations;
mod origin;
mod outgoing;
mod socket;
#[cfg(test)]
mod tests;

pub use self::handshake::{is_upgrade, upgrade};
pub use self::origin::{AllowedOrigins, NoOrigin};
