//! Lists of records: filter, sort, page and count, all starting from what the viewer may see.

use entity::TypedId;
use sea_orm::sea_query::{Expr, Order, Query, SelectStatement, Value};
use sea_orm::{ConnectionTrait, ExprTrait, QueryResult};

use super::Access;
use super::filter::Filter;
use super::record::Seen;
use super::sort::{SORTED_BY, Sort, SortKey};
use crate::domain::error::Result;
use crate::domain::page::{Key, Page, Position, Window};
use crate::domain::record::{RecordRow, RecordTable};

/// Up to here a count is exact.
pub const TOTAL_COUNT_LIMIT: u64 = 10_000;

/// A list: which records, in which order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct List<F> {
    /// Which.
    pub filter: F,
    /// In which order.
    pub sort: Sort,
}

/// How many records a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// How many, up to [`TOTAL_COUNT_LIMIT`].
    pub value: u64,
    /// Whether that is all of them.
    pub is_exact: bool,
}

impl Access {
    /// A page of the visible records of a list.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn page<R: RecordTable>(
        &self,
        list: &List<impl Filter<R>>,
        window: &Window,
    ) -> Result<Page<Seen<R>>> {
        let mut select = self.select_driven::<R>(self.drive(&list.filter).await?);
        select.cond_where(list.filter.condition(self));
        let by_membership = self.is_driven_by_membership::<R>() && list.sort.key == SortKey::Updated;
        let (key, id) = if by_membership {
            // The index behind "what I own or follow" has the sort key in the membership itself.
            (Expr::col(("mine", "record_updated_at")), Expr::col(("mine", "record_id")))
        } else {
            (list.sort.key.of::<R>(), Expr::col((R::COLUMNS.table(), "id")))
        };
        select.expr_as(key.clone(), SORTED_BY);
        window_onto(&mut select, key, id, list.sort.descending, window);

        let rows = self.reader().query_all(&select).await?;
        let found = rows.iter().map(|row| placed::<R>(row, list.sort.key)).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(found, window))
    }

    /// How many visible records a list has. Counts no further than [`TOTAL_COUNT_LIMIT`].
    ///
    /// # Errors
    /// A database that fails.
    pub async fn count<R: RecordTable>(&self, filter: &impl Filter<R>) -> Result<Count> {
        let mut rows = Query::select();
        self.scope_driven::<R>(&mut rows, self.drive(filter).await?);
        rows.expr(Expr::value(1)).cond_where(filter.condition(self)).limit(TOTAL_COUNT_LIMIT + 1);
        let count =
            Query::select().expr_as(Expr::cust("COUNT(*)"), "counted").from_subquery(rows, "found").take();
        let row = self.reader().query_one(&count).await?;
        let found: i64 = row.map_or(Ok(0), |row| row.try_get("", "counted"))?;
        let found = u64::try_from(found).unwrap_or_default();
        Ok(Count { value: Ord::min(found, TOTAL_COUNT_LIMIT), is_exact: found <= TOTAL_COUNT_LIMIT })
    }

    pub(super) fn is_driven_by_membership<R: RecordTable>(&self) -> bool {
        self.scope_from::<R>(&mut Query::select())
    }

    /// A query that finds this record when it is visible.
    pub(super) fn visible_id<R: RecordTable>(&self, id: R::Id) -> SelectStatement {
        let mut select = Query::select();
        self.scope_from::<R>(&mut select);
        select.expr(Expr::value(1)).and_where(Expr::col((R::COLUMNS.table(), "id")).eq(id.uuid()));
        select
    }
}

/// Orders a query by `(key, id)`, starts it at the window's place and takes one row more than the window holds.
pub(super) fn window_onto(
    select: &mut SelectStatement,
    key: Expr,
    id: Expr,
    descending: bool,
    window: &Window,
) {
    begin_at(select, key.clone(), id.clone(), descending, window);
    let order = if descending == window.backward { Order::Asc } else { Order::Desc };
    select
        .order_by_expr(key, order.clone())
        .order_by_expr(id, order)
        .limit(u64::try_from(window.size).unwrap_or(u64::MAX).saturating_add(1));
}

/// Starts a query by `(key, id)` at the window's place.
pub(super) fn begin_at(select: &mut SelectStatement, key: Expr, id: Expr, descending: bool, window: &Window) {
    let Some(from) = &window.from else { return };
    let (here, place) = match key_value(&from.key) {
        // The id alone sorts.
        None => (id, Expr::val(from.id)),
        Some(value) => (Expr::tuple([key, id]), Expr::tuple([Expr::val(value), Expr::val(from.id)])),
    };
    select.and_where(if descending == window.backward { here.gt(place) } else { here.lt(place) });
}

fn key_value(key: &Key) -> Option<Value> {
    match key {
        Key::None => None,
        Key::Number(number) => Some((*number).into()),
        Key::Text(text) => Some(text.clone().into()),
    }
}

/// A record with its place in a list that is sorted so.
pub(super) fn placed<R: RecordTable>(row: &QueryResult, sort: SortKey) -> Result<(Position, Seen<R>)> {
    let seen = Seen::<R>::from_row(row)?;
    Ok((Position { key: sort.read(row)?, id: seen.row.id().uuid() }, seen))
}
