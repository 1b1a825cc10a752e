//! Lists of appointments: filter, sort, page and count.

use entity::TypedId as _;
use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{ConnectionTrait, ExprTrait, QueryResult};

use super::{SeenAppointment, column};
use crate::domain::access::filter::AppointmentFilter;
use crate::domain::access::list::window_onto;
use crate::domain::access::search::{Drive, begins, longest, united};
use crate::domain::access::{Access, Count, TOTAL_COUNT_LIMIT};
use crate::domain::error::Result;
use crate::domain::page::{Key, Page, Position, Window};
use crate::domain::search::Term;

/// A list: which appointments, in which order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AppointmentList {
    /// Which.
    pub filter: AppointmentFilter,
    /// In which order.
    pub sort: AppointmentSort,
}

/// An order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AppointmentSort {
    /// By what.
    pub key: AppointmentSortKey,
    /// Latest first.
    pub descending: bool,
}

/// What appointments can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AppointmentSortKey {
    /// When it begins.
    Starts,
    /// When it was booked.
    Created,
    /// When it last changed.
    Updated,
}

impl AppointmentSortKey {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Starts => "starts_at",
            Self::Created => "created_at",
            Self::Updated => "updated_at",
        }
    }

    pub(super) fn column(self) -> Expr {
        column(self.name())
    }

    /// An appointment of a row, with its place in a list that is sorted so.
    pub(super) fn placed(self, row: &QueryResult) -> Result<(Position, SeenAppointment)> {
        let seen = SeenAppointment::from_row(row)?;
        let key = match self {
            Self::Starts => seen.row.starts_at,
            Self::Created => seen.row.created_at,
            Self::Updated => seen.row.updated_at,
        };
        Ok((Position { key: Key::Number(key.0), id: seen.row.id.uuid() }, seen))
    }
}

impl Access {
    /// A page of the visible appointments of a list.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn appointments(
        &self,
        list: &AppointmentList,
        window: &Window,
    ) -> Result<Page<SeenAppointment>> {
        let mut select = Query::select();
        self.listed_appointments_from(&mut select, &list.filter).await?;
        self.with_standing(&mut select);
        select.cond_where(list.filter.condition(self));
        window_onto(&mut select, list.sort.key.column(), column("id"), list.sort.descending, window);
        let rows = self.reader().query_all(&select).await?;
        let found = rows.iter().map(|row| list.sort.key.placed(row)).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(found, window))
    }

    /// How many visible appointments a list has. Counts no further than [`TOTAL_COUNT_LIMIT`].
    ///
    /// # Errors
    /// A database that fails.
    pub async fn count_appointments(&self, filter: &AppointmentFilter) -> Result<Count> {
        let mut rows = Query::select();
        self.listed_appointments_from(&mut rows, filter).await?;
        rows.expr(Expr::value(1)).cond_where(filter.condition(self));
        self.count_up(rows).await
    }

    /// How many rows a query finds, up to [`TOTAL_COUNT_LIMIT`].
    pub(in crate::domain::access) async fn count_up(&self, mut rows: SelectStatement) -> Result<Count> {
        rows.limit(TOTAL_COUNT_LIMIT + 1);
        let count =
            Query::select().expr_as(Expr::cust("COUNT(*)"), "counted").from_subquery(rows, "found").take();
        let row = self.reader().query_one(&count).await?;
        let found: i64 = row.map_or(Ok(0), |row| row.try_get("", "counted"))?;
        let found = u64::try_from(found).unwrap_or_default();
        Ok(Count { value: Ord::min(found, TOTAL_COUNT_LIMIT), is_exact: found <= TOTAL_COUNT_LIMIT })
    }

    /// What a search of this filter is best driven by, for whoever sees every appointment of the account.
    pub(super) async fn drive_appointments(&self, filter: &AppointmentFilter) -> Result<Option<Drive>> {
        self.drive_by(&filter.searches(), |term, limit| self.appointments_with(term, limit)).await
    }

    /// The account's appointments that have the longest word of any reading of a term, by `id`, some of them twice. With a
    /// limit they are there to be counted, of each table at most so many: then a contact stands for its appointments.
    fn appointments_with(&self, term: &Term, limit: Option<u64>) -> SelectStatement {
        let account = self.actor().account;
        let shown = !matches!(self.scope_of_contacts(), policy::Scope::Everything);
        let mut parts = Vec::new();
        for word in term.readings().iter().map(|reading| longest(reading)) {
            let mut contacts = begins("contact_token", word, shown);
            contacts.and_where(Expr::col(("contact_token", "account_id")).eq(account));
            if limit.is_some() {
                contacts.expr_as(Expr::col(("contact_token", "contact_id")), "id");
            } else {
                self.appointments_from(&mut contacts);
                contacts
                    .and_where(column("contact_id").equals(("contact_token", "contact_id")))
                    .expr_as(column("id"), "id");
            }
            let mut own = begins("appointment_token", word, false);
            own.and_where(Expr::col(("appointment_token", "account_id")).eq(account))
                .expr_as(Expr::col(("appointment_token", "appointment_id")), "id");
            parts.extend([contacts, own]);
        }
        united(parts, limit)
    }
}
