//! The viewer's own inbox, and nobody else's (N3). A notice keeps its number for good; what it says is for whoever may see
//! what it is about at this moment (N4).

use std::collections::HashMap;

use entity::notification::Kind;
use entity::{
    ActivityId, NotificationId, TypedId, notification, notification_activity, notification_preference,
};
use policy::{Action, Facts, Relation};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, Iterable, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
};

use super::list::window_onto;
use super::{Access, Count};
use crate::domain::error::Result;
use crate::domain::notification::takes_away;
use crate::domain::page::{Key, Page, Position, Window};
use crate::domain::record::RecordRef;
use crate::domain::unit_of_work::decide;

/// Which notices of the inbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Inbox {
    /// Only what is not read.
    pub unread_only: bool,
    /// What is archived, instead of what is not.
    pub archived: bool,
}

impl Access {
    /// A page of the viewer's notices, newest first.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn notifications(&self, inbox: Inbox, window: &Window) -> Result<Page<notification::Model>> {
        let mut select = self.own_notifications(inbox).into_query();
        let column = |name: &'static str| Expr::col(("notification", name));
        window_onto(&mut select, column("number"), column("id"), true, window);
        let rows = self.reader().query_all(&select).await?;
        let found = rows.iter().map(|row| {
            let row = notification::Model::from_query_result(row, "")?;
            Ok((Position { key: Key::Number(row.number), id: row.id.uuid() }, row))
        });
        Ok(Page::of(found.collect::<Result<Vec<_>>>()?, window))
    }

    /// How many notices of the viewer there are.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn count_notifications(&self, inbox: Inbox) -> Result<Count> {
        let value = self.own_notifications(inbox).count(self.reader()).await?;
        Ok(Count { value, is_exact: true })
    }

    /// The viewer's notices after a number, the oldest first, archived ones too: what a stream delivers (N4).
    ///
    /// # Errors
    /// A database that fails.
    pub async fn notifications_after(&self, number: i64, limit: u64) -> Result<Vec<notification::Model>> {
        let rows = self
            .all_own_notifications()
            .filter(notification::Column::Number.gt(number))
            .order_by_asc(notification::Column::Number)
            .limit(limit);
        Ok(rows.all(self.reader()).await?)
    }

    /// Those of the viewer's notices that have these numbers.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn numbered_notifications(&self, numbers: &[i64]) -> Result<HashMap<i64, notification::Model>> {
        let rows = self
            .all_own_notifications()
            .filter(notification::Column::Number.is_in(numbers.iter().copied()))
            .all(self.reader())
            .await?;
        Ok(rows.into_iter().map(|row| (row.number, row)).collect())
    }

    /// Those of these notices that are the viewer's.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn find_notifications(
        &self,
        ids: &[NotificationId],
    ) -> Result<HashMap<NotificationId, notification::Model>> {
        let rows = self
            .all_own_notifications()
            .filter(notification::Column::Id.is_in(ids.iter().copied()))
            .all(self.reader())
            .await?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }

    /// What each of these notices of the viewer stands for, what matters most first. Whether the viewer may still see them
    /// is to be asked of each.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn notified_activities(&self, numbers: &[i64]) -> Result<HashMap<i64, Vec<ActivityId>>> {
        let rows = notification_activity::Entity::find()
            .filter(notification_activity::Column::UserId.eq(self.inbox_owner()))
            .filter(notification_activity::Column::Number.is_in(numbers.iter().copied()))
            .order_by_asc(notification_activity::Column::Number)
            .order_by_asc(notification_activity::Column::Position)
            .all(self.reader())
            .await?;
        let mut activities: HashMap<i64, Vec<ActivityId>> = HashMap::new();
        for row in rows {
            activities.entry(row.number).or_default().push(row.activity_id);
        }
        Ok(activities)
    }

    /// Whether a notice says something of the viewer's own though what it is about is out of their sight: that they lost
    /// it, that it was deleted, that they were not added. It does not where the whole module is switched off (P3).
    #[must_use]
    pub fn is_told_anyway(&self, row: &notification::Model) -> bool {
        let record: Option<RecordRef> =
            row.contact_id.map(RecordRef::from).or(row.opportunity_id.map(RecordRef::from));
        let as_related = Facts { relation: Some(Relation::Owner), ..Facts::none() };
        (takes_away(row.kind) || row.kind == Kind::FollowSkipped)
            && record
                .is_some_and(|record| decide(self.actor(), record, Action::View, &as_related).is_granted())
    }

    /// Of each kind, whether the viewer wants to be told.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn notification_preferences(&self) -> Result<Vec<(Kind, bool)>> {
        let rows = notification_preference::Entity::find()
            .filter(notification_preference::Column::UserId.eq(self.inbox_owner()))
            .all(self.reader())
            .await?;
        let known: HashMap<Kind, bool> = rows.into_iter().map(|row| (row.kind, row.wanted)).collect();
        Ok(Kind::iter().map(|kind| (kind, known.get(&kind).copied().unwrap_or(true))).collect())
    }

    fn own_notifications(&self, inbox: Inbox) -> Select<notification::Entity> {
        let archived = notification::Column::ArchivedAt;
        let rows = self.all_own_notifications().filter(if inbox.archived {
            archived.is_not_null()
        } else {
            archived.is_null()
        });
        if inbox.unread_only { rows.filter(notification::Column::ReadAt.is_null()) } else { rows }
    }

    /// The person is the floor of an inbox, as the account is of everything else.
    fn all_own_notifications(&self) -> Select<notification::Entity> {
        notification::Entity::find()
            .filter(notification::Column::UserId.eq(self.inbox_owner()))
            .filter(notification::Column::AccountId.eq(self.actor().account))
    }

    /// Whose inbox it is; the command line has none.
    fn inbox_owner(&self) -> entity::UserId {
        self.actor().user.unwrap_or_else(|| entity::UserId::from_uuid(uuid::Uuid::nil()))
    }
}
