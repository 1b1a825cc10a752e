//! Why a socket is closed, in the protocol's own codes. Reasons never echo what was received.

use tokio_tungstenite::tungstenite::protocol::CloseFrame;

/// A code, and a reason for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closing {
    /// The code.
    pub code: u16,
    /// The reason.
    pub reason: &'static str,
}

impl Closing {
    /// The server stops; clients come back.
    pub const GOING_AWAY: Self = Self::new(1001, "Going away");
    /// A message over the limit.
    pub const TOO_LARGE: Self = Self::new(1009, "Message too large");
    /// The database does not answer; clients come back.
    pub const UNAVAILABLE: Self = Self::new(1013, "Try again later");
    /// What is not a message of the protocol.
    pub const BAD_MESSAGE: Self = Self::new(4400, "Invalid message received");
    /// An operation before the acknowledgement.
    pub const NOT_INITIALISED: Self = Self::new(4401, "Unauthorized");
    /// No valid token, not any more, or a user who has left.
    pub const FORBIDDEN: Self = Self::new(4403, "Forbidden");
    /// Nobody said who they are in time.
    pub const TOO_LATE: Self = Self::new(4408, "Connection initialisation timeout");
    /// An id of an operation that still runs.
    pub const DUPLICATE_ID: Self = Self::new(4409, "Subscriber already exists");
    /// A second `connection_init`.
    pub const TWICE: Self = Self::new(4429, "Too many initialisation requests");

    const fn new(code: u16, reason: &'static str) -> Self {
        Self { code, reason }
    }
}

impl From<Closing> for CloseFrame {
    fn from(closing: Closing) -> Self {
        Self { code: closing.code.into(), reason: closing.reason.into() }
    }
}
