//! When people are busy, whoever asks: that is told of them, and why is not (C7).

use entity::appointment::Status;
use entity::{AccountId, CalendarId, Timestamp, UserId};
use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DbErr, ExprTrait, QueryResult};

use crate::domain::calendar::diary::{Blocked, Diary, Span, Taken};
use crate::domain::error::Result;

/// For how long somebody can be busy with one appointment at most, in microseconds: 24 hours, and a day of buffer on
/// each side.
const LONGEST: i64 = 3 * 24 * 60 * 60 * 1_000_000;

/// The statuses that free the slot (C7).
pub(in crate::domain) const FREE: [Status; 2] = [Status::Cancelled, Status::Invalid];

/// Reads what is in the way of some people in some calendars, in two statements.
pub(in crate::domain) async fn read_diary(
    connection: &impl ConnectionTrait,
    account: AccountId,
    calendars: &[CalendarId],
    people: &[UserId],
    span: Span,
) -> Result<Diary> {
    let taken = connection.query_all(&taken_by(account, people, span)).await?;
    let blocked = connection.query_all(&blocked_for(account, calendars, people, span)).await?;
    Ok(Diary {
        taken: taken.iter().map(read_taken).collect::<std::result::Result<_, _>>()?,
        blocked: blocked.iter().map(read_blocked).collect::<std::result::Result<_, _>>()?,
    })
}

fn taken_by(account: AccountId, people: &[UserId], span: Span) -> SelectStatement {
    let mut select = Query::select();
    for column in ["id", "calendar_id", "assignee_id", "starts_at", "ends_at", "busy_from", "busy_until"] {
        select.column(("appointment", column));
    }
    select
        .from("appointment")
        .and_where(Expr::col(("appointment", "account_id")).eq(account))
        .and_where(Expr::col(("appointment", "assignee_id")).is_in(people.iter().copied()))
        .and_where(Expr::col(("appointment", "deleted_at")).is_null())
        // Written out, as the index has it: one by one they would not be known to be its condition.
        .and_where(Expr::cust(r#""appointment"."status" NOT IN ('CANCELLED', 'INVALID')"#))
        .and_where(Expr::col(("appointment", "busy_from")).lt(span.until))
        .and_where(Expr::col(("appointment", "busy_from")).gt(Timestamp(span.from.0.saturating_sub(LONGEST))))
        .and_where(Expr::col(("appointment", "busy_until")).gt(span.from));
    select
}

fn blocked_for(
    account: AccountId,
    calendars: &[CalendarId],
    people: &[UserId],
    span: Span,
) -> SelectStatement {
    let mut select = Query::select();
    for column in ["user_id", "calendar_id", "starts_at", "ends_at"] {
        select.column(("blocked_slot", column));
    }
    select
        .from("blocked_slot")
        .and_where(Expr::col(("blocked_slot", "account_id")).eq(account))
        .and_where(
            Expr::col(("blocked_slot", "user_id")).is_in(people.iter().copied()).or(Expr::col((
                "blocked_slot",
                "calendar_id",
            ))
            .is_in(calendars.iter().copied())),
        )
        .and_where(Expr::col(("blocked_slot", "starts_at")).lt(span.until))
        .and_where(Expr::col(("blocked_slot", "ends_at")).gt(span.from));
    select
}

fn read_taken(row: &QueryResult) -> std::result::Result<Taken, DbErr> {
    let span =
        |from, until| Ok::<_, DbErr>(Span { from: row.try_get("", from)?, until: row.try_get("", until)? });
    Ok(Taken {
        appointment: row.try_get("", "id")?,
        calendar: row.try_get("", "calendar_id")?,
        assignee: row.try_get("", "assignee_id")?,
        time: span("starts_at", "ends_at")?,
        busy: span("busy_from", "busy_until")?,
    })
}

fn read_blocked(row: &QueryResult) -> std::result::Result<Blocked, DbErr> {
    let time = Span { from: row.try_get("", "starts_at")?, until: row.try_get("", "ends_at")? };
    Ok(Blocked { user: row.try_get("", "user_id")?, calendar: row.try_get("", "calendar_id")?, time })
}

/// Whether an appointment of this status takes its assignee's time.
#[must_use]
pub fn takes_time(status: Status) -> bool {
    !FREE.contains(&status)
}

#[cfg(test)]
mod tests {
    use sea_orm::ActiveEnum as _;

    use super::*;

    // C7
    #[test]
    fn the_statuses_that_free_a_slot_are_those_of_the_index() {
        let free: Vec<String> = FREE.iter().map(|status| status.to_value()).collect();
        assert_eq!(free, ["CANCELLED", "INVALID"]);
    }
}
