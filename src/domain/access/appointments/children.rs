//! Appointments of the contacts, calendars or people of a page, in as many statements whatever the size of the page.

use std::collections::HashMap;

use entity::{CalendarId, ContactId, TypedId, UserId};
use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DbBackend, ExprTrait, JoinType, QueryResult};
use uuid::Uuid;

use super::{AppointmentList, SeenAppointment, column};
use crate::domain::access::filter::AppointmentFilter;
use crate::domain::access::list::{begin_at, window_onto};
use crate::domain::access::{Access, Family};
use crate::domain::error::Result;
use crate::domain::page::{Page, Position, Window};

/// As whose an appointment belongs to a thing of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Belonging {
    Contact,
    Calendar,
    Assignee,
    /// Of those that they do not hold too.
    Attendee,
}

impl Belonging {
    /// The table of the things.
    const fn parents(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Calendar => "calendar",
            Self::Assignee | Self::Attendee => "user",
        }
    }

    /// The column that names them.
    const fn column(self) -> (&'static str, &'static str) {
        match self {
            Self::Contact => ("appointment", "contact_id"),
            Self::Calendar => ("appointment", "calendar_id"),
            Self::Assignee => ("appointment", "assignee_id"),
            Self::Attendee => ("attending", "user_id"),
        }
    }

    /// Joins what names them to a query over appointments.
    fn join(self, select: &mut SelectStatement) {
        if self == Self::Attendee {
            let on = attending("appointment_id").equals(("appointment", "id"));
            select.join_as(JoinType::InnerJoin, "appointment_attendee", "attending", on);
            select.and_where(attending("user_id").not_equals(("appointment", "assignee_id")));
        }
    }
}

