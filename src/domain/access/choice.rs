//! The ids of the visible records that a filter picks, for acts on many of them.

use sea_orm::sea_query::{Expr, Order, Query, SelectStatement};

use super::Access;
use super::filter::Filter;
use super::list::TOTAL_COUNT_LIMIT;
use crate::domain::record::RecordTable;

impl Access {
    /// Finds, as `id`, the visible records that a filter picks, by id, at most `limit` of them.
    #[must_use]
    pub fn chosen<R: RecordTable>(&self, filter: &impl Filter<R>, limit: usize) -> SelectStatement {
        let id = || Expr::col((R::COLUMNS.table(), "id"));
        let mut select = Query::select();
        self.scope_from::<R>(&mut select);
        select
            .expr_as(id(), "id")
            .cond_where(filter.condition(self))
            .order_by_expr(id(), Order::Asc)
            .limit(u64::try_from(limit).unwrap_or(u64::MAX));
        select
    }

    /// Counts, as `counted`, the visible records that a filter picks: one more than [`TOTAL_COUNT_LIMIT`] where there are
    /// more than that.
    #[must_use]
    pub fn counted<R: RecordTable>(&self, filter: &impl Filter<R>) -> SelectStatement {
        let mut rows = Query::select();
        self.scope_from::<R>(&mut rows);
        rows.expr(Expr::value(1)).cond_where(filter.condition(self)).limit(TOTAL_COUNT_LIMIT + 1);
        Query::select().expr_as(Expr::cust("COUNT(*)"), "counted").from_subquery(rows, "found").take()
    }
}
