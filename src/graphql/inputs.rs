//! What inputs are decoded with.

use async_graphql::{ID, MaybeUndefined};
use entity::UserId;

use super::id::{all_named, named};
use crate::domain::error::{Refusal, Result};
use crate::domain::patch::Patch;

/// The most items that a list of an input may have: far more than any act takes, far less than a statement does.
pub const MAX_ITEMS: usize = 200;

/// Omitted, null or given.
pub fn patch<T, U>(value: MaybeUndefined<T>, change: impl FnOnce(T) -> U) -> Patch<U> {
    match value {
        MaybeUndefined::Undefined => Patch::Keep,
        MaybeUndefined::Null => Patch::Clear,
        MaybeUndefined::Value(value) => Patch::Set(change(value)),
    }
}

/// The value as it is: omitted, null or given.
pub fn plain<T>(value: MaybeUndefined<T>) -> Patch<T> {
    patch(value, |value| value)
}

/// Refuses a list of absurd length before it reaches a statement.
///
/// # Errors
/// Invalid, when the list has more than [`MAX_ITEMS`].
pub fn few<T>(items: &[T], field: &str) -> Result<()> {
    if items.len() <= MAX_ITEMS {
        return Ok(());
    }
    Err(Refusal::invalid(field, format!("at most {MAX_ITEMS} fit here")).into())
}

/// The people whom ids name.
///
/// # Errors
/// Invalid, when there are too many.
pub fn people(ids: &[ID], field: &str) -> Result<Vec<UserId>> {
    few(ids, field)?;
    Ok(all_named(ids))
}

/// The owner that a change must name; none clears it.
///
/// # Errors
/// Invalid, when it is left out.
pub fn wished_owner(owner: MaybeUndefined<ID>) -> Result<Option<UserId>> {
    match patch(owner, |id| named(&id)) {
        Patch::Keep => Err(Refusal::invalid("ownerId", "must be given: null clears the owner").into()),
        wished => Ok(wished.given()),
    }
}
