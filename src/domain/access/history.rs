//! The history of records, read through the viewer's eyes.

use std::collections::{HashMap, HashSet};

use entity::{ActivityId, AppointmentId, CalendarId, PipelineId, TypedId, activity, activity_value};
use policy::{Action, Facts, Resource, Tied, TiedScope, Ties};
use sea_orm::sea_query::{Alias, Cond, Expr, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QueryTrait,
};
use uuid::Uuid;

use super::children::{Family, Order};
use super::{Access, Count};
use crate::domain::activity::Change;
use crate::domain::error::Result;
use crate::domain::page::{Key, Page, Position, Window};
use crate::domain::record::RecordTable;

/// One entry of the history with its values; none when they were purged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The row.
    pub row: activity::Model,
    /// What changed, from and to.
    pub changes: Vec<Change>,
}

/// What a history is of: the table, the column of the history that names its rows, and how an entry names one.
#[derive(Clone, Copy)]
struct Subjects {
    table: &'static str,
    column: &'static str,
    of: fn(&activity::Model) -> Option<Uuid>,
    /// Whether entries of appointments are among theirs, which may be hidden where they are not.
    hold_appointments: bool,
}

impl Subjects {
    const PIPELINES: Self = Self {
        table: "pipeline",
        column: "pipeline_id",
        of: |row| row.pipeline_id.map(TypedId::uuid),
        hold_appointments: false,
    };

    const APPOINTMENTS: Self = Self {
        table: "appointment",
        column: "appointment_id",
        of: |row| row.appointment_id.map(TypedId::uuid),
        hold_appointments: false,
    };

    const CALENDARS: Self = Self {
        table: "calendar",
        column: "calendar_id",
        of: |row| row.calendar_id.map(TypedId::uuid),
        hold_appointments: false,
    };

    fn of_record<R: RecordTable>() -> Self {
        let table = R::COLUMNS.table;
        if R::NAME == policy::Contact::NAME {
            Self {
                table,
                column: "contact_id",
                of: |row| row.contact_id.map(TypedId::uuid),
                hold_appointments: true,
            }
        } else {
            Self {
                table,
                column: "opportunity_id",
                of: |row| row.opportunity_id.map(TypedId::uuid),
                hold_appointments: false,
            }
        }
    }
}

/// How the history calls what happens to a stage.
const STAGE: &str = "stage";

/// Which of some activities the viewer may see.
pub type Visibility = HashMap<ActivityId, Entry>;

