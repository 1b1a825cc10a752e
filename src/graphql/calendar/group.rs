//! A group of calendars.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{ID, Object};
use entity::{CalendarGroupId, calendar_group};

use super::access::CalendarGroupAccess;
use super::types::Calendar;
use crate::domain::access::{Count, Family};
use crate::domain::page::{Page, Window};
use crate::graphql::answer::Answer;
use crate::graphql::connection::{Connection, Paging};
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::scalars::DateTime;
use crate::graphql::siblings::{ByArguments, Once};

/// The name of a group's calendars in cursors.
const CALENDARS: &str = "calendarGroup.calendars";

/// A group of calendars, one of the siblings of a list.
#[derive(Clone, Debug)]
pub struct CalendarGroup {
    row: Arc<calendar_group::Model>,
    siblings: Arc<Siblings>,
}

#[derive(Debug)]
struct Siblings {
    viewpoint: Arc<Viewpoint>,
    ids: Vec<CalendarGroupId>,
    calendars: ByArguments<Window, Family<CalendarGroupId, Calendar>>,
    counts: Once<HashMap<CalendarGroupId, Count>>,
}

impl CalendarGroup {
    /// These groups, siblings of one another.
    pub fn siblings(viewpoint: &Arc<Viewpoint>, rows: Vec<calendar_group::Model>) -> Vec<Self> {
        let siblings = Arc::new(Siblings {
            viewpoint: Arc::clone(viewpoint),
            ids: rows.iter().map(|row| row.id).collect(),
            calendars: ByArguments::default(),
            counts: Once::default(),
        });
        rows.into_iter().map(|row| Self { row: Arc::new(row), siblings: Arc::clone(&siblings) }).collect()
    }

    /// The visible ones among these.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn all(
        viewpoint: &Arc<Viewpoint>,
        ids: &[CalendarGroupId],
    ) -> Result<HashMap<CalendarGroupId, Self>, Failure> {
        let rows = viewpoint.access().find_calendar_groups(ids).await?.into_values().collect();
        Ok(Self::siblings(viewpoint, rows).into_iter().map(|group| (group.row.id, group)).collect())
    }

    /// This one, where the viewer may see it.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn one(viewpoint: &Arc<Viewpoint>, id: CalendarGroupId) -> Result<Option<Self>, Failure> {
        Ok(Self::all(viewpoint, &[id]).await?.remove(&id))
    }

    async fn its_calendars(&self, paging: Paging) -> Result<Connection<Calendar>, Failure> {
        let siblings = &self.siblings;
        let window = paging.window(&siblings.viewpoint, CALENDARS, siblings.ids.len())?;
        let load = async {
            let pages = siblings.viewpoint.access().calendars_of(&siblings.ids, &window).await?;
            Ok(Calendar::families(&siblings.viewpoint, pages))
        };
        let pages = siblings.calendars.of(window.clone()).get(load).await?;
        let page = pages.get(&self.row.id).cloned().unwrap_or_else(Page::empty);
        let counted = self.clone();
        let counter = move || {
            let counted = counted.clone();
            Box::pin(async move { counted.count_calendars().await }) as _
        };
        Ok(Connection::new(&siblings.viewpoint, CALENDARS, page, Box::new(counter)))
    }

    async fn count_calendars(&self) -> Result<Count, Failure> {
        let siblings = &self.siblings;
        let load = async { Ok(siblings.viewpoint.access().count_calendars_of(&siblings.ids).await?) };
        let counts = siblings.counts.get(load).await?;
        Ok(counts.get(&self.row.id).copied().unwrap_or(Count { value: 0, is_exact: true }))
    }
}

/// A name to find calendars by. Whoever holds `VIEW_CALENDARS` sees every group of the account, and in it the calendars
/// that they may see anyway.
#[Object]
impl CalendarGroup {
    /// The global id, `calendargroup_…`. It stays the same for good.
    pub async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// What it is called; no two groups of the account have the same name.
    async fn name(&self) -> &str {
        &self.row.name
    }

    /// The calendars in it that the viewer may see, by name.
    async fn calendars(
        &self,
        #[graphql(
            desc = "At most so many, from the start of the list: 0 to 200, 50 when neither `first` nor `last` is given."
        )]
        first: Option<i64>,
        #[graphql(desc = "Only what comes after this cursor of the same list and order. Goes with `first`.")]
        after: Option<String>,
        #[graphql(desc = "At most so many, from the end of the list: 0 to 200. Not together with `first`.")]
        last: Option<i64>,
        #[graphql(desc = "Only what comes before this cursor of the same list and order. Goes with `last`.")]
        before: Option<String>,
    ) -> Answer<Connection<Calendar>> {
        Answer::of(self.its_calendars(Paging { first, after, last, before })).await
    }

    /// What the viewer may do to it at this moment, and why not.
    async fn viewer_access(&self) -> CalendarGroupAccess {
        CalendarGroupAccess::new(self.siblings.viewpoint.access())
    }

    /// Raised by every change of its name; which calendars are in it is theirs. Give it as `expectedVersion` to be refused
    /// when somebody else was faster.
    async fn version(&self) -> i64 {
        self.row.version
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// When its name last changed.
    async fn updated_at(&self) -> DateTime {
        self.row.updated_at.into()
    }
}
