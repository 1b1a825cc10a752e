//! How the viewer stands to calendars, appointments and blocked slots: read together with the row, as for records.

use policy::{Facts, Record as _, Tie, Tied, TiedColumns, Ties};
use sea_orm::sea_query::{Alias, Expr, Query, SelectStatement};
use sea_orm::{DbErr, ExprTrait, FromQueryResult, JoinType, QueryResult};

use super::standing::{Standing, select_standing, standing_joins};
use entity::{Timestamp, UserId};

/// What a decision on an appointment needs, as it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AppointmentStanding {
    /// How the viewer is tied to it and to its calendar.
    pub ties: Ties,
    /// How the viewer and its owner stand to its contact.
    pub contact: Standing,
}

impl AppointmentStanding {
    /// The facts for the policy at `now`.
    #[must_use]
    pub fn facts(&self, now: Timestamp) -> Facts {
        Facts::appointment(self.ties, self.contact.facts(now))
    }
}

impl FromQueryResult for AppointmentStanding {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        Ok(Self { ties: read_ties(row)?, contact: Standing::from_query_result(row, prefix)? })
    }
}

/// Adds to a query over appointments what [`AppointmentStanding`] is read from. Joins the contact under its own name.
pub(in crate::domain) fn select_appointment_standing(select: &mut SelectStatement, viewer: Option<UserId>) {
    let columns = policy::Appointment::COLUMNS;
    select.join(
        JoinType::InnerJoin,
        "contact",
        Expr::col(("contact", "id")).equals((columns.table(), Alias::new("contact_id"))),
    );
    standing_joins(select, policy::Contact::COLUMNS, viewer, false);
    select_standing(select);
    select_ties(select, columns, viewer);
}

/// Adds to a query over a calendar resource what [`read_ties`] reads.
pub(in crate::domain) fn select_ties(
    select: &mut SelectStatement,
    columns: TiedColumns,
    viewer: Option<UserId>,
) {
    for (tie, name) in
        [(Tie::Assignee, "tie_assignee"), (Tie::Attendee, "tie_attendee"), (Tie::Member, "tie_member")]
    {
        let holds = viewer.and_then(|viewer| tied(columns, viewer, tie));
        // A number: what SQLite makes of a truth value has no type of its own.
        let holds = holds.map_or(Expr::val(0), |holds| Expr::case(holds, 1).finally(0).into());
        select.expr_as(holds, Alias::new(name));
    }
}

/// The ties that [`select_ties`] has selected.
pub(in crate::domain) fn read_ties(row: &QueryResult) -> Result<Ties, DbErr> {
    let holds = |name| Ok::<_, DbErr>(row.try_get::<i32>("", name)? != 0);
    Ok(Ties {
        assignee: holds("tie_assignee")?,
        attendee: holds("tie_attendee")?,
        member: holds("tie_member")?,
        author: false,
    })
}

fn tied(columns: TiedColumns, viewer: UserId, tie: Tie) -> Option<Expr> {
    let row = |table: &'static str, column: &'static str, is: &'static str| {
        Expr::exists(
            Query::select()
                .expr(Expr::value(1))
                .from_as(table, "tie")
                .and_where(Expr::col(("tie", column)).equals((columns.table(), Alias::new(is))))
                .and_where(Expr::col(("tie", "user_id")).eq(viewer))
                .take(),
        )
    };
    let named = |column: Option<&'static str>| {
        column.map(|column| Expr::col((columns.table(), Alias::new(column))).eq(viewer))
    };
    match tie {
        Tie::Member => columns.calendar.map(|calendar| row("calendar_member", "calendar_id", calendar)),
        Tie::Attendee => columns.attendees.map(|table| row(table, "appointment_id", "id")),
        Tie::Assignee => named(columns.assignee),
        Tie::Author => named(columns.author),
    }
}
