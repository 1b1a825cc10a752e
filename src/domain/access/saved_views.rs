//! Saved views and lost reasons, as the viewer may see them.

use std::collections::HashMap;

use entity::saved_view::Kind;
use entity::{LostReasonId, SavedViewId, lost_reason, saved_view};
use policy::Action;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};

use super::Access;
use crate::domain::error::Result;
use crate::domain::saved_view::decide;

impl Access {
    /// The views of one kind that the viewer sees, by name: their own and those that the account shares.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn saved_views(&self, kind: Kind) -> Result<Vec<saved_view::Model>> {
        // The policy decides below; this only leaves out what it refuses anyway.
        let own = self.actor().user.map(|user| saved_view::Column::OwnerId.eq(user));
        let rows = saved_view::Entity::find()
            .filter(saved_view::Column::AccountId.eq(self.actor().account))
            .filter(saved_view::Column::Kind.eq(kind))
            .filter(Condition::any().add(saved_view::Column::Shared.eq(true)).add_option(own))
            .order_by_asc(saved_view::Column::NameKey)
            .order_by_asc(saved_view::Column::Id)
            .all(self.reader())
            .await?;
        Ok(rows.into_iter().filter(|view| self.sees_view(view)).collect())
    }

    /// The visible ones among these views.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn find_saved_views(
        &self,
        ids: &[SavedViewId],
    ) -> Result<HashMap<SavedViewId, saved_view::Model>> {
        let rows = saved_view::Entity::find()
            .filter(saved_view::Column::AccountId.eq(self.actor().account))
            .filter(saved_view::Column::Id.is_in(ids.iter().copied()))
            .all(self.reader())
            .await?;
        Ok(rows.into_iter().filter(|view| self.sees_view(view)).map(|row| (row.id, row)).collect())
    }

    fn sees_view(&self, view: &saved_view::Model) -> bool {
        decide(self.actor(), view, Action::View).is_granted()
    }

    /// The account's lost reasons in their order; none for whoever may see none.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn lost_reasons(&self) -> Result<Vec<lost_reason::Model>> {
        if !self.may::<policy::LostReason>(Action::View).is_granted() {
            return Ok(Vec::new());
        }
        Ok(lost_reason::Entity::find()
            .filter(lost_reason::Column::AccountId.eq(self.actor().account))
            .order_by_asc(lost_reason::Column::Position)
            .order_by_asc(lost_reason::Column::Id)
            .all(self.reader())
            .await?)
    }

    /// The visible ones among these lost reasons.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn find_lost_reasons(
        &self,
        ids: &[LostReasonId],
    ) -> Result<HashMap<LostReasonId, lost_reason::Model>> {
        if !self.may::<policy::LostReason>(Action::View).is_granted() {
            return Ok(HashMap::new());
        }
        let rows = lost_reason::Entity::find()
            .filter(lost_reason::Column::AccountId.eq(self.actor().account))
            .filter(lost_reason::Column::Id.is_in(ids.iter().copied()))
            .all(self.reader())
            .await?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }
}
