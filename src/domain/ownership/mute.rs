//! Mutes a record for one person: same access, no notices about it (F8).

use policy::Action;

use crate::domain::access::Access;
use crate::domain::error::{Error, Refusal, Result};
use crate::domain::record::RecordRef;
use crate::domain::unit_of_work::Reach;

/// The wish to hear nothing more of a record, or to hear of it again.
#[derive(Clone, Copy, Debug)]
pub struct SetMuted {
    /// Which record.
    pub record: RecordRef,
    /// Muted or not.
    pub muted: bool,
}

/// Mutes or unmutes a record that the viewer owns or follows.
///
/// # Errors
/// Not found; invalid, when the viewer neither owns nor follows it.
pub async fn set_muted(access: &Access, wish: &SetMuted) -> Result<()> {
    let mut unit = access.begin().await?;
    unit.hold(wish.record, Reach::Alone, "id").await?;
    unit.require(wish.record, Action::Unfollow, "id")?;
    let Some(user) = unit.actor().user else { return Err(Error::bug("the command line hears no notices")) };
    let since = wish.muted.then_some(unit.now());
    if unit.held_mut(wish.record)?.roster.mute(user, since).is_none() {
        let message = "only the owner and the followers of a record hear of it: there is nothing to mute";
        return Err(Refusal::invalid("id", message).into());
    }
    unit.commit_as(|_| ()).await
}
