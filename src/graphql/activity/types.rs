//! One entry of the history.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Enum, ID, Object};
use entity::{ActivityId, TypedId};

use super::ActivitySiblings;
use super::changes::{FieldChange, visible_changes};
use crate::domain::access::{Entry, Family};
use crate::domain::page::Page;
use crate::graphql::answer::Answer;
use crate::graphql::appointment::Appointment;
use crate::graphql::calendar::Calendar;
use crate::graphql::connection::Listed;
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::node::Record;
use crate::graphql::note::Note;
use crate::graphql::pipeline::{Pipeline, Stage};
use crate::graphql::scalars::DateTime;
use crate::graphql::siblings::portions;
use crate::graphql::task::Task;
use crate::graphql::user::User;

/// Through what a change came about.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::activity::Cause")]
pub enum ActivityCause {
    /// A person's own request.
    User,
    /// A setting that makes owners follow what they do not own.
    AutoFollow,
    /// A file that was imported.
    Import,
    /// The program's own commands, which act as an admin and have no user.
    CommandLine,
    /// An end that was set beforehand came, such as that of a follow.
    Clock,
}

/// One entry of the history.
#[derive(Clone, Debug)]
pub struct Activity {
    entry: Arc<Entry>,
    siblings: Arc<ActivitySiblings>,
}

impl Activity {
    /// Pages of entries whose objects are siblings of one another.
    pub fn families<P: TypedId>(viewpoint: &Arc<Viewpoint>, families: Family<P, Entry>) -> Family<P, Self> {
        let families: HashMap<P, Page<Arc<Entry>>> =
            families.into_iter().map(|(parent, page)| (parent, page.map(Arc::new))).collect();
        let entries =
            families.values().flat_map(|page| page.items.iter().map(|(_, entry)| Arc::clone(entry)));
        let siblings = Arc::new(ActivitySiblings::new(viewpoint, entries.collect()));
        let object = |entry| Self { entry, siblings: Arc::clone(&siblings) };
        families.into_iter().map(|(parent, page)| (parent, page.map(object))).collect()
    }

    /// The visible ones among these.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn all(
        viewpoint: &Arc<Viewpoint>,
        ids: &[ActivityId],
    ) -> Result<HashMap<ActivityId, Self>, Failure> {
        let mut entries: Vec<Arc<Entry>> = Vec::new();
        for portion in portions(ids) {
            entries.extend(viewpoint.access().visible_activity(portion).await?.into_values().map(Arc::new));
        }
        let siblings = Arc::new(ActivitySiblings::new(viewpoint, entries.clone()));
        let object = |entry: Arc<Entry>| (entry.row.id, Self { entry, siblings: Arc::clone(&siblings) });
        Ok(entries.into_iter().map(object).collect())
    }
}

impl Listed for Activity {
    const NAME: &'static str = "Activity";
}

/// One entry of the history: something that happened to a record, a follower, an owner, a note, a task, an
/// appointment, a calendar, a pipeline or the settings. Entries are
/// written with the change itself and never edited; a purge may erase their values.
#[Object]
impl Activity {
    /// The global id, `activity_…`. Ids grow with time.
    pub async fn id(&self) -> ID {
        self.entry.row.id.into()
    }

    /// What happened, in the past tense: the kind of thing, a dot and the event, such as `contact.owner_changed`,
    /// `opportunity.stage_moved`, `contact.follower_added`, `note.created` or `appointment.booked`.
    async fn kind(&self) -> &str {
        &self.entry.row.kind
    }

    /// When it happened. Everything that one call did happened at the same instant.
    async fn at(&self) -> DateTime {
        self.entry.row.at.into()
    }

    /// Who did it. Null for the command line and the clock.
    async fn actor(&self) -> Answer<User> {
        Answer::of(self.siblings.actor(self.entry.row.actor_id)).await
    }

    /// Through what it came about: the actor's own request, or something that answered one.
    async fn cause(&self) -> ActivityCause {
        self.entry.row.cause.into()
    }

    /// The activity that this one follows from, such as the change of owner that made somebody a follower. Null when
    /// there is none, and when the viewer may not see the record that it happened to.
    async fn caused_by(&self) -> Answer<Activity> {
        Answer::of(self.siblings.cause(self.entry.row.caused_by)).await
    }

    /// The contact or opportunity that it happened to, itself or a note or a task on it. Null for what happened to an appointment, which the history of its
    /// contact tells too, to calendars, to pipelines and to the account's settings.
    async fn record(&self) -> Answer<Record> {
        Answer::of(self.siblings.record(&self.entry)).await
    }

    /// The appointment that it happened to. Null for everything else, and while the appointment is deleted.
    async fn appointment(&self) -> Answer<Appointment> {
        Answer::of(self.siblings.appointment(&self.entry)).await
    }

    /// The note that it happened to. Null for everything else, and when the note is no more.
    async fn note(&self) -> Answer<Note> {
        Answer::of(self.siblings.note(&self.entry)).await
    }

    /// The task that it happened to. Null for everything else, and when the task is no more.
    async fn task(&self) -> Answer<Task> {
        Answer::of(self.siblings.task(&self.entry)).await
    }

    /// The calendar that it happened to, itself or what was blocked in it. Null for everything else, and when the calendar is
    /// no more.
    async fn calendar(&self) -> Answer<Calendar> {
        Answer::of(self.siblings.calendar(&self.entry)).await
    }

    /// The pipeline that it happened to, itself or one of its stages. Null for everything else, and when the pipeline is
    /// no more.
    async fn pipeline(&self) -> Answer<Pipeline> {
        Answer::of(self.siblings.pipeline(&self.entry)).await
    }

    /// The stage that it happened to. Null for everything else, and when the stage is no more.
    async fn stage(&self) -> Answer<Stage> {
        Answer::of(self.siblings.stage(&self.entry)).await
    }

    /// The fields that changed, from and to. Empty when the values were purged. A change of what an opportunity is worth
    /// is left out for whoever lacks `VIEW_LEAD_VALUE`, with one `FORBIDDEN` error for the field and list.
    async fn changes(&self) -> Answer<Vec<FieldChange>> {
        visible_changes(&self.siblings, &self.entry).await
    }
}
