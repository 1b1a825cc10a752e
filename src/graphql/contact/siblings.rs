//! What the contacts of one page share, and how it is loaded.

use std::collections::HashMap;

use entity::ContactId;

use super::Contact;
use crate::domain::access::{AppointmentFilter, AppointmentList, Count, Family, List, OpportunityFilter};
use crate::domain::page::{Page, Window};
use crate::graphql::appointment::{Appointment, AppointmentFilterInput, AppointmentSort};
use crate::graphql::connection::{Connection, Paging};
use crate::graphql::error::Failure;
use crate::graphql::in_view::Surfaced;
use crate::graphql::lists::OpportunitySort;
use crate::graphql::opportunity::{Opportunity, OpportunityFilterInput};
use crate::graphql::siblings::{ByArguments, Once};

/// What siblings share beside what all records have.
#[derive(Debug, Default)]
pub struct ContactSiblings {
    emails: Once<HashMap<ContactId, Vec<String>>>,
    phones: Once<HashMap<ContactId, Vec<String>>>,
    tags: Once<HashMap<ContactId, Vec<String>>>,
    opportunities: ByArguments<(List<OpportunityFilter>, Window), Family<ContactId, Opportunity>>,
    opportunity_counts: ByArguments<OpportunityFilter, HashMap<ContactId, u64>>,
    appointments: ByArguments<(AppointmentList, Window), Family<ContactId, Appointment>>,
    appointment_counts: ByArguments<AppointmentFilter, HashMap<ContactId, u64>>,
}

impl Surfaced for policy::Contact {
    type Own = ContactSiblings;
}

impl Contact {
    pub(super) async fn all_emails(&self) -> Result<Vec<String>, Failure> {
        let load = async { Ok(self.0.viewpoint().access().contact_parts().emails(&self.0.ids()).await?) };
        Ok(self.0.own().emails.get(load).await?.get(&self.0.id()).cloned().unwrap_or_default())
    }

    pub(super) async fn all_phones(&self) -> Result<Vec<String>, Failure> {
        let load = async { Ok(self.0.viewpoint().access().contact_parts().phones(&self.0.ids()).await?) };
        Ok(self.0.own().phones.get(load).await?.get(&self.0.id()).cloned().unwrap_or_default())
    }

    pub(super) async fn all_tags(&self) -> Result<Vec<String>, Failure> {
        let load = async { Ok(self.0.viewpoint().access().contact_parts().tags(&self.0.ids()).await?) };
        Ok(self.0.own().tags.get(load).await?.get(&self.0.id()).cloned().unwrap_or_default())
    }

    pub(super) async fn its_opportunities(
        &self,
        filter: Option<OpportunityFilterInput>,
        sort: Option<OpportunitySort>,
        paging: Paging,
    ) -> Result<Connection<Opportunity>, Failure> {
        let viewpoint = self.0.viewpoint();
        let filter = filter.unwrap_or_default().decode(viewpoint)?;
        let (sort, name) = OpportunitySort::order(viewpoint, Opportunity::LIST, sort)?;
        let window = paging.window(viewpoint, &name, self.0.count())?;
        let list = List { filter, sort };

        let cell = self.0.own().opportunities.of((list.clone(), window.clone()));
        let load = async {
            let pages = viewpoint.access().opportunities_of(&self.0.ids(), &list, &window).await?;
            Ok(Opportunity::families(viewpoint, pages))
        };
        let page = cell.get(load).await?.get(&self.0.id()).cloned().unwrap_or_else(Page::empty);
        let (counted, filter) = (self.clone(), list.filter.clone());
        let counter = move || {
            let (counted, filter) = (counted.clone(), filter.clone());
            Box::pin(async move { counted.count_opportunities(filter).await }) as _
        };
        Ok(Connection::new(viewpoint, name, page, Box::new(counter)))
    }

    async fn count_opportunities(&self, filter: OpportunityFilter) -> Result<Count, Failure> {
        let cell = self.0.own().opportunity_counts.of(filter.clone());
        let access = self.0.viewpoint().access();
        let load = async { Ok(access.count_opportunities_of(&self.0.ids(), &filter).await?) };
        let value = cell.get(load).await?.get(&self.0.id()).copied().unwrap_or_default();
        Ok(Count { value, is_exact: true })
    }

    pub(super) async fn its_appointments(
        &self,
        filter: Option<AppointmentFilterInput>,
        sort: Option<AppointmentSort>,
        paging: Paging,
    ) -> Result<Connection<Appointment>, Failure> {
        let viewpoint = self.0.viewpoint();
        let filter = filter.unwrap_or_default().decode(viewpoint)?;
        let (sort, name) = AppointmentSort::order(Appointment::LIST, sort);
        let window = paging.window(viewpoint, &name, self.0.count())?;
        let list = AppointmentList { filter, sort };

        let cell = self.0.own().appointments.of((list.clone(), window.clone()));
        let load = async {
            let pages = viewpoint.access().appointments_of_contacts(&self.0.ids(), &list, &window).await?;
            Ok(Appointment::families(viewpoint, pages))
        };
        let page = cell.get(load).await?.get(&self.0.id()).cloned().unwrap_or_else(Page::empty);
        let (counted, filter) = (self.clone(), list.filter.clone());
        let counter = move || {
            let (counted, filter) = (counted.clone(), filter.clone());
            Box::pin(async move { counted.count_appointments(filter).await }) as _
        };
        Ok(Connection::new(viewpoint, name, page, Box::new(counter)))
    }

    async fn count_appointments(&self, filter: AppointmentFilter) -> Result<Count, Failure> {
        let cell = self.0.own().appointment_counts.of(filter.clone());
        let access = self.0.viewpoint().access();
        let load = async { Ok(access.count_appointments_of_contacts(&self.0.ids(), &filter).await?) };
        let value = cell.get(load).await?.get(&self.0.id()).copied().unwrap_or_default();
        Ok(Count { value, is_exact: true })
    }
}
