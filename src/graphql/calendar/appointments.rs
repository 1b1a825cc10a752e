//! The appointments in a calendar, as far as the viewer may see them.

use std::collections::HashMap;

use entity::CalendarId;

use super::Calendar;
use crate::domain::access::{AppointmentFilter, AppointmentList, Count, Family};
use crate::domain::page::{Page, Window};
use crate::graphql::appointment::{Appointment, AppointmentFilterInput, AppointmentSort};
use crate::graphql::connection::{Connection, Paging};
use crate::graphql::error::Failure;
use crate::graphql::siblings::ByArguments;

/// What the calendars of one page share of their appointments.
#[derive(Debug, Default)]
pub struct Appointments {
    pages: ByArguments<(AppointmentList, Window), Family<CalendarId, Appointment>>,
    counts: ByArguments<AppointmentFilter, HashMap<CalendarId, u64>>,
}

impl Calendar {
    pub(super) async fn its_appointments(
        &self,
        filter: Option<AppointmentFilterInput>,
        sort: Option<AppointmentSort>,
        paging: Paging,
    ) -> Result<Connection<Appointment>, Failure> {
        let viewpoint = self.siblings.viewpoint();
        let filter = filter.unwrap_or_default().decode(viewpoint)?;
        let (sort, name) = AppointmentSort::order(Appointment::LIST, sort);
        let ids = self.siblings.ids();
        let window = paging.window(viewpoint, &name, ids.len())?;
        let list = AppointmentList { filter, sort };

        let cell = self.siblings.appointments.pages.of((list.clone(), window.clone()));
        let load = async {
            let pages = viewpoint.access().appointments_of_calendars(&ids, &list, &window).await?;
            Ok(Appointment::families(viewpoint, pages))
        };
        let page = cell.get(load).await?.get(&self.row().id).cloned().unwrap_or_else(Page::empty);
        let (counted, filter) = (self.clone(), list.filter.clone());
        let counter = move || {
            let (counted, filter) = (counted.clone(), filter.clone());
            Box::pin(async move { counted.count_appointments(filter).await }) as _
        };
        Ok(Connection::new(viewpoint, name, page, Box::new(counter)))
    }

    async fn count_appointments(&self, filter: AppointmentFilter) -> Result<Count, Failure> {
        let cell = self.siblings.appointments.counts.of(filter.clone());
        let access = self.siblings.viewpoint().access();
        let ids = self.siblings.ids();
        let load = async { Ok(access.count_appointments_of_calendars(&ids, &filter).await?) };
        let value = cell.get(load).await?.get(&self.row().id).copied().unwrap_or_default();
        Ok(Count { value, is_exact: true })
    }
}
