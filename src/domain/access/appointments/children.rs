//! Appointments of the contacts, calendars or people of a page, in as many statements whatever the size of the page.

use std::collections::HashMap;

use entity::{CalendarId, ContactId, TypedId, UserId};
use sea_orm::sea_query::{Expr, IntoIden as _, Query, SelectStatement};
use sea_orm::{ConnectionTrait, ExprTrait, JoinType, QueryResult};
use uuid::Uuid;

use super::{AppointmentList, SeenAppointment, column};
use crate::domain::access::children::Order;
use crate::domain::access::filter::AppointmentFilter;
use crate::domain::access::{Access, Family};
use crate::domain::error::Result;
use crate::domain::page::{Page, Position, Window};

/// How appointments belong to the things of a page.
#[derive(Clone, Copy)]
struct Belonging {
    /// The table of the things.
    parents: &'static str,
    /// The table that names them, and its column.
    child: (&'static str, &'static str),
}

const TO_CONTACTS: Belonging = Belonging { parents: "contact", child: ("appointment", "contact_id") };
const TO_CALENDARS: Belonging = Belonging { parents: "calendar", child: ("appointment", "calendar_id") };
const TO_ASSIGNEES: Belonging = Belonging { parents: "user", child: ("appointment", "assignee_id") };
const TO_ATTENDEES: Belonging = Belonging { parents: "user", child: ("attending", "user_id") };

/// The name under which a statement answers whose an appointment is.
const WHOSE: &str = "whose";

type Found = HashMap<Uuid, Vec<(Position, SeenAppointment)>>;

impl Access {
    /// A page of the visible appointments with each of these contacts, which must be visible themselves.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn appointments_of_contacts(
        &self,
        contacts: &[ContactId],
        list: &AppointmentList,
        window: &Window,
    ) -> Result<Family<ContactId, SeenAppointment>> {
        Ok(pages(contacts, self.belonging(TO_CONTACTS, contacts, list, window).await?, window))
    }

    /// A page of the visible appointments in each of these calendars, which must be visible themselves.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn appointments_of_calendars(
        &self,
        calendars: &[CalendarId],
        list: &AppointmentList,
        window: &Window,
    ) -> Result<Family<CalendarId, SeenAppointment>> {
        Ok(pages(calendars, self.belonging(TO_CALENDARS, calendars, list, window).await?, window))
    }

    /// A page of the visible appointments that each of these people holds or attends. Two statements: each of the two is
    /// read from an index of its own, in the order of the list.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn appointments_of_people(
        &self,
        people: &[UserId],
        list: &AppointmentList,
        window: &Window,
    ) -> Result<Family<UserId, SeenAppointment>> {
        let mut found = self.belonging(TO_ASSIGNEES, people, list, window).await?;
        let attended = self.belonging(TO_ATTENDEES, people, list, window).await?;
        for (person, attended) in attended {
            let both = found.entry(person).or_default();
            both.extend(attended);
            let place = |(position, _): &(Position, SeenAppointment)| (position.key.clone(), position.id);
            both.sort_by(|one, other| place(one).cmp(&place(other)));
            if list.sort.descending != window.backward {
                both.reverse();
            }
            both.truncate(window.size.saturating_add(1));
        }
        Ok(pages(people, found, window))
    }

    /// How many visible appointments each of these contacts has.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn count_appointments_of_contacts(
        &self,
        contacts: &[ContactId],
        filter: &AppointmentFilter,
    ) -> Result<HashMap<ContactId, u64>> {
        self.count_belonging(TO_CONTACTS, contacts, filter).await
    }

    /// How many visible appointments each of these calendars has.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn count_appointments_of_calendars(
        &self,
        calendars: &[CalendarId],
        filter: &AppointmentFilter,
    ) -> Result<HashMap<CalendarId, u64>> {
        self.count_belonging(TO_CALENDARS, calendars, filter).await
    }

    /// How many visible appointments each of these people holds or attends. Two statements.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn count_appointments_of_people(
        &self,
        people: &[UserId],
        filter: &AppointmentFilter,
    ) -> Result<HashMap<UserId, u64>> {
        let mut counts = self.count_belonging(TO_ASSIGNEES, people, filter).await?;
        for (person, attended) in self.count_belonging(TO_ATTENDEES, people, filter).await? {
            *counts.entry(person).or_default() += attended;
        }
        Ok(counts)
    }

    async fn belonging<P: TypedId>(
        &self,
        belonging: Belonging,
        parents: &[P],
        list: &AppointmentList,
        window: &Window,
    ) -> Result<Found> {
        let (table, parent_column) = belonging.child;
        let mut children = self.children_from(belonging);
        self.with_standing(&mut children);
        children.cond_where(list.filter.condition(self)).expr_as(Expr::col((table, parent_column)), WHOSE);
        let order = Order { key: list.sort.key.column(), id: column("id"), descending: list.sort.descending };
        let parents: Vec<Uuid> = parents.iter().map(|parent| parent.uuid()).collect();
        let child = (table.into_iden(), parent_column);
        let rows = self.per_parent(belonging.parents, &parents, children, child, order, window).await?;
        let mut found = Found::new();
        for row in &rows {
            found.entry(whose(row)?).or_default().push(list.sort.key.placed(row)?);
        }
        Ok(found)
    }

    async fn count_belonging<P: TypedId>(
        &self,
        belonging: Belonging,
        parents: &[P],
        filter: &AppointmentFilter,
    ) -> Result<HashMap<P, u64>> {
        let parent = || Expr::col(belonging.child);
        let mut select = self.children_from(belonging);
        select
            .expr_as(parent(), WHOSE)
            .expr_as(Expr::cust("COUNT(*)"), "counted")
            .and_where(parent().is_in(parents.iter().map(|parent| parent.uuid())))
            .cond_where(filter.condition(self))
            .add_group_by([parent()]);
        let rows = self.reader().query_all(&select).await?;
        let mut counts: HashMap<P, u64> = parents.iter().map(|parent| (*parent, 0)).collect();
        for row in &rows {
            let counted: i64 = row.try_get("", "counted")?;
            counts.insert(P::from_uuid(whose(row)?), u64::try_from(counted).unwrap_or_default());
        }
        Ok(counts)
    }

    /// The visible appointments, beside what names the things that they belong to.
    fn children_from(&self, belonging: Belonging) -> SelectStatement {
        let mut select = Query::select();
        self.appointments_from(&mut select);
        if belonging.child == TO_ATTENDEES.child {
            let attending = |name: &'static str| Expr::col(("attending", name));
            select
                .join_as(
                    JoinType::InnerJoin,
                    "appointment_attendee",
                    "attending",
                    attending("appointment_id").equals(("appointment", "id")),
                )
                // Whoever holds it and attends it too has it once.
                .and_where(attending("user_id").not_equals(("appointment", "assignee_id")));
        }
        select
    }
}

fn whose(row: &QueryResult) -> Result<Uuid> {
    Ok(row.try_get("", WHOSE)?)
}

fn pages<P: TypedId>(parents: &[P], mut found: Found, window: &Window) -> Family<P, SeenAppointment> {
    let mut page = |parent: &P| Page::of(found.remove(&parent.uuid()).unwrap_or_default(), window);
    parents.iter().map(|parent| (*parent, page(parent))).collect()
}
