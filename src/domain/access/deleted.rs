//! What is deleted and can be restored, as whoever may restore it sees it (R4).

use std::collections::HashMap;

use entity::{ContactId, DeletionId, OpportunityId, Timestamp, TypedId, UserId};
use policy::{Action, Resource as _, Wish};
use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{ConnectionTrait, ExprTrait, JoinType, QueryResult};

use super::list::{TOTAL_COUNT_LIMIT, window_onto};
use super::{Access, Count};
use crate::domain::contact::display_name;
use crate::domain::deletion;
use crate::domain::error::Result;
use crate::domain::page::{Key, Page, Position, Window};
use crate::domain::record::RecordTable;

/// A deleted record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deleted<I> {
    /// Which.
    pub id: I,
    /// What it is called: a contact by its display name.
    pub name: String,
    /// The contact that it is, or belongs to.
    pub contact: ContactId,
    /// What that contact is called, which is all that shows of it (A8).
    pub contact_name: String,
    /// The owner as it was deleted.
    pub owner: Option<UserId>,
    /// When.
    pub at: Timestamp,
    /// Who deleted it; none for the command line.
    pub by: Option<UserId>,
    /// The deletion that took it.
    pub deletion: DeletionId,
    /// Whether it went with its contact, and comes back with it only.
    pub with_contact: bool,
    /// The version, as the deletion left it.
    pub version: i64,
}

impl Access {
    /// A page of the deleted records that the viewer may restore, the latest deletion first.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn deleted<R: RecordTable>(&self, window: &Window) -> Result<Page<Deleted<R::Id>>> {
        let mut select = self.restorable::<R>();
        let column = |name: &'static str| Expr::col((R::COLUMNS.table(), name));
        for name in ["id", "owner_id", "deleted_at", "deletion_id", "version"] {
            select.expr(column(name));
        }
        select.expr_as(column(R::COLUMNS.contact), "of_contact");
        if R::NAME == policy::Opportunity::NAME {
            select.expr(column("name"));
        }
        for name in ["first_name", "last_name", "company"] {
            select.expr(Expr::col(("holder", name)));
        }
        select
            .expr_as(Expr::col(("took", "actor_id")), "deleted_by")
            .expr_as(Expr::col(("took", "contact_id")).is_not_null(), "with_contact")
            .join_as(
                JoinType::InnerJoin,
                "contact",
                "holder",
                Expr::col(("holder", "id")).equals((R::COLUMNS.table(), R::COLUMNS.contact)),
            )
            .join_as(
                JoinType::InnerJoin,
                "deletion",
                "took",
                Expr::col(("took", "id")).equals((R::COLUMNS.table(), "deletion_id")),
            );
        window_onto(&mut select, column("deleted_at"), column("id"), true, window);
        let rows = self.reader().query_all(&select).await?;
        let found = rows.iter().map(deleted::<R>).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(found, window))
    }

    /// How many deleted records the viewer may restore.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn count_deleted<R: RecordTable>(&self) -> Result<Count> {
        let mut rows = self.restorable::<R>();
        rows.expr(Expr::value(1)).limit(TOTAL_COUNT_LIMIT + 1);
        let count =
            Query::select().expr_as(Expr::cust("COUNT(*)"), "counted").from_subquery(rows, "found").take();
        let row = self.reader().query_one(&count).await?;
        let found: i64 = row.map_or(Ok(0), |row| row.try_get("", "counted"))?;
        let found = u64::try_from(found).unwrap_or_default();
        Ok(Count { value: Ord::min(found, TOTAL_COUNT_LIMIT), is_exact: found <= TOTAL_COUNT_LIMIT })
    }

    /// How many opportunities each of these deletions took that the viewer could see if they were there (A7).
    ///
    /// # Errors
    /// A database that fails.
    pub async fn count_taken(&self, deletions: &[DeletionId]) -> Result<HashMap<DeletionId, u64>> {
        let under = || Expr::col(("opportunity", "deletion_id"));
        let actor = self.actor();
        let visible =
            policy::filter::<policy::Opportunity>(actor, Action::View, Wish::Nobody, false, self.now());
        let select = Query::select()
            .expr_as(under(), "deletion_id")
            .expr_as(Expr::cust("COUNT(*)"), "counted")
            .from("opportunity")
            .and_where(Expr::col(("opportunity", "account_id")).eq(actor.account))
            .and_where(under().is_in(deletions.iter().copied()))
            .cond_where(visible)
            .add_group_by([under()])
            .take();
        let rows = self.reader().query_all(&select).await?;
        let count = |row: &QueryResult| {
            let counted: i64 = row.try_get("", "counted")?;
            Ok((row.try_get("", "deletion_id")?, u64::try_from(counted).unwrap_or_default()))
        };
        rows.iter().map(count).collect()
    }

    /// Every deleted record of one kind that the viewer may restore.
    fn restorable<R: RecordTable>(&self) -> SelectStatement {
        let column = |name: &'static str| Expr::col((R::COLUMNS.table(), name));
        let may = policy::filter::<R>(self.actor(), Action::Restore, Wish::Nobody, false, self.now());
        Query::select()
            .from(R::COLUMNS.table())
            .and_where(column("account_id").eq(self.actor().account))
            .and_where(column("deleted_at").is_not_null())
            .and_where(column("deleted_at").gt(deletion::horizon(self.now())))
            .cond_where(may)
            .take()
    }
}

fn deleted<R: RecordTable>(row: &QueryResult) -> Result<(Position, Deleted<R::Id>)> {
    let text = |name: &str| row.try_get::<Option<String>>("", name);
    let contact_name = display_name(
        text("first_name")?.as_deref(),
        text("last_name")?.as_deref(),
        text("company")?.as_deref(),
    );
    let is_contact = R::NAME == policy::Contact::NAME;
    let name = if is_contact { contact_name.clone() } else { row.try_get("", "name")? };
    let id = R::Id::from_uuid(row.try_get("", "id")?);
    let at: Timestamp = row.try_get("", "deleted_at")?;
    let deleted = Deleted {
        id,
        name,
        contact: row.try_get("", "of_contact")?,
        contact_name,
        owner: row.try_get("", "owner_id")?,
        at,
        by: row.try_get("", "deleted_by")?,
        deletion: row.try_get("", "deletion_id")?,
        with_contact: !is_contact && row.try_get("", "with_contact")?,
        version: row.try_get("", "version")?,
    };
    Ok((Position { key: Key::Number(at.0), id: id.uuid() }, deleted))
}

/// A deleted contact.
pub type DeletedContact = Deleted<ContactId>;

/// A deleted opportunity.
pub type DeletedOpportunity = Deleted<OpportunityId>;
