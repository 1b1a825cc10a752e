//! What was flagged as a duplicate, for admins (R3).

use entity::{TypedId, duplicate_flag};
use policy::Action;
use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QueryTrait,
};

use super::list::{TOTAL_COUNT_LIMIT, window_onto};
use super::{Access, Count};
use crate::domain::error::Result;
use crate::domain::page::{Key, Page, Position, Window};

impl Access {
    /// A page of the flags that nobody dismissed and whose records are both there, the latest first.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn duplicate_flags(&self, window: &Window) -> Result<Page<duplicate_flag::Model>> {
        let mut select = self.flags();
        let column = |name: &'static str| Expr::col(("duplicate_flag", name));
        window_onto(&mut select, column("at"), column("id"), true, window);
        let rows = self.reader().query_all(&select).await?;
        let found = rows
            .iter()
            .map(|row| {
                let flag = duplicate_flag::Model::from_query_result(row, "")?;
                Ok((Position { key: Key::Number(flag.at.0), id: flag.id.uuid() }, flag))
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(Page::of(found, window))
    }

    /// How many of them there are.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn count_duplicate_flags(&self) -> Result<Count> {
        let mut rows = self.flags();
        rows.clear_selects().expr(Expr::value(1)).limit(TOTAL_COUNT_LIMIT + 1);
        let count =
            Query::select().expr_as(Expr::cust("COUNT(*)"), "counted").from_subquery(rows, "found").take();
        let row = self.reader().query_one(&count).await?;
        let found: i64 = row.map_or(Ok(0), |row| row.try_get("", "counted"))?;
        let found = u64::try_from(found).unwrap_or_default();
        Ok(Count { value: Ord::min(found, TOTAL_COUNT_LIMIT), is_exact: found <= TOTAL_COUNT_LIMIT })
    }

    fn flags(&self) -> SelectStatement {
        let mut flags = duplicate_flag::Entity::find()
            .filter(duplicate_flag::Column::AccountId.eq(self.actor().account))
            .filter(duplicate_flag::Column::DismissedAt.is_null())
            .into_query();
        for (table, of_flag) in [
            ("contact", "contact_id"),
            ("contact", "other_contact_id"),
            ("opportunity", "opportunity_id"),
            ("opportunity", "other_opportunity_id"),
        ] {
            let gone = Query::select()
                .expr(Expr::value(1))
                .from_as(table, "gone")
                .and_where(Expr::col(("gone", "id")).equals(("duplicate_flag", of_flag)))
                .and_where(Expr::col(("gone", "deleted_at")).is_not_null())
                .take();
            flags.and_where(Expr::exists(gone).not());
        }
        if !self.may::<policy::DuplicateFlag>(Action::View).is_granted() {
            flags.and_where(Expr::value(1).eq(0));
        }
        flags
    }
}
