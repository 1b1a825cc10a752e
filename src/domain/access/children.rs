//! The first rows of every parent of a page, in one statement whatever the size of the page.

use std::collections::HashMap;

use entity::{ContactId, TypedId};
use policy::Record as _;
use sea_orm::sea_query::{Alias, DynIden, Expr, IntoIden, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DbBackend, ExprTrait, JoinType, QueryResult};
use uuid::Uuid;

use super::Access;
use super::filter::{Filter, OpportunityFilter};
use super::list::{List, placed, window_onto};
use super::record::Seen;
use super::sort::SORTED_BY;
use crate::domain::error::Result;
use crate::domain::page::{Page, Window};

/// Children by their parent.
pub type Family<P, C> = HashMap<P, Page<C>>;

impl Access {
    /// A page of the visible opportunities of each of these contacts. The contacts must be visible themselves.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn opportunities_of(
        &self,
        contacts: &[ContactId],
        list: &List<OpportunityFilter>,
        window: &Window,
    ) -> Result<Family<ContactId, Seen<policy::Opportunity>>> {
        let table = || policy::Opportunity::COLUMNS.table();
        let mut children = self.select::<policy::Opportunity>();
        children.cond_where(list.filter.condition(self));
        let key = list.sort.key.of::<policy::Opportunity>();
        children.expr_as(key.clone(), SORTED_BY);
        let order = Order { key, id: Expr::col((table(), "id")), descending: list.sort.descending };
        let parents: Vec<Uuid> = contacts.iter().map(|contact| contact.uuid()).collect();
        let rows =
            self.per_parent("contact", &parents, children, (table(), "contact_id"), order, window).await?;

        let mut found: HashMap<ContactId, Vec<_>> = HashMap::new();
        for row in &rows {
            let (place, seen) = placed::<policy::Opportunity>(row, list.sort.key)?;
            found.entry(seen.row.contact_id).or_default().push((place, seen));
        }
        Ok(contacts
            .iter()
            .map(|contact| (*contact, Page::of(found.remove(contact).unwrap_or_default(), window)))
            .collect())
    }

    /// How many visible opportunities each of these contacts has.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn count_opportunities_of(
        &self,
        contacts: &[ContactId],
        filter: &OpportunityFilter,
    ) -> Result<HashMap<ContactId, u64>> {
        let contact_id = || Expr::col(("opportunity", "contact_id"));
        let mut select = Query::select();
        self.scope_from::<policy::Opportunity>(&mut select);
        select
            .expr_as(contact_id(), "parent_id")
            .expr_as(Expr::cust("COUNT(*)"), "counted")
            .and_where(contact_id().is_in(contacts.iter().copied()))
            .cond_where(filter.condition(self))
            .add_group_by([contact_id()]);
        let rows = self.reader().query_all(&select).await?;
        let mut counts: HashMap<ContactId, u64> = contacts.iter().map(|contact| (*contact, 0)).collect();
        for row in rows {
            let count: i64 = row.try_get("", "counted")?;
            counts.insert(row.try_get("", "parent_id")?, u64::try_from(count).unwrap_or_default());
        }
        Ok(counts)
    }

    /// The first rows of `children` for every parent. SQLite has no LATERAL, PostgreSQL is slow without it: two texts
    /// with the same answer.
    pub(super) async fn per_parent(
        &self,
        parent_table: &'static str,
        parents: &[Uuid],
        mut children: SelectStatement,
        (child_table, parent_column): (DynIden, &'static str),
        order: Order,
        window: &Window,
    ) -> Result<Vec<QueryResult>> {
        let parent = || Alias::new("parent").into_iden();
        let Order { key, id, descending } = order;
        let belongs = Expr::col((child_table.clone(), parent_column)).equals((parent(), "id"));

        let mut select = Query::select();
        select
            .from_as(parent_table, parent())
            .and_where(Expr::col((parent(), "id")).is_in(parents.iter().copied()))
            .and_where(Expr::col((parent(), "account_id")).eq(self.actor().account));
        if self.base().database.backend() == DbBackend::Postgres {
            window_onto(children.and_where(belongs), key.clone(), id.clone(), descending, window);
            select.expr(Expr::cust("child.*")).join_lateral(
                JoinType::InnerJoin,
                children,
                "child",
                Expr::value(true),
            );
            return Ok(self.reader().query_all(&select).await?);
        }

        // Every row twice: once to pick the ids of each parent, once to read them.
        let mut picked = children.clone();
        picked.clear_selects().expr(id.clone()).and_where(belongs.clone());
        window_onto(&mut picked, key.clone(), id.clone(), descending, window);
        let backward = descending != window.backward;
        let direction = if backward { sea_orm::Order::Desc } else { sea_orm::Order::Asc };
        children
            .join_as(JoinType::InnerJoin, parent_table, parent(), belongs)
            .and_where(Expr::col((parent(), "id")).is_in(parents.iter().copied()))
            .and_where(Expr::col((parent(), "account_id")).eq(self.actor().account))
            .and_where(id.clone().in_subquery(picked))
            .order_by_expr(key, direction.clone())
            .order_by_expr(id, direction);
        Ok(self.reader().query_all(&children).await?)
    }
}

/// How children are ordered.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub key: Expr,
    pub id: Expr,
    pub descending: bool,
}
