//! Appointments, as far as the viewer may see them.

mod children;
mod deleted;
mod list;
mod related;

use std::collections::HashMap;

use entity::{AppointmentId, appointment};
use policy::{Action, Decision, Tied as _, TiedScope, Way};
use sea_orm::sea_query::{Alias, Expr, Query, SelectStatement};
use sea_orm::{ConnectionTrait, ExprTrait, FromQueryResult, IdenStatic, Iterable, JoinType, QueryResult};

use super::Access;
use super::filter::AppointmentFilter;
use super::search::{Drive, united};
use super::tied::{AppointmentStanding, select_appointment_standing};
use crate::domain::error::Result;

pub use deleted::DeletedAppointment;
pub use list::{AppointmentList, AppointmentSort, AppointmentSortKey};

/// An appointment that the viewer may see, with what decisions about it need.
#[derive(Clone, Debug)]
pub struct SeenAppointment {
    /// The row.
    pub row: appointment::Model,
    /// How the viewer stands to it and to its contact.
    pub standing: AppointmentStanding,
}

impl SeenAppointment {
    fn from_row(row: &QueryResult) -> Result<Self> {
        Ok(Self {
            row: appointment::Model::from_query_result(row, "")?,
            standing: AppointmentStanding::from_query_result(row, "")?,
        })
    }
}

impl Access {
    /// The visible ones among these appointments.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn find_appointments(
        &self,
        ids: &[AppointmentId],
    ) -> Result<HashMap<AppointmentId, SeenAppointment>> {
        let mut select = self.select_appointments();
        select.and_where(column("id").is_in(ids.iter().copied()));
        let rows = self.reader().query_all(&select).await?;
        rows.iter().map(|row| SeenAppointment::from_row(row).map(|seen| (seen.row.id, seen))).collect()
    }

    /// Decides one act on an appointment that was seen.
    #[must_use]
    pub fn decide_appointment(&self, seen: &SeenAppointment, action: Action) -> Decision {
        policy::decide::<policy::Appointment>(self.actor(), action, &seen.standing.facts(self.now()))
    }

    /// Whether the lists of this viewer are driven by what leads to the appointments that they may see.
    pub(super) fn finds_appointments_by_ways(&self) -> bool {
        matches!(self.scope_of_appointments(), TiedScope::Found(..))
    }

    /// Every visible appointment with its standing, to be picked from by an index of its own.
    fn select_appointments(&self) -> SelectStatement {
        let mut select = Query::select();
        self.appointments_from(&mut select);
        self.with_standing(&mut select);
        select
    }

    /// Adds the columns that [`SeenAppointment`] is read from.
    fn with_standing(&self, select: &mut SelectStatement) {
        for column in appointment::Column::iter() {
            select.column((policy::Appointment::COLUMNS.table(), Alias::new(column.as_str())));
        }
        select_appointment_standing(select, self.actor().user);
    }

    /// Puts the visible appointments into FROM and WHERE.
    fn appointments_from(&self, select: &mut SelectStatement) {
        select.from(policy::Appointment::COLUMNS.table());
        self.visible_appointments(select);
    }

    /// Keeps a query over appointments to the visible ones.
    fn visible_appointments(&self, select: &mut SelectStatement) {
        match self.scope_of_appointments() {
            TiedScope::Everything => {}
            TiedScope::Nothing => {
                select.and_where(Expr::value(1).eq(0));
            }
            TiedScope::Found(_, condition) | TiedScope::Filtered(condition) => {
                select.cond_where(condition);
            }
        }
        self.on_the_floor(select);
    }

    /// The same for a list of all of them: by what leads to those that a restricted viewer may see, which are few however
    /// many there are, or by the words of a search, or by the order of the list.
    async fn listed_appointments_from(
        &self,
        select: &mut SelectStatement,
        filter: &AppointmentFilter,
    ) -> Result<()> {
        let drive = match self.scope_of_appointments() {
            TiedScope::Found(ways, _) => {
                let ways = ways.into_iter().filter_map(|way| self.found_by(way, filter)).collect();
                Some(Drive::of(united(ways, None), self.base().database.backend()))
            }
            _ => self.drive_appointments(filter).await?,
        };
        let Some(drive) = drive else {
            self.appointments_from(select);
            return Ok(());
        };
        Drive::from(Some(drive), &policy::Appointment::COLUMNS.table(), select);
        let visible = policy::tied_filter::<policy::Appointment>(self.actor(), Action::View, self.now());
        select.cond_where(visible);
        self.on_the_floor(select);
        Ok(())
    }

    /// The account is the floor, and what is deleted is not there (R4); no rule repeats either.
    fn on_the_floor(&self, select: &mut SelectStatement) {
        select
            .and_where(column("account_id").eq(self.actor().account))
            .and_where(column("deleted_at").is_null());
    }

    fn scope_of_appointments(&self) -> TiedScope {
        policy::tied_scope::<policy::Appointment>(self.actor(), Action::View, self.now())
    }

    /// What lies on one way from the viewer, by `id`: not everything there need be visible, nor pass the filter, which
    /// only bounds the time.
    fn found_by(&self, way: Way, filter: &AppointmentFilter) -> Option<SelectStatement> {
        let viewer = self.actor().user?;
        let columns = policy::Appointment::COLUMNS;
        let bounds = filter.bounds(&column("starts_at"));
        let of_viewer = |select: &mut SelectStatement, table: &'static str, on: Expr| {
            select
                .from_as(table, "way")
                .join(JoinType::InnerJoin, columns.table(), on)
                .and_where(Expr::col(("way", "user_id")).eq(viewer));
        };
        let mut select = Query::select();
        select.expr_as(column("id"), "id");
        match way {
            Way::Tie(policy::Tie::Assignee) => {
                select
                    .from(columns.table())
                    .and_where(Expr::col((columns.table(), Alias::new(columns.assignee?))).eq(viewer));
            }
            Way::Tie(policy::Tie::Attendee) => {
                let on = column("id").equals(("way", "appointment_id"));
                of_viewer(&mut select, columns.attendees?, on);
            }
            Way::Tie(policy::Tie::Member) => {
                let on = column("calendar_id").equals(("way", "calendar_id"));
                of_viewer(&mut select, "calendar_member", on);
            }
            // Whoever wrote an appointment down is not tied to it.
            Way::Tie(policy::Tie::Author) => return None,
            Way::Contact(relations) => {
                let on = column("contact_id").equals(("way", "record_id"));
                of_viewer(&mut select, "contact_member", on);
                let way = sea_orm::sea_query::IntoIden::into_iden("way");
                select.and_where(Expr::col(("way", "deleted_at")).is_null()).cond_where(policy::is_related(
                    &way,
                    relations,
                    self.now(),
                ));
            }
        }
        select.and_where(column("deleted_at").is_null());
        for bound in bounds {
            select.and_where(bound);
        }
        Some(select)
    }
}

fn column(name: &'static str) -> Expr {
    Expr::col(("appointment", name))
}
