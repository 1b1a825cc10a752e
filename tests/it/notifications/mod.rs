//! Who is told of what, in whose inbox it lies, and what is left of it (N2 to N4, F7, F8, AF4, R4).

mod appointments;
mod everybody;
mod notes;
mod numbers;
mod ownership;
mod records;
mod retention;

use std::collections::{BTreeMap, HashSet};
use std::fmt::Debug;

use entity::notification::{self, Kind, Reason};
use entity::{NotificationId, notification_activity, user};
use retinue::domain::error::Result;
use retinue::domain::notification::{SetPreference, set_preference};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::world::{Acts as _, Person, World};

/// Who was told of an act, by name: of what kind, why, and how many activities it stands for.
pub type Told = Vec<(String, Kind, Reason, i64)>;

/// One line of what was told.
pub fn line(person: &Person, kind: Kind, reason: Reason, count: i64) -> (String, Kind, Reason, i64) {
    (person.name.clone(), kind, reason, count)
}

impl World {
    /// Every notice of the account, by person and number.
    pub async fn all_notifications(&self) -> Vec<notification::Model> {
        let found = notification::Entity::find()
            .filter(notification::Column::AccountId.eq(self.account))
            .order_by_asc(notification::Column::UserId)
            .order_by_asc(notification::Column::Number)
            .all(&self.sql)
            .await;
        found.expect("the notices are read")
    }

    /// The notices that an act brings about, which must be done.
    pub async fn notices_of<T: Debug>(
        &self,
        act: impl Future<Output = Result<T>>,
    ) -> Vec<notification::Model> {
        let known: HashSet<NotificationId> =
            self.all_notifications().await.into_iter().map(|row| row.id).collect();
        act.await.expect("the act is done");
        let mut rows = self.all_notifications().await;
        rows.retain(|row| !known.contains(&row.id));
        rows
    }

    /// Who is told of an act, by name.
    pub async fn told_of<T: Debug>(&self, act: impl Future<Output = Result<T>>) -> Told {
        let rows = self.notices_of(act).await;
        let users = user::Entity::find().all(&self.sql).await.expect("the users are read");
        let names: BTreeMap<_, _> = users.into_iter().map(|row| (row.id, row.name)).collect();
        let line = |row: notification::Model| {
            (names[&row.user_id].clone(), row.kind, row.reason, row.activity_count)
        };
        let mut told: Told = rows.into_iter().map(line).collect();
        told.sort();
        told
    }

    /// The kinds of activity that a notice names, what matters most first.
    pub async fn named_by(&self, notice: &notification::Model) -> Vec<String> {
        let rows = notification_activity::Entity::find()
            .filter(notification_activity::Column::UserId.eq(notice.user_id))
            .filter(notification_activity::Column::Number.eq(notice.number))
            .order_by_asc(notification_activity::Column::Position)
            .all(&self.sql)
            .await
            .expect("the names are read");
        let mut kinds = Vec::new();
        for row in rows {
            let entry = entity::activity::Entity::find_by_id(row.activity_id).one(&self.sql).await;
            kinds.push(entry.expect("the history is read").expect("it is there").kind);
        }
        kinds
    }
}

impl Person {
    /// Wants no notices of a kind, or wants them again.
    pub async fn wants(&self, kind: Kind, wanted: bool) {
        set_preference(&self.access().await, &SetPreference { kind, wanted }).await.expect("it is kept");
    }

    /// The numbers in the inbox, archived ones too.
    pub async fn numbers(&self) -> Vec<i64> {
        let rows = self.access().await.notifications_after(0, 10_000).await.expect("the inbox is read");
        rows.into_iter().map(|row| row.number).collect()
    }
}
