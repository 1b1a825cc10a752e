//! A reason that the account offers for what was lost.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{ID, Object};
use entity::{LostReasonId, lost_reason};

use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;

/// A reason of the account's list.
#[derive(Clone, Debug)]
pub struct LostReason(Arc<lost_reason::Model>);

impl From<lost_reason::Model> for LostReason {
    fn from(row: lost_reason::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl LostReason {
    /// The visible ones among these.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn all(
        viewpoint: &Arc<Viewpoint>,
        ids: &[LostReasonId],
    ) -> Result<HashMap<LostReasonId, Self>, Failure> {
        let found = viewpoint.access().find_lost_reasons(ids).await?;
        Ok(found.into_iter().map(|(id, row)| (id, row.into())).collect())
    }
}

/// A reason that the account offers for what was lost. The list offers words: an opportunity keeps in `lostReason` the
/// text that it was given, whatever becomes of the list.
#[Object]
impl LostReason {
    /// The global id, `lostreason_…`. It stays the same for good.
    pub async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// The words that an opportunity gets; no two reasons of the account have the same.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Its place in the list, from 0.
    async fn position(&self) -> i32 {
        self.0.position
    }
}
