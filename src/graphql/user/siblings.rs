//! What the people of one page share, and how it is loaded.

use std::collections::HashMap;
use std::sync::Arc;

use entity::UserId;

use super::User;
use crate::domain::access::{AppointmentFilter, AppointmentList, Count, Family};
use crate::domain::page::{Page, Window};
use crate::graphql::appointment::{Appointment, AppointmentFilterInput, AppointmentSort};
use crate::graphql::connection::{Connection, Paging};
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::siblings::ByArguments;

/// What the people of one page share.
#[derive(Debug)]
pub struct Siblings {
    pub(super) viewpoint: Arc<Viewpoint>,
    ids: Vec<UserId>,
    appointments: ByArguments<(AppointmentList, Window), Family<UserId, Appointment>>,
    appointment_counts: ByArguments<AppointmentFilter, HashMap<UserId, u64>>,
}

impl Siblings {
    pub(super) fn new(viewpoint: &Arc<Viewpoint>, ids: Vec<UserId>) -> Self {
        Self {
            viewpoint: Arc::clone(viewpoint),
            ids,
            appointments: ByArguments::default(),
            appointment_counts: ByArguments::default(),
        }
    }
}

impl User {
    pub(super) async fn its_appointments(
        &self,
        filter: Option<AppointmentFilterInput>,
        sort: Option<AppointmentSort>,
        paging: Paging,
    ) -> Result<Connection<Appointment>, Failure> {
        let siblings = &self.siblings;
        let viewpoint = &siblings.viewpoint;
        let filter = filter.unwrap_or_default().decode(viewpoint)?;
        let (sort, name) = AppointmentSort::order(Appointment::LIST, sort);
        let window = paging.window(viewpoint, &name, siblings.ids.len())?;
        let list = AppointmentList { filter, sort };

        let cell = siblings.appointments.of((list.clone(), window.clone()));
        let load = async {
            let pages = viewpoint.access().appointments_of_people(&siblings.ids, &list, &window).await?;
            Ok(Appointment::families(viewpoint, pages))
        };
        let page = cell.get(load).await?.get(&self.row.id).cloned().unwrap_or_else(Page::empty);
        let (counted, filter) = (self.clone(), list.filter.clone());
        let counter = move || {
            let (counted, filter) = (counted.clone(), filter.clone());
            Box::pin(async move { counted.count_appointments(filter).await }) as _
        };
        Ok(Connection::new(viewpoint, name, page, Box::new(counter)))
    }

    async fn count_appointments(&self, filter: AppointmentFilter) -> Result<Count, Failure> {
        let siblings = &self.siblings;
        let cell = siblings.appointment_counts.of(filter.clone());
        let access = siblings.viewpoint.access();
        let load = async { Ok(access.count_appointments_of_people(&siblings.ids, &filter).await?) };
        let value = cell.get(load).await?.get(&self.row.id).copied().unwrap_or_default();
        Ok(Count { value, is_exact: true })
    }
}