impl Access {
    /// A page of the activity on each of these records, newest first. The records must be visible.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn activity_of<R: RecordTable>(
        &self,
        records: &[R::Id],
        window: &Window,
    ) -> Result<Family<R::Id, Entry>> {
        self.history(Subjects::of_record::<R>(), records, window).await
    }

    /// How many entries the history of each of these records has. The records must be visible.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn count_activity_of<R: RecordTable>(
        &self,
        records: &[R::Id],
    ) -> Result<HashMap<R::Id, Count>> {
        self.count_history(Subjects::of_record::<R>(), records).await
    }

    /// A page of the history of each of these pipelines and their stages, newest first. They must be visible.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn activity_of_pipelines(
        &self,
        pipelines: &[PipelineId],
        window: &Window,
    ) -> Result<Family<PipelineId, Entry>> {
        self.history(Subjects::PIPELINES, pipelines, window).await
    }

    /// How many entries the history of each of these pipelines has. They must be visible.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn count_activity_of_pipelines(
        &self,
        pipelines: &[PipelineId],
    ) -> Result<HashMap<PipelineId, Count>> {
        self.count_history(Subjects::PIPELINES, pipelines).await
    }

    /// A page of the history of each of these appointments, newest first. They must be visible.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn activity_of_appointments(
        &self,
        appointments: &[AppointmentId],
        window: &Window,
    ) -> Result<Family<AppointmentId, Entry>> {
        self.history(Subjects::APPOINTMENTS, appointments, window).await
    }

    /// How many entries the history of each of these appointments has. They must be visible.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn count_activity_of_appointments(
        &self,
        appointments: &[AppointmentId],
    ) -> Result<HashMap<AppointmentId, Count>> {
        self.count_history(Subjects::APPOINTMENTS, appointments).await
    }

    /// A page of the history of each of these calendars and of what was blocked in them, newest first. They must be visible.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn activity_of_calendars(
        &self,
        calendars: &[CalendarId],
        window: &Window,
    ) -> Result<Family<CalendarId, Entry>> {
        self.history(Subjects::CALENDARS, calendars, window).await
    }

    /// How many entries the history of each of these calendars has. They must be visible.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn count_activity_of_calendars(
        &self,
        calendars: &[CalendarId],
    ) -> Result<HashMap<CalendarId, Count>> {
        self.count_history(Subjects::CALENDARS, calendars).await
    }

    async fn history<I: TypedId>(
        &self,
        subjects: Subjects,
        of: &[I],
        window: &Window,
    ) -> Result<Family<I, Entry>> {
        let mut children = activity::Entity::find()
            .filter(activity::Column::AccountId.eq(self.actor().account))
            .into_query();
        if subjects.hold_appointments {
            children.cond_where(self.not_of_a_hidden_appointment());
        }
        let id = || Expr::col(("activity", "id"));
        let order = Order { key: id(), id: id(), descending: true };
        let parents: Vec<_> = of.iter().map(|id| id.uuid()).collect();
        let child_table = sea_orm::sea_query::IntoIden::into_iden(Alias::new("activity"));
        let child = (child_table, subjects.column);
        let rows = self.per_parent(subjects.table, &parents, children, child, order, window).await?;

        let rows: Vec<activity::Model> = rows
            .iter()
            .map(|row| activity::Model::from_query_result(row, ""))
            .collect::<std::result::Result<_, _>>()?;
        let mut values = self.values_of(&rows).await?;
        let mut found: HashMap<I, Vec<_>> = HashMap::new();
        for row in rows {
            let Some(subject) = (subjects.of)(&row) else { continue };
            let position = Position { key: Key::None, id: row.id.uuid() };
            let changes = values.remove(&row.id).unwrap_or_default();
            found.entry(I::from_uuid(subject)).or_default().push((position, Entry { row, changes }));
        }
        Ok(of.iter().map(|id| (*id, Page::of(found.remove(id).unwrap_or_default(), window))).collect())
    }

    async fn count_history<I: TypedId>(&self, subjects: Subjects, of: &[I]) -> Result<HashMap<I, Count>> {
        let subject = Expr::col(("activity", subjects.column));
        let mut select = Query::select()
            .expr_as(subject.clone(), "subject_id")
            .expr_as(Expr::cust("COUNT(*)"), "counted")
            .from("activity")
            .and_where(Expr::col(("activity", "account_id")).eq(self.actor().account))
            .and_where(subject.clone().is_in(of.iter().map(|id| id.uuid())))
            .add_group_by([subject])
            .take();
        if subjects.hold_appointments {
            select.cond_where(self.not_of_a_hidden_appointment());
        }
        let rows = self.reader().query_all(&select).await?;
        rows.iter()
            .map(|row| {
                let counted: i64 = row.try_get("", "counted")?;
                let value = u64::try_from(counted).unwrap_or_default();
                Ok((I::from_uuid(row.try_get("", "subject_id")?), Count { value, is_exact: true }))
            })
            .collect()
    }

    /// The ones among these activities that the viewer may see: those of visible records. A cause that is missing here
    /// is shown as null (A7).
    ///
    /// # Errors
    /// A database that fails.
    pub async fn visible_activity(&self, ids: &[ActivityId]) -> Result<Visibility> {
        let rows = activity::Entity::find()
            .filter(activity::Column::AccountId.eq(self.actor().account))
            .filter(activity::Column::Id.is_in(ids.iter().copied()))
            .all(self.reader())
            .await?;
        let contacts: Vec<_> = rows.iter().filter_map(|row| row.contact_id).collect();
        let opportunities: Vec<_> = rows.iter().filter_map(|row| row.opportunity_id).collect();
        // All are always asked, so that what is hidden costs what is not there.
        let contacts: HashSet<_> = self.find::<policy::Contact>(&contacts).await?.into_keys().collect();
        let opportunities: HashSet<_> =
            self.find::<policy::Opportunity>(&opportunities).await?.into_keys().collect();
        let appointments = self.viewable_appointments(&rows).await?;
        let calendars: Vec<_> = rows.iter().filter_map(|row| row.calendar_id).collect();
        let calendars = self.viewable_calendars(&calendars).await?;
        let sees_pipelines = self.may::<policy::Pipeline>(Action::View).is_granted();
        let sees_lost_reasons = self.may::<policy::LostReason>(Action::View).is_granted();
        let sees_groups = self.may::<policy::CalendarGroup>(Action::View).is_granted();
        let sees_what_has_no_record = |row: &activity::Model| match row.kind.split('.').next() {
            Some(policy::Pipeline::NAME | STAGE) => sees_pipelines,
            Some(policy::LostReason::NAME) => sees_lost_reasons,
            Some(policy::Calendar::NAME) => row.calendar_id.is_some_and(|id| calendars.contains(&id)),
            Some(policy::CalendarGroup::NAME) => sees_groups,
            Some(policy::BlockedSlot::NAME) => {
                let facts = Facts::tied(Ties {
                    assignee: row.user_id.is_some() && row.user_id == self.actor().user,
                    member: row.calendar_id.is_some_and(|id| calendars.contains(&id)),
                    ..Ties::NONE
                });
                policy::decide::<policy::BlockedSlot>(self.actor(), Action::View, &facts).is_granted()
            }
            // Settings are everybody's to read (O1), changes of users are not.
            _ => row.user_id.is_none(),
        };
        let mut values = self.values_of(&rows).await?;
        Ok(rows
            .into_iter()
            .filter(|row| match (row.appointment_id, row.contact_id, row.opportunity_id) {
                (Some(appointment), ..) => appointments.contains(&appointment),
                (_, Some(contact), _) => contacts.contains(&contact),
                (.., Some(opportunity)) => opportunities.contains(&opportunity),
                (None, None, None) => sees_what_has_no_record(row),
            })
            .map(|row| {
                let changes = values.remove(&row.id).unwrap_or_default();
                (row.id, Entry { row, changes })
            })
            .collect())
    }

    /// Those of these calendars to which the viewer has access, or had while they were there.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn viewable_calendars(&self, ids: &[CalendarId]) -> Result<HashSet<CalendarId>> {
        self.viewable::<policy::Calendar>(ids).await
    }

    /// The appointments of these entries that the viewer may view, or could while they were there.
    async fn viewable_appointments(&self, rows: &[activity::Model]) -> Result<HashSet<AppointmentId>> {
        let ids: Vec<_> = rows.iter().filter_map(|row| row.appointment_id).collect();
        let found = self.viewable::<policy::Appointment>(&ids).await?;
        // Those that are purged are not found, and whoever sees every appointment needs no more to be found of them.
        Ok(if self.sees_every_appointment() { ids.into_iter().collect() } else { found })
    }

    /// Those of these rows that the viewer may view, or could while they were there: deleted ones among them.
    async fn viewable<R: Tied>(&self, ids: &[R::Id]) -> Result<HashSet<R::Id>> {
        let column = |name: &'static str| Expr::col((R::COLUMNS.table(), name));
        let select = Query::select()
            .expr_as(column("id"), "id")
            .from(R::COLUMNS.table())
            .and_where(column("account_id").eq(self.actor().account))
            .and_where(column("id").is_in(ids.iter().map(|id| id.uuid())))
            .cond_where(policy::tied_filter::<R>(self.actor(), Action::View, self.now()))
            .take();
        let rows = self.reader().query_all(&select).await?;
        rows.iter().map(|row| Ok(R::Id::from_uuid(row.try_get("", "id")?))).collect()
    }

    fn sees_every_appointment(&self) -> bool {
        let scope = policy::tied_scope::<policy::Appointment>(self.actor(), Action::View, self.now());
        matches!(scope, TiedScope::Everything)
    }

    /// That an entry is about no appointment, or about one that the viewer may view, or could while it was there: a
    /// contact's history tells of these, and nothing of others (A7).
    fn not_of_a_hidden_appointment(&self) -> Cond {
        if self.sees_every_appointment() {
            return Cond::all();
        }
        let viewable = Query::select()
            .expr(Expr::value(1))
            .from("appointment")
            .and_where(Expr::col(("appointment", "id")).equals(("activity", "appointment_id")))
            .cond_where(policy::tied_filter::<policy::Appointment>(self.actor(), Action::View, self.now()))
            .take();
        Cond::any().add(Expr::col(("activity", "appointment_id")).is_null()).add(Expr::exists(viewable))
    }

    async fn values_of(&self, rows: &[activity::Model]) -> Result<HashMap<ActivityId, Vec<Change>>> {
        let values = activity_value::Entity::find()
            .filter(activity_value::Column::ActivityId.is_in(rows.iter().map(|row| row.id)))
            .all(self.reader())
            .await?;
        values.into_iter().map(|value| Ok((value.activity_id, Change::read(&value.changes)?))).collect()
    }
}
