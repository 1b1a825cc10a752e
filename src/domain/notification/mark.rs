//! Marks one's own notices as read or unread, and archives them (N3). These are nobody else's business: neither history,
//! nor stream, nor notice tells of them.

use std::collections::{HashMap, HashSet};

use entity::{NotificationId, Timestamp, UserId, notification};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter};

use crate::domain::access::Access;
use crate::domain::error::{Error, Refusal, Result};
use crate::domain::unit_of_work::UnitOfWork;

/// The most notices that one call names.
pub const LIMIT: usize = 500;

/// What becomes of notices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// They are read.
    Read,
    /// They are as new.
    Unread,
    /// They leave the inbox; the archive keeps them.
    Archived,
    /// They are in the inbox again.
    Unarchived,
}

/// The wish to mark notices.
#[derive(Clone, Debug)]
pub struct MarkNotifications {
    /// Which.
    pub notifications: Vec<NotificationId>,
    /// As what.
    pub mark: Mark,
}

/// Marks notices of one's own: all that are named, or none of them. What is so already stays as it is.
///
/// # Errors
/// Not found, for each that is not there or somebody else's; invalid, more than [`LIMIT`].
pub async fn mark(access: &Access, wish: &MarkNotifications) -> Result<()> {
    let unit = UnitOfWork::begin(access).await?;
    let user = owner(&unit)?;
    let mut met = HashSet::new();
    let ids: Vec<NotificationId> = wish.notifications.iter().copied().filter(|id| met.insert(*id)).collect();
    if ids.len() > LIMIT {
        let message = format!("{} notifications are named, and one call takes at most {LIMIT}", ids.len());
        return Err(Refusal::invalid("ids", message).into());
    }
    let rows = notification::Entity::find()
        .filter(notification::Column::UserId.eq(user))
        .filter(notification::Column::Id.is_in(ids));
    let found: HashMap<NotificationId, notification::Model> =
        unit.rows(rows).await?.into_iter().map(|row| (row.id, row)).collect();
    let unknown: Vec<Refusal> = wish
        .notifications
        .iter()
        .enumerate()
        .filter(|(_, id)| !found.contains_key(id))
        .map(|(place, _)| unknown_notification(&format!("ids.{place}")))
        .collect();
    if !unknown.is_empty() {
        return Err(Error::Refused(unknown));
    }

    let (column, at) = match wish.mark {
        Mark::Read => (notification::Column::ReadAt, Some(unit.now())),
        Mark::Unread => (notification::Column::ReadAt, None),
        Mark::Archived => (notification::Column::ArchivedAt, Some(unit.now())),
        Mark::Unarchived => (notification::Column::ArchivedAt, None),
    };
    let is_so = |row: &notification::Model| {
        let since = match wish.mark {
            Mark::Read | Mark::Unread => row.read_at,
            Mark::Archived | Mark::Unarchived => row.archived_at,
        };
        since.is_some() == at.is_some()
    };
    let numbers: Vec<i64> = found.values().filter(|row| !is_so(row)).map(|row| row.number).collect();
    if numbers.is_empty() {
        return unit.unchanged(()).await;
    }
    set(&unit, user, column, at, Expr::col(notification::Column::Number).is_in(numbers)).await?;
    unit.commit_as(|_| ()).await
}

/// Marks as read what is in one's inbox up to a number, archived ones among them.
///
/// # Errors
/// A database that fails.
pub async fn mark_all_read(access: &Access, up_to: i64) -> Result<()> {
    let unit = UnitOfWork::begin(access).await?;
    let user = owner(&unit)?;
    let unread = notification::Column::ReadAt.is_null();
    let (column, at) = (notification::Column::ReadAt, Some(unit.now()));
    set(&unit, user, column, at, Expr::col(notification::Column::Number).lte(up_to).and(unread)).await?;
    unit.commit_as(|_| ()).await
}

async fn set(
    unit: &UnitOfWork<'_>,
    user: UserId,
    column: notification::Column,
    at: Option<Timestamp>,
    which: Expr,
) -> Result<()> {
    let update = Query::update()
        .table(notification::Entity)
        .value(column, at)
        .and_where(Expr::col(notification::Column::UserId).eq(user))
        .and_where(which)
        .take();
    unit.execute(&update).await
}

/// Whose inbox it is.
pub(super) fn owner(unit: &UnitOfWork<'_>) -> Result<UserId> {
    unit.actor().user.ok_or_else(|| Error::bug("the command line has no inbox"))
}

fn unknown_notification(field: &str) -> Refusal {
    Refusal { message: "there is no such notification in your inbox".into(), ..Refusal::not_found(field) }
}
