//! Notifications: who is told what, and the inbox that keeps it (N2, N3).

mod forget;
mod mark;
mod matter;
mod people;
mod prefer;
mod scene;
mod tell;

use entity::notification::{Kind, Reason};
use entity::{ActivityId, UserId};

use super::record::RecordRef;

pub use forget::{Forgotten, forget_old, forget_old_of};
pub use mark::{LIMIT, Mark, MarkNotifications, mark, mark_all_read};
pub use prefer::{SetPreference, set_preference};

pub(in crate::domain) use tell::{notices, takes_away};

/// The most activities of one act that a notice names; it counts them all.
pub const MOST_NAMED: usize = 20;

/// What one person is told of one act (N2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Who is told.
    pub user: UserId,
    /// Of what kind it is.
    pub kind: Kind,
    /// Why they are told.
    pub reason: Reason,
    /// The activity that matters most to them.
    pub activity: ActivityId,
    /// The activities that it stands for, that one first, at most [`MOST_NAMED`].
    pub activities: Vec<ActivityId>,
    /// How many activities it stands for.
    pub count: i64,
    /// The record that it is about.
    pub record: Option<RecordRef>,
    /// The record's name as the person last saw it, where they may have lost it by this.
    pub display_name: Option<String>,
}