fn attending(name: &'static str) -> Expr {
    Expr::col(("attending", name))
}

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
        Ok(pages(contacts, self.belonging(Belonging::Contact, contacts, list, window).await?, window))
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
        Ok(pages(calendars, self.belonging(Belonging::Calendar, calendars, list, window).await?, window))
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
        let mut found = self.belonging(Belonging::Assignee, people, list, window).await?;
        let attended = self.belonging(Belonging::Attendee, people, list, window).await?;
        for (person, attended) in attended {
            let both = found.entry(person).or_default();
            both.extend(attended);
            in_order(both, list, window);
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
        self.count_belonging(Belonging::Contact, contacts, filter).await
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
        self.count_belonging(Belonging::Calendar, calendars, filter).await
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
        let mut counts = self.count_belonging(Belonging::Assignee, people, filter).await?;
        for (person, attended) in self.count_belonging(Belonging::Attendee, people, filter).await? {
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
        let parents: Vec<Uuid> = parents.iter().map(|parent| parent.uuid()).collect();
        // What somebody may see who sees few is few in all, but may be rare in a calendar that is full of others. Of a
        // contact that they see they see all.
        let select = if self.finds_appointments_by_ways() && belonging != Belonging::Contact {
            self.ranked(belonging, &parents, list, window).await?
        } else if self.base().database.backend() == DbBackend::Postgres {
            self.laterally(belonging, &parents, list, window)
        } else {
            self.picked(belonging, &parents, list, window)
        };
        let rows = self.reader().query_all(&select).await?;
        let mut found = Found::new();
        for row in &rows {
            found.entry(whose(row)?).or_default().push(list.sort.key.placed(row)?);
        }
        for of_one in found.values_mut() {
            in_order(of_one, list, window);
        }
        Ok(found)
    }

    /// The first ones of each thing among what leads to those that the viewer may see.
    async fn ranked(
        &self,
        belonging: Belonging,
        parents: &[Uuid],
        list: &AppointmentList,
        window: &Window,
    ) -> Result<SelectStatement> {
        let mut every = Query::select();
        self.listed_appointments_from(&mut every, &list.filter).await?;
        belonging.join(&mut every);
        every.cond_where(list.filter.condition(self));
        let (table, name) = belonging.column();
        let parent = Expr::col((table, name));
        let key = list.sort.key.name();
        let order = if list.sort.descending == window.backward { "ASC" } else { "DESC" };
        let place = format!(
            r#"ROW_NUMBER() OVER (PARTITION BY "{table}"."{name}" ORDER BY "appointment"."{key}" {order}, "appointment"."id" {order})"#
        );
        every
            .expr_as(column("id"), "id")
            .expr_as(parent.clone(), WHOSE)
            .expr_as(Expr::cust(place), "place")
            .and_where(parent.is_in(parents.iter().copied()));
        begin_at(&mut every, list.sort.key.column(), column("id"), list.sort.descending, window);

        let mut select = Query::select();
        let ranked = |name: &'static str| Expr::col(("ranked", name));
        // SQLite never turns a cross join around.
        select
            .expr_as(ranked(WHOSE), WHOSE)
            .from_subquery(every, "ranked")
            .cross_join("appointment")
            .and_where(column("id").equals(("ranked", "id")))
            .and_where(ranked("place").lte(limit(window)));
        self.with_standing(&mut select);
        Ok(select)
    }

    /// The first ones of each thing, by the index of the things.
    fn laterally(
        &self,
        belonging: Belonging,
        parents: &[Uuid],
        list: &AppointmentList,
        window: &Window,
    ) -> SelectStatement {
        let mut children = Query::select();
        children.from("appointment");
        match belonging {
            Belonging::Attendee => {
                let attended = Query::select()
                    .expr(attending("appointment_id"))
                    .from_as("appointment_attendee", "attending")
                    .and_where(attending("user_id").equals(("parent", "id")))
                    .take();
                // As an array it is settled before the rest, whatever the planner thinks of it.
                let attended = Expr::SubQuery(None, Box::new(attended.into()));
                let among = Expr::cust_with_exprs("$1 = ANY(ARRAY $2)", [column("id"), attended]);
                children.and_where(among).and_where(column("assignee_id").not_equals(("parent", "id")));
            }
            _ => {
                children.and_where(Expr::col(belonging.column()).equals(("parent", "id")));
            }
        }
        self.first(&mut children, list, window);
        self.with_standing(&mut children);
        let mut select = self.parents(belonging, parents);
        select.expr(Expr::cust("child.*")).join_lateral(
            JoinType::InnerJoin,
            children,
            "child",
            Expr::value(true),
        );
        select
    }

    /// The same where there is no LATERAL: every row twice, once to pick the ids of each thing, once to read them.
    fn picked(
        &self,
        belonging: Belonging,
        parents: &[Uuid],
        list: &AppointmentList,
        window: &Window,
    ) -> SelectStatement {
        let mut picked = Query::select();
        picked.expr(column("id")).and_where(Expr::col(belonging.column()).equals(("parent", "id")));
        match belonging {
            // A cross join is never turned around: what a person attends is read, and not what everybody has.
            Belonging::Attendee => picked
                .from_as("appointment_attendee", "attending")
                .cross_join("appointment")
                .and_where(attending("appointment_id").equals(("appointment", "id")))
                .and_where(attending("user_id").not_equals(("appointment", "assignee_id"))),
            _ => picked.from("appointment"),
        };
        self.first(&mut picked, list, window);
        let mut select = self.parents(belonging, parents);
        select.cross_join("appointment").and_where(column("id").in_subquery(picked));
        self.with_standing(&mut select);
        select
    }

    /// The things, each as `parent`.
    fn parents(&self, belonging: Belonging, parents: &[Uuid]) -> SelectStatement {
        let parent = |name: &'static str| Expr::col(("parent", name));
        Query::select()
            .expr_as(parent("id"), WHOSE)
            .from_as(belonging.parents(), "parent")
            .and_where(parent("id").is_in(parents.iter().copied()))
            .and_where(parent("account_id").eq(self.actor().account))
            .take()
    }

    /// Keeps a query over the appointments of one thing to the first visible ones of the list.
    fn first(&self, select: &mut SelectStatement, list: &AppointmentList, window: &Window) {
        self.visible_appointments(select);
        select.cond_where(list.filter.condition(self));
        window_onto(select, list.sort.key.column(), column("id"), list.sort.descending, window);
    }

    async fn count_belonging<P: TypedId>(
        &self,
        belonging: Belonging,
        parents: &[P],
        filter: &AppointmentFilter,
    ) -> Result<HashMap<P, u64>> {
        let parent = || Expr::col(belonging.column());
        let mut select = Query::select();
        if self.finds_appointments_by_ways() && belonging != Belonging::Contact {
            self.listed_appointments_from(&mut select, filter).await?;
        } else {
            self.appointments_from(&mut select);
        }
        belonging.join(&mut select);
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
}

/// Puts the first ones of one thing into the order of the list, as a page is made of them.
fn in_order(found: &mut Vec<(Position, SeenAppointment)>, list: &AppointmentList, window: &Window) {
    let place = |(position, _): &(Position, SeenAppointment)| (position.key.clone(), position.id);
    found.sort_by_key(place);
    if list.sort.descending != window.backward {
        found.reverse();
    }
    found.truncate(window.size.saturating_add(1));
}

/// How many rows of each thing tell a page and whether there are others.
fn limit(window: &Window) -> u64 {
    u64::try_from(window.size).unwrap_or(u64::MAX).saturating_add(1)
}

fn whose(row: &QueryResult) -> Result<Uuid> {
    Ok(row.try_get("", WHOSE)?)
}

fn pages<P: TypedId>(parents: &[P], mut found: Found, window: &Window) -> Family<P, SeenAppointment> {
    let mut page = |parent: &P| Page::of(found.remove(&parent.uuid()).unwrap_or_default(), window);
    parents.iter().map(|parent| (*parent, page(parent))).collect()
}
