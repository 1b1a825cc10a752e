//! One notice.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use async_graphql::{ID, Object};
use entity::{NotificationId, notification};

use super::kinds::{NotificationKind, NotificationReason};
use super::siblings::{Siblings, Sight};
use crate::domain::page::Page;
use crate::graphql::activity::Activity;
use crate::graphql::answer::Answer;
use crate::graphql::connection::Listed;
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::node::Record;
use crate::graphql::scalars::DateTime;
use crate::graphql::user::User;

/// A notice to the viewer, one of the siblings of a page or of a delivery.
#[derive(Clone)]
pub struct Notification {
    row: Arc<notification::Model>,
    siblings: Arc<Siblings>,
}

impl fmt::Debug for Notification {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Notification({})", self.row.id)
    }
}

impl Notification {
    /// These notices of the viewer, siblings of one another, in their order. What each of them says is decided as it is
    /// asked for.
    #[must_use]
    pub fn siblings(viewpoint: &Arc<Viewpoint>, rows: Vec<notification::Model>) -> Vec<Self> {
        let rows: Vec<Arc<notification::Model>> = rows.into_iter().map(Arc::new).collect();
        let siblings = Arc::new(Siblings::new(viewpoint, rows.clone()));
        rows.into_iter().map(|row| Self { row, siblings: Arc::clone(&siblings) }).collect()
    }

    /// The notices of a page, siblings of one another.
    #[must_use]
    pub fn page(viewpoint: &Arc<Viewpoint>, page: Page<notification::Model>) -> Page<Self> {
        let page = page.map(Arc::new);
        let rows = page.items.iter().map(|(_, row)| Arc::clone(row)).collect();
        let siblings = Arc::new(Siblings::new(viewpoint, rows));
        page.map(|row| Self { row, siblings: Arc::clone(&siblings) })
    }

    /// Those of these that are the viewer's own.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn all(
        viewpoint: &Arc<Viewpoint>,
        ids: &[NotificationId],
    ) -> Result<HashMap<NotificationId, Self>, Failure> {
        let rows = viewpoint.access().find_notifications(ids).await?.into_values().collect();
        Ok(Self::siblings(viewpoint, rows).into_iter().map(|notice| (notice.row.id, notice)).collect())
    }

    /// What `read` finds, unless the notice says nothing any more.
    async fn unless_hidden<T>(
        &self,
        read: impl Future<Output = Result<Option<T>, Failure>> + Send,
    ) -> Result<Option<T>, Failure> {
        let sight = self.siblings.sight(&self.row).await?;
        // Asked in either case: what is hidden costs what is seen (A7).
        let read = read.await?;
        Ok(read.filter(|_| !matches!(sight, Sight::Hidden)))
    }
}

impl Listed for Notification {
    const NAME: &'static str = "Notification";
}

/// What the viewer was told of one act, whatever it did to how many records: one for each person and act. It is theirs
/// alone. When they may not see any more what it is about, it keeps its number and says nothing else; that they lost a
/// record, that one of theirs was deleted and that they were not added as a follower they are told all the same, without
/// the record.
#[Object]
impl Notification {
    /// The global id, `notification_…`. It stays the same for good.
    pub async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// Its place among everything that the viewer was ever told, counted from 1 without a gap. Old ones are deleted after a
    /// while; the numbers go on.
    async fn number(&self) -> i64 {
        self.row.number
    }

    /// When it happened.
    async fn at(&self) -> DateTime {
        self.row.at.into()
    }

    /// What it is about. Null when it is hidden.
    async fn kind(&self) -> Answer<NotificationKind> {
        Answer::of(self.unless_hidden(async { Ok(Some(self.row.kind.into())) })).await
    }

    /// Why the viewer is told. Null when it is hidden.
    async fn reason(&self) -> Answer<NotificationReason> {
        Answer::of(self.unless_hidden(async { Ok(Some(self.row.reason.into())) })).await
    }

    /// Who did it. Null for the command line and the clock, and when it is hidden.
    async fn actor(&self) -> Answer<User> {
        Answer::of(self.unless_hidden(self.siblings.actor(&self.row))).await
    }

    /// The contact or opportunity that it is about; of an appointment, its contact. Null when the viewer may not see it,
    /// or when it is deleted.
    async fn record(&self) -> Answer<Record> {
        Answer::of(self.unless_hidden(self.siblings.record(&self.row))).await
    }

    /// The activity that matters most to the viewer. Null when they may not see it.
    async fn activity(&self) -> Answer<Activity> {
        Answer::of(async {
            Ok(match self.siblings.sight(&self.row).await? {
                Sight::Seen(activity) => Some(activity),
                Sight::Told | Sight::Hidden => None,
            })
        })
        .await
    }

    /// What the act did to records of the viewer's, what matters most first: at most 20 activities, and only those that
    /// they may see.
    async fn activities(&self) -> Answer<Vec<Activity>> {
        let activities = async { self.siblings.activities(&self.row).await.map(Some) };
        Answer::of(async { Ok(self.unless_hidden(activities).await?.unwrap_or_default()) }).await
    }

    /// How many activities it stood for when the viewer was told, those that are not named counted too. Null when it is
    /// hidden.
    async fn activity_count(&self) -> Answer<i64> {
        Answer::of(self.unless_hidden(async { Ok(Some(self.row.activity_count)) })).await
    }

    /// How the record was called when the viewer lost it, or when it was deleted. Null for everything else, when it is
    /// hidden, and once the record is purged.
    async fn display_name(&self) -> Answer<String> {
        Answer::of(self.unless_hidden(async { Ok(self.row.display_name.clone()) })).await
    }

    /// Whether the viewer may not see any more what it is about, so that its number is all that is left of it.
    async fn is_hidden(&self) -> Answer<bool> {
        Answer::of(async { Ok(matches!(self.siblings.sight(&self.row).await?, Sight::Hidden)) }).await
    }

    /// Whether the viewer has marked it as read.
    async fn is_read(&self) -> bool {
        self.row.read_at.is_some()
    }

    /// When the viewer marked it as read. Null while it is unread.
    async fn read_at(&self) -> Option<DateTime> {
        self.row.read_at.map(DateTime::from)
    }

    /// When the viewer put it into the archive. Null while it is in the inbox.
    async fn archived_at(&self) -> Option<DateTime> {
        self.row.archived_at.map(DateTime::from)
    }
}
