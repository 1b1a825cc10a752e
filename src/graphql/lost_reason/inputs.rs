//! What callers say of lost reasons.

use async_graphql::{ID, InputObject};
use entity::LostReasonId;

use crate::domain::error::Result;
use crate::domain::lost_reason::{CreateLostReason, RenameLostReason, ReorderLostReasons};
use crate::graphql::id::{all_named, named};
use crate::graphql::inputs::few;
use crate::graphql::payload::IdempotencyInput;

/// A new reason for the list.
#[derive(InputObject)]
pub struct LostReasonCreateInput {
    /// The words, at most 200 characters. No other reason of the account may have them, whatever their case.
    name: String,
    /// Its place in the list, from 0; those that stand there and after it move on by one. The last one when left out.
    position: Option<i32>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl LostReasonCreateInput {
    pub(super) fn wish(self) -> CreateLostReason {
        CreateLostReason { name: self.name, position: self.position }
    }
}

/// Other words for a reason of the list.
#[derive(InputObject)]
pub struct LostReasonRenameInput {
    /// The reason to rename.
    id: ID,
    /// The words from now on, at most 200 characters. No other reason of the account may have them, whatever their case.
    /// Opportunities that were lost for it keep the old ones.
    name: String,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl LostReasonRenameInput {
    pub(super) fn wish(self) -> RenameLostReason {
        RenameLostReason { reason: named(&self.id), name: self.name }
    }
}

/// Another order of the list.
#[derive(InputObject)]
pub struct LostReasonReorderInput {
    /// All reasons of the account, each once, in their new order. An order that misses one, because somebody made it in
    /// the meantime, is refused.
    lost_reason_ids: Vec<ID>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl LostReasonReorderInput {
    pub(super) fn wish(&self) -> Result<ReorderLostReasons> {
        few(&self.lost_reason_ids, "lostReasonIds")?;
        Ok(ReorderLostReasons { reasons: all_named(&self.lost_reason_ids) })
    }
}

/// A reason to take off the list.
#[derive(InputObject)]
pub struct LostReasonDeleteInput {
    /// The reason to offer no more. Opportunities that were lost for it keep its words.
    id: ID,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl LostReasonDeleteInput {
    pub(super) fn reason(&self) -> LostReasonId {
        named(&self.id)
    }
}

/// Which reasons people may give.
#[derive(InputObject)]
pub struct LostReasonSettingsSaveInput {
    /// True to take only reasons of the list from people who lose an opportunity; false to take any text. What was lost
    /// before keeps its words, and imports bring what their file says.
    pub(super) only_listed: bool,
    #[graphql(flatten)]
    call: IdempotencyInput,
}
