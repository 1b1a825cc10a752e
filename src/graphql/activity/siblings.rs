//! What the entries of one page of history share.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use entity::{ActivityId, AppointmentId, CalendarId, ContactId, NoteId, PipelineId, StageId, TaskId, UserId};

use super::Activity;
use super::changes::{calendars_named, contacts_named};
use crate::domain::access::Entry;
use crate::graphql::appointment::Appointment;
use crate::graphql::calendar::Calendar;
use crate::graphql::contact::Contact;
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::node::Record;
use crate::graphql::note::Note;
use crate::graphql::opportunity::Opportunity;
use crate::graphql::pipeline::{Pipeline, Stage};
use crate::graphql::siblings::{Once, distinct};
use crate::graphql::task::Task;
use crate::graphql::user::User;

/// What the entries of one page of history share.
#[derive(Debug)]
pub struct ActivitySiblings {
    viewpoint: Arc<Viewpoint>,
    entries: Vec<Arc<Entry>>,
    causes: Causes,
    actors: Once<HashMap<UserId, User>>,
    contacts: Once<HashMap<ContactId, Contact>>,
    opportunities: Once<HashMap<entity::OpportunityId, Opportunity>>,
    calendars: Once<HashMap<CalendarId, Calendar>>,
    appointments: Once<HashMap<AppointmentId, Appointment>>,
    notes: Once<HashMap<NoteId, Note>>,
    tasks: Once<HashMap<TaskId, Task>>,
    pipelines: Once<HashMap<PipelineId, Pipeline>>,
    stages: Once<HashMap<StageId, Stage>>,
    named_contacts: Once<HashSet<ContactId>>,
    named_calendars: Once<HashSet<CalendarId>>,
}

impl ActivitySiblings {
    /// The siblings of these entries.
    pub fn new(viewpoint: &Arc<Viewpoint>, entries: Vec<Arc<Entry>>) -> Self {
        let causes = distinct(entries.iter().filter_map(|entry| entry.row.caused_by));
        Self {
            viewpoint: Arc::clone(viewpoint),
            causes: Causes::new(viewpoint, causes),
            entries,
            actors: Once::default(),
            contacts: Once::default(),
            opportunities: Once::default(),
            calendars: Once::default(),
            appointments: Once::default(),
            notes: Once::default(),
            tasks: Once::default(),
            pipelines: Once::default(),
            stages: Once::default(),
            named_contacts: Once::default(),
            named_calendars: Once::default(),
        }
    }

    /// Through whose eyes they are read.
    pub const fn viewpoint(&self) -> &Arc<Viewpoint> {
        &self.viewpoint
    }

    /// Whoever did it.
    pub async fn actor(&self, user: Option<UserId>) -> Result<Option<User>, Failure> {
        let load = async {
            let ids: Vec<UserId> = self.entries.iter().filter_map(|entry| entry.row.actor_id).collect();
            User::all(&self.viewpoint, &ids).await
        };
        let actors = self.actors.get(load).await?;
        Ok(user.and_then(|user| actors.get(&user).cloned()))
    }

    /// The activity that an entry follows from, where the viewer may see it.
    pub async fn cause(&self, id: Option<ActivityId>) -> Result<Option<Activity>, Failure> {
        self.causes.of(id).await
    }

    /// The record that an entry is about. Both kinds are always asked for.
    pub async fn record(&self, entry: &Entry) -> Result<Option<Record>, Failure> {
        let load = async {
            let ids = distinct(self.entries.iter().filter_map(|entry| entry.row.contact_id));
            Contact::all(&self.viewpoint, &ids).await
        };
        let contacts = self.contacts.get(load).await?;
        let load = async {
            let ids = distinct(self.entries.iter().filter_map(|entry| entry.row.opportunity_id));
            Opportunity::all(&self.viewpoint, &ids).await
        };
        let opportunities = self.opportunities.get(load).await?;
        Ok(match (entry.row.appointment_id, entry.row.contact_id, entry.row.opportunity_id) {
            // It happened to the appointment, though the contact's history tells of it.
            (Some(_), ..) | (_, None, None) => None,
            (_, Some(contact), _) => contacts.get(&contact).cloned().map(Record::from),
            (.., Some(opportunity)) => opportunities.get(&opportunity).cloned().map(Record::from),
        })
    }

    /// The calendar that an entry is about.
    pub async fn calendar(&self, entry: &Entry) -> Result<Option<Calendar>, Failure> {
        let load = async {
            let ids = distinct(self.entries.iter().filter_map(|entry| entry.row.calendar_id));
            Calendar::all(&self.viewpoint, &ids).await
        };
        let calendars = self.calendars.get(load).await?;
        Ok(entry.row.calendar_id.and_then(|id| calendars.get(&id).cloned()))
    }

