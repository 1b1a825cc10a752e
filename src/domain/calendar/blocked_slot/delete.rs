//! Opens a blocked time again (C7).

use entity::{BlockedSlotId, blocked_slot};
use policy::{Action, Facts};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::create::written;
use crate::domain::access::Access;
use crate::domain::activity::{Change, Subject, What};
use crate::domain::error::{Refusal, Result};

/// The wish to open a blocked time.
#[derive(Clone, Copy, Debug)]
pub struct DeleteBlockedSlot {
    /// Which.
    pub slot: BlockedSlotId,
}

/// Deletes a blocked slot. Nothing is in the way of a booking any more, so nobody needs to be held.
///
/// # Errors
/// Not found, denied.
pub async fn delete(access: &Access, wish: &DeleteBlockedSlot) -> Result<()> {
    let mut unit = access.begin().await?;
    let Some((slot, ties)) = unit.blocked_slot(wish.slot).await? else {
        let message = "there is no such blocked slot, or you may not see it";
        return Err(Refusal { message: message.into(), ..Refusal::not_found("id") }.into());
    };
    let facts = Facts::tied(ties);
    if let Some(reason) = policy::decide::<policy::BlockedSlot>(unit.actor(), Action::Delete, &facts).reason()
    {
        return Err(Refusal::denied("id", Some(reason)).into());
    }

    let it = blocked_slot::Entity::delete_many().filter(blocked_slot::Column::Id.eq(slot.id));
    if unit.delete(it).await? == 0 {
        // Somebody else was faster.
        return Err(Refusal::not_found("id").into());
    }
    let changes = written(&slot).map(|(field, value)| Change::between(field, value, None));
    let subject = Subject::BlockedSlot { slot: slot.id, calendar: slot.calendar_id, user: slot.user_id };
    unit.record(subject, What::Deleted, changes.into_iter().flatten().collect(), None);
    unit.commit_as(|_| ()).await
}
