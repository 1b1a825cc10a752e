//! Calendars and blocked slots that a change finds or changes as a set.

use entity::{BlockedSlotId, CalendarGroupId, blocked_slot};
use policy::Ties;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ConnectionTrait, ExprTrait, FromQueryResult};

use super::UnitOfWork;
use crate::domain::access::{read_ties, select_blocked_slots};
use crate::domain::error::Result;

impl UnitOfWork<'_> {
    /// Takes every calendar out of a group, hidden and deleted ones too.
    ///
    /// # Errors
    /// A database that fails.
    pub(in crate::domain) async fn empty_calendar_group(&self, group: CalendarGroupId) -> Result<()> {
        let update = Query::update()
            .table("calendar")
            .value("group_id", Option::<uuid::Uuid>::None)
            .value("version", Expr::col("version").add(1_i64))
            .value("updated_at", self.now)
            .and_where(Expr::col("group_id").eq(group))
            .and_where(Expr::col("account_id").eq(self.account.id))
            .take();
        self.transaction.execute(&update).await?;
        Ok(())
    }

    /// A blocked slot that the actor may view, and how they are tied to it.
    ///
    /// # Errors
    /// A database that fails.
    pub(in crate::domain) async fn blocked_slot(
        &self,
        id: BlockedSlotId,
    ) -> Result<Option<(blocked_slot::Model, Ties)>> {
        let mut select = select_blocked_slots(self.actor(), self.now);
        select.and_where(Expr::col(("blocked_slot", "id")).eq(id));
        let Some(row) = self.transaction.query_one(&select).await? else { return Ok(None) };
        Ok(Some((blocked_slot::Model::from_query_result(&row, "")?, read_ties(&row)?)))
    }
}
