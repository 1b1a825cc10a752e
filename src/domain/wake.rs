//! Who is woken after a commit. The database holds what happened; a wake-up only says that it is worth a look.

use std::fmt;

use entity::AccountId;

use super::stream::Topic;

/// What a change has touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    /// In which account.
    pub account: AccountId,
    /// On which topics there is something new.
    pub topics: Vec<Topic>,
    /// Whether users, permissions or settings have changed (P4).
    pub access: bool,
}

/// Is told what a change has touched, after its commit. Losing it costs a poll, never an event.
pub trait Wake: Send + Sync + fmt::Debug {
    /// Returns at once; whatever takes time happens elsewhere.
    fn wake(&self, touched: Touched);
}

/// Nobody listens in this process: the commands of the command line, and tests of acts.
#[derive(Clone, Copy, Debug, Default)]
pub struct NobodyListens;

impl Wake for NobodyListens {
    fn wake(&self, _: Touched) {}
}
