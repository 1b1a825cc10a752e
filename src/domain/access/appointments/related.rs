//! What appointments show beside their row.

use std::collections::HashMap;

use entity::{AppointmentId, CalendarId, UserId, appointment_attendee, calendar};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::domain::access::Access;
use crate::domain::error::Result;

impl Access {
    /// Who attends these appointments, by id. They must be visible.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn attendees(
        &self,
        appointments: &[AppointmentId],
    ) -> Result<HashMap<AppointmentId, Vec<UserId>>> {
        let rows = appointment_attendee::Entity::find()
            .filter(appointment_attendee::Column::AccountId.eq(self.actor().account))
            .filter(appointment_attendee::Column::AppointmentId.is_in(appointments.iter().copied()))
            .order_by_asc(appointment_attendee::Column::AppointmentId)
            .order_by_asc(appointment_attendee::Column::UserId)
            .all(self.reader())
            .await?;
        let mut attendees: HashMap<AppointmentId, Vec<UserId>> = HashMap::new();
        for row in rows {
            attendees.entry(row.appointment_id).or_default().push(row.user_id);
        }
        Ok(attendees)
    }

    /// What these calendars are called, deleted ones too (C9). Their names may be shown on every *visible* appointment of
    /// theirs, and nothing else of a calendar to which the viewer has no access: ask for no other calendars.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn calendar_names(&self, calendars: &[CalendarId]) -> Result<HashMap<CalendarId, String>> {
        let rows = calendar::Entity::find()
            .filter(calendar::Column::AccountId.eq(self.actor().account))
            .filter(calendar::Column::Id.is_in(calendars.iter().copied()))
            .select_only()
            .columns([calendar::Column::Id, calendar::Column::Name])
            .into_tuple::<(CalendarId, String)>()
            .all(self.reader())
            .await?;
        Ok(rows.into_iter().collect())
    }
}
