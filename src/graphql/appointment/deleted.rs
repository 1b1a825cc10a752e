//! Deleted appointments, as whoever may restore them sees them.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use async_graphql::{ID, Object};
use entity::UserId;

use super::AppointmentStatus;
use crate::domain::access;
use crate::domain::deletion::end;
use crate::domain::page::Page;
use crate::graphql::answer::Answer;
use crate::graphql::connection::{Connection, Listed, Paging};
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::scalars::DateTime;
use crate::graphql::siblings::{Once, distinct};
use crate::graphql::user::User;

/// A deleted appointment, with the siblings of its page.
#[derive(Clone)]
pub struct DeletedAppointment {
    its: Arc<access::DeletedAppointment>,
    siblings: Arc<Siblings>,
}

/// What the deleted appointments of a page share.
struct Siblings {
    viewpoint: Arc<Viewpoint>,
    all: Vec<Arc<access::DeletedAppointment>>,
    people: Once<HashMap<UserId, User>>,
}

impl fmt::Debug for DeletedAppointment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "DeletedAppointment({})", self.its.row.id)
    }
}

impl Listed for DeletedAppointment {
    const NAME: &'static str = "DeletedAppointment";
}

impl DeletedAppointment {
    fn page(viewpoint: &Arc<Viewpoint>, page: Page<access::DeletedAppointment>) -> Page<Self> {
        let page = page.map(Arc::new);
        let siblings = Arc::new(Siblings {
            viewpoint: Arc::clone(viewpoint),
            all: page.items.iter().map(|(_, its)| Arc::clone(its)).collect(),
            people: Once::default(),
        });
        page.map(|its| Self { its, siblings: Arc::clone(&siblings) })
    }

    async fn person(&self, user: Option<UserId>) -> Result<Option<User>, Failure> {
        let load = async {
            let all = self.siblings.all.iter();
            let people = all.flat_map(|its| [its.row.assignee_id].into_iter().chain(its.by));
            User::all(&self.siblings.viewpoint, &distinct(people)).await
        };
        let people = self.siblings.people.get(load).await?;
        Ok(user.and_then(|user| people.get(&user).cloned()))
    }
}

/// A deleted appointment, as whoever may restore it sees it. It answers as not there everywhere else.
#[Object]
impl DeletedAppointment {
    /// The id that the appointment had and will have again, `appointment_…`: give it to `appointmentRestore`.
    async fn appointment_id(&self) -> ID {
        self.its.row.id.into()
    }

    /// What it was about. Null when nobody said.
    async fn title(&self) -> Option<&str> {
        self.its.row.title.as_deref()
    }

    /// What its contact is called, which is all that is shown of it.
    async fn contact_name(&self) -> &str {
        &self.its.contact_name
    }

    /// What the calendar is called that it was in.
    async fn calendar_name(&self) -> &str {
        &self.its.calendar_name
    }

    /// Whose time it took. It comes back as `CANCELLED` when they have something else by then.
    async fn assignee(&self) -> Answer<User> {
        Answer::of(self.person(Some(self.its.row.assignee_id))).await
    }

    /// What had become of it when it was deleted.
    async fn status(&self) -> AppointmentStatus {
        self.its.row.status.into()
    }

    /// When it began, or would have.
    async fn starts_at(&self) -> DateTime {
        self.its.row.starts_at.into()
    }

    /// When it ended, or would have.
    async fn ends_at(&self) -> DateTime {
        self.its.row.ends_at.into()
    }

    /// Whether it went with its contact. Then it comes back with the contact only, and `appointmentRestore` refuses it.
    async fn deleted_with_contact(&self) -> bool {
        self.its.with_contact
    }

    /// Who deleted it, or its contact. Null for the command line.
    async fn deleted_by(&self) -> Answer<User> {
        Answer::of(self.person(self.its.by)).await
    }

    /// When it was deleted.
    async fn deleted_at(&self) -> DateTime {
        self.its.at.into()
    }

    /// Until when it can be restored: then it is purged for good, and the values of its history with it.
    async fn purged_at(&self) -> DateTime {
        end(self.its.at).into()
    }
}

/// A page of the deleted appointments that the viewer may restore.
pub(super) async fn deleted(
    viewpoint: &Arc<Viewpoint>,
    paging: Paging,
) -> Result<Connection<DeletedAppointment>, Failure> {
    let window = paging.window(viewpoint, DeletedAppointment::NAME, 1)?;
    let page = viewpoint.access().deleted_appointments(&window).await?;
    let counted = Arc::clone(viewpoint);
    let counter = move || {
        let viewpoint = Arc::clone(&counted);
        Box::pin(async move { Ok(viewpoint.access().count_deleted_appointments().await?) }) as _
    };
    let page = DeletedAppointment::page(viewpoint, page);
    Ok(Connection::new(viewpoint, DeletedAppointment::NAME, page, Box::new(counter)))
}
