//! One appointment, and lists of them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use super::deleted::{DeletedAppointment, deleted};
use super::{Appointment, AppointmentFilterInput, AppointmentSort};
use crate::domain::access::AppointmentList;
use crate::graphql::answer::Answer;
use crate::graphql::connection::{Connection, Paging};
use crate::graphql::context::{Viewing, Viewpoint};
use crate::graphql::error::Failure;
use crate::graphql::id::named;

/// The queries about appointments.
#[derive(Debug, Default)]
pub struct AppointmentQuery;

/// The queries about appointments.
#[Object]
impl AppointmentQuery {
    /// The appointment with this id. Null when there is none, when the viewer may not see it, and when the text is no id
    /// of an appointment: the three answer alike.
    async fn appointment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global id of an appointment, `appointment_…`.")] id: ID,
    ) -> Answer<Appointment> {
        Answer::of(Appointment::one(ctx.viewpoint(), named(&id))).await
    }

    /// The appointments that the viewer may see, the one that begins first first unless sorted otherwise. Empty for whoever
    /// lacks `VIEW_CALENDARS`. A day or a week is asked for by `filter: { range }`. Filters and counts see nothing more than
    /// the viewer does.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn appointments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only appointments that pass all of it.")] filter: Option<AppointmentFilterInput>,
        #[graphql(desc = "The order; by beginning, the earliest first, when left out.")] sort: Option<
            AppointmentSort,
        >,
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
    ) -> Answer<Connection<Appointment>> {
        Answer::of(appointments(ctx.viewpoint(), filter, sort, Paging { first, after, last, before })).await
    }

    /// The deleted appointments that the viewer could restore, the latest deletion first, those too that went with their
    /// contact and come back with it only. Empty for whoever lacks `VIEW_CALENDARS` or `MANAGE_APPOINTMENTS`; a restricted
    /// user finds those that they could see and manage.
    async fn deleted_appointments(
        &self,
        ctx: &Context<'_>,
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
    ) -> Answer<Connection<DeletedAppointment>> {
        Answer::of(deleted(ctx.viewpoint(), Paging { first, after, last, before })).await
    }
}

async fn appointments(
    viewpoint: &Arc<Viewpoint>,
    filter: Option<AppointmentFilterInput>,
    sort: Option<AppointmentSort>,
    paging: Paging,
) -> Result<Connection<Appointment>, Failure> {
    let filter = filter.unwrap_or_default().decode(viewpoint)?;
    let (sort, name) = AppointmentSort::order(Appointment::LIST, sort);
    let window = paging.window(viewpoint, &name, 1)?;
    let list = AppointmentList { filter, sort };
    let page = viewpoint.access().appointments(&list, &window).await?;
    let page = Appointment::page(viewpoint, page);
    let (counted, filter) = (Arc::clone(viewpoint), list.filter);
    let counter = move || {
        let (viewpoint, filter) = (Arc::clone(&counted), filter.clone());
        Box::pin(async move { Ok(viewpoint.access().count_appointments(&filter).await?) }) as _
    };
    Ok(Connection::new(viewpoint, name, page, Box::new(counter)))
}
