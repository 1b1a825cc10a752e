//! Deleted appointments, for those who may bring them back (R4).

use entity::{DeletionId, Timestamp, TypedId as _, UserId, appointment};
use policy::Action;
use sea_orm::sea_query::{Alias, Expr, Query, SelectStatement};
use sea_orm::{ConnectionTrait, ExprTrait, FromQueryResult, IdenStatic, Iterable, JoinType, QueryResult};

use super::column;
use crate::domain::access::list::window_onto;
use crate::domain::access::{Access, Count};
use crate::domain::contact::display_name;
use crate::domain::deletion;
use crate::domain::error::{Error, Result};
use crate::domain::page::{Key, Page, Position, Window};

/// A deleted appointment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeletedAppointment {
    /// The row, as it was deleted.
    pub row: appointment::Model,
    /// What its calendar is called (C9).
    pub calendar_name: String,
    /// What its contact is called, which is all that shows of it (A8).
    pub contact_name: String,
    /// When.
    pub at: Timestamp,
    /// Who deleted it, or its contact; none for the command line.
    pub by: Option<UserId>,
    /// The deletion that took it.
    pub deletion: DeletionId,
    /// Whether it went with its contact, and comes back with it only.
    pub with_contact: bool,
}

impl Access {
    /// A page of the deleted appointments that the viewer may restore, the latest deletion first.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn deleted_appointments(&self, window: &Window) -> Result<Page<DeletedAppointment>> {
        let mut select = self.restorable_appointments();
        for name in appointment::Column::iter() {
            select.column(("appointment", Alias::new(name.as_str())));
        }
        for name in ["first_name", "last_name", "company"] {
            select.expr(Expr::col(("holder", name)));
        }
        select
            .expr_as(Expr::col(("place", "name")), "calendar_name")
            .expr_as(Expr::col(("took", "actor_id")), "deleted_by")
            .expr_as(Expr::col(("took", "contact_id")).is_not_null(), "with_contact");
        for (table, name, key) in [
            ("contact", "holder", "contact_id"),
            ("calendar", "place", "calendar_id"),
            ("deletion", "took", "deletion_id"),
        ] {
            let on = Expr::col((name, "id")).equals(("appointment", key));
            select.join_as(JoinType::InnerJoin, table, name, on);
        }
        window_onto(&mut select, column("deleted_at"), column("id"), true, window);
        let rows = self.reader().query_all(&select).await?;
        Ok(Page::of(rows.iter().map(deleted).collect::<Result<Vec<_>>>()?, window))
    }

    /// How many deleted appointments the viewer may restore.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn count_deleted_appointments(&self) -> Result<Count> {
        let mut rows = self.restorable_appointments();
        rows.expr(Expr::value(1));
        self.count_up(rows).await
    }

    fn restorable_appointments(&self) -> SelectStatement {
        let may = policy::tied_filter::<policy::Appointment>(self.actor(), Action::Restore, self.now());
        Query::select()
            .from("appointment")
            .and_where(column("account_id").eq(self.actor().account))
            .and_where(column("deleted_at").is_not_null())
            .and_where(column("deleted_at").gt(deletion::horizon(self.now())))
            .cond_where(may)
            .take()
    }
}

fn deleted(row: &QueryResult) -> Result<(Position, DeletedAppointment)> {
    let text = |name: &str| row.try_get::<Option<String>>("", name);
    let contact_name = display_name(
        text("first_name")?.as_deref(),
        text("last_name")?.as_deref(),
        text("company")?.as_deref(),
    );
    let its = appointment::Model::from_query_result(row, "")?;
    let (Some(at), Some(deletion)) = (its.deleted_at, its.deletion_id) else {
        return Err(Error::bug("a deleted appointment has no deletion"));
    };
    let position = Position { key: Key::Number(at.0), id: its.id.uuid() };
    let deleted = DeletedAppointment {
        calendar_name: row.try_get("", "calendar_name")?,
        contact_name,
        at,
        by: row.try_get("", "deleted_by")?,
        deletion,
        with_contact: row.try_get("", "with_contact")?,
        row: its,
    };
    Ok((position, deleted))
}