    /// The appointment that an entry is about.
    pub async fn appointment(&self, entry: &Entry) -> Result<Option<Appointment>, Failure> {
        let load = async {
            let ids = distinct(self.entries.iter().filter_map(|entry| entry.row.appointment_id));
            Appointment::all(&self.viewpoint, &ids).await
        };
        let appointments = self.appointments.get(load).await?;
        Ok(entry.row.appointment_id.and_then(|id| appointments.get(&id).cloned()))
    }

    /// The note that an entry is about.
    pub async fn note(&self, entry: &Entry) -> Result<Option<Note>, Failure> {
        let load = async {
            let ids = distinct(self.entries.iter().filter_map(|entry| entry.row.note_id));
            Note::all(&self.viewpoint, &ids).await
        };
        let notes = self.notes.get(load).await?;
        Ok(entry.row.note_id.and_then(|id| notes.get(&id).cloned()))
    }

    /// The task that an entry is about.
    pub async fn task(&self, entry: &Entry) -> Result<Option<Task>, Failure> {
        let load = async {
            let ids = distinct(self.entries.iter().filter_map(|entry| entry.row.task_id));
            Task::all(&self.viewpoint, &ids).await
        };
        let tasks = self.tasks.get(load).await?;
        Ok(entry.row.task_id.and_then(|id| tasks.get(&id).cloned()))
    }

    /// The pipeline that an entry is about.
    pub async fn pipeline(&self, entry: &Entry) -> Result<Option<Pipeline>, Failure> {
        let load = async {
            let ids = distinct(self.entries.iter().filter_map(|entry| entry.row.pipeline_id));
            Pipeline::all(&self.viewpoint, &ids).await
        };
        let pipelines = self.pipelines.get(load).await?;
        Ok(entry.row.pipeline_id.and_then(|id| pipelines.get(&id).cloned()))
    }

    /// The stage that an entry is about.
    pub async fn stage(&self, entry: &Entry) -> Result<Option<Stage>, Failure> {
        let load = async {
            let ids = distinct(self.entries.iter().filter_map(|entry| entry.row.stage_id));
            Stage::all(&self.viewpoint, &ids).await
        };
        let stages = self.stages.get(load).await?;
        Ok(entry.row.stage_id.and_then(|id| stages.get(&id).cloned()))
    }

    /// The contacts that values of these entries name, as far as the viewer may see them (A8).
    pub async fn named_contacts(&self) -> Result<Arc<HashSet<ContactId>>, Failure> {
        let find = async {
            // Only the history of an opportunity or an appointment names a contact that is not its own subject.
            let names_none =
                |entry: &Arc<Entry>| entry.row.opportunity_id.is_none() && entry.row.appointment_id.is_none();
            if self.entries.iter().all(names_none) {
                return Ok(HashSet::new());
            }
            let named = distinct(self.entries.iter().flat_map(|entry| contacts_named(entry)));
            let found = self.viewpoint.access().find::<policy::Contact>(&named).await?;
            Ok(found.into_keys().collect())
        };
        self.named_contacts.get(find).await
    }

    /// The calendars that values of these entries name, as far as the viewer has access to them, or had (C9).
    pub async fn named_calendars(&self) -> Result<Arc<HashSet<CalendarId>>, Failure> {
        let find = async {
            if self.entries.iter().all(|entry| entry.row.appointment_id.is_none()) {
                return Ok(HashSet::new());
            }
            let named = distinct(self.entries.iter().flat_map(|entry| calendars_named(entry)));
            Ok(self.viewpoint.access().viewable_calendars(&named).await?)
        };
        self.named_calendars.get(find).await
    }
}

/// The causes that siblings name: those that the viewer may see, loaded when somebody asks (A7).
#[derive(Debug)]
pub struct Causes {
    viewpoint: Arc<Viewpoint>,
    ids: Vec<ActivityId>,
    found: Once<HashMap<ActivityId, Activity>>,
}

impl Causes {
    /// These causes.
    pub fn new(viewpoint: &Arc<Viewpoint>, ids: Vec<ActivityId>) -> Self {
        Self { viewpoint: Arc::clone(viewpoint), ids, found: Once::default() }
    }

    /// The cause with this id. What is hidden costs what is not there, so it is asked for in either case.
    pub async fn of(&self, id: Option<ActivityId>) -> Result<Option<Activity>, Failure> {
        let found = self.found.get(Activity::all(&self.viewpoint, &self.ids)).await?;
        Ok(id.and_then(|id| found.get(&id).cloned()))
    }
}
